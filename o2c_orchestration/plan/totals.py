"""What a plan came to, without its documents: they may be millions, and who asks wants counts and what is held up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from o2c_orchestration.domain.documents import OF_CUSTOMERS, LeftOut, Plan, Refusal


@dataclass(frozen=True)
class PlanTotals:
    """A plan of some days, or of one part of them.

    `inside`: how many documents are planned for objects of these days, by type. `shared`: external id and type of
    those that several parts may plan: customers, what these need, and what belongs to days outside the whole.
    `invoiced`: invoices by currency, their number and minor units. The rest is as in `Plan`, `unread` with the reasons.
    """

    inside: Mapping[str, int]
    shared: Mapping[str, str]
    invoiced: Mapping[str, tuple[int, int]]
    refusals: tuple[Refusal, ...]
    skipped: Mapping[str, str]
    left_out: tuple[LeftOut, ...]
    unread: Mapping[str, str]

    @property
    def documents(self) -> dict[str, int]:
        """How many documents are planned, by type."""
        return dict(sorted((Counter(self.inside) + Counter(self.shared.values())).items()))


def totals_of(plan: Plan, part: tuple[date, date], whole: tuple[date, date]) -> PlanTotals:
    """The totals of a part of a whole (first and last UTC day of each).

    What a refund of these days brings along for other days of the whole is counted with those.
    """
    inside, shared = Counter[str](), dict[str, str]()
    count, minor = Counter[str](), Counter[str]()
    for command in plan.commands:
        if command.document in ("customer", *OF_CUSTOMERS) or not whole[0] <= command.partition <= whole[1]:
            shared[command.external_id] = command.document
        elif part[0] <= command.partition <= part[1]:
            inside[command.document] += 1
        if command.document == "invoice":
            count[command.currency] += 1
            minor[command.currency] += command.amount_minor
    invoiced = {currency: (count[currency], minor[currency]) for currency in sorted(count)}
    unread = {key: plan.skipped[key] for key in plan.unread}
    return PlanTotals(inside, shared, invoiced, plan.refusals, plan.skipped, plan.left_out, unread)


def joined(parts: Iterable[PlanTotals]) -> PlanTotals:
    """The totals of the whole, each document and each refusal once: as the last part says that has it."""
    found = list(parts)
    inside = sum((Counter(part.inside) for part in found), Counter[str]())
    invoiced: dict[str, tuple[int, int]] = {}
    for currency, (count, minor) in (item for part in found for item in part.invoiced.items()):
        before = invoiced.get(currency, (0, 0))
        invoiced[currency] = (before[0] + count, before[1] + minor)
    refusals = {(item.document, item.external_id): item for part in found for item in part.refusals}
    left_out = {(item.document, item.stripe_id): item for part in found for item in part.left_out}
    return PlanTotals(
        inside,
        _together(part.shared for part in found),
        dict(sorted(invoiced.items())),
        tuple(sorted(refusals.values(), key=lambda item: (item.partition, item.external_id))),
        _together(part.skipped for part in found),
        tuple(left_out.values()),
        _together(part.unread for part in found),
    )


def _together(mappings: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {key: value for mapping in mappings for key, value in mapping.items()}
