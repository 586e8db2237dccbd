"""The receiver over HTTP, in front of a real PostgreSQL: nothing unsigned gets in, nothing acknowledged is lost."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import dagster as dg
import pytest
import requests
import stripe
import uvicorn
from dagster._daemon.types import DaemonHeartbeat
from dagster_postgres import DagsterPostgresStorage
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from sqlalchemy import text as sql_text
from sqlalchemy.exc import OperationalError

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy_live import Live, Webhooks
from o2c_orchestration.store import inbox
from o2c_orchestration.web.keeper import Keeper
from o2c_orchestration.web.metrics import OUTCOMES
from o2c_orchestration.web.receiver import Receiver
from o2c_orchestration.web.signature import parse_secrets

OLD, NEW, OTHER = "whsec_old", "whsec_new", "whsec_other"
SECRETS = f"{NEW},{OLD},acct_b={OTHER}"


@contextmanager
def serving(served: Any) -> Iterator[str]:
    """What has an ASGI `application()`, as the receiver has, under uvicorn on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(served.application(), port=port, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=15)


def receiver(engine: Engine, **options: Any) -> Receiver:
    return Receiver(parse_secrets(SECRETS), lambda: engine, livemode=False, **options)


@pytest.fixture
def url(engine) -> Iterator[str]:
    with serving(receiver(engine)) as base:
        yield base


def event(key: str = "evt_1", thing: dict[str, Any] | None = None, **more: Any) -> bytes:
    """A snapshot event as Stripe sends it."""
    thing = thing or {"id": "in_1", "object": "invoice", "created": 1_790_000_000, "currency": "usd", "total": 500}
    wire = {"id": key, "object": "event", "type": "invoice.paid", "created": int(time.time()), "livemode": False}
    return json.dumps({**wire, "api_version": "2020-03-02", "data": {"object": thing}, **more}, indent=2).encode()


def post(url: str, body: bytes, secret: str = NEW, at: float | None = None, **headers: str) -> requests.Response:
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), secret, int(at or time.time()))
    given = {"Stripe-Signature": header, "Content-Type": "application/json; charset=utf-8", **headers}
    return requests.post(f"{url}/webhooks/stripe", data=body, headers=given, timeout=20)


def metrics(url: str) -> str:
    return requests.get(f"{url}/metrics", timeout=20).text


def figures(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """As Prometheus reads them, by name and values of labels."""
    families = text_string_to_metric_families(text)
    return {(each.name, tuple(each.labels.values())): each.value for family in families for each in family.samples}


def kept(engine: Engine, columns: str = "id") -> list[Any]:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT {columns} FROM o2c.stripe_events ORDER BY id").all()


def waiting(engine: Engine) -> list[tuple[str, str]]:
    return [(item.object_id, item.object) for item in inbox.take(engine, 100)]


def test_a_signed_event_is_stored_and_marks_its_object(url, engine):
    """2xx means: the event is in the database and its object is in the inbox, read by its id and nothing else."""
    answer = post(url, event())
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    assert kept(engine, "id, type, object_id, source, api_version") == [
        ("evt_1", "invoice.paid", "in_1", "webhook", "2020-03-02")
    ]
    assert waiting(engine) == [("in_1", "invoice")]


def test_a_replay_is_acknowledged_and_does_nothing(url, engine):
    """The same event again, also after its object was read: 2xx, no second event, nothing to read."""
    post(url, event())
    inbox.settle(engine, inbox.take(engine, 9))
    assert post(url, event()).status_code == 200
    assert len(kept(engine)) == 1
    assert waiting(engine) == []


@pytest.mark.parametrize("secret", [NEW, OLD, OTHER])
def test_every_active_secret_is_good(url, secret):
    """While a secret is being replaced, and with several accounts, each of them signs."""
    assert post(url, event(), secret).status_code == 200


@pytest.mark.parametrize("signers", [("whsec_newest", OLD), (OLD, "whsec_newest")])
def test_while_a_secret_is_rolled_one_of_two_signatures_is_enough(url, signers):
    """Stripe signs with both secrets then, in one header, and adds its worthless `v0` in test mode."""
    body, now = event(), int(time.time())
    each = [stripe.WebhookSignature.generate_signature_header(body.decode(), secret, now) for secret in signers]
    signatures = [header.partition(",")[2] for header in each]
    header = ",".join([f"t={now}", *signatures, f"v0={'0' * 64}"])
    assert post(url, body, **{"Stripe-Signature": header}).status_code == 200


def test_a_body_in_chunks_and_a_slash_behind_the_path_are_taken(url, engine):
    """Proxies send the first; the second is easily typed, and neither Stripe nor its CLI follows a redirect."""
    body = event()
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), NEW, int(time.time()))
    chunks = (body[start : start + 50] for start in range(0, len(body), 50))
    given = {"data": chunks, "headers": {"Stripe-Signature": header}, "allow_redirects": False, "timeout": 20}
    assert requests.post(f"{url}/webhooks/stripe/", **given).status_code == 200
    assert len(kept(engine)) == 1


def test_the_account_of_a_secret_is_kept_with_the_event(url, engine):
    """Which account an event is of, the endpoint's secret says; an event of another account is kept and ignored."""
    post(url, event("evt_1"), OTHER)
    post(url, event("evt_2", account="acct_c"), OTHER)
    first, second = kept(engine, "account, ignored")
    assert first == ("acct_b", None)
    assert second.account == "acct_c"
    assert "acct_c" in second.ignored


def test_an_old_signature_is_told_from_a_forged_one(url, engine):
    """Whoever looks into it looks at the clock, not for somebody who guesses."""
    old = post(url, event(), at=time.time() - 301)
    assert (old.status_code, "too long ago" in old.json()["error"]) == (400, True)
    forged = post(url, event(), "whsec_guess", at=time.time() - 301)
    assert "not one of Stripe's" in forged.json()["error"]
    assert kept(engine) == []


def _unsigned(url: str) -> requests.Response:
    return requests.post(f"{url}/webhooks/stripe", data=event(), timeout=20)


def _tampered(url: str) -> requests.Response:
    body = event()
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), NEW, int(time.time()))
    changed = body.replace(b"in_1", b"in_2")
    return requests.post(f"{url}/webhooks/stripe", data=changed, headers={"Stripe-Signature": header}, timeout=20)


@pytest.mark.parametrize(
    "send",
    [
        _unsigned,
        _tampered,
        lambda url: post(url, event(), "whsec_guess"),
        lambda url: post(url, event(), at=time.time() - 301),
        lambda url: requests.post(
            f"{url}/webhooks/stripe", data=b"\xff\xfe", headers={"Stripe-Signature": "t=1,v1=00"}, timeout=20
        ),
        lambda url: requests.post(
            f"{url}/webhooks/stripe", data=event(), headers={"Stripe-Signature": "t=99999999999999999999"}, timeout=20
        ),
    ],
    ids=["unsigned", "tampered", "other secret", "too old", "no text", "odd header"],
)
def test_what_stripe_did_not_sign_is_refused(url, engine, send):
    """No signature, a wrong one, or an old one: 400, and nothing is stored."""
    assert send(url).status_code == 400
    assert kept(engine) == []
    assert waiting(engine) == []


def test_a_body_beyond_the_cap_is_refused_unread(url):
    """413 by what the sender declares, and by what comes where he declares nothing."""
    big = event(thing={"id": "in_1", "object": "invoice", "text": "x" * (1024 * 1024)})
    assert post(url, big).status_code == 413
    header = {"Stripe-Signature": "t=1,v1=00"}
    parts = (b"x" * 65536 for _ in range(64))
    with suppress(requests.ConnectionError):  # the receiver may hang up while we still send
        assert requests.post(f"{url}/webhooks/stripe", data=parts, headers=header, timeout=20).status_code == 413


def test_a_slow_body_is_given_up(engine):
    """A sender who does not go on gets 408 and does not keep anybody from being served."""
    with serving(receiver(engine, webhooks=Webhooks(body_seconds=0.5))) as url:
        port = int(url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as slow:
            head = (
                b"POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nStripe-Signature: t=1,v1=0\r\nContent-Length: 9\r\n\r\n"
            )
            slow.sendall(head + b"{")
            assert post(url, event()).status_code == 200
            assert b" 408 " in slow.recv(200)


def test_signed_nonsense_is_refused_and_kept_in_quarantine(url, engine):
    """What Stripe signed and is no event is not thrown away: 400, so that it is seen there too, and quarantine."""
    for body in (b"[]", b"{", json.dumps({"object": "event", "id": "evt_1"}).encode()):
        assert post(url, body).status_code == 400
        assert post(url, body).status_code == 400
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT payload ->> 'body', reason FROM o2c.quarantine").all()
    assert sorted(row[0] for row in rows) == sorted(["[]", "{", '{"object": "event", "id": "evt_1"}'])
    assert kept(engine) == []


def test_thin_events_name_their_object(url, engine):
    """A thin event of a v1 object marks it just as a snapshot does."""
    related = {"id": "in_7", "type": "invoice", "url": "/v1/invoices/in_7"}
    thin = {"id": "evt_thin", "object": "v2.core.event", "type": "v1.invoice.paid", "related_object": related}
    body = json.dumps({**thin, "created": "2026-11-26T05:00:00.000Z", "livemode": False, "context": None}).encode()
    assert post(url, body).status_code == 200
    assert kept(engine, "type, object, object_id, ignored") == [("invoice.paid", "invoice", "in_7", None)]
    assert waiting(engine) == [("in_7", "invoice")]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"livemode": True}, "live mode"),
        ({"data": {"object": {"object": "balance"}}}, "names no object"),
        ({"data": {"object": {"id": "sub_1", "object": "subscription"}}}, "subscription"),
        ({"data": None}, "names no object"),
    ],
)
def test_an_event_that_is_not_for_us_is_acknowledged_kept_and_ignored(url, engine, more, why):
    """Another mode, another kind of object: Stripe need not send it again, and a person can see that it came."""
    assert post(url, event(**more)).status_code == 200
    [(ignored,)] = kept(engine, "ignored")
    assert why in ignored
    assert waiting(engine) == []


def test_urgent_objects_go_first(engine):
    """By amount or customer, as the policy says; whatever the payload claims only decides the order."""
    live = Live(urgent_minor={"usd": 100_000}, urgent_customers=("cus_vip",))
    with serving(receiver(engine, live=live)) as url:
        for key, more in (("1", {}), ("2", {"total": 100_000}), ("3", {"customer": "cus_vip"})):
            thing = {"id": f"in_{key}", "object": "invoice", "currency": "usd", "total": 5, **more}
            post(url, event(f"evt_{key}", thing))
    assert waiting(engine) == [("in_2", "invoice"), ("in_3", "invoice"), ("in_1", "invoice")]


def test_without_a_database_nothing_is_acknowledged(engine):
    """503, so that Stripe sends it again; and once the database is back, it is taken without anyone's help."""
    up = threading.Event()

    def connect() -> Engine:
        if not up.is_set():
            raise OperationalError("connect", {}, Exception("no server"))
        return engine

    with serving(Receiver(parse_secrets(SECRETS), connect, Webhooks(keep_seconds=2))) as url:
        answer = post(url, event())
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert requests.get(f"{url}/readyz", timeout=20).status_code == 503
        assert requests.get(f"{url}/healthz", timeout=20).status_code == 200
        assert requests.get(f"{url}/metrics", timeout=20).status_code == 200
        up.set()
        assert post(url, event()).status_code == 200
        assert requests.get(f"{url}/readyz", timeout=20).status_code == 200
    assert len(kept(engine)) == 1


def test_an_event_whose_sender_has_given_up_may_be_stored_and_the_next_try_does_nothing(engine):
    """A database that hangs beyond our patience: 503 now, no second entry later."""
    hold = threading.Event()

    def slow() -> Engine:
        hold.wait(10)
        return engine

    with serving(Receiver(parse_secrets(SECRETS), slow, Webhooks(keep_seconds=0.3))) as url:
        assert post(url, event()).status_code == 503
        hold.set()
        assert post(url, event()).status_code == 200
    assert len(kept(engine)) == 1


def test_many_at_once_are_all_kept(url, engine):
    """Events that come together share transactions, and each is answered for itself."""

    def send(numbers: range) -> None:
        for number in numbers:
            thing = {"id": f"in_{number % 50}", "object": "invoice"}
            assert post(url, event(f"evt_{number}", thing)).status_code == 200

    threads = [threading.Thread(target=send, args=(range(start, 400, 8),)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept(engine)) == 400
    assert len(waiting(engine)) == 50


def test_metrics_tell_outcomes_and_what_waits(url):
    """Prometheus can read it: answers by outcome, events, and the age of the oldest change."""
    post(url, event())
    post(url, event(), "whsec_guess")
    found = figures(metrics(url))
    assert {key for name, key in found if name == "o2c_webhooks_total"} == {(outcome,) for outcome in OUTCOMES}
    assert found["o2c_webhooks_total", ("not_kept",)] == 0
    assert found["o2c_webhooks_total", ("taken",)] == 1
    assert found["o2c_webhooks_total", ("bad_signature",)] == 1
    assert found["o2c_events_total", ("no",)] == 1
    assert found["o2c_inbox_objects", ()] == 1
    assert 0 <= found["o2c_inbox_oldest_change_age_seconds", ()] < 60


def test_metrics_tell_how_the_books_stand_without_names_and_amounts(url, engine):
    """Gaps by leg and kind with the age of the oldest, documents that wait for something, how old the mirror is."""
    with engine.begin() as connection:
        connection.execute(
            sql_text(
                """INSERT INTO o2c.gaps (gap_id, leg, kind, state, stripe_id, customer, currency, expected_minor,
                                         actual_minor, difference_minor, first_seen_at, last_seen_at, reason)
                   VALUES ('g1', 'stripe_netsuite', 'amount_mismatch', 'open', 'in_1', 'Acme', 'usd', 4711, 0, 4711,
                           now() - interval '2 hours', now(), 'differs')"""
            )
        )
        connection.execute(sql_text("INSERT INTO o2c.cursors (name, value) VALUES ('netsuite_ledger', now()::text)"))
    told = metrics(url)
    found = figures(told)
    assert found["o2c_open_gaps", ("amount_mismatch", "stripe_netsuite")] == 1
    assert 7100 < found["o2c_open_gap_oldest_seconds", ("amount_mismatch", "stripe_netsuite")] < 7300
    assert found["o2c_documents", ("dead",)] == 0
    assert 0 <= found["o2c_mirror_age_seconds", ()] < 60
    assert "Acme" not in told
    assert "4711" not in told


def test_metrics_tell_of_the_processes_of_dagster(url, engine):
    """The daemon's threads and runs, by what Dagster itself keeps in the same database; nothing before it is there."""
    assert "o2c_dagster" not in metrics(url)
    storage = DagsterPostgresStorage(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    for status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE):
        storage.run_storage.add_run(dg.DagsterRun(job_name="changed_objects", status=status))
    storage.run_storage.add_daemon_heartbeat(DaemonHeartbeat(time.time() - 90, "SENSOR", "1", []))
    found = figures(metrics(url))
    assert 90 <= found["o2c_dagster_heartbeat_age_seconds", ("SENSOR",)] < 150
    assert found["o2c_dagster_runs", ("started",)] == 2
    assert found["o2c_dagster_runs", ("queued",)] == 0
    assert found["o2c_dagster_failed_runs", ()] == 1


def test_tables_of_dagster_that_are_other_hide_no_figures_of_the_books(url, engine):
    """Another release of Dagster may have other columns."""
    with engine.begin() as connection:
        for table in ("runs", "daemon_heartbeats"):
            connection.execute(sql_text("SET LOCAL ROLE NONE"))
            connection.execute(sql_text(f"CREATE TABLE public.{table} (other integer)"))
    found = figures(metrics(url))
    assert found["o2c_documents", ("unknown",)] == 0
    assert not [name for name, _ in found if name.startswith("o2c_dagster")]


def test_other_paths_and_methods_are_none(url):
    """Nothing else is served."""
    assert requests.get(f"{url}/webhooks/stripe", timeout=20).status_code == 405
    assert requests.post(f"{url}/", timeout=20).status_code == 404


@pytest.mark.parametrize("text", [None, "", " , ", "acct_1", "acct_1="])
def test_without_a_secret_there_is_no_receiver(text):
    """An endpoint that believes anybody would be worse than none."""
    with pytest.raises(SettingsError):
        parse_secrets(text)


def test_secrets_are_not_shown():
    """Neither in a repr nor in what is raised."""
    assert "whsec" not in repr(parse_secrets(SECRETS))


def test_a_keeper_that_stops_writes_what_has_come(engine):
    """Stopping loses nothing that was taken, and takes nothing more."""
    keeper = Keeper(lambda: engine)

    async def work() -> None:
        from o2c_orchestration.domain.stripe_events import Expected, read_event

        keeper.start()
        found = read_event(json.loads(event()), "webhook", Expected(), Live())
        task = asyncio.create_task(keeper.keep(found, 5))
        await asyncio.sleep(0)
        await asyncio.to_thread(keeper.stop)
        await task

    asyncio.run(work())
    assert len(kept(engine)) == 1
