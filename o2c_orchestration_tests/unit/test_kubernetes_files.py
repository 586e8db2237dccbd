"""deploy/kubernetes says the same as docker-compose.yml and dagster.yaml, and lets a pod do no more."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from o2c_orchestration.transport import PlaintextHosts
from o2c_orchestration.web.receiver import PATH
from o2c_orchestration_tests.e2e.compose import ROOT, services

FILES = ROOT / "deploy" / "kubernetes"
VALUES: dict[str, Any] = yaml.safe_load((FILES / "values.yaml").read_text())
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((FILES / "receiver.yaml").read_text()))
INSTANCE: dict[str, Any] = yaml.safe_load((ROOT / "dagster.yaml").read_text())
(CODE,) = VALUES["dagster-user-deployments"]["deployments"]
DAEMON, WEBSERVER = VALUES["dagsterDaemon"], VALUES["dagsterWebserver"]
LAUNCHER = VALUES["runLauncher"]["config"]["k8sRunLauncher"]
# What the chart says itself, or what is another way of saying the same in a pod: see the comments in values.yaml.
# Warm workers are of Compose; pods start runs of their own.
# Nothing there is asked without TLS.
ONLY_COMPOSE = {
    *("PGPASSFILE", "O2C_CODE_HOST", "O2C_CODE_PORT", "O2C_REDIS_URL", "O2C_REDIS_PASSWORD_FILE"),
    "O2C_PLAINTEXT_HOSTS",
}
ONLY_PODS = {"PGPASSWORD", "O2C_HOME"}
_LOGIN = {"O2C_DATABASE_URL", "PGPASSWORD"}
_KINDS = {"Job": "migrate", "Deployment": "receiver"}


def manifest(kind: str) -> dict[str, Any]:
    return next(each for each in MANIFESTS if each["kind"] == kind)


def pod(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = manifest(kind)["spec"]["template"]["spec"]
    return found


def container(kind: str) -> dict[str, Any]:
    (only,) = pod(kind)["containers"]
    found: dict[str, Any] = only
    return found


def contexts() -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """What each pod, and the container in it, may do: ours, and those that the chart makes of the values."""
    ours = {name: (pod(kind)["securityContext"], container(kind)["securityContext"]) for kind, name in _KINDS.items()}
    parts = {"code": CODE, "webserver": WEBSERVER, "daemon": DAEMON}
    chart = {name: (part["podSecurityContext"], part["securityContext"]) for name, part in parts.items()}
    run = (LAUNCHER["runK8sConfig"]["podSpecConfig"]["securityContext"], LAUNCHER["securityContext"])
    return {**ours, **chart, "run": run}


def variables() -> Iterator[dict[str, Any]]:
    for part in (CODE, WEBSERVER, DAEMON, container("Job"), container("Deployment")):
        yield from part["env"]


def words(value: object) -> Iterator[tuple[str, object]]:
    """Every key with its value, at whatever depth."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield str(key), inner
        yield from words(inner)


def test_the_code_server_is_that_of_compose():
    """The chart says `dagster code-server start -h 0.0.0.0 -p PORT` and then our words."""
    start = ["dagster", "code-server", "start", "-h", "0.0.0.0", "-p", str(CODE["port"])]
    assert [*start, *CODE["codeServerArgs"]] == services()["code"]["command"]


@pytest.mark.parametrize(("kind", "name"), sorted(_KINDS.items()))
def test_our_own_pods_run_the_commands_of_compose(kind: str, name: str):
    """The migration and the receiver, with the image of the code server."""
    assert container(kind)["command"] == services()[name]["command"]
    assert container(kind)["image"] == f"{CODE['image']['repository']}:{CODE['image']['tag']}"


@pytest.mark.parametrize("env", [CODE["env"], container("Job")["env"], container("Deployment")["env"]])
def test_the_environment_is_that_of_compose(env: list[dict[str, Any]]):
    """By name; and it is the same in every pod of ours."""
    told = {each["name"] for each in env}
    assert told - ONLY_PODS == services()["code"]["environment"].keys() - ONLY_COMPOSE
    # The database is everybody's own login.
    ours = [each for each in env if each["name"] not in _LOGIN]
    assert ours == [each for each in CODE["env"] if each["name"] not in _LOGIN]


@pytest.mark.parametrize(
    ("env", "service", "secret", "key"),
    [
        (container("Job")["env"], "migrate", "o2c-database", "postgres_password"),
        (container("Deployment")["env"], "receiver", "dagster-postgresql-secret", "postgresql-password"),
        (CODE["env"], "code", "dagster-postgresql-secret", "postgresql-password"),
    ],
)
def test_a_pod_logs_in_as_its_service_does(env: list[dict[str, Any]], service: str, secret: str, key: str):
    """Only the migration as the owner; Dagster's own pods as those of ours that work."""
    told = {each["name"]: each for each in env}
    login = urlsplit(services()[service]["environment"]["O2C_DATABASE_URL"]).username
    assert urlsplit(told["O2C_DATABASE_URL"]["value"]).username == login
    assert told["PGPASSWORD"]["valueFrom"]["secretKeyRef"] == {"name": secret, "key": key}
    assert VALUES["postgresql"]["postgresqlUsername"] == "o2c_run"
    assert VALUES["global"]["postgresqlSecretName"] == "dagster-postgresql-secret"


def test_what_is_mounted_is_where_the_environment_says():
    """The file of keys and the policy, as with Compose; both also in the pods of runs, which take the code server's."""
    assert CODE["includeConfigInLaunchedRuns"] == {"enabled": True}
    for part, volumes in (
        (CODE, CODE["volumes"]),
        (container("Job"), pod("Job")["volumes"]),
        (container("Deployment"), pod("Deployment")["volumes"]),
    ):
        mounts = {each["name"]: each for each in part["volumeMounts"]}
        assert mounts.keys() == {each["name"] for each in volumes}
        file = next(each["value"] for each in part["env"] if each["name"] == "O2C_ENV_FILE")
        assert Path(file).parent == Path(mounts["o2c-env"]["mountPath"])
        assert "subPath" not in mounts["o2c-env"], "a key that is changed would not arrive"
        assert f"./o2c.yaml:{mounts['o2c-policy']['mountPath']}:ro" in services()["code"]["volumes"]


def test_limits_pools_and_retries_are_those_of_dagsters_own_settings():
    """What keeps two steps from asking the same system at once, and a hanging run from staying for ever."""
    concurrency = VALUES["concurrency"]
    assert concurrency["enabled"] is True
    assert concurrency["runs"] == {"maxConcurrentRuns": INSTANCE["concurrency"]["runs"]["max_concurrent_runs"]}
    pools = INSTANCE["concurrency"]["pools"]
    assert concurrency["pools"] == {"defaultLimit": pools["default_limit"], "granularity": pools["granularity"]}
    coordinator, queue = DAEMON["runCoordinator"], INSTANCE["run_coordinator"]
    assert coordinator["type"] == queue["class"]
    # Said in both places, the chart refuses them.
    interval = queue["config"]["dequeue_interval_seconds"]
    assert coordinator["config"]["queuedRunCoordinator"] == {"dequeueIntervalSeconds": interval}
    retries = INSTANCE["run_retries"]
    assert DAEMON["runRetries"] == {
        "enabled": retries["enabled"],
        "maxRetries": retries["max_retries"],
        "retryOnAssetOrOpFailure": retries["retry_on_asset_or_op_failure"],
    }


def test_runs_are_watched_as_dagsters_own_settings_say():
    """But for the time a pod may take to start."""
    watched, told = INSTANCE["run_monitoring"], DAEMON["runMonitoring"]
    assert told["enabled"] is watched["enabled"] is True
    assert told["maxRuntimeSeconds"] == watched["max_runtime_seconds"]
    assert told["pollIntervalSeconds"] == watched["poll_interval_seconds"]
    assert told["startTimeoutSeconds"] >= watched["start_timeout_seconds"]
    sensors = INSTANCE["sensors"]
    assert DAEMON["sensors"] == {"useThreads": sensors["use_threads"], "numWorkers": sensors["num_workers"]}
    kept, given = INSTANCE["retention"], VALUES["retention"]
    assert {name: given[name]["purgeAfterDays"] for name in kept} == {
        name: each["purge_after_days"] for name, each in kept.items()
    }
    assert VALUES["telemetry"] == INSTANCE["telemetry"]
    assert VALUES["additionalInstanceConfig"]["nux"] == INSTANCE["nux"]


def test_every_setting_of_dagster_has_a_place_here():
    """A section that dagster.yaml gets one day is missed here until somebody says what becomes of it."""
    here = {
        "concurrency",
        "run_coordinator",
        "run_retries",
        "run_monitoring",
        "sensors",
        "telemetry",
        "nux",
        "retention",
    }
    assert INSTANCE.keys() == here | {"storage"}
    assert VALUES["postgresql"]["enabled"] is False


@pytest.mark.parametrize("name", sorted(contexts()))
def test_a_pod_may_do_little(name: str):
    """The image's user, a root file system that nobody may write, no capabilities, no way to more."""
    whole, inner = contexts()[name]
    user = services()["code"]["user"].split(":")
    assert [str(whole["runAsUser"]), str(whole["runAsGroup"])] == user
    assert str(whole["fsGroup"]) == user[1], "the files of secrets could not be read"
    assert whole["runAsNonRoot"] is True
    assert whole["seccompProfile"] == {"type": "RuntimeDefault"}
    assert inner["readOnlyRootFilesystem"] is True
    assert inner["allowPrivilegeEscalation"] is False
    assert inner["capabilities"] == {"drop": ["ALL"]}


def test_every_container_is_bounded():
    """Also those that wait for others to start."""
    parts = [CODE, WEBSERVER, DAEMON, LAUNCHER, *(container(kind) for kind in _KINDS)]
    bounds = [part["resources"] for part in parts]
    bounds += [part["initContainerResources"] for part in (WEBSERVER, DAEMON)]
    for each in bounds:
        assert each["limits"].keys() == each["requests"].keys() == {"cpu", "memory"}
    # The chart lets those of the code server win over the launcher's, in every run.
    assert LAUNCHER["resources"] == CODE["resources"]


def test_what_stays_is_asked_how_it_is():
    """With the questions of Compose's health checks."""
    assert DAEMON["livenessProbe"]["exec"]["command"] == services()["daemon"]["healthcheck"]["test"][1:]
    for probe in ("readinessProbe", "livenessProbe"):
        asked = WEBSERVER[probe]["httpGet"]
        assert f"127.0.0.1:{asked['port']}{asked['path']}'" in services()["webserver"]["healthcheck"]["test"][-1]
        # Without a command of ours the chart asks what Compose asks of the code server.
        assert "exec" not in CODE[probe]
    assert WEBSERVER["service"]["port"] == 3000
    healthy = container("Deployment")["livenessProbe"]["httpGet"]["path"]
    (port,) = container("Deployment")["ports"]
    assert f":{port['containerPort']}{healthy}'" in services()["receiver"]["healthcheck"]["test"][-1]
    assert container("Deployment")["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert PATH in (FILES / "receiver.yaml").read_text()


def test_the_service_finds_the_receiver():
    """Names and labels that do not match would leave Stripe without an answer, and the policy without a pod."""
    labels = manifest("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert manifest("Deployment")["spec"]["selector"]["matchLabels"] == labels
    assert manifest("Service")["spec"]["selector"] == labels
    assert manifest("NetworkPolicy")["spec"]["podSelector"]["matchLabels"] == labels
    assert {each["kind"] for each in MANIFESTS} == {"Job", "Deployment", "Service", "NetworkPolicy"}


def test_the_database_is_asked_under_tls():
    """By our pods, and by Dagster's own: nobody there looks at the address."""
    assert VALUES["postgresql"]["postgresqlParams"]["sslmode"] in ("require", "verify-ca", "verify-full")
    addresses = [each["value"] for each in variables() if each["name"] == "O2C_DATABASE_URL"]
    assert len(addresses) == 3
    hosts = PlaintextHosts("")
    for each in addresses:
        hosts.check_database(each, "O2C_DATABASE_URL")


def test_no_secret_stands_in_the_files():
    """Passwords come from a secret by name, keys from a file in another; addresses hold none."""
    for each in variables():
        if any(word in each["name"] for word in ("PASSWORD", "SECRET", "TOKEN", "_KEY")):
            assert each["valueFrom"]["secretKeyRef"].keys() == {"name", "key"}
        else:
            assert urlsplit(each["value"]).password is None
            assert not each["name"].startswith(("STRIPE_", "NETSUITE_", "SALESFORCE_"))
    told = [(key, value) for part in (VALUES, MANIFESTS) for key, value in words(part)]
    assert not [value for key, value in told if "password" in key.lower() and isinstance(value, str) and value]
    assert VALUES["generatePostgresqlPasswordSecret"] is False
    wanted = {value for key, value in told if key == "secretName"}
    assert wanted == {"o2c-env", "o2c-database"}, "each is made by hand: docs/deploy.md says how"
    assert VALUES["global"]["postgresqlSecretName"] == "dagster-postgresql-secret"
