"""Open gaps as counts and money, and the first of them: before anything is written they may be as many as invoices."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import reading_cursor
from o2c_orchestration.store.gaps import Gap, list_gaps

# As `Gap.at_stake_minor`: the difference, or the document where no amount differs.
_SUMS = """
SELECT kind, currency, count(*), min(effective_date),
       sum(coalesce(nullif(abs(difference_minor), 0),
                    abs(coalesce(nullif(expected_minor, 0), actual_minor, 0))))::bigint
FROM o2c.gaps
WHERE (%(state)s::text IS NULL OR state = %(state)s) AND (%(legs)s::text[] IS NULL OR leg = ANY(%(legs)s))
GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True)
class GapSum:
    """The gaps of one kind and currency: how many, since when, and minor units at stake."""

    kind: str
    currency: str
    count: int
    oldest: date | None
    at_stake_minor: int


@dataclass(frozen=True)
class SomeGaps:
    """All gaps in question by kind and currency, and the `first` of them, oldest first."""

    sums: tuple[GapSum, ...] = ()
    first: tuple[Gap, ...] = ()

    @property
    def count(self) -> int:
        return sum(each.count for each in self.sums)

    @property
    def oldest(self) -> date | None:
        """The date of the oldest one that has a date."""
        return min((each.oldest for each in self.sums if each.oldest), default=None)


def open_gaps(engine: Engine, first: int, legs: Collection[str] | None = None) -> SomeGaps:
    """Open gaps, and the first so many of them; `legs` narrows to those of them."""
    return some_gaps(engine, first, "open", legs)


def some_gaps(engine: Engine, first: int, state: str | None, legs: Collection[str] | None = None) -> SomeGaps:
    """Those in one state, or in any."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_SUMS), {"state": state, "legs": None if legs is None else list(legs)})
        rows: Sequence[Any] = cursor.fetchall()
    return SomeGaps(tuple(GapSum(*row) for row in rows), tuple(list_gaps(engine, state, legs=legs, limit=first)))


def sums_of(gaps: Iterable[Gap]) -> list[GapSum]:
    """The sums of these gaps."""
    groups: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        groups.setdefault((gap.kind, gap.currency), []).append(gap)
    return [
        GapSum(
            *group,
            len(members),
            min(filter(None, (gap.effective_date for gap in members)), default=None),
            sum(gap.at_stake_minor for gap in members),
        )
        for group, members in groups.items()
    ]
