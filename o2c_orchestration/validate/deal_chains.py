"""Deals that follow earlier ones: renewals begin where those end, and amendments are counted in what they change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from o2c_orchestration.domain.deal_terms import end_of, start_of
from o2c_orchestration.domain.deals import DealLine, DealRow
from o2c_orchestration.domain.policy_deals import Deals, Earlier
from o2c_orchestration.validate.deals import Payload

_CHAIN_MAX = 30


def named(row: DealRow, payload: Payload, policy: Deals) -> DealRow:
    """The row with what its record says of earlier deals, in the fields that the policy names."""
    unread = [name for name in policy.earlier_fields if name not in payload]
    if unread:
        return replace(row, unasked=unread[0])
    return replace(row, renews=_says(payload, policy.renews), amends=_says(payload, policy.amends))


def chained(rows: Sequence[DealRow], further: Sequence[DealRow], going_on: Mapping[str, str]) -> list[DealRow]:
    """These deals with the terms that they have from earlier ones, some of which are `further` ones.

    An amendment of one of these is counted in it, or in what that one amends in turn.
    """
    every = {row.id: row for row in (*further, *rows)}
    begun = [_begun(row, every, going_on, _CHAIN_MAX) for row in rows]
    ours = {row.id: row for row in begun}
    roots = {row.id: root for row in begun if row.amends is not None and (root := _root(row, ours)) is not None}
    return [_with_amendments(row, [ours[key] for key, root in roots.items() if root == row.id], roots) for row in begun]


def _says(payload: Payload, earlier: Earlier | None) -> str | None:
    value = None if earlier is None else payload.get(earlier.field)
    if earlier is None or value in (None, "", False):
        return None
    if earlier.values:
        return "" if str(value) in earlier.values else None
    return str(value)


def _begun(row: DealRow, every: Mapping[str, DealRow], going_on: Mapping[str, str], hops: int) -> DealRow:
    """A renewal that does not say when it begins, begins when the earlier deal is over."""
    before = every.get(row.renews or "")
    if row.renews is None or before is None or hops == 0:
        return row
    earlier = _begun(before, every, going_on, hops - 1)
    row = replace(row, earlier=earlier, goes_on=going_on.get(earlier.id))
    end = end_of(earlier)
    says = row.start is not None or (row.lines and all(line.start is not None for line in row.lines))
    return row if says or end is None else replace(row, start=end)


def _root(row: DealRow, ours: Mapping[str, DealRow]) -> str | None:
    """The deal that an amendment, or the one that it amends in turn, changes; None where it is none of ours."""
    seen = {row.id}
    while row.amends is not None:
        found = ours.get(row.amends)
        if found is None or found.id in seen:
            return None
        seen.add(found.id)
        row = found
    return row.id


def _with_amendments(row: DealRow, amendments: Sequence[DealRow], roots: Mapping[str, str]) -> DealRow:
    if row.id in roots:
        return replace(row, counted=True)
    live = [each for each in amendments if each.won and not each.deleted]
    lines = tuple(_dated(line, each) for each in live for line in each.lines)
    return replace(row, amended=lines, amended_by=tuple(each.id for each in live)) if live else row


def _dated(line: DealLine, amendment: DealRow) -> DealLine:
    """What an amendment adds begins with it and not with the deal that it changes."""
    return line if line.start is not None else replace(line, start=start_of(amendment))
