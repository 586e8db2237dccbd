"""Drift of what the three systems give: it is learned from what came, and compared before rows fail.

Structure is learned from a sample of each batch, values of enums at the top of an object from every one. Of Stripe's
objects those are looked at that wait for validation, of SuiteQL's rows and Salesforce's records those that were read or
have changed, so that the work grows with what changed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.clients.salesforce_login import API_VERSION as SALESFORCE_VERSION
from o2c_orchestration.clients.stripe_read import API_VERSION
from o2c_orchestration.domain.described import DESCRIBED, OBJECTS, RECORDS, used_fields
from o2c_orchestration.domain.drift import Catalogue, Finding, Look, Tally, Walker, findings, word
from o2c_orchestration.domain.read_rows import NETSUITE, READ_ROWS, SALESFORCE
from o2c_orchestration.domain.stored import STORED, TABLES, Known, fields_of
from o2c_orchestration.store import drift as store
from o2c_orchestration.validate import read_rows
from o2c_orchestration.validate.flatten import FLATTEN
from o2c_orchestration.validate.reads import reads
from o2c_orchestration.validate.shapes import SDK_VERSION, Shape, shape

# Everything that is compared.
KINDS = (*FLATTEN, *READ_ROWS, *DESCRIBED)
# SuiteQL's path has a version; what it gives follows NetSuite's two releases a year, which no answer names.
SUITEQL_VERSION = "query/v1"
RECORD_VERSION = "record/v1"

# Of a batch, so many are looked at whole, evenly spread.
SAMPLE = 40
# So many of those that wait are looked at by a check, before they are validated.
AHEAD = 100
# Stripe shows these at times only, whatever its SDK says.
AT_TIMES = {
    "customer": frozenset({"deleted", "invoice_credit_balance", "invoice_credit_balance.*"}),
    "invoice_payment": frozenset({"payment.charge", "payment.payment_intent"}),
}


def version_of(object_type: str) -> str:
    """The API version at which objects of a type are read."""
    if object_type in SALESFORCE or object_type in OBJECTS:
        return f"v{SALESFORCE_VERSION}"
    if object_type in RECORDS:
        return RECORD_VERSION
    return SUITEQL_VERSION if object_type in NETSUITE else API_VERSION


def learn(engine: Engine, object_type: str, payloads: Sequence[Any]) -> None:
    """Take a sample of these payloads into the catalogue."""
    if not payloads:
        return
    found, version = declare(engine, object_type), version_of(object_type)
    looked_at = read_rows.as_json(object_type, payloads) if object_type in READ_ROWS else payloads
    tally = sample(Walker(found), found, looked_at)
    known = store.recently_known(engine, object_type, version) if len(payloads) < SAMPLE else None
    # A few objects that look as all did minutes ago are not worth a write.
    if tally.objects and (known is None or not _all(tally) <= known):
        store.count_in(engine, object_type, version, tally)


def _all(tally: Tally) -> set[tuple[str, str, str]]:
    return {("type", *each) for each in tally.types} | {("value", *each) for each in tally.values}


def sample(walker: Walker, shape: Shape, payloads: Sequence[Any]) -> Tally:
    """What every n-th payload shows, and the values of the enums at the top of all others."""
    step = max(1, len(payloads) // SAMPLE)
    sound = [each for each in payloads if isinstance(each, dict)]
    tally = walker.look(sound[::step])
    tops = [path for path in shape if "." not in path and walker.is_enum(path)] if step > 1 else []
    for path in tops:
        values = {word(value) for each in sound if isinstance(value := each.get(path), str)}
        for value in values - {what for where, what in tally.values if where == path}:
            tally.values[path, value] += 1
    return tally


def look(engine: Engine, object_type: str, now: datetime | None = None, mapped: Iterable[str] = ()) -> list[Finding]:
    """How a type of object has drifted, those that wait for validation included; what was accepted is left out.

    `mapped`: fields that o2c.yaml fills besides those that our code does.
    """
    # A description is declared when there is one: from then on its first day counts.
    found = {} if object_type in DESCRIBED else declare(engine, object_type)
    version = version_of(object_type)
    waiting = store.waiting_payloads(engine, object_type, AHEAD) if object_type in FLATTEN else []
    known = store.catalogue(engine, object_type, version)
    tally = Walker(found).look(each for each in waiting if isinstance(each, dict))
    ahead = known.with_sample(tally, now or datetime.now(UTC)) if tally.objects else known
    before = store.catalogue_before(engine, object_type, version)
    return store.open_of(compare(object_type, ahead, before, found, mapped), store.accepted(engine))


def compare(
    object_type: str, now: Catalogue, before: Catalogue | None, declared: Shape, mapped: Iterable[str] = ()
) -> list[Finding]:
    """Findings of one type of object."""
    if object_type in DESCRIBED:
        ours = {*used_fields(object_type), *mapped}
        return findings(Look(object_type, now, before, ours, {}, described=_how_to_tell(object_type)))
    if object_type in READ_ROWS:
        # Every field that is asked for is read.
        return findings(Look(object_type, now, before, set(declared), declared, read_rows.at_times(object_type)))
    at_times = AT_TIMES.get(object_type, frozenset())
    wanted = {path for path in reads(object_type) if path not in at_times}
    return findings(Look(object_type, now, before, wanted, declared))


# What a role or a user may not see, a description leaves out; neither says why. Where an administrator looks.
_HOW_TO_TELL = {
    "salesforce": "In Setup, Object Manager, {name}, Fields & Relationships: a field that stands there is hidden by "
    "field-level security, which the permission set of the integration user gives back",
    "netsuite": "In Customization, Lists, Records & Fields: a field that stands there is hidden from the integration's "
    "role by its Access tab, or by a feature or permission that the role lacks",
}


def _how_to_tell(described: str) -> str:
    system = "salesforce" if described in OBJECTS else "netsuite"
    return _HOW_TO_TELL[system].format(name=OBJECTS.get(described, ""))


def report(
    engine: Engine, object_types: Iterable[str], mapped: Mapping[str, Iterable[str]] | None = None
) -> list[Finding]:
    """Findings of several types of objects. `mapped`: by type, fields that o2c.yaml fills besides."""
    return [each for kind in object_types for each in look(engine, kind, mapped=(mapped or {}).get(kind, ()))]


def declare(engine: Engine, object_type: str) -> Shape:
    """What is declared; kept in the catalogue, once for each version of who declares it."""
    found, version = declared(object_type), version_of(object_type)
    ours = {path: found[path] for path in _enums_of_ours(object_type)}
    by = SDK_VERSION if object_type in FLATTEN and not ours else _declarer(ours or found)
    if store.declared_by(engine, object_type, version) != by:
        store.declare(engine, object_type, version, by, found)
    return found


def declared(object_type: str) -> Shape:
    """What Stripe's SDK declares of its objects, and domain/read_rows.py of what the others give; of descriptions
    nobody declares anything."""
    if object_type in DESCRIBED:
        return {}
    if object_type in READ_ROWS:
        return read_rows.declared(object_type)
    found = shape(object_type)
    ours = {path: replace(found[path], values=values) for path, values in _enums_of_ours(object_type).items()}
    return {**found, **ours} if ours else found


@cache
def _enums_of_ours(object_type: str) -> Mapping[str, frozenset[str]]:
    """Paths of Stripe's objects for which its SDK has text, and we the values that we know (domain/stored.py)."""
    if object_type not in FLATTEN:
        return {}
    found = shape(object_type)
    known = {}
    for each in fields_of(STORED[TABLES[object_type]]):
        mark = next((mark for mark in each.marks if isinstance(mark, Known)), Known(each.values))
        path = mark.path or each.name
        if mark.values and path in found and found[path].values is None:
            known[path] = frozenset(mark.values)
    return known


def _declarer(found: Shape) -> str:
    """Our own declarations have no version but what they say."""
    said = repr(
        [(path, sorted(each.types), sorted(each.values or ()), each.few) for path, each in sorted(found.items())]
    )
    return "ours " + hashlib.sha256(said.encode()).hexdigest()[:12]
