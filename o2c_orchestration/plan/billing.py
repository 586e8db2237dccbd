"""Deal of Salesforce → what bills it in Stripe: a subscription schedule, an invoice or a payment link.

Every object carries the id of the opportunity or order in its metadata, by which it is found again when Stripe has
forgotten the idempotency key.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.deal_terms import Phase, Trouble, end_of, phases
from o2c_orchestration.domain.deals import DealLine, DealRow, PriceRow
from o2c_orchestration.domain.documents import Command, DocumentType, PlanLine
from o2c_orchestration.domain.keys import billing_key
from o2c_orchestration.domain.money import MoneyError, to_minor
from o2c_orchestration.domain.policy import Policy

# Stripe takes no more in one phase, or one call that adds lines (docs.stripe.com/api).
ITEMS_MAX = 20
LINES_MAX = 250


def plan_billing(
    policy: Policy, deal: DealRow, customer: Any, leaned_on: tuple[str, ...], prices: Mapping[str, PriceRow]
) -> list[Command] | Trouble:
    """What bills a deal, or what is missing for it. `customer` is its Stripe customer: an id or a placeholder."""
    planner = _Planner(policy, deal, customer, leaned_on, prices)
    if deal.recurring:
        return planner.schedule() if policy.deals.recurring == "subscription" else []
    return {"none": list, "invoice": planner.invoice, "payment_link": planner.link}[policy.deals.one_off]()


def first_of_billing(policy: Policy, deal: DealRow) -> tuple[DocumentType, str]:
    """The type and the key of the first thing that `plan_billing` makes for a deal like this, where policy bills it."""
    if deal.recurring:
        return "subscriptionSchedule", billing_key("sub_sched", deal.id)
    if policy.deals.one_off == "payment_link":
        return "paymentLink", billing_key("plink", deal.id)
    return "stripeInvoice", billing_key("invoice", deal.id)


def price_of(policy: Policy, line: DealLine) -> str | None:
    """The id of the Stripe price that a line is billed by: o2c.yaml first, then the price book entry's field."""
    mapped = policy.deals.prices
    return mapped.get(line.entry_id or "") or mapped.get(line.product_code or "") or line.price_id


class _Planner:
    """One deal on its way into Stripe."""

    def __init__(
        self,
        policy: Policy,
        deal: DealRow,
        customer: Any,
        leaned_on: tuple[str, ...],
        prices: Mapping[str, PriceRow],
    ) -> None:
        self._policy, self._deal, self._customer = policy, deal, customer
        self._leaned_on, self._prices = leaned_on, prices

    def schedule(self) -> list[Command] | Trouble:
        """A subscription schedule: a phase for each span of the ramp, one-off lines on the first invoice."""
        deal, policy = self._deal, self._policy.deals
        recurring = [line for line in deal.lines if line.billing != "one_off"]
        if len({line.billing for line in recurring}) > 1:
            text = "monthly and annual lines are in one deal, and a subscription bills all of its lines at once"
            return Trouble("MIXED_INTERVALS", text, "split the deal in two")
        once = [self._priced(line) for line in deal.lines if line.billing == "one_off"]
        spans = [(phase, [self._priced(line) for line in phase.lines]) for phase in phases(deal)]
        wrong = _first([*once, *(item for _, items in spans for item in items)]) or _too_many(spans, once)
        if wrong is not None:
            return wrong
        params: dict[str, Any] = {
            "customer": self._customer,
            "start_date": self._moment(spans[0][0].start),
            "end_behavior": policy.after_term if end_of(deal) is not None else "release",
            "metadata": self._metadata(),
            "default_settings": {**self._collection(), **self._tax()},
            "phases": [self._phase(phase, items, once if n == 0 else []) for n, (phase, items) in enumerate(spans)],
        }
        return [self._command("subscriptionSchedule", "sub_sched", "/v1/subscription_schedules", params)]

    def invoice(self) -> list[Command] | Trouble:
        """An invoice in three steps, each journalled: draft, lines, finalized."""
        items = [self._invoice_line(line) for line in self._deal.lines]
        wrong = _first(items)
        if wrong is not None:
            return wrong
        if len(items) > LINES_MAX:
            return Trouble("TOO_MANY_LINES", f"{len(items)} lines are too many for one invoice", "split the deal")
        head = {
            "customer": self._customer,
            "currency": self._deal.currency,
            "auto_advance": False,
            "pending_invoice_items_behavior": "exclude",
            "metadata": self._metadata(),
            **self._due(),
            **self._tax(),
        }
        key, filled = billing_key("invoice", self._deal.id), billing_key("invoice_lines", self._deal.id)
        lines = {"lines": items}
        return [
            self._command("stripeInvoice", "invoice", "/v1/invoices", head),
            self._step("stripeInvoiceLines", "invoice_lines", key, "add_lines", lines, (key,)),
            self._step("stripeInvoiceFinal", "invoice_final", key, "finalize", {"auto_advance": True}, (filled,)),
        ]

    def link(self) -> list[Command] | Trouble:
        """A payment link, which makes an invoice when it is paid."""
        items = [self._priced(line) for line in self._deal.lines]
        wrong = _first(items) or _too_many([], items)
        if wrong is not None:
            return wrong
        if any("price" not in item for item in items if isinstance(item, dict)):
            text = "a payment link takes prices of Stripe's only, and the deal sells for another amount"
            return Trouble("PRICE_DIFFERS", text, "add the price in Stripe and name it on the price book entry")
        invoice = {"enabled": True, "invoice_data": {"metadata": self._metadata()}}
        params = {"line_items": items, "metadata": self._metadata(), "invoice_creation": invoice, **self._tax()}
        return [self._command("paymentLink", "plink", "/v1/payment_links", params)]

    def _phase(self, phase: Phase, items: list[Any], once: list[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {
            "items": items,
            "metadata": self._metadata(),
            "proration_behavior": self._policy.deals.proration,
        }
        if phase.end is not None:
            found["end_date"] = self._moment(phase.end)
        if once:
            found["add_invoice_items"] = once
        return found

    def _priced(self, line: DealLine) -> dict[str, Any] | Trouble:
        """The line as an item with a price of Stripe's, or an amount of its own on the price's product."""
        price = self._price(line)
        if isinstance(price, Trouble):
            return price
        unit = _unit(line, self._deal.currency)
        whole = line.quantity == line.quantity.to_integral_value()
        if unit is not None and whole and unit == price.unit_minor:
            return {"price": price.id, "quantity": int(line.quantity)}
        if unit is not None and whole:
            return self._inline(line, price, unit, int(line.quantity))
        if not whole and self._policy.deals.fractions == "refuse":
            text = f"line {line.name!r} sells {line.quantity.normalize():f}, and Stripe bills whole numbers only"
            return Trouble("FRACTION", text, "sell a whole number, or set deals.fractions to one in o2c.yaml")
        return self._inline(line, price, line.total_minor, 1)

    def _inline(self, line: DealLine, price: PriceRow, unit: int, quantity: int) -> dict[str, Any] | Trouble:
        if self._policy.deals.price_differs == "refuse":
            text = f"line {line.name!r} sells for another amount than Stripe's price {price.id}"
            return Trouble(
                "PRICE_DIFFERS", text, "correct one of the two, or set deals.price_differs to inline in o2c.yaml"
            )
        data: dict[str, Any] = {"currency": self._deal.currency, "product": price.product_id, "unit_amount": unit}
        if self._tax():
            # What was sold is net; a price of Stripe's own says for itself what it is.
            data["tax_behavior"] = "exclusive"
        if line.billing != "one_off":
            data["recurring"] = {"interval": line.billing, "interval_count": 1}
        return {"price_data": data, "quantity": quantity}

    def _price(self, line: DealLine) -> PriceRow | Trouble:
        name = price_of(self._policy, line)
        if name is None:
            text = f"no Stripe price is set for product {line.product_code or line.name!r}"
            return Trouble("PRICE_UNMAPPED", text, "name it on the price book entry, or under deals.prices in o2c.yaml")
        price = self._prices.get(name)
        if price is None:
            return Trouble("PRICE_MISSING", f"Stripe has no price {name}", "correct the price book entry")
        return _unfit(line, price, self._deal.currency) or price

    def _invoice_line(self, line: DealLine) -> dict[str, Any] | Trouble:
        priced = self._priced(line)
        if isinstance(priced, dict) and "price" in priced:
            return {"pricing": {"price": priced["price"]}, "quantity": priced["quantity"]}
        mapped = not isinstance(priced, Trouble) or priced.code in ("PRICE_UNMAPPED", "PRICE_DIFFERS", "FRACTION")
        # An invoice bills any amount in words; the price is what its item is known by.
        inline = self._policy.deals.price_differs == "inline"
        return {"amount": line.total_minor, "description": line.name} if mapped and inline else priced

    def _command(
        self, document: DocumentType, kind: str, path: str, params: Mapping[str, Any], after: tuple[str, ...] = ()
    ) -> Command:
        deal = self._deal
        return Command(
            document=document,
            external_id=billing_key(kind, deal.id),
            stripe_id=deal.id,
            customer_id=None,
            currency=deal.currency,
            amount_minor=deal.total_minor,
            effective_date=deal.close_date,
            partition=deal.created_at.date(),
            why=f"{deal.name} was {deal.became} and is not billed by Stripe",
            body={"path": path, "params": params},
            depends_on=after or self._leaned_on,
            lines=tuple(PlanLine(line.name, line.total_minor) for line in deal.lines),
        )

    def _step(
        self, document: DocumentType, kind: str, key: str, verb: str, params: Mapping[str, Any], after: tuple[str, ...]
    ) -> Command:
        command = self._command(document, kind, f"/v1/invoices/{{}}/{verb}", params, after)
        body = {**command.body, "of": {"$written": key}}
        return Command(**{**command.__dict__, "body": body, "lines": ()})

    def _metadata(self) -> dict[str, str]:
        return {metadata.DEAL if self._deal.kind == "opportunity" else metadata.ORDER: self._deal.id}

    def _tax(self) -> dict[str, Any]:
        return {"automatic_tax": {"enabled": True}} if self._policy.deals.tax == "stripe" else {}

    def _collection(self) -> dict[str, Any]:
        due = {"days_until_due": self._policy.deals.days_until_due}
        return {"collection_method": "send_invoice", "invoice_settings": due}

    def _due(self) -> dict[str, Any]:
        return {"collection_method": "send_invoice", "days_until_due": self._policy.deals.days_until_due}

    def _moment(self, day: date) -> int:
        """Midnight in the books' time zone, as Stripe writes moments."""
        return int(datetime.combine(day, time(), self._policy.books.zone).timestamp())


def _unit(line: DealLine, currency: str) -> int | None:
    """Minor units of one piece after discount; None where they do not come out even."""
    try:
        unit = to_minor(line.unit * (100 - line.discount_percent) / Decimal(100), currency)
    except MoneyError:
        return None
    return unit if unit * line.quantity == line.total_minor else None


def _unfit(line: DealLine, price: PriceRow, currency: str) -> Trouble | None:
    sold = None if line.billing == "one_off" else line.billing
    wrong = None
    if not price.active:
        wrong = "is not active"
    elif price.currency != currency:
        wrong = f"is in {price.currency.upper()}, the deal in {currency.upper()}"
    elif (price.interval, price.interval_count) != (sold, 1):
        wrong = f"is billed {_often(price.interval, price.interval_count)}, the line {_often(sold, 1)}"
    if wrong is None:
        return None
    text = f"Stripe's price {price.id} for line {line.name!r} {wrong}"
    return Trouble("PRICE_UNFIT", text, "name another price on the price book entry, or correct the line")


def _often(interval: str | None, count: int) -> str:
    return "once" if interval is None else f"every {f'{count} {interval}s' if count > 1 else interval}"


def _first(items: list[Any]) -> Trouble | None:
    return next((item for item in items if isinstance(item, Trouble)), None)


def _too_many(spans: list[Any], once: list[Any]) -> Trouble | None:
    if max([len(once), *(len(items) for _, items in spans)]) > ITEMS_MAX:
        text = f"Stripe takes {ITEMS_MAX} lines of a kind at once, and the deal has more"
        return Trouble("TOO_MANY_LINES", text, "split the deal in two")
    return None
