"""Each process of the deployment refuses a database of another machine that it would ask without TLS."""

import importlib.util
import time
from pathlib import Path
from traceback import format_exception

import pytest

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.store.database import postgresql
from o2c_orchestration.store.lines import patient_text
from o2c_orchestration.store.plaintext import unencrypted_hosts
from o2c_orchestration_tests.e2e.compose import OURS, ROOT, Machine, services

# Of a network that is in no use (RFC 5737): whoever asked it would wait for long.
ELSEWHERE = "postgresql://o2c:canary-of-the-database@192.0.2.1/o2c"


def _machine(home: Path, settings: str, **variables: str) -> Machine:
    dagster = home / "dagster"
    dagster.mkdir()
    (dagster / "dagster.yaml").write_bytes((ROOT / settings).read_bytes())
    (home / "o2c.yaml").write_text("{}\n")
    secrets = home / "o2c.env"
    secrets.write_text("STRIPE_WEBHOOK_SECRETS=whsec_x\n")
    return Machine(
        home,
        {
            "O2C_DATABASE_URL": ELSEWHERE,
            "O2C_ENV_FILE": str(secrets),
            "O2C_MODE": "observe",
            "O2C_HOME": str(home),
            "O2C_CONFIG": str(home / "o2c.yaml"),
            "DAGSTER_HOME": str(dagster),
            **variables,
        },
    )


def _refuses(machine: Machine, name: str, told: str) -> None:
    log, ends = machine.home / f"{name}.log", time.monotonic() + 90
    machine.start(name)
    try:
        while told not in log.read_text():
            assert time.monotonic() < ends, machine.said(name)
            time.sleep(0.2)
        # Dagster's code server stays, with this for an answer to whoever asks what it has.
        assert name == "code" or machine.running[name].wait(30) != 0
    finally:
        machine.kill(name)
    assert "canary" not in log.read_text()


@pytest.mark.parametrize("name", OURS)
def test_a_service_does_not_start_without_tls(tmp_path: Path, name: str):
    """It says what to write, shows no password, and asks nobody."""
    _refuses(_machine(tmp_path, "dagster.yaml"), name, "O2C_DATABASE_URL names 192.0.2.1, another machine, without TLS")


@pytest.mark.parametrize("name", ["receiver", "webserver"])
def test_a_password_that_breaks_its_address_stands_nowhere(tmp_path: Path, name: str):
    """With `@` and `:` as they are, a part of it would be a port: what is said names the variable alone."""
    broken = _machine(tmp_path, "dagster.yaml", O2C_DATABASE_URL="postgresql://o2c:a@of:canary/b@192.0.2.1/o2c")
    _refuses(broken, name, "O2C_DATABASE_URL is not a database URL")


@pytest.mark.parametrize("address", ["postgresql://o2c:a@of:canary/b@db/o2c", "canary"])
def test_whoever_reads_an_address_says_as_little(address: str):
    """For the database, for a replica, and for Dagster's own storage; the chain of causes has no more."""
    for read in (postgresql, patient_text):
        with pytest.raises(SettingsError, match=r"^O2C_REPLICA_URL is not a database URL") as caught:
            read(address, "O2C_REPLICA_URL")
        assert "canary" not in "".join(format_exception(caught.value))
    assert not list(unencrypted_hosts(address))


@pytest.mark.skipif(importlib.util.find_spec("dagster_celery") is None, reason="the extra celery is not installed")
def test_a_worker_does_not_ask_a_redis_without_tls(tmp_path: Path, database_url: str):
    """The address is looked at where the launcher is made, in all that start or do runs."""
    redis = "redis://:canary-of-redis@192.0.2.1:6379/0"
    variables = {"O2C_DATABASE_URL": database_url, "O2C_REDIS_URL": redis}
    machine = _machine(tmp_path, "deploy/dagster.celery.yaml", **variables)
    _refuses(machine, "worker", "O2C_REDIS_URL names 192.0.2.1, another machine, without TLS")


def test_compose_names_its_own_two_and_no_other():
    """Both are reached over a network that leads nowhere else."""
    (named,) = {services()[name]["environment"]["O2C_PLAINTEXT_HOSTS"] for name in OURS}
    assert named == "${O2C_PLAINTEXT_HOSTS:-postgres,redis}"
    assert {tuple(services()[name]["networks"]) for name in ("postgres", "redis")} == {("inside",)}
