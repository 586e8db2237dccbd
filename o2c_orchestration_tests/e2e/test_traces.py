"""Traces at the wire: what a collector gets of a webhook and its document, and what happens when there is none."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import requests
from sqlalchemy import Engine
from structlog.testing import capture_logs

from o2c_orchestration import tracing
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.store.database import open_database
from o2c_orchestration.tracing.export import _Straight
from o2c_orchestration.web.pages import Pages
from o2c_orchestration.web.receiver import Receiver
from o2c_orchestration.web.signature import parse_secrets
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.contract.test_receiver import NEW, event, post, serving
from o2c_orchestration_tests.e2e.cli_fixtures import World, command_line, definitions, sound_company, today
from o2c_orchestration_tests.e2e.compose import ROOT, free_port
from o2c_orchestration_tests.e2e.test_canaries import PERSONAL, bad_day, secrets
from o2c_orchestration_tests.e2e.test_webhooks import Way, until, way  # noqa: F401 (a fixture)
from o2c_orchestration_tests.otlp import Collector, collecting, deaf


@contextmanager
def traced(url: str, service: str = "o2c-test") -> Iterator[None]:
    """This process with traces that go there."""
    tracing.process_is(service)
    tracing.start(tracing.Collector(f"{url}/v1/traces", trust_environment=False))
    try:
        yield
    finally:
        tracing.stop()


def trace_of(key: str) -> str:
    """The trace of an object, as docs/operations.md says that it is made."""
    return hashlib.sha256(f"o2c:{key}".encode()).hexdigest()[:32]


def test_webhook_read_and_document_of_an_invoice_are_one_trace(way: Way):  # noqa: F811
    """The receiver, the run that follows and the one writer say the same correlation id, in the trace made of it."""
    with collecting() as collector:
        with traced(collector.url):
            bill = way.world.invoice(12_300, pay=False)["id"]
            way.delivered()
            until(lambda: Follower(way.assembly).once().taken == 0)
        found = [each for each in collector.spans if each.trace == trace_of(bill)]
    assert bill in way.written()
    assert {each.says["o2c.correlation_id"] for each in found} == {bill}
    names = {each.name: each for each in found}
    assert {"webhook", "read invoice", "write invoice", "GET /v1/invoices/{id}"} <= names.keys()
    assert "POST /services/rest/record/v1/invoice" in names
    webhook, write = names["webhook"].says, names["write invoice"].says
    assert webhook["o2c.event_id"].startswith("evt_")
    assert (webhook["o2c.event_type"].partition(".")[0], webhook["o2c.object_id"]) == ("invoice", bill)
    assert (webhook["o2c.outcome"], webhook["http.response.status_code"]) == ("taken", 200)
    assert (write["o2c.document"], write["o2c.external_id"], write["o2c.outcome"]) == ("invoice", bill, "done")
    request = names["POST /services/rest/record/v1/invoice"]
    assert request.parent == names["write invoice"].span
    assert (request.says["o2c.system"], request.says["http.response.status_code"]) == ("netsuite", 204)
    passes = [each for each in collector.named("pass") if bill in each.says["o2c.correlation_ids"]]
    assert passes[0].span in names["read invoice"].links
    stages = {each.span for each in collector.named("stage apply")}
    assert stages & {*names["write invoice"].links}


def test_a_tick_of_a_sensor_is_a_span_around_what_it_asks(way: Way):  # noqa: F811
    """How many runs it asked for is told, and Stripe's list of events is asked for within it."""
    way.world.invoice(500)
    defs = definitions(way.assembly)
    with collecting() as collector, traced(collector.url), dg.DagsterInstance.ephemeral() as instance:
        until(lambda: asked_for(defs, instance) == 1)
        tracing.flush()
        first, last = collector.named("tick stripe_events")[0], collector.named("tick stripe_events")[-1]
        lists = [each for each in collector.spans if each.name == "GET /v1/events"]
    assert (last.says["o2c.sensor"], last.says["o2c.runs"]) == ("stripe_events", 1)
    assert first.trace in {each.trace for each in lists}


def asked_for(defs: dg.Definitions, instance: dg.DagsterInstance) -> int:
    """How many runs the sensor on Stripe's events asks for now."""
    with dg.build_sensor_context(instance=instance, repository_def=defs.get_repository_def()) as context:
        return len(defs.resolve_sensor_def("stripe_events").evaluate_tick(context).run_requests or [])


def test_a_request_that_is_made_again_says_so(way: Way):  # noqa: F811
    """Each attempt is a span, with its status and how often it was made before."""
    fault = [{"system": "stripe", "kind": "server_error", "times": 1, "method": "GET"}]
    way.world.stripe("customers", name="Newcomer")
    way.delivered()
    with collecting() as collector, traced(collector.url):
        requests.post(f"{way.world.base_url}/_sandbox/faults", json=fault, timeout=10).raise_for_status()
        way.assembly.stripe.page("/v1/invoices")
        tracing.flush()
        first, second = collector.named("GET /v1/invoices")
    assert (first.failed, first.says["error.type"], first.says.get("http.request.resend_count")) == (True, "500", None)
    assert (second.failed, second.says["http.request.resend_count"]) == (False, 1)


def test_what_is_not_signed_is_told_by_its_outcome_alone(engine):
    """Of bytes that nobody vouches for nothing is told but that they came."""
    receiver = Receiver(parse_secrets(NEW), lambda: engine, livemode=False)
    with collecting() as collector, traced(collector.url), serving(receiver) as url:
        assert post(url, event("evt_forged"), "whsec_guess").status_code == 400
        assert post(url, event("evt_fine")).status_code == 200
        tracing.flush()
        spans = {each.says["o2c.outcome"]: each.says for each in collector.named("webhook")}
    assert spans["bad_signature"] == {"o2c.outcome": "bad_signature", "http.response.status_code": 400}
    assert spans["taken"]["o2c.event_id"] == "evt_fine"
    assert "evt_forged" not in str(collector.bodies)


def test_pages_are_told_by_their_route_alone(engine: Engine):
    """Status and where it was read; whom somebody looked for stands in no span. Who asks how it is makes none."""
    with collecting() as collector, traced(collector.url, "o2c-pages"), serving(Pages(lambda: engine)) as url:
        for path in ("/o2c/gaps", "/o2c/trace/in_of_jane", "/metrics", "/healthz", "/jane"):
            requests.get(url + path, timeout=20)
        tracing.flush()
    assert {each.name: each.says for each in collector.spans} == {
        "page /o2c/gaps": {"http.route": "/o2c/gaps", "http.response.status_code": 200, "o2c.source": "database"},
        "page /o2c/trace/{key}": {
            **{"http.route": "/o2c/trace/{key}", "http.response.status_code": 404, "o2c.source": "database"}
        },
    }
    assert "jane" not in str(collector.bodies)


def test_the_process_of_pages_names_itself(new_database: NewDatabase, tmp_path: Path):
    """With the collector of its environment; told to stop, it sends what it has."""
    port = free_port()
    with collecting() as collector, new_database() as url:
        open_database(url).dispose()
        told = {"O2C_DATABASE_URL": url, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "o2c_orchestration.cli", "pages", "--port", str(port)]
        with subprocess.Popen(command, env={"PATH": os.environ["PATH"], **told}, cwd=tmp_path) as process:
            try:
                until(lambda: answers(f"http://127.0.0.1:{port}/o2c/gaps"))
            finally:
                process.terminate()
    assert process.returncode == 0
    assert {(each.service, each.name) for each in collector.spans} == {("o2c-pages", "page /o2c/gaps")}


def answers(url: str) -> bool:
    """Whether there is a page."""
    with suppress(requests.ConnectionError):
        return requests.get(url, timeout=20).status_code == 200
    return False


@pytest.mark.parametrize("how", ["nobody", "deaf", "refuses"])
def test_a_collector_that_is_away_changes_nothing(engine, how: str):
    """Webhooks are answered as fast as ever, the log says it once, and the process ends within its patience."""
    receiver = Receiver(parse_secrets(NEW), lambda: engine, livemode=False)
    with collecting(status=503) as refusing, deaf() as mute:
        url = {"nobody": "http://127.0.0.1:9", "deaf": mute, "refuses": refusing.url}[how]
        with capture_logs() as logs, serving(receiver) as base:
            with traced(url):
                assert post(base, event("evt_0")).status_code == 200
                tracing.flush(0.2)
                began = time.monotonic()
                assert [post(base, event(f"evt_{number}")).status_code for number in range(1, 30)] == [200] * 29
                assert time.monotonic() - began < 5
                ending = time.monotonic()
            assert time.monotonic() - ending < tracing.PATIENCE_SECONDS + 1
    told = [each for each in logs if "collector of traces" in each["event"]]
    assert len([each for each in told if "takes no spans" in each["event"]]) <= 1
    assert [each["spans"] for each in told if "were dropped" in each["event"]] == [30]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_collector_that_points_elsewhere_is_not_followed(status: int):
    """Nothing reaches the other host, neither spans nor the key; the log says that none were taken.

    Nor does it where somebody asks the session to follow, as other versions of the SDK do.
    """
    with ExitStack() as stack:
        other = stack.enter_context(collecting())
        elsewhere = f"{other.url.replace('127.0.0.1', 'localhost')}/v1/traces"
        first = stack.enter_context(collecting(status=status, elsewhere=elsewhere))
        logs = stack.enter_context(capture_logs())
        with traced(first.url), tracing.span("work"):
            pass
        with pytest.raises(requests.TooManyRedirects):
            _Straight().post(f"{first.url}/v1/traces", data=b"spans", headers={"api-key": "k"}, timeout=10)
    assert (other.bodies, other.headers) == ([], [])
    told = [each["event"] for each in logs if "collector of traces" in each["event"]]
    assert len(told) == 2, told
    assert [each["spans"] for each in logs if "were dropped" in each["event"]] == [1]


def test_a_run_is_told_by_its_own_process_and_shows_no_secret(world: World, tmp_path: Path):
    """`o2c run` on a bad day: stages with their days, requests, documents; neither keys nor tokens nor cards."""
    days = 2
    world.load_company(sound_company(days=days))
    first = (today() - timedelta(days=days)).isoformat()
    variables = world.environment(apply={"resolve_after_seconds": 0.1, "patience_seconds": 2})
    with collecting() as collector, command_line(tmp_path / "terminal") as run:
        bad_day(world)
        headers = {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=the-collectors"}
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=x"}
        run("run", "--from", first, **variables, **headers, **told)
        wrong = {**variables, "STRIPE_API_KEY": variables["STRIPE_API_KEY"] + "x"}
        assert run("run", "--from", first, **wrong, **told).code == 2
    check_run(collector, first)
    text = b"\n".join(collector.bodies).decode(errors="replace")
    hidden = {**secrets(world, variables), "wrong key": wrong["STRIPE_API_KEY"], "collector": "the-collectors"}
    assert {each["api-key"] for each in collector.headers if "api-key" in each} == {"the-collectors"}
    assert [what for what, value in hidden.items() if value in text] == []
    assert [word for word in (*PERSONAL, "@example", "Inc") if word in text] == []


def check_run(collector: Collector, first: str) -> None:
    """What the spans of a run say."""
    assert {each.service for each in collector.spans} == {"o2c-cli"}
    extracted = collector.named("stage extract")
    assert {each.says["o2c.first_day"] for each in extracted} == {first}
    assert sum(each.says["o2c.rows"] for each in extracted) > 0
    assert len({each.says["o2c.run_id"] for each in extracted}) == 1
    lists = [each for each in collector.spans if each.name == "GET /v1/invoices" and not each.failed]
    assert {each.parent for each in lists} <= {each.span for each in collector.spans}
    outcomes = {each.says["o2c.outcome"] for each in collector.spans if each.name.startswith("write ")}
    assert "done" in outcomes
    assert {"unknown", "not_written"} & outcomes, "a lost answer is seen as one"


def test_a_process_ends_in_time_and_quietly_whoever_listens(tmp_path: Path):
    """At the end of the interpreter no thread can be started any more, and a collector may never answer."""
    script = (
        "from o2c_orchestration import tracing\n"
        "tracing.start(tracing.Collector('{}/v1/traces', trust_environment=False))\n"
        "with tracing.span('last words'): pass\n"
    )
    with collecting() as collector, deaf() as mute:
        began = time.monotonic()
        for url in (collector.url, mute):
            subprocess.run([sys.executable, "-c", script.format(url)], check=True, timeout=20, cwd=tmp_path)
        assert time.monotonic() - began < 12
    assert [each.name for each in collector.spans] == ["last words"]
