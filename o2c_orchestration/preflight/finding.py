"""What a preflight says of one thing that it looked at."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `ok` None: off, or a hint that stops nobody if there is something to do.

    `to_do` says where it is put right, `otherwise` what would go wrong if it is not.
    """

    what: str
    ok: bool | None
    detail: str
    to_do: str = ""
    otherwise: str = ""

    @property
    def mark(self) -> str:
        """What stands beside it in the table."""
        if self.ok is None:
            return "hint" if self.to_do else "off"
        return "ok" if self.ok else "WRONG"

    def row(self) -> dict[str, str]:
        """As the table shows it: what to do stands under what was found, and what would go wrong under that."""
        to_do = f"To do: {self.to_do}" if self.to_do else ""
        otherwise = f"Otherwise: {self.otherwise}" if self.otherwise else ""
        return {"what": self.what, "": self.mark, "detail": "\n".join(filter(None, (self.detail, to_do, otherwise)))}

    def at(self, where: str) -> "Finding":
        """The same of a setting that stands under `where` in o2c.yaml, such as `entities.acct_1.`."""
        key = where + self.what
        return replace(self, what=key, to_do=self.to_do.replace(f"under {self.what}", f"under {key}"))
