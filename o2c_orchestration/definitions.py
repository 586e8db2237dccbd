"""The code location: the one place where Dagster is put together."""

import warnings

import dagster as dg

# `backfill_policy` and asset owners still carry Dagster's beta mark; the warning says nothing new at each import.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)

from o2c_orchestration.orchestration.build import build_definitions  # noqa: E402
from o2c_orchestration.orchestration.resources import FromSettings  # noqa: E402
from o2c_orchestration.settings import load_settings  # noqa: E402

defs = build_definitions(FromSettings(), load_settings().policy)
