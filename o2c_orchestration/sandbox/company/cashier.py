"""Keeping the first third's credit memos, refunds and deposits, with their planted mistakes and the truth.

What belongs here: which documents exist for what the aftermath and the payouts left in Stripe. Invoices and their
payments are kept by mistakes.py; `kept` says for which external ids there is a document, wrong ones included.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from .aftermath import Aftermath
from .catalog import Wire
from .credits import Credit
from .currencies import share, step
from .invoices import Bill, books_date
from .ledger import item_line, item_lines, payment_body, payment_link
from .ledger_money import CREDIT_ITEM, REFUND_ITEM, deposit_body, document_link, memo_body, refund_body
from .mistakes import Bookkeeper, truth_row
from .payouts import UNKNOWN_TYPE, Batch
from .refunds import Repayment
from .stories import Window

_CONNECTOR_PREFIX = "ns_memo:"
# The deposits of others in order of the payouts, but for the one with most members, which is planted wrong as well.
_ONE, _FEW, _MANY = ("right",), ("fee_missing", "right"), ("right", "fee_missing", "by_hand", "right")
_BAD_PAYMENTS = ("payment_unapplied", "payment_mismatch", "paid_twice")


class Cashier:
    """Adds to the books of `keeper`, and to its truth."""

    def __init__(self, window: Window, keeper: Bookkeeper) -> None:
        self._window, self._keeper = window, keeper
        self._books, self.truth = keeper.books, keeper.truth
        self.kept: set[str] = set()
        # Documents that a deposit may take: the balance transaction's source → key, all of them right.
        self._members: dict[str, str] = {}
        self._memo_keys: dict[str, str] = {}

    def keep(self, aftermath: Aftermath, bills: list[Bill], batches: list[Batch]) -> None:
        """Keep payments on account, credit memos, refunds, then deposits; note what stays open of the others."""
        wrong = {
            receipt.charge["id"] for bill in bills for receipt in bill.receipts if bill.story.mistake in _BAD_PAYMENTS
        }
        self._members = {each: key for each, key in self._keeper.payment_keys.items() if each not in wrong}
        self._keep_on_account(aftermath)
        for credit in aftermath.credits:
            self._keep_credit(credit)
        for repayment in aftermath.repayments:
            self._keep_repayment(repayment, aftermath)
        self._keep_deposits(batches)
        self._note_residuals(bills, batches)

    def _keep_on_account(self, aftermath: Aftermath) -> None:
        for customer, receipt in aftermath.uninvoiced:
            charge = receipt.charge
            if charge["created"] < self._window.kept_until:
                key, day = self._books.know(customer), books_date(charge["created"])
                body = payment_body(key, charge["currency"], charge["amount"], day, {})
                body |= payment_link(charge["id"], "connector")
                self._members[charge["id"]] = self._books.keep_payment(body)
                self.kept.add(charge["id"])

    def _keep_credit(self, credit: Credit) -> None:
        keep, note = _keep_of(credit.bill), credit.note
        if keep is None:
            return
        body = self._memo(credit)
        if keep == "amount_mismatch":
            self._wrong_memo(credit, body)
        key = self._books.keep_memo(body | document_link(note["id"], "hand" if keep == "hand" else "connector"))
        self._memo_keys[note["id"]] = key
        self.kept.add(note["id"])
        if keep == "duplicate":
            key = self._books.keep_memo(self._memo(credit) | document_link(note["id"], "hand"))
            reason = "a credit memo entered by hand after the connector had done so"
            self._note("duplicate_in_netsuite", note["id"], key, note["currency"], note["total"], 2, reason)
        elif keep == "amount_mismatch":
            self.truth[-1]["netsuite_key"] = f"@{key}"

    def _memo(self, credit: Credit) -> Wire:
        """The memo of a credit note, applied to the invoice as far as it lowers what is left to pay."""
        bill, note = credit.bill, credit.note
        lines = item_lines(credit.lines, bill.currency)
        lines = lines or [item_line(CREDIT_ITEM, note["total"], bill.currency, "Goodwill")]
        pre = note["pre_payment_amount"]
        applied = {self._keeper.invoice_keys[bill.invoice["id"]]: pre} if pre else {}
        return memo_body(self._books.know(bill.customer), bill.currency, books_date(note["created"]), lines, applied)

    def _wrong_memo(self, credit: Credit, body: Wire) -> None:
        note, currency = credit.note, credit.bill.currency
        wrong = note["total"] + max(share(note["total"], 25, 100, currency), step(currency))
        body["item"]["items"] = [item_line(CREDIT_ITEM, wrong, currency, "Goodwill")]
        reason = "a credit memo for more than was credited"
        self.truth.append(truth_row("amount_mismatch", note["id"], None, currency, note["total"], wrong, reason))

    def _keep_repayment(self, repayment: Repayment, aftermath: Aftermath) -> None:
        bill, refund = repayment.bill, repayment.refund
        keep = None if bill is None else _keep_of(bill)
        if bill is None or keep is None:
            return
        currency, customer, day = bill.currency, self._books.know(bill.customer), books_date(refund["created"])
        style = "hand" if keep == "hand" else "connector"
        if repayment.note is None:
            memo = self._refund_memo(repayment, bill, keep)
        else:
            memo = self._memo_keys[repayment.note["id"]]
        body = refund_body(customer, currency, day, {memo: refund["amount"]}) | document_link(refund["id"], style)
        key = self._books.keep_refund(body)
        self.kept.add(refund["id"])
        if keep != "duplicate_refund":
            self._members[refund["id"]] = key
            return
        other = next(self._memo_keys[each.note["id"]] for each in aftermath.credits if each.bill is bill)
        body = refund_body(customer, currency, day, {other: refund["amount"]}) | document_link(refund["id"], "hand")
        second, reason = self._books.keep_refund(body), "the credit note settled outside was refunded by hand as well"
        self._note("duplicate_in_netsuite", refund["id"], second, currency, refund["amount"], 2, reason)

    def _refund_memo(self, repayment: Repayment, bill: Bill, keep: str) -> str:
        """The memo that takes the refunded sum off the customer's account; its key."""
        refund = repayment.refund
        lines = [item_line(REFUND_ITEM, refund["amount"], bill.currency, "Refund")]
        body = memo_body(
            self._books.know(bill.customer), bill.currency, books_date(refund["created"]), lines, applied={}
        )
        own_id = f"{_CONNECTOR_PREFIX}{refund['id']}" if keep == "ns_memo" else f"cm-{refund['id']}"
        link = document_link(refund["id"], "hand") if keep == "hand" else {"externalId": own_id, "memo": "Refund"}
        self.kept.add(f"cm-{refund['id']}")
        return self._books.keep_memo(body | link)

    def _keep_deposits(self, batches: list[Batch]) -> None:
        """Deposits of the first payouts, as far as the documents of all their members are there and right."""
        since = self._window.banked_until
        full = [
            batch
            for batch in batches
            if batch.completed
            and batch.payout["amount"] > 0
            and batch.failure is None
            and all(member["created"] < since and member["source"] in self._members for member in batch.members)
        ]
        several = [batch for batch in full if len(batch.members) > 1] if len(full) > 1 else []
        largest = max(several, key=lambda batch: len(batch.members), default=None)
        rest = iter(_ONE if len(full) == 1 else _FEW if len(full) <= len(_FEW) + 1 else _MANY)
        for batch in full:
            style = "deposit_mismatch" if batch is largest else next(rest, None)
            if style is not None:
                self._keep_deposit(batch, style)

    def _keep_deposit(self, batch: Batch, style: str) -> None:
        payout, members, left_out = batch.payout, list(batch.members), None
        if style == "deposit_mismatch":
            # The smallest payment, so that something is left to deposit.
            left_out = min((each for each in members if each["amount"] > 0), key=lambda each: int(each["amount"]))
            members.remove(left_out)
        fees = Counter[str]()
        for part in (part for each in batch.members for part in each["fee_details"]):
            fees[part["type"]] += part["amount"]
        lines = [(self._members[each["source"]], _settled_from(each), each["amount"]) for each in members]
        day = datetime.fromtimestamp(payout["arrival_date"], UTC).date()
        body = deposit_body(day, lines, {} if style == "fee_missing" else dict(fees))
        key = self._books.keep_deposit(
            body | document_link(payout["id"], "hand" if style == "by_hand" else "connector")
        )
        self.kept.add(payout["id"])
        if left_out is not None:
            wrong = payout["amount"] - left_out["amount"]
            self._note_payout("deposit_mismatch", payout["id"], key, payout["amount"], wrong, "a member was left out")
        elif style == "fee_missing":
            self._note_payout("fee_missing", payout["id"], key, batch.fees, 0, "the fees were not taken off")

    def _note_residuals(self, bills: list[Bill], batches: list[Batch]) -> None:
        """What no deposit of ours can book: the unknown type, and payments booked with another amount."""
        wrong = {
            receipt.charge["id"]
            for bill in bills
            for receipt in bill.receipts
            if bill.story.mistake == "payment_mismatch" and receipt.charge["id"] in self._keeper.payment_keys
        }
        for batch in batches:
            if not batch.completed or batch.payout["id"] in self.kept:
                continue
            for member in batch.members:
                if member["type"] == UNKNOWN_TYPE:
                    reason = "nobody knows what a galactic levy is"
                elif member["source"] in wrong:
                    reason = "the payment is in the books with another amount"
                else:
                    continue
                self._note_payout("payout_residual", member["id"], None, member["amount"], 0, reason)

    def _note(self, kind: str, stripe_id: str, key: str, currency: str, expected: int, times: int, reason: str) -> None:
        self.truth.append(truth_row(kind, stripe_id, f"@{key}", currency, expected, times * expected, reason))

    def _note_payout(self, kind: str, stripe_id: str, key: str | None, expected: int, actual: int, reason: str) -> None:
        named = None if key is None else f"@{key}"
        self.truth.append(truth_row(kind, stripe_id, named, "usd", expected, actual, reason, "payout_deposit"))


def _keep_of(bill: Bill) -> str | None:
    return None if bill.story.plot is None else bill.story.plot.keep


def _settled_from(member: Wire) -> str:
    """`usd`, or a word for any other currency that was exchanged into dollars."""
    return "usd" if member["exchange_rate"] is None else "foreign"
