"""Pages of a collection: `limit` and `offset` from the query string, and the envelope around the items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from o2c_orchestration.sandbox.netsuite.errors import invalid_parameter

Json = dict[str, Any]
PAGE_MAX = 1000


@dataclass(frozen=True)
class Page:
    """`limit` rows from `offset` on."""

    limit: int
    offset: int

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Page:
        """From the query string. Raises 400 for a limit above 1000 or an offset between pages."""
        limit, offset = _number(query, "limit", PAGE_MAX), _number(query, "offset", 0)
        if not 1 <= limit <= PAGE_MAX:
            raise invalid_parameter(f"Invalid value for the query parameter 'limit': 1 to {PAGE_MAX}.")
        if offset % limit:
            raise invalid_parameter("Invalid value for the query parameter 'offset': it must be divisible by 'limit'.")
        return cls(limit, offset)

    def envelope(self, items: list[Json], total: int, url: str, query: Mapping[str, str]) -> Json:
        """Items with counts and the links self, next, last, prev and first."""
        last = max(0, (total - 1) // self.limit * self.limit)
        has_more = self.offset + len(items) < total and bool(items)
        offsets = [("self", self.offset)]
        if has_more:
            offsets += [("next", self.offset + self.limit), ("last", last)]
        if self.offset:
            offsets += [("prev", self.offset - self.limit), ("first", 0)]
        links = [{"rel": rel, "href": self._href(url, query, offset)} for rel, offset in offsets]
        return {
            "links": links,
            "count": len(items),
            "hasMore": has_more,
            "items": items,
            "offset": self.offset,
            "totalResults": total,
        }

    def _href(self, url: str, query: Mapping[str, str], offset: int) -> str:
        parts = {**query, "limit": str(self.limit), "offset": str(offset)}
        return f"{url}?{urlencode(parts, quote_via=quote)}"


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid_parameter(f"Invalid value for the query parameter '{name}': {text}.")
    return int(text)
