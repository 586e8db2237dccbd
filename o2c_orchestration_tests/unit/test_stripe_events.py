"""Events of Stripe as values: ids are believed, nothing else, and nothing that is sent can break the reader."""

import itertools
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.policy_live import Live
from o2c_orchestration.domain.stripe_events import FOLLOWED, TYPES, Expected, NotAnEvent, StripeEvent, read_event
from o2c_orchestration.orchestration.follow import spans_of

LIVE = Live(urgent_minor={"usd": 1000}, urgent_customers=("cus_vip",))
SNAPSHOT = {"id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1_790_000_000, "livemode": False}


def read(thing: Any, **more: Any) -> StripeEvent:
    return read_event({**SNAPSHOT, "data": {"object": thing}, **more}, "webhook", Expected(livemode=False), LIVE)


def test_a_snapshot_is_its_ids():
    """Id, type, object and time; the account that the event names, if it does."""
    found = read({"id": "in_1", "object": "invoice"}, account="acct_1", api_version="2017-01-27")
    assert (found.id, found.type, found.object, found.object_id) == ("evt_1", "invoice.paid", "invoice", "in_1")
    assert found.created_at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert (found.account, found.api_version, found.ignored) == ("acct_1", "2017-01-27", None)


@pytest.mark.parametrize("kind", sorted(FOLLOWED))
def test_every_object_that_documents_are_made_of_is_followed(kind: str):
    """None of them is ignored, whatever the event's type says."""
    assert read({"id": "x_1", "object": kind}, type="something.new").ignored is None


@pytest.mark.parametrize(
    ("thing", "urgent"),
    [
        ({"currency": "usd", "total": 999}, False),
        ({"currency": "usd", "total": 1000}, True),
        ({"currency": "USD", "amount": -1000}, True),
        ({"currency": "eur", "amount": 5000}, False),
        ({"currency": "usd", "amount": "1000"}, False),
        ({"customer": "cus_vip"}, True),
        ({"customer": {"id": "cus_vip"}}, False),
    ],
)
def test_urgency_is_by_amount_or_customer(thing: dict[str, Any], urgent: bool):
    """What the payload claims of itself decides the order and nothing else; odd values are not urgent."""
    assert read({"id": "in_1", "object": "invoice", **thing}).urgent is urgent


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WIRES = st.fixed_dictionaries(
    {},
    optional={
        "object": st.sampled_from(["event", "v2.core.event"]) | JSON,
        "id": st.just("evt_1") | JSON,
        "type": st.just("invoice.paid") | JSON,
        "created": st.integers() | st.just("2026-11-26T05:00:00Z") | JSON,
        "data": st.fixed_dictionaries({}, optional={"object": JSON}) | JSON,
        "related_object": st.fixed_dictionaries({}, optional={"id": JSON, "type": JSON}) | JSON,
        "livemode": JSON,
        "account": JSON,
        "context": JSON,
        "api_version": JSON,
    },
)


@given(WIRES | JSON)
def test_whatever_is_sent_is_an_event_or_is_refused(wire: Any):
    """No payload raises anything but NotAnEvent, and what is read can be stored: short printable texts."""
    try:
        found = read_event(wire, "webhook", Expected(livemode=False), LIVE)
    except NotAnEvent:
        return
    for text in (found.id, found.type, found.object, found.object_id, found.account):
        assert text is None or (isinstance(text, str) and "\x00" not in text)
    assert found.created_at.tzinfo is UTC


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1))))
def test_spans_cover_the_days_and_no_other(days: set[date]):
    """Every day lies in one span, spans have no holes, and two of them never touch."""
    spans = spans_of(days)
    covered = [date.fromordinal(day) for first, last in spans for day in range(first.toordinal(), last.toordinal() + 1)]
    assert covered == sorted(days)
    assert all(b[0].toordinal() - a[1].toordinal() > 1 for a, b in itertools.pairwise(spans))


def test_the_events_that_an_endpoint_needs_are_those_of_the_document():
    """Who pastes the list from docs/operations.md hears of everything that we follow."""
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    _, _, after = text.partition("An endpoint needs these events")
    block = re.search(r"((?:^    .*\n)+)", after, re.MULTILINE)
    assert block is not None
    assert tuple(block[1].replace(",", " ").split()) == TYPES
