"""Dagster, thin: assets fetch resources, call a stage and return metadata."""

import warnings

from dagster import BetaWarning, PreviewWarning

# `backfill_policy` and some others still carry Dagster's beta mark; a warning at each use says nothing new.
warnings.filterwarnings("ignore", category=BetaWarning)
warnings.filterwarnings("ignore", category=PreviewWarning)
