"""What a preflight says of one thing that it looked at."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `ok` None: off, or a hint that stops nobody if there is something to do."""

    what: str
    ok: bool | None
    detail: str
    to_do: str = ""

    @property
    def mark(self) -> str:
        """What stands beside it in the table."""
        if self.ok is None:
            return "hint" if self.to_do else "off"
        return "ok" if self.ok else "WRONG"

    def at(self, where: str) -> "Finding":
        """The same of a setting that stands under `where` in o2c.yaml, such as `entities.acct_1.`."""
        key = where + self.what
        return replace(self, what=key, to_do=self.to_do.replace(f"under {self.what}", f"under {key}"))
