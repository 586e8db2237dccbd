"""A backfill of separate runs on 1, 2 and 4 warm workers, side by side; and how soon a run starts, warm and by default.

    python -m benchmarks.workers                       # 4 days, a run for each; observe, then sync; then starts
    python -m benchmarks.workers --workers 0 1         # 0: one run of all days, as `o2c run` and a backfill make it
    python -m benchmarks.workers --pool-limit 4        # what dagster.yaml's pools cost: as many steps at a time

Redis, code server, daemon and workers run with the commands of docker-compose.yml and deploy/dagster.celery.yaml; the
sandbox takes 100 ms for each request. A run is the whole job, extract to reconcile, of one day. `sync` writes all of it
to NetSuite besides. What counts is the time from the start of the first run to the end of the last. Needs redis-server
and the extra `celery`.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import dagster as dg
import grpc
import requests
import yaml
from grpc_health.v1.health_pb2 import HealthCheckRequest  # type: ignore[import-untyped]
from grpc_health.v1.health_pb2_grpc import HealthStub  # type: ignore[import-untyped]

from benchmarks.common import say
from benchmarks.company import running_company
from o2c_orchestration.console.processes import Child, stop_all

_ROOT = Path(__file__).parents[1]
_LATENCY_MS = 100
_PATIENCE_SECONDS = 300
_PASSWORD = "of-nobody"
_WARM, _DEFAULT = "deploy/dagster.celery.yaml", "dagster.yaml"
_FROM, _TO = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_LAUNCH = """mutation($job: String!, $tags: [ExecutionTag!]!) { launchRun(executionParams: {executionMetadata: {tags:
    $tags}, selector: {repositoryName: "__repository__", repositoryLocationName: "o2c_orchestration", jobName: $job}})
    { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""


@dataclass(frozen=True)
class Backfill:
    """One measurement: wall seconds, requests, documents by state, seconds of each run, and of each pool's steps.

    With one step at a time in a pool, the longest of `pools` is what no number of workers can get below.
    """

    mode: str
    workers: int
    seconds: float
    requests: int
    documents: Mapping[str, int]
    each: Sequence[float]
    pools: Mapping[str, float]


@dataclass
class Services:
    """Dagster around a company whose sandbox is up, with this many workers; None: the default launcher."""

    home: Path
    workers: int | None
    pool_limit: int
    ports: dict[str, int] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        dagster_home = self.home / "dagster"
        shutil.rmtree(dagster_home, ignore_errors=True)
        dagster_home.mkdir()
        settings = yaml.safe_load((_ROOT / (_DEFAULT if self.workers is None else _WARM)).read_text())
        settings["concurrency"]["pools"]["default_limit"] = self.pool_limit
        (dagster_home / "dagster.yaml").write_text(yaml.safe_dump(settings))
        self.ports = {name: _free_port() for name in ("code", "webserver", "redis")}
        own = {"DAGSTER_HOME": dagster_home, "O2C_CODE_HOST": "127.0.0.1", "O2C_CODE_PORT": self.ports["code"]}
        (self.home / "redis_password").write_text(_PASSWORD)
        provider = "o2c_orchestration.orchestration.redis_password.FromFile"
        broker = f"redis://127.0.0.1:{self.ports['redis']}/0?credential_provider={provider}"
        redis = {"O2C_REDIS_URL": broker, "O2C_REDIS_PASSWORD_FILE": self.home / "redis_password"}
        os.environ.update({name: str(value) for name, value in {**own, **redis}.items()})

    def start(self) -> None:
        """All of them, and wait until they answer."""
        if self.workers is not None:
            own = ["--port", self.ports["redis"], "--bind", "127.0.0.1", "--save", "", "--dir", self.home]
            self._start("redis", "redis-server", *own, "--requirepass", _PASSWORD)
        module = ["-m", "o2c_orchestration.definitions", "--location-name", "o2c_orchestration"]
        self._start("code", "dagster", "code-server", "start", "-h", "127.0.0.1", "-p", self.ports["code"], *module)
        _until(self._serves_code)
        if self.workers is not None:
            app = ["-A", "o2c_orchestration.orchestration.warm_workers", "worker", "--queues", "dagster"]
            pace = ["--prefetch-multiplier", "1", "-O", "fair", "--loglevel", "INFO"]
            self._start("worker", "celery", *app, "--concurrency", self.workers, *pace)
        workspace = ["-w", str(_ROOT / "deploy" / "workspace.yaml")]
        place = ["-h", "127.0.0.1", "-p", self.ports["webserver"]]
        web = self._start("webserver", "dagster-webserver", *place, *workspace)
        self._start("daemon", "dagster-daemon", "run", *workspace)
        web.wait_for(f"http://127.0.0.1:{self.ports['webserver']}/server_info", _PATIENCE_SECONDS)
        if self.workers is not None:
            log = next(child.log for child in self.children if child.name == "worker")
            _until(lambda: " ready." in log.read_text())

    def _serves_code(self) -> bool:
        """What the health check of docker-compose.yml asks: a webserver that comes first finds no job."""
        with grpc.insecure_channel(f"127.0.0.1:{self.ports['code']}") as channel, suppress(grpc.RpcError):
            return bool(HealthStub(channel).Check(HealthCheckRequest(service="DagsterApi"), timeout=10).status == 1)
        return False

    def _start(self, name: str, program: str, *arguments: object) -> Child:
        folder = self.home / "logs"
        folder.mkdir(exist_ok=True)
        log = folder / f"{name}-{self.workers}.log"
        command = [str(Path(sys.executable).parent / program), *(str(each) for each in arguments)]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [shutil.which(command[0]) or program, *command[1:]],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self.children.append(Child(name, process, log))
        return self.children[-1]

    def launch(self, job: str, **tags: str) -> str:
        """A run is asked for, as Dagster's pages ask; its id."""
        variables = {"job": job, "tags": [{"key": key, "value": value} for key, value in tags.items()]}
        url = f"http://127.0.0.1:{self.ports['webserver']}/graphql"
        answer = requests.post(url, json={"query": _LAUNCH, "variables": variables}, timeout=60).json()
        told = (answer.get("data") or {}).get("launchRun", answer)
        if told.get("__typename") != "LaunchRunSuccess":
            raise RuntimeError(f"Dagster does not start the run: {told}")
        return str(told["run"]["runId"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come")
        time.sleep(0.2)


@contextmanager
def _services(home: Path, workers: int | None, pool_limit: int) -> Iterator[tuple[Services, dg.DagsterInstance]]:
    """Services on this process's environment, and their instance; all gone at the end."""
    from o2c_orchestration.orchestration.pools import make_pools

    made = Services(home, workers, pool_limit)
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        make_pools(instance)
        try:
            made.start()
            yield made, instance
        finally:
            stop_all(made.children)


@contextmanager
def _company(mode: str, invoices: int, days: int) -> Iterator[Path]:
    """A sandbox with a company and latency, and an embedded database that knows of no event to be followed."""
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        with running_company(home, invoices, mode=mode, days=days):
            from o2c_orchestration.store.database import stop_embedded

            # Deals are another backfill.
            for name in [name for name in os.environ if name.startswith("SALESFORCE_")]:
                del os.environ[name]
            try:
                _open(home)
                yield home
            finally:
                stop_embedded(home)
                os.environ.pop("O2C_DATABASE_URL", None)


def _open(home: Path) -> None:
    from o2c_orchestration.store import inbox
    from o2c_orchestration.store.database import open_database, start_embedded

    os.environ["O2C_DATABASE_URL"] = start_embedded(home)
    engine = open_database(os.environ["O2C_DATABASE_URL"])
    inbox.write_cursor(engine, "stripe_events", datetime.now(UTC).isoformat())
    engine.dispose()
    slow = {"kind": "latency", "latency_ms": _LATENCY_MS}
    rules = [{**slow, "system": system} for system in ("stripe", "netsuite")]
    requests.post(f"{os.environ['STRIPE_API_BASE']}/_sandbox/faults", json=rules, timeout=30).raise_for_status()


def _ended(instance: dg.DagsterInstance, run_ids: Sequence[str]) -> list[dg.RunRecord]:
    """The records of these runs, when all of them have ended well."""
    wanted = dg.RunsFilter(run_ids=list(run_ids), statuses=_ENDED)
    _until(lambda: len(instance.get_run_records(wanted)) == len(run_ids))
    found = list(instance.get_run_records(wanted))
    wrong = [each.dagster_run.run_id for each in found if each.dagster_run.status != dg.DagsterRunStatus.SUCCESS]
    if wrong:
        raise RuntimeError(f"runs failed: {[_reason(instance, run_id) for run_id in wrong]}")
    return found


def _reason(instance: dg.DagsterInstance, run_id: str) -> str:
    """What the run's log says of its end, and which steps had failed, each with the last of its causes."""
    wanted = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
    said = []
    for record in instance.get_records_for_run(run_id, of_type=wanted).records:
        event = record.event_log_entry.dagster_event
        error = event.step_failure_data.error if event is not None and event.is_step_failure else None
        while error is not None and error.cause is not None:
            error = error.cause
        said.append(record.event_log_entry.user_message or (event.message or "" if event else ""))
        said += [error.message.strip()] if error is not None else []
    return "; ".join(filter(None, said))


def backfill(mode: str, workers: int, invoices: int, days: int, pool_limit: int) -> Backfill:
    """`days` runs of one day each on so many workers (0: one run of all days), on books of its own."""
    processes = workers or 1
    with _company(mode, invoices, days) as home, _services(home, processes, pool_limit) as (services, instance):
        # Each process of the pool does its first run slowly; that is told by `starts`.
        _ended(instance, [services.launch("retention") for _ in range(processes)])
        base, last = os.environ["STRIPE_API_BASE"], datetime.now(UTC).date()
        requests.delete(f"{base}/_sandbox/stats", timeout=30)
        wanted = [(last - timedelta(days=back)).isoformat() for back in range(days, 0, -1)]
        spans = [{"dagster/partition": day} for day in wanted] if workers else [{_FROM: wanted[0], _TO: wanted[-1]}]
        runs = [services.launch("order_to_cash", **span) for span in spans]
        found = _ended(instance, runs)
        stats = requests.get(f"{base}/_sandbox/stats", timeout=30).json()["requests"]
        times = [(each.start_time or 0.0, each.end_time or 0.0) for each in found]
        seconds = max(end for _, end in times) - min(start for start, _ in times)
        asked = {system: sum(sum(by.values()) for by in each.values()) for system, each in stats.items()}
        each = [end - start for start, end in times]
        count = asked["stripe"] + asked["netsuite"]
        return Backfill(mode, workers, seconds, count, _documents(), each, _by_pool(instance, runs))


def _by_pool(instance: dg.DagsterInstance, run_ids: Sequence[str]) -> Mapping[str, float]:
    """Seconds of the steps of each pool, all runs together."""
    from o2c_orchestration.definitions import defs

    nodes = defs.resolve_job_def("order_to_cash").nodes
    pool = {node.name: next(iter(node.definition.pools), "none") for node in nodes}
    found: dict[str, float] = {}
    for run_id in run_ids:
        for step in instance.get_run_step_stats(run_id):
            name = pool.get(step.step_key, "none")
            found[name] = found.get(name, 0.0) + (step.end_time or 0.0) - (step.start_time or 0.0)
    return found


def _documents() -> Mapping[str, int]:
    from o2c_orchestration.store import journal
    from o2c_orchestration.store.database import open_database

    engine = open_database(os.environ["O2C_DATABASE_URL"])
    try:
        return journal.counts(engine)
    finally:
        engine.dispose()


def starts(times: int) -> dict[str, list[float]]:
    """Seconds from the launch of a run to its first step, one run after the other: by default, and in a warm worker."""
    found = {}
    with _company("observe", 10, 2) as home:
        for name, workers in (("a process for each run", None), ("a warm worker", 1)):
            with _services(home, workers, 1) as (services, instance):
                found[name] = [_to_first_step(services, instance) for _ in range(times)]
    return found


def _to_first_step(services: Services, instance: dg.DagsterInstance) -> float:
    run_id = services.launch("retention")
    _ended(instance, [run_id])

    def first(kind: dg.DagsterEventType) -> float:
        return instance.get_records_for_run(run_id, of_type=kind, limit=1).records[0].timestamp

    return first(dg.DagsterEventType.STEP_START) - first(dg.DagsterEventType.PIPELINE_STARTING)


def _report(found: Sequence[Backfill]) -> None:
    head = "| mode | workers | seconds | times as fast as the first | a run, s (median) | requests | documents "
    say(f"\n{head}| seconds of steps: stripe, netsuite, none |\n|---|---:|---:|---:|---:|---:|---:|---|")
    for each in found:
        one = next(other.seconds for other in found if other.mode == each.mode)
        say(
            f"| {each.mode} | {each.workers} | {each.seconds:.1f} | {one / each.seconds:.2f} "
            f"| {median(each.each):.1f} | {each.requests:,} "
            f"| {', '.join(f'{count} {state}' for state, count in sorted(each.documents.items()))} "
            f"| {', '.join(f'{each.pools.get(name, 0.0):.0f}' for name in ('stripe', 'netsuite', 'none'))} |"
        )


def main() -> None:
    """Measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=4, help="a run for each")
    parser.add_argument("--invoices", type=int, default=120)
    parser.add_argument("--workers", type=int, nargs="*", default=[0, 1, 2, 4])
    parser.add_argument("--modes", nargs="*", default=["observe", "sync"])
    parser.add_argument("--pool-limit", type=int, default=1, help="pools.default_limit, instead of dagster.yaml's 1")
    parser.add_argument("--starts", type=int, default=3, help="runs of each launcher whose start is timed")
    given = parser.parse_args()
    found = []
    for mode in given.modes:
        for workers in given.workers:
            found.append(backfill(mode, workers, given.invoices, given.days, given.pool_limit))
            say(f"{mode}, {workers} workers: {found[-1].seconds:.1f} s")
    if found:
        _report(found)
    if given.starts:
        say("\n| a run in | seconds from launch to first step (the first, then the others) |\n|---|---|")
        for name, seconds in starts(given.starts).items():
            say(f"| {name} | {', '.join(f'{each:.1f}' for each in seconds)} |")


if __name__ == "__main__":
    main()
