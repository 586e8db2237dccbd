"""Under which name docs/errors.md tells about an error.

What belongs here: names alone. The texts are the document's; a test holds the two together.
"""

from o2c_orchestration.domain.errors import (
    AuthenticationError,
    O2CError,
    ObjectMissing,
    PermissionDenied,
    RateLimited,
    Refused,
    SettingsError,
    SystemFailure,
    TransientError,
    UnreachableError,
)

LOCK_TIMEOUT = "lock_timeout"
SALESFORCE_DAILY = "REQUEST_LIMIT_EXCEEDED"
_SYSTEMS = ("stripe", "salesforce")
# The first class that fits decides.
_WORDS: tuple[tuple[type[SystemFailure], str], ...] = (
    (AuthenticationError, "login"),
    (PermissionDenied, "permission"),
    (ObjectMissing, "missing"),
    (RateLimited, "rate_limit"),
    (TransientError, "trouble"),
    (Refused, "refused"),
)


def topic_of(error: O2CError) -> str:
    """The name of the entry of docs/errors.md that is about this error."""
    if isinstance(error, Refused) and error.system == "netsuite":
        return error.category
    if isinstance(error, RateLimited) and error.reason in (LOCK_TIMEOUT, SALESFORCE_DAILY):
        return error.reason
    if isinstance(error, SystemFailure) and error.system in _SYSTEMS and not isinstance(error, UnreachableError):
        word = next((word for kind, word in _WORDS if isinstance(error, kind)), None)
        if word is not None:
            return f"{error.system}_{word}"
    return type(error).__name__


def hint(topic: str) -> str:
    """The short way to the entry, as it stands behind a line that says what to do."""
    return f"(o2c explain {topic})"


def line_of(error: O2CError) -> str:
    """An error in one line: what happened, what to do, and where more is told.

    Settings say all there is to say in their line.
    """
    return str(error) if isinstance(error, SettingsError) else f"{error} {hint(topic_of(error))}"
