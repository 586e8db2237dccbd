"""What is one cause and what is two: by what has to be done, not by document, whichever system refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, text

from o2c_orchestration.alert.causes import find_causes
from o2c_orchestration.alert.route import owner_of, route_of
from o2c_orchestration.domain.alerts import ASSET_OF_LEG, KINDS, LEG_NAMES, Cause
from o2c_orchestration.domain.keys import gap_id
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import journal
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.store.letters import drop
from o2c_orchestration_tests.alerts.wire import gap, policy
from o2c_orchestration_tests.integration_store.builders import accept, command, ledger_customer

_REFUSE = """
INSERT INTO o2c.plan_entries (external_key, document, external_id, stripe_id, currency, amount_minor, effective_date,
                              partition_date, outcome, code, reason, fix)
VALUES (lower(:id), 'invoice', :id, :id, 'usd', 100, '2026-02-15', '2026-02-15', 'refused', :code, :reason, :fix)"""


def refuse(engine: Engine, key: str, code: str, reason: str, fix: str, **more: Any) -> None:
    """The planner refuses the document of an object, and the reconciliation names it."""
    with engine.begin() as connection:
        connection.execute(text(_REFUSE), {"id": key, "code": code, "reason": reason, "fix": fix})
    gap(engine, key, kind="sync_failed", reason=f"{reason.rstrip('.')}. To do: {fix}", **more)


def causes(engine: Engine, **alerts: Any) -> list[Cause]:
    return find_causes(engine, policy(**alerts), datetime.now(UTC))


def test_one_cause_for_each_thing_to_do(engine: Engine):
    """A closed month and an unmapped item are two; three invoices of that month are one."""
    for number in range(3):
        refuse(engine, f"in_{number}x", "PERIOD_CLOSED", f"its date 2026-07-0{number} is closed", "open Jul 2026")
    refuse(engine, "in_9", "ITEM_UNMAPPED", "no item", "map the price")
    assert [(cause.code, cause.count, cause.to_do) for cause in causes(engine)] == [
        ("ITEM_UNMAPPED", 1, "map the price"),
        ("PERIOD_CLOSED", 3, "open Jul 2026"),
    ]


def test_ids_in_what_is_to_be_done_make_no_causes_of_their_own(engine: Engine):
    """A hundred prices without an item are one message, not a hundred."""
    for number in range(100):
        fix = f"name price_{number}Abc or 'Plan {number}' (001DM00000{number}dYAA) under items.prices"
        refuse(engine, f"in_{number}", "ITEM_UNMAPPED", f"price_{number}Abc has no item", fix)
    [cause] = causes(engine)
    assert cause.count == 100


def test_another_thing_to_do_under_the_same_code_is_another_cause(engine: Engine):
    """NetSuite says USER_ERROR to everything; what it is about differs."""
    refuse(engine, "in_1", "USER_ERROR", "Invalid currency", "add the currency to the customer")
    refuse(engine, "in_2", "USER_ERROR", "The period is closed", "open the period")
    assert len(causes(engine)) == 2


def test_what_netsuite_refused_is_told_in_its_words_and_for_all_of_them(engine: Engine):
    """By way of journal and reconciliation: the code, what to do about all, and one example of the words."""
    for number in (1, 2):
        key = f"in_{number}"
        accept(engine, "customers", {"id": "cus_1"})
        accept(engine, "invoices", {"id": key, "total_minor": 1_000 * number})
        journal.intend(engine, [command("invoice", key)])
        [ready] = journal.ready(engine, "invoice", 1)
        claim = journal.claim(engine, ready, 60)
        assert claim is not None
        fix = f"add the currency; then: o2c dead-letters retry {key}"
        journal.record_refused(engine, claim, "USER_ERROR", "Invalid currency.", fix, status=400)
    ledger_customer(engine, 1, "cus_1")
    reconcile(engine)
    [cause] = causes(engine)
    assert (cause.key.rpartition(":")[0], cause.count) == ("gap:stripe_netsuite:sync_failed:USER_ERROR", 2)
    assert cause.sums == {"usd": 3_000}
    assert cause.to_do == "add the currency; then: o2c dead-letters retry --reason USER_ERROR"
    assert cause.said == "Invalid currency"
    drop(engine, ["in_1"], "ann", "known")
    reconcile(engine)
    assert {cause.objects: cause.to_do.partition(" (")[0] for cause in causes(engine)} == {
        ("in_1",): "given up by a person",
        ("in_2",): "add the currency; then: o2c dead-letters retry in_2",
    }


def test_gaps_of_deals_are_told_too(engine: Engine):
    """Legs of Salesforce, with the opportunity to trace and the asset of deals."""
    gap(engine, "006A", 5_000, "order_missing", leg="salesforce_netsuite")
    gap(engine, "006B", 7_000, "order_not_billed", leg="salesforce_stripe")
    found = causes(engine)
    assert [(each.leg, each.name, each.objects, each.asset) for each in found] == [
        ("salesforce_netsuite", "order_missing", ("006A",), "reconciliation/deals"),
        ("salesforce_stripe", "order_not_billed", ("006B",), "reconciliation/deals"),
    ]


def test_urgent_by_amount_and_by_name(engine: Engine):
    """From the policy's amount on in one currency, or of a kind that always is."""
    gap(engine, "in_1", 99)
    gap(engine, "in_2", 100, "amount_mismatch")
    gap(engine, "in_3", 1, "period_mismatch")
    found = causes(engine, urgent_minor={"usd": 100}, urgent=["period_mismatch"])
    assert {each.name: each.severity for each in found} == {
        "missing_in_netsuite": "error",
        "amount_mismatch": "urgent",
        "period_mismatch": "urgent",
    }


def test_a_gap_that_is_about_no_difference_counts_with_its_document(engine: Engine):
    """As everywhere else: the difference, or the document where no amount differs."""
    gap(engine, "in_1", 500, "customer_mismatch")
    with engine.begin() as connection:
        connection.execute(text("UPDATE o2c.gaps SET actual_minor = 500, difference_minor = 0"))
    assert causes(engine)[0].sums == {"usd": 500}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_says_what_to_do(engine: Engine, kind: str):
    """Each kind of gap has a name for people and a next step."""
    gap(engine, "in_1", 100, kind)
    [cause] = causes(engine)
    assert cause.title == KINDS[kind].title
    assert len(cause.to_do) > 10
    assert cause.key == f"gap:stripe_netsuite:{kind}"


def test_every_leg_has_a_page_and_a_name():
    """No link leads nowhere."""
    assert ASSET_OF_LEG.keys() == LEG_NAMES.keys()
    assert gap_id("stripe_netsuite", "x", "y")


def test_ten_thousand_gaps_are_looked_at_in_a_moment(engine: Engine):
    """The sensor looks every half minute: what it costs must not grow with the square of anything."""
    with engine.begin() as connection:
        connection.execute(text(_MANY_GAPS))
        connection.execute(text(_MANY_REFUSALS))
    began = datetime.now(UTC)
    [cause] = causes(engine)
    assert cause.count == 10_000
    assert cause.code == "PERIOD_CLOSED"
    assert (datetime.now(UTC) - began).total_seconds() < 5


_MANY_GAPS = """
INSERT INTO o2c.gaps (gap_id, leg, kind, state, stripe_id, currency, expected_minor, actual_minor, difference_minor,
                      effective_date, reason, first_seen_at, last_seen_at)
SELECT 'gap_' || n, 'stripe_netsuite', 'sync_failed', 'open', 'in_' || n, 'usd', 100, 0, -100, '2026-02-15',
       'day ' || n || ' is closed. To do: open it', now() - interval '1 hour', now() FROM generate_series(1, 10000) n"""
_MANY_REFUSALS = """
INSERT INTO o2c.plan_entries (external_key, document, external_id, stripe_id, currency, amount_minor, effective_date,
                              partition_date, outcome, code, reason, fix)
SELECT 'in_' || n, 'invoice', 'in_' || n, 'in_' || n, 'usd', 100, '2026-02-15', '2026-02-15', 'refused',
       'PERIOD_CLOSED', 'day ' || n || ' is closed', 'open it' FROM generate_series(1, 10000) n"""


def test_gaps_of_an_entity_with_an_owner_are_a_cause_of_their_own(engine: Engine):
    """By Stripe account: that entity's owner has them; one without an owner is told with the company's."""
    accounts = {"in_eu": "acct_1EU", "in_uk": "acct_1UK"}
    now = datetime.now(UTC)
    for key, account in accounts.items():
        payload = {"id": key, "object": "invoice", "created": int(now.timestamp())}
        admit(engine, [StripeObject.of(payload, now, account=account)])
    for key in ("in_us", *accounts):
        gap(engine, key)
    company = {"entities": {"acct_1EU": {"name": "Acme SE", "owner": "berlin"}, "acct_1UK": {"name": "Acme Ltd"}}}
    told = Policy.model_validate({**company, "alerts": {"grace_minutes": 0, "owners": {"missing_in_netsuite": "ann"}}})
    found = find_causes(engine, told, datetime.now(UTC))
    assert [(each.objects, each.account, owner_of(each, told)) for each in found] == [
        (("in_uk", "in_us"), "", "ann"), (("in_eu",), "acct_1EU", "berlin")]  # fmt: skip
    assert [each.title for each in found] == [
        "Invoices have no NetSuite document", "Invoices have no NetSuite document, Acme SE"]  # fmt: skip
    assert found[1].key == f"{found[0].key}:acct_1EU"
    [alone] = causes(engine)
    assert alone.count == 3
    routed = {"grace_minutes": 0, "routes": [{"entities": ["acct_1UK"], "channels": ["london"]}, {"channels": ["all"]}]}
    sent = Policy.model_validate({**company, "alerts": routed})
    found = find_causes(engine, sent, datetime.now(UTC))
    assert {each.objects: route_of(each, sent).channels for each in found} == {
        ("in_us",): ("all",), ("in_eu",): ("all",), ("in_uk",): ("london",)}  # fmt: skip


def test_a_route_for_an_entity_that_is_none_is_refused():
    """With the nearest one: what nobody has would be told to nobody."""
    given = {"entities": {"acct_1UK": {"name": "Acme Ltd"}}, "alerts": {"routes": [{"entities": ["acct_1UX"]}]}}
    with pytest.raises(ValidationError, match=r"'acct_1UX' is no account under entities: did you mean 'acct_1UK'"):
        Policy.model_validate(given)
