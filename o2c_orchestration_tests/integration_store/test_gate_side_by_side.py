"""The gate while another one stores the same objects: what was new when it looked is not new any more."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.store.gate import Admission, StripeObject, admit

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
OTHERS = """
INSERT INTO o2c.stripe_objects (id, object, created_at, status, read_at, payload_hash, payload)
VALUES ('in_1', 'invoice', now(), 'paid', :read_at, '\\x00', '{"total": 0}')"""
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def read(second: int, key: str, **more: Any) -> StripeObject:
    payload = {"id": key, "object": "invoice", "status": "open", "created": 1_770_000_000, **more}
    return StripeObject.of(payload, NOW + timedelta(seconds=second))


def totals(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, CAST(payload ->> 'total' AS int) AS total FROM o2c.stripe_objects"))
        return {row.id: row.total for row in found}


def blocked(engine: Engine) -> bool:
    """Whether somebody waits for a lock."""
    with engine.connect() as connection:
        return bool(connection.execute(text(WAITS)).scalar())


def admit_beside(engine: Engine, second: int, objects: list[StripeObject]) -> Admission:
    """Let objects in while another transaction has stored a paid in_1, read at `second`, and not committed yet."""
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as other:
            other.execute(text(OTHERS), {"read_at": NOW + timedelta(seconds=second)})
            ours: Future[Admission] = pool.submit(admit, engine, objects)
            while not ours.done() and not blocked(engine):
                wait([ours], timeout=0.01)
            assert not ours.done()
        return ours.result(timeout=30)


@pytest.mark.parametrize("second", [0, 9])
def test_an_object_stored_meanwhile_is_judged_after_all(engine: Engine, second: int) -> None:
    """A newer read of it stays, a terminal state is not lost to ours unproven, and its neighbours go in."""
    objects = [read(5, "in_0", total=10), read(5, "in_1", total=11), read(5, "in_2", total=12)]
    admission = admit_beside(engine, second, objects)
    assert ("in_0", "in_2") == admission.changed
    assert (("in_1",) if second == 0 else ()) == admission.regressed
    assert {"in_0": 10, "in_1": 0, "in_2": 12} == totals(engine)


def test_batches_that_share_objects_do_not_block_each_other(engine: Engine) -> None:
    """Two that bring the same objects in opposite order both end, and each object is stored once, as read last."""
    for start in range(0, 20_000, 2_000):
        keys = [f"in_{number:05d}" for number in range(start, start + 2_000)]
        with ThreadPoolExecutor(2) as pool:
            older = pool.submit(admit, engine, [read(1, key, total=1) for key in keys])
            newer = pool.submit(admit, engine, [read(2, key, total=2) for key in reversed(keys)])
            older.result(timeout=60)
            newer.result(timeout=60)
    found = totals(engine)
    assert (20_000, {2}) == (len(found), set(found.values()))


def test_what_is_absent_is_forgotten_for_known_objects_too(engine: Engine) -> None:
    """Once Stripe has shown an object, its 404 of before says nothing, whether it was stored already or not."""
    admit(engine, [read(0, "in_1")])
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO o2c.stripe_absent VALUES ('in_1', now()), ('in_2', now())"))
    admit(engine, [read(1, "in_1"), read(1, "in_2")])
    with engine.connect() as connection:
        assert 0 == connection.execute(text("SELECT count(*) FROM o2c.stripe_absent")).scalar()
