"""Channels that fail, hang, lie or are not there: what waits, what goes on, what is told elsewhere, and no secrets."""

import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.alert.causes import undelivered
from o2c_orchestration.alert.channels import Text, open_channel
from o2c_orchestration.clients.alert_channels import AlertChannel
from o2c_orchestration.store import alert_messages
from o2c_orchestration.store.alert_messages import REFUSALS_MAX
from o2c_orchestration.store.alerts import listed
from o2c_orchestration_tests.alerts.wire import SECRET, Hook, Office, gap, hook, policy, resolve

ROOT = Path(__file__).parents[2]


@pytest.fixture
def slack() -> Iterator[Hook]:
    """One channel."""
    with hook() as made:
        yield made


@pytest.fixture
def mail() -> Iterator[Hook]:
    """Another one."""
    with hook() as made:
        yield made


@pytest.fixture
def office(engine: Engine, slack: Hook, mail: Hook) -> Office:
    """Finance with both."""
    return Office(engine, {"slack": slack, "mail": mail}, policy())


def _nowhere() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"json://127.0.0.1:{taken.getsockname()[1]}/{SECRET}"


def test_what_a_channel_does_not_take_is_tried_again_in_its_order(office: Office, slack: Hook, mail: Hook):
    """One that answers 500 gets everything later, once and in order; the other one has it at once."""
    slack.status = 500
    gap(office.engine, "in_1")
    office.tick()
    gap(office.engine, "ch_1", kind="paid_twice")
    for _ in range(6):
        office.later(minutes=17)
        office.tick()
    assert [each for each in mail.titles() if "slack" not in each] == [
        "Invoices have no NetSuite document: 1 gap, 100.00 USD",
        "Payments are booked twice: 1 gap, 100.00 USD",
    ]
    assert slack.told == []
    slack.status = 200
    office.later(minutes=17)
    office.tick()
    assert slack.titles() == [each for each in mail.titles()[:3] if "slack" not in each]


def test_nothing_goes_past_a_message_that_waits(office: Office, slack: Hook):
    """The channel works again, but the first message is not due yet: the second does not go before it."""
    slack.status = 500
    gap(office.engine, "in_1")
    office.tick()
    slack.status = 200
    office.later(seconds=10)
    gap(office.engine, "ch_1", kind="paid_twice")
    office.tick()
    assert slack.told == []
    office.later(seconds=30)
    office.tick()
    assert [title.partition(":")[0] for title in slack.titles()] == [
        "Invoices have no NetSuite document",
        "Payments are booked twice",
    ]


def test_the_wait_grows_and_a_failing_channel_is_asked_once_a_round(office: Office, slack: Hook):
    """Half a minute, one, two …: nobody hammers a service that is down."""
    slack.status = 503
    gap(office.engine, "in_1")
    gap(office.engine, "ch_1", kind="paid_twice")
    asked = []
    for _ in range(20):
        office.tick()
        asked.append(slack.asked)
        office.later(seconds=40)
    assert asked[0] == 1
    assert asked[1] == 2
    assert slack.asked in (5, 6)


def test_a_channel_that_is_down_is_told_to_the_others_and_cleared(office: Office, slack: Hook, mail: Hook):
    """After three attempts the other channel hears of it, once, with what waits; and when it works again."""
    slack.status = 500
    gap(office.engine, "in_1")
    for _ in range(8):
        office.tick()
        office.later(minutes=2)
    told = [each for each in mail.told if "slack" in each["title"]]
    assert [each["title"] for each in told] == ["Alerts do not reach slack"]
    for words in ("1 message waiting for it; posting goes on", "it answered 500", "o2c alerts test slack"):
        assert words in told[0]["message"]
    assert SECRET not in told[0]["message"]
    slack.status = 200
    office.later(minutes=17)
    office.tick()
    office.tick()
    assert mail.titles()[-1] == "All clear: Alerts do not reach slack"
    assert [each for each in slack.titles() if "reach" in each] == [], "it is not told of itself"


def test_a_channel_that_is_down_breaks_the_check(office: Office, slack: Hook):
    """The check names the channel and why; it holds again when all is delivered."""
    bound = timedelta(minutes=30)
    slack.status = 500
    gap(office.engine, "in_1")
    for _ in range(3):
        office.tick()
        office.later(minutes=2)
    [broken] = undelivered(office.engine, bound, office.now)
    assert (broken.object, broken.what) == ("channel slack", "it answered 500")
    slack.status = 200
    office.later(minutes=17)
    office.tick()
    assert undelivered(office.engine, bound, office.now) == []


def test_what_nobody_sends_breaks_the_check(office: Office):
    """A daemon that stands still: messages wait, and no channel has failed."""
    gap(office.engine, "in_1")
    office.look()
    late = office.now + timedelta(minutes=31)
    found = undelivered(office.engine, timedelta(minutes=30), late)
    assert {each.object for each in found} == {"channel slack", "channel mail"}
    assert "daemon" in found[0].what


def test_a_channel_that_hangs_holds_up_nobody(office: Office, slack: Hook, mail: Hook):
    """It is given up after ten seconds, and the one that comes after it had its message long before."""
    mail.delay = 12
    gap(office.engine, "in_1")
    office.look()
    began = time.monotonic()
    sent = office.send()
    assert time.monotonic() - began < 11.5
    assert sent.sent == 1
    assert sent.failed.keys() == {"mail"}
    assert slack.told_at[0] - began < 6


def test_whoever_lost_the_lease_notes_nothing(office: Office):
    """A process that was frozen for two minutes wakes up: what the next one says of the message counts."""
    gap(office.engine, "in_1")
    office.look()
    frozen = alert_messages.claim(office.engine, "slack", office.now)
    assert frozen is not None
    assert alert_messages.claim(office.engine, "slack", office.now) is None
    office.later(minutes=2)
    second = alert_messages.claim(office.engine, "slack", office.now)
    assert second is not None
    assert not alert_messages.record_failed(office.engine, frozen, "late", office.now, refused=False)
    assert not alert_messages.record_sent(office.engine, frozen, office.now)
    assert alert_messages.record_sent(office.engine, second, office.now)


def test_a_channel_where_nobody_listens_says_so(engine: Engine):
    """No connection is told as that, without the address."""
    office = Office(engine, {}, policy(), addresses={"slack": AlertChannel("slack", _nowhere())})
    gap(engine, "in_1")
    assert office.tick().failed == {"slack": "no connection"}


def test_a_message_that_is_refused_for_what_it_says_holds_up_the_rest_for_a_while_only(office: Office, slack: Hook):
    """After some attempts it is given up, and those behind it get their turn."""
    slack.status = 400
    gap(office.engine, "in_1")
    gap(office.engine, "ch_1", kind="paid_twice")
    for _ in range(REFUSALS_MAX):
        office.tick()
        office.later(minutes=17)
    slack.status = 200
    office.tick()
    assert [title for title in slack.titles() if "twice" in title]
    assert [title for title in slack.titles() if "no NetSuite" in title] == []


def test_updates_that_nobody_began_to_send_are_overtaken(office: Office, slack: Hook):
    """A channel that comes back after hours hears the first word and the last, not all between."""
    slack.status = 500
    minor = 1_000
    for number in range(6):
        gap(office.engine, f"in_{number}", minor)
        minor *= 3
        office.tick()
        office.later(minutes=1)
    slack.status = 200
    office.later(minutes=17)
    office.tick()
    told = [title for title in slack.titles() if "no NetSuite" in title]
    assert told == [
        "Invoices have no NetSuite document: 1 gap, 10.00 USD",
        "More of it: Invoices have no NetSuite document: 6 gaps, 3,640.00 USD",
    ]


def test_a_sender_that_was_killed_leaves_no_message_behind(office: Office, slack: Hook, database_url: str):
    """Killed after the request had left and before it was noted: sent again when its lease is over, and not before."""
    office.addresses.pop("mail")
    gap(office.engine, "in_1")
    office.look()
    slack.delay = 3
    code = (
        "import sys\nfrom datetime import UTC, datetime\n"
        "from o2c_orchestration.alert.outbox import send_due\n"
        "from o2c_orchestration.clients.alert_channels import AlertChannel\n"
        "from o2c_orchestration.domain.policy import Policy\n"
        "from o2c_orchestration.store.database import open_database\n"
        "send_due(open_database(sys.argv[1]), Policy(), {'slack': AlertChannel('slack', sys.argv[2])})\n"
    )
    command = [sys.executable, "-c", code, database_url, slack.address]
    sender = subprocess.Popen(command, cwd=ROOT)
    deadline = time.monotonic() + 60
    while not slack.asked and time.monotonic() < deadline:
        time.sleep(0.02)
    sender.kill()
    sender.wait(30)
    slack.delay = 0
    office.later(seconds=60)
    assert office.send().sent == 0
    office.later(seconds=60)
    assert office.send().sent == 1
    office.later(hours=1)
    assert office.send().sent == 0
    assert slack.asked == 2


def test_without_channels_alerts_are_kept(engine: Engine, slack: Hook):
    """Nothing is queued and nothing waits; the first channel that is named hears of what is open."""
    office = Office(engine, {}, policy())
    gap(engine, "in_1")
    office.tick()
    assert [alert.state for alert in listed(engine)] == ["open"]
    assert alert_messages.waiting(engine) == []
    office.addresses["slack"] = AlertChannel("slack", slack.address)
    office.tick()
    assert len(slack.told) == 1


def test_a_channel_without_an_address_is_told_to_the_others(engine: Engine, slack: Hook):
    """The policy names it, the environment does not: its messages wait, and the others hear why."""
    routes = [{"kinds": ["paid_twice"], "channels": ["pager", "slack"]}]
    office = Office(engine, {"slack": slack}, policy(routes=routes))
    gap(engine, "ch_1", kind="paid_twice")
    for _ in range(4):
        office.tick()
        office.later(minutes=2)
    [told] = [each for each in slack.told if "pager" in each["title"]]
    assert "O2C_ALERT_CHANNELS has no address for it" in told["message"]


def test_what_waits_for_a_channel_that_is_gone_is_given_up(office: Office, slack: Hook):
    """Neither the environment nor the policy names it any more: nothing is left to wait for ever."""
    slack.status = 500
    gap(office.engine, "in_1")
    office.tick()
    office.addresses.pop("slack")
    office.later(minutes=17)
    office.tick()
    assert alert_messages.waiting(office.engine) == []


@pytest.mark.parametrize(
    "address", [f"json://hooks.example.com/{SECRET}", f"form://10.0.0.1/{SECRET}", f"xml://example.com/{SECRET}"]
)
def test_plain_http_to_another_machine_is_refused(address: str):
    """What is unencrypted goes to this machine only."""
    channel = open_channel(AlertChannel("hook", address))
    assert "unencrypted and of another machine" in channel.problem
    assert not channel.send(Text("test", "warning", "t", "t", "t")).sent


@pytest.mark.parametrize(
    "address",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#finance",
        "mailtos://user:password@smtp.example.com?to=finance@example.com",
        "workflows://prod-1.westeurope.logic.azure.com:443/643e69f83c8944/signature/",
        "pagerduty://integration@apikey/o2c/books",
        "jsons://hooks.example.com/path",
        "json://localhost/path",
        "json://127.0.0.1:8940/_sandbox/mailbox",
    ],
)
def test_the_addresses_of_the_docs_are_known(address: str):
    """Slack, e-mail, Teams, PagerDuty and a web hook, as docs/alerts.md writes them."""
    assert open_channel(AlertChannel("it", address)).problem == ""


def test_an_unknown_address_is_told_and_no_part_of_it(caplog: pytest.LogCaptureFixture):
    """A service that there is not is a problem of that channel, and its address stays unseen."""
    with caplog.at_level(logging.DEBUG):
        channel = open_channel(AlertChannel("it", f"nosuch://{SECRET}"))
    assert channel.problem == "its address in O2C_ALERT_CHANNELS is none that Apprise knows"
    assert SECRET not in caplog.text + repr(channel.__dict__)


def test_a_redirect_is_not_followed(office: Office, slack: Hook, mail: Hook):
    """Whoever answers for a channel cannot send its messages elsewhere."""
    office.addresses.pop("mail")
    slack.status, slack.location = 302, mail.address.replace("json://", "http://")
    gap(office.engine, "in_1")
    assert office.tick().failed == {"slack": "it answered 302"}
    assert mail.asked == 0


def test_a_timeout_in_an_address_is_bounded(slack: Hook):
    """`rto` and `retry` are Apprise's own options; nobody may hold up the sensor with them."""
    slack.delay = 12
    began = time.monotonic()
    outcome = open_channel(AlertChannel("it", slack.address + "?rto=500&cto=500&retry=9&wait=60")).send(
        Text("test", "warning", "t", "t", "t")
    )
    assert not outcome.sent
    assert time.monotonic() - began < 11.5
    assert slack.asked == 1


def test_no_secret_is_in_rows_logs_or_reprs(engine: Engine, slack: Hook, caplog: pytest.LogCaptureFixture):
    """Failing, refused and sent: the address is nowhere but where it was set."""
    addresses = {"slack": AlertChannel("slack", slack.address), "down": AlertChannel("down", _nowhere())}
    office = Office(engine, {}, policy(), addresses=addresses)
    gap(engine, "in_1")
    with caplog.at_level(logging.DEBUG):
        for status in (500, 403, 200):
            slack.status = status
            outcome = office.tick()
            office.later(minutes=17)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT m::text FROM o2c.alert_messages m")).scalars().all()
        rows += connection.execute(text("SELECT a::text FROM o2c.audit a")).scalars().all()
    seen = "\n".join([*rows, caplog.text, repr(addresses), repr(outcome), *slack.titles()])
    assert SECRET not in seen
    assert "no connection" in seen


def test_words_of_others_are_no_links_and_no_mentions(engine: Engine, slack: Hook):
    """What NetSuite says may hold anything: it comes as code, without brackets and e-mail addresses."""
    slack_like = AlertChannel("slack", slack.address + "?format=markdown")
    office = Office(engine, {}, policy(), addresses={"slack": slack_like})
    words = "<!channel> [click](http://evil.example) `x` ann@example.com <script>"
    with engine.begin() as connection:
        connection.execute(text(_REFUSED), {"words": words})
    gap(engine, "in_1", kind="sync_failed", reason=words + ". To do: open it")
    office.tick()
    [message] = slack.told
    assert "**Words**: `‹!channel› [click](http://evil.example) 'x' [e-mail] ‹script›`" in message["message"]
    assert "<" not in message["message"]


_REFUSED = """
INSERT INTO o2c.plan_entries (external_key, document, external_id, stripe_id, currency, amount_minor, effective_date,
                              partition_date, outcome, code, reason, fix)
VALUES ('in_1', 'invoice', 'in_1', 'in_1', 'usd', 100, '2026-02-15', '2026-02-15', 'refused', 'TEST', :words, 'open it')
"""


def test_a_long_digest_is_cut_to_what_a_service_takes(engine: Engine):
    """A service that takes a thousand characters gets so many, with a word of where the rest is."""
    channel = open_channel(AlertChannel("teams", "workflows://prod-1.example.com:443/643e69f83c8944/signature/"))
    body = channel._fitting("x" * 5_000, 50)
    assert len(body) <= 950
    assert body.endswith("`o2c alerts list` has all of it")


def test_resolved_while_a_channel_is_down(office: Office, slack: Hook):
    """It hears that it was, and then that it is over, in this order."""
    slack.status = 500
    gap(office.engine, "in_1")
    office.tick()
    resolve(office.engine)
    office.tick()
    slack.status = 200
    office.later(minutes=17)
    office.tick()
    assert slack.titles() == [
        "Invoices have no NetSuite document: 1 gap, 100.00 USD",
        "All clear: Invoices have no NetSuite document",
    ]
