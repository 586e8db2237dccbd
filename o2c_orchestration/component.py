"""The same code location as a Dagster Component: its `defs.yaml` is the company's `o2c.yaml`, under `attributes`."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import BaseModel, ConfigDict

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.logs import configure_once
from o2c_orchestration.orchestration.build import build_definitions
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration.policy_schema import schema
from o2c_orchestration.settings import load_settings

_NAMES = ("defs.yaml", "defs.yml")


class _Attributes(BaseModel):
    """Takes whatever is written: it is read from the file by `load_policy`, which names the line of what is wrong."""

    model_config = ConfigDict(extra="allow")

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        """The schema of `o2c.yaml`, with definitions where Dagster's tools look for them."""
        found: dict[str, Any] = json.loads(json.dumps(schema()).replace("#/definitions/", "#/$defs/"))
        found["$defs"] = found.pop("definitions")
        return found


class OrderToCash(dg.Component):
    """Stripe, Salesforce and NetSuite as assets: movements of money, their documents in the books, and the gaps.

    Attributes are the settings of `o2c.yaml` (docs/mapping.md). O2C_CONFIG has to name this file, since the commands
    and every run read it there: no two of them can follow different rules.
    """

    @classmethod
    def get_model_cls(cls) -> type[BaseModel]:
        """What editors and `dg check yaml` hold the attributes against."""
        return _Attributes

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """All assets, checks, jobs, sensors and schedules.

        Raises SettingsError where O2C_CONFIG names another file, or what it says is wrong.
        """
        configure_once()
        settings = load_settings()
        _check_same(settings.environment.config, context.path)
        return build_definitions(FromSettings(), settings.policy)


def _check_same(config: Path, place: Path) -> None:
    ours = place if place.is_file() else next((place / name for name in _NAMES if (place / name).exists()), place)
    if config.resolve() != ours.resolve():
        raise SettingsError(
            f"the component's settings are in {ours.resolve()}, and O2C_CONFIG names {config}: commands and runs would "
            "follow other rules than those shown",
            "set O2C_CONFIG to the component's file for every process",
        )
