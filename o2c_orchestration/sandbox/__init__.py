"""Local Stripe, NetSuite and Salesforce over HTTP, and the demo company.

Nothing here imports the rest of the product: a shared mistake would hide itself.
"""
