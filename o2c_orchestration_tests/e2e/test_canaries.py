"""Nothing secret, and no card, leaves a trace: a whole run on a bad day, then everything it left is searched."""

import json
import re
import socket
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import requests

from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, sound_company, today
from o2c_orchestration_tests.e2e.compose import free_port
from o2c_orchestration_tests.e2e.documented import program
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.forked import Forked, plain_environment

DAYS = 4
_SECRET = re.compile(r"KEY|SECRET|TOKEN")
# A token as NetSuite gives it.
_BEARER = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}")
# What is handed in and is no key of a system: none of these words means anything to anybody.
_HOOK, _CHANNEL, _DATABASE = "c4naryOfTheReceiver", "c4naryOfTheChannel", "c4naryOfTheDatabase"
# What Stripe's objects hold and nobody needs here.
PERSONAL = ("4242", "exp_month", "fingerprint", "receipt_url", "hosted_invoice_url")


def secrets(world: World, variables: Mapping[str, str]) -> dict[str, str]:
    """Everything that must not be found, by what it is: what was handed in, and what the systems gave for it."""
    found = {name: value for name, value in variables.items() if _SECRET.search(name) and "/" not in value}
    key = Path(variables["NETSUITE_PRIVATE_KEY"]).read_text()
    found |= {f"line {number} of the private key": line for number, line in enumerate(key.splitlines()[1:-1])}
    with closing(sqlite3.connect(world.home / "sandbox" / "salesforce.sqlite")) as connection:
        tokens = [row[0] for row in connection.execute("SELECT token FROM x_session")]
    assert tokens
    return found | {f"session {number} of Salesforce": token for number, token in enumerate(tokens)}


def handed_in(world: World) -> dict[str, str]:
    """Variables with these canaries in them: a channel that is away, a database that asks for no password."""
    assert "postgres:@" in world.database_url
    return {
        "STRIPE_WEBHOOK_SECRETS": f"whsec_{_HOOK}",
        "O2C_ALERT_CHANNELS": json.dumps({"finance": f"json://127.0.0.1:1/{_CHANNEL}"}),
        "O2C_DATABASE_URL": world.database_url.replace("postgres:@", f"postgres:{_DATABASE}@"),
    }


def bad_webhooks(world: World, variables: Mapping[str, str]) -> None:
    """A receiver of its own hears what it cannot believe, signed by nobody, wrongly, or not readable; then it ends."""
    log, port = world.home / "receiver.log", free_port()
    process = Forked(["receiver", "--port", str(port)], plain_environment() | variables, log, log)
    try:
        ends = time.monotonic() + 60
        while not _listens(port):
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.1)
        for signature in ("", "t=1,v1=00", "t=x", f"t={time.time():.0f},v1={'0' * 64}"):
            answer = requests.post(
                f"http://127.0.0.1:{port}/webhooks/stripe",
                data=b"{",
                headers={"Stripe-Signature": signature},
                timeout=30,
            )
            assert answer.status_code == 400
    finally:
        process.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def bad_day(world: World) -> None:
    """Refusals, failures and lost answers of all three systems, each a reason to tell more than one should."""
    rules = [
        {"system": "stripe", "kind": "server_error", "times": 2},
        {"system": "stripe", "kind": "rate_limit", "times": 2},
        {"system": "netsuite", "method": "POST", "path_regex": "/record/v1/", "kind": "drop_after", "times": 2},
        {"system": "netsuite", "method": "POST", "path_regex": "/record/v1/", "kind": "server_error", "times": 2},
        {"system": "salesforce", "kind": "server_error", "times": 1},
    ]
    requests.post(f"{world.base_url}/_sandbox/faults", json=rules, timeout=10).raise_for_status()


def left_behind(world: World, run: CommandLine) -> str:
    """All that was said, logged and stored, Dagster's own tables with ours."""
    dump = subprocess.run([program("pg_dump"), world.database_url], capture_output=True, check=True).stdout
    logs = [path.read_text(errors="replace") for path in world.home.rglob("*.log")]
    compute = [path.read_text(errors="replace") for path in (world.home / "dagster").rglob("*") if path.is_file()]
    return "\n".join([dump.decode(errors="replace"), *logs, *compute, *run.said])


def test_no_secret_and_no_card_is_found_in_anything_that_a_run_leaves(world: World, tmp_path: Path) -> None:
    """Database, event log, logs, terminal: neither keys nor tokens, neither cards nor links to pages of customers."""
    world.load_company(sound_company(days=DAYS))
    seller = Seller(world.base_url, world.config)
    deal = seller.deal(seller.account("Acme Inc"), today().isoformat())
    seller.line(deal, seller.product("X", 9, price=None), 1, 9)
    policy = {"alerts": {"grace_minutes": 0}, "apply": {"resolve_after_seconds": 0.1, "patience_seconds": 2}}
    variables = {**world.environment(**policy), **handed_in(world)}
    first = (today() - timedelta(days=DAYS)).isoformat()
    run = CommandLine(tmp_path / "terminal")
    bad_day(world)
    run("run", "--from", first, **variables)
    wrong = {**variables, "STRIPE_API_KEY": variables["STRIPE_API_KEY"] + "x", "SALESFORCE_CLIENT_SECRET": "wr0ng"}
    assert run("run", "--from", first, **wrong).code == 2
    for command in ("check", "plan", "gaps", "dead-letters list", "backlog"):
        run(*command.split(), **variables)
        run(*command.split(), "--json", **wrong)
    assert "0 messages sent" in run("alerts", "send", **variables).out
    assert run("alerts", "test", **variables).code == 1
    for name, address in (
        ("O2C_ALERT_CHANNELS", json.dumps({"finance": f"nonsense://{_CHANNEL}"})),
        ("O2C_ALERT_CHANNELS", f"{{finance: {_CHANNEL}"),
        ("O2C_DATABASE_URL", f"postgresql://o2c:{_DATABASE}@127.0.0.1:1/o2c"),
        ("O2C_DATABASE_URL", f"mysql://o2c:{_DATABASE}@127.0.0.1:1/o2c"),
        ("O2C_DATABASE_URL", f"postgresql://o2c:{_DATABASE}@127.0.0.1:port/o2c"),
    ):
        command = ("alerts", "test") if "CHANNELS" in name else ("gaps",)
        assert run(*command, **{**variables, name: address}).code in (1, 2), address
    bad_webhooks(world, variables)
    told = left_behind(world, run)
    # What is searched is what there is: the journal, Dagster's event log, the terminal's words.
    assert [word for word in ("COPY o2c.journal", "COPY public.event_logs", "Preflight") if word not in told] == []
    hidden = {
        **secrets(world, variables),
        **{f"wrong {name}": wrong[name] for name in ("STRIPE_API_KEY",)},
        **{word: word for word in (_HOOK, _CHANNEL, _DATABASE)},
    }
    assert [what for what, value in hidden.items() if value in told] == []
    assert _BEARER.findall(told) == []
    assert [word for word in PERSONAL if f'"{word}' in told or f"{word}=" in told] == []
