"""Running the sandbox with uvicorn: blocking for the command line, in a thread for tests."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from o2c_orchestration.sandbox.app import create_app
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.faults import DROP_EXTENSION

LOOPBACK = "127.0.0.1"
START_SECONDS_MAX = 10.0
# Idle connections live longer than a client's pause between pages, so that no request meets a closing one.
KEEP_ALIVE_SECONDS = 120
# A hanging request must not hold up the stop.
STOP_SECONDS = 1


def serve(
    state_dir: Path,
    host: str = LOOPBACK,
    port: int = 4242,
    *,
    config: SandboxConfig | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` is told the base URL once the port is bound.

    Raises OSError when the port is taken.
    """
    with _bound(host, port) as listener:
        server = _server(create_app(state_dir, config=config))
        if on_ready is not None:
            on_ready(f"http://{host}:{listener.getsockname()[1]}")
        server.run(sockets=[listener])


class SandboxServer:
    """The sandbox in a thread: `with SandboxServer(tmp_path) as sandbox: requests.get(sandbox.base_url)`.

    Port 0 takes a free one. The port answers once the `with` block is entered, and nothing runs any more
    once it is left; objects stay in `state_dir` for the next server.
    """

    def __init__(self, state_dir: Path, port: int = 0, config: SandboxConfig | None = None) -> None:
        self.config = config or SandboxConfig()
        self._state_dir = state_dir
        self._asked_port = port

    @property
    def base_url(self) -> str:
        """Such as `http://127.0.0.1:4242`, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        return self.start()

    def start(self) -> Self:
        """Bind and serve. Raises OSError when the port is taken, RuntimeError when it does not start."""
        self._socket = _bound(LOOPBACK, self._asked_port)
        self.port: int = self._socket.getsockname()[1]
        self._server = _server(create_app(self._state_dir, config=self.config))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the sandbox server did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop and wait until the thread is gone and the port free."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def _bound(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on a connection waits to be accepted instead of being refused.
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _server(app: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            _with_drop(_dated(app)),
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )


def _dated(app: ASGIApp) -> ASGIApp:
    """Answers carry the time; those of a system that has a clock of its own carry that one's."""

    async def dating(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Date", formatdate(usegmt=True))
            await send(message)

        await app(scope, receive, sending)

    return dating


def _with_drop(app: ASGIApp) -> ASGIApp:
    """Offer the application a way to close the connection without an answer.

    ASGI has none, and an exception becomes a 500; only the server knows the transport.
    """

    async def offering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            transport = cast(Any, send).__self__.transport

            async def drop(receive_rest: Receive) -> None:
                transport.abort()
                # The protocol learns of the closing in its own time; leaving earlier would log an error.
                while (await receive_rest())["type"] != "http.disconnect":
                    await asyncio.sleep(0)

            scope = {**scope, "extensions": {**(scope.get("extensions") or {}), DROP_EXTENSION: drop}}
        await app(scope, receive, send)

    return offering
