"""Which documents go first: urgent ones by policy, then what follows a change, then sweeps and backfills."""

from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.policy_live import Live

URGENT, CHANGE, SWEEP = 0, 1, 2


def priority_of_change(command: Command, live: Live) -> int:
    """The priority of a document that follows a change: URGENT by its customer or amount, or CHANGE."""
    least = live.urgent_minor.get(command.currency)
    if command.customer_id in live.urgent_customers or command.stripe_id in live.urgent_customers:
        return URGENT
    return URGENT if least is not None and abs(command.amount_minor) >= least else CHANGE
