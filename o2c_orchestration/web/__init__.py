"""What other systems and people reach over HTTP: the receiver of Stripe's webhooks.

What belongs here: requests in, answers out. Nothing is decided or computed here: an event is kept, and its object
goes to the inbox.
"""
