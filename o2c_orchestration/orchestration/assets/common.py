"""What all assets share: partitions, owner, the source of the assembly, run retries, pools."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from o2c_orchestration.orchestration.resources import ALIVE, AssemblySource
from o2c_orchestration.orchestration.retry import RETRY

# Stripe asset → the types of its objects.
STRIPE_TYPES = {
    "customers": ["customer"],
    "invoices": ["invoice", "price"],
    "payments": ["charge", "invoice_payment"],
    "credit_notes": ["credit_note"],
    "refunds": ["refund"],
    "disputes": ["dispute"],
    "balance_transactions": ["balance_transaction"],
    "payouts": ["payout"],
}


@dataclass(frozen=True)
class Shared:
    """Handed to every asset maker."""

    source: AssemblySource
    partitions: dg.DailyPartitionsDefinition
    owner: str

    def options(self, group: str, *kinds: str, pool: str | None = None) -> dict[str, Any]:
        """Keyword arguments of `dg.asset` for a stage: all days of a backfill in one run."""
        return {
            "group_name": group,
            "kinds": {*kinds},
            "owners": [self.owner],
            "partitions_def": self.partitions,
            "backfill_policy": dg.BackfillPolicy.single_run(),
            "retry_policy": RETRY,
            "pool": pool,
            "required_resource_keys": {ALIVE},
        }


def off(system: str, variable: str, *checks: dg.AssetCheckResult) -> dg.MaterializeResult[Any]:
    """What an asset of a system without credentials says. Its checks still judge what the store holds."""
    text = f"{system} is off: {variable} is not set"
    return result({"status": text, "dagster/row_count": 0}, *checks)


def result(metadata: Mapping[str, Any], *checks: dg.AssetCheckResult) -> dg.MaterializeResult[Any]:
    """A materialization with its metadata and checks."""
    return dg.MaterializeResult(metadata=dict(metadata), check_results=list(checks))
