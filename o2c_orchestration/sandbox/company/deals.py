"""What the demo company sells through Salesforce: opportunities in every stage, and what is wrong with some of them.

What belongs here: which deals there are, and the truth about them. No clock, no I/O. `sell` adds to a company that is
built already and changes nothing of it: the random stream is its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from o2c_orchestration.sandbox.salesforce.objects import LOST, STAGES, WON
from o2c_orchestration.sandbox.salesforce.org import SALES_USER, STANDARD_BOOK

from .build import Company
from .catalog import Wire
from .crm import (
    LEGACY,
    MONTHLY,
    ONE_OFF,
    STRAY_CURRENCY,
    UNMAPPED,
    Buyer,
    Entry,
    PriceList,
    SalesforceIds,
    make_buyers,
    make_price_list,
    record,
)
from .ids import IdMaker
from .stories import DAY, Window

HOUR = 3600
_DEALS_MIN, _DEALS_MAX = 36, 6000
# Of twenty deals so many are won; the others are in the other stages in turn.
_TURN, _WON_PER_TURN = 20, 9
_OPEN_STAGES = tuple(stage for stage in STAGES if stage != WON)
_DISCOUNTED = ("usd", "eur", "gbp", "cad")
_MINOR = {"JPY": 1, "KWD": 1000}
# Each stands once in every company, on a deal of its own that is won.
MISTAKES = {
    "no_account": "the deal names no account",
    "unmapped_product": f"{UNMAPPED} has neither a NetSuite item nor a Stripe price",
    "inactive_price": f"the price of {LEGACY} is not active",
    "currency_without_price": f"the deal is in {STRAY_CURRENCY}, which has no price in Stripe and is not in NetSuite",
    "negative_line": "a line takes money off instead of selling something",
    "restricted_value": "a line is billed Quarterly, which was possible before the picklist was restricted",
}


@dataclass(frozen=True)
class Line:
    """One line of a deal; discount in percent, dates where the line has its own term."""

    entry: Entry
    quantity: float
    price: float
    discount: float = 0
    billing: str = ONE_OFF
    start: date | None = None
    end: date | None = None

    @property
    def total(self) -> Decimal:
        """What it comes to, in major units, rounded to two decimals."""
        exact = Decimal(str(self.quantity)) * Decimal(str(self.price)) * (1 - Decimal(str(self.discount)) / 100)
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Deals:
    """What to load besides the company, and what it must come to.

    salesforce: records in loading order. stripe, netsuite: further objects of these (prices by the year; items).
    metadata: Stripe customer → account id, to be written to the customer as `salesforce_account_id`.
    won: deals that a first run has to write, amounts in minor units; `link` says whether the account and the
        customer name each other (written), only look alike (likely), or there is no customer yet (none).
    truth: won deals that cannot be written, each with its `mistake` (see MISTAKES) and reason.
    matches: account id → Stripe customer, for accounts that are the same company without saying so.
    """

    salesforce: list[Wire] = field(default_factory=list)
    stripe: list[Wire] = field(default_factory=list)
    netsuite: list[Wire] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    won: list[Wire] = field(default_factory=list)
    truth: list[Wire] = field(default_factory=list)
    matches: dict[str, str] = field(default_factory=dict)

    def stripe_objects(self, company: Company) -> list[Wire]:
        """All Stripe objects of the company with its deals; those of the company itself stay as they are."""
        return [
            each | {"metadata": each["metadata"] | {"salesforce_account_id": self.metadata[each["id"]]}}
            if each["object"] == "customer" and each["id"] in self.metadata
            else each
            for each in company.stripe
        ] + self.stripe


def sell(company: Company, seed: int = 7, *, today: date, days: int = 30) -> Deals:
    """The deals of a company that was built for the same day; the same arguments give the same deals."""
    rng, ids, window = random.Random(f"deals {seed}"), SalesforceIds(), Window(today, days)
    customers = [each for each in company.stripe if each["object"] == "customer"]
    refused = _refused(company)
    known = [each for each in customers if each["id"] not in refused]
    prices = make_price_list(ids, IdMaker(rng), company.stripe, window.start - 400 * DAY)
    buyers, accounts = make_buyers(rng, ids, known, window.start - 5 * DAY)
    made = Deals(
        salesforce=[*accounts, *prices.records],
        stripe=prices.stripe,
        netsuite=prices.netsuite,
        metadata={each.customer["id"]: each.account for each in buyers if each.customer and each.linked},
        matches={each.account: each.customer["id"] for each in buyers if each.customer and not each.linked},
    )
    _Seller(rng, ids, window, buyers, prices, made).sell(min(max(_DEALS_MIN, len(customers)), _DEALS_MAX))
    return made


def _refused(company: Company) -> set[str]:
    """Customers of invoices that NetSuite will refuse; they buy nothing here."""
    refused = {row["stripe_id"] for row in company.truth if row["kind"] == "sync_failed"}
    return {str(each["customer"]) for each in company.stripe if each["object"] == "invoice" and each["id"] in refused}


class _Seller:
    """Makes opportunities and their lines, and notes what they must come to."""

    def __init__(
        self,
        rng: random.Random,
        ids: SalesforceIds,
        window: Window,
        buyers: list[Buyer],
        prices: PriceList,
        made: Deals,
    ) -> None:
        self._rng, self._ids, self._window = rng, ids, window
        self._prices, self._made = prices, made
        self._prospects = [each for each in buyers if each.customer is None]
        self._customers = [each for each in buyers if each.customer is not None]

    def sell(self, count: int) -> None:
        """So many deals: the mistakes first, then won ones and all other stages in turn."""
        for mistake in MISTAKES:
            self._mistaken(mistake)
        won = 0
        for place in range(count - len(MISTAKES)):
            if place % _TURN < _WON_PER_TURN:
                # The first are those of companies that Stripe does not know yet; two of these buy nothing.
                first = won < len(self._prospects) - 2
                self._win(self._prospects[won] if first else self._choose(), _SHAPES[won % len(_SHAPES)])
                won += 1
            else:
                self._other(_OPEN_STAGES[(place - won) % len(_OPEN_STAGES)])

    def _choose(self) -> Buyer:
        return self._rng.choice(self._customers)

    def _win(self, buyer: Buyer, shape: str) -> None:
        closed = self._moment()
        start, months, lines = self._lines(buyer, shape, closed)
        deal = self._opportunity(buyer, WON, closed, lines, start=start, months=months)
        link = "none" if buyer.customer is None else "written" if buyer.linked else "likely"
        self._made.won.append(
            {
                "opportunity": deal,
                "account": buyer.account,
                "customer": None if buyer.customer is None else buyer.customer["id"],
                "link": link,
                "currency": buyer.currency,
                "total_minor": _minor(lines),
                "billing": sorted({each.billing for each in lines}),
                "shape": shape,
                "closed_on": _day(closed).isoformat(),
            }
        )

    def _other(self, stage: str) -> None:
        """A deal that is lost, or will be decided in the months to come."""
        buyer = self._rng.choice(self._customers + self._prospects)
        touched = self._moment()
        ahead = touched if stage == LOST else self._window.end + self._rng.randrange(1, 90) * DAY
        _, months, lines = self._lines(buyer, self._rng.choice(_SHAPES), ahead)
        some = lines if self._rng.randrange(3) else []
        self._opportunity(buyer, stage, ahead, some, months=months, touched=touched)

    def _mistaken(self, mistake: str) -> None:
        linked = [each for each in self._customers if each.linked and each.currency == "usd"]
        buyer: Buyer | None = self._rng.choice(linked or self._customers)
        closed = self._moment()
        growth = self._prices.entries["Growth plan", "USD"]
        lines = [Line(growth, 3, growth.price, billing=MONTHLY)]
        currency = "USD"
        if mistake == "no_account":
            buyer = None
        elif mistake in ("unmapped_product", "inactive_price"):
            entry = self._prices.entries[UNMAPPED if mistake == "unmapped_product" else LEGACY, "USD"]
            lines.append(Line(entry, 1, entry.price, billing=entry.billing))
        elif mistake == "currency_without_price":
            entry, currency = self._prices.entries["Growth plan", STRAY_CURRENCY], STRAY_CURRENCY
            lines = [Line(entry, 2, entry.price, billing=MONTHLY)]
        elif mistake == "negative_line":
            entry = self._prices.entries["Onboarding package", "USD"]
            lines.append(Line(entry, 1, -250.0))
        else:
            lines = [Line(growth, 3, growth.price, billing="Quarterly")]
        deal = self._opportunity(buyer, WON, closed, lines, start=_month_after(_day(closed)), months=12, iso=currency)
        row = {"opportunity": deal, "mistake": mistake, "currency": currency.lower(), "total_minor": _minor(lines)}
        self._made.truth.append(row | {"reason": MISTAKES[mistake]})

    def _lines(self, buyer: Buyer, shape: str, closed: int) -> tuple[date | None, int | None, list[Line]]:
        """Start, months and lines of a deal of this shape; a deal without recurring lines has no term."""
        start = _month_after(_day(closed))
        plan = self._entry(buyer, self._rng.choice(("Starter plan", "Growth plan", "Scale plan")))
        quantity = self._rng.randrange(1, 21)
        recurring = Line(plan, quantity, plan.price, billing=MONTHLY)
        match shape:
            case "one_off":
                kit = self._entry(buyer, self._rng.choice(("Sensor kit", "Field report", "Training day")))
                return None, None, [Line(kit, quantity, kit.price)]
            case "fraction":
                day = self._entry(buyer, "Training day")
                return None, None, [Line(day, 2.5, day.price)]
            case "mixed":
                setup = self._entry(buyer, "Onboarding package")
                return start, 12, [recurring, Line(setup, 1, setup.price)]
            case "annual":
                yearly = self._entry(buyer, f"{plan.name} (annual)")
                years = self._rng.randrange(1, 4)
                return start, 12 * years, [Line(yearly, quantity, yearly.price, billing=yearly.billing)]
            case "discount" if buyer.currency in _DISCOUNTED:
                return start, 12, [Line(plan, quantity, plan.price, 10, MONTHLY)]
            case "ramp":
                half = _months_on(start, 6)
                first = Line(plan, quantity, plan.price, 0, MONTHLY, start, half - timedelta(days=1))
                last = _months_on(start, 12) - timedelta(days=1)
                return start, 12, [first, Line(plan, quantity * 2, plan.price, 0, MONTHLY, half, last)]
            case _:
                return start, 12, [recurring]

    def _entry(self, buyer: Buyer, name: str) -> Entry:
        return self._prices.entries[name, buyer.currency.upper()]

    def _opportunity(
        self,
        buyer: Buyer | None,
        stage: str,
        closes: int,
        lines: list[Line],
        *,
        start: date | None = None,
        months: int | None = None,
        touched: int | None = None,
        iso: str | None = None,
    ) -> str:
        deal = self._ids.new("006")
        touched = closes if touched is None else touched
        name = f"{'Unknown' if buyer is None else buyer.name}: {lines[0].entry.name if lines else 'first talks'}"
        currency = iso or (buyer.currency.upper() if buyer else "USD")
        made = record(
            "Opportunity",
            touched,
            Id=deal,
            Name=name[:120],
            AccountId=None if buyer is None else buyer.account,
            StageName=stage,
            CloseDate=_day(closes).isoformat(),
            CurrencyIsoCode=currency,
            OwnerId=SALES_USER,
            Pricebook2Id=STANDARD_BOOK if lines else None,
            O2C_Start_Date__c=start.isoformat() if start else None,
            O2C_Term_Months__c=months,
        )
        created = record("", touched - self._rng.randrange(2, 60) * DAY)["CreatedDate"]
        self._made.salesforce.append(made | {"CreatedDate": created})
        self._made.salesforce.extend(
            self._line(deal, place, line, currency, touched) for place, line in enumerate(lines, 1)
        )
        return deal

    def _line(self, deal: str, place: int, line: Line, currency: str, touched: int) -> Wire:
        return record(
            "OpportunityLineItem",
            touched,
            Id=self._ids.new("00k"),
            OpportunityId=deal,
            SortOrder=place,
            PricebookEntryId=line.entry.id,
            Product2Id=line.entry.product,
            ProductCode=line.entry.code,
            Name=line.entry.name,
            ListPrice=line.entry.price,
            Quantity=line.quantity,
            UnitPrice=line.price,
            Discount=line.discount or None,
            CurrencyIsoCode=currency,
            O2C_Billing__c=line.billing,
            O2C_Start_Date__c=line.start.isoformat() if line.start else None,
            O2C_End_Date__c=line.end.isoformat() if line.end else None,
        )

    def _moment(self) -> int:
        """Some office hour of the days looked at."""
        day = self._rng.randrange(self._window.days)
        return self._window.start + day * DAY + self._rng.randrange(9 * HOUR, 18 * HOUR)


# What a won deal is made of, in turn.
_SHAPES = ("monthly", "one_off", "mixed", "annual", "discount", "ramp", "fraction")


def _minor(lines: list[Line]) -> int:
    """The sum of the lines in minor units of their currency."""
    total = sum((each.total for each in lines), Decimal(0))
    return int(total * _MINOR.get(lines[0].entry.currency, 100))


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def _months_on(day: date, count: int) -> date:
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def _month_after(day: date) -> date:
    """The first of the next month."""
    return _months_on(day, 1)
