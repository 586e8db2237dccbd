"""A Stripe that costs next to nothing: pre-rendered invoices, listed page by page after a fixed wait.

Extraction is measured against this instead of the sandbox, so that the server's own work does not hide the
client's. It knows one list, `/v1/invoices` with `limit`, `starting_after` and `created[gte|gt|lt|lte]`, plus the
two empty answers that rivals ask for first. Run it as a process of its own: `python -m benchmarks.stub_stripe`.
"""

import argparse
import asyncio
import json
import socket
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

LAST_DAY = date(2026, 11, 22)
_PAGE_MAX = 100
_SEND_BUFFER = 4 * 1024 * 1024
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nRequest-Id: req_1\r\nContent-Length: %d\r\n\r\n"
_ACCOUNT = {
    "id": "acct_stub",
    "object": "account",
    "settings": {"dashboard": {"display_name": "Stub"}},
}


class Invoices:
    """`count` invoices created evenly over the `days` days up to LAST_DAY, newest first, in one buffer."""

    def __init__(self, count: int, days: int) -> None:
        end = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time(), UTC).timestamp()
        step = days * 86_400 / count
        # Bisection needs ascending order: seconds before the end grow from the newest to the oldest.
        self.ages = [int((number + 1) * step) for number in range(count)]
        self.end = int(end)
        self.numbers: dict[str, int] = {}
        templates, chunks, offset = _templates(), [], 0
        self.offsets = [0]
        for number, age in enumerate(self.ages):
            key = f"in_1{number:023d}"
            self.numbers[key] = number
            chunk = _render(templates[number % len(templates)], key, number, self.end - age)
            chunks.append(chunk)
            offset += len(chunk)
            self.offsets.append(offset)
        self.buffer = memoryview(b"".join(chunks))

    def page(self, query: dict[str, str]) -> tuple[memoryview, bool]:
        """The objects of one page as JSON, with a comma after each, and whether there are more."""
        # Created at or after a time means an age of at most end - time.
        low = self.end - (int(query["created[lt]"]) - 1) if "created[lt]" in query else 0
        low = self.end - int(query["created[lte]"]) if "created[lte]" in query else low
        high = self.end - int(query["created[gte]"]) if "created[gte]" in query else self.end
        high = self.end - (int(query["created[gt]"]) + 1) if "created[gt]" in query else high
        first, stop = bisect_left(self.ages, low), bisect_left(self.ages, high + 1)
        if "starting_after" in query:
            first = max(first, self.numbers[query["starting_after"]] + 1)
        last = min(first + min(int(query.get("limit", 10)), _PAGE_MAX), stop)
        return self.buffer[self.offsets[first] : self.offsets[max(first, last)]], last < stop


def _templates() -> list[str]:
    """One-line invoices as the sandbox's demo company renders them, with places for what differs."""
    from o2c_orchestration.sandbox import company

    objects = company.build(invoices=400, today=LAST_DAY).stripe
    invoices = [item for item in objects if item["object"] == "invoice" and len(item["lines"]["data"]) == 1]
    texts = []
    for item in invoices[:64]:
        marked: dict[str, Any] = {**item, "created": "@created", "number": "@number"}
        text = json.dumps(marked, separators=(",", ":")).replace(item["id"], "@id")
        texts.append(text.replace('"@created"', "@created"))
    return texts


def _render(template: str, key: str, number: int, created: int) -> bytes:
    text = template.replace("@id", key).replace("@created", str(created)).replace("@number", f"NW-{number:07d}")

    return text.encode() + b","


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, for GET requests without bodies."""

    def __init__(self, invoices: Invoices, latency_s: float) -> None:
        self._invoices = invoices
        self._latency_s = latency_s
        self._pending = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        transport.set_write_buffer_limits(high=_SEND_BUFFER)

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while b"\r\n\r\n" in self._pending:
            head, _, self._pending = self._pending.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            asyncio.get_running_loop().call_later(self._latency_s, self._answer, target)

    def _answer(self, target: str) -> None:
        path, _, query = target.partition("?")
        if path == "/v1/invoices":
            page, more = self._invoices.page(dict(parse_qsl(query)))
            objects: memoryview | bytes = page[:-1]
            tail = b'],"has_more":%s,"url":"/v1/invoices"}' % (b"true" if more else b"false")
            parts = [b'{"object":"list","data":[', objects, tail]
        elif path.startswith("/v1/account"):
            parts = [json.dumps(_ACCOUNT).encode()]
        else:
            parts = [b'{"object":"list","data":[],"has_more":false,"url":"%s"}' % path.encode()]
        size = sum(len(part) for part in parts)
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nRequest-Id: req_stub\r\nContent-Length: %d\r\n\r\n"
        )
        self._transport.write(b"".join([head % size, *parts]))


async def _serve(invoices: Invoices, latency_s: float, port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(invoices, latency_s), "127.0.0.1", port)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def running(count: int, days: int, latency_ms: int) -> Iterator[str]:
    """A stub in a process of its own; its base URL."""
    command = [sys.executable, "-m", "benchmarks.stub_stripe", f"--objects={count}", f"--days={days}"]
    command.append(f"--latency-ms={latency_ms}")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def main() -> None:
    """Serve until terminated; prints the port once it listens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--latency-ms", type=int, default=50)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    invoices = Invoices(options.objects, options.days)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(invoices, options.latency_ms / 1000, options.port))


if __name__ == "__main__":
    main()
