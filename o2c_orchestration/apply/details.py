"""Customers whose details NetSuite does not take: they are made without them, and it is told.

A refusal by name (HTTP 400) has written nothing. Which detail it was about NetSuite's words do not always say, so all
of them are left out; if it was about something else, the second refusal says so.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import Engine

from o2c_orchestration.domain.contact import MADE_WITHOUT
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.errors import Refused
from o2c_orchestration.store.journal import Claim
from o2c_orchestration.store.written import tell

log = structlog.get_logger(__name__)

# What a customer may lack without any document of his being refused.
_DETAILS = ("addressBook", "phone", "salesRep")


def told(command: Command) -> None:
    """A line in the log for a customer whom the plan left something out of."""
    _, _, without = command.why.partition(f". {MADE_WITHOUT} ")
    if command.document == "customer" and without:
        log.warning("customer is made without details", why=without)


def plainer(engine: Engine, claim: Claim, body: Mapping[str, Any], refused: Refused) -> dict[str, Any] | None:
    """The body of a refused customer without its details; None where they cannot have been the reason.

    The log tells it, and the history of the write, which a person reads.
    """
    given = [name for name in _DETAILS if name in body]
    if claim.command.document != "customer" or not given or refused.category == "duplicate":
        return None
    log.warning("customer is made without details", left_out=given, said=refused.detail)
    words = f"made without {', '.join(given)}, since NetSuite said: {refused.detail}"
    tell(engine, claim.id, words)
    return {name: value for name, value in body.items() if name not in given}
