"""Deals for tests: one that is in order, and what surrounds it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from o2c_orchestration.domain.deals import AccountRow, DealLine, DealRow, DealRows, PriceRow
from o2c_orchestration.domain.policy import Policy

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
WON = date(2026, 3, 10)
DEAL_ID, ACCOUNT_ID = "006SB0000000001AAA", "001SB0000000001AAA"
ACCOUNT = AccountRow(ACCOUNT_ID, "Acme Inc", "ann@example.com", stripe_id="cus_1")
MONTHLY = DealLine(
    "00kSB0000000001AAA",
    "Seats",
    Decimal(4),
    Decimal(50),
    20000,
    billing="month",
    product_code="SEAT",
    item="Seat Item",
    price_id="price_m",
)
ONCE = replace(MONTHLY, id="00kSB0000000002AAA", name="Setup", billing="one_off", price_id="price_1")
PRICES = {
    "price_m": PriceRow("price_m", "usd", 5000, product_id="prod_1", interval="month"),
    "price_1": PriceRow("price_1", "usd", 5000, product_id="prod_1"),
}
DEAL = DealRow(DEAL_ID, "Big deal", ACCOUNT_ID, "usd", 20000, WON, MOMENT, won=True, term_months=12, lines=(MONTHLY,))


def policy(**deals: Any) -> Policy:
    """With both ways of billing switched on."""
    return Policy.model_validate({"deals": {"recurring": "subscription", "one_off": "invoice", **deals}})


def rows(*deals: DealRow, account: AccountRow = ACCOUNT, **more: Any) -> DealRows:
    """These deals, all of one account whose NetSuite customer exists."""
    given: dict[str, Any] = {"accounts": {account.id: account}, "prices": PRICES, "customers": frozenset({"cus_1"})}
    return DealRows(deals, **{**given, **more})
