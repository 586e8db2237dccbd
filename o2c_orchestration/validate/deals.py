"""Salesforce's records → deals: types, amounts in minor units, and what of them makes no sense, in words.

Nothing is dropped: a deal that cannot be read carries its trouble and is refused by name.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from o2c_orchestration.domain.deals import Billing, DealLine, DealRow
from o2c_orchestration.domain.money import MoneyError, exponent, to_minor
from o2c_orchestration.domain.salesforce_fields import ACTIVATED, BILLING, ORDER_PREFIX, WRITTEN

Payload = Mapping[str, Any]
# A line with its price book entry and its product, as far as they were read.
LineParts = tuple[Payload, Payload | None, Payload | None]
# Typed by a slip of the hand, or by people who mean "for ever": no amount, no term and no day to reckon with.
_TOO_MUCH = 10**12
_MONTHS_MAX = 1200
_YEARS = range(1990, 2200)


class Senseless(ValueError):
    """A record says something that cannot be so."""


def deal_row(
    payload: Payload,
    created_at: datetime,
    lines: Sequence[LineParts],
    currency: str,
    *,
    deleted: bool,
    reductions: Sequence[LineParts] = (),
) -> DealRow:
    """A deal from an opportunity or order and its lines, and the lines of orders that take from it.

    `currency` is the org's own, for orgs that have only one.
    """
    code = str(payload.get("CurrencyIsoCode") or currency).lower()
    trouble: list[str] = []
    read, reduced = (
        tuple(line for parts in some if (line := _line(parts, code, trouble)) is not None)
        for some in (lines, reductions)
    )
    make = _order if str(payload["Id"]).startswith(ORDER_PREFIX) else _opportunity
    row = make(payload, created_at, code, trouble)
    return replace(row, deleted=deleted, lines=read, reduced=reduced, trouble="; ".join(trouble) or None)


def _opportunity(payload: Payload, created_at: datetime, code: str, trouble: list[str]) -> DealRow:
    return DealRow(
        id=str(payload["Id"]),
        name=str(payload.get("Name") or payload["Id"]),
        account_id=_text(payload.get("AccountId")),
        currency=code,
        amount_minor=_rounded(payload.get("Amount"), code, trouble),
        close_date=_told_day(payload.get("CloseDate"), "close date", trouble) or created_at.date(),
        created_at=created_at,
        won=bool(payload.get("IsWon")),
        stage=str(payload.get("StageName") or ""),
        start=_told_day(payload.get("O2C_Start_Date__c"), "start date", trouble),
        term_months=_months(payload.get("O2C_Term_Months__c"), trouble),
        told=_told(payload, "Opportunity"),
    )


def _order(payload: Payload, created_at: datetime, code: str, trouble: list[str]) -> DealRow:
    """An order that is activated is what an opportunity is that is won; the day on which it starts is its day."""
    starts = _told_day(payload.get("EffectiveDate"), "start date", trouble)
    return DealRow(
        id=str(payload["Id"]),
        name=str(payload.get("Name") or f"order {payload.get('OrderNumber') or payload['Id']}"),
        account_id=_text(payload.get("AccountId")),
        currency=code,
        amount_minor=_rounded(payload.get("TotalAmount"), code, trouble),
        close_date=starts or created_at.date(),
        created_at=created_at,
        won=payload.get("StatusCode") == ACTIVATED,
        stage=str(payload.get("Status") or ""),
        start=starts,
        told=_told(payload, "Order"),
        kind="order",
        end=_told_day(payload.get("EndDate"), "end date", trouble),
        reduces=str(payload.get("OriginalOrderId") or "") if payload.get("IsReductionOrder") else None,
    )


def _told(payload: Payload, kind: str) -> dict[str, Any]:
    return {name: payload.get(name) for name in WRITTEN[kind] if name in payload}


def _line(parts: LineParts, currency: str, trouble: list[str]) -> DealLine | None:
    line, entry, product = parts[0], parts[1] or {}, parts[2] or {}
    name = str(product.get("Name") or line.get("Name") or line["Id"])
    try:
        return DealLine(
            id=str(line["Id"]),
            name=name,
            quantity=_decimal(line.get("Quantity"), "quantity"),
            unit=_decimal(line.get("UnitPrice"), "sales price"),
            total_minor=_exact(line.get("TotalPrice"), currency),
            discount_percent=_decimal(line.get("Discount") or 0, "discount"),
            billing=_billing(line.get("O2C_Billing__c")),
            start=_day(line.get("O2C_Start_Date__c") or line.get("ServiceDate"), "start date"),
            end=_day(line.get("O2C_End_Date__c") or line.get("EndDate"), "end date"),
            product_id=_text(line.get("Product2Id") or entry.get("Product2Id")),
            product_code=_text(product.get("ProductCode") or line.get("ProductCode")),
            entry_id=_text(line.get("PricebookEntryId")),
            entry_active=bool(entry.get("IsActive", True)),
            entry_currency=str(entry["CurrencyIsoCode"]).lower() if entry.get("CurrencyIsoCode") else None,
            item=_text(product.get("NetSuite_Item__c")),
            price_id=_text(entry.get("Stripe_Price_Id__c")),
        )
    except Senseless as error:
        trouble.append(f"line {name!r}: {error}")
        return None


def _text(value: Any) -> str | None:
    # An org may have made our fields itself, as numbers.
    return None if value in (None, "") else str(value)


def _decimal(value: Any, what: str) -> Decimal:
    with suppress(InvalidOperation):
        found = Decimal(str(value))
        if found.is_finite() and abs(found) < _TOO_MUCH:
            return found
    raise Senseless(f"its {what} is {value!r}")


def _exact(value: Any, currency: str) -> int:
    try:
        return to_minor(_decimal(value, "total price"), currency)
    except MoneyError as error:
        raise Senseless(str(error)) from None


def _rounded(value: Any, currency: str, trouble: list[str]) -> int:
    """The deal's amount, which people may type with any decimals: for reports, not for documents."""
    if value in (None, ""):
        return 0
    try:
        amount = _decimal(value, "amount")
        return to_minor(amount.quantize(Decimal(1).scaleb(-exponent(currency))), currency)
    except (Senseless, MoneyError, InvalidOperation) as error:
        trouble.append(str(error) if isinstance(error, Senseless | MoneyError) else f"its amount is {value!r}")
        return 0


def _billing(value: Any) -> Billing:
    if value in (None, ""):
        return "one_off"
    if str(value) not in BILLING:
        raise Senseless(f"it is billed {value!r}, which is none of {', '.join(BILLING)}")
    return BILLING[str(value)]


def _day(value: Any, what: str) -> date | None:
    # An org may have made our fields itself, as text.
    if not value:
        return None
    with suppress(ValueError):
        if (found := date.fromisoformat(str(value)[:10])).year in _YEARS:
            return found
    raise Senseless(f"its {what} is {value!r}")


def _told_day(value: Any, what: str, trouble: list[str]) -> date | None:
    try:
        return _day(value, what)
    except Senseless as error:
        trouble.append(str(error))
        return None


def _months(value: Any, trouble: list[str]) -> int | None:
    if value in (None, ""):
        return None
    try:
        months = _decimal(value, "term")
    except Senseless:
        months = Decimal(0)
    if months != months.to_integral_value() or not 0 < months <= _MONTHS_MAX:
        trouble.append(f"its term of {value} months is not a whole number from 1 to {_MONTHS_MAX}")
        return None
    return int(months)
