"""Settings and policy: what is wrong is told in one line with what to do, and secrets stay secret."""

import os
from datetime import date
from pathlib import Path

import pytest

import o2c_orchestration
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy import Documents, Mode, Policy
from o2c_orchestration.settings import Environment, load_policy, load_settings

SECRETS = {
    "STRIPE_API_KEY": "rk_live_s3cret",
    "STRIPE_WRITE_KEY": "rk_live_s3cret_too",
    "STRIPE_WEBHOOK_SECRETS": "whsec_s3cret",
    "O2C_DATABASE_URL": "postgresql://user:s3cret@localhost/o2c",
    "O2C_REPLICA_URL": "postgresql://user:s3cret@localhost/o2c",
    "NETSUITE_PRIVATE_KEY": "-----BEGIN PRIVATE KEY-----\\ns3cret\\n-----END PRIVATE KEY-----",
    "NETSUITE_CONSUMER_KEY": "s3cret-consumer",
    "NETSUITE_CONSUMER_SECRET": "s3cret-consumer-secret",
    "NETSUITE_TOKEN_ID": "s3cret-token",
    "NETSUITE_TOKEN_SECRET": "s3cret-token-secret",
    "SALESFORCE_CLIENT_SECRET": "s3cret-salesforce",
    "SALESFORCE_PRIVATE_KEY": "-----BEGIN PRIVATE KEY-----\\ns3cret\\n-----END PRIVATE KEY-----",
}


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder and no variables of ours, so that the machine's settings decide nothing here."""
    for name in os.environ:
        if name.startswith(("O2C_", "STRIPE_", "NETSUITE_", "SALESFORCE_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def _policy_error(text: str) -> SettingsError:
    Path("o2c.yaml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert 2 == caught.value.exit_code
    assert "\n" not in str(caught.value)
    return caught.value


def test_without_any_setting_everything_has_a_default():
    """No file and no variable: observe mode, every system off."""
    settings = load_settings()
    assert Mode.OBSERVE is settings.mode
    assert settings.policy == Policy()
    assert (None, None, None, None) == (settings.database_url, settings.stripe, settings.netsuite, settings.salesforce)


def test_an_empty_file_is_the_default():
    """A file with nothing but comments changes nothing."""
    Path("o2c.yaml").write_text("# nothing yet\n")
    assert load_settings().policy == Policy()


def test_the_file_that_is_shipped_is_the_default():
    """o2c.yaml at the root says what holds without it, so that reading it teaches the truth."""
    shipped = Path(__file__).parents[2] / "o2c.yaml"
    assert load_policy(shipped) == Policy()


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        ("moed: sync", "moed", "mode"),
        ("books:\n  timezone: UTC", "books.timezone", "time_zone"),
        ("items:\n  defualt: X", "items.defualt", "default"),
        ("apply:\n  attempt_max: 3", "apply.attempt_max", "attempts_max"),
        ("books: {opening: {usd: {acount: B, amount_minor: 3, account: A}}}", "books.opening.usd.acount", "account"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_known_one(text, key, near):
    """A misspelt key at any depth is refused with its full name, its file and a suggestion."""
    error = _policy_error(text)
    assert f"unknown setting {key!r}" in error.what
    assert "o2c.yaml" in error.what
    assert f"did you mean {near!r}?" == error.what_to_do


def test_an_unknown_key_like_no_other_is_to_be_removed():
    """Without a near miss the advice is to remove it."""
    assert "remove it" == _policy_error("zzzzzz: 1").what_to_do


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("books:\n  time_zone: Mars/Olympus", "Mars/Olympus"),
        ("books:\n  time_zone: ../../etc/passwd", "IANA"),
        ("mode: write", "mode"),
        ("books:\n  start: someday", "books.start"),
        ("books: {opening: {USD: {account: A, amount_minor: 1}}}", "books.opening: 'USD' is no currency"),
        ("books: {opening: {usd: {account: A, amount_minor: 10.5}}}", "books.opening.usd.amount_minor"),
        ("books: {opening: {usd: {account: A, amount_minor: '12'}}}", "books.opening.usd.amount_minor"),
        ("books: {opening: {usd: {account: '', amount_minor: 1}}}", "books.opening.usd.account"),
        ("books: {opening: {usd: {amount_minor: 1}}}", "books.opening.usd.account: Field required"),
        ("books: {opening: {usd: {account: Checking, amount_minor: 1}}}", "books.opening.usd.account: 'Checking' is"),
        ("stripe:\n  requests_per_second: 0", "stripe.requests_per_second"),
        ("stripe:\n  requests_in_flight: many", "stripe.requests_in_flight"),
        ("apply:\n  attempts_max: 0", "apply.attempts_max"),
        ("- a\n- list", "o2c.yaml"),
        ("just text", "o2c.yaml"),
    ],
)
def test_a_bad_value_is_told_in_one_line(text, words):
    """The line names the file and the key, and the advice is to correct it."""
    error = _policy_error(text)
    assert words in error.what
    assert "o2c.yaml" in error.what
    assert "correct" in error.what_to_do


@pytest.mark.parametrize("text", ["books: [", "\tmode: sync", "a: b: c", "mode: 'observe"])
def test_bad_yaml_is_told_in_one_line(text):
    """A file that is not YAML says so, in one line, with its place."""
    error = _policy_error(text)
    assert "is not YAML" in error.what
    assert "line" in error.what


def test_a_file_that_is_not_text_is_told_in_one_line():
    """Bytes that are no UTF-8 are a wrong file, not a stack trace."""
    Path("o2c.yaml").write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(SettingsError, match=r"o2c\.yaml"):
        load_settings()


def test_a_named_file_must_exist(monkeypatch):
    """O2C_CONFIG that points nowhere is an error; only the default file may be absent."""
    monkeypatch.setenv("O2C_CONFIG", "elsewhere/books.yaml")
    with pytest.raises(SettingsError, match=r"elsewhere/books\.yaml does not exist") as caught:
        load_settings()
    assert "O2C_CONFIG" in caught.value.what_to_do


def test_a_folder_is_no_file(monkeypatch, tmp_path):
    """O2C_CONFIG that points to a folder is told like any unreadable file."""
    monkeypatch.setenv("O2C_CONFIG", str(tmp_path))
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"), [("O2C_MODE", "write"), ("NETSUITE_CONCURRENCY", "0"), ("NETSUITE_CONCURRENCY", "five")]
)
def test_a_bad_variable_is_named(monkeypatch, name, value):
    """The line names the variable as the user wrote it, and where to correct it."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as caught:
        load_settings()
    assert name in caught.value.what_to_do
    assert "\n" not in str(caught.value)


def test_the_variable_beats_the_file(monkeypatch):
    """O2C_MODE wins over `mode` in o2c.yaml, both ways."""
    Path("o2c.yaml").write_text("mode: sync")
    assert Mode.SYNC is load_settings().mode
    monkeypatch.setenv("O2C_MODE", "observe")
    assert Mode.OBSERVE is load_settings().mode


def test_an_empty_variable_is_no_variable(monkeypatch):
    """`STRIPE_API_KEY=` in a compose file means off, not an empty key."""
    monkeypatch.setenv("STRIPE_API_KEY", "")
    monkeypatch.setenv("O2C_MODE", "")
    assert load_settings().stripe is None


def test_variables_may_stand_in_a_file():
    """`.env` in the working folder is read like the environment."""
    Path(".env").write_text("STRIPE_API_KEY=rk_test_1\nSOMEBODY_ELSES=1\n")
    stripe = load_settings().stripe
    assert stripe is not None
    assert "rk_test_1" == stripe.api_key


def test_secrets_are_not_in_any_repr(monkeypatch):
    """No secret appears when settings, their parts or the credentials made from them are printed."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NETSUITE_ACCOUNT_ID", "123456_SB1")
    monkeypatch.setenv("SALESFORCE_BASE_URL", "https://acme.my.salesforce.com")
    monkeypatch.setenv("SALESFORCE_CLIENT_ID", "3MVG")
    settings = load_settings()
    printed = [settings, settings.environment, settings.stripe, settings.netsuite, settings.salesforce, vars(settings)]
    for value in printed:
        assert "s3cret" not in f"{value!r} {value}"
    assert "s3cret" not in str(settings.environment.model_dump())
    assert settings.netsuite is not None
    assert "-----BEGIN PRIVATE KEY-----\ns3cret" in str(settings.netsuite.private_key)


def test_a_private_key_may_be_a_path(monkeypatch, tmp_path):
    """NETSUITE_PRIVATE_KEY is PEM text or the path of a file that holds it."""
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n")
    monkeypatch.setenv("NETSUITE_ACCOUNT_ID", "1")
    monkeypatch.setenv("NETSUITE_PRIVATE_KEY", str(key))
    netsuite = load_settings().netsuite
    assert netsuite is not None
    assert key.read_text() == netsuite.private_key


def test_a_private_key_that_is_neither_is_not_printed(monkeypatch):
    """A key pasted wrongly is not echoed by the error about it."""
    monkeypatch.setenv("NETSUITE_ACCOUNT_ID", "1")
    monkeypatch.setenv("NETSUITE_PRIVATE_KEY", "MIIEs3cret")
    with pytest.raises(SettingsError, match="NETSUITE_PRIVATE_KEY") as caught:
        _ = load_settings().netsuite
    assert "s3cret" not in str(caught.value)


def test_a_secret_in_a_bad_setting_is_not_printed(monkeypatch):
    """An error about one variable shows none of the others."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("O2C_MODE", "bad")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "s3cret" not in str(caught.value)


def test_numbers_for_names_are_text():
    """`subsidiary: 1` and `subsidiary: "1"` are the same internal id; true is no id."""
    Path("o2c.yaml").write_text("books: {subsidiary: 1}\nitems: {default: 42, prices: {price_1: 7}}")
    policy = load_settings().policy
    assert ("1", "42", "7") == (policy.books.subsidiary, policy.items.default, policy.items.prices["price_1"])
    _policy_error("books: {subsidiary: true}")


def test_dates_and_zone_are_typed():
    """`start` is a date and the zone is usable."""
    Path("o2c.yaml").write_text("books: {start: 2025-02-03, time_zone: Asia/Tokyo}")
    books = load_settings().policy.books
    assert date(2025, 2, 3) == books.start
    assert "Asia/Tokyo" == books.zone.key


def test_the_policy_cannot_be_changed_on_the_way():
    """What was loaded is what every stage sees."""
    with pytest.raises(ValueError, match="frozen"):
        Policy().mode = Mode.SYNC  # type: ignore[misc]


@pytest.mark.parametrize("document", ["customer", "invoice", "customerPayment"])
def test_the_brake_is_let_go_document_by_document(document):
    """Each document type can be left planned but unwritten."""
    field = {"customerPayment": "payment"}.get(document, document)
    assert Documents().allows(document)
    assert not Documents(**{field: False}).allows(document)


def test_unknown_variables_are_left_alone(monkeypatch):
    """Other programs' variables are no error."""
    monkeypatch.setenv("O2C_SOMETHING_NEW", "1")
    assert isinstance(load_settings().environment, Environment)


def test_every_variable_is_in_the_example():
    """Whoever fills in a copy of it sees all that there is; those of traces and of warm workers are where these are."""
    told = (Path(o2c_orchestration.__file__).parents[1] / ".env.example").read_text()
    names = {str(each.validation_alias.choices[0]) for each in Environment.model_fields.values()}  # type: ignore[union-attr]
    assert {name for name in names if name not in told and not name.startswith(("OTEL_", "O2C_REDIS_"))} == set()
