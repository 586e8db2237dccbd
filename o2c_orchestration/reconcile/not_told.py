"""What Salesforce did not take of what it was told → a gap each, in the words of those who sell. Pure."""

from collections.abc import Iterable, Iterator

from o2c_orchestration.domain.deals import DealFacts
from o2c_orchestration.domain.not_told import NotTaken, NotTold

_WHAT = {
    "O2C_Invoice__c": "of invoice {}",
    "O2C_Payment__c": "of payment {}",
    "Account": "what its customer owes, and his ids",
}
# By Salesforce's code: what is wrong, and what a person does.
_WORDS = {
    "DUPLICATE_EXTERNAL_ID": (
        "several of its records have that id, and nobody can tell which one is meant",
        "delete all but one of them in Salesforce",
    ),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (
        "a value is not in the list of its field ({})",
        "have an administrator put the value back into the field's list, as our package has it",
    ),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (
        "a rule of your company does not let the record be saved ({})",
        "correct the record so that it can be saved again, or leave the integration's user out of the rule",
    ),
    "DUPLICATE_VALUE": (
        "another record has the same value, and only one may ({})",
        "take it off the record that it does not belong to",
    ),
    "INSUFFICIENT_ACCESS_OR_READONLY": (
        "the integration's user may not change the record",
        "have an administrator assign our permission set to the integration's user",
    ),
}
_OTHER = ("it says: {}", "show this to an administrator of Salesforce")


def not_told(facts: Iterable[DealFacts], refused: Iterable[NotTaken]) -> list[NotTold]:
    """A gap for each record that was not taken; none for one that belongs to no deal that is known."""
    taken_by = {(item.object, item.key): item for item in refused}
    if not taken_by:
        return []
    found: dict[tuple[str, str], NotTold] = {}
    for each in facts:
        for thing, key in _records(each):
            item = taken_by.get((thing, key))
            if item is not None:
                # Of an account with several deals, the first one tells it.
                found.setdefault((thing, key), _gap(each, item))
    return list(found.values())


def _records(facts: DealFacts) -> Iterator[tuple[str, str]]:
    yield facts.deal.kind.capitalize(), facts.deal.id
    yield from (("O2C_Invoice__c", invoice.id) for invoice in facts.invoices)
    yield from (("O2C_Payment__c", payment.id) for payment in facts.payments)
    if facts.account is not None:
        yield "Account", facts.account.id


def _gap(facts: DealFacts, item: NotTaken) -> NotTold:
    child = item.object.startswith("O2C_")
    what = _WHAT.get(item.object, f"what became of the {facts.deal.kind}").format(item.key)
    why, fix = _WORDS.get(item.code, _OTHER)
    return NotTold(
        record=item,
        leg="salesforce_stripe" if child else "salesforce_netsuite",
        salesforce_id=facts.deal.id if child or item.object != "Account" else item.key,
        stripe_id=item.key if child else None,
        customer=facts.account.name if facts.account else None,
        currency=facts.deal.currency,
        day=facts.deal.close_date,
        reason=f"Salesforce is not told {'all ' if item.partly else ''}{what}: {why.format(item.words)}. To do: {fix}",
    )
