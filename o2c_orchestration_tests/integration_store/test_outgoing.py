"""Planning put together lets no document out that fails its schema, and says so as a gap."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan_stage import PlanStage
from o2c_orchestration.shadow import shadow_plan
from o2c_orchestration.store import planning
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.validate.outgoing import CODE
from o2c_orchestration.validate.run import validate_pending

CREATED = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def let_in(engine: Engine, payload: dict[str, Any]) -> None:
    admit(engine, [StripeObject.of({"created": int(CREATED.timestamp()), **payload}, CREATED)], proven=True)
    validate_pending(engine, str(payload["object"]), ZoneInfo("UTC"))


def invoice(identifier: str, effective: datetime) -> dict[str, Any]:
    line = {"id": f"il_{identifier}", "amount": 100, "description": "Seats"}
    return {
        "id": identifier, "object": "invoice", "customer": "cus_1", "number": identifier, "currency": "usd",
        "status": "open", "total": 100, "amount_paid": 0, "amount_remaining": 100, "lines": {"data": [line]},
        "effective_at": int(effective.timestamp()),
    }  # fmt: skip


def test_an_invoice_of_the_last_century_is_refused_and_the_others_are_planned(engine: Engine) -> None:
    """What Stripe's `effective_at` says is its date: a typing error there reaches nobody's books."""
    let_in(engine, {"id": "cus_1", "object": "customer", "name": "Ann"})
    let_in(engine, invoice("in_1", CREATED - timedelta(days=365 * 40)))
    let_in(engine, invoice("in_2", CREATED))
    day, policy = CREATED.date(), Policy.model_validate({"books": {"start": date(2026, 1, 1)}})
    PlanStage(engine, policy, None, lambda count: None, 1000).plan(day, day)
    plan = planning.read_plan(engine, day, day)
    assert "in_2" in {each.external_id for each in plan.commands}
    assert "in_1" not in {each.external_id for each in plan.commands}
    assert [(each.external_id, each.code) for each in plan.refusals] == [("in_1", CODE)]
    shown = shadow_plan(engine, policy, day, day)
    assert shown.refusals == plan.refusals
    assert {each.external_id for each in shown.commands} == {each.external_id for each in plan.commands}
