"""Which values of other systems may stand in a terminal or a file: not what may be personal or a secret. Pure.

A rule of thumb, made to err on the side of silence. A person's name looks like any other words.
"""

import re

_EMAIL = re.compile(r"\S+@\S+")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Keys of Stripe and of others, whatever their length.
_KEY = re.compile(r"\b(sk|rk|pk|whsec|ghp|xox[a-z]|bearer|token)[_\s-]\S+", re.IGNORECASE)
_PIECE = re.compile(r"[^\s:/.,;|_-]+")
# Letters and digits together are a code; so long a one is nobody's name for a thing.
_TOKEN, _LETTERS, _DIGITS, _TEXT = 16, 32, 9, 60


def unsayable(text: str) -> str | None:
    """What a value may be that is not to be shown, in words; None: it may be shown."""
    if _EMAIL.search(text):
        return "an e-mail address"
    if _KEY.search(text) or _UUID.search(text) or any(_is_token(each) for each in _PIECE.findall(text)):
        return "a key or token"
    if len(re.sub(r"\D", "", text)) >= _DIGITS:
        return "a number of a phone, a card or an account"
    return "a long text" if len(text) > _TEXT else None


def _is_token(piece: str) -> bool:
    mixed = any(each.isdigit() for each in piece) and any(each.isalpha() for each in piece)
    return len(piece) >= (_TOKEN if mixed else _LETTERS)


def masked(text: str) -> str:
    """The text for people, with a note in place of what is not to be shown."""
    why = unsayable(text)
    return text if why in (None, "a long text") else f"({why})"
