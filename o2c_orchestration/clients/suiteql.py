"""One answer to a SuiteQL query: its rows as text, and where the next page begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from o2c_orchestration.clients._http import Answer
from o2c_orchestration.clients.netsuite_answers import NETWORK_FIX
from o2c_orchestration.domain.errors import ProtocolError

PAGE_SIZE = 1000


@dataclass(frozen=True)
class SuiteQLPage:
    """Rows of one SuiteQL answer: column name in lower case → text. A NULL column is absent.

    All values are text, numbers too; booleans are `T` and `F`. `read_at` is the UTC start of the read.
    `following` is the limit and offset of the next page, where NetSuite says them.
    """

    rows: list[dict[str, str]]
    has_more: bool
    read_at: datetime
    following: tuple[int, int] | None = None


def onward(page: SuiteQLPage, limit: int, offset: int) -> tuple[int, int]:
    """Limit and offset of the next page. Raises ProtocolError when NetSuite's link leads back: it would never end."""
    limit, following = page.following or (limit, offset + limit)
    if following <= offset:
        what = f"NetSuite's query has more rows, and its next page begins at {following}, not after {offset}"
        raise ProtocolError(what, NETWORK_FIX, system="netsuite")
    return limit, following


def page_of(answer: Answer, limit: int) -> SuiteQLPage:
    """The page that an answer to a query of up to `limit` rows holds. Raises ProtocolError when it holds none."""
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        body = None
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ProtocolError("NetSuite's answer to a query holds no rows", NETWORK_FIX, system="netsuite")
    told = body.get("hasMore")
    # Without a word on it, a page that is full may not be the last.
    has_more = told if isinstance(told, bool) else len(items) >= limit
    return SuiteQLPage([_row(item) for item in items], has_more, answer.asked_at, _following(body.get("links")))


def _following(links: Any) -> tuple[int, int] | None:
    """Limit and offset of the link to the next page; of the link nothing else counts, least of all its host."""
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next":
            query = dict(parse_qsl(urlsplit(str(link.get("href"))).query))
            limit, offset = query.get("limit", ""), query.get("offset", "")
            if limit.isdigit() and offset.isdigit() and 1 <= int(limit) <= PAGE_SIZE and not int(offset) % int(limit):
                return int(limit), int(offset)
    return None


def _row(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.casefold(): value if isinstance(value, str) else _as_text(value)
        for name, value in item.items()
        if name != "links" and value is not None
    }


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)
