"""What credit notes, refunds, disputes, closed invoices and payouts oblige a company to book, or allow it to.

What belongs here: accounting facts, derived from the wire alone, one `Due` for each document. Amounts are minor units.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from o2c_orchestration_tests.simulation.oracle.view import Wire

Objects = Mapping[str, Wire]
Day = Callable[[int], date]


@dataclass(frozen=True)
class Due:
    """A document that the books must or may hold under `key`, of the Stripe object `stripe_id`.

    Its total is between `least` and `most`. `missing` names the gap that tells of its absence, with `told` minor
    units; None where the document is needed only if the ledger held more than Stripe let stand. `leans` are the keys
    of documents without which it cannot be written, `instead` those that say the same as it, `applied_to` those that
    it may be applied to, and how far. One that is `void` may have been written before it was. `once` is the key of a
    document without which it is not needed: its own, where it is only looked at if it is there.
    """

    key: str
    kind: str
    stripe_id: str
    customer: str
    currency: str
    least: int
    most: int
    dates: frozenset[date]
    missing: str | None = None
    told: tuple[int, int] = (0, 0)
    leans: tuple[str, ...] = ()
    applied_to: Mapping[str, int] | None = None
    void: bool = False
    instead: tuple[str, ...] = ()
    once: str = ""


@dataclass(frozen=True)
class Member:
    """A balance transaction of a payout and the document that it stands for, with that document's money.

    `settled` and `fee` are the transaction's own: signed, before its fee, in the currency of the payout.
    """

    id: str
    key: str | None
    currency: str
    amount: int
    settled: int = 0
    fee: int = 0


def id_of(value: object) -> str:
    """The id of a reference, expanded or not."""
    return str(value["id"]) if isinstance(value, Mapping) else str(value or "")


def dues(objects: Objects, day: Day) -> dict[str, Due]:
    """Every document besides those of invoices, charges and customers."""
    makers = {
        **{"credit_note": _credit_note, "refund": _refund, "dispute": _dispute, "invoice": _invoice},
        "payout": _payout,
    }
    found: dict[str, Due] = {}
    for wire in objects.values():
        if wire["object"] in makers:
            found |= {due.key: due for due in makers[wire["object"]](objects, wire, day)}
    return found


def _credit_note(objects: Objects, note: Wire, day: Day) -> Iterator[Due]:
    if note["total"] == 0:
        return
    invoice, before = id_of(note["invoice"]), note["pre_payment_amount"]
    issued = note["status"] == "issued"
    # A void takes back all that is open of the invoice: a note that had no memo by then needs none.
    needed = issued and objects[invoice]["status"] != "void"
    head = note["id"], id_of(note["customer"]), note["currency"]
    dates = frozenset({day(note.get("effective_at") or note["created"])})
    kept, settled = "bi-" + note["id"], sum(each["amount_refunded"] for each in note["refunds"])
    credit = note["total"] - before - settled - (note.get("out_of_band_amount") or 0)
    credit = credit if note.get("customer_balance_transaction") and needed else 0
    if credit:
        yield _exact(kept, "invoice", *head, credit, dates, "missing_in_netsuite", (invoice,), {})
    yield Due(
        note["id"],
        "creditMemo",
        *head,
        note["total"],
        note["total"],
        dates,
        "credit_memo_missing" if needed else None,
        (note["total"], 0),
        (invoice,),
        {key: minor for key, minor in ((invoice, before), (kept, credit)) if minor},
        not issued,
        # A refund that was booked before its note has a memo of its own.
        tuple("cm-" + id_of(each["refund"]) for each in note["refunds"]),
    )


def _noted(objects: Objects, refund: str) -> dict[str, int]:
    """What credit notes say that this refund pays out of them."""
    return {
        wire["id"]: each["amount_refunded"]
        for wire in objects.values()
        if wire["object"] == "credit_note" and wire["status"] == "issued"
        for each in wire["refunds"]
        if id_of(each["refund"]) == refund
    }


def _sources(objects: Objects, charge: Wire, besides: str) -> dict[str, int]:
    """The money of a charge that no invoice binds: itself, refunds that came back, and disputes that were won."""
    found = {charge["id"]: charge["amount"]}
    prefixes = {"refund": "rf-", "dispute": "rp-"}
    for wire in objects.values():
        if wire["object"] in prefixes and id_of(wire["charge"]) == charge["id"] and wire["id"] != besides:
            found[prefixes[wire["object"]] + wire["id"]] = wire["amount"]
    return found


def _refund(objects: Objects, refund: Wire, day: Day) -> Iterator[Due]:
    charge = objects.get(id_of(refund["charge"]))
    if charge is None or not refund["balance_transaction"]:
        return
    key, amount, noted = refund["id"], refund["amount"], _noted(objects, refund["id"])
    head = key, id_of(charge["customer"]), refund["currency"]
    moved = frozenset({day(refund["created"])})
    sources = {"cm-" + key: amount, **noted, **_sources(objects, charge, key)}
    leans = (charge["id"], *noted)
    yield _exact(key, "customerRefund", *head, amount, moved, "refund_missing", leans, sources)
    yield Due("cm-" + key, "creditMemo", *head, 1, amount, moved, leans=leans, applied_to={})
    if refund.get("failure_balance_transaction"):
        back = frozenset({day(objects[id_of(refund["failure_balance_transaction"])]["created"])})
        yield _exact("rf-" + key, "customerPayment", *head, amount, back, "payment_missing", (key,), {})


def _exact(
    key: str,
    kind: str,
    stripe_id: str,
    customer: str,
    currency: str,
    amount: int,
    dates: frozenset[date],
    missing: str,
    leans: tuple[str, ...],
    applied_to: Mapping[str, int],
) -> Due:
    return Due(key, kind, stripe_id, customer, currency, amount, amount, dates, missing, (amount, 0), leans, applied_to)


def _dispute(objects: Objects, dispute: Wire, day: Day) -> Iterator[Due]:
    charge, moves = objects.get(id_of(dispute["charge"])), dispute["balance_transactions"]
    if charge is None or not moves:
        return
    key, amount = dispute["id"], dispute["amount"]
    head = key, id_of(charge["customer"]), dispute["currency"]
    taken = frozenset({day(min(move["created"] for move in moves if move["amount"] < 0))})
    sources = {"cm-" + key: amount, **_sources(objects, charge, key)}
    yield _exact(key, "customerRefund", *head, amount, taken, "dispute_missing", (charge["id"],), sources)
    yield Due("cm-" + key, "creditMemo", *head, 1, amount, taken, leans=(charge["id"],), applied_to={})
    returned = [move["created"] for move in moves if move["amount"] > 0]
    if returned:
        # Here every dispute is settled in its own currency. What came back may be a part of what was taken.
        part = sum(move["amount"] for move in moves if move["amount"] > 0)
        back = frozenset({day(max(returned))})
        restored = {"ri-" + key: part}
        yield _exact("rp-" + key, "customerPayment", *head, part, back, "dispute_missing", (key,), restored)
        yield Due("ri-" + key, "invoice", *head, 1, part, back, leans=(key,))


def _invoice(objects: Objects, invoice: Wire, day: Day) -> Iterator[Due]:
    yield from _closed(objects, invoice, day)
    ending, moments = invoice.get("ending_balance"), invoice["status_transitions"]
    used = 0 if ending is None else ending - invoice["starting_balance"]
    if used and moments["finalized_at"]:
        issued = frozenset({day(invoice.get("effective_at") or moments["finalized_at"])})
        yield from (
            _taken_back(invoice, used, issued, day) if invoice["status"] == "void" else _balance(invoice, used, issued)
        )


def _balance(invoice: Wire, used: int, issued: frozenset[date]) -> Iterator[Due]:
    """What a customer's balance paid of an invoice, or what the invoice brings there or collects of a debt."""
    key, total = invoice["id"], invoice["total"]
    head = key, id_of(invoice["customer"]), invoice["currency"]
    kept, used_key = "bi-" + key, "cb-" + key
    if total < 0:
        yield _exact(kept, "invoice", *head, -total, issued, "missing_in_netsuite", (), {})
        negative = "ni-" + key
        yield _exact(negative, "creditMemo", *head, -total, issued, "credit_memo_missing", (kept,), {kept: -total})
    elif used > 0:
        yield _exact(used_key, "creditMemo", *head, used, issued, "credit_memo_missing", (key,), {key: used})
    else:
        yield _exact(kept, "invoice", *head, -used, issued, "missing_in_netsuite", (key,), {})


def _taken_back(invoice: Wire, used: int, issued: frozenset[date], day: Day) -> Iterator[Due]:
    """A void gives back what was booked as used, or no longer collects a debt whose invoice was booked."""
    key, size, gone = invoice["id"], abs(used), frozenset({day(invoice["status_transitions"]["voided_at"])})
    head = key, id_of(invoice["customer"]), invoice["currency"], size, size
    kept, memo = "bi-" + key, "cb-" + key
    first = memo if used > 0 else kept
    days = {first: issued}
    missing = {memo: "credit_memo_missing", kept: "missing_in_netsuite"}
    yield Due(memo, "creditMemo", *head, days.get(memo, gone), missing[memo], (size, 0), (key,),
              {key: size, kept: size}, once=first)  # fmt: skip
    yield Due(kept, "invoice", *head, days.get(kept, gone), missing[kept], (size, 0), (key,), once=first)


def _closed(objects: Objects, invoice: Wire, day: Day) -> Iterator[Due]:
    """An invoice that was voided or written off is closed by a memo; paid all the same, it is owed once more."""
    moments = invoice["status_transitions"]
    closings = [moments.get("voided_at"), moments.get("marked_uncollectible_at")]
    dates = frozenset(day(moment) for moment in closings if moment)
    if not dates or invoice["total"] <= 0:
        return
    key, most = invoice["id"], invoice["total"]
    head = key, id_of(invoice["customer"]), invoice["currency"]
    # What the customer's balance had paid goes back there, against an invoice that the memo settles as well.
    targets = {key: most, "bi-" + key: most}
    yield Due("cm-" + key, "creditMemo", *head, 1, most, dates, leans=(key,), applied_to=targets)
    if invoice["status"] == "paid":
        paid = frozenset({day(moments["paid_at"])} if moments.get("paid_at") else dates)
        yield Due("ri-" + key, "invoice", *head, 1, most, paid, leans=(key, "cm-" + key))


def _payout(objects: Objects, payout: Wire, day: Day) -> Iterator[Due]:
    """A deposit for a payout that arrived, and a journal entry if the bank sent it back later."""
    if not payout["automatic"] or payout["reconciliation_status"] != "completed":
        return
    key, amount = payout["id"], payout["amount"]
    arrival = frozenset({datetime.fromtimestamp(payout["arrival_date"], UTC).date()})
    bank = max(amount, 0)
    head = key, "None", payout["currency"]
    yield Due(key, "deposit", *head, bank, bank, arrival, "deposit_missing", (amount, 0))
    failure = payout.get("failure_balance_transaction")
    if failure:
        back = frozenset({day(objects[id_of(failure)]["created"])})
        size = abs(amount)
        yield Due("pf-" + key, "journalEntry", *head, size, size, back, "deposit_mismatch", (0, amount), (key,))
    for wire in objects.values():
        if wire["object"] == "balance_transaction" and wire.get("payout") == key:
            yield Due("rc-" + wire["id"], "deposit", wire["id"], "None", payout["currency"], 0, 0, arrival)


_OF_TYPE = {
    **dict.fromkeys(("charge", "payment", "refund", "payment_refund"), ""),
    **dict.fromkeys(("refund_failure", "payment_failure_refund"), "rf-"),
}
_OF_ADJUSTMENT = {"dispute": "", "dispute_reversal": "rp-"}


def members(objects: Objects) -> dict[str, list[Member]]:
    """The balance transactions of each payout, with the documents that its deposit takes for them."""
    found: dict[str, list[Member]] = {}
    for wire in objects.values():
        if wire["object"] == "balance_transaction" and wire.get("payout"):
            source = objects.get(id_of(wire.get("source"))) or {}
            prefix = _prefix(wire)
            key = None if prefix is None or not source else prefix + source["id"]
            money: Any = (source.get("currency"), source.get("amount"))
            if prefix == "rp-" and source and source["currency"] == wire["currency"]:
                money = (wire["currency"], wire["amount"])
            own = (wire["amount"], wire.get("fee") or 0)
            found.setdefault(wire["payout"], []).append(Member(wire["id"], key, *money, *own))
    return found


def _prefix(wire: Wire) -> str | None:
    if wire["type"] == "adjustment":
        return _OF_ADJUSTMENT.get(str(wire.get("reporting_category")))
    return _OF_TYPE.get(wire["type"])
