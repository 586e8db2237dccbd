"""A process dies before its first request, and the world moves on before the next one starts."""

import signal
from typing import Any

import requests

from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.worker import Death, apply_plan, finish, whole_run


def die_with_intents(case: Case) -> None:
    """Everything is intended and nothing is sent."""
    killed = case.start(apply_plan, Death("after_intent"))
    assert killed.wait() == -signal.SIGKILL
    assert case.states().keys() == {"intent"}


def an_open_invoice(case: Case) -> dict[str, Any]:
    return next(each for each in case.books.of("invoice") if each["status"] == "open" and each["total"] > 0)


def test_what_a_person_entered_meanwhile_is_not_written_again(case: Case) -> None:
    """An invoice that was intended and then booked by hand, with the Stripe id in its memo, stays the only one."""
    die_with_intents(case)
    invoice = an_open_invoice(case)
    customer = {"externalId": invoice["customer"], "companyName": "By hand", "subsidiary": {"id": "1"}}
    customer["currency"] = {
        "id": {"usd": "1", "eur": "4", "gbp": "2", "jpy": "7", "kwd": "9", "cad": "3"}[invoice["currency"]]
    }
    body = {
        "entity": {"id": "@customer"},
        "tranDate": case.books.span[1].isoformat(),
        "memo": f"Stripe {invoice['id']}",
        "item": {"items": [{"item": {"id": "1"}, "amount": 10}]},
    }
    records = [
        {"recordType": "customer", "body": customer | {"_key": "customer"}},
        {"recordType": "invoice", "body": body},
    ]
    case.world.ask("POST", "load", {"netsuite": records})
    case.finish()
    assert audit.doubled(case.world.state, case.books) == []
    assert case.states().keys() == {"done"}


def test_what_was_voided_meanwhile_is_not_written(case: Case) -> None:
    """An invoice that was intended and then voided in Stripe gets no document."""
    die_with_intents(case)
    invoice = an_open_invoice(case)
    headers = {"Authorization": f"Bearer {case.world.config.stripe_secret_key}"}
    url = f"{case.world.base_url}/v1/invoices/{invoice['id']}/void"
    assert requests.post(url, headers=headers, timeout=10).ok
    case.start(whole_run).finish()
    booked = audit.actual(case.world.state).invoices
    assert invoice["id"].lower() not in booked
    assert booked.keys() == audit.expected(case.books).invoices.keys() - {invoice["id"].lower()}


def test_what_is_planned_otherwise_meanwhile_is_written_otherwise(case: Case) -> None:
    """An intent of an earlier run is not sent as it was when a new plan asks for something else."""
    die_with_intents(case)
    case.start(finish, policy={"items": {"default": "Stripe Shipping"}}).finish()
    case.check()
    used = audit.items_used(case.world.state)
    assert "Stripe Shipping" in used
    assert "Stripe Item" not in used
