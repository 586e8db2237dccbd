"""`o2c demo` and `o2c sandbox`: the demo company on the local sandbox, with Dagster beside it.

State lies under O2C_HOME/demo, so that a second run picks up where the first left off.
"""

import json
import logging
import os
import random
import secrets
import shlex
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import requests
import yaml

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console.alerts import show_told
from o2c_orchestration.console.launch import dagster_instance, run_range
from o2c_orchestration.console.processes import Child, free_port, start, stop_all
from o2c_orchestration.console.progress import stage_progress
from o2c_orchestration.console.tables import GAPS_SHOWN_MAX, console, show, show_agreement, show_gaps
from o2c_orchestration.domain.errors import O2CError, SettingsError
from o2c_orchestration.domain.policy import Mode
from o2c_orchestration.reconcile import reconcile_and_tie
from o2c_orchestration.sandbox.company import build, live, sell
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import serve
from o2c_orchestration.settings import Environment, load_settings
from o2c_orchestration.signals import stop_hearing
from o2c_orchestration.store import inbox, journal
from o2c_orchestration.store.database import stop_embedded
from o2c_orchestration.store.gap_sums import open_gaps
from o2c_orchestration.store.written import counts_by_document
from o2c_orchestration.web.pages import GAPS

DAYS = 30
_LIVE_SECONDS = (20, 40)
_COMPANY = "company.json"
_ENVIRONMENT = "env"
_FOLLOW_SECONDS = 90
_MAILBOX = "/_sandbox/mailbox"


@dataclass(frozen=True)
class Ports:
    """Where the parts of the demo listen; the next free one is taken if one of these is not."""

    dagster: int = 3000
    sandbox: int = 8940
    receiver: int = 8950
    pages: int = 8960


def serve_sandbox(state_dir: Path, host: str, port: int, *, company: bool, events_port: int | None = None) -> None:
    """Serve the sandbox until SIGINT or SIGTERM, with the demo company loaded into an empty one."""
    config = replace(SandboxConfig.demo(state_dir), salesforce_events_port=events_port)

    def ready(base_url: str) -> None:
        console.print(f"Sandbox on {base_url}: Stripe, NetSuite and Salesforce. Point o2c at it with:")
        for name, value in config.client_environment(base_url).items():
            console.print(f"  export {name}={value}", markup=False, soft_wrap=True)
        if company:
            threading.Thread(target=load_company, args=(state_dir, base_url), daemon=True).start()

    try:
        serve(state_dir, host, port, config=config, on_ready=ready)
    except OSError as error:
        raise SettingsError(f"port {port} cannot be used ({error.strerror})", "give another one with --port") from None


def load_company(state_dir: Path, base_url: str) -> None:
    """Load the demo company once; what it must come to (the truth) is kept beside it as JSON."""
    marker = state_dir / _COMPANY
    if marker.exists():
        return
    today = datetime.now(UTC).date()
    made = build(today=today, days=DAYS)
    deals = sell(made, today=today, days=DAYS)
    systems = {
        "stripe": deals.stripe_objects(made),
        "netsuite": [*made.netsuite, *deals.netsuite],
        "salesforce": deals.salesforce,
    }
    truth = {"truth": made.truth, "deals": deals.truth, "won": deals.won, "matches": deals.matches}
    _post(base_url, "/_sandbox/load", systems, marker, {"today": today.isoformat(), **truth})
    for name in made.closed_periods:
        requests.post(f"{base_url}/_sandbox/netsuite/periods", json={"name": name, "closed": True}, timeout=30)


def _post(base_url: str, path: str, body: object, marker: Path, noted: dict[str, object]) -> None:
    answer = requests.post(base_url + path, json=body, timeout=120)
    if answer.status_code >= 400:
        raise O2CError(f"the demo company could not be loaded: {answer.text[:300]}", "remove the sandbox's state")
    marker.write_text(json.dumps({**noted, "keys": answer.json().get("netsuite", {})}))


def run_demo(*, once: bool, reset: bool, ports: Ports) -> None:
    """Set up, backfill, show; then stay up with sensors, schedules and live activity until Ctrl-C."""
    home = Environment().home.absolute() / "demo"
    if reset:
        shutil.rmtree(home, ignore_errors=True)
    # Both, whatever the parent shell has set: a background job starts with Ctrl-C ignored.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    began = time.monotonic()
    try:
        with _running(home, ports) as (assembly, links):
            _backfill(assembly)
            _await_followers(assembly)
            _summary(assembly, links, time.monotonic() - began)
            if not once:
                console.print("Sensors and schedules are running, and new invoices are made now and then. Ctrl-C ends.")
                _stay(links["sandbox"])
    except KeyboardInterrupt:
        console.print("Stopped. Nothing is lost: the next `make demo` goes on from here.")


def _interrupt(signum: int, frame: object) -> None:
    # An interrupt inside the pool is logged by it with a traceback, which tells a person nothing.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    raise KeyboardInterrupt


@contextmanager
def _running(home: Path, ports: Ports) -> Iterator[tuple[Assembly, dict[str, str]]]:
    """Everything that the demo needs; nothing of it runs any more afterwards."""
    children: list[Child] = []
    try:
        base_url = _start_sandbox(home, ports.sandbox, children)
        port = free_port(ports.dagster, "Dagster UI", "--port")
        ui, pages = f"http://127.0.0.1:{port}", free_port(ports.pages, "pages of gaps", "--pages-port")
        assembly = _demo_assembly(home, base_url, ui, f"http://127.0.0.1:{pages}")
        _start_dagster(assembly, port, children)
        start(children, "pages", ["pages", "--port", str(pages)], {}, assembly.settings.home)
        secret = "whsec_" + secrets.token_hex(16)
        webhooks = _start_receiver(assembly, base_url, ports.receiver, secret, children)
        _keep_environment(assembly, base_url, secret)
        links = {"Dagster": ui, "assets": f"{ui}/asset-groups", "gaps": f"http://127.0.0.1:{pages}{GAPS}"}
        yield assembly, {**links, "webhooks": webhooks, "sandbox": base_url}
    finally:
        stop_hearing()
        stop_all(children)
        stop_embedded(home)


def _start_sandbox(home: Path, wanted: int, children: list[Child]) -> str:
    port = free_port(wanted, "sandbox", "--sandbox-port")
    state = home / "sandbox"
    config = SandboxConfig.demo(state)
    base_url = f"http://127.0.0.1:{port}"
    environment = {"O2C_HOME": str(home)}
    sandbox = start(children, "sandbox", ["sandbox", "--port", str(port), "--no-company"], environment, home)
    sandbox.wait_for(f"{base_url}/_sandbox/stats", 120)
    load_company(state, base_url)
    os.environ.update(config.client_environment(base_url))
    return base_url


def _demo_assembly(home: Path, base_url: str, ui: str, pages: str) -> Assembly:
    """Settings of the demo: its own home and policy, sync unless O2C_MODE says observe."""
    policy = home / "o2c.yaml"
    made = date.fromisoformat(json.loads((home / "sandbox" / _COMPANY).read_text())["today"])
    books = {"start": made - timedelta(days=2 * DAYS)}
    # The sandbox carries nothing out late, so nobody has to wait out NetSuite's own limit after a Ctrl-C.
    apply = {"certain_after_seconds": 5}
    deals = {"recurring": "subscription", "one_off": "invoice", "price_differs": "inline", "fractions": "one"}
    # Mistakes are told at once. No digest: it would come in the middle of the backfill.
    alerts = {"grace_minutes": 0, "dagster_url": ui, "pages_url": pages, "digest_hour": None}
    own = {"books": books, "stripe": {"requests_per_second": 80}, "apply": apply, "deals": deals, "alerts": alerts}
    policy.write_text(yaml.safe_dump(own))
    mode = (Environment().mode or Mode.SYNC).value
    os.environ.update({"O2C_HOME": str(home), "O2C_CONFIG": str(policy), "O2C_MODE": mode})
    # Whatever the shell has set: nobody's real channel hears of the mistakes of a demo.
    os.environ["O2C_ALERT_CHANNELS"] = _mailbox(base_url)
    os.environ.pop("O2C_DATABASE_URL", None)
    return Assembly(load_settings())


def _mailbox(base_url: str) -> str:
    return json.dumps({"mailbox": f"json://{urlsplit(base_url).netloc}{_MAILBOX}"})


def _start_dagster(assembly: Assembly, port: int, children: list[Child]) -> None:
    now = datetime.now(UTC)
    if inbox.read_cursor(assembly.engine, "stripe_events") is None:
        # The backfill reads everything; the sensor has to look only at what happens from now on.
        inbox.write_cursor(assembly.engine, "stripe_events", now.isoformat())
    with dagster_instance(assembly):
        pass  # its storage and pools are there before several processes want them
    start(children, "dagster", ["--dagster-dev", str(port)], {}, assembly.settings.home)


def _keep_environment(assembly: Assembly, base_url: str, secret: str) -> None:
    """The demo's settings as a file that O2C_ENV_FILE may name: other terminals look at the same company with it."""
    home = assembly.settings.home
    own = {"O2C_HOME": str(home), "O2C_CONFIG": str(home / "o2c.yaml"), "O2C_MODE": assembly.policy.mode.value}
    keys = SandboxConfig.demo(home / "sandbox").client_environment(base_url)
    values = {**keys, **own, "O2C_ALERT_CHANNELS": _mailbox(base_url), "STRIPE_WEBHOOK_SECRETS": secret}
    file = home / _ENVIRONMENT
    file.touch(mode=0o600)
    quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in values.items()}
    file.write_text("".join(f"{name}='{value}'\n" for name, value in sorted(quoted.items())))


def _start_receiver(assembly: Assembly, base_url: str, wanted: int, secret: str, children: list[Child]) -> str:
    """The receiver, and the sandbox told to deliver its events there and nowhere else."""
    port = free_port(wanted, "webhook receiver", "--receiver-port")
    environment = {"STRIPE_WEBHOOK_SECRETS": secret}
    start(children, "receiver", ["receiver", "--port", str(port)], environment, assembly.settings.home)
    url = f"http://127.0.0.1:{port}/webhooks/stripe"
    _deliver_to(base_url, url, secret)
    return url


def _deliver_to(base_url: str, url: str, secret: str) -> None:
    headers = {"Authorization": f"Bearer {SandboxConfig().stripe_secret_key}"}
    endpoints = f"{base_url}/v1/webhook_endpoints"
    for each in requests.get(endpoints, headers=headers, timeout=30).json()["data"]:
        if each["url"] != url:
            requests.delete(f"{endpoints}/{each['id']}", headers=headers, timeout=30)
    forward = {"url": url, "secret": secret}
    requests.post(f"{base_url}/_sandbox/stripe/webhook_endpoints", json=forward, timeout=30).raise_for_status()


def _backfill(assembly: Assembly) -> None:
    today = datetime.now(UTC).date()
    first = today - timedelta(days=DAYS)
    console.print(f"Backfilling {first} to {today} in one run, mode {assembly.policy.mode.value}.")
    with dagster_instance(assembly) as instance, stage_progress(assembly):
        run_range(assembly, instance, first, today)


def _await_followers(assembly: Assembly) -> None:
    """Deals have made invoices in Stripe, which come back as events: the tables are shown when their documents are."""
    deadline = time.monotonic() + _FOLLOW_SECONDS
    while assembly.policy.mode is Mode.SYNC and time.monotonic() < deadline:
        # Events of the last requests are on their way for a moment.
        time.sleep(2)
        under_way = {"intent", "sent"} & journal.counts(assembly.engine).keys()
        if not under_way and inbox.backlog(assembly.engine).objects == 0:
            return


def _summary(assembly: Assembly, links: dict[str, str], seconds: float) -> None:
    counts = counts_by_document(assembly.engine)
    show("Written to NetSuite and Stripe (all runs so far)", counts, right=["written", "adopted", "refused", "waiting"])
    # New invoices are followed already: what one left half compared is compared first.
    show_agreement(reconcile_and_tie(assembly.engine, assembly.policy)[1])
    show_gaps(open_gaps(assembly.engine, GAPS_SHOWN_MAX))
    show_told(assembly, f"{links['sandbox']}{_MAILBOX}.html")
    console.print(f"\n{seconds:.0f} s from start to here.")
    if assembly.policy.mode is Mode.SYNC:
        console.print(
            "See the same company before anything is written: O2C_MODE=observe make demo ARGS=--reset", markup=False
        )
    for name, url in links.items():
        console.print(f"  {name:<8} {url}", markup=False)
    file = assembly.settings.home / _ENVIRONMENT
    here = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    export = f"export O2C_ENV_FILE={shlex.quote(str(here))}"
    console.print(f"Commands in another terminal: {export}, then o2c gaps, o2c plan, …", markup=False, soft_wrap=True)


def _stay(base_url: str) -> None:
    """Make new activity in Stripe every half minute or so, as a company's customers do."""
    rng = random.Random()
    while True:
        time.sleep(rng.uniform(*_LIVE_SECONDS))
        try:
            _act(base_url, rng)
        except requests.RequestException as error:
            console.print(f"live activity paused: {type(error).__name__}")


def _act(base_url: str, rng: random.Random) -> None:
    """One customer's doings: each call may need an id that an earlier answer brought."""
    headers = {"Authorization": f"Bearer {SandboxConfig().stripe_secret_key}"}
    listed = requests.get(f"{base_url}/v1/customers?limit=100", headers=headers, timeout=30).json()["data"]
    ids: dict[str, str] = {}
    for call in live.next_activity(rng, datetime.now(UTC), listed):
        path, params = live.fill(call, ids)
        answer = requests.post(base_url + path, data=params, headers=headers, timeout=30)
        if answer.status_code >= 400:
            return
        body = answer.json()
        ids.setdefault("{" + str(body.get("object")) + "}", str(body.get("id")))
