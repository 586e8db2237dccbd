"""Section `alerts` of `o2c.yaml`: who is told of what, when, and how often."""

import re
from datetime import datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from o2c_orchestration.domain.alerts import KINDS, LEG_NAMES, Severity, Source
from o2c_orchestration.domain.section import Section, did_you_mean

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


def _known_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of gap{did_you_mean(kind, KINDS)}")
    return kinds


class Route(Section):
    """Who is told of some causes. What it does not name fits; the first route that fits decides.

    `kinds` and `legs` are of gaps, `checks` names of asset checks, `jobs` of Dagster; `entities` are Stripe accounts
    whose gaps it is for, as under `entities`. A cause below `material_minor` (by currency, minor units; None: as in the
    section) is only in the digest, and so is all of a route without channels.
    """

    sources: tuple[Source, ...] = ()
    legs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    channels: Channels = "all"
    material_minor: Amounts | None = None

    @field_validator("kinds")
    @classmethod
    def _kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _known_kinds(value)

    @field_validator("legs")
    @classmethod
    def _legs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for leg in value:
            if leg not in LEG_NAMES:
                raise ValueError(f"{leg!r} is no leg: {', '.join(LEG_NAMES)}")
        return value


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
    urgent: tuple[str, ...] = ()
    owners: dict[str, str] = Field(default_factory=dict)
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
    checks_told_by_gaps: tuple[str, ...] = _TOLD_BY_GAPS

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
