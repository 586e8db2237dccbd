"""What a request is called where others may read it: the system and the route, without the ids and values in it.

What stands where an id may stand is left out, whatever it looks like: ids of coupons, say, are words that people chose.
"""

import re
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from o2c_orchestration import tracing

ID = "{id}"
# Words of the APIs where an id could stand.
_WORDS = frozenset({"search", "create_preview", "!transform", "describe", "deleted"})
_WORD = re.compile(r"[A-Za-z_]+")
# The system, the part that is always the same, and what the parts of the rest are in turn: `n` a name, `i` an id.
_KNOWN = (
    ("stripe", re.compile(r"/v[12]/"), "ni"),
    ("netsuite", re.compile(r"/services/rest/(?:record|query|system)/v1/"), "ni"),
    ("netsuite", re.compile(r"/services/rest/auth/oauth2/v1/"), "ni"),
    ("salesforce", re.compile(r"/services/data/v\d+\.0/composite/sobjects/?"), "nn"),
    ("salesforce", re.compile(r"/services/data/v\d+\.0/sobjects/"), "ni"),
    ("salesforce", re.compile(r"/services/data/v\d+\.0/"), "ni"),
    ("salesforce", re.compile(r"/services/oauth2/"), "ni"),
)


def asking(method: str, url: str) -> AbstractContextManager[tracing.Span]:
    """A span around one request and its answer. Of the address only `route` is told: no host, id or query."""
    if not tracing.is_on():
        return tracing.span(method)
    system, path = route(url)
    said: dict[str, tracing.Value] = {
        "o2c.system": system,
        "http.request.method": method,
        "url.template": path,
        "http.request.resend_count": tracing.retries() or None,
    }
    return tracing.span(f"{method} {path}", said, asks=True)


def answered(span: tracing.Span, status: int) -> None:
    """The answer's status; from 400 on it counts as a failure."""
    span.say("http.response.status_code", status)
    if status >= 400:
        span.fail(str(status))


def route(url: str) -> tuple[str, str]:
    """The system that an address is of, and its path with `{id}` for ids; of one that is not known, nothing."""
    path = urlsplit(url).path
    for system, pattern, turns in _KNOWN:
        if fixed := pattern.match(path):
            rest = [part for part in path[fixed.end() :].split("/") if part]
            named = (_told(part, turns[number % 2]) for number, part in enumerate(rest))
            return system, fixed.group() + "/".join(named)
    return "unknown", ID


def _told(part: str, turn: str) -> str:
    return part if part in _WORDS or (turn == "n" and _WORD.fullmatch(part)) else ID
