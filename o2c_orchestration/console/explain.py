"""`o2c explain`: the entries of docs/errors.md, by name."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import typer
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite_errors import categorize
from o2c_orchestration.console import tables
from o2c_orchestration.console.files import deployed_file
from o2c_orchestration.domain.topics import hint
from o2c_orchestration.store.gaps import Gap
from o2c_orchestration.store.reasons import refused_writes

DOCUMENT = "docs/errors.md"
_ROW = re.compile(r"^\| [^|]+ \| `?([^|`]+)`? \| ([^|]+) \| ([^|]*) \|$")
_OURS = re.compile(r"[A-Z][A-Z_]+")
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@dataclass(frozen=True)
class Entry:
    """What docs/errors.md says under one name; `part` is the heading above it."""

    name: str
    part: str
    text: str


def explain(
    name: Annotated[str, typer.Argument(metavar="CODE|CLASS", help="As error lines, gaps and dead letters say it.")],
    as_json: Json = False,
) -> None:
    """What an error means: its cause, what is done about it by itself, what a person does."""
    entries = read_entries()
    found = look_up(entries, name)
    if not found:
        nearest = difflib.get_close_matches(name.lower(), {key.lower() for key in entries}, n=1)
        said = next((key for key in entries if nearest and key.lower() == nearest[0]), None)
        more = f"Did you mean {said}?" if said else f"All names are in {DOCUMENT}."
        tables.error_console.print(f"o2c: nothing is known as {name}. {more}", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    if as_json:
        tables.print_json(found)
        return
    for entry in found:
        tables.console.print(f"{entry.name} ({entry.part})\n\n{entry.text}\n", markup=False, soft_wrap=True)


def look_up(entries: Mapping[str, Entry], name: str) -> list[Entry]:
    """The entry of exactly this name, else all that differ in upper and lower case only."""
    if name in entries:
        return [entries[name]]
    return [entry for key, entry in entries.items() if key.lower() == name.lower()]


def read_entries() -> dict[str, Entry]:
    """All entries by name, those of the connector's codes among them. Raises O2CError without the document."""
    return parse(deployed_file(DOCUMENT).read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, Entry]:
    """Entries of a document in the form of docs/errors.md: headings of the third level, and rows of its tables."""
    found, part = dict[str, Entry](), ""
    for block in re.split(r"^(?=##)", text, flags=re.MULTILINE):
        head, _, body = block.partition("\n")
        if head.startswith("### "):
            name = head[4:].strip()
            found[name] = Entry(name, part, body.strip())
        elif head.startswith("## "):
            part = head[3:].strip()
            found |= {entry.name: entry for line in body.splitlines() if (entry := _row(line, part)) is not None}
    return found


def _row(line: str, part: str) -> Entry | None:
    match = _ROW.match(line)
    if match is None or match[1] == "the connector's code":
        return None
    here = "" if match[2] == "no equivalent" else "here: "
    return Entry(match[1], part, f"{here}{match[2]}" + (f"; {match[3]}" if match[3] else ""))


def letter_topic(code: str | None, detail: str | None, external_id: str = "") -> str | None:
    """The entry about a write that was refused with this code and these words, ours or the other system's."""
    if code is None:
        return None
    if code in _own_codes():
        return code
    if external_id.startswith("stripe:"):
        return "stripe_refused"
    return categorize(code, detail or "")


@cache
def _own_codes() -> frozenset[str]:
    return frozenset(key for key in read_entries() if _OURS.fullmatch(key))


def gap_hints(engine: Engine, gaps: Sequence[Gap]) -> dict[str, str]:
    """By gap id, the short way to what is told about a refused document; nothing for gaps of other reasons."""
    told: dict[str, str] = {}
    writes = refused_writes(engine)
    for gap in gaps:
        for write in writes:
            if write.stripe_id in (gap.stripe_id, gap.salesforce_id) and write.words.rstrip(".") in gap.reason:
                topic = letter_topic(write.code, write.words, write.external_id)
                told |= {gap.gap_id: hint(topic)} if topic else {}
    return told
