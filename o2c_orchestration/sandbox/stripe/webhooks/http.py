"""One POST over a connection of its own, without a thread: the event loop goes on with requests meanwhile.

By hand, because every HTTP library at hand blocks. Of an answer only the status matters.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from functools import cache
from urllib.parse import SplitResult, urlsplit

HEAD_BYTES_MAX = 64 * 1024
REST_BYTES_MAX = 1024 * 1024
CHUNK_BYTES = 64 * 1024
REST_SECONDS_MAX = 1.0


class NoAnswer(Exception):
    """There was no connection, or no HTTP answer in time; the message says which."""


async def post(url: str, headers: dict[str, str], body: bytes, timeout_seconds: float) -> int:
    """The status of the answer. Raises NoAnswer, at the latest after `timeout_seconds`."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(timeout_seconds):
            return await _exchange(parts, _request(parts, headers, body))
    except TimeoutError:
        raise NoAnswer("timed out") from None
    except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from None


def _request(parts: SplitResult, headers: dict[str, str], body: bytes) -> bytes:
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    sent = {"Host": parts.netloc.rpartition("@")[2], "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in (sent | headers).items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _exchange(parts: SplitResult, request: bytes) -> int:
    secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or (443 if secure else 80), ssl=_tls() if secure else None, limit=HEAD_BYTES_MAX
    )
    try:
        writer.write(request)
        await writer.drain()
        status = _status(await reader.readuntil(b"\r\n\r\n"))
        await _skip_rest(reader)
        return status
    finally:
        writer.close()


async def _skip_rest(reader: asyncio.StreamReader) -> None:
    # A server that is cut off in the middle of its answer would complain of it.
    with suppress(OSError):
        async with asyncio.timeout(REST_SECONDS_MAX):
            for _ in range(REST_BYTES_MAX // CHUNK_BYTES):
                if not await reader.read(CHUNK_BYTES):
                    return


def _status(head: bytes) -> int:
    version, _, rest = head.partition(b" ")
    if not version.startswith(b"HTTP/"):
        raise ValueError("the answer is not HTTP")
    return int(rest[:3])


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
