"""`python -m o2c_orchestration_tests.simulation`: worlds from seeds, a process for each core.

--seed 123        one world, with its trace written to a file
--seeds 200       that many, from --first on
--json            one JSON object at the end
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from o2c_orchestration.sandbox.config import NETSUITE_KEY_FILE, SALESFORCE_KEY_FILE
from o2c_orchestration_tests.memory import in_memory
from o2c_orchestration_tests.simulation.houses import HOUSES

if TYPE_CHECKING:
    from o2c_orchestration_tests.simulation.campaign import Campaign

_ROOT = Path(__file__).parents[2]
_SHARE = 10
_SAID = "said-"
# A world is gone after seconds: looking for cycles as often as Python does by itself takes a sixth of its time.
_COLLECTED_AFTER = (50_000, 20, 50)


def main() -> int:
    """0 when every world was safe and settled, 1 otherwise."""
    arguments = _arguments()
    if arguments.company:
        return _company(arguments)
    with tempfile.TemporaryDirectory(prefix="o2c-simulation-", ignore_cleanup_errors=True, dir=in_memory()) as folder:
        home = Path(folder)
        home.chmod(0o755)
        results = _share_out(arguments, home)
    _report(results, as_json=arguments.json)
    return int(any(result["verdict"] for result in results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulate", description="Simulated worlds")
    parser.add_argument("--seed", type=int, help="one seed, with its trace")
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--company", nargs=2, metavar=("URL", "HOME"), help=argparse.SUPPRESS)
    parser.add_argument("--list", type=json.loads, default=[], help=argparse.SUPPRESS)
    return parser.parse_args()


def _share_out(arguments: argparse.Namespace, home: Path) -> list[dict[str, Any]]:
    from o2c_orchestration.store.database import start_embedded, stop_embedded

    _quick_keys(home / "keys")
    for house in HOUSES:
        (home / house.file).write_text(house.text)
    url = start_embedded(home)
    _forget_durability(url)
    one = arguments.seed is not None
    seeds = [arguments.seed] if one else list(range(arguments.first, arguments.first + arguments.seeds))
    try:
        _run_company(arguments, home, url, seeds)
    finally:
        stop_embedded(home)
    said = [path.read_text() for path in home.glob(f"{_SAID}*")]
    results = [json.loads(line) for output in said for line in output.splitlines()]
    if len(results) < len(seeds):
        raise SystemExit(f"{len(seeds) - len(results)} seeds gave no result: a worker ended early")
    return sorted(results, key=lambda result: int(result["seed"]))


def _run_company(arguments: argparse.Namespace, home: Path, url: str, seeds: list[int]) -> None:
    """All seeds, in a process in which no clock has been looked at yet."""
    trace = ("--seed", str(arguments.seed)) if arguments.seed is not None else ()
    command = [sys.executable, "-m", __package__, "--company", url, str(home), "--workers", str(arguments.workers)]
    environment = os.environ | {"TMPDIR": str(home)}
    subprocess.run([*command, "--list", json.dumps(seeds), *trace], cwd=_ROOT, env=environment, check=False)


def _quick_keys(folder: Path) -> None:
    """Key pairs for the sandbox: of a curve, since RSA keys take a tenth of a world's time to load."""
    folder.mkdir(parents=True)
    for name in (NETSUITE_KEY_FILE, SALESFORCE_KEY_FILE):
        key = ec.generate_private_key(ec.SECP256R1())
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / name).write_bytes(key.private_bytes(*form))


def _forget_durability(url: str) -> None:
    """Nothing here outlives the run, so nothing waits for the disk. Nothing happens by the machine's own clock."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")


def _company(arguments: argparse.Namespace) -> int:
    """Load everything once, then fork a worker for each share of the seeds."""
    from datetime import UTC, datetime

    from o2c_orchestration_tests.simulation.clock import clock

    # Before the product is imported: default arguments keep the clock that they find.
    clock.install(datetime(2026, 1, 1, tzinfo=UTC))
    from o2c_orchestration_tests.simulation import campaign, database

    url, home = arguments.company
    database.make_template(url)
    shares = _shares(arguments.list, arguments.workers)
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)
    running: set[int] = set()
    for number, seeds in enumerate(shares):
        if len(running) == arguments.workers:
            running.discard(os.wait()[0])
        child = os.fork()
        if not child:
            own = database.SimulatedDatabase(url, f"simulation_{number}")
            _work(campaign.Campaign(own, Path(home)), seeds, number, arguments)
            own.close()
            os._exit(0)
        running.add(child)
    for _ in running:
        os.wait()
    return 0


def _shares(seeds: list[int], workers: int) -> list[list[int]]:
    """A process keeps some memory of each world, so none of them has too many."""
    if len(seeds) < workers * _SHARE:
        return [seeds[n::workers] for n in range(min(workers, len(seeds)))]
    return [seeds[start : start + _SHARE] for start in range(0, len(seeds), _SHARE)]


def _work(campaign: "Campaign", seeds: list[int], number: int, arguments: argparse.Namespace) -> None:
    trace = Path(f"simulation-{arguments.seed}.trace") if arguments.seed is not None else None
    with Path(arguments.company[1], f"{_SAID}{number}").open("w") as said:
        for seed in seeds:
            result = campaign.run(seed, trace)
            said.write(json.dumps(result.as_dict()) + "\n")
            if result.verdict:
                sys.stderr.write(f"seed {seed}: {result.verdict}\n  replay: make simulate SEED={seed}\n")


def _report(results: list[dict[str, Any]], *, as_json: bool) -> None:
    faults: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for result in results:
        faults.update(result["faults"])
        documents.update(result["documents"])
    settled = sorted(result["settled_after"] for result in results if result["settled_after"] >= 0)
    cuts = quantiles(settled, n=100) if len(settled) > 1 else settled * 99
    summary = {
        "seeds": len(results),
        "failed": [result["seed"] for result in results if result["verdict"]],
        "simulated hours": round(sum(result["simulated_hours"] for result in results), 1),
        "faults": dict(sorted(faults.items())),
        "crashes": sum(result["crashes"] for result in results),
        "pauses": sum(result["pauses"] for result in results),
        "documents": dict(sorted(documents.items())),
        "documents audited": documents.total(),
        "duplicates": sum(result["duplicates"] for result in results),
        "losses": sum(result["losses"] for result in results),
        "settled after, p50 s": cuts[49] if cuts else None,
        "settled after, p99 s": cuts[98] if cuts else None,
    }
    if as_json:
        _say(json.dumps(summary | {"digests": [result["digest"] for result in results]}))
        return
    width = max(map(len, summary))
    for name, value in summary.items():
        shown = ", ".join(f"{kind}: {count}" for kind, count in value.items()) if isinstance(value, dict) else value
        _say(f"{name:{width}}  {shown}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
