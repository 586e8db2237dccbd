"""The section `alerts`: routes, amounts, hours; and who is told of what by them."""

import re
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from o2c_orchestration.alert.route import Step, graded, has_grown, named, next_step, owner_of, route_of
from o2c_orchestration.domain.alerts import Alert, Cause, Severity, Source, Told
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.policy_schema import schema

NOW = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


def _policy(text: str) -> Policy:
    return Policy.model_validate({"alerts": yaml.safe_load(text) or {}})


def _alert(name: str = "paid_twice", minor: int = 100, source: Source = "gap", **more: Any) -> Alert:
    severity: Severity = more.pop("severity", "error")
    sums = {"usd": minor} if source == "gap" else {}
    leg = more.pop("leg", "stripe_netsuite" if source == "gap" else "")
    cause = Cause(f"{source}:{name}", source, name, severity, name, "do it", NOW, sums=sums, leg=leg)
    return Alert(1, cause, "open", NOW, None, None, None, (), 0)


def _channels(text: str, alert: Alert, known: tuple[str, ...] = ("mail", "pager", "slack")) -> tuple[str, ...]:
    step = next_step(alert, _policy(text), known, NOW)
    return () if step is None else step.channels


ROUTES = """
routes:
  - {kinds: [payout_residual], channels: [treasury]}
  - {severities: [urgent], channels: [pager, slack]}
  - {legs: [salesforce_netsuite, salesforce_stripe], channels: [revops], material_minor: {usd: 1000}}
  - {sources: [check], severities: [warning], channels: []}
  - {checks: [books_tie_out], channels: [slack]}
  - {jobs: [order_to_cash], channels: [engineers]}
"""


@pytest.mark.parametrize(
    ("alert", "told"),
    [
        (_alert("payout_residual"), ("treasury",)),
        (_alert("payout_residual", severity="urgent"), ("treasury",)),
        (_alert(severity="urgent"), ("pager", "slack")),
        (_alert(leg="salesforce_stripe", minor=1_000), ("revops",)),
        (_alert(leg="salesforce_stripe", minor=999), ()),
        (_alert("no_rows_in_quarantine", source="check", severity="warning"), ()),
        (_alert("books_tie_out", source="check"), ("slack",)),
        (_alert("order_to_cash", source="run"), ("engineers",)),
        (_alert("books_tie_out", source="run"), ("mail", "pager", "slack")),
        (_alert("slack", source="channel"), ("mail", "pager")),
        (_alert(), ("mail", "pager", "slack")),
    ],
)
def test_the_first_route_that_fits_decides(alert: Alert, told: tuple[str, ...]):
    """By kind, leg, check, job, severity and amount; what none fits goes to all, and a channel not to itself."""
    assert _channels(ROUTES, alert) == told


def test_without_any_channel_nobody_is_told():
    """Not even those that a route names: there is nothing to send with."""
    assert _channels(ROUTES, _alert("payout_residual"), known=()) == ()
    assert named("all", ()) == ()


def test_owners_by_name_then_leg_then_everybodys():
    """Who has it is said by kind, check or job, else by leg."""
    policy = _policy("owners: {paid_twice: ann, salesforce_stripe: revops, order_to_cash: engineers}")
    found = [_alert(), _alert("terms_mismatch", leg="salesforce_stripe"), _alert("order_to_cash", source="run")]
    assert [owner_of(each.cause, policy) for each in found] == ["ann", "revops", "engineers"]
    assert owner_of(_alert("tax_mismatch").cause, policy) == "team:finance-systems"


@pytest.mark.parametrize(
    ("told", "now", "grown"),
    [
        ({"usd": 100}, {"usd": 149}, False),
        ({"usd": 100}, {"usd": 150}, True),
        ({"usd": 100}, {"usd": 50}, False),
        ({"usd": 100}, {"usd": 100, "eur": 1}, True),
        ({"jpy": 10}, {"jpy": 500}, False),
        ({"jpy": 10}, {"jpy": 510}, True),
    ],
)
def test_growth_is_by_percent_and_by_a_material_amount(told: dict[str, int], now: dict[str, int], grown: bool):
    """Half as much again, and no less than what is material in that currency; a new currency is news."""
    cause = Cause("k", "gap", "paid_twice", "error", "t", "d", NOW, sums=now)
    assert has_grown(Told("error", 1, told), cause, {"jpy": 500}, 50) is grown


def test_what_becomes_urgent_is_news():
    """Whatever its money does."""
    cause = Cause("k", "gap", "paid_twice", "urgent", "t", "d", NOW, sums={"usd": 100})
    assert has_grown(Told("error", 1, {"usd": 100}), cause, {}, 50)
    assert not has_grown(Told("urgent", 1, {"usd": 100}), cause, {}, 50)


def test_hours_without_quotes_are_read_as_they_are_meant():
    """YAML reads 20:00 as 1200, to the base of sixty."""
    assert yaml.safe_load("20:00") == 1200
    hours = _policy("quiet_hours: {from: 20:00, to: 07:30}").alerts.quiet_hours
    assert hours is not None
    assert (hours.begin, hours.end) == (time(20), time(7, 30))


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("{from: 20:00, to: 07:00}", "2026-03-03T20:00", True),
        ("{from: 20:00, to: 07:00}", "2026-03-03T06:59", True),
        ("{from: 20:00, to: 07:00}", "2026-03-03T07:00", False),
        ("{from: 12:00, to: 13:00}", "2026-03-03T12:30", True),
        ("{from: 12:00, to: 13:00}", "2026-03-03T13:00", False),
        ("{from: 20:00, to: 07:00, weekends: true}", "2026-03-07T12:00", True),
        ("{from: 20:00, to: 07:00}", "2026-03-07T12:00", False),
        # The night in which an hour comes twice.
        ("{from: 00:30, to: 01:30}", "2026-11-01T01:15", True),
    ],
)
def test_quiet_hours_are_those_of_the_books(hours: str, at: str, quiet: bool):
    """Over midnight, at weekends, and at the end of summer time."""
    zone = ZoneInfo("America/Los_Angeles")
    found = _policy(f"quiet_hours: {hours}").alerts.quiet_hours
    assert found is not None
    assert found.hold(datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC), zone) is quiet


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("routes: [{kinds: [paid_twce]}]", "did you mean 'paid_twice'?"),
        ("routes: [{legs: [stripe]}]", "is no leg"),
        ("routes: [{legs: [payouts_deposit]}]", "did you mean 'payout_deposit'?"),
        ("routes: [{checks: [no_open_gap]}]", "did you mean 'no_open_gaps'?"),
        ("routes: [{jobs: [order_to_csh]}]", "did you mean 'order_to_cash'?"),
        ("routes: [{checks: [order_to_cash]}]", "is no asset check"),
        ("routes: [{checks: ['own:']}]", "is no asset check"),
        ("urgent: [paid_twce]", "did you mean 'paid_twice'?"),
        ("urgent: [salesforce_stripe]", "is no kind of gap, asset check or job"),
        ("owners: {payout_resdual: a@example.com}", "did you mean 'payout_residual'?"),
        ("checks_told_by_gaps: [deals_holt]", "did you mean 'deals_hold'?"),
        ("routes: [{channels: [Slack]}]", "is not the name of a channel"),
        ("routes: [{sources: [gaps]}]", "sources"),
        ("routes: [{severities: [fatal]}]", "severities"),
        ("material_minor: {USD: 1}", "lower case"),
        ("material_minor: {usd: -1}", "greater than or equal"),
        ("digest_hour: 24", "digest_hour"),
        ("quiet_hours: {from: 20:00}", "to"),
        ("quiet_hours: {from: 2400, to: 07:00}", "from"),
        ("dagster_url: javascript:alert(1)", "address of a page"),
        ("dagster_url: https://user:password@dagster", "address of a page"),
        ("pages_url: https://user:password@pages", "address of a page"),
        ("{remind_hours: 1, remind_urgent_hours: 2}", "longer than"),
        ("update_percent: 0", "update_percent"),
        ("reminder: 1", "reminder"),
    ],
)
def test_what_is_wrong_is_refused(text: str, words: str):
    """Misspelt kinds, legs and channels, amounts below zero, hours that are none."""
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        _policy(text)


def test_an_alert_that_closed_is_told_to_those_who_heard_of_it():
    """Also when the policy has changed since."""
    alert = _alert()
    closed = Alert(1, alert.cause, "closed", NOW, NOW, Told("error", 1, {"usd": 100}), NOW, ("old", "mail"), 1)
    assert next_step(closed, _policy("routes: [{channels: []}]"), ("mail",), NOW) == Step("all_clear", ("old", "mail"))


def test_checks_and_jobs_of_the_project_besides_ours_are_named_with_own():
    """In routes, in what is urgent, in who has it; without it a name is taken for a misspelt one of ours."""
    policy = _policy(
        "{urgent: ['own:dbt_is_fresh', 'own:nightly_dbt'], owners: {'own:dbt_is_fresh': data@example.com},"
        " routes: [{checks: ['own:dbt_is_fresh'], channels: [data]}, {jobs: ['own:nightly_dbt'], channels: [night]}]}"
    )
    check, job = (
        Cause("k", source, name, "error", "t", "d", NOW)
        for source, name in (("check", "dbt_is_fresh"), ("run", "nightly_dbt"))
    )
    assert [graded(each, policy).severity for each in (check, job)] == ["urgent", "urgent"]
    assert owner_of(check, policy) == "data@example.com"
    assert owner_of(job, policy) == policy.owner
    assert [route_of(each, policy).channels for each in (check, job)] == [("data",), ("night",)]


@pytest.mark.parametrize(
    ("key", "there", "not_there"),
    [
        ("urgent", ["paid_twice", "no_open_gaps", "janitor"], ["deposit", "stripe_netsuite"]),
        ("owners", ["paid_twice", "no_open_gaps", "janitor", "stripe_netsuite"], ["deposit"]),
        ("routes.kinds", ["paid_twice"], ["no_open_gaps", "own:other"]),
        ("routes.legs", ["stripe_netsuite"], ["paid_twice"]),
        ("routes.checks", ["no_open_gaps", "own:other"], ["paid_twice", "janitor"]),
        ("routes.jobs", ["janitor", "own:other"], ["no_open_gaps"]),
        ("checks_told_by_gaps", ["no_open_gaps"], ["janitor"]),
    ],
)
def test_the_schema_for_editors_knows_the_same_names(key: str, there: list[str], not_there: list[str]):
    """An editor completes what the policy takes, and underlines what it refuses."""
    definitions = schema()["definitions"]
    section, _, name = key.rpartition(".")
    found = definitions["Route" if section else "Alerts"]["properties"][name]
    assert [each for each in there if not _takes(found, each)] == []
    assert [each for each in not_there if _takes(found, each)] == []


def _takes(found: Any, name: str) -> bool:
    if "properties" in found:
        return name in found["properties"]
    names = found["items"]
    return any(
        name in each.get("enum", ()) or re.match(each.get("pattern", "$."), name)
        for each in names.get("anyOf", [names])
    )
