"""Webhooks: endpoints, what is owed to them, and the POSTs that go out."""
