"""Settings of a group: further Stripe accounts, their keys and their books; errors are one line with what to do."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy import MAIN, Policy
from o2c_orchestration.domain.policy_books import Opening
from o2c_orchestration.settings import load_settings

ACCOUNT = "acct_1GmbH"
ENTITY = f"""
entities:
  {ACCOUNT}:
    name: Example GmbH
    books: {{subsidiary: 2, time_zone: Europe/Berlin}}
    accounts: {{bank: {{eur: 1002}}}}
"""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder and no variables of ours but the main account's key."""
    for name in os.environ:
        if name.startswith(("O2C_", "STRIPE_", "NETSUITE_", "SALESFORCE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("STRIPE_API_KEY", "rk_main_s3cret")
    monkeypatch.chdir(tmp_path)


def _error(monkeypatch: pytest.MonkeyPatch, text: str, keys: str | None = None) -> str:
    Path("o2c.yaml").write_text(text)
    if keys is not None:
        monkeypatch.setenv("STRIPE_API_KEYS", keys)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.exit_code == 2
    told = str(caught.value)
    assert "\n" not in told
    assert "s3cret" not in told
    return told


def test_an_entity_states_what_differs_and_has_the_rest_from_the_company(monkeypatch: pytest.MonkeyPatch):
    """Maps are replaced whole: a payout in a currency that the entity does not name is refused, not the parent's."""
    Path("o2c.yaml").write_text(f"items: {{default: Plan}}\noff_stripe: {{account: Checking}}\n{ENTITY}")
    monkeypatch.setenv("STRIPE_API_KEYS", f"{ACCOUNT}=rk_gmbh_s3cret")
    settings = load_settings()
    own, company = settings.policy.of(ACCOUNT), settings.policy.of(MAIN)
    assert (own.books.subsidiary, own.books.time_zone, own.books.start) == ("2", "Europe/Berlin", company.books.start)
    assert own.accounts.bank == {"eur": "1002"}
    assert (own.accounts.fee, own.items.default) == ("Stripe Fees", "Plan")
    assert own.off_stripe.account is None
    assert company == settings.policy
    assert company.accounts.bank == {"usd": "Checking"}
    assert {name: each.api_key for name, each in settings.stripe_accounts.items()} == {
        MAIN: "rk_main_s3cret",
        ACCOUNT: "rk_gmbh_s3cret",
    }
    assert "s3cret" not in repr(settings.stripe_accounts) + repr(settings.environment)


def test_without_entities_nothing_is_asked_for():
    """One account needs no new setting, and its policy is the company's."""
    settings = load_settings()
    assert list(settings.stripe_accounts) == [MAIN]
    assert settings.policy == Policy()
    assert dict(settings.policy.each()) == {MAIN: settings.policy}


def test_an_entity_of_the_same_subsidiary_shares_the_banks(monkeypatch: pytest.MonkeyPatch):
    """Several accounts of one company are fine: money arrives where the company says."""
    Path("o2c.yaml").write_text(f"off_stripe: {{account: Checking}}\nentities: {{{ACCOUNT}: {{name: Shop}}}}\n")
    monkeypatch.setenv("STRIPE_API_KEYS", f" {ACCOUNT} = rk_2 , ")
    own = load_settings().policy.of(ACCOUNT)
    assert (own.accounts.bank, own.off_stripe.account) == ({"usd": "Checking"}, "Checking")


def test_an_entity_of_another_subsidiary_may_name_its_banks_by_destination_alone(monkeypatch: pytest.MonkeyPatch):
    """Then a payout to any other destination is refused: the company's bank account is in the company's books."""
    own = "books: {subsidiary: 2}, accounts: {destinations: {ba_1: 1002}}"
    banks = "accounts: {destinations: {ba_9: Main}}"
    Path("o2c.yaml").write_text(f"{banks}\nentities: {{{ACCOUNT}: {{name: GmbH, {own}}}}}\n")
    monkeypatch.setenv("STRIPE_API_KEYS", f"{ACCOUNT}=rk_2")
    accounts = load_settings().policy.of(ACCOUNT).accounts
    found = [accounts.bank_of(*each) for each in (("eur", "ba_1"), ("eur", "ba_2"), ("usd", None), ("usd", "ba_9"))]
    assert found == ["1002", None, None, None]
    assert accounts.fee == "Stripe Fees"


def test_an_account_without_an_entity_is_refused(monkeypatch: pytest.MonkeyPatch):
    """A key for an account of which o2c.yaml says nothing: where its books are is not guessed."""
    told = _error(monkeypatch, "", f"{ACCOUNT}=rk_s3cret")
    assert f"a key for {ACCOUNT}" in told
    assert f"Say under entities.{ACCOUNT}" in told


def test_an_entity_without_a_key_is_refused(monkeypatch: pytest.MonkeyPatch):
    """Its objects could not be read, and a month would be closed without them."""
    told = _error(monkeypatch, ENTITY)
    assert f"entities.{ACCOUNT} has no key" in told
    assert f"Add {ACCOUNT}=<its key> to STRIPE_API_KEYS" in told


def test_where_stripe_is_off_no_keys_are_asked_for(monkeypatch: pytest.MonkeyPatch):
    """Who only looks at gaps needs none of them."""
    monkeypatch.delenv("STRIPE_API_KEY")
    Path("o2c.yaml").write_text(ENTITY)
    assert load_settings().stripe_accounts == {}


def test_further_keys_without_the_main_one_are_refused(monkeypatch: pytest.MonkeyPatch):
    """Which account is the main one would be a guess."""
    monkeypatch.delenv("STRIPE_API_KEY")
    assert "STRIPE_API_KEY is not" in _error(monkeypatch, ENTITY, f"{ACCOUNT}=rk_s3cret")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("rk_s3cret", "pair 1 is not an account and its key"),
        (f"{ACCOUNT}=rk_1s3cret,acct_2:rk_s3cret", "pair 2 is not an account and its key"),
        (f"{ACCOUNT}=", "pair 1 is not an account and its key"),
        (f"{ACCOUNT}=rk_1s3cret,{ACCOUNT}=rk_2s3cret", f"two keys for {ACCOUNT}"),
        (f"{ACCOUNT}=rk_s3cret,acct_2=rk_s3cret", "the same key for two accounts"),
    ],
)
def test_keys_that_cannot_be_read_are_told_without_showing_them(monkeypatch: pytest.MonkeyPatch, keys: str, said: str):
    """Which pair it is, and how it is written."""
    assert said in _error(monkeypatch, ENTITY, keys)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("entities: {gmbh: {name: X}}", "the id of a Stripe account begins with acct_"),
        ("entities: {acct_1: {books: {subsidiary: 2}}}", "entities.acct_1.name: Field required"),
        (
            "entities: {acct_1: {name: X, books: {subsidiary: 2}}}",
            "of its own, under accounts.bank or accounts.destinations",
        ),
        ("entities: {acct_1: {name: X}, acct_2: {name: X}}", "another entity has the same name"),
        ("entities: {acct_1: {name: X, item: {}}}", "unknown setting 'entities.acct_1.item'"),
        ("entities: {acct_1: {name: X, items: {defalt: Y}}}", "Did you mean 'default'?"),
        ("entities: {acct_1: {name: X, books: {start: 2026-01-01}}}", "unknown setting 'entities.acct_1.books.start'"),
        ("entities: {acct_1: {name: X, customers: {mode: global}}}", "needs the customer that takes all documents"),
        (
            "entities: {acct_1: {name: X, books: {opening: {usd: {account: SUSPENSE, amount_minor: 1}}}}}",
            "entities.acct_1.books.opening.usd.account: 'SUSPENSE' is named under entities.acct_1.accounts too",
        ),
    ],
)
def test_books_of_an_entity_that_cannot_be_are_refused_by_name(monkeypatch: pytest.MonkeyPatch, text: str, said: str):
    """With the place in o2c.yaml."""
    assert said in _error(monkeypatch, text, "acct_1=rk_1,acct_2=rk_2")


def test_an_opening_balance_is_of_one_stripe_account():
    """What the main account held at the start is none of an entity's, which states its own."""
    main, own = ({"usd": {"account": name, "amount_minor": minor}} for name, minor in (("Old", 100), (77, -5)))
    entities = {"acct_1": {"name": "X"}, "acct_2": {"name": "Y", "books": {"opening": own}}}
    policy = Policy.model_validate({"books": {"opening": main, "start": "2026-01-01"}, "entities": entities})
    assert [dict(each.books.opening) for _, each in policy.each()] == [
        {"usd": Opening(account="Old", amount_minor=100)},
        {},
        {"usd": Opening(account="77", amount_minor=-5)},
    ]
    assert {each.books.cut_over for _, each in policy.each()} == {datetime(2026, 1, 1, tzinfo=UTC)}
