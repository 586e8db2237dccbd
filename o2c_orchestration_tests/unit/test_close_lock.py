"""Locking a month: which options make a decision, and what counts as a change since."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from o2c_orchestration.console.lock import Decision, decision
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.reconcile.lock import Change, changes
from o2c_orchestration.reconcile.report import as_text, close_data
from o2c_orchestration.store.agreement import Agreement
from o2c_orchestration.store.clearing import Clearing, Suspense, Waiting
from o2c_orchestration.store.evidence import Evidence
from o2c_orchestration_tests.unit.test_close_judge import READY

ASKED: dict[str, Any] = {"lock": False, "unlock": False, "by": None, "reason": None, "anyway": False}
INVOICES = Evidence("NetSuite: invoice", "usd", 2, 500, "aa")
MONTH = replace(READY, evidence=[INVOICES, Evidence("Stripe: open invoices now", "usd", 1, 70, "bb")])


def figures(**changed: Any) -> dict[str, Any]:
    """As they are kept: JSON that was read again."""
    found: dict[str, Any] = orjson.loads(as_text(close_data(replace(MONTH, **changed))))
    return found


# --- options ---------------------------------------------------------------------------------------------------------


def test_nobody_decides_anything_by_looking():
    """`o2c close` alone writes nothing."""
    assert decision(**ASKED) is None


def test_a_decision_has_a_name_and_where_it_goes_against_the_rule_a_reason():
    """A ready month may be locked without one."""
    assert decision(**ASKED | {"lock": True, "by": " Ann "}) == Decision(True, "Ann", None, False)
    asked = ASKED | {"lock": True, "by": "Ann", "reason": "audit", "anyway": True}
    assert decision(**asked) == Decision(True, "Ann", "audit", True)
    assert decision(**ASKED | {"unlock": True, "by": "Ann", "reason": "late"}) == Decision(False, "Ann", "late", False)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"lock": True}, "--by NAME"),
        ({"lock": True, "by": "  "}, "--by NAME"),
        ({"lock": True, "by": "Ann", "anyway": True}, "--reason"),
        ({"unlock": True, "by": "Ann"}, "--reason"),
        ({"lock": True, "unlock": True, "by": "Ann"}, "contradict"),
        ({"unlock": True, "by": "Ann", "reason": "x", "anyway": True}, "--anyway belongs to --lock"),
        ({"by": "Ann"}, "belong to --lock or --unlock"),
        ({"anyway": True}, "belong to --lock or --unlock"),
    ],
)
def test_half_a_decision_is_told(asked: dict[str, Any], words: str):
    """Exit 2, before anything is looked at."""
    with pytest.raises(SettingsError, match=words):
        decision(**ASKED | asked)


# --- changes ---------------------------------------------------------------------------------------------------------


def test_the_same_figures_have_not_changed():
    """Asked again, with nothing booked in between."""
    assert changes(figures(), figures()) == []


def test_what_is_told_as_of_now_is_no_change_of_the_month():
    """A payment of today lowers what is open now; the month is as it was."""
    paid = [INVOICES, Evidence("Stripe: open invoices now", "usd", 0, 0, "cc")]
    assert changes(figures(), figures(evidence=paid, receivables=[], owing=[])) == []


def test_another_sum_and_other_rows_are_told():
    """Also where other rows make the same sum; what is gone is nothing, and what is new was nothing."""
    more = changes(figures(), figures(evidence=[replace(INVOICES, minor=600, sha256="dd")]))
    assert more == [Change("NetSuite: invoice", "usd", 500, 600, rows=True)]
    same = changes(figures(), figures(evidence=[replace(INVOICES, sha256="dd")]))
    assert same == [Change("NetSuite: invoice", "usd", 500, 500, rows=True)]
    assert changes(figures(), figures(evidence=[])) == [Change("NetSuite: invoice", "usd", 500, 0, rows=True)]
    assert changes(figures(evidence=[]), figures()) == [Change("NetSuite: invoice", "usd", 0, 500, rows=True)]


def test_balances_and_clearing_of_the_month_are_compared():
    """Each figure under its own name, also of a further account."""
    gmbh = Suspense("usd", 9, 9, "acct_1")
    later = figures(
        ties=[Agreement("invoice", "usd", 1, 500, 1, 500, 500, 7)],
        balance=[replace(READY.balance[0], closing_minor=51)],
        clearing=Clearing([Waiting("usd", 1, 50, 1, 40, 0)], [], [gmbh], 0),
    )
    assert changes(figures(), later) == [
        Change("Stripe balance, closing", "usd", 50, 51),
        Change("Suspense, NetSuite (acct_1)", "usd", 0, 9),
        Change("Undeposited Funds, NetSuite", "usd", 50, 40),
        Change("invoice tie-out, explained by gaps", "usd", 0, 7),
    ]
