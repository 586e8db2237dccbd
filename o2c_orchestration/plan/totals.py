"""What a plan came to, without its documents: they may be millions, and who asks wants counts and what is held up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from o2c_orchestration.domain.documents import OF_CUSTOMERS, LeftOut, Plan, Refusal

# Type and currency, number and minor units.
_Sum = tuple[tuple[str, str], tuple[int, int]]
Value = TypeVar("Value")


@dataclass(frozen=True)
class PlanTotals:
    """A plan of some days, or of one part of them.

    `inside`: how many documents are planned for objects of these days, and their minor units, by type and currency.
    `shared`: external id, type, currency and minor units of those that several parts may plan: customers, what these
    need, and what belongs to days outside the whole. The rest is as in `Plan`, `unread` with the reasons.
    """

    inside: Mapping[tuple[str, str], tuple[int, int]]
    shared: Mapping[str, tuple[str, str, int]]
    refusals: tuple[Refusal, ...]
    skipped: Mapping[str, str]
    left_out: tuple[LeftOut, ...]
    unread: Mapping[str, str]

    @property
    def documents(self) -> dict[str, int]:
        """How many documents are planned, by type."""
        found = Counter(document for document, _, _ in self.shared.values())
        for (document, _), (count, _) in self.inside.items():
            found[document] += count
        return dict(sorted(found.items()))

    @property
    def invoiced(self) -> dict[str, tuple[int, int]]:
        """Invoices by currency: how many, and minor units."""
        shared = [((document, currency), (1, minor)) for document, currency, minor in self.shared.values()]
        sums = _sums([*self.inside.items(), *shared])
        return {currency: sums[document, currency] for document, currency in sorted(sums) if document == "invoice"}


def totals_of(plan: Plan, part: tuple[date, date], whole: tuple[date, date]) -> PlanTotals:
    """The totals of a part of a whole (first and last UTC day of each).

    What a refund of these days brings along for other days of the whole is counted with those.
    """
    inside, shared = list[_Sum](), dict[str, tuple[str, str, int]]()
    for command in plan.commands:
        kind, minor = (command.document, command.currency), command.amount_minor
        if command.document in ("customer", *OF_CUSTOMERS) or not whole[0] <= command.partition <= whole[1]:
            shared[command.external_id] = (*kind, minor)
        elif part[0] <= command.partition <= part[1]:
            inside.append((kind, (1, minor)))
    unread = {key: plan.skipped[key] for key in plan.unread}
    return PlanTotals(_sums(inside), shared, plan.refusals, plan.skipped, plan.left_out, unread)


def joined(parts: Iterable[PlanTotals]) -> PlanTotals:
    """The totals of the whole, each document and each refusal once: as the last part says that has it."""
    found = list(parts)
    refusals = {(item.document, item.external_id): item for part in found for item in part.refusals}
    left_out = {(item.document, item.stripe_id): item for part in found for item in part.left_out}
    return PlanTotals(
        _sums(item for part in found for item in part.inside.items()),
        _together(part.shared for part in found),
        tuple(sorted(refusals.values(), key=lambda item: (item.partition, item.external_id))),
        _together(part.skipped for part in found),
        tuple(left_out.values()),
        _together(part.unread for part in found),
    )


def _sums(items: Iterable[_Sum]) -> dict[tuple[str, str], tuple[int, int]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for kind, (count, minor) in items:
        before = found.get(kind, (0, 0))
        found[kind] = (before[0] + count, before[1] + minor)
    return found


def _together(mappings: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    return {key: value for mapping in mappings for key, value in mapping.items()}
