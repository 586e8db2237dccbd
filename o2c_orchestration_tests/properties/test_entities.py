"""The planner for several entities: no command mixes two of them, whatever rows and ledger say."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Plan,
    Rows,
)
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.domain.policy import MAIN, Policy
from o2c_orchestration.plan import make_plan, together
from o2c_orchestration_tests.properties.test_planner import CHARGE_IDS, DAY, INVOICE_IDS, MOMENT, rows

GMBH = "acct_1GmbH"
POLICIES = st.sampled_from(
    [
        Policy.model_validate({"customers": {"subsidiaries": put}, "entities": {GMBH: entity}})
        for put in ("add", "refuse")
        for entity in (
            {"name": "GmbH", "books": {"subsidiary": "2"}, "accounts": {"bank": {"usd": "1002", "jpy": "1003"}}},
            {"name": "Shop"},
        )
    ]
)
# What another entity has: where a stored row or a deposit of this one names it, that is somebody's mistake.
OWN_OR_NOT = st.sampled_from([None, "subsidiary Example Inc."])
RELATED = st.sampled_from([frozenset({"1"}), frozenset({"2"}), frozenset({"1", "2"}), frozenset[str]()])


@st.composite
def payout(draw: Any) -> PayoutRow:
    """A payout of some of the charges."""
    sources = draw(st.lists(st.sampled_from(CHARGE_IDS), unique=True, min_size=1))
    members = tuple(
        MemberRow(f"txn_{n}", "charge", "charge", key, "usd", 100, 3, 97, MOMENT, (("stripe_fee", 3),), "usd", 100)
        for n, key in enumerate(sources)
    )
    total = sum(each.amount_minor - each.fee_minor for each in members)
    return PayoutRow("po_1", "usd", total, "paid", DAY, MOMENT, True, True, members)


@st.composite
def worlds(draw: Any) -> tuple[Rows, dict[str, KnownDocument]]:
    """Rows of one account, and what the ledger holds, some of it in the books of others."""
    found, subsidiary = draw(rows()), draw(st.sampled_from(["2", None]))
    pool = [*INVOICE_IDS, *CHARGE_IDS]
    known = {
        key: KnownDocument("7", "usd", 100, 500, elsewhere=draw(OWN_OR_NOT))
        for key in draw(st.sets(st.sampled_from(pool), min_size=2, max_size=6))
    }
    people = {key: KnownDocument("9", subsidiaries=draw(RELATED)) for key in ("cus_2", "cus_3")}
    # Besides rows that are mostly refused for other reasons, some that would be written if entities were one.
    payer, target = draw(st.sampled_from(["cus_1", "cus_2", "cus_3"])), draw(st.sampled_from(INVOICE_IDS))
    sound = PaymentRow("ch_9", payer, "usd", 100, DAY, MOMENT, (ApplicationRow(target, 100),))
    line = LineRow("il_9", "Seats", 100)
    billed = InvoiceRow("in_9", payer, None, "usd", "open", 100, 0, 100, DAY, None, MOMENT, (line,))
    customers = {each.id: each for each in found["customers"]} | {"cus_1": CustomerRow("cus_1", "Ann", None, MOMENT)}
    given_ = Rows(
        tuple(customers.values()),
        (*found["invoices"], billed),
        (*found["payments"], sound),
        payouts=(draw(payout()),),
        subsidiary=subsidiary,
    )
    return given_, {**known, **people}


def keys_in(value: Any) -> Iterator[str]:
    """Every document that a body refers to."""
    if isinstance(value, Mapping):
        if "$document" in value:
            yield value["$document"][1]
        if "$key" in value:
            yield value["$key"]
        for item in value.values():
            yield from keys_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from keys_in(item)


def plan_of(policy: Policy, account: str, world: tuple[Rows, dict[str, KnownDocument]]) -> Plan:
    return make_plan(policy.of(account), world[0], world[1])


@settings(max_examples=150)
@given(policy=POLICIES, account=st.sampled_from([MAIN, GMBH]), world=worlds())
def test_no_command_mixes_entities(policy: Policy, account: str, world: tuple[Rows, dict[str, KnownDocument]]):
    """Whatever a document names is its own entity's, and it says its own subsidiary and no other entity's bank."""
    own, known = policy.of(account), world[1]
    for command in plan_of(policy, account, world).commands:
        named = [known[key] for key in keys_in(command.body) if key in known]
        assert [each for each in named if each.elsewhere] == []
        assert command.body["subsidiary"] == {"$subsidiary": own.books.subsidiary}
        if command.document == "deposit":
            assert command.body["account"] == {"$account": own.accounts.bank[command.currency]}


@settings(max_examples=150)
@given(policy=POLICIES, account=st.sampled_from([MAIN, GMBH]), world=worlds())
def test_customers_are_in_the_subsidiary_of_their_documents(
    policy: Policy, account: str, world: tuple[Rows, dict[str, KnownDocument]]
):
    """A customer who is known not to be there is put there first, where policy lets us, or nothing is written."""
    given_, known = world
    commands = {item.external_id: item for item in plan_of(policy, account, world).commands}
    for command in commands.values():
        customer = known.get(command.customer_id or "")
        if command.document in ("customer", "customerSubsidiaryRelationship") or customer is None:
            continue
        if given_.subsidiary and customer.subsidiaries and given_.subsidiary not in customer.subsidiaries:
            assert policy.customers.subsidiaries == "add"
            relation = commands[f"cs-{customer.netsuite_id}-{given_.subsidiary}"]
            assert relation.external_id in command.depends_on
            assert relation.partition <= command.partition


@given(policy=POLICIES, world=worlds())
def test_plans_together_are_all_of_each(policy: Policy, world: tuple[Rows, dict[str, KnownDocument]]):
    """Nothing is lost between the accounts, in the order in which documents lean on each other."""
    one = plan_of(policy, GMBH, world)
    both = together([make_plan(policy, Rows(), {}), one])
    assert both.commands == one.commands
    assert [item.external_id for item in both.refusals] == [item.external_id for item in one.refusals]
