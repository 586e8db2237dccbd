"""Promises about credit notes in the Stripe sandbox: what is due goes down, what was paid goes somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with SandboxServer(tmp_path, config=SandboxConfig(stripe_requests_per_second=10_000)) as server:
        yield Account(server.base_url)


def paid(account: Account, *amounts: int) -> Any:
    return account.post(f"invoices/{account.invoice(*amounts)['id']}/pay")


def charge_of(account: Account, invoice: Any) -> Any:
    return account.get("charges", customer=invoice["customer"])["data"][0]


def taxed(account: Account, amount: int, **rate: Any) -> Any:
    rate = {"display_name": "VAT", "percentage": "19", "inclusive": "false", **rate}
    return account.invoice(amount, **{"tax_rates[0]": account.post("tax_rates", rate)["id"]})


def test_a_note_on_an_open_invoice_lowers_what_is_due(account: Account) -> None:
    """Before payment a note takes off the amount due, and the payment asks for what is left."""
    invoice = account.invoice(10_000)
    note = account.post("credit_notes", invoice=invoice["id"], amount=3_000, reason="order_change", memo="Sorry")
    shown = [note[name] for name in ("type", "pre_payment_amount", "post_payment_amount", "status", "memo", "reason")]
    assert shown == ["pre_payment", 3_000, 0, "issued", "Sorry", "order_change"]
    assert [note[name] for name in ("amount", "total", "subtotal")] == [3_000] * 3
    assert (note["number"], note["effective_at"]) == (f"{invoice['number']}-CN-01", note["created"])
    after = account.get(f"invoices/{invoice['id']}")
    amounts = [after[name] for name in ("total", "amount_due", "amount_remaining", "amount_paid", "status")]
    assert amounts == [10_000, 7_000, 7_000, 0, "open"]
    assert after["pre_payment_credit_notes_amount"] == 3_000
    settled = account.post(f"invoices/{invoice['id']}/pay")
    assert (settled["status"], settled["amount_paid"], charge_of(account, invoice)["amount"]) == ("paid", 7_000, 7_000)
    assert account.events("credit_note", "invoice.updated")[:2] == ["credit_note.created", "invoice.updated"]


def test_a_note_over_all_that_is_due_settles_the_invoice(account: Account) -> None:
    """With nothing left due the invoice is paid, though nobody paid; its payment is canceled."""
    invoice = account.invoice(10_000)
    account.post("credit_notes", invoice=invoice["id"], amount=10_000)
    after = account.get(f"invoices/{invoice['id']}")
    assert [after[name] for name in ("status", "amount_due", "amount_paid", "amount_remaining")] == ["paid", 0, 0, 0]
    assert after["status_transitions"]["paid_at"]
    assert account.get("invoice_payments", invoice=invoice["id"])["data"][0]["status"] == "canceled"
    updated = account.get("events", type="invoice.updated")["data"][0]["data"]["previous_attributes"]
    assert (updated["amount_remaining"], updated["pre_payment_credit_notes_amount"]) == (10_000, 0)


def test_a_voided_note_is_due_again(account: Account) -> None:
    """While the invoice is open a note can be voided, once; a note of a paid invoice cannot."""
    invoice = account.invoice(10_000)
    note = account.post("credit_notes", invoice=invoice["id"], amount=3_000)
    void = account.post(f"credit_notes/{note['id']}/void")
    assert (void["status"], bool(void["voided_at"])) == ("void", True)
    after = account.get(f"invoices/{invoice['id']}")
    names = ("amount_due", "amount_remaining", "pre_payment_credit_notes_amount")
    assert [after[name] for name in names] == [10_000, 10_000, 0]
    assert account.events("credit_note") == ["credit_note.created", "credit_note.voided"]
    assert "error" in account.post(f"credit_notes/{note['id']}/void")
    whole = account.post("credit_notes", invoice=invoice["id"], amount=10_000)
    assert "error" in account.post(f"credit_notes/{whole['id']}/void")


def test_a_note_on_a_paid_invoice_refunds_its_charge(account: Account) -> None:
    """The refund that it makes is linked to it, and moves charge and balance as any refund."""
    invoice = paid(account, 10_000)
    note = account.post("credit_notes", invoice=invoice["id"], amount=4_000, refund_amount=4_000)
    assert [note[name] for name in ("type", "pre_payment_amount", "post_payment_amount")] == ["post_payment", 0, 4_000]
    (link,) = note["refunds"]
    refund = account.get(f"refunds/{link['refund']}")
    assert (link["amount_refunded"], link["type"], link["payment_record_refund"]) == (4_000, "refund", None)
    assert (refund["amount"], refund["charge"]) == (4_000, charge_of(account, invoice)["id"])
    assert charge_of(account, invoice)["amount_refunded"] == 4_000
    after = account.get(f"invoices/{invoice['id']}")
    names = ("status", "amount_paid", "post_payment_credit_notes_amount", "pre_payment_credit_notes_amount")
    assert [after[name] for name in names] == ["paid", 10_000, 4_000, 0]


def test_an_earlier_refund_can_be_linked(account: Account) -> None:
    """A refund of the invoice's payment is linked whole or in part, never twice, and never another's."""
    invoice, other = paid(account, 10_000), paid(account, 5_000)
    refund = account.post("refunds", charge=charge_of(account, invoice)["id"], amount=3_000)["id"]
    link = {"refunds[0][refund]": refund, "refunds[0][type]": "refund"}
    part = account.post(
        "credit_notes", {**link, "refunds[0][amount_refunded]": 1_000}, invoice=invoice["id"], amount=1_000
    )
    assert part["refunds"][0]["amount_refunded"] == 1_000
    rest = account.post("credit_notes", link, invoice=invoice["id"], amount=2_500, out_of_band_amount=500)
    assert (rest["refunds"][0]["amount_refunded"], rest["out_of_band_amount"]) == (2_000, 500)
    assert (
        account.post("credit_notes", link, invoice=invoice["id"], amount=1)["error"]["param"]
        == "refunds[amount_refunded]"
    )
    second = {"refunds[0][refund]": account.post("refunds", charge=charge_of(account, invoice)["id"], amount=100)["id"]}
    assert (
        account.post("credit_notes", second, invoice=invoice["id"], amount=100)["refunds"][0]["amount_refunded"] == 100
    )
    error = account.post("credit_notes", link, invoice=other["id"], amount=3_000)["error"]
    assert error["param"] == "refunds[refund]"
    assert account.get(f"invoices/{invoice['id']}")["post_payment_credit_notes_amount"] == 3_600


def test_what_was_paid_must_be_allocated_to_the_cent(account: Account) -> None:
    """Too little, too much, or a negative part is refused, and nothing is written."""
    invoice = paid(account, 10_000)
    for allocated in (
        {},
        {"refund_amount": 999},
        {"refund_amount": 600, "credit_amount": 401},
        {"refund_amount": 1_001, "credit_amount": -1},
    ):
        error = account.post("credit_notes", allocated, invoice=invoice["id"], amount=1_000)["error"]
        assert "must equal the post payment credit note amount ($10.00)" in error["message"]
    opened = account.invoice(500)
    assert "error" in account.post("credit_notes", invoice=opened["id"], amount=500, out_of_band_amount=500)
    assert account.get("credit_notes")["data"] == []
    assert account.get("refunds")["data"] == []


def test_a_note_of_a_partly_paid_invoice_is_mixed(account: Account) -> None:
    """What is due goes first; only what is left of the note was paid, and has to be given back."""
    invoice = account.invoice(10_000)
    intent = account.post("payment_intents", amount=6_000, currency="usd", customer=invoice["customer"], confirm="true")
    account.post(f"invoices/{invoice['id']}/attach_payment", payment_intent=intent["id"])
    note = account.post("credit_notes", invoice=invoice["id"], amount=5_000, refund_amount=1_000)
    assert [note[name] for name in ("type", "pre_payment_amount", "post_payment_amount")] == ["mixed", 4_000, 1_000]
    after = account.get(f"invoices/{invoice['id']}")
    names = ("status", "amount_due", "amount_paid", "amount_remaining")
    assert [after[name] for name in names] == ["paid", 6_000, 6_000, 0]
    assert charge_of(account, invoice)["amount_refunded"] == 1_000


def test_no_more_is_credited_than_the_invoice_is_over(account: Account) -> None:
    """All notes of an invoice together stay within its total; drafts and void invoices take none."""
    invoice = account.invoice(10_000)
    account.post("credit_notes", invoice=invoice["id"], amount=6_000)
    error = account.post("credit_notes", invoice=invoice["id"], amount=4_001)["error"]
    assert "($40.01)" in error["message"]
    assert "($40.00)" in error["message"]
    draft = account.post("invoices", customer=invoice["customer"])
    assert account.post("credit_notes", invoice=draft["id"], amount=1)["error"]["param"] == "invoice"
    account.post(f"invoices/{invoice['id']}/void")
    assert account.post("credit_notes", invoice=invoice["id"], amount=1)["error"]["param"] == "invoice"
    opened = account.invoice(100)
    assert account.post("credit_notes", invoice=opened["id"])["error"]["code"] == "parameter_missing"
    assert account.post("credit_notes", amount=1)["error"]["code"] == "parameter_missing"
    assert account.post("credit_notes", invoice=opened["id"], amount=1, reason="bored")["error"]["param"] == "reason"
    assert account.get("credit_notes/cn_none")["error"]["code"] == "resource_missing"


def test_lines_of_the_invoice_are_credited_with_their_tax(account: Account) -> None:
    """A part of a line takes its part of the tax; all of the lines come to the invoice's total."""
    invoice = taxed(account, 999)
    assert invoice["total"] == 1_189
    line = invoice["lines"]["data"][0]["id"]
    asked = {"lines[0][type]": "invoice_line_item", "lines[0][invoice_line_item]": line}
    part = account.post("credit_notes", {**asked, "lines[0][amount]": 333}, invoice=invoice["id"])
    (tax,) = part["total_taxes"]
    assert (part["subtotal"], tax["amount"], tax["taxable_amount"], part["total"]) == (333, 63, 333, 396)
    assert (part["total_excluding_tax"], part["amount"]) == (333, 396)
    row = part["lines"]["data"][0]
    assert (row["type"], row["invoice_line_item"], row["amount"]) == ("invoice_line_item", line, 333)
    assert row["taxes"] == [tax]
    second = taxed(account, 999)
    line = second["lines"]["data"][0]["id"]
    whole = account.post("credit_notes", {**asked, "lines[0][invoice_line_item]": line}, invoice=second["id"])
    assert (whole["total"], account.get(f"invoices/{second['id']}")["status"]) == (1_189, "paid")
    for amount in (1_000, -1):
        wrong = account.post("credit_notes", {**asked, "lines[0][amount]": amount}, invoice=invoice["id"])
        assert wrong["error"]["param"] == "lines[amount]"


def test_tax_inside_the_price_is_inside_the_credit(account: Account) -> None:
    """Inclusive tax is not put on top; an amount without lines carries its share of tax as well."""
    invoice = taxed(account, 11_900, inclusive="true")
    note = account.post("credit_notes", invoice=invoice["id"], amount=1_190)
    (tax,) = note["total_taxes"]
    assert (note["total"], note["subtotal"], note["subtotal_excluding_tax"]) == (1_190, 1_190, 1_000)
    assert (tax["amount"], tax["tax_behavior"], note["total_excluding_tax"]) == (190, "inclusive", 1_000)
    on_top = account.post("credit_notes", invoice=taxed(account, 10_000)["id"], amount=1_190)
    row = on_top["lines"]["data"][0]
    assert (on_top["total"], on_top["subtotal"], row["amount"], row["type"]) == (
        1_190,
        1_000,
        1_000,
        "custom_line_item",
    )


def test_lines_of_ones_own_are_priced_and_taxed(account: Account) -> None:
    """A custom line has quantity, unit amount and rates; what lacks a word is refused by name."""
    rate = account.post("tax_rates", display_name="VAT", percentage="10", inclusive="false")["id"]
    invoice = account.invoice(10_000)
    line = {"type": "custom_line_item", "description": "Goodwill", "quantity": 3, "unit_amount": 100}
    asked = {f"lines[0][{name}]": value for name, value in line.items()} | {"lines[0][tax_rates][0]": rate}
    note = account.post("credit_notes", asked, invoice=invoice["id"])
    row = note["lines"]["data"][0]
    names = ("description", "quantity", "unit_amount", "unit_amount_decimal", "amount")
    assert [row[name] for name in names] == ["Goodwill", 3, 100, "100", 300]
    assert (note["total"], row["tax_rates"][0]["id"], row["taxes"][0]["amount"]) == (330, rate, 30)
    for missing in ("description", "unit_amount", "type"):
        some = {name: value for name, value in asked.items() if missing not in name}
        assert account.post("credit_notes", some, invoice=invoice["id"])["error"]["param"] == f"lines[{missing}]"


def test_a_note_shows_ten_lines_and_pages_the_others(account: Account) -> None:
    """Beyond ten, lines are read from the note's own list, in their order."""
    invoice = account.invoice(*range(1, 16))
    asked = {}
    for place, line in enumerate(account.get(f"invoices/{invoice['id']}/lines", limit=100)["data"]):
        asked[f"lines[{place}][type]"] = "invoice_line_item"
        asked[f"lines[{place}][invoice_line_item]"] = line["id"]
    note = account.post("credit_notes", asked, invoice=invoice["id"])
    assert (len(note["lines"]["data"]), note["lines"]["has_more"]) == (10, True)
    assert note["lines"]["url"] == f"/v1/credit_notes/{note['id']}/lines"
    path = f"credit_notes/{note['id']}/lines"
    rest = account.get(path, starting_after=note["lines"]["data"][-1]["id"])
    assert [each["amount"] for each in rest["data"]] == [11, 12, 13, 14, 15]
    assert len(account.get(path, limit=100)["data"]) == 15
    assert account.get("credit_notes/cn_none/lines")["error"]["code"] == "resource_missing"


def test_notes_list_by_invoice_and_customer_and_can_be_annotated(account: Account) -> None:
    """Filters find the notes of one invoice or customer; memo and metadata change, amounts do not."""
    first, second = account.invoice(100), account.invoice(200)
    notes = [account.post("credit_notes", invoice=each["id"], amount=10) for each in (first, second)]
    assert [each["id"] for each in account.get("credit_notes", invoice=first["id"])["data"]] == [notes[0]["id"]]
    assert [each["id"] for each in account.get("credit_notes", customer=second["customer"])["data"]] == [notes[1]["id"]]
    assert account.get("credit_notes", **{"created[lt]": 1_000})["data"] == []
    changed = account.post(f"credit_notes/{notes[0]['id']}", {"metadata[a]": "1"}, memo="Hm")
    assert (changed["memo"], changed["metadata"]) == ("Hm", {"a": "1"})
    assert account.events("credit_note.updated") == ["credit_note.updated"]
    assert account.post(f"credit_notes/{notes[0]['id']}", amount=1)["error"]["code"] == "parameter_unknown"


def test_loaded_notes_keep_their_lines(account: Account) -> None:
    """A note loaded whole embeds ten of its lines and pages them all."""
    lines = [{"id": f"cnli_{each}", "object": "credit_note_line_item", "amount": each} for each in range(12)]
    note = {"id": "cn_1", "object": "credit_note", "created": 7, "invoice": "in_1", "customer": "cus_1"}
    account.load({**note, "status": "issued", "lines": {"object": "list", "data": lines}})
    assert len(account.get("credit_notes/cn_1")["lines"]["data"]) == 10
    assert len(account.get("credit_notes/cn_1/lines", limit=50)["data"]) == 12
    assert [each["id"] for each in account.get("credit_notes", invoice="in_1")["data"]] == ["cn_1"]


def test_the_sdk_reads_credit_notes_as_its_own(account: Account) -> None:
    """Every field that the SDK declares is there, references expand, and lines page by themselves."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": account.base_url})
    invoice = paid(account, *range(101, 113))
    lines: Any = [
        {"type": "invoice_line_item", "invoice_line_item": each.id}
        for each in client.v1.invoices.line_items.list(invoice["id"], {"limit": 100}).data
    ]
    made = client.v1.credit_notes.create(
        {"invoice": invoice["id"], "lines": lines, "refund_amount": 1_000, "credit_amount": 278}
    )
    assert (made.total, made.post_payment_amount) == (1_278, 1_278)
    expand = ["refunds.refund", "customer_balance_transaction", "invoice", "customer"]
    note = client.v1.credit_notes.retrieve(made.id, {"expand": expand})
    assert isinstance(note.refunds[0].refund, stripe_sdk.Refund)
    assert isinstance(note.customer_balance_transaction, stripe_sdk.CustomerBalanceTransaction)
    assert isinstance(note.invoice, stripe_sdk.Invoice)
    assert [each.amount for each in note.lines.auto_paging_iter()] == list(range(101, 113))
    assert len(client.v1.credit_notes.line_items.list(made.id, {"limit": 100}).data) == 12
    assert set(stripe_sdk.CreditNote.__annotations__) - {"OBJECT_NAME"} <= set(made.to_dict())
    row = made.lines.data[0]
    assert set(stripe_sdk.CreditNoteLineItem.__annotations__) - {"OBJECT_NAME"} <= set(row.to_dict())
    with pytest.raises(stripe_sdk.InvalidRequestError):
        client.v1.credit_notes.void_credit_note(made.id)
