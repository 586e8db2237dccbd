"""Properties of the books under the sandbox's NetSuite, whatever people do in whatever order."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from o2c_orchestration.sandbox.netsuite.control import void_transaction
from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError
from o2c_orchestration.sandbox.netsuite.ledger import NetSuiteLedger, Options
from o2c_orchestration_tests.contract.sandbox_netsuite_bodies import (
    BANK,
    BANK_EUR,
    FEES,
    SUSPENSE,
    apply_lines,
    deposit_body,
    journal_body,
    memo_body,
    money,
    refund_body,
)

Json = dict[str, Any]
_CURRENCIES = {"1": 100, "4": 100, "7": 1, "9": 1000}
_OPEN = 'SELECT id, x_total - x_paid AS open, x_scale FROM "transaction" WHERE type = ? AND entity = ?'
_UNBALANCED = (
    'SELECT "transaction" FROM transactionline GROUP BY 1 HAVING sum(x_amount) <> 0',
    'SELECT "transaction" FROM transactionaccountingline GROUP BY 1 HAVING sum(x_base) <> 0',
    'SELECT id FROM "transaction" WHERE x_total < 0 OR x_paid < 0 OR x_paid > x_total',
    "SELECT previousdoc FROM nexttransactionlinelink WHERE nexttype = 'Deposit' GROUP BY 1 HAVING count(*) > 1",
)
_UNDEPOSITED = (
    "SELECT coalesce(sum(iif(t.type = 'CustPymt', 1, -1) * t.x_base_total), 0) FROM \"transaction\" t"
    " WHERE t.type IN ('CustPymt', 'CustRfnd') AND t.voided = 'F' AND t.x_account = 3"
    " AND NOT EXISTS (SELECT 1 FROM nexttransactionlinelink n WHERE n.previousdoc = t.id AND n.nexttype = 'Deposit')"
)
# By customer's currency: receivables in the base currency, and what of documents is open there, debit positive.
_RECEIVABLES = (
    "SELECT coalesce(sum(l.x_base), 0) FROM transactionaccountingline l JOIN account a ON a.id = l.account"
    ' JOIN "transaction" t ON t.id = l."transaction" WHERE a.accttype = \'AcctRec\' AND t.currency = ?'
)
_OWED = (
    "SELECT coalesce(sum(iif(type IN ('CustInvc', 'CustRfnd'), 1, -1)"
    ' * (x_base_total - iif(x_total = 0, 0, x_base_total * x_paid / max(x_total, 1)))), 0) FROM "transaction"'
    " WHERE type IN ('CustInvc', 'CustRfnd', 'CustPymt', 'CustCred') AND currency = ?"
)


class Clerk:
    """Enters, changes and removes documents of customers in four currencies, drawn from `rng`."""

    def __init__(self, ledger: NetSuiteLedger, rng: random.Random) -> None:
        self.ledger, self.rng, self.done = ledger, rng, 0
        self.customers = {
            currency: self._make("customer", {"companyName": "C", "subsidiary": "1", "currency": currency})
            for currency in _CURRENCIES
        }

    def invoice(self) -> None:
        currency, customer = self._customer()
        lines = [{"item": "1", "amount": self._amount(currency)} for _ in range(self.rng.randrange(1, 4))]
        self._make("invoice", {"entity": customer, "item": {"items": lines}})

    def payment(self) -> None:
        currency, customer = self._customer()
        amount = self._amount(currency)
        applied = self._applied(customer, amount, "CustInvc")
        account = {"account": BANK} if self.rng.random() < 0.1 else {}
        rate = {"exchangeRate": Decimal("1.3")} if self.rng.random() < 0.3 else {}
        body = {"customer": customer, "payment": amount, "apply": {"items": apply_lines(applied)}}
        self._make("customerPayment", body | account | rate)

    def memo(self) -> None:
        currency, customer = self._customer()
        amount = self._amount(currency)
        self._make("creditMemo", memo_body(customer, amount, self._applied(customer, amount, "CustInvc")))

    def refund(self) -> None:
        _, customer = self._customer()
        applied = self._applied(customer, 10**6, "CustCred", "CustPymt")
        self._make("customerRefund", refund_body(customer, applied))

    def deposit(self) -> None:
        """Payments and refunds of any currency in either bank, some of them deposited already."""
        bank = self.rng.choice((BANK, BANK_EUR))
        own = "1" if bank == BANK else "4"
        rows = self._rows("SELECT id, type, currency FROM \"transaction\" WHERE type IN ('CustPymt', 'CustRfnd')")
        lines = []
        for row in self.rng.sample(rows, min(len(rows), self.rng.randrange(1, 5))):
            settled = self._amount(own) * (1 if row["type"] == "CustPymt" else -1)
            foreign = str(row["currency"]) != own
            lines.append({"id": str(row["id"]), "deposit": True} | ({"paymentAmount": settled} if foreign else {}))
        other = [money(SUSPENSE, self._amount(own))] if self.rng.random() < 0.6 else None
        body = deposit_body(bank, [], other, [money(FEES, self._amount(own) / 10)])
        self._make("deposit", body | {"payment": {"items": lines}, "exchangeRate": Decimal("1.17")})

    def journal(self) -> None:
        amount = self._amount("1")
        self._make("journalEntry", journal_body(("8", amount, 0, None), (BANK, 0, amount, None)))

    def change(self) -> None:
        """Another amount, date or rate for any document."""
        row = self._any()
        body: Json = self.rng.choice(
            [{"memo": "x"}, {"exchangeRate": Decimal("1.4")}, {"payment": self._amount("1")}, {"account": BANK}]
        )
        self.ledger.update(self._name(row), str(row["id"]), body, Options("ignore"))

    def delete(self) -> None:
        row = self._any()
        self.ledger.delete(self._name(row), str(row["id"]))

    def void(self) -> None:
        with suppress(ValueError):
            void_transaction(cast(Any, SimpleNamespace(ledger=self.ledger)), {"id": self._any()["id"]})

    def _customer(self) -> tuple[str, str]:
        return self.rng.choice(list(self.customers.items()))

    def _amount(self, currency: str) -> Any:
        return Decimal(self.rng.randrange(1, 20000)) / _CURRENCIES[currency]

    def _applied(self, customer: str, amount: Any, *types: str) -> dict[str, Any]:
        """Parts of what is open, sometimes more than that, up to about the amount."""
        applied: dict[str, Any] = {}
        for code in types:
            for row in self._rows(_OPEN, code, int(customer)):
                part = Decimal(int(row["open"] * self.rng.uniform(0, 1.1))) / row["x_scale"]
                if self.rng.random() < 0.5 and 0 < part <= amount:
                    applied[str(row["id"])] = part
                    amount -= part
        return applied

    def _any(self) -> Any:
        rows = self._rows('SELECT id, recordtype FROM "transaction" ORDER BY id')
        return self.rng.choice(rows) if rows else {"id": 0, "recordtype": "invoice"}

    def _name(self, row: Any) -> str:
        return str(row["recordtype"])

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self.ledger.store.read().execute(query, values).fetchall()

    def _make(self, name: str, body: Json) -> str:
        made = self.ledger.create(name, body, Options("error"))
        self.done += 1
        return str(made.id)


ACTIONS: list[Callable[[Clerk], None]] = [
    Clerk.invoice,
    Clerk.payment,
    Clerk.payment,
    Clerk.memo,
    Clerk.refund,
    Clerk.deposit,
    Clerk.deposit,
    Clerk.journal,
    Clerk.change,
    Clerk.delete,
    Clerk.void,
]


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(ACTIONS), min_size=5, max_size=60))
def test_books_hold_whatever_is_done(rng: random.Random, actions: list[Callable[[Clerk], None]]) -> None:
    """Every document balances in its own and the base currency; undeposited funds are what was not deposited.

    What is settled is nought on receivables in the base currency too, whatever rates were used: the rest is realized.
    Nothing is settled below nought or beyond its total, and nothing is deposited twice; refused or not.
    """
    with tempfile.TemporaryDirectory() as folder:
        ledger = NetSuiteLedger(Path(folder))
        try:
            clerk = Clerk(ledger, rng)
            for action in actions:
                with suppress(NetSuiteError):
                    action(clerk)
                assert _complaints(ledger) == []
        finally:
            ledger.close()


def _complaints(ledger: NetSuiteLedger) -> list[object]:
    store = ledger.store.read()
    found: list[object] = [row for query in _UNBALANCED for row in store.execute(query).fetchall()]
    funds = "SELECT coalesce(sum(x_base), 0) FROM transactionaccountingline WHERE account = 3"
    held, expected = (store.execute(query).fetchone()[0] for query in (funds, _UNDEPOSITED))
    found += [] if held == expected else [f"undeposited funds {held}, not deposited {expected}"]
    for currency in _CURRENCIES:
        left, owed = (store.execute(query, (int(currency),)).fetchone()[0] for query in (_RECEIVABLES, _OWED))
        found += [] if left == owed else [f"receivables of currency {currency} {left}, open {owed}"]
    return found


def test_the_clerk_does_make_deposits() -> None:
    """The property is not empty: by chance alone every kind of document is made, deposits of several members too."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = NetSuiteLedger(Path(folder))
        rng = random.Random(7)
        clerk = Clerk(ledger, rng)
        for _ in range(300):
            with suppress(NetSuiteError):
                rng.choice(ACTIONS)(clerk)
        store = ledger.store.read()
        kinds = {row[0] for row in store.execute('SELECT DISTINCT type FROM "transaction"')}
        members = store.execute(
            "SELECT count(*) FROM nexttransactionlinelink WHERE nexttype = 'Deposit' GROUP BY nextdoc"
        ).fetchall()
        realized = store.execute("SELECT count(*) FROM transactionaccountingline WHERE account = 16").fetchone()[0]
        ledger.close()
    assert kinds == {"CustInvc", "CustPymt", "CustCred", "CustRfnd", "Deposit", "Journal"}
    assert max(row[0] for row in members) > 1
    assert realized > 1
