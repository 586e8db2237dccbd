"""The demo company: an invented business in Stripe, NetSuite and Salesforce, its planted mistakes and their truth."""

from .build import Company, build
from .deals import Deals, sell

__all__ = ["Company", "Deals", "build", "sell"]
