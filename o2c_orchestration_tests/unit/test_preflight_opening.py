"""What `o2c check` says of the beginning of the books: the figure first, then whether what is declared is it."""

from dataclasses import replace

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.opening import credit_findings, opening_findings
from o2c_orchestration.store.customer_credits import Credit
from o2c_orchestration.store.openings import OpeningBalance

HELD = OpeningBalance("main", "usd", None, 12_500, 0, 0, 0)
POLICY = Policy.model_validate({"books": {"start": "2026-01-01"}, "entities": {"acct_1": {"name": "X"}}})


def said(each: OpeningBalance) -> Finding:
    [found] = opening_findings([each], POLICY)
    return found


def test_what_is_to_be_declared_is_told_as_o2c_yaml_says_it():
    """In minor units, less what has documents; of an entity under its key."""
    found = said(replace(HELD, account="acct_1", adopted_minor=500))
    assert (found.what, found.mark) == ("entities.acct_1.books.opening.usd", "hint")
    assert found.detail.startswith("Stripe held 125.00 USD at 2026-01-01 00:00 UTC, 5.00 USD of it with documents")
    assert found.to_do.endswith("entities.acct_1.books.opening.usd: {account: …, amount_minor: 12000}")


def test_where_nothing_was_there_nothing_is_said():
    """Nor where all of it stands in NetSuite as documents, nor where nobody knows."""
    for each in (replace(HELD, balance_minor=0), replace(HELD, adopted_minor=12_500)):
        assert list(opening_findings([each], POLICY)) == []


def test_what_is_declared_is_compared():
    """Right, wrong, or not known yet."""
    declared = replace(HELD, declared_minor=12_500, taken_minor=100, opened_minor=100)
    assert (said(declared).ok, said(declared).detail.rpartition(", ")[2]) == (True, "of which 1.00 USD is deposited")
    wrong = said(replace(declared, declared_minor=12_501))
    assert (wrong.ok, wrong.to_do.split(" in o2c.yaml")[0]) == (False, "correct books.opening.usd.amount_minor")
    assert "to 12500, and the entry in NetSuite" in wrong.to_do
    unknown = said(replace(declared, balance_minor=None))
    assert (unknown.ok, unknown.mark) == (None, "hint")
    assert "GET /v1/balance" in unknown.detail


def test_what_customers_had_to_their_credit_is_told_and_compared():
    """By currency, of all customers together: the figure to declare, right, wrong, and declared where nothing was."""
    found = [Credit("cus_1", "usd", 900, 0, 0, 0, 700), Credit("cus_2", "usd", 0, 0, 0, 0, -200)]
    [hint] = credit_findings(found, Policy())
    assert (hint.what, hint.mark) == ("books.opening_credits.usd", "hint")
    assert "had 5.00 USD to their credit" in hint.detail
    assert hint.to_do.endswith("books.opening_credits.usd: 500")
    for declared, ok in ((500, True), (700, False)):
        policy = Policy.model_validate({"books": {"opening_credits": {"usd": declared}}})
        assert [each.ok for each in credit_findings(found, policy)] == [ok]
    wrong = Policy.model_validate({"books": {"opening_credits": {"eur": 1}}})
    assert [(each.what, each.ok) for each in credit_findings([], wrong)] == [("books.opening_credits.eur", False)]
    assert list(credit_findings([Credit("cus_1", "usd", 900, 0, 0, 900)], Policy())) == []
