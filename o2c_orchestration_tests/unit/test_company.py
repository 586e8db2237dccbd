"""The demo company in Stripe: the same every time, and consistent with itself to the last minor unit."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from o2c_orchestration.sandbox import company
from o2c_orchestration.sandbox.company.live import fill, next_activity

TODAY = date(2026, 11, 22)
Wire = dict[str, Any]


@pytest.fixture(scope="module")
def demo() -> company.Company:
    return company.build(today=TODAY)


def objects(built: company.Company, kind: str) -> list[Wire]:
    return [wire for wire in built.stripe if wire["object"] == kind]


def ids_in(value: object) -> Iterator[str]:
    """Every `id` of every object, nested ones too."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for part in value.values():
            yield from ids_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from ids_in(part)


def test_same_seed_size_and_day_give_the_same_bytes() -> None:
    """The company is a pure function of its seed, its size and the day."""
    first, second = (company.build(seed=3, invoices=80, today=TODAY) for _ in range(2))
    assert json.dumps(vars(first)) == json.dumps(vars(second))
    other = company.build(seed=4, invoices=80, today=TODAY)
    assert json.dumps(vars(first)) != json.dumps(vars(other))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), day=st.dates(date(2025, 1, 1), date(2027, 6, 30)))
def test_every_invoice_adds_up(seed: int, day: date) -> None:
    """Totals follow from the lines, and what is paid follows from the payments, on any seed and day."""
    built = company.build(seed=seed, invoices=60, today=day)
    links, notes = defaultdict(list), defaultdict(list)
    for link in objects(built, "invoice_payment"):
        links[link["invoice"]].append(link)
    for note in objects(built, "credit_note"):
        notes[note["invoice"]].append(note)
    for invoice in objects(built, "invoice"):
        check_totals(invoice)
        check_paid(invoice, links[invoice["id"]], notes[invoice["id"]])
    check_money(built)


def check_totals(invoice: Wire) -> None:
    lines = invoice["lines"]["data"]
    discount = sum(each["amount"] for line in lines for each in line["discount_amounts"])
    taxes = [tax for line in lines for tax in line["taxes"]]
    exclusive = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "exclusive")
    assert invoice["subtotal"] == sum(line["amount"] for line in lines)
    assert invoice["total"] == invoice["subtotal"] - discount + exclusive
    assert sum(each["amount"] for each in invoice["total_discount_amounts"]) == discount
    assert sum(tax["amount"] for tax in invoice["total_taxes"]) == sum(tax["amount"] for tax in taxes)
    assert invoice["total_excluding_tax"] == invoice["total"] - sum(tax["amount"] for tax in taxes)
    assert invoice["total"] > 0 or all(line["amount"] == 0 for line in lines)
    assert {line["currency"] for line in lines} == {invoice["currency"]}
    for tax in taxes:
        assert abs(tax["amount"]) <= abs(tax["taxable_amount"])


def check_paid(invoice: Wire, links: list[Wire], notes: list[Wire]) -> None:
    paid = [link for link in links if link["status"] == "paid"]
    pre = [note for note in notes if note["status"] == "issued" and note["pre_payment_amount"]]
    assert invoice["amount_paid"] == sum(link["amount_paid"] for link in paid)
    assert invoice["amount_remaining"] == invoice["amount_due"] - invoice["amount_paid"]
    used = invoice["ending_balance"] - invoice["starting_balance"]
    assert invoice["amount_due"] == invoice["total"] - used - sum(note["pre_payment_amount"] for note in pre)
    transitions, status = invoice["status_transitions"], invoice["status"]
    assert (status == "paid") == (transitions["paid_at"] is not None)
    assert (status == "void") == (transitions["voided_at"] is not None)
    assert (status == "draft") == (transitions["finalized_at"] is None) == (invoice["number"] is None)
    assert status != "uncollectible" or transitions["marked_uncollectible_at"]
    if status == "paid":
        assert invoice["amount_remaining"] == 0
        moments = [link["status_transitions"]["paid_at"] for link in paid]
        moments += [note["created"] for note in pre]
        assert transitions["paid_at"] == max(moments, default=transitions["finalized_at"])
    if status == "open":
        assert [link["amount_requested"] for link in links if link["status"] == "open"] == [invoice["amount_remaining"]]


def check_money(built: company.Company) -> None:
    """Invoice payments, intents, charges and balance transactions tell the same story."""
    charges = {charge["id"]: charge for charge in objects(built, "charge")}
    intents = {intent["id"]: intent for intent in objects(built, "payment_intent")}
    covered: Counter[str] = Counter()
    linked = {link["payment"]["payment_intent"] for link in objects(built, "invoice_payment")}
    for link in objects(built, "invoice_payment"):
        if link["status"] == "paid":
            covered[link["payment"]["payment_intent"]] += link["amount_paid"]
    for intent in intents.values():
        assert intent["id"] not in linked or intent["amount_received"] == covered[intent["id"]]
        assert (intent["status"] == "succeeded") == (intent["amount_received"] == intent["amount"])
    entries = {entry["id"]: entry for entry in objects(built, "balance_transaction")}
    for charge in charges.values():
        intent = intents[charge["payment_intent"]]
        assert (charge["amount"], charge["currency"]) == (intent["amount"], intent["currency"])
        assert (charge["status"] == "succeeded") == (charge["balance_transaction"] in entries)
        if charge["status"] == "succeeded":
            assert intent["latest_charge"] == charge["id"]
            check_entry(entries[charge["balance_transaction"]], charge)
    received = [entry for entry in entries.values() if entry["reporting_category"] == "charge"]
    assert len(received) == sum(charge["status"] == "succeeded" for charge in charges.values())


def check_entry(entry: Wire, charge: Wire) -> None:
    assert entry["source"] == charge["id"]
    assert entry["currency"] == "usd"
    assert entry["net"] == entry["amount"] - entry["fee"]
    assert entry["fee"] == sum(part["amount"] for part in entry["fee_details"])
    if charge["currency"] == "usd":
        assert entry["amount"] == charge["amount"]


def test_no_two_ids_are_equal_when_folded(demo: company.Company) -> None:
    """NetSuite ignores the case of external ids, so ours differ without it too."""
    live = [wire for wire in demo.stripe if wire["object"] != "event"]
    # A dispute embeds its balance transactions, so an id may be met again, but only as it is.
    folded = Counter(each.lower() for each in {each for wire in live for each in ids_in(wire)})
    assert [each for each, times in folded.items() if times > 1] == []
    assert len({wire["id"] for wire in live}) == len(live)
    assert all(each.startswith("in_1") and len(each) == 27 for each in demo.missing)


def test_currencies_keep_stripes_decimals(demo: company.Company) -> None:
    """Six currencies occur, one a customer, and a dinar amount ends in 0."""
    invoices = objects(demo, "invoice")
    by_currency = Counter(invoice["currency"] for invoice in invoices)
    assert set(by_currency) == {"usd", "eur", "gbp", "cad", "jpy", "kwd"}
    assert by_currency["usd"] > len(invoices) // 2
    currencies = {customer["id"]: customer["currency"] for customer in objects(demo, "customer")}
    assert all(invoice["currency"] == currencies[invoice["customer"]] for invoice in invoices)
    dinars = [invoice for invoice in invoices if invoice["currency"] == "kwd"]
    assert any(invoice["total_discount_amounts"] for invoice in dinars)
    for line in (line for invoice in dinars for line in invoice["lines"]["data"]):
        parts = [line["amount"], *(each["amount"] for each in line["discount_amounts"])]
        assert [part % 10 for part in parts] == [0] * len(parts)


@pytest.mark.parametrize("size", [40, 400])
def test_every_feature_occurs(size: int) -> None:
    """Each situation that finance meets is there at least once, even in a small company."""
    built = company.build(invoices=size, today=TODAY)
    invoices = {invoice["id"]: invoice for invoice in objects(built, "invoice")}
    lines = [line for invoice in invoices.values() for line in invoice["lines"]["data"]]
    counts = [invoice["lines"]["total_count"] for invoice in invoices.values()]
    assert {invoice["status"] for invoice in invoices.values()} == {
        "draft",
        "open",
        "paid",
        "void",
        "uncollectible",
    }
    assert any(invoice["total"] == 0 for invoice in invoices.values())
    assert any(invoice["parent"] is None for invoice in invoices.values())
    assert any(line["amount"] < 0 for line in lines)
    assert any(10 < count <= 100 for count in counts)
    assert {tax["tax_behavior"] for line in lines for tax in line["taxes"]} == {"inclusive", "exclusive"}
    assert any(invoice["total_discount_amounts"] for invoice in invoices.values())
    paid = [link for link in objects(built, "invoice_payment") if link["status"] == "paid"]
    assert max(Counter(link["invoice"] for link in paid).values()) == 2
    assert max(Counter(link["payment"]["payment_intent"] for link in paid).values()) == 2
    by_intent = defaultdict(set)
    for charge in objects(built, "charge"):
        by_intent[charge["payment_intent"]].add(charge["status"])
    assert {"failed", "succeeded"} in by_intent.values()
    late = [link for link in paid if invoices[link["invoice"]]["collection_method"] == "send_invoice"]
    assert any(
        link["status_transitions"]["paid_at"] - invoices[link["invoice"]]["status_transitions"]["finalized_at"] > 86_400
        for link in late
    )


def test_a_long_invoice_needs_two_pages_of_lines(demo: company.Company) -> None:
    """One invoice has more than a hundred lines, and the object carries them all."""
    counts = [len(invoice["lines"]["data"]) for invoice in objects(demo, "invoice")]
    assert max(counts) == 112


def test_everything_happens_inside_the_window(demo: company.Company) -> None:
    """Nothing but older customers, products and prices was created outside the thirty days."""
    start = datetime(2026, 10, 23, tzinfo=UTC).timestamp()
    end = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    old = {"customer", "product", "price"}
    moments = [wire.get("created") or wire["start"] for wire in demo.stripe if wire["object"] not in old]
    assert start <= min(moments)
    assert max(moments) < end
    signed_up = {customer["id"]: customer["created"] for customer in objects(demo, "customer")}
    assert any(created >= start for created in signed_up.values())
    assert any(created < start for created in signed_up.values())
    for invoice in objects(demo, "invoice"):
        assert signed_up[invoice["customer"]] < invoice["created"]


def test_events_show_the_object_as_it_was(demo: company.Company) -> None:
    """An event of the last three days shows an open invoice when finalized, and ten lines at most."""
    events = objects(demo, "event")
    kinds = {event["type"] for event in events}
    assert kinds >= {
        "customer.created",
        "invoice.finalized",
        "invoice.paid",
        "charge.succeeded",
        "invoice_payment.paid",
    }
    assert [event["created"] for event in events] == sorted(event["created"] for event in events)
    for event in events:
        subject = event["data"]["object"]
        if event["type"] == "invoice.finalized":
            assert (subject["status"], subject["amount_paid"]) == ("open", 0)
        if subject["object"] == "invoice":
            assert len(subject["lines"]["data"]) <= 10


@pytest.mark.parametrize(("size", "days"), [(1, 30), (5, 30), (20, 30), (30, 1), (50, 3), (120, 365)])
def test_other_sizes_are_built_too(size: int, days: int) -> None:
    """A company of any size adds up."""
    built = company.build(invoices=size, today=TODAY, days=days)
    assert len(objects(built, "invoice")) == size
    check_money(built)


def test_an_empty_company_is_refused() -> None:
    """No invoices or no days make no company."""
    with pytest.raises(ValueError, match="at least one invoice"):
        company.build(invoices=0, today=TODAY)
    with pytest.raises(ValueError, match="one day"):
        company.build(today=TODAY, days=0)


def test_activity_makes_one_invoice_from_draft_to_payment() -> None:
    """The calls of the running demo draft, fill and finalize one invoice, and some pay it."""
    rng, now = random.Random(1), datetime(2026, 11, 22, 12, tzinfo=UTC)
    customers = [{"id": "cus_a", "currency": "jpy"}]
    ends = set()
    for _ in range(40):
        calls = next_activity(rng, now, customers)
        paths = [path for path, _ in calls]
        assert paths.count("/v1/invoices") == 1
        assert paths.index("/v1/invoices") < paths.index("/v1/invoiceitems")
        assert paths.index("/v1/invoiceitems") < paths.index("/v1/invoices/{invoice}/finalize")
        ends.add(paths[-1])
    assert ends == {"/v1/invoices/{invoice}/finalize", "/v1/invoices/{invoice}/pay"}
    path, params = fill(
        ("/v1/invoices/{invoice}/pay", {"customer": "{customer}"}),
        {"{invoice}": "in_1", "{customer}": "cus_b"},
    )
    assert (path, params) == ("/v1/invoices/in_1/pay", {"customer": "cus_b"})
