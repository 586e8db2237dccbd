"""How life talks to the three systems: form fields to Stripe, JSON to the screens of NetSuite, nothing in between.

What belongs here: the shapes of a call and of what is noted about it. Faults are not for people at a screen.
"""

from collections.abc import Mapping
from typing import Any, Protocol

Wire = dict[str, Any]
# An action as the trace and the diary keep it: `action`, `system`, ids; see `oracle.view.World.history`.
Record = dict[str, Any]


class Call(Protocol):
    """One request that always gets through; the parsed body, with `error` in it when the system refuses."""

    def __call__(self, system: str, method: str, path: str, given: Mapping[str, Any] | None = None, /) -> Any:
        """`system` is `stripe` (a form, for GET a query) or `sandbox` (JSON)."""
        ...


def refusal(body: Any) -> str | None:
    """What the system had to say against it, None if it did as told."""
    error = body.get("error")
    return str(error.get("message") if isinstance(error, dict) else error) if error else None
