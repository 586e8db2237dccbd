"""Refusals of what leans on something from before the books: settling a gap will not do, for there is none."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from o2c_orchestration.domain.documents import Command, Refusal
from o2c_orchestration.plan.outcome import Skip

Outcome = Command | Refusal | Skip

# What a document leans on has none of its own; the reason names it.
_LEANING: Final = frozenset({"INVOICE_MISSING", "PAYMENT_MISSING"})
_ID: Final = re.compile(r"\b(?:in|ch|py)_[A-Za-z0-9_]+")


def told(found: Iterable[Outcome], older: Collection[str]) -> Iterator[Outcome]:
    """The same outcomes; a refusal for want of a document that is older than the books says so, and what to do."""
    for item in found:
        yield _told(item, older) if isinstance(item, Refusal) and item.code in _LEANING else item


def _told(item: Refusal, older: Collection[str]) -> Refusal:
    named = [key for key in _ID.findall(item.reason) if key in older]
    if not named:
        return item
    [key] = named[:1]
    fix = f"enter {key} in NetSuite as it was before, with {key} for its external id or in its memo; this follows then"
    return replace(item, reason=f"{item.reason}: {key} is from before books.start", fix=fix)
