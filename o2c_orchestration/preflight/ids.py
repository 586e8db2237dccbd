"""Whether NetSuite has the records that the mapping names by internal id, active and open to the subsidiary."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from o2c_orchestration.domain.mapping_ids import NamedId, named_ids, template_ids
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.facts import Facts, record_finding
from o2c_orchestration.preflight.finding import Finding

_SHOWN = 8
_REFUSED = "NetSuite refuses each document that names it (o2c explain invalid_reference)"


def id_findings(facts: Facts, policy: Policy, subsidiary: str | None) -> list[Finding]:
    """One finding for each id whose field tells the kind of record; one hint for all others. Never raises O2CError."""
    named = [*named_ids(policy.mapping), *template_ids(policy.revenue)]
    found: list[Finding] = []
    unknown: list[NamedId] = []
    for kind, group in groupby(sorted(named, key=lambda each: each.kind or ""), key=lambda each: each.kind):
        each_of = list(group)
        rows = None if kind is None else facts.records(kind, [each.value for each in each_of])
        if rows is None:
            unknown += each_of
        else:
            found += [_finding(facts, each, rows.get(each.value), subsidiary) for each in each_of]
    return [*found, *([_unchecked(unknown)] if unknown else [])]


def _finding(facts: Facts, named: NamedId, row: Mapping[str, Any] | None, subsidiary: str | None) -> Finding:
    said = f"{named.value} is NetSuite {named.kind} {named.value}"
    to_do = f"name another one under {named.where} in o2c.yaml"
    if row is None:
        detail = f"NetSuite has no {named.kind} {named.value}, or hides it from our role"
        return Finding(named.where, False, detail, f"{to_do}, or let the role see it (docs/security.md)", _REFUSED)
    if named.field == "salesRep" and row.get("rep") == "F":
        detail = f"{said}, who is no sales representative"
        return Finding(named.where, False, detail, f"{to_do}, or mark the employee as one in NetSuite", _REFUSED)
    if named.field == "receivablesAccount" and row.get("type") not in (None, "AcctRec"):
        detail = f"{said}, which is of type {row['type']}, not AcctRec"
        return Finding(named.where, False, detail, to_do, _REFUSED)
    return record_finding(facts, Finding(named.where, True, said), str(named.kind), row, subsidiary)


def _unchecked(ids: Sequence[NamedId]) -> Finding:
    shown = ", ".join(f"{each.where} {each.value}" for each in ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    detail = f"nobody can check these internal ids, as NetSuite does not tell what they are of: {shown}{more}"
    to_do = (
        "compare them with NetSuite's lists when somebody changes those there; a list or record type of your own is "
        "checked where the rule has its script id for a reference (docs/mapping.md)"
    )
    return Finding("mapping ids", None, detail, to_do, _REFUSED)
