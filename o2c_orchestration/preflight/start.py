"""How a run begins: with everything that `o2c check` looks at, before anything is read or written."""

from collections.abc import Sequence
from dataclasses import dataclass

from o2c_orchestration import tracing
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.preflight.facts import Facts
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.rein import rein_in
from o2c_orchestration.preflight.run import Reached, hasty_ledger, preflight, reach_systems


@dataclass(frozen=True)
class Start:
    """What a person has to know before the run goes on: what is wrong, and why nothing will be written, if so."""

    wrong: Sequence[Finding]
    reined: Sequence[Finding]


def require_systems(assembly: Assembly) -> Reached:
    """A run needs the database and both systems: what is wrong with them is said before it starts, in one line.

    Raises SettingsError, AuthenticationError, PermissionDenied, UnreachableError, DatabaseNewerThanCode.
    """
    _ = assembly.stripe, assembly.netsuite, assembly.engine
    return reach_systems(assembly)


@tracing.stage("preflight", rows=lambda start: len(start.wrong))
def start_run(assembly: Assembly) -> Start:
    """The whole preflight as the first thing of a run. Raises what `require_systems` raises, and nothing for the rest.

    What it finds wrong stops no run: single documents are refused before they are sent, and the others are right. Where
    NetSuite is certain to refuse all of them, the mode is observe from here on. What was asked for is not asked again.
    """
    reached = require_systems(assembly)
    with hasty_ledger(assembly) as ledger:
        facts = Facts(ledger)
        found = preflight(assembly, reached=reached, facts=facts)
        reined = rein_in(assembly, facts)
    assembly.reference_is_fresh()
    named = {each.what for each in reined}
    return Start([each for each in found if each.ok is False and each.what not in named], reined)
