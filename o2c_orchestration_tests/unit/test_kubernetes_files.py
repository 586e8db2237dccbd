"""deploy/kubernetes says the same as docker-compose.yml and dagster.yaml, and lets a pod do no more."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from o2c_orchestration.transport import PlaintextHosts
from o2c_orchestration.web.pages import HOME
from o2c_orchestration.web.receiver import PATH
from o2c_orchestration_tests.e2e.compose import ROOT, services

FILES = ROOT / "deploy" / "kubernetes"
VALUES: dict[str, Any] = yaml.safe_load((FILES / "values.yaml").read_text())
_OURS = ("receiver.yaml", "pages.yaml")
MANIFESTS: list[dict[str, Any]] = [each for file in _OURS for each in yaml.safe_load_all((FILES / file).read_text())]
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
# By the service of Compose.
_KINDS = {"migrate": "Job", "receiver": "Deployment", "pages": "Deployment"}
_SERVED = ("receiver", "pages")


def manifest(name: str, kind: str | None = None) -> dict[str, Any]:
    """Of the service of that name in Compose: what runs, or what belongs to it."""
    wanted = kind or _KINDS[name]
    (found,) = (each for each in MANIFESTS if _part(each) == name and each["kind"] == wanted)
    return found


def _part(each: Mapping[str, Any]) -> str:
    return str(each["metadata"]["labels"]["app.kubernetes.io/component"])


def pod(name: str) -> dict[str, Any]:
    found: dict[str, Any] = manifest(name)["spec"]["template"]["spec"]
    return found


def container(name: str) -> dict[str, Any]:
    (only,) = pod(name)["containers"]
    found: dict[str, Any] = only
    return found


def env(name: str) -> dict[str, dict[str, Any]]:
    """Its variables by name."""
    return {each["name"]: each for each in container(name)["env"]}


def contexts() -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """What each pod, and the container in it, may do: ours, and those that the chart makes of the values."""
    ours = {name: (pod(name)["securityContext"], container(name)["securityContext"]) for name in _KINDS}
    parts = {"code": CODE, "webserver": WEBSERVER, "daemon": DAEMON}
    chart = {name: (part["podSecurityContext"], part["securityContext"]) for name, part in parts.items()}
    run = (LAUNCHER["runK8sConfig"]["podSpecConfig"]["securityContext"], LAUNCHER["securityContext"])
    return {**ours, **chart, "run": run}


def variables() -> Iterator[dict[str, Any]]:
    for part in (CODE, WEBSERVER, DAEMON, *(container(name) for name in _KINDS)):
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


@pytest.mark.parametrize("name", sorted(_KINDS))
def test_our_own_pods_run_the_commands_of_compose(name: str):
    """The migration, the receiver and the pages, with the image of the code server."""
    assert container(name)["command"] == services()[name]["command"]
    assert container(name)["image"] == f"{CODE['image']['repository']}:{CODE['image']['tag']}"


@pytest.mark.parametrize("env", [CODE["env"], container("migrate")["env"], container("receiver")["env"]])
def test_the_environment_is_that_of_compose(env: list[dict[str, Any]]):
    """By name; and it is the same in every pod of ours that works."""
    told = {each["name"] for each in env}
    assert told - ONLY_PODS == services()["code"]["environment"].keys() - ONLY_COMPOSE
    # The database is everybody's own login, and keys are for whom they serve (below).
    own = {*_LOGIN, "O2C_ENV_FILE"}
    ours, code = ([each for each in some if each["name"] not in own] for some in (env, CODE["env"]))
    assert ours == code


def test_pages_are_told_what_compose_tells_them():
    """No file of keys, and no mode, since they do nothing by it; what they share with the others is the same."""
    told = env("pages")
    assert told.keys() - ONLY_PODS == services()["pages"]["environment"].keys() - ONLY_COMPOSE - {"O2C_MODE"}
    own = {"O2C_ENV_FILE", "O2C_REPLICA_URL"}
    assert [told[name]["value"] for name in sorted(own)] == ["", ""]
    for each in CODE["env"]:
        assert each["name"] in _LOGIN | own | {"O2C_MODE"} or told[each["name"]] == each


def test_pages_hold_no_key_of_any_system():
    """Their volumes are the policy and a folder to write to; the one secret they name is their login's password."""
    assert [each["name"] for each in pod("pages")["volumes"]] == ["o2c-policy", "tmp"]
    assert "secret" not in {key for key, _ in words(pod("pages")["volumes"])}
    named = [value for key, value in words(manifest("pages")) if key == "secretKeyRef"]
    assert named == [{"name": "o2c-database", "key": "pages_password"}]
    assert "envFrom" not in container("pages")


@pytest.mark.parametrize(
    ("env", "service", "secret", "key"),
    [
        (container("migrate")["env"], "migrate", "o2c-database", "postgres_password"),
        (container("receiver")["env"], "receiver", "dagster-postgresql-secret", "postgresql-password"),
        (container("pages")["env"], "pages", "o2c-database", "pages_password"),
        (CODE["env"], "code", "dagster-postgresql-secret", "postgresql-password"),
    ],
)
def test_a_pod_logs_in_as_its_service_does(env: list[dict[str, Any]], service: str, secret: str, key: str):
    """Only the migration as the owner; pages as who reads; Dagster's own pods as those of ours that work."""
    told = {each["name"]: each for each in env}
    login = urlsplit(services()[service]["environment"]["O2C_DATABASE_URL"]).username
    assert urlsplit(told["O2C_DATABASE_URL"]["value"]).username == login
    assert told["PGPASSWORD"]["valueFrom"]["secretKeyRef"] == {"name": secret, "key": key}
    assert VALUES["postgresql"]["postgresqlUsername"] == "o2c_run"
    assert VALUES["global"]["postgresqlSecretName"] == "dagster-postgresql-secret"


def test_what_is_mounted_is_where_the_environment_says():
    """The file of keys and the policy, as with Compose; both also in the pods of runs, which take the code server's."""
    assert CODE["includeConfigInLaunchedRuns"] == {"enabled": True}
    for name, part, volumes in (
        ("code", CODE, CODE["volumes"]),
        *((name, container(name), pod(name)["volumes"]) for name in _KINDS),
    ):
        mounts = {each["name"]: each for each in part["volumeMounts"]}
        assert mounts.keys() == {each["name"] for each in volumes}
        file = next(each["value"] for each in part["env"] if each["name"] == "O2C_ENV_FILE")
        assert bool(file) == bool(services()[name]["environment"]["O2C_ENV_FILE"]), "keys for whom they serve"
        if file:
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
    parts = [CODE, WEBSERVER, DAEMON, LAUNCHER, *(container(name) for name in _KINDS)]
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
    for name in _SERVED:
        healthy = container(name)["livenessProbe"]["httpGet"]["path"]
        (port,) = container(name)["ports"]
        assert f":{port['containerPort']}{healthy}'" in services()[name]["healthcheck"]["test"][-1]
    assert container("receiver")["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert PATH in (FILES / "receiver.yaml").read_text()
    # A page that says that the database is away helps more than none.
    asked = [container("pages")[probe]["httpGet"] for probe in ("readinessProbe", "livenessProbe")]
    assert asked == [{"path": "/healthz", "port": "http"}] * 2
    assert f"{HOME} and what is below it" in (FILES / "pages.yaml").read_text()


@pytest.mark.parametrize("name", _SERVED)
def test_the_service_finds_its_pod(name: str):
    """Names and labels that do not match would leave whoever asks without an answer, and the policy without a pod."""
    labels = manifest(name)["spec"]["template"]["metadata"]["labels"]
    assert manifest(name)["spec"]["selector"]["matchLabels"] == labels
    assert manifest(name, "Service")["spec"]["selector"] == labels
    policy = manifest(name, "NetworkPolicy")["spec"]
    assert policy["podSelector"]["matchLabels"] == labels
    (port,) = container(name)["ports"]
    (service,) = manifest(name, "Service")["spec"]["ports"]
    assert (service["port"], service["targetPort"]) == (port["containerPort"], port["name"])
    # Asked at that port alone; itself it reaches the database and DNS.
    assert policy["ingress"] == [{"ports": [{"port": port["containerPort"]}]}]
    assert [each["port"] for rule in policy["egress"] for each in rule["ports"]] == [5432, 53, 53]
    assert policy["policyTypes"] == ["Ingress", "Egress"]


def test_nothing_is_there_that_no_test_looks_at():
    """Each is one of these kinds, and talks to nobody as itself."""
    kinds = {name: sorted(each["kind"] for each in MANIFESTS if _part(each) == name) for name in _KINDS}
    served = ["Deployment", "NetworkPolicy", "Service"]
    assert kinds == {"migrate": ["Job"], "receiver": served, "pages": served}
    assert sorted(each.name for each in FILES.iterdir()) == sorted((*_OURS, "values.yaml"))
    assert [pod(name)["automountServiceAccountToken"] for name in _KINDS] == [False] * 3


def test_the_database_is_asked_under_tls():
    """By our pods, and by Dagster's own: nobody there looks at the address."""
    assert VALUES["postgresql"]["postgresqlParams"]["sslmode"] in ("require", "verify-ca", "verify-full")
    addresses = [each["value"] for each in variables() if each["name"] == "O2C_DATABASE_URL"]
    assert len(addresses) == 4
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
