"""Section of `o2c.yaml` on how long what nobody needs any more is kept."""

from pydantic import Field

from o2c_orchestration.domain.section import Section


class Retention(Section):
    """After how many days what is settled loses what it said; that it happened stays. null: it is kept for ever.

    `events_days`: events of Stripe, which have no payload here; 30 is as long as Stripe shows them, and 45 the least.
    `quarantine_days`: payloads and signed bodies, counted from when they were let go. `messages_days`: words of alerts
    that were sent or given up, of causes that are closed. `answers_days`: what a system answered to writes of
    documents that are in the books. `runs_days`: Dagster's runs of jobs that look, sweep and clean up, with their
    events; runs over days stay, since they say what was read. `batch`: rows in one transaction.
    """

    events_days: int | None = Field(default=45, ge=45)
    quarantine_days: int | None = Field(default=180, ge=30)
    messages_days: int | None = Field(default=400, ge=30)
    answers_days: int | None = Field(default=400, ge=30)
    runs_days: int | None = Field(default=90, ge=7)
    batch: int = Field(default=5000, ge=1, le=50_000)
