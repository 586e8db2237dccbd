"""`o2c alerts`: what a person sees, what cron gets, and a test of channels that tells no secret."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from o2c_orchestration_tests.alerts.wire import SECRET, Hook, gap, hook
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, Told


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A terminal."""
    return CommandLine(tmp_path_factory.mktemp("terminal"))


@pytest.fixture
def finance() -> Iterator[Hook]:
    """A channel."""
    with hook() as made:
        yield made


@pytest.fixture
def o2c(run: CommandLine, database_url: str, tmp_path: Path):
    """`o2c alerts …` on this test's database; `channels` go into the environment."""
    (tmp_path / "o2c.yaml").write_text("alerts: {grace_minutes: 0, digest_hour: null}")

    def call(*arguments: str, channels: str = "") -> Told:
        variables = {"O2C_DATABASE_URL": database_url, "O2C_CONFIG": str(tmp_path / "o2c.yaml")}
        return run("alerts", *arguments, **variables, O2C_ALERT_CHANNELS=channels, O2C_HOME=str(tmp_path))

    return call


def _channels(**addresses: str) -> str:
    return json.dumps(addresses)


def test_send_looks_and_sends_and_list_shows_it(o2c, engine: Engine, finance: Hook):
    """From cron, without Dagster: money, owner, age and when it was told are listed, and as JSON."""
    gap(engine, "in_1", 123_456)
    channels = _channels(finance=finance.address)
    sent = o2c("send", channels=channels)
    assert (sent.code, sent.err) == (0, "")
    assert "1 to be told, 1 messages sent, 0 waiting" in sent.out
    assert len(finance.told) == 1
    shown = o2c("list", channels=channels)
    assert shown.code == 1
    for words in ("1,234.56 USD", "1 hour", "team:finance-systems", "Invoices have no NetSuite"):
        assert words in shown.out
    [found] = json.loads(o2c("list", "--json", channels=channels).out)
    assert (found["sums_minor"], found["count"], found["state"]) == ({"usd": 123_456}, 1, "open")
    assert found["objects"] == ["in_1"]
    assert found["last_sent_at"] is not None
    assert found["channels"] == ["finance"]


def test_nothing_wrong_is_exit_0(o2c):
    """No alerts, and no channels: it says both."""
    told = o2c("list")
    assert told.code == 0
    assert "No alerts." in told.out
    assert "O2C_ALERT_CHANNELS is not set" in told.out
    assert o2c("send").code == 0


def test_a_channel_that_fails_is_exit_1_and_waits(o2c, engine: Engine, finance: Hook):
    """What waits for it, and why, is told; the address is not."""
    finance.status = 403
    gap(engine, "in_1")
    channels = _channels(finance=finance.address)
    sent = o2c("send", "--json", channels=channels)
    assert sent.code == 1
    assert json.loads(sent.out)["failed"] == {
        "finance": "it answered 403: it does not accept the credentials of the address"
    }
    listed = o2c("list", channels=channels)
    assert "1 waiting for finance: it answered 403" in " ".join(listed.out.split())
    assert SECRET not in sent.out + sent.err + listed.out + listed.err


def test_test_tries_each_channel(o2c, finance: Hook, tmp_path: Path):
    """One works and one does not: exit 1, with why, from a file of addresses too."""
    file = tmp_path / "channels.json"
    file.write_text(_channels(good=finance.address, bad=f"json://hooks.example.com/{SECRET}"))
    told = o2c("test", channels=str(file))
    assert told.code == 1
    assert "good: sent" in told.out
    assert "bad: its address in O2C_ALERT_CHANNELS is unencrypted and of another machine" in told.out
    assert SECRET not in told.out + told.err
    assert o2c("test", "good", channels=str(file)).code == 0
    assert finance.titles() == ["Test of o2c alerts"] * 2


@pytest.mark.parametrize(
    ("channels", "words"),
    [
        ("", "O2C_ALERT_CHANNELS is not set"),
        ('{"a": "' + SECRET, "is not JSON"),
        ('{"a": 1}', "the address of a is none"),
        ('{"a": "' + SECRET + '"}', "the address of a is none"),
        ('{"A b": "json://x/' + SECRET + '"}', "'A b' is no name"),
        ('{"a": "json://x/' + SECRET + '", "a": "json://y/"}', "two addresses for a"),
        (f"slack://{SECRET}/x", "neither JSON nor a readable file"),
    ],
)
def test_wrong_settings_are_one_line_without_a_secret(o2c, channels: str, words: str):
    """What is wrong and what to do; exit 2."""
    told = o2c("test", channels=channels)
    assert told.code == 2
    assert words in told.line
    assert SECRET not in told.out + told.err


def test_an_unknown_channel_is_named_with_those_that_are(o2c, finance: Hook):
    """A misspelt name is exit 2."""
    told = o2c("test", "slakc", channels=_channels(slack=finance.address))
    assert told.code == 2
    assert "no channel 'slakc'. It has slack" in told.line
