"""What metadata says of NetSuite, as the planner takes it: kept out, taken, or refused by name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.directives import Directives, LookAlike, Pointer
from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    CreditedRow,
    CreditNoteRow,
    CustomerRow,
    DisputeRow,
    InvoiceRow,
    KnownDocument,
    LeftOut,
    LineRow,
    PaymentRow,
    Plan,
    RefundRow,
    Rows,
)
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.directives import with_price_items

MOMENT = datetime(2026, 2, 15, 12, tzinfo=UTC)
DAY = date(2026, 2, 15)
LINE = LineRow("il_1", "Seats", 1000, price_id="price_1")
INVOICE = InvoiceRow("in_1", "cus_1", "A-1", "usd", "open", 1000, 0, 1000, DAY, None, MOMENT, (LINE,))
PAYMENT = PaymentRow("ch_1", "cus_1", "usd", 1000, DAY, MOMENT, (ApplicationRow("in_1", 1000),))
NOTE = CreditNoteRow(
    "cn_1", "in_1", "cus_1", "usd", "issued", 400, 0, 0, DAY, MOMENT, (LineRow("cnli_1", "Seats", 400),)
)
REFUND = RefundRow("re_1", "ch_1", "usd", 300, DAY, MOMENT)
DISPUTE = DisputeRow("dp_1", "ch_1", "usd", 200, "lost", DAY, MOMENT)
MEMBER = MemberRow(
    "txn_1", "charge", "charge", "ch_1", "usd", 1000, 0, 1000, MOMENT, (), "usd", 1000, hangs_on=("cus_1",)
)
PAYOUT = PayoutRow("po_1", "usd", 1000, "paid", DAY, MOMENT, automatic=True, complete=True, members=(MEMBER,))
ROWS = Rows(
    customers=(CustomerRow("cus_1", "Ann", None, MOMENT),),
    invoices=(INVOICE,),
    payments=(PAYMENT,),
    credit_notes=(NOTE,),
    histories=(ChargeHistory(PAYMENT, (REFUND,), (DISPUTE,)),),
    payouts=(PAYOUT,),
)
EVERYTHING = {"cus_1", "in_1", "ch_1", "cn_1", "re_1", "cm-re_1", "dp_1", "cm-dp_1", "po_1"}


def plan(rows: Rows = ROWS, known: dict[str, KnownDocument] | None = None, **directives: Any) -> Plan:
    return make_plan(Policy(), replace(rows, directives=Directives(**directives)), known or {})


def written(found: Plan) -> set[str]:
    return {command.external_id for command in found.commands}


def refused(found: Plan) -> dict[str, str]:
    return {refusal.external_id: refusal.code for refusal in found.refusals}


def pointer(**changes: Any) -> Pointer:
    """Metadata of the invoice that names a document which could be its mirror, but for the changes."""
    return replace(Pointer("in_1", "netsuite_invoice_id", "55", "invoice", "in_1", "55", "invoice"), **changes)


def test_without_metadata_everything_is_written():
    """What the cases below leave out is what metadata leaves out."""
    found = plan()
    assert (written(found), refused(found), found.left_out) == (EVERYTHING, {}, ())


@pytest.mark.parametrize(
    ("blocked", "kept_out"),
    [
        ("cus_1", {"in_1", "ch_1", "cn_1", "re_1", "dp_1"}),
        ("ch_1", {"ch_1", "re_1", "dp_1"}),
        ("cn_1", {"cn_1"}),
        ("re_1", {"re_1"}),
        ("dp_1", {"dp_1"}),
        ("po_1", {"po_1"}),
    ],
)
def test_what_is_blocked_is_not_written_nor_what_hangs_on_it(blocked, kept_out):
    """It is told with its money and the object whose metadata says so; everything else is written as ever."""
    found = plan(blocked={blocked: "true"})
    memos = {f"cm-{key}" for key in kept_out}
    alone = {"cus_1"} if blocked == "cus_1" else set()
    assert written(found) == EVERYTHING - kept_out - memos - alone
    assert (refused(found), {item.stripe_id for item in found.left_out}) == ({}, kept_out)
    money = {"in_1": 1000, "ch_1": 1000, "cn_1": 400, "re_1": 300, "dp_1": 200, "po_1": 1000}
    assert {item.stripe_id: item.amount_minor for item in found.left_out} == {key: money[key] for key in kept_out}
    assert all(("of " + blocked in item.reason) == (item.stripe_id != blocked) for item in found.left_out)


def test_a_blocked_invoice_leaves_its_payment_without_a_place():
    """The payment is refused by name, never booked unapplied: where it belongs nobody has said."""
    found = plan(blocked={"in_1": "true"})
    assert {item.stripe_id for item in found.left_out} == {"in_1", "cn_1"}
    assert refused(found) == {"ch_1": "INVOICE_BLOCKED", "re_1": "PAYMENT_MISSING", "dp_1": "PAYMENT_MISSING"}
    assert "block ch_1 too" in found.refusals[0].fix


def test_a_blocked_payment_is_a_residual_of_its_deposit():
    """The payout is deposited to the cent, with a line on Suspense that says why; so for the customer's block."""
    for blocked in ("ch_1", "cus_1"):
        [deposit] = [command for command in plan(blocked={blocked: "true"}).commands if command.document == "deposit"]
        assert deposit.amount_minor == 1000
        assert [line.text for line in deposit.lines] == ["txn_1 charge: blocked by metadata"]
        assert "payment" not in deposit.body


def test_a_document_that_is_there_all_the_same_is_used():
    """Blocking keeps us from writing; what NetSuite holds is deposited like any other."""
    found = plan(known={"ch_1": KnownDocument("9", "usd", 1000, 0)}, blocked={"ch_1": "true"})
    [deposit] = [command for command in found.commands if command.document == "deposit"]
    assert deposit.body["payment"]["items"] == [{"id": {"$key": "ch_1"}, "deposit": True}]
    assert "ch_1" not in {item.stripe_id for item in found.left_out}


@pytest.mark.parametrize(("value", "blocks"), [("false", False), ("FALSE ", False), ("yes", None), ("1", None)])
def test_a_block_that_is_not_clear_is_refused(value, blocks):
    """Only true blocks and only false does not; of anything else nobody knows what was meant."""
    found = plan(blocked={"in_1": value})
    assert found.left_out == ()
    assert refused(found).get("in_1") == (None if blocks is False else "BLOCK_UNCLEAR")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"netsuite_id": None, "value": "INV 12", "found": None}, "which is no internal id"),
        ({"found": None}, "does not hold"),
        ({"found": "creditMemo"}, "is of type creditMemo"),
        ({"stands_for": "in_9"}, "stands for in_9 already"),
        ({"rivals": ("in_8",)}, "metadata of in_8 names too"),
        ({"customer_fits": False}, "under another customer"),
        ({}, "has not been linked yet"),
    ],
)
def test_a_document_that_cannot_be_the_mirror_is_refused_by_name(changes, words):
    """Nothing is written in its place; what leans on it waits as for any other gap."""
    found = plan(pointers={"in_1": (pointer(**changes),)})
    assert refused(found)["in_1"] == "DOCUMENT_NAMED"
    [refusal] = [item for item in found.refusals if item.external_id == "in_1"]
    assert words in refusal.reason
    assert "correct netsuite_invoice_id of in_1" in refusal.fix
    assert refused(found)["ch_1"] == "INVOICE_MISSING"


def test_a_document_that_was_linked_is_the_mirror():
    """What metadata names is known then, and says nothing more."""
    found = plan(known={"in_1": KnownDocument("55", "usd", 1000, 1000)}, pointers={"in_1": (pointer(),)})
    assert written(found) == EVERYTHING - {"in_1"}


def test_a_wrong_pointer_of_a_refund_stops_its_memo_too():
    """The two belong together: one of them alone would take money or revenue back."""
    wrong = Pointer("re_1", "netsuite_credit_memo_id", "x", "creditMemo", "cm-re_1")
    found = plan(pointers={"re_1": (wrong,)})
    assert refused(found) == {"re_1": "DOCUMENT_NAMED", "cm-re_1": "DOCUMENT_NAMED"}


def test_a_wrong_pointer_of_a_refund_itself_stops_its_memo():
    """A memo without the refund that it is for would take revenue back that nobody paid out."""
    wrong = Pointer("re_1", "netsuite_customer_refund_id", "x", "customerRefund", "re_1")
    assert refused(plan(pointers={"re_1": (wrong,)})) == {"re_1": "DOCUMENT_NAMED", "cm-re_1": "DOCUMENT_NAMED"}


def test_a_refund_may_name_the_memo_of_its_credit_note():
    """It needs no memo of its own, so that what it says of one stops nothing."""
    refund = replace(REFUND, credited=(CreditedRow("cn_1", 300),))
    rows = replace(ROWS, histories=(ChargeHistory(PAYMENT, (refund,)),))
    taken = Pointer("re_1", "netsuite_credit_memo_id", "7", "creditMemo", "cm-re_1", "7", "creditMemo", "cn_1")
    found = plan(rows, pointers={"re_1": (taken,)})
    assert ("re_1" in written(found), refused(found)) == (True, {})


@pytest.mark.parametrize(("value", "words"), [("987", "which does not exist"), ("#7", "which is no internal id")])
def test_a_customer_that_cannot_be_found_is_refused_by_name(value, words):
    """All documents of the customer are, and no customer is made in its place."""
    found = plan(customers={"cus_1": value})
    assert written(found) == {"po_1"}
    assert {code for key, code in refused(found).items() if key in ("in_1",)} == {"CUSTOMER_NAMED"}
    assert words in next(item.reason for item in found.refusals if item.external_id == "in_1")


def test_a_customer_that_exists_is_used_and_not_made():
    """Known under the Stripe id: bodies name it, nothing creates it."""
    found = plan(known={"cus_1": KnownDocument("77")}, customers={"cus_1": "77"})
    assert written(found) == EVERYTHING - {"cus_1"}


def items_of(found: Plan) -> list[Any]:
    [invoice] = [command for command in found.commands if command.document == "invoice"]
    return [line["item"] for line in invoice.body["item"]["items"]]


def with_line(**changes: Any) -> Rows:
    """Only the invoice, with another line."""
    line = replace(LINE, **changes)
    return replace(Rows(customers=ROWS.customers), invoices=(replace(INVOICE, lines=(line,)),))


def test_o2c_yaml_beats_the_line_and_the_line_beats_its_price():
    """items.prices, then metadata of the line, then of its price, then items.default."""
    rows, price = with_line(item="12"), {"price_items": {"price_1": "13"}}
    mapped = Policy.model_validate({"items": {"prices": {"price_1": "Seats"}}})
    assert items_of(plan(rows, **price)) == [{"$item_id": "12"}]
    assert items_of(plan(with_line(), **price)) == [{"$item_id": "13"}]
    assert items_of(plan(with_line())) == [{"$item": "Stripe Item"}]
    both = replace(rows, directives=Directives(**price))
    assert items_of(make_plan(mapped, both, {})) == [{"$item": "Seats"}]


def test_discounts_go_on_the_item_that_metadata_names():
    """netsuite_discount_item_id of the line, or of its price."""
    rows = with_line(amount_minor=1100, discount_minor=100, discount_item="21")
    assert items_of(plan(rows)) == [{"$item": "Stripe Item"}, {"$item_id": "21"}]
    rows = with_line(amount_minor=1100, discount_minor=100)
    assert items_of(plan(rows, price_discounts={"price_1": "22"})) == [{"$item": "Stripe Item"}, {"$item_id": "22"}]


def test_an_item_that_is_no_internal_id_is_refused():
    """A name in metadata is not looked up: it may be anybody's."""
    assert refused(plan(with_line(item="Seats"))) == {"in_1": "ITEM_NAMED"}


def test_a_price_that_was_not_read_is_refused_unless_it_is_mapped():
    """It may name an item, and an invoice cannot be changed once it is written."""
    rows = replace(with_line(), directives=Directives(unread_prices=frozenset({"price_1"})))
    assert refused(make_plan(Policy(), rows, {})) == {"in_1": "PRICE_UNREAD"}
    mapped = Policy.model_validate({"items": {"prices": {"price_1": "Seats"}}})
    assert refused(make_plan(mapped, rows, {})) == {}


def test_a_credit_note_goes_on_the_items_of_the_lines_that_it_takes_back():
    """Metadata of the invoice's line, and of its price, counts for the memo as well."""
    note = replace(NOTE, lines=(LineRow("cnli_1", "Seats", 400, origin="il_1"),))
    rows = Rows(customers=ROWS.customers, credit_notes=(note,), invoice_lines={"il_1": LINE})
    known = {"in_1": KnownDocument("5", "usd", 1000, 0)}
    given = replace(rows, directives=Directives(price_items={"price_1": "13"}))
    [command] = [item for item in make_plan(Policy(), given, known).commands if item.document == "creditMemo"]
    assert [line["item"] for line in command.body["item"]["items"]] == [{"$item_id": "13"}]


def test_a_refund_of_a_whole_invoice_goes_on_the_items_of_its_lines():
    """As it was billed: what the price names counts for what takes it back; one that nobody has read is one line."""
    paid = replace(INVOICE, status="paid")
    histories = (ChargeHistory(PAYMENT, (replace(REFUND, amount_minor=1000),), (), paid),)
    rows, known = Rows(customers=ROWS.customers, histories=histories), {"ch_1": KnownDocument("5", "usd", 1000, 0)}
    told = []
    for given in (Directives(price_items={"price_1": "13"}), Directives(unread_prices=frozenset({"price_1"}))):
        commands = make_plan(Policy(), replace(rows, directives=given), known).commands
        [memo] = [item for item in commands if item.document == "creditMemo"]
        told.append([line["item"] for line in memo.body["item"]["items"]])
    assert told == [[{"$item_id": "13"}], [{"$item": "Stripe Refund"}]]


def test_rows_without_metadata_of_prices_are_left_as_they_are():
    """A long backfill is not copied for nothing."""
    assert with_price_items(ROWS) is ROWS


def test_what_is_kept_of_an_objects_metadata():
    """Keys that mean something on such an object, trimmed; what is empty is not set."""
    given = {"netsuite_invoice_id": " 5 ", "netsuite_deposit_id": "6", "netsuite_block_integration": " ", "note": "x"}
    assert metadata.of_object("in_1", given) == {"netsuite_invoice_id": "5"}
    assert metadata.of_object("po_1", given) == {"netsuite_deposit_id": "6"}
    assert metadata.of_object("cus_1", given) == {}
    items = {"netsuite_service_sale_item_id": "7", "netsuite_block_integration": "true"}
    assert metadata.of_object("gold-monthly", items, names_items=True) == {"netsuite_service_sale_item_id": "7"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("12", "12"), (" 12\n", "12"), ("012", None), ("-1", None), ("1.0", None), ("１２", None), ("1" * 16, None)],
)
def test_only_plain_internal_ids_are_taken(value, expected):
    """What a person typed otherwise is not guessed at, also not digits of another script."""
    assert metadata.internal_id(value) == expected


def test_left_out_documents_say_what_they_are():
    """For the totals that people see."""
    assert plan(blocked={"po_1": "true"}).left_out == (LeftOut("deposit", "po_1", "usd", 1000, "blocked by metadata"),)


@pytest.mark.parametrize("key", ["in_1", "ch_1", "cn_1"])
def test_a_document_that_may_be_there_already_is_not_written(key: str):
    """Nor what leans on it; all else is. What to do names the document and the object."""
    alike = LookAlike("invoice", "77", "INV77", DAY)
    found = plan(look_alikes={key: alike})
    (told,) = [item for item in found.refusals if item.code == "LOOKS_ENTERED"]
    assert told.external_id == key
    assert "INV77 of 2026-02-15" in told.reason
    assert f"'Stripe: {key}'" in told.fix
    assert "o2c unlinked dismiss 77" in told.fix
    assert key not in {item.external_id for item in found.commands}
    assert not any(key in item.depends_on for item in found.commands)


def test_a_document_that_is_known_is_not_asked_about():
    """What is there is there."""
    known = {"in_1": KnownDocument("5", "usd", 1000, 1000)}
    assert "in_1" not in refused(plan(known=known, look_alikes={"in_1": LookAlike("invoice", "77", None, DAY)}))


def test_what_leans_on_a_held_document_is_not_planned_though_its_intent_waits():
    """It was planned before the other one appeared: the payment is refused and the payout keeps a residual."""
    alike = LookAlike("invoice", "77", "INV77", DAY)
    rows = replace(ROWS, credit_notes=(), histories=(), directives=Directives(look_alikes={"in_1": alike}))
    found = make_plan(Policy(), rows, {}, elsewhere={"in_1", "ch_1"})
    assert refused(found)["in_1"] == "LOOKS_ENTERED"
    assert refused(found)["ch_1"] == "INVOICE_MISSING"


def test_what_has_left_is_not_held_up():
    """Its outcome is looked up by its own external id; a document beside it is for the gaps to tell."""
    rows = replace(
        ROWS, departed={"in_1": 1000}, directives=Directives(look_alikes={"in_1": LookAlike("invoice", "7", None, DAY)})
    )
    assert "in_1" not in refused(make_plan(Policy(), rows, {}))


def test_a_payment_whose_invoice_is_paid_by_hand_is_told_as_entered():
    """Nothing is wrong with the invoice: somebody has entered the payment, and applied it."""
    known = {"in_1": KnownDocument("5", "usd", 1000, 0)}
    alike = LookAlike("customerPayment", "9", None, DAY)
    rows = replace(ROWS, credit_notes=(), histories=(), payouts=())
    assert refused(make_plan(Policy(), rows, known))["ch_1"] == "DOES_NOT_FIT"
    rows = replace(rows, directives=Directives(look_alikes={"ch_1": alike}))
    assert refused(make_plan(Policy(), rows, known))["ch_1"] == "LOOKS_ENTERED"


def test_a_refund_is_held_up_with_its_memo():
    """Either of them by hand is enough; a memo that is there already holds up nothing."""
    known = {key: KnownDocument(str(n)) for n, key in enumerate(("cus_1", "in_1", "ch_1"))}
    memo = {"cm-re_1": LookAlike("creditMemo", "9", None, DAY)}
    held = refused(make_plan(Policy(), replace(ROWS, directives=Directives(look_alikes=memo)), known))
    assert (held["cm-re_1"], held["re_1"]) == ("LOOKS_ENTERED", "LOOKS_ENTERED")
    there = known | {"cm-re_1": KnownDocument("8")}
    assert "re_1" not in refused(make_plan(Policy(), replace(ROWS, directives=Directives(look_alikes=memo)), there))


def test_each_charge_is_told_that_its_own_metadata_names_nobody():
    """Several may name the same NetSuite customer: whoever mends one of them has mended that one, and its refund."""
    alone = replace(PAYMENT, customer_id="netsuite:7", applications=(), looked_up=True)
    payments = (alone, replace(alone, id="ch_2"))
    histories = (ChargeHistory(payments[1], (replace(REFUND, charge_id="ch_2"),), ()),)
    payers = {"ch_1": "7", "ch_2": "7"}
    rows = Rows(payments=payments, histories=histories)
    rows = replace(rows, directives=Directives(payers=payers, customers={"netsuite:7": "7"}))
    policy = Policy.model_validate({"reversals": {"uninvoiced": "unapplied"}})
    for known in ({}, {"ch_2": KnownDocument("5", "usd", 1000, 1000)}):
        found = {each.stripe_id: each.reason for each in make_plan(policy, rows, known).refusals}
        of_its_own = {"ch_1": "metadata of ch_1 names", "ch_2": "metadata of ch_2 names"}
        assert all(of_its_own[key] in reason for key, reason in found.items() if key in of_its_own)
    assert "metadata of ch_2 names" in found["re_1"]
