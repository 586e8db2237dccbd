"""What a run asks before it starts writing: whether NetSuite would refuse every document."""

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy import Mode
from o2c_orchestration.preflight.facts import Facts, subsidiary_finding
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store import ledger


def rein_in(assembly: Assembly, facts: Facts | None = None) -> list[Finding]:
    """In sync mode, where NetSuite is certain to refuse every document: the run goes on in observe mode.

    Returns why; empty where the mode stays. What concerns single documents changes no mode: those are refused before
    they are sent, and the others are right. Nor does what the metadata catalog tells: NetSuite fills mandatory fields
    that have a default by itself, and a role that may create records need not see the catalog. `facts`: what is known
    already, and is not asked again.
    """
    if not assembly.writes or assembly.settings.netsuite is None:
        return []
    wrong = [each for each in _subsidiary(assembly, facts or Facts(assembly.ledger)) if each.ok is False]
    if wrong:
        assembly.settings.policy = assembly.policy.model_copy(update={"mode": Mode.OBSERVE})
    return wrong


def _subsidiary(assembly: Assembly, facts: Facts) -> list[Finding]:
    """By internal id, or by a name that the reference data tells: before it was read, no document names it either."""
    named = assembly.policy.books.subsidiary
    if named is None:
        return []
    identifier = ledger.find(ledger.reference(assembly.engine), "subsidiary", named) or named
    row = facts.subsidiaries.get(identifier)
    return [subsidiary_finding(Finding("books.subsidiary", True, f"subsidiary {named}"), row)]
