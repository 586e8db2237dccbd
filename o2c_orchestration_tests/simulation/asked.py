"""Whether anybody asks NetSuite for a document again without knowing what became of the first request.

NetSuite refuses a second document under one external id, so asking blindly may do no harm, by luck. It is a breach all
the same: what is not known has to be looked up, and only after NetSuite's own limit for a request is "there is
none" an answer for good.
"""

from dataclasses import dataclass, field

# Faults after which a client cannot know whether its request was carried out.
UNKNOWABLE = frozenset(
    {"lost_before", "lost_after", "timeout_before", "timeout_after", "late_commit", "truncated", "server_error"}
)


@dataclass
class Asked:
    """Requests without an outcome, and look-ups that found nothing, by folded external id; seconds."""

    longest_request: float
    open: dict[str, float] = field(default_factory=dict)
    absent: dict[str, float] = field(default_factory=dict)

    def create(self, external_id: str, now: float, fault: str | None) -> str | None:
        """A request to create; what is wrong with it, if anything."""
        key = external_id.lower()
        sent = self.open.get(key)
        blind = sent is not None and self.absent.get(key, 0.0) < sent + self.longest_request
        if fault in UNKNOWABLE:
            self.open[key] = now
        else:
            self.open.pop(key, None)
        if not blind or sent is None:
            return None
        return f"{external_id} was asked for again {now - sent:.0f} s after a request that nobody knows the outcome of"

    def looked_up(self, external_id: str, now: float, *, found: bool) -> None:
        """A look-up that was answered in full."""
        if not found:
            self.absent[external_id.lower()] = now
