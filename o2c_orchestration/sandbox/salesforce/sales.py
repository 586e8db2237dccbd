"""What Salesforce works out by itself when a deal is written: stages, amounts, names, roll-ups.

What belongs here: arithmetic and integrity between the standard objects. `prepare` works on a record before it is
written, `settle` on its parents afterwards.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from o2c_orchestration.sandbox.salesforce.errors import refusal
from o2c_orchestration.sandbox.salesforce.fields import SObject
from o2c_orchestration.sandbox.salesforce.objects import LOST, STAGES, WON
from o2c_orchestration.sandbox.salesforce.store import Row, SalesforceStore

CENT = Decimal("0.01")


class Sales:
    """The rules of the standard objects over one store."""

    def __init__(self, store: SalesforceStore) -> None:
        self._store = store
        self._prepare = {
            "Account": _person,
            "Contact": _full_name,
            "Opportunity": _opportunity,
            "OpportunityLineItem": self._line,
            "PricebookEntry": self._price,
            "Order": self._order,
            "OrderItem": self._order_item,
        }

    def prepare(self, kind: SObject, row: Row, old: Row | None, given: set[str], stamp: str) -> None:
        """Complete `row`, which holds all of the record as it will be. Raises SalesforceError."""
        step = self._prepare.get(kind.name)
        if step is not None:
            step(row, old, given, stamp)

    def settle(self, kind: SObject, row: Row, stamp: str | None) -> None:
        """Carry a written, changed or deleted record into its parent; with a stamp, the parent counts as touched."""
        if kind.name == "OpportunityLineItem":
            self.roll_up(row["OpportunityId"], stamp)
        elif kind.name == "OrderItem":
            self._roll_up_order(row["OrderId"], stamp)

    def check_delete(self, kind: SObject, row: Row) -> None:
        """What an activated order keeps: itself and its products. Raises SalesforceError."""
        order = row if kind.name == "Order" else self._parent("Order", row.get("OrderId"))
        if kind.name in ("Order", "OrderItem") and order.get("StatusCode") == "Activated":
            raise refusal(400, "DELETE_FAILED", "An activated order, and its products, can't be deleted.", [])

    def roll_up(self, opportunity: str, stamp: str | None) -> None:
        """The amount of an opportunity with lines is their sum; without any it stays as it was."""
        kind = self._store.org.at("Opportunity")
        row = self._store.get(kind, opportunity)
        total, count = self._sum("OpportunityLineItem", "OpportunityId", opportunity)
        if row is None:
            return
        row["HasOpportunityLineItem"] = int(count > 0)
        row["Amount"] = total if count else row["Amount"]
        changes = {name: row[name] for name in ("HasOpportunityLineItem", "Amount")}
        changes["ExpectedRevenue"] = _expected(row)
        self._store.update(kind, opportunity, changes | _touched(stamp))

    def _roll_up_order(self, order: str, stamp: str | None) -> None:
        total, _ = self._sum("OrderItem", "OrderId", order)
        self._store.update(self._store.org.at("Order"), order, {"TotalAmount": total} | _touched(stamp))

    def _sum(self, table: str, lookup: str, parent: str) -> tuple[float, int]:
        found = self._store.rows(
            f'SELECT "TotalPrice" FROM "{table}" WHERE "{lookup}" = ? AND "IsDeleted" = 0', [parent]
        )
        return _float(sum((_decimal(row[0]) for row in found), Decimal(0))), len(found)

    def _line(self, row: Row, old: Row | None, given: set[str], stamp: str) -> None:
        parent = self._parent("Opportunity", row["OpportunityId"])
        entry = self._entry(row, parent) if old is None else self._parent("PricebookEntry", row["PricebookEntryId"])
        if old is None:
            _one_price(given)
            _same_currency(row, parent)
            row["ListPrice"] = entry.get("UnitPrice")
            row["Product2Id"] = entry.get("Product2Id") or row.get("Product2Id")
            row["ProductCode"], product = entry.get("ProductCode"), entry.get("Name") or ""
            row["Name"] = f"{parent['Name']} {product}".strip()
        complete_line(row, from_total="TotalPrice" in given)

    def _entry(self, row: Row, parent: Row) -> Row:
        """The price book entry of a new line. Raises SalesforceError when it cannot be sold in this deal."""
        entry = self._parent("PricebookEntry", row.get("PricebookEntryId"))
        if not entry:
            message = "Required fields are missing: [PricebookEntryId]"
            raise refusal(400, "REQUIRED_FIELD_MISSING", message, ["PricebookEntryId"])
        book = parent.get("Pricebook2Id")
        if book and book != entry["Pricebook2Id"]:
            raise _integrity("Price Book Entry ID: pricebook entry is in a different pricebook", "PricebookEntryId")
        if entry.get("CurrencyIsoCode") != parent.get("CurrencyIsoCode"):
            message = "The pricebook entry currency code does not match with opportunity currency code"
            raise _integrity(message, "PricebookEntryId")
        if not entry["IsActive"]:
            raise _integrity("Price Book Entry ID: pricebook entry is inactive", "PricebookEntryId")
        if not book:
            changes = {"Pricebook2Id": entry["Pricebook2Id"]}
            self._store.update(self._store.org.at("Opportunity"), parent["Id"], changes)
        return entry

    def _price(self, row: Row, old: Row | None, given: set[str], stamp: str) -> None:
        product = self._parent("Product2", row["Product2Id"])
        row["Name"], row["ProductCode"] = product.get("Name"), product.get("ProductCode")
        if old is not None:
            return
        same = self._store.rows(
            'SELECT e."Id", b."IsStandard" FROM "PricebookEntry" e JOIN "Pricebook2" b ON b."Id" = e."Pricebook2Id"'
            ' WHERE e."Product2Id" = ? AND e."IsDeleted" = 0 AND (e."Pricebook2Id" = ? OR b."IsStandard" = 1)'
            + (' AND e."CurrencyIsoCode" = ?' if "CurrencyIsoCode" in row else ""),
            [row["Product2Id"], row["Pricebook2Id"], *([row["CurrencyIsoCode"]] if "CurrencyIsoCode" in row else [])],
        )
        standard = bool(self._parent("Pricebook2", row["Pricebook2Id"]).get("IsStandard"))
        if not standard and not any(each["IsStandard"] for each in same):
            message = "Before creating a custom price, create a standard price."
            raise refusal(400, "STANDARD_PRICE_NOT_DEFINED", message, [])
        if any(bool(each["IsStandard"]) == standard for each in same):
            message = "This price definition already exists in this price book"
            raise refusal(400, "DUPLICATE_VALUE", message, [])

    def _order(self, row: Row, old: Row | None, given: set[str], stamp: str) -> None:
        before = "Draft" if old is None else old["Status"]
        if (
            row.get("OriginalOrderId")
            and self._parent("Order", row["OriginalOrderId"]).get("StatusCode") != "Activated"
        ):
            raise _integrity("A reduction order takes from an order that is activated.", "OriginalOrderId")
        if row["Status"] == "Activated" and before == "Draft":
            _, count = self._sum("OrderItem", "OrderId", row.get("Id") or "")
            if count == 0:
                raise refusal(400, "FAILED_ACTIVATION", "An order must have at least one product.", [])
            row["ActivatedDate"], row["ActivatedById"] = stamp, row["LastModifiedById"]
        row["StatusCode"] = "Activated" if row["Status"] == "Activated" else "Draft"
        if old is None:
            row["TotalAmount"] = 0.0

    def _order_item(self, row: Row, old: Row | None, given: set[str], stamp: str) -> None:
        order = self._parent("Order", row["OrderId"])
        if order.get("StatusCode") == "Activated" and given & {"Quantity", "UnitPrice", "OrderId"}:
            raise _integrity("You can't change the products of an activated order.", "OrderId")
        if bool(order.get("IsReductionOrder")) != (_decimal(row["Quantity"]) < 0):
            raise _integrity("Only products of a reduction order have a negative quantity.", "Quantity")
        if old is None:
            entry = self._order_entry(row, order)
            row["Product2Id"], row["ListPrice"] = entry.get("Product2Id"), entry.get("UnitPrice")
            _same_currency(row, order)
            if row.get("UnitPrice") is None:
                row["UnitPrice"] = row["ListPrice"]
        row["TotalPrice"] = _float(_decimal(row["Quantity"]) * _decimal(row["UnitPrice"]))
        row["AvailableQuantity"] = row["Quantity"]

    def _order_entry(self, row: Row, order: Row) -> Row:
        """The price book entry of a new order product: it has to be one of the order's price book."""
        entry = self._parent("PricebookEntry", row["PricebookEntryId"])
        if order.get("Pricebook2Id") != entry.get("Pricebook2Id"):
            raise _integrity("Price Book Entry ID: pricebook entry is in a different pricebook", "PricebookEntryId")
        if not entry.get("IsActive"):
            raise _integrity("Price Book Entry ID: pricebook entry is inactive", "PricebookEntryId")
        if entry.get("CurrencyIsoCode") != order.get("CurrencyIsoCode"):
            message = "The pricebook entry currency code does not match with order currency code"
            raise _integrity(message, "PricebookEntryId")
        return entry

    def _parent(self, kind: str, identifier: Any) -> Row:
        return (self._store.get(self._store.org.at(kind), identifier) if identifier else None) or {}


def complete_line(row: Row, *, from_total: bool) -> None:
    """Prices of an opportunity line from each other: the total is what quantity, price and discount come to."""
    quantity, discount = _decimal(row["Quantity"]), _decimal(row.get("Discount"))
    share = 1 - discount / 100
    if from_total and quantity and share:
        row["UnitPrice"] = _float(_decimal(row["TotalPrice"]) / quantity / share)
    subtotal = quantity * _decimal(row.get("UnitPrice"))
    row["Subtotal"], row["TotalPrice"] = _float(subtotal), _float(subtotal * share)


def complete_opportunity(row: Row) -> None:
    """Flags, forecast and fiscal period of an opportunity from its stage and its date."""
    stage = row["StageName"]
    probability, forecast = STAGES.get(stage, (0, "Pipeline"))
    row["IsWon"], row["IsClosed"] = int(stage == WON), int(stage in (WON, LOST))
    if row.get("Probability") is None:
        row["Probability"] = float(probability)
    if row.get("ForecastCategoryName") is None:
        row["ForecastCategoryName"] = forecast
    year, month = row["CloseDate"][:4], int(row["CloseDate"][5:7])
    row["FiscalYear"], row["FiscalQuarter"] = int(year), (month + 2) // 3
    row["ExpectedRevenue"] = _expected(row)


def _opportunity(row: Row, old: Row | None, given: set[str], stamp: str) -> None:
    moved = old is not None and old["StageName"] != row["StageName"]
    for name in ("Probability", "ForecastCategoryName"):
        # A new stage brings its own, unless the writer says otherwise.
        if moved and name not in given:
            row[name] = None
    if moved:
        row["LastStageChangeDate"] = stamp
    if old is not None and old["HasOpportunityLineItem"]:
        # Salesforce ignores an amount that is sent for a deal with lines.
        row["Amount"] = old["Amount"]
    complete_opportunity(row)


def _full_name(row: Row, old: Row | None, given: set[str], stamp: str) -> None:
    row["Name"] = " ".join(each for each in (row.get("FirstName"), row.get("LastName")) if each)


def _person(row: Row, old: Row | None, given: set[str], stamp: str) -> None:
    row["IsPersonAccount"] = int(bool(row.get("LastName")))
    if row["IsPersonAccount"]:
        _full_name(row, old, given, stamp)


def _same_currency(row: Row, parent: Row) -> None:
    if "CurrencyIsoCode" in parent:
        row["CurrencyIsoCode"] = parent["CurrencyIsoCode"]


def _one_price(given: set[str]) -> None:
    if "UnitPrice" not in given and "TotalPrice" not in given:
        raise refusal(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [UnitPrice]", ["UnitPrice"])
    if {"UnitPrice", "TotalPrice"} <= given:
        raise _integrity("You can't specify both a unit price and a total price", "UnitPrice")


def _integrity(message: str, field: str) -> Exception:
    return refusal(400, "FIELD_INTEGRITY_EXCEPTION", message, [field])


def _expected(row: Row) -> float | None:
    if row.get("Amount") is None:
        return None
    return _float(_decimal(row["Amount"]) * _decimal(row.get("Probability")) / 100)


def _touched(stamp: str | None) -> Row:
    return {} if stamp is None else {"SystemModstamp": stamp}


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def _float(value: Decimal) -> float:
    return float(value.quantize(CENT, ROUND_HALF_UP))
