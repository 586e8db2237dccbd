"""The demo company's books: right documents agree with Stripe to the cent, wrong ones are in the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.sandbox import company
from o2c_orchestration_tests.unit.company_ledger import (
    CURRENCY,
    DOLLAR,
    Ledger,
    Wire,
    applied,
    banked,
    books_date,
    issue_date,
    minor,
    tax,
    total,
)

TODAY = date(2026, 11, 22)
KINDS = {
    "amount_mismatch", "tax_mismatch", "currency_mismatch", "customer_mismatch",
    "period_mismatch", "duplicate_in_netsuite", "unlinked_in_netsuite", "missing_in_stripe",
    "payment_unapplied", "payment_mismatch", "paid_twice", "sync_failed",
    "payout_residual",
}  # fmt: skip
# A small company has no room for deposits that others kept.
DEPOSIT_KINDS = {"deposit_mismatch", "fee_missing"}


@pytest.fixture(scope="module", params=[(7, 400), (11, 40)], ids=["default", "small"])
def demo(request: pytest.FixtureRequest) -> company.Company:
    seed, size = request.param
    return company.build(seed=seed, invoices=size, today=TODAY)


def test_every_kind_is_planted_once_per_stripe_id(demo: company.Company) -> None:
    """All kinds occur, about four in a hundred invoices, and no Stripe id carries two."""
    assert {row["kind"] for row in demo.truth} - DEPOSIT_KINDS == KINDS
    assert len(demo.truth) >= 15
    named = Counter(row["stripe_id"].lower() for row in demo.truth if row["stripe_id"])
    assert max(named.values()) == 1
    on_payouts = {"payout_residual", *DEPOSIT_KINDS}
    assert all((row["leg"] == "payout_deposit") == (row["kind"] in on_payouts) for row in demo.truth)
    assert {row["leg"] for row in demo.truth} == {"stripe_netsuite", "payout_deposit"}


def test_no_truth_row_shares_its_invoice_with_another(demo: company.Company) -> None:
    """A mistake in a payment sits on an invoice that has no mistake of its own."""
    pays: dict[str, set[str]] = {}
    for link in (wire for wire in demo.stripe if wire["object"] == "invoice_payment"):
        pays.setdefault(link["payment"]["payment_intent"], set()).add(link["invoice"])
    paid_by = ("charge", "refund", "dispute")
    intents = {wire["id"]: wire["payment_intent"] for wire in demo.stripe if wire["object"] in paid_by}
    invoices = {wire["id"]: wire["invoice"] for wire in demo.stripe if wire["object"] == "credit_note"}
    touched: list[str] = []
    # A residual is the other side of a payment booked with another amount.
    rows = [row for row in demo.truth if row["kind"] != "payout_residual"]
    for stripe_id in (row["stripe_id"] for row in rows if row["stripe_id"]):
        touched += pays[intents[stripe_id]] if stripe_id in intents else [invoices.get(stripe_id, stripe_id)]
    assert len(touched) == len(set(touched))


def test_references_point_to_records_loaded_earlier(demo: company.Company) -> None:
    """Loading in order never meets a key that is not there yet, and keys and external ids are unique."""
    seen: set[str] = set()
    for record in demo.netsuite:
        body = record["body"]
        asked = [body[name]["id"] for name in ("entity", "customer") if name in body]
        asked += [line["doc"]["id"] for line in body.get("apply", {}).get("items", [])]
        asked += [line["id"] for line in body.get("payment", {}).get("items", [])] if "account" in body else []
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
        # One is void in Stripe and was left open in the books: the first run writes a credit memo.
        assert invoice["status"] in ("open", "paid", "uncollectible", "void")
        assert invoice["status"] != "void" or f"cm-{invoice['id']}" in demo.documents_missing["creditMemo"]


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
            for line in body.get("apply", {}).get("items", [])
        }
        paid = {
            wire["invoice"]: wire["amount_paid"]
            for wire in demo.stripe
            if wire["object"] == "invoice_payment"
            and wire["status"] == "paid"
            and wire["payment"]["payment_intent"] == charge["payment_intent"]
        }
        assert applied == paid
        assert applied or charge["description"] == "Payment on account"


def test_nothing_is_applied_beyond_its_total(demo: company.Company) -> None:
    """NetSuite refuses over-application, of an invoice as of a memo or payment that is refunded."""
    ledger = Ledger(demo)
    applied: Counter[str] = Counter()
    kinds = (("customerPayment", "customer"), ("creditMemo", "entity"), ("customerRefund", "customer"))
    for (key, body), owner in ((each, owner) for kind, owner in kinds for each in ledger.of(kind)):
        lines = body.get("apply", {}).get("items", [])
        parts = sum(minor(line["amount"], body["currency"]) for line in lines)
        # A refund takes what it applies, so there is nothing of its own to go beyond.
        applied[key] += parts if not key.startswith("@refund") else 0
        for line in lines:
            target = ledger.bodies[line["doc"]["id"]]["body"]
            assert target["currency"] == body["currency"]
            assert target.get("entity", target.get("customer")) == body[owner]
            applied[line["doc"]["id"]] += minor(line["amount"], body["currency"])
    for key, amount in applied.items():
        body = ledger.bodies[key]["body"]
        assert key.startswith("@refund") or amount <= (
            total(body) if "item" in body else minor(body["payment"], body["currency"])
        )


def test_customers_have_the_currencies_of_their_documents(demo: company.Company) -> None:
    """Every document is in a currency that its customer has in NetSuite."""
    ledger = Ledger(demo)
    owners = {"invoice": "entity", "customerPayment": "customer", "creditMemo": "entity", "customerRefund": "customer"}
    for kind, owner in owners.items():
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
    if invoice["object"] == "credit_note":
        amounts = (invoice["total"], total(body))
        return (
            amounts == (row["expected_minor"], row["actual_minor"]) and amounts[0] < amounts[1] and "apply" not in body
        )
    if body.get("externalId", "").startswith("cb-"):
        used = invoice["ending_balance"] - invoice["starting_balance"]
        return bool((used, total(body)) == (row["expected_minor"], row["actual_minor"]) and used < total(body))
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
    """Two documents of one type, the second by hand, and between them twice the amount."""
    kind = ledger.bodies[row["netsuite_key"]]["recordType"]
    twins = [each for _, each in ledger.of(kind) if ledger.stripe_id(each) == row["stripe_id"]]
    amounts = sum(applied(each) if kind == "customerRefund" else total(each) for each in twins)
    return (
        len(twins) == 2
        and amounts == row["actual_minor"] == 2 * row["expected_minor"]
        and [("externalId" in each) for each in twins] == [True, False]
        and body is twins[1]
    )


def _wrong_total(ledger: Ledger, row: Wire, body: Wire) -> bool:
    """All fees are there, but a payment is not."""
    payout = ledger.stripe[row["stripe_id"]]
    fees = sum(minor(line["amount"], DOLLAR) for line in body["cashBack"]["items"])
    return (
        payout["amount"] == row["expected_minor"] > row["actual_minor"] == banked(ledger, body) > 0
        and fees == sum(member["fee"] for member in ledger.members(payout["id"]))
        and len(body["payment"]["items"]) == len(ledger.members(payout["id"])) - 1
    )


def _no_fees(ledger: Ledger, row: Wire, body: Wire) -> bool:
    payout = ledger.stripe[row["stripe_id"]]
    fees = sum(member["fee"] for member in ledger.members(payout["id"]))
    return (
        body["cashBack"]["items"] == []
        and row["actual_minor"] == 0
        and fees == row["expected_minor"] > 0
        and banked(ledger, body) == payout["amount"] + fees
    )


def _residual(ledger: Ledger, row: Wire, body: Wire) -> bool:
    """A member of a payout that we deposit: of an unknown type, or of a payment that is planted wrong."""
    entry = ledger.stripe[row["stripe_id"]]
    wrong = {each["stripe_id"] for each in ledger.truth if each["kind"] == "payment_mismatch"}
    return (
        body == {}
        and row["netsuite_key"] is None
        and (row["expected_minor"], row["actual_minor"], row["currency"]) == (entry["amount"], 0, "usd")
        and entry["_payout"] in ledger.missing_deposits
        and (entry["type"] == "galactic_levy" or entry["source"] in wrong)
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
    "deposit_mismatch": _wrong_total,
    "fee_missing": _no_fees,
    "payout_residual": _residual,
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
        if wire["object"] == "invoice" and wire["status"] in ("open", "paid", "uncollectible") and wire["total"] > 0
    }
    assert set(demo.missing) == final - kept - refused
    paid = {ledger.stripe_id(body) for _, body in ledger.of("customerPayment")}
    charges = [wire for wire in demo.stripe if wire["object"] == "charge" and wire["paid"]]
    invoiced = {wire["payment"]["payment_intent"] for wire in demo.stripe if wire["object"] == "invoice_payment"}
    charged = {wire["id"] for wire in charges if wire["payment_intent"] in invoiced}
    assert set(demo.payments_missing) == charged - paid
    assert demo.missing
    assert demo.payments_missing
    known = {body["externalId"] for _, body in ledger.of("customer")}
    wanted = {ledger.stripe[each]["customer"] for each in (*demo.missing, *refused)}
    wanted |= {wire["customer"] for wire in charges if wire["payment_intent"] not in invoiced}
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
