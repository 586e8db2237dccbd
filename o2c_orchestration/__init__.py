"""Order to cash, reconciled: Stripe, NetSuite and Salesforce in one Dagster project."""

__version__ = "0.2.0"
