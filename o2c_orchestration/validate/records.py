"""Salesforce's records at the door: drift is learned from them, and what fails its schema is told, and kept.

A copy of it lies in quarantine until the record passes or is deleted. Nothing of a deal is dropped: one that cannot be
read is refused by name when it is planned (`validate/deals.py`).
"""

from collections.abc import Sequence

from sqlalchemy import Engine

from o2c_orchestration.store import quarantine
from o2c_orchestration.validate.drift import learn
from o2c_orchestration.validate.read_rows import Row


def judge(engine: Engine, kind: str, records: Sequence[Row]) -> dict[str, str]:
    """Record → reasons, of the records of a type (`Opportunity`) that fail their schema."""
    # Frames take half a second to load, and few commands read anything.
    from o2c_orchestration.validate.read_schemas import failures

    name = f"salesforce_{kind.lower()}"
    learn(engine, name, records)
    failed = failures(name, records) if records else {}
    wrong = {str(records[number].get("Id")): reason for number, reason in failed.items()}
    quarantine.judged(engine, kind, wrong, [key for each in records if (key := str(each.get("Id"))) not in wrong])
    return {key: f"{kind}: {reason}" for key, reason in wrong.items()}
