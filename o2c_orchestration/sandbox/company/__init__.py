"""The demo company: an invented business in Stripe and NetSuite, its planted mistakes and their truth."""

from .build import Company, build

__all__ = ["Company", "build"]
