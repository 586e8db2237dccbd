"""The tokens of SOQL, and where each stands.

What belongs here: cutting text into tokens, and pointing at one of them in an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from o2c_orchestration.sandbox.salesforce.errors import SalesforceError, refusal

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<string>'(?:[^'\\]|\\.)*')"
    r"|(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<day>\d{4}-\d\d-\d\d)(?![\dT])"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<mark><=|>=|!=|<>|[=<>(),:])",
    re.DOTALL,
)
_BEFORE, _BEHIND = 40, 40


@dataclass(frozen=True)
class Token:
    """One token: its kind (string, moment, day, number, name, mark or end), its text and its place."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The text in upper case, for key words."""
        return self.text.upper()


def cut(text: str) -> list[Token]:
    """All tokens, one that marks the end last. Raises SalesforceError (MALFORMED_QUERY)."""
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise unexpected(text, Token("mark", text[at], at))
        if found.lastgroup != "space":
            tokens.append(Token(str(found.lastgroup), found[0], at))
        at = found.end()
    return [*tokens, Token("end", "<EOF>", len(text))]


def unexpected(text: str, token: Token) -> SalesforceError:
    """The query cannot be read on from here."""
    return pointing(text, token.at, "MALFORMED_QUERY", f"unexpected token: '{token.text}'")


def pointing(text: str, at: int, code: str, message: str) -> SalesforceError:
    """An error with the place in the query, as Salesforce draws it."""
    row = text.count("\n", 0, at) + 1
    start = text.rfind("\n", 0, at) + 1
    column = at - start
    line = text[start:].split("\n", 1)[0]
    shown_from = max(0, column - _BEFORE)
    shown = line[shown_from : column + _BEHIND]
    pointer = " " * (column - shown_from) + "^"
    return refusal(400, code, f"\n{shown}\n{pointer}\nERROR at Row:{row}:Column:{column + 1}\n{message}")
