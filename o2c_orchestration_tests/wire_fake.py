"""A scripted HTTP server on a real socket, for answers and breakdowns that the sandbox does not give.

It shares nothing with the clients: what arrives is recorded as it came, what leaves is written as the test says.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

Breakdown = Literal["", "unread", "unanswered", "mid_body", "hang"]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer, or one way of failing to answer.

    unread: the connection is reset before the request is read. unanswered: reset after it was read.
    mid_body: the headers and half of the body, then the end. hang: nothing until the server stops.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    breakdown: Breakdown = ""

    def content(self) -> bytes:
        """The body's bytes; anything but bytes is written as JSON."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Script = Callable[[Seen], Reply]


class WireFake:
    """`with WireFake(reply, reply) as fake:` answers in that order, the last reply for ever; or one function."""

    def __init__(self, *script: Reply | Script) -> None:
        self._script = list(script) or [Reply()]
        self._lock = threading.Lock()
        self.seen: list[Seen] = []
        self.stopped = threading.Event()

    @property
    def base_url(self) -> str:
        """Such as `http://127.0.0.1:4242`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next_reply(self, seen: Seen | None) -> Reply | Script:
        """The reply that is due. With no request yet: only looked at, not used up."""
        with self._lock:
            step = self._script[0]
            if (seen is not None or _unread(step)) and len(self._script) > 1:
                self._script.pop(0)
            if seen is not None:
                self.seen.append(seen)
            return step

    def __enter__(self) -> Self:
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _unread(step: Reply | Script) -> bool:
    return isinstance(step, Reply) and step.breakdown == "unread"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, fake: WireFake) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fake = fake

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections break on purpose here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_one_request(self) -> None:
        # Looked at before a byte is read: the reset may come first.
        if _unread(self.server.fake._script[0]):
            self.server.fake.next_reply(None)
            # Not before the request is there: a reset during connect would be a connection that never was.
            self.connection.recv(1, socket.MSG_PEEK)
            self._reset()
            return
        super().handle_one_request()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        url = urlsplit(self.path)
        seen = Seen(self.command, url.path, dict(parse_qsl(url.query)), self.headers, self.rfile.read(length))
        step = self.server.fake.next_reply(seen)
        reply = step if isinstance(step, Reply) else step(seen)
        if reply.breakdown == "hang":
            self.server.fake.stopped.wait(30)
        if reply.breakdown in ("hang", "unanswered"):
            self._reset()
            return
        self._write(reply)
        # The following request on this connection may be meant to go unread.
        if reply.breakdown == "mid_body" or _unread(self.server.fake._script[0]):
            self.close_connection = True

    def _write(self, reply: Reply) -> None:
        content = reply.content()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if reply.breakdown == "mid_body" else content)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 (the names http.server looks for)


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
