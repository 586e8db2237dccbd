"""Promises of subscriptions and their schedules: what they bill and when, and every way they end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_sdk

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account

HOUR, DAY = 3600, 24 * 3600


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    config = SandboxConfig(stripe_requests_per_second=10_000)
    with SandboxServer(tmp_path_factory.mktemp("stripe"), config=config) as running:
        yield running


@pytest.fixture(scope="module")
def shared(server: SandboxServer) -> Account:
    return Account(server.base_url)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """An account of this test's own, whose clock can be set."""
    with SandboxServer(tmp_path) as running:
        yield Account(running.base_url)


def customer(account: Account, **fields: Any) -> str:
    """A customer without a card, unless `fields` give one."""
    return str(account.post("customers", name="Ada", email="ada@example.com", **fields)["id"])


def price(account: Account, unit_amount: int = 1000, interval: str = "month", **fields: Any) -> str:
    """A recurring price of a product of its own."""
    product = account.post("products", name="Seats")["id"]
    body = {"recurring[interval]": interval, "product": product, "unit_amount": unit_amount}
    return str(account.post("prices", {"currency": "usd", **body, **fields})["id"])


def sold(customer_id: str, *phases: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A schedule that is invoiced and starts now."""
    body: dict[str, Any] = {
        "customer": customer_id,
        "start_date": "now",
        "default_settings[collection_method]": "send_invoice",
        "default_settings[invoice_settings][days_until_due]": 30,
    }
    for index, phase in enumerate(phases):
        body |= {f"phases[{index}]{name}": value for name, value in phase.items()}
    return body | fields


def phase(price_id: str, quantity: Any = 1, months: int = 12, **more: Any) -> dict[str, Any]:
    """A phase of so many months."""
    length = {"[duration][interval]": "month", "[duration][interval_count]": months}
    return {"[items][0][price]": price_id, "[items][0][quantity]": quantity, **length, **more}


def refused(answer: Any) -> tuple[str | None, str | None]:
    """Code and parameter of an error."""
    error = answer["error"]
    assert error["type"] == "invalid_request_error", error
    return error.get("code"), error.get("param")


def invoices(account: Account, subscription: str) -> list[dict[str, Any]]:
    """A subscription's invoices, oldest first."""
    return list(account.get("invoices", subscription=subscription, limit=100)["data"][::-1])


def day(moment: int) -> str:
    """The UTC date of a moment."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def test_a_schedule_makes_its_subscription_and_a_draft(shared: Account) -> None:
    """One request makes all three; metadata go from the phase to the subscription, its invoice and lines."""
    buyer, monthly = customer(shared), price(shared)
    data = shared.post("products", name="Setup")["id"]
    extra = {"[currency]": "usd", "[product]": data, "[unit_amount]": 5000}
    terms = phase(monthly, 3, **{"[metadata][deal]": "006A"})
    terms |= {f"[add_invoice_items][0][price_data]{name}": value for name, value in extra.items()}
    schedule = shared.post("subscription_schedules", sold(buyer, terms, **{"metadata[deal]": "006S"}))
    assert (schedule["object"], schedule["status"], schedule["metadata"]) == (
        "subscription_schedule",
        "active",
        {"deal": "006S"},
    )
    assert schedule["id"].startswith("sub_sched_")
    (first,) = schedule["phases"]
    assert schedule["current_phase"] == {"start_date": first["start_date"], "end_date": first["end_date"]}
    assert (first["items"][0]["price"], first["items"][0]["quantity"]) == (monthly, 3)
    (subscription,) = shared.get("subscriptions", customer=buyer)["data"]
    assert subscription["id"] == schedule["subscription"]
    wanted = {"status": "active", "schedule": schedule["id"], "metadata": {"deal": "006A"}, "days_until_due": 30}
    assert {name: subscription[name] for name in wanted} == wanted
    (item,) = subscription["items"]["data"]
    assert (item["quantity"], item["price"]["id"]) == (3, monthly)
    assert item["current_period_start"] == subscription["start_date"] == first["start_date"]
    (invoice,) = invoices(shared, subscription["id"])
    assert invoice["id"] == subscription["latest_invoice"]
    known = {"status": "draft", "total": 8000, "billing_reason": "subscription_create", "metadata": {}, "number": None}
    assert {name: invoice[name] for name in known} == known
    assert invoice["parent"]["subscription_details"] == {
        "subscription": subscription["id"],
        "metadata": {"deal": "006A"},
    }
    assert invoice["due_date"] == invoice["created"] + 30 * DAY
    assert invoice["automatically_finalizes_at"] == invoice["created"] + HOUR
    recurring, once = invoice["lines"]["data"]
    assert recurring["parent"]["subscription_item_details"]["subscription_item"] == item["id"]
    assert (recurring["metadata"], recurring["description"]) == ({"deal": "006A"}, "3 × Seats (at $10.00 / month)")
    assert recurring["period"] == {"start": item["current_period_start"], "end": item["current_period_end"]}
    assert once["parent"]["invoice_item_details"]["subscription"] == subscription["id"]
    assert (once["amount"], once["description"]) == (5000, "Setup")


def test_the_events_come_as_stripe_sends_them(account: Account) -> None:
    """A schedule's subscription is announced before its invoice, a charged one after it."""
    buyer = customer(account)
    account.post("subscription_schedules", sold(buyer, phase(price(account))))
    made = ("customer.subscription", "invoice.", "subscription_schedule")
    assert account.events(*made) == [
        "customer.subscription.created",
        "invoice.created",
        "subscription_schedule.created",
    ]
    payer = customer(account, **{"invoice_settings[default_payment_method]": "pm_card_visa"})
    paid = account.post("subscriptions", {"items[0][price]": price(account)}, customer=payer)
    events = account.events(*made)[3:]
    assert (events[0], events[-1], "invoice.paid" in events) == (
        "invoice.created",
        "customer.subscription.created",
        True,
    )
    assert (paid["status"], account.get(f"invoices/{paid['latest_invoice']}")["status"]) == ("active", "paid")


def test_a_year_of_months(account: Account) -> None:
    """Twelve invoices, each finalized an hour after its period began; then the subscription ends with its schedule."""
    buyer = customer(account)
    schedule = account.post("subscription_schedules", sold(buyer, phase(price(account), 2), end_behavior="cancel"))
    identifier, start = schedule["subscription"], schedule["current_phase"]["start_date"]
    assert account.control("clock", advance=HOUR - 60)["happened"] == 0
    assert account.control("clock", advance=61)["happened"] == 1
    (first,) = invoices(account, identifier)
    assert (first["status"], first["status_transitions"]["finalized_at"]) == ("open", first["created"] + HOUR)
    assert first["number"].endswith("-0001")
    account.control("clock", to=schedule["current_phase"]["end_date"] - HOUR)
    assert account.get(f"subscriptions/{identifier}")["status"] == "active"
    account.control("clock", advance=DAY)
    made = invoices(account, identifier)
    assert [each["total"] for each in made] == [2000] * 12
    assert [each["billing_reason"] for each in made] == ["subscription_create", *["subscription_cycle"] * 11]
    ends = [each["lines"]["data"][0]["period"] for each in made]
    assert [each["end"] for each in ends[:-1]] == [each["start"] for each in ends[1:]]
    assert (ends[0]["start"], ends[-1]["end"]) == (start, schedule["current_phase"]["end_date"])
    ended = account.get(f"subscriptions/{identifier}")
    assert (ended["status"], ended["ended_at"]) == ("canceled", schedule["current_phase"]["end_date"])
    assert account.get(f"subscription_schedules/{schedule['id']}")["status"] == "completed"
    assert account.get("subscriptions", customer=buyer)["data"] == []
    for wanted in ("all", "canceled", "ended"):
        assert [each["id"] for each in account.get("subscriptions", customer=buyer, status=wanted)["data"]] == [
            identifier
        ]


def test_a_ramp(account: Account) -> None:
    """The second phase bills its own quantity from its first day, without prorations; released, it goes on."""
    monthly = price(account)
    ramp = (phase(monthly, 1, 2, **{"[metadata][step]": "1"}), phase(monthly, 5, 2, **{"[metadata][step]": "2"}))
    schedule = account.post("subscription_schedules", sold(customer(account), *ramp))
    first, second = schedule["phases"]
    assert first["end_date"] == second["start_date"]
    account.control("clock", to=second["end_date"] + 40 * DAY)
    made = invoices(account, schedule["subscription"])
    assert [each["total"] for each in made] == [1000, 1000, 5000, 5000, 5000, 5000]
    assert all(not line["parent"]["invoice_item_details"] for each in made for line in each["lines"]["data"])
    released = account.get(f"subscription_schedules/{schedule['id']}")
    assert (released["status"], released["subscription"]) == ("released", None)
    assert released["released_subscription"] == schedule["subscription"]
    going_on = account.get(f"subscriptions/{schedule['subscription']}")
    assert (going_on["status"], going_on["schedule"], going_on["metadata"]) == ("active", None, {"step": "2"})


def test_a_phase_that_begins_within_a_period(account: Account) -> None:
    """What is left of the period is credited at the old quantity and charged at the new, on the next invoice."""
    monthly = price(account, 3000)
    start = account.control("clock", advance=0)["now"]
    middle = {"[items][0][price]": monthly, "[items][0][quantity]": 1, "[end_date]": start + 15 * DAY}
    body = sold(customer(account), middle, phase(monthly, 2), start_date=start)
    schedule = account.post("subscription_schedules", body)
    without = phase(monthly, 2, **{"[proration_behavior]": "none"})
    quiet = account.post("subscription_schedules", sold(customer(account), middle, without, start_date=start))
    account.control("clock", to=start + 32 * DAY)
    (first, second) = invoices(account, schedule["subscription"])
    whole = (first["lines"]["data"][0]["period"]["end"] - start) // DAY
    amounts = sorted(line["amount"] for line in second["lines"]["data"])
    left = whole - 15
    assert amounts == sorted([6000, -round(3000 * left / whole), round(6000 * left / whole)])
    prorated = [line for line in second["lines"]["data"] if line["parent"]["type"] == "invoice_item_details"]
    assert all(line["parent"]["invoice_item_details"]["proration"] for line in prorated)
    assert [each["total"] for each in invoices(account, quiet["subscription"])] == [3000, 6000]


def test_a_phase_with_another_price(account: Account) -> None:
    """At the end of a period the new price is billed from that day; another interval begins a period at once."""
    first, dearer, yearly = price(account, 1000), price(account, 1500), price(account, 9000, "year")
    schedule = account.post(
        "subscription_schedules", sold(customer(account), phase(first, 1, 1), phase(dearer, 1, 1), phase(yearly))
    )
    account.control("clock", to=schedule["phases"][2]["start_date"] + DAY)
    made = invoices(account, schedule["subscription"])
    assert [each["total"] for each in made] == [1000, 1500, 9000]
    starts = [each["lines"]["data"][0]["period"]["start"] for each in made]
    assert starts == [each["start_date"] for each in schedule["phases"]]


def test_what_stays_is_not_prorated(account: Account) -> None:
    """A phase that adds an item within a period charges that item's rest only."""
    start = account.control("clock", advance=0)["now"]
    kept, added = price(account, 3000), price(account, 700)
    middle = {"[items][0][price]": kept, "[items][0][quantity]": 1, "[end_date]": start + 10 * DAY}
    both = phase(kept, 1, **{"[items][1][price]": added})
    schedule = account.post("subscription_schedules", sold(customer(account), middle, both))
    account.control("clock", to=start + 11 * DAY)
    (waiting,) = account.get("invoiceitems", customer=schedule["customer"], pending="true")["data"]
    assert (waiting["description"].startswith("Remaining time on"), 0 < waiting["amount"] < 700) == (True, True)


def test_a_start_in_the_future_and_in_the_past(account: Account) -> None:
    """Before its day a schedule has no subscription; one that began earlier bills what has passed at once."""
    monthly, now = price(account), account.control("clock", advance=0)["now"]
    ahead = account.post("subscription_schedules", sold(customer(account), phase(monthly), start_date=now + 10 * DAY))
    assert (ahead["status"], ahead["subscription"], ahead["current_phase"]) == ("not_started", None, None)
    account.control("clock", to=now + 10 * DAY)
    begun = account.get(f"subscription_schedules/{ahead['id']}")
    assert begun["status"] == "active"
    (invoice,) = invoices(account, begun["subscription"])
    assert invoice["created"] == now + 10 * DAY
    behind = account.post("subscription_schedules", sold(customer(account), phase(monthly), start_date=now - 30 * DAY))
    (invoice,) = invoices(account, behind["subscription"])
    periods = [line["period"] for line in invoice["lines"]["data"]]
    assert (len(periods), periods[0]["start"], periods[0]["end"]) == (2, now - 30 * DAY, periods[1]["start"])


def test_the_last_day_of_a_month(account: Account) -> None:
    """A period that begins on the 31st ends on the last day of a shorter month, and goes back to the 31st."""
    start = int(datetime(2027, 1, 31, 12, tzinfo=UTC).timestamp())
    account.control("clock", to=start)
    schedule = account.post("subscription_schedules", sold(customer(account), phase(price(account))))
    account.control("clock", to=start + 95 * DAY)
    starts = [day(each["lines"]["data"][0]["period"]["start"]) for each in invoices(account, schedule["subscription"])]
    assert starts == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_years_and_months_in_one_subscription(account: Account) -> None:
    """Items of different intervals are billed each in its own rhythm."""
    terms = phase(price(account, 100)) | {"[items][1][price]": price(account, 9000, "year")}
    schedule = account.post("subscription_schedules", sold(customer(account), terms))
    account.control("clock", advance=370 * DAY)
    totals = [each["total"] for each in invoices(account, schedule["subscription"])]
    assert totals == [9100, *[100] * 11, 9100]


def test_canceling_a_schedule(account: Account) -> None:
    """Its subscription ends, its draft is no longer finalized by itself, unused time is credited; only once."""
    schedule = account.post("subscription_schedules", sold(customer(account), phase(price(account, 3100))))
    identifier = schedule["subscription"]
    account.control("clock", advance=DAY)
    canceled = account.post(f"subscription_schedules/{schedule['id']}/cancel")
    assert (canceled["status"], canceled["current_phase"]) == ("canceled", None)
    assert account.get(f"subscriptions/{identifier}")["status"] == "canceled"
    credit = invoices(account, identifier)[-1]
    assert credit["status"] == "draft"
    assert -3100 < credit["total"] < -2800
    again = account.post(f"subscription_schedules/{schedule['id']}/cancel")["error"]["message"]
    assert again.startswith("You cannot cancel a subscription schedule that is currently in the `canceled` status.")
    other = account.post("subscription_schedules", sold(customer(account), phase(price(account))))
    account.post(f"subscription_schedules/{other['id']}/cancel", prorate="false")
    ended = ["customer.subscription.deleted", "subscription_schedule.canceled"]
    assert account.events("customer.subscription", "subscription_schedule")[-2:] == ended
    account.control("clock", advance=60 * DAY)
    (draft,) = invoices(account, other["subscription"])
    assert (draft["status"], draft["auto_advance"], draft["automatically_finalizes_at"]) == ("draft", False, None)


def test_releasing_a_schedule(account: Account) -> None:
    """The subscription goes on without it, beyond the schedule's end."""
    schedule = account.post(
        "subscription_schedules", sold(customer(account), phase(price(account)), end_behavior="cancel")
    )
    released = account.post(f"subscription_schedules/{schedule['id']}/release")
    assert (released["status"], released["released_subscription"]) == ("released", schedule["subscription"])
    account.control("clock", advance=400 * DAY)
    assert account.get(f"subscriptions/{schedule['subscription']}")["status"] == "active"
    assert len(invoices(account, schedule["subscription"])) == 14
    assert "`released` status" in account.post(f"subscription_schedules/{schedule['id']}/release")["error"]["message"]
    assert "`released` status" in account.post(f"subscription_schedules/{schedule['id']}/cancel")["error"]["message"]


def test_a_subscription_is_canceled(account: Account) -> None:
    """At once by DELETE, or at the end of its period; a schedule ends with it."""
    monthly = price(account)
    fields = {"collection_method": "send_invoice", "days_until_due": 14, "items[0][price]": monthly}
    at_once, later = (account.post("subscriptions", fields, customer=customer(account)) for _ in range(2))
    session = account._session
    gone = session.delete(f"{account.base_url}/v1/subscriptions/{at_once['id']}", timeout=10).json()
    assert (gone["status"], gone["cancellation_details"]["reason"]) == ("canceled", "cancellation_requested")
    again = session.delete(f"{account.base_url}/v1/subscriptions/{at_once['id']}", timeout=10).json()
    assert refused(again) == ("resource_missing", "id")
    account.post(f"subscriptions/{later['id']}", cancel_at_period_end="true", **{"metadata[why]": "moved"})
    account.control("clock", advance=40 * DAY)
    ended = account.get(f"subscriptions/{later['id']}")
    assert (ended["status"], ended["metadata"], len(invoices(account, later["id"]))) == (
        "canceled",
        {"why": "moved"},
        1,
    )
    schedule = account.post("subscription_schedules", sold(customer(account), phase(monthly)))
    session.delete(f"{account.base_url}/v1/subscriptions/{schedule['subscription']}", timeout=10)
    assert account.get(f"subscription_schedules/{schedule['id']}")["status"] == "canceled"


def test_who_has_no_card_cannot_be_charged(account: Account) -> None:
    """Refused when the subscription is made; past due when a schedule's invoice finds none, active once it is paid."""
    buyer, monthly = customer(account), price(account)
    body = {"items[0][price]": monthly}
    assert refused(account.post("subscriptions", body, customer=buyer))[0] == "resource_missing"
    waiting = account.post("subscriptions", body, customer=buyer, payment_behavior="default_incomplete")
    assert waiting["status"] == "incomplete"
    account.post(f"invoices/{waiting['latest_invoice']}/pay", payment_method="pm_card_visa")
    assert account.get(f"subscriptions/{waiting['id']}")["status"] == "active"
    schedule = account.post(
        "subscription_schedules",
        {"customer": buyer, "start_date": "now", **{f"phases[0]{n}": v for n, v in phase(monthly).items()}},
    )
    account.control("clock", advance=2 * HOUR)
    late = account.get(f"subscriptions/{schedule['subscription']}")
    assert late["status"] == "past_due"
    assert account.get(f"invoices/{late['latest_invoice']}")["attempted"]
    account.post(f"invoices/{late['latest_invoice']}/pay", paid_out_of_band="true")
    assert account.get(f"subscriptions/{late['id']}")["status"] == "active"


def test_pending_items_are_billed_along(shared: Account) -> None:
    """What waits on the customer's account goes onto the next invoice of his subscription."""
    buyer = customer(shared)
    shared.post("invoiceitems", customer=buyer, amount=700, currency="usd", description="Hours")
    schedule = shared.post("subscription_schedules", sold(buyer, phase(price(shared))))
    (invoice,) = invoices(shared, schedule["subscription"])
    assert (invoice["total"], len(invoice["lines"]["data"])) == (1700, 2)


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"phases[0][items][0][quantity]": "1.5"}, "parameter_invalid_integer", "phases[0][items][0][quantity]"),
        ({"phases[0][items][0][quantity]": "-1"}, "parameter_invalid_integer", "phases[0][items][0][quantity]"),
        ({"phases[0][items][0][price]": "price_none"}, "resource_missing", "phases[0][items][0][price]"),
        ({"phases[0][iterations]": "12"}, "parameter_unknown", "iterations"),
        ({"phases[0][end_date]": "2000000000"}, None, "phases[0]"),
        ({"phases[0][duration][interval]": "decade"}, None, "phases[0][duration][interval]"),
        ({"customer": "cus_none"}, "resource_missing", "customer"),
        ({"customer": ""}, "parameter_missing", "customer"),
        ({"start_date": ""}, "parameter_missing", "start_date"),
        ({"end_behavior": "stop"}, None, "end_behavior"),
        ({"default_settings[invoice_settings][days_until_due]": ""}, "parameter_missing", "days_until_due"),
        ({"default_settings[collection_method]": "charge_automatically"}, None, "days_until_due"),
        ({"phases[0][proration_behavior]": "some"}, None, "proration_behavior"),
        ({"coupon": "half"}, "parameter_unknown", "coupon"),
    ],
)
def test_a_schedule_that_cannot_be(shared: Account, change: dict[str, str], code: str | None, param: str) -> None:
    """What Stripe refuses is refused with the parameter, and leaves nothing behind."""
    buyer = customer(shared)
    answer = shared.post("subscription_schedules", sold(buyer, phase(price(shared))) | change)
    assert refused(answer) == (code, param)
    assert shared.get("subscription_schedules", customer=buyer)["data"] == []
    assert shared.get("subscriptions", customer=buyer)["data"] == []


def test_prices_that_do_not_fit(shared: Account) -> None:
    """A one-off price is no item, a recurring one no extra; currencies do not mix; an inactive price sells nothing."""
    buyer, monthly = customer(shared), price(shared)
    product = shared.post("products", name="Setup")["id"]
    once = shared.post("prices", product=product, currency="usd", unit_amount=1)["id"]
    euro = price(shared, currency="eur")
    gone = price(shared)
    shared.post(f"prices/{gone}", active="false")
    as_item = shared.post("subscription_schedules", sold(buyer, phase(once)))
    assert "only accepts prices with `type=recurring`" in as_item["error"]["message"]
    as_extra = sold(buyer, phase(monthly, **{"[add_invoice_items][0][price]": monthly}))
    assert (
        "only accepts prices with `type=one_time`"
        in shared.post("subscription_schedules", as_extra)["error"]["message"]
    )
    mixed = sold(buyer, phase(monthly, **{"[items][1][price]": euro}))
    assert "expected currency" in shared.post("subscription_schedules", mixed)["error"]["message"]
    assert "inactive" in shared.post("subscription_schedules", sold(buyer, phase(gone)))["error"]["message"]


def test_schedules_are_listed(shared: Account) -> None:
    """By customer, and those that have not begun."""
    buyer, monthly = customer(shared), price(shared)
    now = int(datetime.now(UTC).timestamp())
    active = shared.post("subscription_schedules", sold(buyer, phase(monthly)))["id"]
    ahead = shared.post("subscription_schedules", sold(buyer, phase(monthly), start_date=now + 30 * DAY))["id"]
    every = [each["id"] for each in shared.get("subscription_schedules", customer=buyer)["data"]]
    assert every == [ahead, active]
    waiting = shared.get("subscription_schedules", customer=buyer, scheduled="true")["data"]
    assert [each["id"] for each in waiting] == [ahead]
    changed = shared.post(f"subscription_schedules/{ahead}", {"metadata[deal]": "006B"}, end_behavior="cancel")
    assert (changed["metadata"], changed["end_behavior"]) == ({"deal": "006B"}, "cancel")
    shared.post(f"subscription_schedules/{ahead}/cancel")
    assert refused(shared.get("subscription_schedules/sub_sched_none")) == ("resource_missing", "schedule")
    assert refused(shared.get("subscriptions/sub_none")) == ("resource_missing", "id")


def test_inline_prices(shared: Account) -> None:
    """`price_data` makes a price that nobody else can use, to twelve decimals of a cent."""
    buyer, product = customer(shared), shared.post("products", name="Metered")["id"]
    data = {
        "[currency]": "usd",
        "[product]": product,
        "[recurring][interval]": "year",
        "[unit_amount_decimal]": "0.3333",
    }
    terms = {f"[items][0][price_data]{name}": value for name, value in data.items()}
    terms |= {"[items][0][quantity]": 10_000, "[duration][interval]": "year"}
    schedule = shared.post("subscription_schedules", sold(buyer, terms))
    made = shared.get(f"prices/{schedule['phases'][0]['items'][0]['price']}")
    assert (made["unit_amount"], made["unit_amount_decimal"], made["active"]) == (None, "0.3333", False)
    (invoice,) = invoices(shared, schedule["subscription"])
    assert invoice["total"] == 3333


def test_tax_rates_of_a_subscription(shared: Account) -> None:
    """Lines take the rates of their item, or those of the phase."""
    rate = shared.post("tax_rates", display_name="VAT", percentage=20, inclusive="false")["id"]
    terms = phase(price(shared), **{"[default_tax_rates][0]": rate})
    schedule = shared.post("subscription_schedules", sold(customer(shared), terms))
    (invoice,) = invoices(shared, schedule["subscription"])
    assert (invoice["subtotal"], invoice["total"]) == (1000, 1200)


def test_stripes_own_sdk_sells(server: SandboxServer) -> None:
    """Schedule, subscription, expansions and lists are the SDK's objects, down to the price's product."""
    client = stripe_sdk.StripeClient("sk_test_sandbox", base_addresses={"api": server.base_url}, max_network_retries=0)
    buyer = client.v1.customers.create({"name": "Ada"})
    product = client.v1.products.create({"name": "Seats"})
    monthly = client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 900, "recurring": {"interval": "month"}}
    )
    schedule = client.v1.subscription_schedules.create(
        {
            "customer": buyer.id,
            "start_date": "now",
            "end_behavior": "release",
            "metadata": {"deal": "006"},
            "default_settings": {"collection_method": "send_invoice", "invoice_settings": {"days_until_due": 15}},
            "phases": [
                {
                    "items": [{"price": monthly.id, "quantity": 2}],
                    "duration": {"interval": "month", "interval_count": 3},
                    "metadata": {"deal": "006"},
                }
            ],
            "expand": ["subscription.latest_invoice"],
        },
        {"idempotency_key": "deal-006"},
    )
    subscription = schedule.subscription
    assert isinstance(subscription, stripe_sdk.Subscription)
    assert isinstance(subscription.latest_invoice, stripe_sdk.Invoice)
    assert subscription.latest_invoice.total == 1800
    full = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["items.data.price.product", "schedule"]})
    assert isinstance(full.schedule, stripe_sdk.SubscriptionSchedule)
    bought = full["items"].data[0].price.product
    assert isinstance(bought, stripe_sdk.Product)
    assert bought.name == "Seats"
    listed = client.v1.subscription_schedules.list({"customer": buyer.id})
    assert [each.id for each in listed.auto_paging_iter()] == [schedule.id]
    assert client.v1.subscription_schedules.cancel(schedule.id).status == "canceled"
    with pytest.raises(stripe_sdk.InvalidRequestError) as error:
        client.v1.subscription_schedules.release(schedule.id)
    assert "cannot release" in str(error.value)


def test_a_key_lasts_a_day_of_the_accounts_clock(account: Account) -> None:
    """A schedule's request runs once for its key; after a day the key is forgotten, and the same deal is sold twice."""
    body = sold(customer(account), phase(price(account)))
    url, headers = f"{account.base_url}/v1/subscription_schedules", {"Idempotency-Key": "deal"}
    send = lambda data: account._session.post(url, data=data, headers=headers, timeout=10)  # noqa: E731
    first, again = send(body), send(body)
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")
    other = send(body | {"end_behavior": "cancel"})
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    account.control("clock", advance=DAY - 60)
    assert send(body).json()["id"] == first.json()["id"]
    account.control("clock", advance=120)
    late = send(body)
    assert "Idempotent-Replayed" not in late.headers
    assert late.json()["id"] != first.json()["id"]


def test_the_clock_is_kept_and_goes_forward_only(tmp_path: Path) -> None:
    """A restart keeps the account's time and what is due; back it does not go."""
    with SandboxServer(tmp_path) as running:
        account = Account(running.base_url)
        schedule = account.post("subscription_schedules", sold(customer(account), phase(price(account))))
        now = account.control("clock", advance=10 * DAY)["now"]
        assert "time does not go back" in account.control("clock", advance=-1)["error"]
    with SandboxServer(tmp_path) as running:
        account = Account(running.base_url)
        assert account.post("customers", name="Bob")["created"] >= now
        account.control("clock", advance=30 * DAY)
        assert len(invoices(account, schedule["subscription"])) == 2
