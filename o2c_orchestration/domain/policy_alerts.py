"""Section `alerts` of `o2c.yaml`: who is told of what, when, and how often."""

import re
from collections.abc import Collection
from datetime import datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from o2c_orchestration.domain.alerts import KINDS, LEG_NAMES, Severity, Source
from o2c_orchestration.domain.section import Section, did_you_mean
from o2c_orchestration.domain.watched import CHECKS, JOBS, OWN

_CHANNEL = re.compile(r"[a-z][a-z0-9_-]*")
# Checks that say once more what the gaps say, which are told one by one with their money.
_TOLD_BY_GAPS = (
    "no_open_gaps",
    "deals_hold",
    "no_payout_residuals",
    "everything_can_be_written",
    "every_deal_can_be_written",
    "netsuite_refused_nothing",
    "one_document_per_stripe_object",
)


def _channels(value: object) -> object:
    names = [value] if isinstance(value, str) and value != "all" else value
    if isinstance(names, list | tuple):
        for name in names:
            if not isinstance(name, str) or not _CHANNEL.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of a channel, such as slack-finance")
    return names


# Channels by their names in O2C_ALERT_CHANNELS, or all that are there.
Channels = Annotated[Literal["all"] | tuple[str, ...], BeforeValidator(_channels)]


def _amounts(value: object) -> object:
    if isinstance(value, dict):
        for currency in value:
            if not isinstance(currency, str) or not re.fullmatch("[a-z]{3}", currency):
                raise ValueError(f"{currency!r} is not a currency in lower case, such as usd")
    return value


Amounts = Annotated[dict[str, Annotated[int, Field(ge=0)]], BeforeValidator(_amounts)]


def _time(value: object) -> object:
    """YAML reads 20:00 without quotes as a number to the base of sixty: 1200, which are minutes."""
    if isinstance(value, time | str):
        return value
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 24 * 60:
        raise ValueError(f'{value!r} is no time of day, such as "20:00"')
    return time(value // 60, value % 60)


def _named(what: str, known: Collection[str], own: bool = False) -> tuple[AfterValidator, WithJsonSchema]:
    """A name that there is, or (`own`) one of a check or job that is not ours; editors are told the same."""

    def is_known(name: str) -> str:
        if name in known or (own and len(name) > len(OWN) and name.startswith(OWN)):
            return name
        all_of_them = f": {', '.join(known)}" if len(known) < 10 else "; o2c.schema.json lists all"
        raise ValueError(f"{name!r} is no {what}{did_you_mean(name, known) or all_of_them}")

    names: dict[str, Any] = {"type": "string", "enum": list(known)}
    others = {"type": "string", "pattern": f"^{OWN}."}
    return AfterValidator(is_known), WithJsonSchema({"anyOf": [names, others]} if own else names)


Kind = Annotated[str, *_named("kind of gap", KINDS)]
Leg = Annotated[str, *_named("leg", LEG_NAMES)]
Check = Annotated[str, *_named("asset check", CHECKS, own=True)]
Job = Annotated[str, *_named("job", JOBS, own=True)]
_CAUSES = (*KINDS, *CHECKS, *JOBS)
CauseName = Annotated[str, *_named("kind of gap, asset check or job", _CAUSES, own=True)]
_OWNED = (*_CAUSES, *LEG_NAMES)
_Owned = Annotated[str, *_named("kind of gap, asset check, job or leg", _OWNED, own=True)]
# By property, since editors complete no names of keys from anything else.
Owners = Annotated[
    dict[_Owned, str],
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in _OWNED},
            "patternProperties": {f"^{OWN}.": {"type": "string"}},
        }
    ),
]


class Route(Section):
    """Who is told of some causes. What it does not name fits; the first route that fits decides.

    `kinds` and `legs` are of gaps, `checks` names of asset checks, `jobs` of Dagster; those that a project has besides
    ours are written `own:name`. `entities` are Stripe accounts whose gaps it is for, as under `entities`. A cause below
    `material_minor` (by currency, minor units; None: as in the section) is only in the digest, and so is all of a route
    without channels.
    """

    sources: tuple[Source, ...] = ()
    legs: tuple[Leg, ...] = ()
    kinds: tuple[Kind, ...] = ()
    checks: tuple[Check, ...] = ()
    jobs: tuple[Job, ...] = ()
    entities: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    channels: Channels = "all"
    material_minor: Amounts | None = None


class QuietHours(Section):
    """Hours, in the time zone of the books, in which only what is urgent is sent. `weekends`: all of Saturday and
    Sunday too."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    begin: Annotated[time, BeforeValidator(_time)] = Field(alias="from")
    end: Annotated[time, BeforeValidator(_time)] = Field(alias="to")
    weekends: bool = False

    def hold(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether `now` (with a time zone) lies in them."""
        local = now.astimezone(zone)
        if self.weekends and local.weekday() >= 5:
            return True
        moment = local.timetz().replace(tzinfo=None)
        if self.begin <= self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end


class Alerts(Section):
    """Who is told of what is wrong, when and how often. Where channels are is in O2C_ALERT_CHANNELS, not here.

    `dagster_url` and `pages_url` are where people reach Dagster's pages and those of `o2c pages`; null: no links there.
    `material_minor` and `urgent_minor` are amounts by currency, in minor units. A cause is material, and told at once,
    if it comes to that much in one of its currencies, if it has a currency that is not named, or has no money. It is
    urgent from `urgent_minor` on, or if its kind, check or job is in `urgent`: then it passes quiet hours, and is
    reminded of after `remind_urgent_hours`. A gap counts once it is `grace_minutes` old, and is gone once it was so for
    as long. A cause is told again when its money has grown by `update_percent` and by a material amount. `owners` maps
    kinds, checks, jobs or legs to who has them; others are the `owner` of the policy. With `words`, messages quote what
    the system that refused said, which may name a customer.
    """

    dagster_url: str | None = None
    pages_url: str | None = None
    routes: tuple[Route, ...] = ()
    material_minor: Amounts = Field(default_factory=dict)
    urgent_minor: Amounts = Field(default_factory=dict)
    urgent: tuple[CauseName, ...] = ()
    owners: Owners = Field(default_factory=dict)
    quiet_hours: QuietHours | None = None
    digest_hour: int | None = Field(default=8, ge=0, le=23)
    digest_channels: Channels = "all"
    remind_hours: float = Field(default=24.0, gt=0)
    remind_urgent_hours: float = Field(default=4.0, gt=0)
    update_percent: float = Field(default=50.0, gt=0)
    grace_minutes: float = Field(default=15.0, ge=0)
    waiting_minutes: float = Field(default=30.0, gt=0)
    objects: int = Field(default=5, ge=0, le=20)
    words: bool = True
    checks_told_by_gaps: tuple[Check, ...] = _TOLD_BY_GAPS

    @field_validator("dagster_url", "pages_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#@]*)?", value):
            raise ValueError("is not the address of a page, such as https://dagster.example.com")
        return value.rstrip("/") if value else value

    @model_validator(mode="after")
    def _ordered(self) -> "Alerts":
        if self.remind_urgent_hours > self.remind_hours:
            raise ValueError("remind_urgent_hours is longer than remind_hours")
        return self

    @property
    def named_channels(self) -> set[str]:
        """Channels that routes or the digest name."""
        lists = [route.channels for route in self.routes] + [self.digest_channels]
        return {name for names in lists if names != "all" for name in names}
