"""From Stripe and NetSuite to rows as they were, each with the start time of its read: windows and single objects."""
