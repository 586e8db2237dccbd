"""What no event told of: windows bring it, deleted customers included."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from o2c_orchestration.assembly import Assembly
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox, today


@pytest.fixture
def deaf(database_url: str, tmp_path: Path) -> Iterator[tuple[World, Assembly]]:
    """A company whose events nobody hears."""
    with sandbox(tmp_path, database_url) as world, world.assembly(mode="observe") as assembly:
        yield world, assembly


def _deleted(assembly: Assembly) -> list[str]:
    with assembly.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM o2c.customers WHERE deleted ORDER BY id").scalars())


def test_a_deleted_customer_is_found_without_its_event(deaf: tuple[World, Assembly]):
    """Stripe lists no deleted customers: one that a whole window does not show is asked for by itself, once."""
    world, assembly = deaf
    gone, stays = (world.stripe("customers", name=name, email="n@example.com")["id"] for name in ("Gone", "Stays"))
    assembly.extract(["customer"], today(), today())
    assembly.validate("customer")
    headers = {"Authorization": f"Bearer {world.config.stripe_secret_key}"}
    requests.delete(f"{world.base_url}/v1/customers/{gone}", headers=headers, timeout=30).raise_for_status()
    assembly.extract(["customer"], today(), today())
    assembly.validate("customer")
    assert _deleted(assembly) == [gone]
    asked = [each["path"] for each in world.asked("stripe") if each["path"].startswith("/v1/customers/cus_")]
    assert [path for path in asked if path.endswith((gone, stays))][-1].endswith(gone)
    before = len(world.asked("stripe"))
    assembly.extract(["customer"], today(), today())
    assert not any(each["path"].endswith(gone) for each in world.asked("stripe")[before:])


def test_what_a_window_shows_again_is_not_unseen(deaf: tuple[World, Assembly]):
    """Unchanged or not, an object that a list shows was seen; one outside the window is not asked for."""
    world, assembly = deaf
    world.stripe("customers", name="Same", email="n@example.com")
    assembly.extract(["customer"], today(), today())
    world.stripe("customers", name="New", email="n@example.com")
    asked = sum(1 for each in world.asked("stripe") if each["path"].startswith("/v1/customers/cus_"))
    assembly.extract(["customer"], today(), today())
    assert sum(1 for each in world.asked("stripe") if each["path"].startswith("/v1/customers/cus_")) == asked
