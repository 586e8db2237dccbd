"""All keys are replaced while a run is under way and its old ones are revoked: it ends well, and nothing is doubled."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console.launch import run_range
from o2c_orchestration.console.receiver import Secrets
from o2c_orchestration.current_settings import CurrentSettings
from o2c_orchestration.orchestration.build import JOB, build_definitions
from o2c_orchestration.orchestration.changes import CHANGES
from o2c_orchestration.orchestration.events import poll_events
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.orchestration.partitions import daily_partitions, span
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import inbox, journal
from o2c_orchestration.store.gaps import BOOKS, list_gaps
from o2c_orchestration.web.receiver import Receiver
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.contract.test_receiver import event, post, serving
from o2c_orchestration_tests.e2e.cli_fixtures import QUIET, environment, sandbox, sound_company, today
from o2c_orchestration_tests.e2e.rotation import Keys, replaced_at, restricted_keys
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import POLICY, listed, orders, price

DAYS = 3
# What is posted and makes nothing.
_QUESTIONS = ("/suiteql", "/token")
OPEN = ("intent", "sent", "unknown", "dead", "refused")
LIVE = {"linger_seconds": 0.5, "reconcile_seconds": 0.5}


@pytest.fixture
def keys(tmp_path: Path, new_database: NewDatabase) -> Iterator[Keys]:
    """A company that nobody has kept books for, with one deal that was won; the product's keys are the old ones."""
    settings = {"stripe_restricted_keys": restricted_keys(), "stripe_requests_per_second": 1000}
    with new_database() as url, sandbox(tmp_path, url, **settings) as world:
        world.load_company(sound_company(6, DAYS))
        seller = Seller(world.base_url, world.config)
        entry = seller.product("SEAT", 50, price=price(world, 5000, "month"))
        deal = seller.deal(seller.account("Acme Inc"), today().isoformat(), O2C_Term_Months__c=12)
        seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
        start = {"start": today() - timedelta(days=DAYS)}
        ours = {
            name: value
            for name, value in world.environment(**POLICY, live=LIVE, books=start).items()
            if name.startswith("O2C_")
        }
        requests.delete(f"{world.base_url}/_sandbox/stats", timeout=10).raise_for_status()
        found = Keys(world, tmp_path / "o2c.env")
        with environment({**ours, "O2C_ENV_FILE": str(found.file)}):
            yield found


def run(source: FromSettings, instance: dg.DagsterInstance, job: str = JOB) -> dg.ExecuteInProcessResult:
    """A run in one process, as a worker does it, over all days; a failure is returned."""
    policy = source.get().policy
    days = span(daily_partitions(policy.books.start), policy.books.start, today()) if job == JOB else {}
    made = build_definitions(source, policy).resolve_job_def(job)
    return made.execute_in_process(instance=instance, tags=days, run_config=QUIET, raise_on_error=False)


def check(keys: Keys, made: Assembly) -> None:
    """No write is without its outcome, nothing lacks or differs in the books, and each document was made once."""
    assert journal.entries(made.engine, OPEN) == []
    assert list_gaps(made.engine, legs=BOOKS) == []
    made_there = [
        each
        for system in ("stripe", "netsuite")
        for each in keys.world.asked(system)
        if each["method"] == "POST" and each["status"] in (200, 204) and not each["path"].endswith(_QUESTIONS)
    ]
    assert len(made_there) == len(journal.entries(made.engine, ["done"]))


def again(outcome: dg.ExecuteInProcessResult) -> set[str]:
    """The steps that were tried once more."""
    return {str(each.step_key) for each in outcome.all_events if each.is_step_up_for_retry}


@pytest.mark.parametrize(
    ("system", "method", "path", "step"),
    [
        ("stripe", "GET", "/v1/charges$", "stripe__payments"),
        ("salesforce", "GET", "/query", "salesforce__"),
        ("netsuite", "POST", "/record/v1/customerPayment$", "apply__netsuite_documents"),
    ],
)
def test_a_run_whose_keys_are_revoked_amid_a_step_ends_with_the_new_ones(
    keys: Keys, system: str, method: str, path: str, step: str
) -> None:
    """The step is refused and tried again, from then on with what the file says; each document is there once."""
    source = FromSettings()
    receiver = Receiver(Secrets(CurrentSettings()), lambda: source.get().engine)
    with dg.DagsterInstance.ephemeral() as instance, serving(receiver) as url:
        with replaced_at(keys, system, method, path):
            assert post(url, event("evt_1"), "whsec_old").status_code == 200
            outcome = run(source, instance)
        assert outcome.success
        assert {each for each in again(outcome) if each.startswith(step)} != set(), again(outcome)
        assert [post(url, event(f"evt_{key}"), key).status_code for key in ("whsec_old", "whsec_new")] == [200, 200]
        keys.only_new_secret()
        assert [post(url, event("evt_4"), key).status_code for key in ("whsec_old", "whsec_new")] == [400, 200]
        check(keys, source.get())


def test_a_deal_whose_keys_are_revoked_while_it_is_billed_is_billed_once(keys: Keys) -> None:
    """By the new key that writes; the run before has made its customer, and this one its order and its schedule."""
    source, world = FromSettings(), keys.world
    with dg.DagsterInstance.ephemeral() as instance:
        assert run(source, instance).success
        with replaced_at(keys, "stripe", "POST", "/v1/subscription_schedules$"):
            outcome = run(source, instance)
        assert outcome.success
        assert len(again(outcome)) == 1
        check(keys, source.get())
        assert list_gaps(source.get().engine) == []
    assert (len(orders(world)), len(listed(world, "subscription_schedules"))) == (1, 1)


def test_a_run_from_the_command_line_goes_on_with_the_new_keys(keys: Keys) -> None:
    """`o2c run` reads the file of secrets again, too, and tells its progress to the same listener."""
    done = list[str]()
    made = Assembly(load_settings(), step_done=done.append)
    with dg.DagsterInstance.ephemeral() as instance, replaced_at(keys, "netsuite", "POST", "/record/v1/invoice$"):
        run_range(made, instance, made.policy.books.start, today())
    assert "apply__netsuite_documents" in done
    check(keys, Assembly(load_settings()))


def followed(keys: Keys, source: FromSettings) -> str:
    """The id of an invoice of which an event tells, and nothing has read it yet."""
    invoice = str(keys.world.invoice(4200)["id"])
    time.sleep(1.1)  # the second that is not over is left for the next look
    poll_events(source.get(), datetime.now(UTC))
    assert invoice in {each.object_id for each in inbox.take(source.get().engine, 100)}
    return invoice


@pytest.mark.parametrize(
    ("system", "method", "path"), [("stripe", "GET", "/v1/invoices/"), ("netsuite", "POST", "/record/v1/invoice$")]
)
def test_a_run_that_follows_changes_goes_on_with_the_new_keys(keys: Keys, system: str, method: str, path: str) -> None:
    """What it has taken and not read, or planned and not written, it does after all, and once."""
    source = FromSettings()
    with dg.DagsterInstance.ephemeral() as instance:
        invoice = followed(keys, source)
        with replaced_at(keys, system, method, path):
            outcome = run(source, instance, CHANGES)
        assert outcome.success
        assert again(outcome) == {"follow_changes"}
    made = source.get()
    assert inbox.take(made.engine, 100) == []
    assert journal.netsuite_ids(made.engine, [invoice]).keys() == {invoice}
    assert journal.entries(made.engine, OPEN) == []


def test_what_a_run_intended_and_could_not_write_the_next_one_writes(keys: Keys) -> None:
    """Also where nothing tells of it any more: it has left the inbox."""
    source = FromSettings()
    with dg.DagsterInstance.ephemeral() as instance:
        invoice = followed(keys, source)
        made = source.get()
        Follower(made, lambda spans: made.intend(spans)).once()
        assert invoice in {each.external_id for each in journal.entries(made.engine, ["intent"])}
        assert inbox.take(made.engine, 100) == []
        assert run(source, instance, CHANGES).success
    assert journal.netsuite_ids(made.engine, [invoice]).keys() == {invoice}


def test_netsuites_certificate_and_key_are_replaced_together(keys: Keys) -> None:
    """Between two uses: the old certificate may go at once, with its tokens."""
    source = FromSettings()
    source.get().read_reference()
    before = keys.replace_certificate()
    source.get().read_reference()
    keys.revoke_certificate(before)
    source.get().read_reference()
    assert source.get() is source.get()
