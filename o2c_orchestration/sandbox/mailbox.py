"""`/_sandbox/mailbox`: a web hook that keeps what it is told, so that alerts have somewhere to go on a laptop.

It takes the JSON that most senders of notifications post: `title`, `message`, `type`. What came is kept in a file, a
line for each message, and shown as JSON, or as a page to read.
"""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_BODY_MAX = 1 << 20
_TITLE_MAX, _TEXT_MAX = 500, 100_000
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mailbox</title>
<meta http-equiv="refresh" content="15"><style>
body{{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;
background:#f6f8fa}}
article{{background:#fff;border:1px solid #d0d7de;border-left:6px solid #9a6700;border-radius:6px;padding:.7rem 1rem;
margin:0 0 1rem}}article.failure{{border-left-color:#cf222e}}article.success{{border-left-color:#1a7f37}}
article.info{{border-left-color:#0969da}}h2{{font-size:1rem;margin:0}}time{{color:#59636e;font-size:.85rem}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0 0;font:13px/1.5 ui-monospace,monospace}}
</style></head><body><h1>Messages: {count}</h1>{articles}</body></html>"""
_ARTICLE = '<article class="{type}"><h2>{title}</h2><time>{at}</time><pre>{message}</pre></article>'
_TYPES = ("info", "success", "warning", "failure")


class Mailbox:
    """Messages in the order in which they came; they outlive the sandbox, in `state_dir`."""

    def __init__(self, state_dir: Path) -> None:
        self._file = state_dir / "mailbox.jsonl"

    @property
    def routes(self) -> list[Route]:
        """Take one; show them, as JSON and as a page."""
        return [
            Route("/_sandbox/mailbox", self._json, methods=["GET", "POST", "DELETE"]),
            Route("/_sandbox/mailbox.html", self._page, methods=["GET"]),
        ]

    def messages(self) -> list[dict[str, Any]]:
        """The oldest first: `at` (UTC), `type`, `title`, `message`."""
        if not self._file.exists():
            return []
        return [orjson.loads(line) for line in self._file.read_bytes().splitlines()]

    async def _json(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._file.unlink(missing_ok=True)
        if request.method == "POST":
            return await self._take(request)
        return _answer(self.messages())

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        try:
            if len(body) > _BODY_MAX:
                raise ValueError("too long")
            given = orjson.loads(body)
            title, text = str(given.get("title") or ""), str(given["message"])
        except (ValueError, KeyError, AttributeError):
            return _answer({"error": "not a JSON object with a message"}, 400)
        kind = given.get("type") if given.get("type") in _TYPES else "info"
        at = datetime.now(UTC).isoformat(timespec="seconds")
        kept = {"at": at, "type": kind, "title": title[:_TITLE_MAX], "message": text[:_TEXT_MAX]}
        with self._file.open("ab") as file:
            file.write(orjson.dumps(kept) + b"\n")
        return _answer({"messages": len(self.messages())}, 201)

    async def _page(self, request: Request) -> Response:
        found = self.messages()
        articles = [_ARTICLE.format(**{key: html.escape(str(value)) for key, value in each.items()}) for each in found]
        return HTMLResponse(_PAGE.format(count=len(found), articles="".join(reversed(articles))))


def _answer(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
