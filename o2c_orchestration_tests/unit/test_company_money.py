"""Credits, refunds, disputes and payouts of the demo company: all there, and consistent to the last minor unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from o2c_orchestration.sandbox import company

Wire = dict[str, Any]
DAY = 86_400
# (seed, invoices, days, today)
USUAL = [
    (7, 400, 30, date(2026, 11, 22)),
    (7, 120, 12, date(2026, 11, 20)),
    (3, 120, 12, date(2026, 3, 2)),
    (11, 400, 30, date(2027, 1, 5)),
]


class World:
    """The objects in Stripe by kind and by id."""

    def __init__(self, built: company.Company, days: int, today: date) -> None:
        self.built = built
        self.end = int(datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp())
        self.start = self.end - days * DAY
        self.by_id = {wire["id"]: wire for wire in built.stripe}

    def of(self, kind: str) -> list[Wire]:
        return [wire for wire in self.built.stripe if wire["object"] == kind]

    def entries(self, *kinds: str) -> list[Wire]:
        """Balance transactions of these types, all of them when none is named."""
        return [each for each in self.of("balance_transaction") if not kinds or each["type"] in kinds]

    def members(self) -> dict[str, list[Wire]]:
        """Balance transactions by the payout that pays them out, its own left out."""
        found = defaultdict(list)
        for each in self.entries():
            if "_payout" in each and each["type"] != "payout":
                found[each["_payout"]].append(each)
        return found


def world_of(seed: int, size: int, days: int, today: date) -> World:
    return World(company.build(seed, size, today=today, days=days), days, today)


@pytest.fixture(scope="module", params=USUAL, ids=["default", "short", "march", "january"])
def world(request: pytest.FixtureRequest) -> World:
    return world_of(*request.param)


def test_every_story_is_told(world: World) -> None:
    """Each credit, refund, dispute and bad debt that finance meets is there at least once at the usual sizes."""
    notes = {
        (each["type"], each["status"], bool(each["refunds"]), bool(each["out_of_band_amount"]))
        for each in world.of("credit_note")
    }
    assert notes == {
        ("pre_payment", "issued", False, False),
        ("pre_payment", "void", False, False),
        ("post_payment", "issued", True, False),
        ("post_payment", "issued", False, True),
        ("mixed", "issued", True, False),
    }
    disputes = {(each["status"], len(each["balance_transactions"])) for each in world.of("dispute")}
    assert disputes == {("needs_response", 1), ("lost", 1), ("won", 2), ("warning_closed", 0)}
    assert {each["id"][:3] for each in world.of("dispute")} == {"du_", "dp_"}
    assert {each["status"] for each in world.of("refund")} == {"succeeded", "failed"}
    transitions = [(each["status"], each["status_transitions"]) for each in world.of("invoice")]
    given_up = {status for status, moments in transitions if moments["marked_uncollectible_at"]}
    assert given_up == {"uncollectible", "paid"}
    part = [note for note in world.of("credit_note") if note["total"] < world.by_id[note["invoice"]]["total"]]
    whole = [note for note in world.of("credit_note") if note["total"] == world.by_id[note["invoice"]]["total"]]
    assert any(note["refunds"] for note in part)
    assert any(note["refunds"] for note in whole)


def test_charges_are_refunded_in_every_way(world: World) -> None:
    """In full, in part and in two parts, without a credit note; a charge without invoice too."""
    linked = {each["refund"] for note in world.of("credit_note") for each in note["refunds"]}
    invoiced = {each["payment"]["payment_intent"] for each in world.of("invoice_payment")}
    alone = [each for each in world.of("refund") if each["id"] not in linked and each["status"] == "succeeded"]
    sizes = {
        (times, world.by_id[charge]["refunded"])
        for charge, times in Counter(
            each["charge"] for each in alone if world.by_id[each["charge"]]["payment_intent"] in invoiced
        ).items()
    }
    assert sizes >= {(1, True), (1, False), (2, False)}
    on_account = [each for each in world.of("charge") if each["payment_intent"] not in invoiced]
    assert all(each["customer"] and each["paid"] for each in on_account)
    assert {each["amount_refunded"] == 0 for each in on_account} == {True, False}
    assert {each["id"].split("_")[0] for each in world.of("refund")} == {"re", "pyr"}


def test_the_balance_is_moved_in_every_way(world: World) -> None:
    """Fees of all types, a monthly fee, a reserve and its release, the unknown, a failed payout, one below zero."""
    assert {each["type"] for each in world.entries()} == {
        "charge", "payment", "refund", "payment_refund", "refund_failure", "adjustment", "payout", "payout_failure",
        "stripe_fee", "reserve_hold", "reserve_release", "galactic_levy",
    }  # fmt: skip
    assert {part["type"] for each in world.entries() for part in each["fee_details"]} == {
        "stripe_fee", "payment_method_passthrough_fee", "tax",
    }  # fmt: skip
    payouts = world.of("payout")
    assert {each["status"] for each in payouts} == {"paid", "failed", "in_transit"}
    assert any(each["amount"] < 0 and each["status"] == "paid" for each in payouts)
    (failure,) = world.entries("payout_failure")
    later = world.by_id[failure["_payout"]]
    assert (later["id"] != failure["source"], later["reconciliation_status"]) == (True, "completed")


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    size=st.integers(1, 130),
    days=st.integers(1, 20),
    day=st.dates(date(2025, 1, 1), date(2027, 6, 30)),
)
def test_every_sum_closes(seed: int, size: int, days: int, day: date) -> None:
    """Whatever the seed, size and day: nothing is left over anywhere."""
    world = world_of(seed, size, days, day)
    check_notes(world)
    check_refunds(world)
    check_disputes(world)
    check_payouts(world)
    check_documents(world)


def test_every_sum_closes_at_the_usual_size(world: World) -> None:
    """The same for the companies that people look at."""
    check_notes(world)
    check_refunds(world)
    check_disputes(world)
    check_payouts(world)
    check_documents(world)


def check_notes(world: World) -> None:
    """Lines add up to the note, the note to what it does, and all notes to what the invoice says of them."""
    pre: Counter[str] = Counter()
    post: Counter[str] = Counter()
    refunds = {each["id"]: each for each in world.of("refund")}
    for note in world.of("credit_note"):
        lines = note["lines"]["data"]
        discount = sum(line["discount_amount"] for line in lines)
        taxes = [tax for line in lines for tax in line["taxes"]]
        exclusive = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "exclusive")
        assert note["total"] == note["amount"] == sum(line["amount"] for line in lines) - discount + exclusive > 0
        assert note["total"] - note["total_excluding_tax"] == sum(tax["amount"] for tax in taxes)
        assert note["total"] == note["pre_payment_amount"] + note["post_payment_amount"]
        settled = sum(each["amount_refunded"] for each in note["refunds"]) + (note["out_of_band_amount"] or 0)
        assert note["post_payment_amount"] == settled
        assert all(refunds[each["refund"]]["amount"] == each["amount_refunded"] for each in note["refunds"])
        invoice = world.by_id[note["invoice"]]
        assert {line["id"] for line in invoice["lines"]["data"]} >= {
            line["invoice_line_item"] for line in lines if line["type"] == "invoice_line_item"
        }
        assert (note["customer"], note["currency"]) == (invoice["customer"], invoice["currency"])
        assert note["created"] > invoice["status_transitions"]["finalized_at"]
        if note["status"] == "issued":
            pre[note["invoice"]] += note["pre_payment_amount"]
            post[note["invoice"]] += note["post_payment_amount"]
    for invoice in world.of("invoice"):
        assert invoice["pre_payment_credit_notes_amount"] == pre[invoice["id"]]
        assert invoice["post_payment_credit_notes_amount"] == post[invoice["id"]] <= invoice["amount_paid"]
        used = invoice["ending_balance"] - invoice["starting_balance"]
        assert invoice["amount_due"] == invoice["total"] - used - pre[invoice["id"]]
        assert invoice["amount_remaining"] == invoice["amount_due"] - invoice["amount_paid"] >= 0


def check_refunds(world: World) -> None:
    """A charge says what was refunded of it, and the balance gave as much; what failed came back."""
    refunded: Counter[str] = Counter()
    for refund in world.of("refund"):
        charge, entry = world.by_id[refund["charge"]], world.by_id[refund["balance_transaction"]]
        assert (refund["currency"], refund["payment_intent"]) == (charge["currency"], charge["payment_intent"])
        assert (entry["source"], entry["created"], entry["fee"]) == (refund["id"], refund["created"], 0)
        assert entry["type"] == ("payment_refund" if charge["id"].startswith("py_") else "refund")
        assert entry["currency"] == "usd"
        assert entry["amount"] < 0
        if charge["currency"] == "usd":
            assert entry["amount"] == -refund["amount"]
        assert refund["created"] > charge["created"]
        if refund["status"] == "failed":
            back = world.by_id[refund["failure_balance_transaction"]]
            assert (back["type"], back["net"], back["source"]) == ("refund_failure", -entry["net"], refund["id"])
            assert back["created"] > entry["created"]
        else:
            refunded[charge["id"]] += refund["amount"]
    for charge in world.of("charge"):
        assert charge["amount_refunded"] == refunded[charge["id"]] <= charge["amount"]
        assert charge["refunded"] == (charge["amount_refunded"] == charge["amount"] > 0)


def check_disputes(world: World) -> None:
    """A dispute has the balance transactions that its status asks for, as the list has them."""
    disputed = {each["charge"] for each in world.of("dispute")}
    assert {each["id"] for each in world.of("charge") if each["disputed"]} == disputed
    for dispute in world.of("dispute"):
        charge, entries = world.by_id[dispute["charge"]], dispute["balance_transactions"]
        assert 0 < dispute["amount"] <= charge["amount"] - charge["amount_refunded"]
        assert charge["id"].startswith("ch_")
        for entry in entries:
            whole = world.by_id[entry["id"]]
            assert entry == {name: value for name, value in whole.items() if name != "_payout"}
            assert (entry["type"], entry["source"]) == ("adjustment", dispute["id"])
        if entries:
            assert (entries[0]["reporting_category"], entries[0]["fee"]) == ("dispute", 1500)
            assert entries[0]["net"] == entries[0]["amount"] - 1500 < -1500
        if len(entries) == 2:
            assert entries[1]["reporting_category"] == "dispute_reversal"
            assert (entries[1]["amount"], entries[1]["fee"]) == (-entries[0]["amount"], -1500)
            assert entries[1]["created"] >= entries[0]["created"]


def check_payouts(world: World) -> None:
    """A payout a day of what became available that day; its members are worth the payout, to the cent."""
    members = world.members()
    for entry in world.entries():
        assert entry["net"] == entry["amount"] - entry["fee"]
        assert entry["fee"] == sum(part["amount"] for part in entry["fee_details"])
        assert (entry["status"] == "available") == (entry["available_on"] < world.end)
        if entry["type"] != "payout":
            assert entry["available_on"] == entry["created"] // DAY * DAY + 2 * DAY
            assert ("_payout" in entry) == (entry["available_on"] < world.end)
    days = [payout["created"] // DAY for payout in world.of("payout")]
    assert len(days) == len(set(days))
    for payout in world.of("payout"):
        own = world.by_id[payout["balance_transaction"]]
        assert (own["type"], own["net"], own["_payout"]) == ("payout", -payout["amount"], payout["id"])
        assert sum(each["net"] for each in members[payout["id"]]) == payout["amount"] != 0
        assert {each["available_on"] // DAY for each in members[payout["id"]]} == {payout["created"] // DAY}
        assert payout["arrival_date"] % DAY == 0
        assert 1 <= payout["arrival_date"] // DAY - payout["created"] // DAY <= 2
        arrived = payout["arrival_date"] < world.end
        assert (payout["reconciliation_status"] == "completed") == arrived
        assert (payout["status"] == "in_transit") == (not arrived)
        if payout["status"] == "failed":
            back = world.by_id[payout["failure_balance_transaction"]]
            assert (back["type"], back["net"], back["source"]) == ("payout_failure", payout["amount"], payout["id"])
            assert back["created"] > payout["arrival_date"]


def check_documents(world: World) -> None:
    """The first run has to write one document for each thing that happened and is not in the books."""
    expected: dict[str, set[str]] = defaultdict(set)
    linked = {each["refund"] for note in world.of("credit_note") for each in note["refunds"]}
    invoiced = {each["payment"]["payment_intent"] for each in world.of("invoice_payment")}
    expected["creditMemo"] |= {note["id"] for note in world.of("credit_note") if note["status"] == "issued"}
    for invoice in world.of("invoice"):
        if invoice["status_transitions"]["marked_uncollectible_at"]:
            expected["creditMemo"].add(f"cm-{invoice['id']}")
            expected["invoice"] |= {f"ri-{invoice['id']}"} if invoice["status"] == "paid" else set()
        used = invoice["ending_balance"] != invoice["starting_balance"]
        expected["creditMemo"] |= {f"cb-{invoice['id']}"} if used else set()
    for refund in world.of("refund"):
        expected["customerRefund"].add(refund["id"])
        if refund["payment_intent"] in invoiced and refund["id"] not in linked:
            expected["creditMemo"].add(f"cm-{refund['id']}")
        if refund["status"] == "failed":
            expected["customerPayment"].add(f"rf-{refund['id']}")
    for dispute in world.of("dispute"):
        if dispute["balance_transactions"]:
            expected["creditMemo"].add(f"cm-{dispute['id']}")
            expected["customerRefund"].add(dispute["id"])
        if len(dispute["balance_transactions"]) == 2:
            expected["invoice"].add(f"ri-{dispute['id']}")
            expected["customerPayment"].add(f"rp-{dispute['id']}")
    expected["customerPayment"] |= {
        charge["id"] for charge in world.of("charge") if charge["payment_intent"] not in invoiced and charge["paid"]
    }
    for payout in world.of("payout"):
        if payout["reconciliation_status"] == "completed":
            expected["deposit"].add(payout["id"])
        if payout["status"] == "failed":
            expected["journalEntry"].add(f"pf-{payout['id']}")
    missing = world.built.documents_missing
    assert set(missing) == {"creditMemo", "customerRefund", "invoice", "customerPayment", "deposit", "journalEntry"}
    void = {f"cm-{each['id']}" for each in world.of("invoice") if each["status"] == "void"}
    for record, ids in missing.items():
        assert len(ids) == len(set(ids))
        assert set(ids) - void == expected[record] - kept(world.built, record)


def kept(built: company.Company, record: str) -> set[str]:
    """External ids for which the books have a document, by external id or by what a person wrote in the memo."""
    found = set()
    for body in (each["body"] for each in built.netsuite if each["recordType"] == record):
        named = str(body.get("externalId") or (body["memo"].removeprefix("Stripe ")))
        if record == "creditMemo":
            named = named.removeprefix("ns_memo:")
            named = f"cm-{named}" if named.startswith("re_") else named
        found.add(named)
    return found


def test_a_void_invoice_that_the_books_hold_open_is_to_be_credited(world: World) -> None:
    """No gap stays of it: the first run writes the memo."""
    void = {each["id"] for each in world.of("invoice") if each["status"] == "void"}
    wanted = [each for each in world.built.documents_missing["creditMemo"] if each.removeprefix("cm-") in void]
    assert wanted
    assert all(row["kind"] != "status_mismatch" for row in world.built.truth)


def test_what_is_kept_can_be_refunded(world: World) -> None:
    """A refund or dispute is never of a charge whose invoice or payment is planted wrong, and some are of kept ones."""
    wrong = {row["stripe_id"] for row in world.built.truth if row["kind"] != "duplicate_in_netsuite"}
    pays: dict[str, set[str]] = defaultdict(set)
    for link in world.of("invoice_payment"):
        pays[link["payment"]["payment_intent"]].add(link["invoice"])
    payments_kept = {each["body"].get("externalId") for each in world.built.netsuite}
    late = 0
    for taken in world.of("refund") + world.of("dispute"):
        charge = world.by_id[taken["charge"]]
        assert not {charge["id"], *pays[charge["payment_intent"]]} & wrong
        late += charge["id"] in payments_kept and taken["id"] in world.built.documents_missing["customerRefund"]
    assert late


def test_each_change_has_its_event(world: World) -> None:
    """What happened on the last three days is among the events, and the object is shown as it was."""
    since = world.end - 3 * DAY
    told = Counter((each["type"], each["data"]["object"]["id"]) for each in world.of("event"))
    wanted = [("credit_note.created", each, each["created"]) for each in world.of("credit_note")]
    wanted += [("refund.created", each, each["created"]) for each in world.of("refund")]
    wanted += [("charge.dispute.created", each, each["created"]) for each in world.of("dispute")]
    wanted += [("payout.created", each, each["created"]) for each in world.of("payout")]
    for name in ("paid", "reconciliation_completed"):
        arrived = [each for each in world.of("payout") if each["arrival_date"] < world.end]
        wanted += [(f"payout.{name}", each, each["arrival_date"]) for each in arrived]
    marked = [(each["status_transitions"]["marked_uncollectible_at"], each) for each in world.of("invoice")]
    wanted += [("invoice.marked_uncollectible", each, moment) for moment, each in marked if moment]
    recent = [(kind, each["id"]) for kind, each, moment in wanted if moment >= since]
    assert len({kind for kind, _ in recent}) > 2
    assert [each for each in recent if told[each] != 1] == []
    for event in world.of("event"):
        check_event(event)


def check_event(event: Wire) -> None:
    subject, kind = event["data"]["object"], event["type"]
    assert "_payout" not in subject
    if kind == "charge.succeeded":
        assert (subject["amount_refunded"], subject["refunded"], subject["disputed"]) == (0, False, False)
    if kind == "charge.refunded":
        assert 0 < subject["amount_refunded"] <= subject["amount"]
    if kind == "refund.created":
        assert (subject["status"], subject["failure_balance_transaction"]) == ("succeeded", None)
    if kind == "payout.created":
        assert (subject["status"], subject["reconciliation_status"]) == ("in_transit", "in_progress")
    if kind == "invoice.marked_uncollectible":
        assert (subject["status"], subject["amount_paid"]) == ("uncollectible", 0)
    if kind == "credit_note.created":
        assert subject["status"] == "issued"
    if kind == "invoice.updated":
        assert subject["pre_payment_credit_notes_amount"] + subject["post_payment_credit_notes_amount"] > 0
        assert subject["amount_remaining"] == subject["amount_due"] - subject["amount_paid"]


def test_a_refund_failure_and_its_dispute_are_told_in_full() -> None:
    """A company of a few days shows all events of refunds, disputes and payouts."""
    world = world_of(7, 40, 6, date(2026, 11, 22))
    kinds = {each["type"] for each in world.of("event")}
    assert kinds >= {
        "charge.refunded", "refund.created", "refund.updated", "refund.failed", "charge.dispute.created",
        "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated", "charge.dispute.closed",
        "credit_note.created", "invoice.updated", "payout.created", "payout.paid", "payout.failed",
        "payout.reconciliation_completed", "invoice.marked_uncollectible",
    }  # fmt: skip
