"""Validates what is pending in the store, batch by batch, so that memory stays flat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Engine

from o2c_orchestration.store import rows
from o2c_orchestration.store.rows import Pending, Rejected
from o2c_orchestration.validate.flatten import FLATTEN
from o2c_orchestration.validate.schemas import failures

TABLES = {
    "customer": "customers",
    "invoice": "invoices",
    "charge": "payments",
    "invoice_payment": "invoice_payments",
    "credit_note": "credit_notes",
    "refund": "refunds",
    "dispute": "disputes",
    "balance_transaction": "balance_transactions",
    "payout": "payouts",
    "customer_balance_transaction": "customer_balance_transactions",
}
_BATCH = 2000


@dataclass
class Validated:
    """Rows accepted, and those that failed with the reason."""

    accepted: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def validate_pending(
    engine: Engine, object_type: str, zone: ZoneInfo, progress: Callable[[int], None] = lambda n: None
) -> Validated:
    """Validate every stored object of a type that changed since it was last validated."""
    result = Validated()
    while batch := rows.pending(engine, object_type, _BATCH):
        accepted, rejected = _validate(object_type, batch, zone)
        rows.accept(engine, TABLES[object_type], accepted, rejected, batch)
        result.accepted += len(batch) - len(rejected)
        result.rejected += rejected
        progress(len(batch))
    return result


def _validate(
    object_type: str, batch: Sequence[Pending], zone: ZoneInfo
) -> tuple[Iterator[tuple[Any, ...]], list[Rejected]]:
    flat, broken = _flatten(object_type, batch, zone)
    failed = failures(object_type, [row for _, row in flat]) if flat else {}
    rejected = broken + [Rejected(flat[number][0], reason) for number, reason in failed.items()]
    good = (row for number, (_, row) in enumerate(flat) if number not in failed)
    names = rows.columns(TABLES[object_type])
    return (tuple(_stored(row[name]) for name in names) for row in good), rejected


def _flatten(
    object_type: str, batch: Sequence[Pending], zone: ZoneInfo
) -> tuple[list[tuple[str, dict[str, Any]]], list[Rejected]]:
    """A payload of a shape that cannot even be read is a rejected row like any other."""
    flat: list[tuple[str, dict[str, Any]]] = []
    broken: list[Rejected] = []
    for item in batch:
        try:
            flat.append((item.id, FLATTEN[object_type](item.payload, zone)))
        except (TypeError, AttributeError, ValueError, KeyError, OverflowError, OSError) as error:
            broken.append(Rejected(item.id, f"unreadable: {type(error).__name__}: {error}"))
    return flat, broken


def _stored(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value
