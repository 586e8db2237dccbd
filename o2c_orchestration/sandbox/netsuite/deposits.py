"""Deposits: undeposited payments and refunds, other money and cash back, moved to a bank account in one sum.

What belongs here: a deposit's currency, what each payment settled for, and its ledger lines. What does not:
payments themselves (see `cash`), and SQL that writes.

Verified by Oracle's REST examples and schema: the sublists `payment`, `other` and `cashback` and their properties;
by its forms: the deposit takes its currency from the bank account. Practitioners enter the settled amount of a
payment in another currency at the screen, and say that the difference goes to a matching gain/loss account.
Not verified: that REST takes `paymentAmount` for it, its sign for a refund, how NetSuite words its refusals, and
which account takes the difference; this account has one for all of them.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_REALIZED, ACCOUNT_UNDEPOSITED, BASE_CURRENCY
from o2c_orchestration.sandbox.netsuite.documents import NEGATIVE_TOTAL, NO_LINES
from o2c_orchestration.sandbox.netsuite.drafts import (
    Currency,
    Draft,
    Line,
    Link,
    Request,
    amount,
    load_currency,
    reference,
    require,
    segments,
)
from o2c_orchestration.sandbox.netsuite.errors import invalid_field_value, missing_values, user_error
from o2c_orchestration.sandbox.netsuite.group import bank_subsidiary, refuse_others_bank
from o2c_orchestration.sandbox.netsuite.values import BASE_SCALE, convert, to_minor

Json = dict[str, Any]

# The link from a payment or refund to its deposit. Not verified: the link types that Oracle publishes hold no such
# word, and no public query names the real one. A reader should select by previoustype and nexttype instead.
DEPOSIT_LINK = "DepositPayment"
ONLY_SUBSIDIARY = 1
_UNDEPOSITED = (
    'SELECT id, type, entity, currency, x_total, x_scale, x_base_total, x_subsidiary FROM "transaction" WHERE id = ?1'
    " AND x_account = ?2 AND posting = 'T' AND voided = 'F' AND type IN ('CustPymt', 'CustDep', 'CustRfnd')"
    " AND NOT EXISTS (SELECT 1 FROM nexttransactionlinelink"
    " WHERE previousdoc = ?1 AND linktype = ?3 AND nextdoc IS NOT ?4)"
)


@dataclass(frozen=True)
class Member:
    """A payment or refund in a deposit: its row, and what it settled for, in minor units of the deposit.

    A refund takes money out of the deposit: `sign` is -1 and `settled` not positive.
    """

    row: sqlite3.Row
    settled: int

    @property
    def sign(self) -> int:
        """1 for a payment, -1 for a refund."""
        return sign_of(self.row["type"])


def sign_of(code: str) -> int:
    """Whether a transaction of this type brings money into a deposit (1) or takes it out (-1)."""
    return -1 if code == "CustRfnd" else 1


def draft_deposit(request: Request) -> Draft:
    """A deposit: undeposited payments and other money into a bank account, less refunds and cash back."""
    require(request.doc, [("account", "Account")])
    account, currency = _bank(request)
    subsidiary = reference(request.doc, "subsidiary") or bank_subsidiary(request, account)
    refuse_others_bank(request, account, subsidiary)
    members = _members(request, currency, subsidiary)
    lines = [_payment_line(member, line_id) for line_id, member in enumerate(members, start=1)]
    for name, sign in (("other", -1), ("cashback", 1)):
        for index, line in enumerate(request.doc.get(name) or []):
            lines.append(_account_line(line, len(lines) + 1, currency, sign, f"{name}.items[{index}].amount"))
    if not lines:
        raise user_error(NO_LINES)
    total = -sum(line.amount for line in lines)
    if total < 0:
        raise user_error(NEGATIVE_TOTAL)
    main = Line(0, total, account, mainline=True, memo=request.doc.get("memo"), base=_base(total, currency))
    main = replace(main, segments=segments(request.doc))
    return Draft(
        entity=None,
        subsidiary=subsidiary,
        currency=currency,
        total=total,
        account=account,
        lines=_with_exchange([main, *lines]),
        status="A",
        links=[_link(member, line_id) for line_id, member in enumerate(members, start=1)],
    )


def _bank(request: Request) -> tuple[int, Currency]:
    account = reference(request.doc, "account") or 0
    row = request.connection.execute("SELECT accttype, currency FROM account WHERE id = ?", (account,)).fetchone()
    if row["accttype"] != "Bank":
        raise invalid_field_value(account, "account", "account")
    own = int(row["currency"] or BASE_CURRENCY)
    given = reference(request.doc, "currency") or own
    if given != own:
        raise invalid_field_value(given, "currency", "currency")
    return account, load_currency(request, own)


def _members(request: Request, currency: Currency, subsidiary: int) -> list[Member]:
    # A line that is taken off the deposit is gone from its sublist.
    taken = [line for line in request.doc.get("payment") or [] if line.get("deposit") is not False]
    request.doc["payment"] = taken
    return [_member(request, line, currency, subsidiary, f"payment.items[{index}]") for index, line in enumerate(taken)]


def _member(request: Request, line: Json, currency: Currency, subsidiary: int, path: str) -> Member:
    require(line, [("id", "ID")])
    key = (int(line["id"]), ACCOUNT_UNDEPOSITED, DEPOSIT_LINK, request.id)
    row = request.connection.execute(_UNDEPOSITED, key).fetchone()
    if row is None or row["x_subsidiary"] != subsidiary:
        raise invalid_field_value(line["id"], "id", f"{path}.id")
    return Member(row, _settled(row, line, currency, f"{path}.paymentAmount"))


def _settled(row: sqlite3.Row, line: Json, currency: Currency, path: str) -> int:
    sign, given = sign_of(row["type"]), amount(line, "paymentAmount")
    same = row["currency"] == currency.id
    own = sign * int(row["x_total"])
    if given is None:
        if not same:
            raise missing_values(["Amount"])
        return own
    minor = to_minor(given, currency.scale)
    if (same and minor != own) or sign * minor < 0:
        raise invalid_field_value(line["paymentAmount"], "paymentAmount", path)
    return minor


def _payment_line(member: Member, line_id: int) -> Line:
    """Undeposited funds give up what the payment put there, whatever the bank received for it."""
    return Line(
        line_id,
        -member.settled,
        ACCOUNT_UNDEPOSITED,
        entity=member.row["entity"],
        base=-member.sign * int(member.row["x_base_total"]),
        created_from=member.row["id"],
    )


def _account_line(line: Json, line_id: int, currency: Currency, sign: int, path: str) -> Line:
    require(line, [("account", "Account"), ("amount", "Amount")])
    minor = to_minor(amount(line, "amount") or Decimal(0), currency.scale)
    if minor <= 0:
        raise invalid_field_value(line["amount"], "amount", path)
    return Line(
        line_id,
        sign * minor,
        int(line["account"]["id"]),
        memo=line.get("memo"),
        entity=reference(line, "entity"),
        base=_base(sign * minor, currency),
        segments=segments(line),
    )


def _with_exchange(lines: list[Line]) -> list[Line]:
    """The lines, and one more in the base currency alone for what exchange and rounding leave."""
    rest = sum(line.base or 0 for line in lines)
    return [*lines, Line(len(lines), 0, ACCOUNT_REALIZED, base=-rest)] if rest else lines


def _link(member: Member, line_id: int) -> Link:
    return Link(member.row["id"], DEPOSIT_LINK, member.row["x_total"], member.row["x_scale"], line_id)


def _base(minor: int, currency: Currency) -> int:
    return convert(minor, currency.scale, currency.rate, BASE_SCALE)
