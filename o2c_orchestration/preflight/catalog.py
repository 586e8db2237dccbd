"""What NetSuite's metadata catalog says of the types of records that are written: which it shows, which fields it calls
mandatory, and whether it has those that o2c.yaml fills.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.described import described_as, filled_fields, record_shape
from o2c_orchestration.domain.documents import CUSTOMER_DEPOSIT
from o2c_orchestration.domain.errors import O2CError, ObjectMissing, PermissionDenied
from o2c_orchestration.domain.mapping_fields import RECORD_TYPES
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.section import did_you_mean
from o2c_orchestration.preflight.finding import Finding

# What our documents always carry, by record type; a test holds it against what is planned.
FILLED: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"externalId", "isPerson", "companyName"}),
    "invoice": frozenset({"externalId", "entity", "currency", "tranDate", "memo", "item"}),
    "customerPayment": frozenset({"externalId", "customer", "currency", "tranDate", "memo", "payment", "autoApply"}),
    "customerDeposit": frozenset({"externalId", "customer", "currency", "tranDate", "memo", "payment"}),
    "creditMemo": frozenset({"externalId", "entity", "currency", "tranDate", "memo", "item"}),
    "customerRefund": frozenset({"externalId", "customer", "currency", "tranDate", "memo", "apply"}),
    "deposit": frozenset({"externalId", "account", "tranDate", "memo"}),
    "journalEntry": frozenset({"externalId", "currency", "tranDate", "memo", "line"}),
    "salesOrder": frozenset({"externalId", "entity", "currency", "tranDate", "memo", "item"}),
}
_WRITTEN = {
    "customer": ("customer",),
    "invoice": ("invoice",),
    "payment": ("customerPayment",),
    "credit_memo": ("creditMemo",),
    "refund": ("customerRefund",),
    "deposit": ("deposit", "journalEntry"),
}
# How a custom field of a header or of lines begins.
_CUSTOM = re.compile(r"(?:[A-Za-z]+\[\]\.)?cust(?:body|col|entity)")
_HIDDEN = "NetSuite refuses to create it (o2c explain permission)"


def catalog(reader: NetSuiteReader, policy: Policy, *, deals: bool = True) -> Iterator[Finding]:
    """What the metadata catalog says of each type of record that is written. Never raises O2CError.

    `deals`: whether orders of Salesforce are among them.

    Of fields that a form or a script makes mandatory it may say nothing; those are told when NetSuite refuses the first
    document (missing_field), which then is the only one that was sent in vain.
    """
    kinds = written_kinds(policy, deals=deals)
    sound, hidden = [], []
    for kind in kinds:
        schema = _schema(reader, kind)
        if not isinstance(schema, Finding):
            lacking = list(_mandatory(kind, schema, FILLED[kind] | _mapped(policy, kind) | _stated(policy, kind)))
            yield from [*lacking, *_absent(kind, schema, _of_policy(policy, kind))]
            sound += [] if lacking else [kind]
        elif schema.ok is None:
            yield schema
            return  # the catalog does not answer, and would not for the others
        else:
            hidden.append(schema)
    if len(hidden) == len(kinds):
        detail = "the metadata catalog shows none of the kinds of records that are written"
        to_do = "let the integration's role see records over REST web services, if it may create them"
        yield Finding("NetSuite records", None, detail, to_do, "mandatory fields are told by the first refusal only")
        return
    yield from hidden
    if sound:
        yield Finding("NetSuite records", True, f"nothing is called mandatory that we leave out: {', '.join(sound)}")


def written_kinds(policy: Policy, *, deals: bool) -> list[str]:
    """The types of records that are written; `deals`: whether orders of Salesforce are among them."""
    kinds = [kind for name, types in _WRITTEN.items() if getattr(policy.documents, name) for kind in types]
    kinds += ["salesOrder"] if deals and policy.deals.orders and policy.documents.sales_order else []
    owed = policy.documents.payment and any(own.reversals.uninvoiced == "deposit" for _, own in policy.each())
    return [*kinds, CUSTOMER_DEPOSIT] if owed else kinds


def _stated(policy: Policy, kind: str) -> frozenset[str]:
    """The subsidiary, which documents say where there is one; payments, refunds and deposits only among entities."""
    own = kind in ("customer", "invoice", "creditMemo", "journalEntry", "salesOrder") or bool(policy.entities)
    return frozenset({"subsidiary"} if own and policy.books.subsidiary is not None else ())


def _mapped(policy: Policy, kind: str) -> frozenset[str]:
    """What the mapping fills in every document of this kind, whichever account it is of."""
    mapped = RECORD_TYPES["customerPayment" if kind == CUSTOMER_DEPOSIT else kind]
    each = [own.mapping.always_filled(mapped) for _, own in policy.each()]
    return frozenset.intersection(*each) if each else frozenset()


def _of_policy(policy: Policy, kind: str) -> set[str]:
    """Fields that o2c.yaml fills in some documents of this kind: `custbody_region`, of lines `item[].class`."""
    mapped = "customerPayment" if kind == CUSTOMER_DEPOSIT else kind
    return filled_fields(policy).get(described_as(mapped), set())


def _schema(reader: NetSuiteReader, kind: str) -> Mapping[str, Any] | Finding:
    what = f"NetSuite {kind}"
    try:
        return reader.record_schema(kind)
    except (PermissionDenied, ObjectMissing) as error:
        to_do = "give the integration's role this kind of record (docs/security.md)"
        return Finding(what, False, error.what, to_do, _HIDDEN)
    except O2CError as error:
        return Finding(what, None, f"the catalog does not tell of it: {error.what}")


def _mandatory(kind: str, schema: Mapping[str, Any], filled: frozenset[str]) -> Iterator[Finding]:
    required = schema.get("required")
    lacking = sorted(set(required if isinstance(required, list) else ()) - filled - _read_only(schema))
    if not lacking:
        return
    detail = f"this account makes fields mandatory that we leave out: {', '.join(lacking)}"
    to_do = (
        "give them a value in o2c.yaml (o2c suggest looks at what others entered), or make them optional on the "
        "form of the integration's role"
    )
    yield Finding(f"NetSuite {kind}", False, detail, to_do, "NetSuite refuses to create it (o2c explain missing_field)")


def _absent(kind: str, schema: Mapping[str, Any], filled: Collection[str]) -> Iterator[Finding]:
    """Fields of o2c.yaml that the catalog does not have; of a sublist whose lines it does not describe nothing is said.

    Wrong is a custom field of which there are others, which shows that they are told; all else is a hint.
    """
    told = {path for path, _ in record_shape(schema).types}
    absent = sorted(path for path in filled if path not in told and _described(path, told))
    if not absent:
        return
    certain = any(_has_others(path, told) for path in absent)
    named = ", ".join(f"{path}{_near(path, told)}" for path in absent)
    detail = f"o2c.yaml fills fields that NetSuite's catalog does not have: {named}"
    to_do = "correct them under mapping or revenue in o2c.yaml, or let the integration's role see and edit them"
    otherwise = "NetSuite refuses each document that has one (o2c explain other)"
    yield Finding(f"NetSuite {kind} fields", False if certain else None, detail, to_do, otherwise)


def _described(path: str, told: Collection[str]) -> bool:
    """Whether there are fields beside it: in the header, or in lines of its sublist."""
    sublist, dot, _ = path.rpartition(".")
    return any(each.startswith(sublist + dot) for each in told)


def _has_others(path: str, told: Collection[str]) -> bool:
    custom = _CUSTOM.match(path)
    return custom is not None and any(each.startswith(custom[0]) for each in told)


def _near(path: str, told: Collection[str]) -> str:
    near = did_you_mean(path, told)
    return f" ({near.removeprefix(': ')})" if near else ""


def _read_only(schema: Mapping[str, object]) -> set[str]:
    properties = schema.get("properties")
    told = properties if isinstance(properties, Mapping) else {}
    return {str(name) for name, each in told.items() if isinstance(each, Mapping) and each.get("readOnly")}
