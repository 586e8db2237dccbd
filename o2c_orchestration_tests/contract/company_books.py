"""A bookkeeper for the demo company: NetSuite bodies of all that it says is missing, written from Stripe's objects.

What belongs here: the plainest right document for each external id, one line each, in loading order. It shares
no code with the product or with the generator, so that it can tell whether the books can be finished at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from o2c_orchestration.sandbox import company
from o2c_orchestration_tests.unit.company_ledger import CURRENCY, SCALE, Ledger, books_date

Wire = dict[str, Any]
CURRENCY_ID = {code: identifier for identifier, code in CURRENCY.items()}
BANK, SUSPENSE, RETURNED, RESERVES = "1", "6", "8", "9"
SALE, REFUND, DISPUTE, BAD_DEBT, CREDIT, BALANCE = "1", "5", "6", "7", "8", "9"
FEES = {"stripe_fee": "7", "payment_method_passthrough_fee": "10", "tax": "12"}
RESERVED = ("reserve_hold", "reserve_release")


class Clerk:
    """Writes everything; `records` is what to load after the company's own, `keys` names each document."""

    def __init__(self, built: company.Company) -> None:
        self.built, self.ledger = built, Ledger(built)
        self.stripe, self.missing = self.ledger.stripe, built.documents_missing
        self.records: list[Wire] = []
        self.keys = self._kept()
        self.wrong = {row["stripe_id"] for row in built.truth if row["kind"] == "payment_mismatch"}
        self._customers()
        for record in (self._invoices, self._memos, self._reversals, self._payments, self._refunds, self._deposits):
            record()

    def _kept(self) -> dict[str, str]:
        """The key of the first document of each name; the memo of a refund is named as ours would be."""
        found: dict[str, str] = {}
        for key, record in self.ledger.bodies.items():
            body = record["body"]
            name = body.get("externalId") or self.ledger.stripe_id(body)
            if record["recordType"] == "creditMemo" and name:
                name = name.removeprefix("ns_memo:")
                name = f"cm-{name}" if name.startswith("re_") else name
            if name:
                found.setdefault(name, key.removeprefix("@"))
        return found

    def _write(self, record: str, name: str, body: Wire) -> None:
        assert name not in self.keys
        self.keys[name] = f"new-{len(self.records)}"
        self.records.append({"recordType": record, "body": {**body, "_key": self.keys[name], "externalId": name}})

    def _at(self, name: str) -> Wire:
        return {"id": f"@{self.keys[name]}"}

    def _head(self, thing: Wire, moment: int, owner: str = "entity") -> Wire:
        return {
            owner: self._at(thing["customer"]),
            "currency": {"id": CURRENCY_ID[thing["currency"]]},
            "tranDate": books_date(moment).isoformat(),
        }

    def _item(self, thing: Wire, moment: int, item: str, amount: int, applied: dict[str, int] | None = None) -> Wire:
        line = {"item": {"id": item}, "amount": major(amount, thing["currency"])}
        return {**self._head(thing, moment), "item": {"items": [line]}, **self._apply(thing, applied or {})}

    def _apply(self, thing: Wire, applied: dict[str, int]) -> Wire:
        lines = [
            {"doc": self._at(name), "apply": True, "amount": major(part, thing["currency"])}
            for name, part in applied.items()
        ]
        return {"apply": {"items": lines}} if lines else {}

    def _customers(self) -> None:
        every = [{"currency": {"id": each}} for each in CURRENCY]
        for name in self.built.customers_missing:
            body = {"companyName": f"{self.stripe[name]['name']} (new)", "subsidiary": {"id": "1"}}
            self._write("customer", name, {**body, "currencyList": {"items": every}, "currency": every[0]["currency"]})

    def _invoices(self) -> None:
        for name in self.built.missing:
            invoice = self.stripe[name]
            moment = invoice["effective_at"] or invoice["status_transitions"]["finalized_at"]
            self._write("invoice", name, self._item(invoice, moment, SALE, invoice["total"]))

    def _memos(self) -> None:
        for name in self.missing["creditMemo"]:
            thing = self.stripe[name.partition("-")[2] or name]
            self._write("creditMemo", name, self._balance(thing) if name.startswith("cb-") else self._memo(thing))

    def _balance(self, invoice: Wire) -> Wire:
        moment = invoice["effective_at"] or invoice["status_transitions"]["finalized_at"]
        used = invoice["ending_balance"] - invoice["starting_balance"]
        return self._item(invoice, moment, BALANCE, used, {invoice["id"]: used})

    def _memo(self, thing: Wire) -> Wire:
        if thing["object"] == "credit_note":
            pre = thing["pre_payment_amount"]
            return self._item(thing, thing["created"], CREDIT, thing["total"], {thing["invoice"]: pre} if pre else {})
        if thing["object"] == "invoice":
            moments, left = thing["status_transitions"], thing["amount_remaining"] or thing["total"]
            item = SALE if thing["status"] == "void" else BAD_DEBT
            moment = moments["voided_at"] or moments["marked_uncollectible_at"]
            return self._item(thing, moment, item, left, {thing["id"]: left})
        item = REFUND if thing["object"] == "refund" else DISPUTE
        return self._item(self._with_customer(thing), thing["created"], item, thing["amount"])

    def _with_customer(self, thing: Wire) -> Wire:
        return {**thing, "customer": self.stripe[thing["charge"]]["customer"]}

    def _reversals(self) -> None:
        for name in self.missing["invoice"]:
            thing = self.stripe[name.removeprefix("ri-")]
            if thing["object"] == "dispute":
                moment = thing["balance_transactions"][1]["created"]
                body = self._item(self._with_customer(thing), moment, DISPUTE, thing["amount"])
            else:
                moment = thing["status_transitions"]["paid_at"]
                body = self._item(thing, moment, BAD_DEBT, thing["amount_paid"])
            self._write("invoice", name, body)

    def _payments(self) -> None:
        pays: dict[str, dict[str, int]] = {}
        for link in (each for each in self.stripe.values() if each["object"] == "invoice_payment"):
            if link["status"] == "paid":
                again = f"ri-{link['invoice']}"
                name = again if again in self.keys else link["invoice"]
                pays.setdefault(link["payment"]["payment_intent"], {})[name] = link["amount_paid"]
        for name in self.built.payments_missing:
            charge = self.stripe[name]
            self._pay(name, charge, charge["created"], pays[charge["payment_intent"]])
        for name in self.missing["customerPayment"]:
            thing = self.stripe[name.removeprefix("rf-").removeprefix("rp-")]
            moment = thing["balance_transactions"][1]["created"] if name.startswith("rp-") else thing["created"]
            if name.startswith("rf-"):
                moment = self.stripe[thing["failure_balance_transaction"]]["created"]
            applied = {f"ri-{thing['id']}": thing["amount"]} if name.startswith("rp-") else {}
            self._pay(name, self._with_customer(thing) if "charge" in thing else thing, moment, applied)

    def _pay(self, name: str, thing: Wire, moment: int, applied: dict[str, int]) -> None:
        body = {**self._head(thing, moment, "customer"), "payment": major(thing["amount"], thing["currency"])}
        self._write("customerPayment", name, {**body, "autoApply": False, **self._apply(thing, applied)})

    def _refunds(self) -> None:
        notes = [each for each in self.stripe.values() if each["object"] == "credit_note"]
        paid_out = {each["refund"]: note["id"] for note in notes for each in note["refunds"]}
        for name in self.missing["customerRefund"]:
            thing = self._with_customer(self.stripe[name])
            target = paid_out.get(name) or (f"cm-{name}" if f"cm-{name}" in self.keys else thing["charge"])
            body = self._head(thing, thing["created"], "customer") | self._apply(thing, {target: thing["amount"]})
            self._write("customerRefund", name, body)

    def _deposits(self) -> None:
        for name in self.missing["deposit"]:
            self._write("deposit", name, self._deposit(self.stripe[name]))
        for name in self.missing["journalEntry"]:
            payout = self.stripe[name.removeprefix("pf-")]
            moment = self.stripe[payout["failure_balance_transaction"]]["created"]
            amount = major(payout["amount"], "usd")
            lines = [{"account": {"id": BANK}, "credit": amount}, {"account": {"id": RETURNED}, "debit": amount}]
            head = {"subsidiary": {"id": "1"}, "tranDate": books_date(moment).isoformat()}
            self._write("journalEntry", name, {**head, "line": {"items": lines}})

    def _deposit(self, payout: Wire) -> Wire:
        """Members that are documents on payment lines; fees and all else, by account, beside them."""
        sums: Counter[str] = Counter()
        lines = []
        for member in self.ledger.members(payout["id"]):
            for fee in member["fee_details"]:
                sums[FEES[fee["type"]]] -= fee["amount"]
            line = self._member_line(member)
            if line is None:
                sums[self._account(member)] += member["amount"]
            else:
                lines.append(line)
        if payout["amount"] < 0:
            sums[BANK] -= payout["amount"]
        return {
            "account": {"id": BANK},
            "tranDate": datetime.fromtimestamp(payout["arrival_date"], UTC).date().isoformat(),
            "payment": {"items": lines},
            "other": {"items": _sublist(sums, lambda amount: amount > 0)},
            "cashBack": {"items": _sublist(sums, lambda amount: amount < 0)},
        }

    def _member_line(self, member: Wire) -> Wire | None:
        prefix = {"refund_failure": "rf-"}.get(member["type"], "")
        if member["type"] == "adjustment" and member["amount"] > 0:
            prefix = "rp-"
        name = f"{prefix}{member['source']}"
        if member["source"] is None or member["type"] == "payout_failure" or member["source"] in self.wrong:
            return None
        line: Wire = {"id": f"@{self.keys[name]}", "deposit": True}
        foreign = member["exchange_rate"] is not None
        return {**line, "paymentAmount": major(member["amount"], "usd")} if foreign else line

    def _account(self, member: Wire) -> str:
        if member["type"] in RESERVED:
            return RESERVES
        return {"payout_failure": RETURNED, "stripe_fee": FEES["stripe_fee"]}.get(member["type"], SUSPENSE)


def major(amount: int, currency: str) -> float:
    """Minor units as the JSON number that NetSuite takes."""
    return amount / SCALE[CURRENCY_ID[currency]]


def _sublist(sums: Counter[str], wanted: Callable[[int], bool]) -> list[Wire]:
    chosen: Iterable[tuple[str, int]] = ((account, amount) for account, amount in sums.items() if wanted(amount))
    return [{"account": {"id": account}, "amount": abs(amount) / 100} for account, amount in chosen]
