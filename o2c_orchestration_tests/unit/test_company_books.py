"""The demo company's books: right documents agree with Stripe to the cent, wrong ones are in the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from o2c_orchestration.sandbox import company

TODAY = date(2026, 11, 22)
BOOKS = ZoneInfo("America/Los_Angeles")
KINDS = {
    "amount_mismatch", "tax_mismatch", "currency_mismatch", "customer_mismatch", "status_mismatch",
    "period_mismatch", "duplicate_in_netsuite", "unlinked_in_netsuite", "missing_in_stripe",
    "payment_unapplied", "payment_mismatch", "paid_twice", "sync_failed",
}  # fmt: skip
SCALE = {"1": 100, "2": 100, "3": 100, "4": 100, "7": 1, "9": 1000}
CURRENCY = {"1": "usd", "2": "gbp", "3": "cad", "4": "eur", "7": "jpy", "9": "kwd"}
Wire = dict[str, Any]


class Ledger:
    """What the NetSuite records say, worked out without a line of the generator."""

    def __init__(self, built: company.Company) -> None:
        self.stripe = {wire["id"]: wire for wire in built.stripe}
        self.bodies = {f"@{record['body']['_key']}": record for record in built.netsuite}
        self.by_number = {wire["number"]: wire["id"] for wire in built.stripe if wire["object"] == "invoice"}
        self.planted = {row["netsuite_key"] for row in built.truth}

    def of(self, record_type: str) -> list[tuple[str, Wire]]:
        return [(key, each["body"]) for key, each in self.bodies.items() if each["recordType"] == record_type]

    def stripe_id(self, body: Wire) -> str | None:
        """By external id, the memo, or the invoice number in tranId or otherRefNum."""
        words = [body.get("externalId"), *body.get("memo", "").split()]
        found = [word for word in words if word and word.startswith(("in_", "ch_", "py_"))]
        number = body.get("tranId") or body.get("otherRefNum")
        return found[0] if found else self.by_number.get(number) if number else None


def minor(amount: float, currency: Wire) -> int:
    scaled = Decimal(str(amount)) * SCALE[currency["id"]]
    assert scaled == scaled.to_integral_value()
    return int(scaled)


def total(body: Wire) -> int:
    return sum(minor(line["amount"], body["currency"]) for line in body["item"]["items"])


def tax(body: Wire) -> int:
    lines = [line for line in body["item"]["items"] if line["item"]["id"] == "3"]
    return sum(minor(line["amount"], body["currency"]) for line in lines)


def books_date(moment: int) -> date:
    return datetime.fromtimestamp(moment, BOOKS).date()


def issue_date(invoice: Wire) -> date:
    return books_date(invoice["effective_at"] or invoice["status_transitions"]["finalized_at"])


@pytest.fixture(scope="module", params=[(7, 400), (11, 40)], ids=["default", "small"])
def demo(request: pytest.FixtureRequest) -> company.Company:
    seed, size = request.param
    return company.build(seed=seed, invoices=size, today=TODAY)


def test_every_kind_is_planted_once_per_stripe_id(demo: company.Company) -> None:
    """All kinds occur, about four in a hundred invoices, and no Stripe id carries two."""
    assert {row["kind"] for row in demo.truth} == KINDS
    assert len(demo.truth) >= 15
    named = Counter(row["stripe_id"].lower() for row in demo.truth if row["stripe_id"])
    assert max(named.values()) == 1
    assert {row["leg"] for row in demo.truth} == {"stripe_netsuite"}


def test_no_truth_row_shares_its_invoice_with_another(demo: company.Company) -> None:
    """A mistake in a payment sits on an invoice that has no mistake of its own."""
    pays: dict[str, set[str]] = {}
    for link in (wire for wire in demo.stripe if wire["object"] == "invoice_payment"):
        pays.setdefault(link["payment"]["payment_intent"], set()).add(link["invoice"])
    intents = {wire["id"]: wire["payment_intent"] for wire in demo.stripe if wire["object"] == "charge"}
    touched: list[str] = []
    for stripe_id in (row["stripe_id"] for row in demo.truth if row["stripe_id"]):
        touched += pays[intents[stripe_id]] if stripe_id in intents else [stripe_id]
    assert len(touched) == len(set(touched))


def test_references_point_to_records_loaded_earlier(demo: company.Company) -> None:
    """Loading in order never meets a key that is not there yet, and keys and external ids are unique."""
    seen: set[str] = set()
    for record in demo.netsuite:
        body = record["body"]
        asked = [body[name]["id"] for name in ("entity", "customer") if name in body]
        asked += [line["doc"]["id"] for line in body.get("apply", {}).get("items", [])]
        assert [key for key in asked if key not in seen] == []
        seen.add(f"@{body['_key']}")
    assert len(seen) == len(demo.netsuite)
    bodies = [record["body"] for record in demo.netsuite]
    external = Counter(body["externalId"].lower() for body in bodies if "externalId" in body)
    assert set(external.values()) == {1}
    names = Counter(body["companyName"] for body in bodies if "companyName" in body)
    assert set(names.values()) == {1}


def test_unplanted_invoices_agree_in_everything(demo: company.Company) -> None:
    """A right document has Stripe's total, tax, currency and customer, and the issue date in Los Angeles."""
    ledger = Ledger(demo)
    right = [(key, body) for key, body in ledger.of("invoice") if key not in ledger.planted]
    assert right
    for _, body in right:
        invoice = ledger.stripe[str(ledger.stripe_id(body))]
        assert total(body) == invoice["total"]
        assert tax(body) == sum(each["amount"] for each in invoice["total_taxes"])
        assert CURRENCY[body["currency"]["id"]] == invoice["currency"]
        assert ledger.bodies[body["entity"]["id"]]["body"]["externalId"] == invoice["customer"]
        assert date.fromisoformat(body["tranDate"]) == issue_date(invoice)
        assert invoice["status"] in ("open", "paid")


def test_unplanted_payments_agree_in_everything(demo: company.Company) -> None:
    """A right payment has the charge's amount, date and customer, and applies what the charge pays."""
    ledger = Ledger(demo)
    for key, body in ledger.of("customerPayment"):
        if key in ledger.planted:
            continue
        charge = ledger.stripe[str(ledger.stripe_id(body))]
        assert minor(body["payment"], body["currency"]) == charge["amount"]
        assert date.fromisoformat(body["tranDate"]) == books_date(charge["created"])
        assert ledger.bodies[body["customer"]["id"]]["body"]["externalId"] == charge["customer"]
        applied = {
            ledger.stripe_id(ledger.bodies[line["doc"]["id"]]["body"]): minor(line["amount"], body["currency"])
            for line in body["apply"]["items"]
        }
        paid = {
            wire["invoice"]: wire["amount_paid"]
            for wire in demo.stripe
            if wire["object"] == "invoice_payment"
            and wire["status"] == "paid"
            and wire["payment"]["payment_intent"] == charge["payment_intent"]
        }
        assert applied == paid


def test_no_invoice_is_paid_beyond_its_total(demo: company.Company) -> None:
    """NetSuite refuses over-application, so no load may contain it."""
    ledger = Ledger(demo)
    applied: Counter[str] = Counter()
    for _, body in ledger.of("customerPayment"):
        lines = body.get("apply", {}).get("items", [])
        parts = sum(minor(line["amount"], body["currency"]) for line in lines)
        assert parts <= minor(body["payment"], body["currency"])
        for line in lines:
            target = ledger.bodies[line["doc"]["id"]]["body"]
            assert (target["currency"], target["entity"]) == (body["currency"], body["customer"])
            applied[line["doc"]["id"]] += minor(line["amount"], body["currency"])
    for key, amount in applied.items():
        assert amount <= total(ledger.bodies[key]["body"])


def test_customers_have_the_currencies_of_their_documents(demo: company.Company) -> None:
    """Every document is in a currency that its customer has in NetSuite."""
    ledger = Ledger(demo)
    for kind, owner in (("invoice", "entity"), ("customerPayment", "customer")):
        for _, body in ledger.of(kind):
            customer = ledger.bodies[body[owner]["id"]]["body"]
            assert {"currency": body["currency"]} in customer["currencyList"]["items"]
            assert customer["currency"] == customer["currencyList"]["items"][0]["currency"]


def test_the_truth_says_what_the_documents_show(demo: company.Company) -> None:
    """A truth row has the amounts of the documents it names, and the rule of its kind holds."""
    ledger = Ledger(demo)
    for row in demo.truth:
        check = CHECKS[row["kind"]]
        body = ledger.bodies[row["netsuite_key"]]["body"] if row["netsuite_key"] else {}
        assert check(ledger, row, body), row


def _amount(ledger: Ledger, row: Wire, body: Wire) -> bool:
    invoice = ledger.stripe[row["stripe_id"]]
    taxes = sum(each["amount"] for each in invoice["total_taxes"])
    larger = row["actual_minor"] > row["expected_minor"]
    return bool(
        (invoice["total"], total(body)) == (row["expected_minor"], row["actual_minor"])
        and total(body) > 0
        and tax(body) == taxes
        and (larger or invoice["status"] == "open")
        and total(body) != invoice["total"]
    )


def _tax(ledger: Ledger, row: Wire, body: Wire) -> bool:
    invoice = ledger.stripe[row["stripe_id"]]
    return bool(
        total(body) - tax(body) == invoice["total_excluding_tax"]
        and tax(body) == row["actual_minor"] != row["expected_minor"]
        and invoice["status"] == "open"
    )


def _currency(ledger: Ledger, row: Wire, body: Wire) -> bool:
    invoice = ledger.stripe[row["stripe_id"]]
    return bool(CURRENCY[body["currency"]["id"]] != invoice["currency"] and invoice["status"] == "open")


def _customer(ledger: Ledger, row: Wire, body: Wire) -> bool:
    invoice = ledger.stripe[row["stripe_id"]]
    booked = ledger.bodies[body["entity"]["id"]]["body"]["externalId"]
    other = booked != invoice["customer"]
    return bool(other and invoice["status"] == "open" and total(body) == invoice["total"])


def _period(ledger: Ledger, row: Wire, body: Wire) -> bool:
    issued, booked = issue_date(ledger.stripe[row["stripe_id"]]), date.fromisoformat(body["tranDate"])
    return (issued.year, issued.month) != (booked.year, booked.month) and booked < TODAY


def _duplicate(ledger: Ledger, row: Wire, body: Wire) -> bool:
    twins = [each for _, each in ledger.of("invoice") if ledger.stripe_id(each) == row["stripe_id"]]
    return (
        len(twins) == 2
        and sum(total(each) for each in twins) == row["actual_minor"]
        and [("externalId" in each) for each in twins] == [True, False]
        and body is twins[1]
    )


def _payments(ledger: Ledger, row: Wire) -> list[Wire]:
    return [each for _, each in ledger.of("customerPayment") if ledger.stripe_id(each) == row["stripe_id"]]


def _paid_twice(ledger: Ledger, row: Wire, body: Wire) -> bool:
    both = _payments(ledger, row)
    amounts = sum(minor(each["payment"], each["currency"]) for each in both)
    return len(both) == 2 and amounts == row["actual_minor"] and body is both[1] and "apply" not in body


def _short(ledger: Ledger, row: Wire, body: Wire) -> bool:
    booked, charged = minor(body["payment"], body["currency"]), ledger.stripe[row["stripe_id"]]["amount"]
    return bool(0 < booked == row["actual_minor"] < row["expected_minor"] == charged)


def _refused(ledger: Ledger, row: Wire, _: Wire) -> bool:
    invoice = ledger.stripe[row["stripe_id"]]
    return bool(invoice["status"] == "open" and invoice["total"] == row["expected_minor"])


CHECKS: dict[str, Callable[[Ledger, Wire, Wire], bool]] = {
    "amount_mismatch": _amount,
    "tax_mismatch": _tax,
    "currency_mismatch": _currency,
    "customer_mismatch": _customer,
    "period_mismatch": _period,
    "duplicate_in_netsuite": _duplicate,
    "paid_twice": _paid_twice,
    "payment_mismatch": _short,
    "sync_failed": _refused,
    "status_mismatch": lambda ledger, row, body: ledger.stripe[row["stripe_id"]]["status"] == "void",
    "payment_unapplied": lambda ledger, row, body: "apply" not in body and len(_payments(ledger, row)) == 1,
    "unlinked_in_netsuite": lambda ledger, row, body: ledger.stripe_id(body) is None,
    "missing_in_stripe": lambda ledger, row, body: (
        row["stripe_id"] == ledger.stripe_id(body) and row["stripe_id"] not in ledger.stripe
    ),
}


def test_every_final_invoice_is_kept_missing_or_refused(demo: company.Company) -> None:
    """What a first run has to write is exactly what is final, worth something and nowhere in NetSuite."""
    ledger = Ledger(demo)
    kept = {ledger.stripe_id(body) for _, body in ledger.of("invoice")}
    refused = {row["stripe_id"] for row in demo.truth if row["kind"] == "sync_failed"}
    final = {
        wire["id"]
        for wire in demo.stripe
        if wire["object"] == "invoice" and wire["status"] in ("open", "paid") and wire["total"] > 0
    }
    assert set(demo.missing) == final - kept - refused
    paid = {ledger.stripe_id(body) for _, body in ledger.of("customerPayment")}
    charged = {wire["id"] for wire in demo.stripe if wire["object"] == "charge" and wire["paid"]}
    assert set(demo.payments_missing) == charged - paid
    assert demo.missing
    assert demo.payments_missing
    known = {body["externalId"] for _, body in ledger.of("customer")}
    wanted = {ledger.stripe[each]["customer"] for each in (*demo.missing, *refused)}
    assert set(demo.customers_missing) == wanted - known


def test_both_styles_of_bookkeeping_occur() -> None:
    """Some documents carry external ids, others only a memo or the invoice number, and some came late."""
    demo = company.build(today=TODAY)
    ledger = Ledger(demo)
    invoices = [body for _, body in ledger.of("invoice")]
    assert any("externalId" in body for body in invoices)
    assert any("tranId" in body for body in invoices)
    assert any("otherRefNum" in body for body in invoices)
    assert any(body.get("memo", "").startswith("Stripe in_") for body in invoices)
    payments = [body for _, body in ledger.of("customerPayment")]
    assert any("externalId" not in body and body["memo"].startswith("Stripe ch_") for body in payments)
    assert demo.customers_missing
    currencies = {CURRENCY[body["currency"]["id"]] for body in invoices}
    assert currencies == {"usd", "gbp", "cad", "eur", "jpy", "kwd"}


def test_only_the_refused_document_is_in_the_closed_period(demo: company.Company) -> None:
    """Closing the period after loading stops one document and no other."""
    (closed,) = demo.closed_periods
    ledger = Ledger(demo)
    dates = [
        date.fromisoformat(body["tranDate"]) for kind in ("invoice", "customerPayment") for _, body in ledger.of(kind)
    ]
    dates += [issue_date(ledger.stripe[each]) for each in demo.missing]
    assert closed not in {each.strftime("%b %Y") for each in dates}
    refused = [ledger.stripe[row["stripe_id"]] for row in demo.truth if row["kind"] == "sync_failed"]
    assert [issue_date(each).strftime("%b %Y") for each in refused].count(closed) == 1


def test_near_a_month_end_the_books_have_their_own_month() -> None:
    """Invoices finalized in the night to the first belong to the month before in Los Angeles."""
    demo = company.build(today=TODAY)
    ledger = Ledger(demo)
    kept = [
        ledger.stripe[each]
        for _, body in ledger.of("invoice")
        if (each := str(ledger.stripe_id(body))) in ledger.stripe
    ]
    crossing = [
        each
        for each in kept
        if datetime.fromtimestamp(each["status_transitions"]["finalized_at"], UTC).month
        != books_date(each["status_transitions"]["finalized_at"]).month
    ]
    assert crossing
