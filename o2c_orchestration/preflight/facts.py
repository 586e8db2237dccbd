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
from o2c_orchestration.domain.errors import O2CError
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
        self._reader = reader
        self._items: dict[str, Mapping[str, Any]] = {}

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
        """Whether subsidiaries are inactive, by id."""
        return self._ask(queries.SUBSIDIARY_FACTS)

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

    def _ask(self, every: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        for query in every:
            try:
                return {str(row["id"]): row for row in self._reader.suiteql(query)}
            except O2CError:
                continue
        return {}


def account_finding(found: Finding, row: Mapping[str, Any] | None, subsidiary: str | None) -> Finding:
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
    bound = found.what.startswith(("accounts.bank.", "accounts.destinations.")) or found.what == "off_stripe.account"
    return _elsewhere(found, row, subsidiary) if bound else found


def _wanted(key: str) -> tuple[frozenset[str], str, bool] | None:
    """The types of account that fit a key, in words, and whether another one is a hint only."""
    if key.startswith("accounts.fee"):
        return _COSTS, "an expense", True
    if key in ("accounts.reserves", "accounts.returned_payouts") or key.startswith("books.opening."):
        return frozenset({*_MONEY, *_DEBTS, "OthAsset"}), "an asset or a liability", False
    if key == "accounts.suspense":
        return frozenset({*_MONEY, *_DEBTS, "OthAsset"}), "an asset or a liability", True
    if key == "off_stripe.account":
        return _MONEY, "Bank or OthCurrAsset", False
    return None


def item_finding(
    found: Finding, row: Mapping[str, Any] | None, accounts: Mapping[str, Mapping[str, Any]], subsidiary: str | None
) -> Finding:
    """The same of an item, with the account that it is on."""
    if row is None or found.ok is False:
        return found
    if row.get("inactive") == "T":
        return _inactive(found, "item")
    kind = str(accounts.get(str(row.get("account")), {}).get("type") or "")
    odd, wanted, hint = _item_kinds(kind).get(found.what, (False, "", True))
    if kind and odd:
        return _wrong(found, f"{found.detail}, whose account is of type {kind}, not {wanted}", _BOOKS, hint=hint)
    return found if row.get("children") == "T" else _elsewhere(found, row, subsidiary)


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


def _elsewhere(found: Finding, row: Mapping[str, Any], subsidiary: str | None) -> Finding:
    """Of several subsidiaries NetSuite gives a list; what is no list of ids is left alone."""
    told = str(row.get("subsidiary") or "")
    if subsidiary is None or not re.fullmatch(r"\d+(\s*,\s*\d+)*", told) or subsidiary in re.findall(r"\d+", told):
        return found
    detail = f"{found.detail}, which belongs to subsidiary {told}, not {subsidiary}"
    return _wrong(found, detail, "NetSuite refuses each document that names it")


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
