"""Validates what is pending in the store, batch by batch, so that memory stays flat."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.domain.stored import TABLES
from o2c_orchestration.store import rows
from o2c_orchestration.store.rows import Named, Pending, Rejected
from o2c_orchestration.validate.drift import learn
from o2c_orchestration.validate.fields import discounts, reference
from o2c_orchestration.validate.flatten import FLATTEN
from o2c_orchestration.validate.schemas import failures

log = structlog.get_logger(__name__)

_BATCH = 2000
_NO_ZONES: Mapping[str, ZoneInfo] = MappingProxyType({})


@dataclass
class Validated:
    """Rows accepted, and those that failed with the reason."""

    accepted: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def validate_pending(
    engine: Engine,
    object_type: str,
    zone: ZoneInfo,
    progress: Callable[[int], None] = lambda n: None,
    zones: Mapping[str, ZoneInfo] = _NO_ZONES,
) -> Validated:
    """Validate every stored object of a type that changed since it was last validated.

    `zone` is the time zone of the books, `zones` those of Stripe accounts whose books have another one.
    """
    result = Validated()
    for batch in rows.all_pending(engine, object_type, _BATCH):
        # First, and for good: what drifted is known also where nothing goes on after that.
        learn(engine, object_type, [item.payload for item in batch])
        accepted, rejected = _validate(object_type, batch, lambda item: zones.get(item.account, zone))
        rows.accept(engine, TABLES[object_type], accepted, rejected, batch, _named(object_type, batch))
        result.accepted += len(batch) - len(rejected)
        result.rejected += rejected
        _tell_of(object_type, rejected)
        progress(len(batch))
    return result


def _tell_of(object_type: str, rejected: Sequence[Rejected]) -> None:
    """Which objects went to quarantine, for as many as a log may tell of one batch; why, quarantine says."""
    for each in rejected[: tracing.IDS_MAX]:
        with tracing.lines_about(each.id):
            log.warning("object set aside in quarantine", object=object_type)


def _validate(
    object_type: str, batch: Sequence[Pending], zone: Callable[[Pending], ZoneInfo]
) -> tuple[Iterator[tuple[Any, ...]], list[Rejected]]:
    flat, broken = _flatten(object_type, batch, zone)
    failed = failures(object_type, [row for _, row in flat]) if flat else {}
    rejected = broken + [Rejected(flat[number][0], reason) for number, reason in failed.items()]
    good = (row for number, (_, row) in enumerate(flat) if number not in failed)
    names = rows.columns(TABLES[object_type])
    return (tuple(_stored(row[name]) for name in names) for row in good), rejected


def _named(object_type: str, batch: Sequence[Pending]) -> Named:
    """The prices and discounts that lines of invoices name; a payload that cannot be read names none."""
    found = Named()
    for item in batch if object_type == "invoice" else ():
        with suppress(TypeError, AttributeError):
            for line in (item.payload.get("lines") or {}).get("data", ()):
                price = reference(((line.get("pricing") or {}).get("price_details") or {}).get("price"))
                found.prices.update([price] if price else [])
                # A draft may be gone, or without its discount, when it is asked for it.
                if item.payload.get("status") != "draft":
                    found.discounts.update({name: item.id for name, _ in discounts(line).get("discounts", ())})
    return found


def _flatten(
    object_type: str, batch: Sequence[Pending], zone: Callable[[Pending], ZoneInfo]
) -> tuple[list[tuple[str, dict[str, Any]]], list[Rejected]]:
    """A payload of a shape that cannot even be read is a rejected row like any other."""
    flat: list[tuple[str, dict[str, Any]]] = []
    broken: list[Rejected] = []
    for item in batch:
        try:
            flat.append((item.id, FLATTEN[object_type](item.payload, zone(item))))
        except (TypeError, AttributeError, ValueError, KeyError, OverflowError, OSError) as error:
            broken.append(Rejected(item.id, f"unreadable: {type(error).__name__}: {error}"))
    return flat, broken


def _stored(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value
