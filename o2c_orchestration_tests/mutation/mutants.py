"""Small faults that a source text may have: one operator, number or word turned into another.

What belongs here: which faults there are, for Python and for the SQL in its strings. No running of anything.
"""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_OPERATORS = {
    **{"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    **{"+": "-", "-": "+", "*": "+", "/": "*", "//": "*", "%": "*", "+=": "-=", "-=": "+="},
}
_WORDS = {
    **{"and": "or", "or": "and", "not": "", "True": "False", "False": "True", "is": "is not"},
    **{"if": "if not", "elif": "elif not", "raise": "", "return": "return None and", "continue": "pass"},
}
# A word with these beside it says something else, or nothing that a test could see.
_NO_FAULT = re.compile(
    r"@dataclass|TYPE_CHECKING|^\s*(from|import|class|def) |zip\(.*strict=|prepare=False|^\s*\"\"\"|^\s*return None$"
)
_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|SET)\b")
_SQL_FAULTS = (
    (re.compile(r"(?<![<>!])<=(?!>)"), "<"),
    (re.compile(r"(?<![<>!])>="), ">"),
    (re.compile(r"<(?![=>])"), "<="),
    (re.compile(r"(?<![<=-])>(?![=>'])"), ">="),
    (re.compile(r"<>"), "="),
    (re.compile(r"(?<= )=(?= )"), "<>"),
    (re.compile(r"\bAND\b"), "OR"),
    (re.compile(r"\bOR\b(?! REPLACE)"), "AND"),
    (re.compile(r"\bNOT (?=EXISTS|[a-z(])"), ""),
    (re.compile(r"\bIS NOT NULL\b"), "IS NULL"),
    (re.compile(r"\bIS NULL\b"), "IS NOT NULL"),
    (re.compile(r"(?<= )\+(?= )"), "-"),
    (re.compile(r"\bleast\b"), "greatest"),
    (re.compile(r"\bgreatest\b"), "least"),
    (re.compile(r"\bFOR UPDATE( SKIP LOCKED)?"), ""),
)


@dataclass(frozen=True)
class Mutant:
    """A source with one fault, and where it is (line from 1, column from 0)."""

    line: int
    column: int
    old: str
    new: str
    source: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column} `{self.old}` -> `{self.new}`: {self.text}"

    @property
    def text(self) -> str:
        """The line with the fault."""
        return self.source.splitlines()[self.line - 1].strip()


def mutants(source: str) -> Iterator[Mutant]:
    """Every source that differs from this one by one fault and still compiles."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for at, old, new in _faults(source, starts):
        mutated = source[:at] + new + source[at + len(old) :]
        line = source.count("\n", 0, at) + 1
        if not _NO_FAULT.search(lines[line - 1]) and _compiles(mutated):
            yield Mutant(line, at - starts[line - 1], old, new, mutated)


def _faults(source: str, starts: list[int]) -> Iterator[tuple[int, str, str]]:
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for before, token in pairwise(tokens):
        at = starts[token.start[0] - 1] + token.start[1]
        if token.type == tokenize.OP and token.string in _OPERATORS and not _is_marker(before, token):
            yield at, token.string, _OPERATORS[token.string]
        elif token.type == tokenize.NAME and token.string in _WORDS:
            yield at, token.string, _WORDS[token.string]
        elif token.type == tokenize.NUMBER and token.string.isdigit():
            yield at, token.string, str(int(token.string) + 1)
        elif tokenize.tok_name[token.type] in ("STRING", "FSTRING_MIDDLE") and _SQL.search(token.string):
            yield from ((at + place, old, new) for place, old, new in _in_sql(token.string))


def _is_marker(before: tokenize.TokenInfo, token: tokenize.TokenInfo) -> bool:
    """A star that unpacks or closes the positional parameters, not a product."""
    return token.string == "*" and before.string in ("(", ",", "[", "{", "=", "return", "yield")


def _in_sql(text: str) -> Iterator[tuple[int, str, str]]:
    for pattern, new in _SQL_FAULTS:
        for found in pattern.finditer(text):
            yield found.start(), found.group(), new


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True
