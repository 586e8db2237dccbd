"""Drift: what is told, when, and what is never kept."""

from collections import defaultdict
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.drift import Catalogue, Declared, Finding, Look, Seen, Walker, findings
from o2c_orchestration.extract.redact import redact
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.validate.drift import compare, declared, sample
from o2c_orchestration.validate.flatten import FLATTEN
from o2c_orchestration.validate.reads import reads
from o2c_orchestration.validate.shapes import shape

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
LATER = BEGAN + timedelta(days=9)


@pytest.fixture(scope="module")
def company() -> dict[str, list[dict[str, Any]]]:
    """Stripe's objects of the demo company by type, as they are stored."""
    found = defaultdict(list)
    for payload in build(today=date(2026, 11, 26)).stripe:
        found[payload["object"]].append(redact(payload))
    return found


def first_look(object_type: str) -> Catalogue:
    """A catalogue that holds what the SDK and we declare, and nothing that was seen."""
    each = declared(object_type).items()
    fields = tuple(Seen(path, kind, 0, 0, None, None, True) for path, told in each for kind in told.types)
    values = tuple(Seen(path, value, 0, 0, None, None, True) for path, told in each for value in told.values or ())
    return Catalogue("v1", 0, None, fields, values)


def told(object_type: str, *days: tuple[datetime, list[dict[str, Any]]]) -> list[Finding]:
    """What is told after objects came on these days."""
    catalogue, walker = first_look(object_type), Walker(declared(object_type))
    for at, payloads in days:
        catalogue = catalogue.with_sample(walker.look(payloads), at)
    return compare(object_type, catalogue, None, declared(object_type))


def brief(found: list[Finding]) -> set[tuple[str, str, bool]]:
    return {(each.kind, each.path, each.read) for each in found}


def test_the_sandbox_looks_as_stripe_s_sdk_says(company):
    """Nothing is told of thousands of objects but the type of balance transaction that the demo makes up."""
    found = {kind: brief(told(kind, (BEGAN, company[kind]))) for kind in FLATTEN if company[kind]}
    assert len(found) >= 10
    assert {kind: each for kind, each in found.items() if each} == {
        "balance_transaction": {("new_value", "type", True)}
    }


def test_a_field_we_need_that_goes_missing_is_told_of_one_object(company):
    """On the first day, and of fields that are never empty at the first object that lacks one."""
    wrong = [{name: value for name, value in company["invoice"][0].items() if name != "amount_paid"}]
    assert ("missing", "amount_paid", True) in brief(told("invoice", (BEGAN, wrong)))
    some = company["invoice"][1:20] + wrong
    found = told("invoice", (BEGAN, some))
    assert [("amount_paid", "was not in 1 of 20")] == [(each.path, each.what) for each in found if each.read]


def test_a_field_that_moves_is_told_once(company):
    """Taxes under another parent would read as no taxes at all: no row fails, and every amount is wrong."""
    moved = deepcopy(company["invoice"])
    for each in moved:
        each["amounts"] = {"total_taxes": each.pop("total_taxes")}
    found = told("invoice", (BEGAN, moved))
    assert [("moved", "total_taxes", "amounts.total_taxes", True)] == [
        (each.kind, each.path, each.detail, each.read) for each in found
    ]


def test_another_type_is_told(company):
    """An amount as text, and one of a line that is nothing."""
    wrong = deepcopy(company["invoice"][:3])
    wrong[0]["total"] = str(wrong[0]["total"])
    wrong[1]["lines"]["data"][0]["amount"] = None
    found = brief(told("invoice", (BEGAN, wrong)))
    assert {("retyped", "total", True), ("retyped", "lines.data[].amount", True)} <= found


def test_a_new_value_of_an_enum_is_told_on_the_first_day(company):
    """A status that the SDK does not know, in one object of hundreds."""
    wrong = deepcopy(company["charge"])
    wrong[7]["status"] = "contested"
    found = told("charge", (BEGAN, wrong))
    assert [("charge.status=contested", True)] == [(each.key, each.read) for each in found]


@pytest.mark.parametrize(
    ("object_type", "path"),
    [("payout", "status"), ("payout", "reconciliation_status"), ("refund", "status"), ("invoice_payment", "status")],
)
def test_a_word_that_the_sdk_has_no_list_of_is_told_when_we_do_not_know_it(company, object_type, path):
    """On the first day, by the values that our rows declare."""
    fine = company[object_type][:5]
    assert not told(object_type, (BEGAN, fine)) or not [each for each in told(object_type, (BEGAN, fine)) if each.read]
    wrong = [{**fine[0], path: "on_the_moon"}, *fine[1:]]
    found = [each for each in told(object_type, (BEGAN, wrong)) if each.kind == "new_value"]
    assert [(each.key, each.read) for each in found] == [(f"{object_type}.{path}=on_the_moon", True)]


def test_values_at_the_top_are_seen_in_every_object(company):
    """Also where objects are so many that only some are looked at whole."""
    many = deepcopy(company["charge"]) * 8
    many[-1]["status"] = "contested"
    tally = sample(Walker(shape("charge")), shape("charge"), many)
    assert tally.objects < 100
    assert tally.values["status", "contested"] == 1


def test_new_fields_are_told_after_the_first_day(company):
    """What nobody declared and the first day did not show; of an object only its name, not all that is in it."""
    more = [{**each, "currency": "usd", "settlement": {"speed": "fast", "fee": 3}} for each in company["charge"][:30]]
    assert brief(told("charge", (BEGAN, more))) == set()
    plain = company["charge"][30:60]
    assert brief(told("charge", (BEGAN, plain), (LATER, more))) == {("new", "settlement", False)}
    assert brief(told("charge", (BEGAN, more), (LATER, more))) == set()


def test_what_was_always_there_and_is_no_more_is_told(company):
    """Also of fields that nobody reads; a field that is there at times must be absent longer than chance would have."""
    plain = company["charge"]
    less = [{name: value for name, value in each.items() if name != "paid"} for each in plain]
    assert brief(told("charge", (BEGAN, plain), (LATER, less))) == {("missing", "paid", False)}
    assert brief(told("charge", (BEGAN, plain), (LATER, less[:19]))) == set()
    rare = [{**each, "x": 1} if number % 40 == 0 else each for number, each in enumerate(plain)]
    assert brief(told("charge", (BEGAN, rare), (BEGAN, plain))) == set()
    assert brief(told("charge", (BEGAN, rare), *[(BEGAN, plain)] * 2)) == {("missing", "x", False)}


def test_another_api_version_is_compared_with_the_one_before():
    """What it has and the one before had not is told at once, declared or not; what it lacks is told as well."""
    old = Catalogue("v1", 9, BEGAN, (_seen("a", "number"), _seen("old.tax", "number"), _seen("old", "object")))
    fields = (_seen("a", "string"), _seen("new.tax", "number"), _seen("new", "object"), _seen("b", "null", times=0))
    now = Catalogue("v2", 9, LATER, fields)
    shapes = {"new": Declared(frozenset({"object"})), "b": Declared(frozenset({"null"}))}
    found = findings(Look("thing", now, old, frozenset({"a"}), shapes))
    assert brief(found) == {("retyped", "a", True), ("new", "new", False)}


def _seen(path: str, what: str, times: int = 9) -> Seen:
    return Seen(path, what, times, times, BEGAN, BEGAN, False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


@given(payload=st.dictionaries(st.text(max_size=12), JSON, max_size=6))
def test_whatever_comes_can_be_looked_at(payload):
    """A payload of no known shape breaks nothing: judging it is for the schemas."""
    walker = Walker(shape("invoice"))
    walker.look([payload, {"id": "in_1", "object": "invoice", **payload}])


def test_no_personal_data_is_kept(company):
    """Of all that objects say, only values of enums are in the catalogue, and no keys of maps."""
    secret = {"name": "Ann Lee", "email": "ann@example.com", "description": "Ann's flat", "type": "Ann Lee, 5th floor"}
    for kind in ("customer", "invoice", "charge"):
        payloads = [{**each, **secret, "metadata": {"Ann Lee": "ann@example.com"}} for each in company[kind][:5]]
        payloads[0]["ann@example.com"] = {"Ann": 1}
        tally = Walker(shape(kind)).look(payloads)
        kept = " ".join(part for key in (*tally.types, *tally.values) for part in key)
        assert "Ann Lee" not in kept
        assert "@" not in kept
        assert {what for path, what in tally.values if path == "type"} == {"(text)"}


@pytest.mark.parametrize(
    ("object_type", "paths"),
    [
        ("invoice", {"total", "total_taxes[].amount", "lines.data[].taxes[].tax_behavior", "status_transitions.paid_at",
                     "effective_at", "status_transitions.finalized_at", "lines.data[].period.end", "lines",
                     "parent.subscription_details.metadata.*", "shipping_cost.amount_subtotal"}),
        ("charge", {"amount", "amount_captured", "captured", "currency", "payment_intent"}),
        ("dispute", {"balance_transactions[].amount", "balance_transactions[].created", "charge"}),
        ("credit_note", {"refunds[].refund", "pre_payment_amount", "out_of_band_amount"}),
        ("payout", {"arrival_date", "reconciliation_status"}),
    ],
)  # fmt: skip
def test_what_our_code_reads_is_found_by_letting_it_read(object_type, paths):
    """Both sides of an `or`, fields of lines and of lists, and what is read on a condition only."""
    assert paths <= reads(object_type)


def test_the_sdk_declares_all_that_our_code_reads():
    """Nothing is read that Stripe does not have, but for parents and metadata, which are asked of every type.

    Discounts are worded by us.
    """
    unknown = {kind: {path for path in reads(kind) if path not in shape(kind)} for kind in set(FLATTEN) - {"discount"}}
    assert {path for paths in unknown.values() for path in paths} <= {"parent", "metadata"}
