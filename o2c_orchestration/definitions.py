"""The code location: the one place where Dagster is put together."""

from o2c_orchestration.orchestration.build import build_definitions
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration.settings import load_settings

defs = build_definitions(FromSettings(), load_settings().policy)
