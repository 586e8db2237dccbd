"""Stripe over HTTP as API version 2026-10-28.endive renders it."""

API_VERSION = "2026-10-28.endive"
