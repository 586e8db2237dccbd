"""Sections of `o2c.yaml` on changes as they happen."""

from pydantic import Field

from o2c_orchestration.domain.section import Section


class Live(Section):
    """How changes are followed as they happen.

    A run that was started for changed objects stays for `linger_seconds` after the last of them, since starting one
    takes longer than its work, and for `run_minutes` at most. It takes up to `batch` objects at once; from `page_from`
    of one type on, new ones are read page by page, a hundred to a request, instead of each by itself. Objects are
    `urgent`, and go first, when they are of one of these customers or move at least `urgent_minor` (by currency).
    """

    linger_seconds: float = Field(default=120.0, ge=0)
    run_minutes: float = Field(default=30.0, gt=0, le=300)
    batch: int = Field(default=500, ge=1)
    page_from: int = Field(default=20, ge=1)
    poll_seconds: float = Field(default=15.0, ge=1)
    reconcile_seconds: float = Field(default=5.0, ge=0)
    behind_after_minutes: float = Field(default=15.0, gt=0)
    urgent_minor: dict[str, int] = Field(default_factory=dict)
    urgent_customers: tuple[str, ...] = ()


class Webhooks(Section):
    """Bounds of a webhook: how long ago it may have been signed, its size, and how long its body may take.

    What is not durable after `keep_seconds` is answered 503, and Stripe sends it again. A sender of whom
    `refused_per_minute` (0: any number) were refused is answered 429 unread until the minute is over; nothing that is
    signed counts, and an address that is not the internet's is a proxy's and never limited.
    """

    tolerance_seconds: int = Field(default=300, ge=1)
    body_max_kib: int = Field(default=1024, ge=1)
    body_seconds: float = Field(default=10.0, gt=0)
    keep_seconds: float = Field(default=8.0, gt=0)
    refused_per_minute: int = Field(default=60, ge=0)
