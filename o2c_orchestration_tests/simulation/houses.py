"""The companies that worlds are about: what o2c.yaml says of each, and what the oracle is told of it in its own words.

What belongs here: decisions that change what has to be in the books, and the stories that lead there.
"""

from dataclasses import dataclass, field

from o2c_orchestration_tests.simulation.oracle.view import Rules

# Half of the requests at once is enough to find the same states, and asks Stripe half as often.
_EVERYBODYS = """
stripe: {requests_in_flight: 1}
live: {page_from: 4}
deals: {recurring: subscription, one_off: invoice}
accounts: {bank: {usd: Checking, eur: Checking EUR}}
"""
_ACCOUNT, _GOODWILL = "Realized Gain/Loss", "Stripe Credit"
# What a dispute and its money bring, whatever the company has decided; a part may come back.
_DISPUTED = (
    ("stripe.sign_up", "stripe.bill", "stripe.pay", "money.dispute", "money.win_part", "money.pay_out", "money.refund"),
    (
        "stripe.sign_up",
        "stripe.bill",
        "stripe.pay",
        "money.pay_out",
        "money.dispute",
        "money.win_part",
        "money.pay_out",
    ),
)
_SOLD = (
    ("stripe.sign_up", "money.charge_alone", "money.charge_alone", "money.refund", "money.pay_out", "money.refund"),
    ("stripe.sign_up", "money.charge_alone", "money.dispute", "money.win_part", "money.refund", "money.pay_out"),
    ("stripe.sign_up", "money.charge_alone", "netsuite.edit_amount", "money.refund", "money.pay_out"),
    ("stripe.sign_up", "money.charge_alone", "netsuite.unapply", "netsuite.delete", "money.pay_out"),
)
_GIVEN = (
    ("stripe.sign_up", "stripe.bill", *("stripe.give_credit",) * 3, "stripe.bill", "stripe.pay", "stripe.void"),
    ("stripe.sign_up", "stripe.bill", "stripe.give_credit", "netsuite.delete", "stripe.bill", "netsuite.edit_amount"),
    ("stripe.sign_up", "stripe.bill", "stripe.give_credit", "netsuite.unapply", "netsuite.enter"),
)
_ENTERED = ("netsuite.enter_payment",) * 3
_OFF = (
    ("stripe.sign_up", "money.charge_alone", "stripe.bill", *_ENTERED, "money.pay_out", *_ENTERED, "money.pay_out"),
    ("stripe.sign_up", "money.charge_alone", *_ENTERED, "money.pay_out", "money.refund", "money.pay_out"),
)


@dataclass(frozen=True)
class House:
    """A company: its policy file, what the oracle knows of it, and stories that are told in its worlds only.

    `by_hand` weighs payments that clerks enter, on the menu: where such are tolerated, they are made.
    """

    name: str
    policy: str = ""
    rules: Rules = field(default_factory=Rules)
    stories: tuple[tuple[str, ...], ...] = _DISPUTED
    by_hand: int = 0

    @property
    def file(self) -> str:
        """The policy file's name."""
        return f"{self.name}.yaml"

    @property
    def text(self) -> str:
        """The whole of o2c.yaml."""
        return _EVERYBODYS + self.policy


# Worlds take them in turn.
HOUSES = (
    House("plain"),
    House(
        "by_lines",
        f"""
reversals: {{partial_refunds: prorated, disputes: as_refunds, uninvoiced: deposit}}
adjustments: {{item: {_GOODWILL}}}
""",
        Rules(as_refunds=True, adjustments=True, deposits=True),
        (*_GIVEN, *_SOLD, *_DISPUTED),
    ),
    House(
        "shop",
        f"""
reversals: {{uninvoiced: sale}}
tolerances: {{account: {_ACCOUNT}, net_of_fee: true, monthly_budget_minor: {{usd: 100000, eur: 100000}}}}
""",
        Rules(sales=True, differences=_ACCOUNT, net_of_fee=True, budget={"usd": 100_000, "eur": 100_000}),
        (*_SOLD, *_OFF, *_OFF, *_DISPUTED),
        by_hand=30,
    ),
    # The budget is one that most fees, or the second of them, find spent.
    House(
        "strict",
        f"""
reversals: {{partial_refunds: prorated, disputes: as_refunds, uninvoiced: sale}}
adjustments: {{item: {_GOODWILL}}}
tolerances: {{account: {_ACCOUNT}, net_of_fee: true, monthly_budget_minor: {{usd: 400, eur: 400}}}}
""",
        Rules(True, True, _ACCOUNT, net_of_fee=True, adjustments=True, budget={"usd": 400, "eur": 400}),
        (*_SOLD, *_OFF, *_OFF, *_GIVEN, *_DISPUTED),
        by_hand=30,
    ),
)
