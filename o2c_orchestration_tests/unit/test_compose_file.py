"""What docker-compose.yml promises whoever deploys with it."""

import json
import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from starlette.routing import Route

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console.launch import dagster_home
from o2c_orchestration.settings import load_settings
from o2c_orchestration.web.pages import Pages
from o2c_orchestration_tests.e2e.cli_fixtures import environment
from o2c_orchestration_tests.e2e.compose import COMPOSE, OURS, ROOT, lay_out_secrets, services

FILE: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
DEPLOY = (ROOT / "docs" / "deploy.md").read_text()
ALL = sorted(services())
# Those that end by themselves.
ONCE = {"migrate", "volumes"}


def test_it_is_what_the_compose_specification_says():
    """By its own schema, of which the checker has a copy: no network."""
    told = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_only_the_proxy_publishes_a_port():
    """Dagster's pages have no password of their own, and PostgreSQL is nobody's business."""
    assert ["proxy"] == [name for name, service in services().items() if service.get("ports")]


@pytest.mark.parametrize("name", ALL)
def test_a_service_may_do_little(name: str):
    """A read-only root, no capabilities but those it names, no new privileges, bounds on memory and processors."""
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cpus", "memory"} == service["deploy"]["resources"]["limits"].keys()
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", ALL)
def test_nobody_is_root(name: str):
    """Nor may anybody become it; but for the one that gives the proxy its volumes, reaches no network and ends."""
    service = services()[name]
    if name == "volumes":
        assert (service["network_mode"], service["restart"]) == ("none", "no")
        assert set(service["cap_add"]) == {"CHOWN", "DAC_OVERRIDE"}
        return
    user, group = service["user"].split(":")
    assert 0 < int(user)
    assert 0 < int(group)
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])


def test_the_proxys_volumes_are_its_users():
    """Its certificates lie there; whoever is not root could not write a new volume."""
    proxy, before = services()["proxy"], services()["volumes"]
    assert proxy["user"] in before["command"]
    assert set(before["volumes"]) <= set(proxy["volumes"])
    assert proxy["depends_on"]["volumes"] == {"condition": "service_completed_successfully"}
    assert before["image"] == proxy["image"]


def test_the_door_opens_for_webhooks_whoever_else_is_away():
    """Stripe's events reach the receiver also where the code, and so Dagster's pages, do not come up."""
    waits, found = ["proxy"], set[str]()
    while waits:
        behind = set(services()[waits.pop()].get("depends_on", ())) - found
        waits += behind
        found |= behind
    assert found == {"volumes", "receiver", "migrate", "postgres"}


def test_postgresql_is_given_memory_and_room(engine: Engine):
    """Its stock settings are for a laptop: 128 MB of pages, a checkpoint by each gigabyte. It knows each of these."""
    program, *options = services()["postgres"]["command"]
    assert (program, options[::2]) == ("postgres", ["-c"] * (len(options) // 2))
    told = dict(each.split("=", 1) for each in options[1::2])
    assert told == {
        "shared_buffers": "${O2C_POSTGRES_PAGES:-1GB}",
        "max_wal_size": "4GB",
        "max_connections": "200",
    }
    with engine.connect() as connection:
        known = connection.execute(text("SELECT name FROM pg_settings WHERE name = ANY(:names)"), {"names": [*told]})
        assert {row.name for row in known} == told.keys()


@pytest.mark.parametrize("name", ALL)
def test_an_image_may_be_named_by_digest(name: str):
    """Each by one variable, without a change of the file."""
    image = services()[name]["image"]
    assert re.fullmatch(r"\$\{O2C_[A-Z_]*IMAGE:-.+\}", image), image
    assert image[2:].partition(":-")[0] in (ROOT / "docs" / "deploy.md").read_text()


@pytest.mark.parametrize("name", [name for name in ALL if name not in ONCE])
def test_a_service_is_watched_and_started_again(name: str):
    """Each but the migration has a health check and comes back by itself."""
    service = services()[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]


@pytest.mark.parametrize("name", [*OURS, "worker"])
def test_our_services_run_as_nobody_special(name: str):
    """As the user of the image, which is the one that the files of secrets belong to."""
    service = services()[name]
    assert service["user"] == "10001:10001"
    assert "useradd --uid 10001" in (ROOT / "Dockerfile").read_text()


def test_the_schema_is_there_before_anybody_asks():
    """Everybody waits for the migration, directly or behind somebody who does."""
    for name in set(OURS) - {"migrate"}:
        waits = services()[name]["depends_on"]
        assert waits.get("migrate") == {"condition": "service_completed_successfully"} or "code" in waits, name


def test_no_secret_stands_in_an_environment():
    """Keys and passwords are files; what the environment holds is names and paths."""
    for name, service in services().items():
        for variable, value in service.get("environment", {}).items():
            said = f"{name}: {variable}"
            assert not variable.startswith(("STRIPE_", "NETSUITE_", "SALESFORCE_")), said
            assert "PASSWORD" not in variable or variable.endswith(("_FILE", "_HASH")), said
            assert ":" not in str(value).partition("@")[0].removeprefix("postgresql://") or "@" not in value, said


def test_a_secret_is_given_to_whom_it_serves():
    """PostgreSQL's owner to PostgreSQL and to who migrates; each other login to who logs in so, and to who makes it."""
    given: dict[str, set[str]] = {name: set() for name in FILE["secrets"]}
    for name, service in services().items():
        for secret in service.get("secrets", ()):
            given[secret].add(name)
    keys = {"code", "receiver", "worker"}
    assert given == {
        "postgres_password": {"postgres"},
        "pgpass": {"migrate"},
        "pgpass_run": {*keys, "webserver", "daemon"},
        "run_password": {"migrate"},
        "pgpass_pages": {"pages"},
        "pages_password": {"migrate"},
        "o2c.env": keys,
        "redis_password": {"redis", "webserver", "daemon", "worker"},
    }
    for name in [*OURS, "worker"]:
        file = services()[name]["environment"]["O2C_ENV_FILE"]
        assert file == ("/run/secrets/o2c.env" if name in keys else ""), name


@pytest.mark.parametrize("name", [*OURS, "worker"])
def test_a_service_logs_in_as_itself(name: str):
    """By the address and by the file with the password, which it is given; only who migrates is the owner."""
    service = services()[name]
    login = {"migrate": "o2c", "pages": "o2c_pages"}.get(name, "o2c_run")
    assert make_url(service["environment"]["O2C_DATABASE_URL"]).username == login
    file = service["environment"]["PGPASSFILE"].removeprefix("/run/secrets/")
    assert file in service["secrets"]
    assert f"'*:*:*:{login}:%s\\n'" in (ROOT / "deploy" / "secrets.sh").read_text()


def test_pages_are_told_of_a_replica_and_nobody_else_is():
    """They have no file of keys, in which the others would find it; nothing is asked where `.env` names none."""
    told = {name: each["environment"].get("O2C_REPLICA_URL") for name, each in services().items() if name in OURS}
    assert {name: value for name, value in told.items() if value} == {"pages": "${O2C_PAGES_REPLICA_URL:-}"}
    assert services()["pages"]["environment"]["O2C_ENV_FILE"] == ""
    with environment({"O2C_REPLICA_URL": ""}):
        assert load_settings().replica_url is None


@pytest.mark.parametrize("name", ALL)
def test_a_secret_that_a_command_reads_is_there(name: str):
    """A path that nothing is mounted at would be read in vain."""
    service = services()[name]
    told = json.dumps([service.get("command"), service.get("healthcheck")])
    assert set(re.findall(r"/run/secrets/([\w.]+)", told)) <= set(service.get("secrets", ()))


def test_secrets_are_laid_out_once_and_replaced_one_by_one(tmp_path: Path):
    """What is there stays; a password whose file was removed is made anew, also where a client reads it."""
    secrets = lay_out_secrets(tmp_path)
    assert {each.name for each in secrets.iterdir()} == FILE["secrets"].keys()
    before = {each.name: each.read_text() for each in secrets.iterdir()}
    inode = (secrets / "pgpass_run").stat().st_ino
    (secrets / "run_password").unlink()
    subprocess.run(["sh", tmp_path / "deploy" / "secrets.sh"], check=True, capture_output=True)
    after = {each.name: each.read_text() for each in secrets.iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"run_password", "pgpass_run"}
    assert after["pgpass_run"] == f"*:*:*:o2c_run:{after['run_password']}\n"
    assert (secrets / "pgpass_run").stat().st_ino == inode, "containers would keep the old one"
    assert len({after[f"{name}_password"] for name in ("postgres", "run", "pages", "redis")}) == 4
    for name in FILE["secrets"]:
        assert (secrets / name).stat().st_mode & 0o777 == (0o440 if name == "redis_password" else 0o400), name


def test_an_upgrade_from_0_1_0_lays_out_what_that_had_not(tmp_path: Path):
    """Its passwords and keys stay, and what is mounted now is there: the steps of docs/deploy.md, Day two."""
    secrets = lay_out_secrets(tmp_path)
    kept = {name: (secrets / name).read_text() for name in ("postgres_password", "pgpass", "o2c.env")}
    for each in secrets.iterdir():
        if each.name not in kept:
            each.unlink()
    subprocess.run(["sh", tmp_path / "deploy" / "secrets.sh"], check=True, capture_output=True)
    assert {each.name for each in secrets.iterdir()} == FILE["secrets"].keys()
    assert {name: (secrets / name).read_text() for name in kept} == kept
    upgrade = DEPLOY.split("- **Upgrade**:")[1].split("\n- **")[0]
    assert upgrade.index("deploy/secrets.sh") < upgrade.index("docker compose up")


def test_a_password_is_changed_by_the_command_that_gives_it_at_the_start():
    """What docs/deploy.md says by hand names the files that `migrate` has, and its way back the proxy's volumes."""
    logins = services()["migrate"]["command"][-1].split("&& ")[-1].strip()
    assert f"docker compose run --rm migrate {logins}\n" in DEPLOY
    back = " ".join([*services()["volumes"]["command"][:2], "0:0", *services()["volumes"]["command"][3:]])
    assert f"docker compose run --rm volumes {back}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_secret_is_readable_by_whom_it_is_given(tmp_path: Path):
    """By the user of each service, or its group; Compose mounts a file as it is."""
    secrets = lay_out_secrets(tmp_path)
    for name, service in services().items():
        user, group = (int(each) for each in service["user"].split(":"))
        for secret in service.get("secrets", ()):
            there = (secrets / secret).stat()
            by_group = group == there.st_gid and there.st_mode & 0o040
            assert user == there.st_uid or by_group, (name, secret)


def test_secrets_stay_out_of_the_image_and_of_the_repository():
    """Nothing is copied that is not named, and ./secrets is nobody's to commit."""
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()
    assert "!secrets" not in (ROOT / ".dockerignore").read_text()
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_only_what_has_to_reach_the_outside_can():
    """The code reads and writes the three systems, the proxy is asked from outside; the rest has no way out."""
    assert FILE["networks"]["inside"]["internal"] is True
    assert {"code", "worker", "proxy"} == {
        name for name, service in services().items() if "outside" in service.get("networks", ())
    }


def test_the_command_line_leaves_the_images_own_settings_of_dagster_alone(tmp_path: Path):
    """They lie on a file system that nobody may write: `o2c run` in the container would end there."""
    assert "ln -s /app/dagster.yaml /var/lib/o2c/dagster/dagster.yaml" in (ROOT / "Dockerfile").read_text()
    image = tmp_path / "dagster.yaml"
    image.write_bytes((ROOT / "dagster.yaml").read_bytes())
    (tmp_path / "dagster").mkdir()
    (tmp_path / "dagster" / "dagster.yaml").symlink_to(image)
    before = image.stat().st_mtime_ns
    with environment({"O2C_HOME": str(tmp_path), "O2C_DATABASE_URL": "postgresql://o2c@127.0.0.1/o2c"}):
        assert dagster_home(Assembly(load_settings())) == tmp_path / "dagster"
    assert image.stat().st_mtime_ns == before


def test_warm_workers_come_by_asking_for_them():
    """Without the profile nothing of Celery runs, and Dagster starts runs as it always did."""
    assert {"redis", "worker"} == {name for name, service in services().items() if "profiles" in service}
    assert "run_launcher" not in yaml.safe_load((ROOT / "dagster.yaml").read_text())


def test_warm_workers_change_nothing_but_where_runs_start():
    """Their dagster.yaml is the other one with a launcher, and with runs never resumed in the middle."""
    plain = yaml.safe_load((ROOT / "dagster.yaml").read_text())
    warm = yaml.safe_load((ROOT / "deploy" / "dagster.celery.yaml").read_text())
    del warm["run_launcher"]
    assert warm["run_monitoring"].pop("max_resume_run_attempts") == 0
    assert plain == warm


def test_one_worker_takes_all_runs_that_may_run_at_once():
    """One that waited for a place would be called dead after start_timeout_seconds."""
    warm = yaml.safe_load((ROOT / "deploy" / "dagster.celery.yaml").read_text())
    command = services()["worker"]["command"]
    assert int(command[command.index("--concurrency") + 1]) >= warm["concurrency"]["runs"]["max_concurrent_runs"]


def test_every_file_that_is_mounted_or_copied_is_there():
    """Bind mounts of files that are missing would become folders."""
    for service in services().values():
        for volume in service.get("volumes", []):
            source = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", volume).partition(":")[0]
            assert not source.startswith("./") or Path(ROOT, source).is_file(), volume
    copied = [line.split()[1:-1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY")]
    for source in [each for line in copied for each in line if not each.startswith(("--from", "/"))]:
        assert Path(ROOT, source).exists(), source


def test_the_image_is_built_from_everything_that_the_package_takes_in():
    """What the wheel takes in from outside its package is copied before it is built, and let through to the build."""
    lines = (ROOT / "Dockerfile").read_text().partition("pip install --no-cache-dir --no-deps .")[0].splitlines()
    copied = {source for line in lines if line.startswith("COPY") for source in line.split()[1:-1]}
    let_through = (ROOT / ".dockerignore").read_text().splitlines()
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    for source in [*wheel["packages"], *wheel["force-include"], "pyproject.toml", "README.md"]:
        assert source in copied, source
        assert f"!{source}" in let_through, source


def test_the_image_is_built_once():
    """Each service that built it would make one of its own under the same name."""
    assert ["migrate"] == [name for name, service in services().items() if "build" in service]
    assert len({services()[name]["image"] for name in OURS}) == 1


def test_the_proxy_hands_over_pages_and_nothing_else_of_theirs():
    """Not how they are, nor their figures (e2e/test_proxy.py asks a real Caddy)."""
    door = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"reverse_proxy (.*)pages:8960", door) == ["@pages "]
    (wanted,) = re.findall(r"@pages path (.+)", door)
    served = [each.path for each in Pages(_nowhere).application().routes if isinstance(each, Route)]
    handed = {path for path in served if any(fnmatchcase(path, each) for each in wanted.split())}
    assert set(served) - handed == {"/healthz", "/metrics"}


def _nowhere() -> Engine:
    raise ConnectionError


def test_the_proxy_is_asked_what_it_answers():
    """Caddy's own page takes a GET and no HEAD: asked with one, a proxy that works is called unhealthy."""
    assert "--spider" not in services()["proxy"]["healthcheck"]["test"]


@pytest.mark.parametrize("name", [name for name in ALL if "start_period" in services()[name].get("healthcheck", {})])
def test_who_has_started_is_seen_soon(name: str):
    """Others wait for it: without an interval of its own, the first look comes after that of every day."""
    assert services()[name]["healthcheck"]["start_interval"]
