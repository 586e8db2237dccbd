"""What a role in NetSuite is allowed, as NetSuite tells it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """One permission of a role: NetSuite's key and name of it, and its level from 1 (view) to 4 (full)."""

    key: str
    name: str
    level: int
