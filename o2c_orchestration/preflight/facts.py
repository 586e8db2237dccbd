"""What NetSuite says of the records that o2c.yaml names: active, of the right type, open to the subsidiary.

NetSuite refuses a document that names an inactive record, or one of another subsidiary. An account of the wrong type it
takes, and the books are wrong.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError, TransientError
from o2c_orchestration.mirror import queries
from o2c_orchestration.preflight.finding import Finding

_COSTS = frozenset({"Expense", "OthExpense", "COGS"})
_PROFIT = frozenset({*_COSTS, "Income", "OthIncome"})
_DEBTS = frozenset({"OthCurrLiab", "LongTermLiab", "DeferRevenue"})
_MONEY = frozenset({"Bank", "OthCurrAsset"})
# A line on these asks for a customer or vendor, or is no posting at all.
_NEVER = frozenset({"AcctRec", "AcctPay", "NonPosting", "Stat"})
_MANY = 900  # SuiteQL takes at most 1000 values in a list
_BOOKS = "documents would be written, and the account be wrong until each of them is corrected"


class Facts:
    """What NetSuite says of accounts, items and subsidiaries, asked for when first needed.

    A column that an account does not have is left out; of what NetSuite does not tell nothing is said.
    """

    def __init__(self, reader: NetSuiteReader) -> None:
        self.reader = reader
        self._items: dict[str, Mapping[str, Any]] = {}
        self._records: dict[str, dict[str, Mapping[str, Any] | None]] = {}

    @cached_property
    def accounts(self) -> dict[str, Mapping[str, Any]]:
        """Type, inactive, subsidiary and currency of all accounts, by id."""
        return self._ask(queries.ACCOUNT_FACTS)

    @cached_property
    def inactive_items(self) -> set[str]:
        """Names of items that are inactive, folded."""
        return {str(row.get("name", "")).lower() for row in self._ask(queries.INACTIVE_ITEMS).values()}

    @cached_property
    def subsidiaries(self) -> dict[str, Mapping[str, Any]]:
        """Whether subsidiaries are inactive, their parents and base currencies, by id."""
        return self._ask(queries.SUBSIDIARY_FACTS)

    def above(self, subsidiary: str) -> frozenset[str] | None:
        """Parents of a subsidiary, up to the topmost; None where NetSuite does not tell."""
        found: list[str] = []
        row = self.subsidiaries.get(subsidiary)
        while row is not None and row.get("parent") is not None and str(row["parent"]) not in found:
            found.append(str(row["parent"]))
            row = self.subsidiaries.get(found[-1])
        told = any(each.get("parent") is not None for each in self.subsidiaries.values())
        return frozenset(found) if told or len(self.subsidiaries) == 1 else None

    @cached_property
    def currencies(self) -> dict[str, Mapping[str, Any]]:
        """Symbol, inactive, rate to the base currency, by id."""
        return self._ask(queries.CURRENCY_FACTS)

    def items(self, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """Inactive, income account, subsidiaries of these items, by id."""
        asked = sorted({int(each) for each in ids if each.isdigit()} - {int(each) for each in self._items})
        for start in range(0, len(asked), _MANY):
            self._items |= self._ask(queries.item_facts(asked[start : start + _MANY]))
        return self._items

    def records(self, kind: str, ids: Sequence[str]) -> dict[str, Mapping[str, Any]] | None:
        """What is told of these records of a kind, by id: those that are there. None where the kind is not told at all.

        Who may not see a kind gets no refusal but an empty table: of one that shows nothing nothing is known.
        """
        if kind == "account":
            return self.accounts or None
        known = self._records.setdefault(kind, {})
        asked = sorted({int(each) for each in ids if each.isascii() and each.isdigit()} - {int(each) for each in known})
        for start in range(0, len(asked), _MANY):
            part = asked[start : start + _MANY]
            rows = self._told(queries.record_facts(kind, part))
            if rows is None:
                return None
            known |= {str(each): rows.get(str(each)) for each in part}
        there = {key: row for key, row in known.items() if row is not None}
        return there if there or self._shows(kind) else None

    def _shows(self, kind: str) -> bool:
        try:
            return bool(self.reader.suiteql_page(queries.any_of(kind), limit=1).rows)
        except O2CError:
            return False

    def _ask(self, every: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        return self._told(every) or {}

    def _told(self, every: Sequence[str]) -> dict[str, Mapping[str, Any]] | None:
        found = self._answered(every)
        return None if found is None else {str(row["id"]): row for row in found}

    def rows(self, every: Sequence[str]) -> list[Mapping[str, Any]]:
        """What the first of these queries gives that NetSuite answers; nothing where it answers none.

        It is asked for less where it refuses, and not again where it does not answer at all.
        """
        return self._answered(every) or []

    def _answered(self, every: Sequence[str]) -> list[Mapping[str, Any]] | None:
        for query in every:
            try:
                return list(self.reader.suiteql(query))
            except TransientError:
                break
            except O2CError:
                continue
        return None


def account_finding(facts: Facts, found: Finding, row: Mapping[str, Any] | None, subsidiary: str | None) -> Finding:
    """What was found of an account under a key of o2c.yaml, with what NetSuite says of it."""
    if row is None or found.ok is False:
        return found
    if row.get("inactive") == "T":
        return _inactive(found, "account")
    kind, wants = str(row.get("type") or ""), _wanted(found.what)
    if kind in _NEVER:
        refused = "NetSuite refuses a line on it that names no customer or vendor"
        return _wrong(found, f"{found.detail}, which is of type {kind}", refused)
    if kind and wants is not None and kind not in wants[0]:
        return _wrong(found, f"{found.detail}, which is of type {kind}, not {wants[1]}", _BOOKS, hint=wants[2])
    # A bank account is of one subsidiary, and its children are none of its business.
    alone = found.what.startswith(("accounts.bank.", "accounts.destinations."))
    return _elsewhere(facts, found, {**row, "children": "F"} if alone else row, subsidiary)


def record_finding(
    facts: Facts, found: Finding, kind: str, row: Mapping[str, Any] | None, subsidiary: str | None
) -> Finding:
    """The same of a class, department, location, or whatever else is named."""
    if row is None or found.ok is False:
        return found
    return _inactive(found, kind) if row.get("inactive") == "T" else _elsewhere(facts, found, row, subsidiary)


def _wanted(key: str) -> tuple[frozenset[str], str, bool] | None:
    """The types of account that fit a key, in words, and whether another one is a hint only."""
    if key.startswith("accounts.fee"):
        return _COSTS, "an expense", True
    if key in ("accounts.reserves", "accounts.returned_payouts") or key.startswith("books.opening."):
        return frozenset({*_MONEY, *_DEBTS, "OthAsset"}), "an asset or a liability", False
    if key == "accounts.suspense":
        return frozenset({*_MONEY, *_DEBTS, "OthAsset"}), "an asset or a liability", True
    if key == "tolerances.account":
        return _PROFIT, "revenue or an expense", True
    if key in ("off_stripe.account", "netsuite.payment_account"):
        return _MONEY, "Bank or OthCurrAsset", False
    return None


def item_finding(facts: Facts, found: Finding, row: Mapping[str, Any] | None, subsidiary: str | None) -> Finding:
    """The same of an item, with the account that it is on."""
    if row is None or found.ok is False:
        return found
    if row.get("inactive") == "T":
        return _inactive(found, "item")
    kind = str(facts.accounts.get(str(row.get("account")), {}).get("type") or "")
    odd, wanted, hint = _item_kinds(kind).get(found.what, (False, "", True))
    if kind and odd:
        return _wrong(found, f"{found.detail}, whose account is of type {kind}, not {wanted}", _BOOKS, hint=hint)
    return _elsewhere(facts, found, row, subsidiary)


def _item_kinds(kind: str) -> dict[str, tuple[bool, str, bool]]:
    """By key: whether an account of this type does not fit its item, what would, and whether that is a hint only."""
    return {
        "items.balance": (kind not in _DEBTS, "a liability", False),
        "items.bad_debt": (kind not in _COSTS, "an expense", True),
        "items.tax": (kind in _PROFIT, "a liability", True),
        # On the liability itself, both documents of a pair would cancel each other.
        "adjustments.item": (kind in _DEBTS, "revenue or an expense", True),
    }


def subsidiary_finding(found: Finding, row: Mapping[str, Any] | None) -> Finding:
    """The same of a subsidiary."""
    return _inactive(found, "subsidiary") if row is not None and row.get("inactive") == "T" and found.ok else found


def missing_item(found: Finding, name: str, inactive: set[str]) -> Finding:
    """An item that was not found, and is there but inactive."""
    if found.ok is not False or name.lower() not in inactive:
        return found
    return replace(_inactive(found, "item"), detail=f"NetSuite item {name!r} is inactive")


def _elsewhere(facts: Facts, found: Finding, row: Mapping[str, Any], subsidiary: str | None) -> Finding:
    """Of several subsidiaries NetSuite gives a list; what is no list of ids is left alone.

    What belongs to a parent is open to its children where it includes them; whether it does, or who is whose parent,
    NetSuite may not tell: what cannot be known is a hint.
    """
    told = str(row.get("subsidiary") or "")
    listed = set(re.findall(r"\d+", told))
    if subsidiary is None or not re.fullmatch(r"\d+(\s*,\s*\d+)*", told) or subsidiary in listed:
        return found
    children, above = row.get("children"), facts.above(subsidiary)
    maybe = children != "F" and (above is None or bool(above & listed))
    if maybe and children == "T":
        return found
    detail = f"{found.detail}, which belongs to subsidiary {told}, not {subsidiary}"
    if maybe:
        return _wrong(found, f"{detail}; whether it includes children is not told", _ELSEWHERE, hint=True)
    return _wrong(found, detail, _ELSEWHERE)


_ELSEWHERE = "NetSuite refuses each document that names it"


def _inactive(found: Finding, kind: str) -> Finding:
    refused = "NetSuite refuses each document that names it (o2c explain invalid_reference)"
    return Finding(
        found.what,
        False,
        f"{found.detail}, which is inactive",
        f"make the {kind} active in NetSuite, or name another one under {found.what} in o2c.yaml",
        refused,
    )


def _wrong(found: Finding, detail: str, otherwise: str, *, hint: bool = False) -> Finding:
    to_do = f"name another one under {found.what} in o2c.yaml, or correct it in NetSuite"
    return Finding(found.what, None if hint else False, detail, to_do, otherwise)
