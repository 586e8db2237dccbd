"""`python -m o2c_orchestration_tests.simulation`: worlds from seeds, a process for each core.

--seed 123        one world, with its trace written to a file
--seeds 200       that many, from --first on
--json            one JSON object at the end
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from o2c_orchestration.sandbox.config import NETSUITE_KEY_FILE, SALESFORCE_KEY_FILE
from o2c_orchestration_tests.memory import in_memory

_ROOT = Path(__file__).parents[2]
_SHARE = 25


def main() -> int:
    """0 when every world was safe and settled, 1 otherwise."""
    arguments = _arguments()
    if arguments.worker:
        return _work(arguments)
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
    parser.add_argument("--worker", nargs=3, metavar=("URL", "HOME", "NAME"), help=argparse.SUPPRESS)
    parser.add_argument("--list", type=json.loads, default=[], help=argparse.SUPPRESS)
    return parser.parse_args()


def _share_out(arguments: argparse.Namespace, home: Path) -> list[dict[str, Any]]:
    from o2c_orchestration.store.database import start_embedded, stop_embedded

    _quick_keys(home / "keys")
    (home / "o2c.yaml").write_text(_POLICY)
    url = start_embedded(home)
    _forget_durability(url)
    seeds = (
        [arguments.seed] if arguments.seed is not None else range(arguments.first, arguments.first + arguments.seeds)
    )
    workers = min(arguments.workers, len(seeds))
    # A process keeps some memory of each world, so none of them has too many.
    shares = [list(seeds)[start : start + _SHARE] for start in range(0, len(seeds), _SHARE)]
    if len(shares) < workers:
        shares = [list(seeds)[n::workers] for n in range(workers)]
    try:
        with ThreadPoolExecutor(workers) as pool:
            said = pool.map(partial(_worker, arguments, home, url), range(len(shares)), shares)
            results = [json.loads(line) for output in said for line in output.splitlines()]
    finally:
        stop_embedded(home)
    if len(results) < len(seeds):
        raise SystemExit(f"{len(seeds) - len(results)} seeds gave no result: a worker ended early")
    return sorted(results, key=lambda result: int(result["seed"]))


def _worker(arguments: argparse.Namespace, home: Path, url: str, number: int, seeds: list[int]) -> str:
    """What a process for these seeds said."""
    trace = ("--seed", str(arguments.seed)) if arguments.seed is not None else ()
    done = subprocess.run(
        [
            *(sys.executable, "-m", __package__, "--worker", url, str(home), f"simulation_{number}"),
            *("--list", json.dumps(seeds), *trace),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env=os.environ | {"TMPDIR": str(home)},
        check=False,
    )
    return done.stdout


# Half of the requests at once is enough to find the same states, and asks Stripe half as often.
_POLICY = """
stripe: {requests_in_flight: 1}
accounts: {bank: {usd: Checking, eur: Checking EUR}}
"""


def _quick_keys(folder: Path) -> None:
    """Key pairs for the sandbox: of a curve, since RSA keys take a tenth of a world's time to load."""
    folder.mkdir(parents=True)
    for name in (NETSUITE_KEY_FILE, SALESFORCE_KEY_FILE):
        key = ec.generate_private_key(ec.SECP256R1())
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / name).write_bytes(key.private_bytes(*form))


def _forget_durability(url: str) -> None:
    """Nothing here outlives the run, so nothing waits for the disk."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")


def _work(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from o2c_orchestration_tests.simulation.clock import clock

    # Before the product is imported: default arguments keep the clock that they find.
    clock.install(datetime(2026, 1, 1, tzinfo=UTC))
    from o2c_orchestration_tests.simulation.campaign import Campaign
    from o2c_orchestration_tests.simulation.database import SimulatedDatabase

    url, home, name = arguments.worker[0], Path(arguments.worker[1]), arguments.worker[2]
    database = SimulatedDatabase(url, name)
    campaign = Campaign(database, home / "keys", home / "o2c.yaml")
    trace = Path(f"simulation-{arguments.seed}.trace") if arguments.seed is not None else None
    for seed in arguments.list:
        result = campaign.run(seed, trace)
        _say(json.dumps(result.as_dict()))
        if result.verdict:
            sys.stderr.write(f"seed {seed}: {result.verdict}\n  replay: make simulate SEED={seed}\n")
    database.close()
    return 0


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
