"""Keys are replaced in the file of secrets while processes stay up: the next use is with the new ones."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console.receiver import Secrets
from o2c_orchestration.current_settings import CurrentSettings
from o2c_orchestration.domain.errors import AuthenticationError
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration.web.receiver import Receiver
from o2c_orchestration_tests.contract.test_receiver import event, post, serving
from o2c_orchestration_tests.e2e.cli_fixtures import World, environment, today

Write = Callable[[Mapping[str, str]], None]


@pytest.fixture
def secrets(tmp_path: Path, world: World) -> Iterator[Write]:
    """Writes the file of secrets; the environment of this process holds nothing but its path."""
    file = tmp_path / "o2c.env"
    file.write_text("")
    ours = {name: value for name, value in world.environment().items() if name.startswith("O2C_")}

    def write(values: Mapping[str, str]) -> None:
        file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))

    with environment({**ours, "O2C_ENV_FILE": str(file)}):
        yield write


def stripe(made: Assembly) -> None:
    made.extract(["customer"], today(), today())


def netsuite(made: Assembly) -> None:
    made.read_reference()


def salesforce(made: Assembly) -> None:
    made.deals.poll()


@pytest.mark.parametrize(
    ("name", "look"),
    [("STRIPE_API_KEY", stripe), ("NETSUITE_CERTIFICATE_ID", netsuite), ("SALESFORCE_CLIENT_SECRET", salesforce)],
)
def test_a_new_key_is_used_without_a_restart(
    world: World, secrets: Write, name: str, look: Callable[[Assembly], None]
) -> None:
    """The process that was refused with the old key reads with the new one, and keeps to it."""
    good = world.config.client_environment(world.base_url)
    secrets({**good, name: good[name][:-3] + "old"})
    source = FromSettings()
    with pytest.raises(AuthenticationError):
        look(source.get())
    secrets(good)
    look(source.get())
    assert source.get() is source.get()


def test_a_rolled_signing_secret_is_taken_and_the_old_one_dropped_without_a_restart(secrets: Write) -> None:
    """Old alone, both, new alone: what Stripe signs is taken at each step, and the old one is nothing in the end."""
    secrets({"STRIPE_WEBHOOK_SECRETS": "whsec_old"})
    source = FromSettings()
    receiver = Receiver(Secrets(CurrentSettings()), lambda: source.get().engine)
    with serving(receiver) as url:
        assert post(url, event("evt_1"), "whsec_old").status_code == 200
        assert post(url, event("evt_2"), "whsec_new").status_code == 400
        secrets({"STRIPE_WEBHOOK_SECRETS": "whsec_new,whsec_old"})
        assert [post(url, event("evt_3"), key).status_code for key in ("whsec_old", "whsec_new")] == [200, 200]
        secrets({"STRIPE_WEBHOOK_SECRETS": "whsec_new"})
        assert post(url, event("evt_4"), "whsec_old").status_code == 400
        assert post(url, event("evt_4"), "whsec_new").status_code == 200


def test_a_file_that_makes_no_sense_changes_nothing(secrets: Write) -> None:
    """Half a file, or none, is no reason to take nothing any more: the secrets before stay in force."""
    secrets({"STRIPE_WEBHOOK_SECRETS": "whsec_old"})
    source = FromSettings()
    with serving(Receiver(Secrets(CurrentSettings()), lambda: source.get().engine)) as url:
        for broken in ({}, {"STRIPE_WEBHOOK_SECRETS": "acct_1="}, {"NETSUITE_CONCURRENCY": "many"}):
            secrets(broken)
            assert post(url, event(), "whsec_old").status_code == 200, broken
