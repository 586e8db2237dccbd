"""How a change meets what is stored: bodies are merged property by property, sublists by their own rules.

Lines of a sublist without a key are appended, unless they carry the number of an existing line or the
request asked to replace the sublist. A careless second upsert therefore doubles the lines, as it does
in NetSuite.
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.netsuite.records import RecordType, Sublist

Json = dict[str, Any]


def merge(record: RecordType, stored: Json, patch: Json, replace: frozenset[str]) -> Json:
    """The record after `patch`. `replace` holds lower-case names of sublists to replace."""
    merged = dict(stored)
    by_name = {sublist.name: sublist for sublist in record.sublists.values()}
    for name, value in patch.items():
        if name in by_name:
            lines = list(stored.get(name) or [])
            merged[name] = _merge_lines(by_name[name], lines, value, name.lower() in replace)
        elif value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    for sublist in by_name.values():
        merged[sublist.name] = number_lines(merged.get(sublist.name) or [])
    return merged


def number_lines(lines: list[Json]) -> list[Json]:
    """Give every line that has none the next free line number; numbers of stored lines never change."""
    last = max((int(line["line"]) for line in lines if line.get("line") is not None), default=0)
    numbered = []
    for line in lines:
        if line.get("line") is None:
            last += 1
            numbered.append({**line, "line": str(last)})
        else:
            numbered.append(line)
    return numbered


def _merge_lines(sublist: Sublist, stored: list[Json], incoming: list[Json] | None, replace: bool) -> list[Json]:
    if incoming is None:
        return []
    if sublist.key:
        return _merge_keyed(sublist.key, stored, incoming, replace)
    return _merge_numbered([] if replace else stored, incoming)


def _merge_keyed(key: str, stored: list[Json], incoming: list[Json], replace: bool) -> list[Json]:
    given = {_identity(line.get(key)): line for line in incoming}
    known = {_identity(line.get(key)): line for line in stored}
    # A keyed line's own number is NetSuite's business: an incoming one says nothing about ours.
    updated = {
        identity: {**known.get(identity, {}), **{n: v for n, v in line.items() if n != "line"}}
        for identity, line in given.items()
    }
    kept = {} if replace else known
    return list({**kept, **updated}.values())


def _merge_numbered(stored: list[Json], incoming: list[Json]) -> list[Json]:
    lines = list(stored)
    position = {str(line.get("line")): index for index, line in enumerate(lines)}
    for line in incoming:
        index = position.get(str(line.get("line")))
        if line.get("line") is not None and index is not None:
            lines[index] = _update_line(lines[index], line)
        else:
            lines.append({name: v for name, v in line.items() if name != "line" and v is not None})
    return lines


def _update_line(stored: Json, line: Json) -> Json:
    updated = {**stored, **line}
    if "amount" not in line and ("quantity" in line or "rate" in line):
        # A new quantity or rate is worth nothing if the old amount stays.
        updated.pop("amount", None)
    return {name: value for name, value in updated.items() if value is not None}


def _identity(value: object) -> str:
    return str(value["id"]) if isinstance(value, dict) else str(value)
