"""`stripe listen` in front of the product: Stripe's side of it, over the sandbox, and what forwards.

Known of the Stripe CLI from its source, and from version 1.52 at the wire: Stripe hands it the payload and the headers
of a webhook, signed with the secret of its session; it posts both as they are, once, whatever the answer is, and
follows no redirect. Where the program `stripe` is on PATH it is used; a forwarder by hand sends the same bytes anyway.
"""

import http.client
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

SECRET = "whsec_of_stripe_listen"
# What Stripe sends beside what HTTP needs.
_HEADERS = ("Accept", "Cache-Control", "Content-Type", "Stripe-Signature", "User-Agent")

Message = dict[str, Any]


@dataclass
class Session:
    """A session of the CLI at Stripe: what waits to be forwarded, and how the receiver has answered."""

    waiting: "queue.Queue[Message]" = field(default_factory=queue.Queue)
    answers: list[int] = field(default_factory=list)
    connected: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def put(self, payload: str, headers: dict[str, str], *, thin: bool = False) -> None:
        """An event for the CLI, in the message that Stripe puts it into."""
        if thin:
            self.waiting.put(
                {"type": "v2_event", "payload": payload, "http_headers": headers, "destination_id": "ed_cli"}
            )
            return
        conversation = {"webhook_id": "wh_cli", "webhook_conversation_id": "wc_cli"}
        shape = {"type": "webhook_event", "endpoint": {"api_version": None}, **conversation}
        self.waiting.put({**shape, "event_payload": payload, "http_headers": headers})

    def application(self) -> Starlette:
        """Stripe as the CLI sees it; the sandbox delivers to `/events`, and to `/events/thin`."""
        return Starlette(
            routes=[
                Route("/events", self._take, methods=["POST"]),
                Route("/events/thin", self._take, methods=["POST"]),
                Route("/v1/stripecli/sessions", self._open, methods=["POST"]),
                WebSocketRoute("/subscribe", self._subscribe),
            ]
        )

    async def _take(self, request: Request) -> Response:
        headers = {name: request.headers[name] for name in _HEADERS}
        self.put((await request.body()).decode(), headers, thin=request.url.path.endswith("thin"))
        return JSONResponse({})

    async def _open(self, request: Request) -> Response:
        session = {"secret": SECRET, "websocket_id": "cliws", "websocket_authorized_feature": "webhook_payloads"}
        address = self.url.replace("http", "wss") + "/subscribe"
        return JSONResponse({**session, "websocket_url": address, "reconnect_delay": 600, "device_token": "wtok"})

    async def _subscribe(self, socket: WebSocket) -> None:
        await socket.accept()
        self.connected.set()
        with suppress(WebSocketDisconnect):
            while True:
                # The CLI tells an answer for each, after it has told that the event came.
                message = await run_in_threadpool(self.waiting.get)
                if not message:
                    return
                await socket.send_bytes(orjson.dumps(message))
                await self._heard(socket)

    async def _heard(self, socket: WebSocket) -> None:
        while (told := orjson.loads(await socket.receive_text()))["type"] != "webhook_response":
            assert told["type"] == "event_ack"
        self.answers.append(told["status"])


def post_as_go_does(address: str, payload: str, headers: dict[str, str]) -> int:
    """One POST with the lines that Go's client sends, in its order; the status of the answer."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    body = payload.encode()
    try:
        connection.putrequest("POST", parts.path, skip_host=True, skip_accept_encoding=True)
        first = {"Host": parts.netloc, "User-Agent": headers["User-Agent"], "Content-Length": str(len(body))}
        for name, value in {**first, **dict(sorted(headers.items())), "Accept-Encoding": "gzip"}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@contextmanager
def by_hand(session: Session, arguments: Sequence[str], home: Path) -> Iterator[None]:
    """Forwards what waits to the address behind `--forward-to`, which lacks its `http://` as in the README."""
    address = "http://" + arguments[arguments.index("--forward-to") + 1]

    def forward() -> None:
        while message := session.waiting.get():
            payload = message.get("event_payload") or message["payload"]
            session.answers.append(post_as_go_does(address, payload, message["http_headers"]))

    worker = threading.Thread(target=forward)
    worker.start()
    try:
        yield
    finally:
        session.waiting.put({})
        worker.join(timeout=40)


@contextmanager
def by_stripe(session: Session, arguments: Sequence[str], home: Path) -> Iterator[None]:
    """The Stripe CLI itself, told that Stripe is here."""
    command = ["stripe", *arguments, "--skip-update", "--no-wss", "--api-base", session.url]
    variables = {
        "STRIPE_API_KEY": "sk_test_of_nobody",
        "XDG_CONFIG_HOME": str(home),
        "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
    }
    with (home / "stripe.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **variables}, stdout=log, stderr=log)
    try:
        assert session.connected.wait(30), (home / "stripe.log").read_text()
        yield
    finally:
        session.waiting.put({})
        process.terminate()
        process.wait(timeout=30)


Forwarder = Callable[[Session, Sequence[str], Path], Any]
FORWARDERS: list[Forwarder] = [by_hand, *([by_stripe] if shutil.which("stripe") else [])]


def deliver_to(session: Session, sandbox_url: str, *, thin: bool) -> None:
    """The sandbox gives the session every event from now on."""
    address = f"{session.url}/events" + ("/thin" if thin else "")
    forward = {"url": address, "secret": SECRET, "event_payload": "thin" if thin else "snapshot"}
    requests.post(f"{sandbox_url}/_sandbox/stripe/webhook_endpoints", json=forward, timeout=30).raise_for_status()
