"""What README says of the Stripe CLI, done: `o2c receiver` as a process, `stripe listen` in front, documents behind.

Where the program `stripe` is on PATH, every test is run with it too.
"""

import json
import re
import shlex
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.follow import Follower, follow
from o2c_orchestration.store import inbox, journal
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.contract.test_receiver import event, serving
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, sandbox
from o2c_orchestration_tests.e2e.stripe_cli import FORWARDERS, SECRET, Forwarder, Session, deliver_to
from o2c_orchestration_tests.e2e.test_webhooks import until
from o2c_orchestration_tests.forked import Forked, plain_environment

ROOT = Path(__file__).parents[2]
OF_AN_ENDPOINT = "whsec_of_an_endpoint"
README = (ROOT / "README.md").read_text()


@dataclass
class Listening:
    """A new user's machine: the receiver is up with two secrets, and the Stripe CLI forwards to it."""

    world: World
    assembly: Assembly
    session: Session
    receiver: str
    variables: dict[str, str]
    o2c: CommandLine

    def forwarded(self, count: int) -> list[int]:
        """The answers to that many events, when they are there."""
        until(lambda: len(self.session.answers) >= count)
        return self.session.answers

    def backlog(self) -> str:
        """What `o2c backlog` says."""
        return " ".join(self.o2c("backlog", **self.variables).out.split())

    def events(self, columns: str) -> list[Any]:
        with self.assembly.engine.connect() as connection:
            return connection.exec_driver_sql(f"SELECT {columns} FROM o2c.stripe_events ORDER BY id").all()


def in_readme(beginning: str) -> list[str]:
    """The arguments of the one command of README that begins so, without its comment."""
    [line] = re.findall(rf"^ *({re.escape(beginning)} .*)$", README, re.MULTILINE)
    return shlex.split(line, comments=True)


@contextmanager
def receiving(variables: dict[str, str], home: Path) -> Iterator[str]:
    """`o2c receiver` as README starts it, on a free port; its address when it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = in_readme(".venv/bin/o2c receiver")[1:]
    arguments[arguments.index("--port") + 1] = str(port)
    log = home / "receiver.log"
    process = Forked(arguments, plain_environment() | variables, log, log)
    try:
        until(lambda: process.poll() is not None or _ready(port))
        assert process.poll() is None, log.read_text()
        yield f"127.0.0.1:{port}"
    finally:
        process.stop()


def _ready(port: int) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).json() == {"status": "ready"}
    return False


@pytest.fixture(params=FORWARDERS, ids=lambda each: each.__name__)
def forwarder(request: pytest.FixtureRequest) -> Forwarder:
    return request.param


@contextmanager
def listening(forwarder: Forwarder, database_url: str, home: Path, *, thin: bool = False) -> Iterator[Listening]:
    """All of README's step: the secret of the CLI beside that of an endpoint, the receiver, `stripe listen`."""
    session = Session()
    live = {"linger_seconds": 3, "reconcile_seconds": 0.5}
    with sandbox(home, database_url) as world, world.assembly(live=live) as assembly, serving(session) as url:
        session.url = url
        secrets = {"STRIPE_WEBHOOK_SECRETS": f"{OF_AN_ENDPOINT},{SECRET}"}
        variables = {**world.environment(live=live), **secrets}
        with receiving(variables, home) as address:
            arguments = in_readme("stripe listen")[1:]
            arguments = [each.replace("127.0.0.1:8950", address) for each in arguments]
            if thin:
                arguments[arguments.index("--all-snapshot")] = "--all-thin"
            with forwarder(session, arguments, home):
                deliver_to(session, world.base_url, thin=thin)
                yield Listening(
                    world, assembly, session, f"http://{address}/webhooks/stripe", variables, CommandLine(home)
                )


@pytest.mark.parametrize("thin", [False, True], ids=["snapshot", "thin"])
def test_what_the_cli_forwards_is_seen_in_the_backlog_and_booked(
    forwarder: Forwarder, database_url: str, tmp_path: Path, thin: bool
) -> None:
    """Each event is answered 200; `o2c backlog` counts its object; whoever follows books it, and nothing waits."""
    with listening(forwarder, database_url, tmp_path, thin=thin) as here:
        assert here.backlog() == "Nothing has changed. No event has come yet."
        paid = here.world.invoice(12_300)
        happened = requests.get(
            f"{here.world.base_url}/v1/events",
            {"limit": "100"},
            headers={"Authorization": f"Bearer {here.world.config.stripe_secret_key}"},
            timeout=30,
        ).json()["data"]
        assert set(here.forwarded(len(happened))) == {200}
        told = r"4 changed objects wait, the oldest change \d+ seconds ago\. The last event: \S+ of \S+, .* by webhook"
        assert re.match(told, here.backlog())
        follow(here.assembly, lambda _: None)
        written = {each.external_id: each.document for each in journal.entries(here.assembly.engine, ["done"])}
        assert sorted(written.values()) == ["customer", "customerPayment", "invoice"]
        assert {paid["id"], paid["customer"]} <= written.keys()
        assert list_gaps(here.assembly.engine) == []
        assert here.backlog().startswith("Nothing has changed. The last event: ")
        assert {row.source for row in here.events("source")} == {"webhook"}


def test_the_cli_and_an_endpoint_bring_the_same_events_once(
    forwarder: Forwarder, database_url: str, tmp_path: Path
) -> None:
    """Both secrets are in force, and an event that comes by both ways is kept once."""
    with listening(forwarder, database_url, tmp_path) as here:
        endpoint = {"url": here.receiver, "secret": OF_AN_ENDPOINT}
        url = f"{here.world.base_url}/_sandbox/stripe/webhook_endpoints"
        requests.post(url, json=endpoint, timeout=30).raise_for_status()
        here.world.invoice(700)
        stats = f"{here.world.base_url}/_sandbox/stripe/webhook_stats"
        until(lambda: requests.get(stats, timeout=30).json()["waiting"] == 0)
        each = requests.get(stats, timeout=30).json()["endpoints"].values()
        assert {one["failed"] for one in each} == {0}
        [count] = {one["delivered"] for one in each}
        assert here.forwarded(count) == [200] * count
        assert len(here.events("id")) == count


def signed(body: str, *more: str) -> dict[str, str]:
    """Headers of a webhook that Stripe signs with the secret of the CLI's session."""
    signature = stripe.WebhookSignature.generate_signature_header(body, SECRET, int(time.time()))
    return {
        "Accept": "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": ",".join([signature, *more]),
    }


def test_what_is_not_for_us_does_no_harm(forwarder: Forwarder, database_url: str, tmp_path: Path) -> None:
    """Live mode beside a test key, and a connected account, whose events the CLI forwards too unless told otherwise."""
    with listening(forwarder, database_url, tmp_path) as here:
        live = event("evt_live", livemode=True).decode()
        connected = event("evt_connected", account="acct_connected").decode()
        here.session.put(connected, signed(connected, "v0=" + "0" * 64))
        here.forwarded(1)
        here.session.put(live, signed(live))
        assert here.forwarded(2) == [200, 200]
        assert "by webhook; nothing follows from it: it is of live mode, and the API key is not." in here.backlog()
        ignored = dict(here.events("id, ignored"))
        assert ignored == {"evt_connected": None, "evt_live": "it is of live mode, and the API key is not"}
        for _ in range(3):
            with here.assembly.engine.begin() as connection:
                connection.exec_driver_sql("UPDATE o2c.inbox SET not_before = now()")
            Follower(here.assembly).once()
        assert inbox.backlog(here.assembly.engine).objects == 0
        assert journal.entries(here.assembly.engine, ["done", "intent", "unknown", "dead"]) == []


def test_the_receiver_says_what_it_listens_to(forwarder: Forwarder, database_url: str, tmp_path: Path) -> None:
    """So a person sees that the secret was read, and that events of test mode are expected."""
    with listening(forwarder, database_url, tmp_path) as here:
        told = " ".join((tmp_path / "receiver.log").read_text().split())
        assert f"Receiver on {here.receiver}: 2 signing secret(s), mode test." in told
        wrong = event("evt_forged").decode()
        headers = {**signed(wrong), "Stripe-Signature": "t=1,v1=00"}
        here.session.put(wrong, headers)
        assert here.forwarded(1) == [400]
        assert json.dumps(here.events("id")) == "[]"
