"""What happens in Stripe while something is away, and what the books must hold once all is back.

What belongs here: deeds through Stripe's API, and the auditor's question. What does not: who is stopped, how long.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, cycle
from pathlib import Path
from typing import Any

import requests

from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.world import Books
from o2c_orchestration_tests.e2e.cli_fixtures import World

_LISTS = ("customers", "invoices", "charges", "invoice_payments", "refunds", "payouts")


@dataclass
class Life:
    """A company that bills, is paid, voids, refunds and is paid out, whoever listens.

    `voided` are invoices that were in the books before they were voided, so that each needs a memo: one that was voided
    before anybody saw it needs nothing, and which of the two it is would depend on who was away.
    """

    world: World
    voided: set[str] = field(default_factory=set)
    unpaid: str = ""
    paid: str = ""
    done: int = 0

    def bill(self) -> str:
        """A new invoice that nobody has paid; its id."""
        return str(self._invoice(pay=False)["id"])

    def sell(self) -> str:
        """A new invoice and its payment; the invoice's id."""
        return str(self._invoice(pay=True)["id"])

    def void(self, invoice: str) -> None:
        """Void an invoice that is in the books."""
        self.world.stripe(f"invoices/{invoice}/void")
        self.voided.add(invoice)

    def refund(self, invoice: str, amount: int | None = None) -> None:
        """Give the money of a paid invoice back, or `amount` of it in minor units."""
        (part,) = self._listed("invoice_payments", invoice=invoice)
        part_of = {} if amount is None else {"amount": amount}
        self.world.stripe("refunds", payment_intent=part["payment"]["payment_intent"], **part_of)

    def pay_out(self) -> None:
        """All money goes to the bank and arrives."""
        url = f"{self.world.base_url}/_sandbox/stripe/payouts"
        requests.post(url, json={"pending": True}, timeout=30).raise_for_status()

    def go_on(self) -> None:
        """An invoice that nobody pays and one that is paid, which the next deeds are about."""
        self.unpaid, self.paid = self.bill(), self.sell()

    def deeds(self) -> Iterator[str]:
        """One deed each time it is asked, of every kind, without end; says which. The first two need `go_on`."""
        for deed in chain(("void", "refund", "bill", "sell", "pay_out"), cycle(("bill", "sell", "refund", "sell"))):
            self.done += 1
            if deed == "void":
                self.void(self.unpaid)
            elif deed == "refund":
                self.refund(self.paid, amount=100 if self.done % 3 == 0 else None)
            elif deed == "bill":
                self.bill()
            elif deed == "sell":
                self.paid = self.sell()
            else:
                self.pay_out()
            yield deed

    def faults(self, state: Path) -> list[str]:
        """What NetSuite's own file holds too much, too little, twice or for another amount; [] when all is right."""
        books = Books(stripe=list(self._everything()))
        wanted, there = self._wanted(books), audit.actual(state)
        found = [f"{name}: more is applied than it is worth" for name in audit.over_applied(state)]
        found += [f"{name}: deposited twice" for name in audit.deposited_twice(state)]
        found += [f"{name}: named by two documents" for name in audit.doubled(state, books)]
        for side in vars(wanted):
            should, does = vars(wanted)[side], vars(there)[side]
            odd = sorted(name for name in should.keys() | does.keys() if should.get(name) != does.get(name))
            found += [f"{side} {name}: {does.get(name)} instead of {should.get(name)}" for name in odd]
        return found

    def _wanted(self, books: Books) -> audit.Ledger:
        """As the auditor wants it, and each invoice that was voided in the books under a memo of its whole amount."""
        wanted = audit.expected(books)
        for invoice in books.of("invoice"):
            if invoice["id"] in self.voided:
                key, memo = invoice["id"].lower(), f"cm-{invoice['id']}".lower()
                # Cents, since all of it is in dollars.
                amount = audit.major(invoice["total"], invoice["currency"])
                wanted.invoices[key] = wanted.credit_memos[memo] = wanted.applied[memo, key] = amount
                wanted.customers[invoice["customer"].lower()] = 1
        return wanted

    def _everything(self) -> Iterator[dict[str, Any]]:
        for name in _LISTS:
            yield from self._listed(name)
        for payout in self._listed("payouts"):
            for entry in self._listed("balance_transactions", payout=payout["id"]):
                yield {**entry, "_payout": payout["id"]}

    def _listed(self, name: str, **params: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.world.config.stripe_secret_key}"}
        found, more = list[dict[str, Any]](), {"limit": "100", **params}
        while True:
            answer = requests.get(f"{self.world.base_url}/v1/{name}", params=more, headers=headers, timeout=30)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["data"]
            if not page["has_more"]:
                return found
            more["starting_after"] = found[-1]["id"]

    def _invoice(self, *, pay: bool) -> dict[str, Any]:
        # Each of another amount, so that none can be taken for another.
        return self.world.invoice(1000 + 7 * self.done, pay=pay)
