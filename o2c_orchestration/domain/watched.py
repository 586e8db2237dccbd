"""The asset checks and jobs that there are, by name: what alerts are about besides gaps, and what routes may name.

Dagster's definitions are built elsewhere; a test holds these lists against them, so that neither has a name more.
"""

from collections.abc import Collection
from typing import Final

CHECKS: Final = (
    "alert_channels_deliver",
    "applied_within_total",
    "audit_chain_is_intact",
    "books_tie_out",
    "changes_are_followed_in_time",
    "days_are_as_usual",
    "deals_hold",
    "every_deal_can_be_written",
    "every_payout_closes",
    "every_write_has_an_outcome",
    "everything_can_be_written",
    "fields_have_not_drifted",
    "frame_is_sound",
    "journal_has_no_orphans",
    "mirror_keeps_its_promise",
    "netsuite_refused_nothing",
    "no_open_gaps",
    "no_payout_residuals",
    "no_rows_in_quarantine",
    "one_document_per_key",
    "one_document_per_stripe_object",
    "preflight_finds_nothing_wrong",
    "records_make_sense",
    "rows_fit_what_they_point_to",
    "rows_make_sense",
    "salesforce_lets_us_read",
    "salesforce_took_everything",
    "settled_is_not_planned",
    "stripe_lets_us_read",
)

JOBS: Final = (
    # What Dagster calls a run that somebody starts from an asset's page.
    "__ASSET_JOB",
    "anomalies",
    "changed_objects",
    "deal_changes",
    "invariants",
    "janitor",
    "order_to_cash",
    "preflight",
    "retention",
)

# Before the name of a check or job that a project has besides ours in the same code location.
OWN: Final = "own:"


def is_named(name: str, names: Collection[str]) -> bool:
    """Whether names of a policy, with or without `own:` before them, have this kind, check or job."""
    return name in names or f"{OWN}{name}" in names
