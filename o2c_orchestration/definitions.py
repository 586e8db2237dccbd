"""The code location: the one place where Dagster is put together."""

from o2c_orchestration.logs import configure_once
from o2c_orchestration.orchestration.build import build_definitions
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration.settings import load_settings

configure_once()
defs = build_definitions(FromSettings(), load_settings().policy)
