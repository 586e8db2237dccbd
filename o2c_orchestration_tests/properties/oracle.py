"""The rules of gaps, told a second time as plain loops over dicts. Shares no code with what it checks.

A world is a dict of dicts, amounts in minor units:

    customers         set of Stripe customer ids
    invoices          id → customer_id, currency, status, total_minor, tax_minor, amount_remaining_minor, issue_date,
                      zero_lines
    payments          charge id → customer_id, payment_intent, currency, status, amount_minor, payment_date
    invoice_payments  id → invoice_id, payment_intent, charge_id, status, amount_minor
    ledger_customers  internal id → external id or None
    documents         internal id → document, stripe_ref, linked_by, currency, total_minor, tax_minor, remaining_minor,
                      trandate, entity_id, voided, deleted
    applications      (payment internal id, invoice internal id) → amount
    absent            set of Stripe ids that Stripe does not have
    refused           Stripe id → document, by ("netsuite" or "planner"), customer_id, currency, effective_date
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

World = dict[str, Any]
# kind, Stripe id, NetSuite id → customer, currency, expected, actual, difference, effective date
Gaps = dict[tuple[str, str | None, str | None], tuple[Any, ...]]

UNBILLED = ("void", "draft")


def expected_gaps(world: World) -> Gaps:
    """Every gap of a world."""
    first, extra = _ranked(world)
    gaps: Gaps = {}
    for key, value in _invoice_gaps(world, first):
        gaps[key] = value
    for key, value in _ledger_gaps(world, extra):
        gaps[key] = value
    unwritable = {stripe_id for kind, stripe_id, _ in gaps if kind == "sync_failed"}
    for key, value in list(_payment_gaps(world, first, extra, unwritable)):
        gaps[key] = value
    # The day of a payment settles nothing, and so explains no status.
    told = {key for kind, key, _ in gaps if kind != "period_mismatch" or key not in world["payments"]}
    for key, value in list(_status_gaps(world, first, told)):
        gaps[key] = value
    for key, value in _customer_gaps(world):
        gaps[key] = value
    return gaps


def _value(customer: Any, currency: str, expected: int, actual: int | None, day: date) -> tuple[Any, ...]:
    return customer, currency, expected, actual, None if actual is None else actual - expected, day


def _ranked(world: World) -> tuple[dict[tuple[str, str], int], list[int]]:
    """The document that stands for each Stripe object (external id first, then the oldest), and the rest."""
    claims: dict[tuple[str, str], list[int]] = {}
    for number, document in world["documents"].items():
        if document["deleted"] or document["voided"] or document["stripe_ref"] is None:
            continue
        claims.setdefault((document["document"], document["stripe_ref"]), []).append(number)
    first: dict[tuple[str, str], int] = {}
    extra: list[int] = []
    for key, numbers in claims.items():
        numbers.sort(key=lambda number: (world["documents"][number]["linked_by"] != "external_id", number))
        first[key] = numbers[0]
        extra += numbers[1:]
    return first, extra


def _invoice_gaps(world: World, first: dict[tuple[str, str], int]) -> Iterator[tuple[Any, Any]]:
    for stripe_id, invoice in world["invoices"].items():
        if invoice["status"] in UNBILLED:
            continue
        number = first.get(("invoice", stripe_id))
        who, currency, day = invoice["customer_id"], invoice["currency"], invoice["issue_date"]
        total, tax = invoice["total_minor"], invoice["tax_minor"]
        if number is None:
            if not invoice["zero_lines"]:
                kind = "sync_failed" if stripe_id in world["refused"] else "missing_in_netsuite"
                yield (kind, stripe_id, None), _value(who, currency, total, 0, day)
            continue
        document = world["documents"][number]
        booked, booked_tax = document["total_minor"], document["tax_minor"]

        def gap(
            kind: str,
            expected: int,
            actual: int | None,
            number: int = number,
            stripe_id: str = stripe_id,
            who: Any = who,
            currency: str = currency,
            day: date = day,
        ) -> tuple[Any, Any]:
            return (kind, stripe_id, str(number)), _value(who, currency, expected, actual, day)

        if document["currency"] != currency:
            yield gap("currency_mismatch", total, None)
        else:
            net_differs = booked - booked_tax != total - tax
            if booked != total and net_differs:
                yield gap("amount_mismatch", total, booked)
            elif booked_tax != tax:
                yield gap("tax_mismatch", tax, booked_tax)
        if world["ledger_customers"].get(document["entity_id"]) != who:
            yield gap("customer_mismatch", total, booked)
        if (document["trandate"].year, document["trandate"].month) != (day.year, day.month):
            yield gap("period_mismatch", total, booked)


def _ledger_gaps(world: World, extra: list[int]) -> Iterator[tuple[Any, Any]]:
    for number in extra:
        document = world["documents"][number]
        kind = "duplicate_in_netsuite" if document["document"] == "invoice" else "paid_twice"
        who = world["ledger_customers"].get(document["entity_id"])
        values = _value(who, document["currency"], 0, document["total_minor"], document["trandate"])
        yield (kind, document["stripe_ref"], str(number)), values
    for number, document in world["documents"].items():
        if document["deleted"] or document["voided"]:
            continue
        who = world["ledger_customers"].get(document["entity_id"])
        values = _value(who, document["currency"], 0, document["total_minor"], document["trandate"])
        if document["stripe_ref"] is None:
            if who in world["customers"]:
                yield ("unlinked_in_netsuite", None, str(number)), values
        elif document["stripe_ref"] in world["absent"]:
            yield ("missing_in_stripe", document["stripe_ref"], str(number)), values


def _linked(world: World, payment_id: str) -> set[str]:
    """Invoices that have anything to do with a payment, paid or not."""
    intent = world["payments"][payment_id]["payment_intent"]
    found = set()
    for part in world["invoice_payments"].values():
        by_intent = intent is not None and part["payment_intent"] == intent
        if by_intent or part["charge_id"] == payment_id:
            found.add(part["invoice_id"])
    return found


def _wanted(world: World, payment_id: str) -> dict[str, int]:
    """Invoice → what of this payment ought to be applied to it."""
    payment = world["payments"][payment_id]
    wanted: dict[str, int] = {}
    for part in world["invoice_payments"].values():
        if part["status"] != "paid" or payment["status"] != "succeeded":
            continue
        if part["payment_intent"] is None:
            matches = part["charge_id"] == payment_id
        else:
            matches = part["payment_intent"] == payment["payment_intent"] and part["charge_id"] in (None, payment_id)
        if matches:
            wanted[part["invoice_id"]] = wanted.get(part["invoice_id"], 0) + part["amount_minor"]
    return wanted


def _applied(world: World, number: int) -> dict[str, int]:
    """Invoice (or ns:id for one without a Stripe id) → what the ledger applied of this payment document."""
    applied: dict[str, int] = {}
    for (payment, invoice), amount in world["applications"].items():
        target = world["documents"].get(invoice)
        if payment == number and target is not None and not target["deleted"]:
            key = target["stripe_ref"] or f"ns:{invoice}"
            applied[key] = applied.get(key, 0) + amount
    return applied


def _payment_gaps(
    world: World, first: dict[tuple[str, str], int], extra: list[int], unwritable: set[str | None]
) -> Iterator[tuple[Any, Any]]:
    for stripe_id, payment in world["payments"].items():
        number = first.get(("customerPayment", stripe_id))
        who, currency, day, amount = (
            payment["customer_id"],
            payment["currency"],
            payment["payment_date"],
            payment["amount_minor"],
        )
        succeeded = payment["status"] == "succeeded"
        if number is None:
            if succeeded and not _linked(world, stripe_id) & unwritable:
                said = world["refused"].get(stripe_id, {}).get("by")
                kind = "sync_failed" if said == "netsuite" else "payment_missing"
                yield (kind, stripe_id, None), _value(who, currency, amount, 0, day)
            continue
        document = world["documents"][number]
        wanted, applied = _wanted(world, stripe_id), _applied(world, number)
        wrong = [key for key in {*wanted, *applied} if wanted.get(key) != applied.get(key)]
        same = succeeded and document["currency"] == currency and document["total_minor"] == amount
        booked_day = document["trandate"]
        if succeeded and (booked_day.year, booked_day.month) != (day.year, day.month):
            value = _value(who, currency, amount, document["total_minor"], day)
            yield ("period_mismatch", stripe_id, str(number)), value
        unclaimed = succeeded and not wrong and not _linked(world, stripe_id)
        if unclaimed and world["ledger_customers"].get(document["entity_id"]) != who:
            value = _value(who, currency, amount, document["total_minor"], day)
            yield ("customer_mismatch", stripe_id, str(number)), value
        if same and not wrong:
            continue
        missing = sum(wanted.get(key, 0) for key in wrong)
        if same and missing > 0 and document["remaining_minor"] == document["total_minor"]:
            yield ("payment_unapplied", stripe_id, str(number)), _value(who, currency, missing, 0, day)
        else:
            booked = document["total_minor"] if document["currency"] == currency else None
            expected = amount if succeeded else 0
            yield ("payment_mismatch", stripe_id, str(number)), _value(who, currency, expected, booked, day)


def _status_gaps(world: World, first: dict[tuple[str, str], int], told: set[str | None]) -> Iterator[tuple[Any, Any]]:
    for stripe_id, invoice in world["invoices"].items():
        number = first.get(("invoice", stripe_id))
        if number is None or stripe_id in told:
            continue
        unbilled = invoice["status"] in UNBILLED
        owed = 0 if unbilled else invoice["amount_remaining_minor"]
        left = world["documents"][number]["remaining_minor"]
        if (left > 0) == (owed > 0):
            continue
        if any(payment in told and stripe_id in _linked(world, payment) for payment in world["payments"]):
            continue
        values = _value(invoice["customer_id"], invoice["currency"], owed, left, invoice["issue_date"])
        yield ("status_mismatch", stripe_id, str(number)), values


def _customer_gaps(world: World) -> Iterator[tuple[Any, Any]]:
    for stripe_id, refusal in world["refused"].items():
        if refusal["document"] == "customer" and stripe_id not in world["ledger_customers"].values():
            values = _value(refusal["customer_id"], refusal["currency"], 0, 0, refusal["effective_date"])
            yield ("sync_failed", stripe_id, None), values
