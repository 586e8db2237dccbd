"""Salesforce's records at the door: drift is learned from them, and what fails its schema is told, and kept.

Nothing of a deal is dropped: one that cannot be read is refused by name when it is planned (`validate/deals.py`).
"""

from collections.abc import Sequence

from sqlalchemy import Engine

from o2c_orchestration.validate.drift import learn
from o2c_orchestration.validate.read_rows import Row


def judge(engine: Engine, kind: str, records: Sequence[Row]) -> dict[str, str]:
    """Record → reasons, of the records of a type (`Opportunity`) that fail their schema."""
    # Frames take half a second to load, and few commands read anything.
    from o2c_orchestration.validate.read_schemas import failures

    name = f"salesforce_{kind.lower()}"
    learn(engine, name, records)
    wrong = failures(name, records) if records else {}
    return {str(records[number].get("Id")): f"{kind}: {reason}" for number, reason in wrong.items()}
