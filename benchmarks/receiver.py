"""The receiver: signed posts a second, how long they take, its memory, and whether anything acknowledged is missing.

    python -m benchmarks.receiver --posts 100000 --crashes 1

The receiver runs as `o2c receiver` in front of an embedded PostgreSQL that waits for the disk; PostgreSQL crashes and
starts again in between. Senders keep connections open and send what was not acknowledged again, as Stripe does, only at
once. Bodies are snapshot events of about 3 KB.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import requests

from benchmarks.common import say
from o2c_orchestration.store.database import start_embedded, stop_embedded
from o2c_orchestration_tests.crash.test_processes import crash_postgres

PORT = 8951
SECRET = "whsec_benchmark"
# Posts a second of a machine that is faster than any we had: the database crashes while they come, not after.
_FAST = 5000
_FILLER = {f"field_{number}": "x" * 40 for number in range(50)}


@dataclass
class Sent:
    """What one sender saw: seconds of each acknowledged post, and how many answers were no 2xx."""

    seconds: list[float]
    refused: int


def _request(number: int) -> bytes:
    thing = {"id": f"in_{number}", "object": "invoice", "created": 1_790_000_000, **_FILLER}
    wire = {"id": f"evt_{number}", "object": "event", "type": "invoice.paid", "created": int(time.time())}
    body = json.dumps({**wire, "data": {"object": thing}}).encode()
    at = int(time.time())
    signature = hmac.new(SECRET.encode(), b"%d.%s" % (at, body), hashlib.sha256).hexdigest()
    head = f"POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nStripe-Signature: t={at},v1={signature}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _connection(numbers: list[int], sent: Sent) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    while numbers:
        number = numbers.pop()
        began = time.perf_counter()
        try:
            writer.write(_request(number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError, IndexError):
            numbers.append(number)
            sent.refused += 1
            await asyncio.sleep(0.1)
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
            continue
        if head.startswith(b"HTTP/1.1 200"):
            sent.seconds.append(time.perf_counter() - began)
        else:
            numbers.append(number)
            sent.refused += 1
            await asyncio.sleep(0.1)
    writer.close()


def send(first: int, count: int, connections: int) -> Sent:
    """Events `first` to `first + count`, over so many connections, until all are acknowledged."""
    numbers, sent = list(range(first, first + count)), Sent([], 0)

    async def work() -> None:
        await asyncio.gather(*(_connection(numbers, sent) for _ in range(connections)))

    asyncio.run(work())
    return sent


def _started(home: Path, url: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "O2C_DATABASE_URL": url, "STRIPE_WEBHOOK_SECRETS": SECRET, "O2C_HOME": str(home)}
    command = [sys.executable, "-m", "o2c_orchestration.cli", "receiver", "--port", str(PORT)]
    process = subprocess.Popen(command, env=environment)
    for _ in range(600):
        try:
            if requests.get(f"http://127.0.0.1:{PORT}/readyz", timeout=5).ok:
                return process
        except requests.ConnectionError:
            time.sleep(0.1)
    raise TimeoutError("the receiver did not start")


def _crash(home: Path, pauses: list[float]) -> None:
    for pause in pauses:
        time.sleep(pause)
        crash_postgres(home / "postgres")


def _measure(home: Path, posts: int, connections: int, crashes: int) -> None:
    url = start_embedded(home)
    process = _started(home, url)
    try:
        breaker = threading.Thread(target=_crash, args=(home, [posts / _FAST / (crashes + 1) + 1] * crashes))
        began = time.monotonic()
        breaker.start()
        with ProcessPoolExecutor(1) as pool:
            sent = pool.submit(send, 0, posts, connections).result()
        seconds = time.monotonic() - began
        breaker.join()
        memory = psutil.Process(process.pid).memory_info().rss / 1024**2
    finally:
        process.terminate()
        process.wait()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM o2c.stripe_events").fetchone()
    assert row is not None
    cuts = statistics.quantiles(sent.seconds, n=1000)
    say(f"{posts:,} posts in {seconds:.0f} s: {posts / seconds:,.0f} a second over {connections} connections")
    say(f"p50 {cuts[499] * 1000:.1f} ms  p99 {cuts[989] * 1000:.1f} ms  longest {max(sent.seconds):.1f} s")
    say(f"{crashes} crashes of PostgreSQL, {sent.refused:,} answers that were not 2xx, {memory:.0f} MiB")
    say(f"acknowledged {len(sent.seconds):,}, stored {row[0]:,}, lost {max(0, len(sent.seconds) - int(row[0])):,}")


def main() -> None:
    """Measure one run."""
    parser = argparse.ArgumentParser(description="The receiver under load")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--crashes", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        home.mkdir()
        try:
            _measure(home, given.posts, given.connections, given.crashes)
        finally:
            stop_embedded(home)
            if (home / "postgres" / "postmaster.pid").exists():
                crash_postgres(home / "postgres", "stop")


if __name__ == "__main__":
    main()
