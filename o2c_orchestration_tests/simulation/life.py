"""What happens in the world while the product runs: customers buy and pay, clerks do as they like.

What belongs here: the menu and the draw. `Life(rng, call).act()` does one thing and returns its record.
"""

import random
from collections.abc import Callable

from o2c_orchestration_tests.simulation.life_events import distort_events
from o2c_orchestration_tests.simulation.life_money import MoneyLife
from o2c_orchestration_tests.simulation.life_netsuite import NetSuiteLife
from o2c_orchestration_tests.simulation.life_sales import SalesLife
from o2c_orchestration_tests.simulation.life_stripe import StripeLife
from o2c_orchestration_tests.simulation.life_wire import Call, Record

__all__ = ["Life", "Record", "distort_events"]

_Action = Callable[[], Record | None]
# What cannot be booked when its payout arrives, and can later.
_STOPPED = ("netsuite.stop_customer", "stripe.pay", "money.pay_out", "netsuite.resume_customer")
# Things that happen in this order and hardly ever would by chance, in a world of an hour.
_STORIES = (
    ("stripe.sign_up", "stripe.bill", "stripe.pay", "money.refund", "money.pay_out", "money.fail_refund"),
    ("stripe.sign_up", "stripe.bill", "stripe.pay", "money.credit_paid", "money.pay_out", "money.refund"),
    ("stripe.sign_up", "stripe.bill", "money.credit_open", "stripe.pay", "money.refund", "money.pay_out"),
    ("stripe.sign_up", "stripe.bill", "stripe.pay", "money.refund", "money.credit_refund", "money.pay_out"),
    ("stripe.sign_up", "stripe.bill", "money.credit_open", "stripe.void", "money.pay_out"),
    ("stripe.sign_up", "stripe.bill", "money.credit_open", "money.void_note", "stripe.pay", "money.pay_out"),
    ("stripe.sign_up", "stripe.bill", "stripe.pay", "money.dispute", "money.pay_out", "money.decide"),
    ("stripe.sign_up", "money.charge_alone", "money.refund", "money.pay_out", "money.fail_refund", "money.refund"),
    ("stripe.sign_up", "money.charge_alone", "money.dispute", "money.decide", "money.pay_out"),
    ("stripe.sign_up", "stripe.bill", "stripe.pay_part", "stripe.write_off", "stripe.pay_late", "money.pay_out"),
    ("stripe.sign_up", "stripe.bill", "stripe.void", "stripe.bill", "stripe.pay", "money.pay_out"),
    ("stripe.sign_up", "stripe.bill", "stripe.pay", "money.pay_out", "money.fail_payout", "money.refund"),
    ("stripe.sign_up", "stripe.bill", "stripe.bill", "stripe.pay", "stripe.pay_part"),
    ("stripe.sign_up", "stripe.bill", "stripe.give_credit", "stripe.bill", "stripe.pay", "stripe.void"),
    ("stripe.sign_up", "stripe.bill_credit", "stripe.bill", "stripe.void", "stripe.bill", "stripe.pay"),
    ("stripe.sign_up", "stripe.bill", *_STOPPED),
    ("stripe.sign_up", "stripe.bill", "stripe.pay", "netsuite.stop_customer", "money.refund", *_STOPPED[2:]),
)
# What clerks do to documents that are there.
_TOUCHING = ("netsuite.edit", "netsuite.un", "netsuite.delete", "netsuite.stop", "netsuite.resume")
# Of deals, in worlds in which deals are won.
_DEALS = (
    ("sales.win", "sales.win", "sales.save", "sales.reopen", "sales.rewin"),
    ("sales.win", "sales.reopen", "sales.win", "sales.rewin", "sales.edit"),
    ("sales.win", "sales.edit", "sales.win", "sales.drop"),
    ("sales.win", "sales.win", "sales.win", "sales.save", "sales.save"),
)
# How often what happens next is the story's: in most worlds seldom, in some as a rule.
_FAITHFUL = (0.4, 0.4, 0.9)


class Life:
    """A company's life. The same seed and answers give the same life.

    `billing` and `behind_our_back` weigh the two halves of the menu; with the second at 0 nobody touches the books.
    `by_hand` weighs payments that clerks enter, who else touch nothing. `sells`: deals are won as well. `told` are
    further stories, each four times as likely as one that is told everywhere.
    """

    def __init__(
        self,
        rng: random.Random,
        call: Call,
        *,
        billing: int = 10,
        behind_our_back: int = 2,
        by_hand: int = 0,
        sells: bool = False,
        told: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        self._rng = rng
        self._stripe = StripeLife(rng, call)
        self._money = MoneyLife(rng, call)
        self._netsuite = NetSuiteLife(rng, call)
        self._sales = SalesLife(rng, call)
        if sells:
            self._sales.open_shop()
        stories = [*_STORIES, *told * 4]
        held = () if behind_our_back else ("netsuite.",) if not by_hand else _TOUCHING
        stories = [story for story in stories if not any(step.startswith(held) for step in story)]
        stories += _DEALS * 4 if sells else ()
        self._story, self._faithful = list(rng.choice(stories)), rng.choice(_FAITHFUL)
        self._menu: list[tuple[_Action, int]] = [
            *((action, weight * billing) for action, weight in (*self._billing(), *self._moving())),
            *((action, weight * behind_our_back) for action, weight in self._behind_our_back()),
            (self._netsuite.enter_payment, by_hand * billing),
            *((action, weight * billing) for action, weight in (self._selling() if sells else ())),
        ]

    def begin(self) -> list[Record]:
        """What has happened already when the world is first looked at: a part of a story."""
        steps = [self._story.pop(0) for _ in range(self._rng.randrange(len(self._story)))]
        return [record for record in map(self.do, steps) if record is not None]

    def act(self) -> Record:
        """Do one thing: the next of the story, or anything. What cannot be done now gives way to a new customer."""
        told = self._tell() if self._story and self._rng.random() < self._faithful else None
        if told is not None:
            return told
        actions, weights = [action for action, _ in self._menu], [weight for _, weight in self._menu]
        for _ in range(3):
            done = self._rng.choices(actions, weights)[0]()
            if done is not None:
                return done
        done = self._stripe.sign_up()
        assert done is not None
        return done

    def _tell(self) -> Record | None:
        """The next step of the story, left out if it cannot be done; a clerk's waits for there to be books."""
        step = self._story.pop(0)
        told = self.do(step)
        if told is None and step.startswith("netsuite.") and self._rng.random() < 0.8:
            self._story.insert(0, step)
        return told

    def do(self, action: str) -> Record | None:
        """Do this very thing, by its name: one of the menu's; None if there is nothing to do it to."""
        system, _, name = action.partition(".")
        people = {"stripe": self._stripe, "money": self._money, "sales": self._sales, "netsuite": self._netsuite}
        found: _Action = getattr(people[system], name)
        return found()

    @property
    def names(self) -> list[str]:
        """Everything on the menu, as `do` takes it."""
        return [
            *(f"stripe.{action.__name__}" for action, _ in self._billing()),
            *(f"money.{action.__name__}" for action, _ in self._moving()),
            *(f"netsuite.{action.__name__}" for action, _ in self._behind_our_back()),
            *(f"sales.{action.__name__}" for action, _ in self._selling()),
        ]

    def _billing(self) -> list[tuple[_Action, int]]:
        life = self._stripe
        return [
            (life.sign_up, 4), (life.rename, 1), (life.draft, 2), (life.finalize, 2), (life.delete_draft, 1),
            (life.bill, 12), (life.bill_many_lines, 2), (life.bill_at_midnight, 4), (life.bill_nothing, 2),
            (life.bill_credit, 1), (life.give_credit, 3), (life.pay, 12), (life.pay_part, 4), (life.pay_elsewhere, 1),
            (life.void, 2), (life.write_off, 2), (life.pay_late, 2),
        ]  # fmt: skip

    def _moving(self) -> list[tuple[_Action, int]]:
        life = self._money
        return [
            (life.charge_alone, 2), (life.credit_open, 3), (life.credit_paid, 3), (life.refund, 5),
            (life.fail_refund, 2), (life.dispute, 3), (life.decide, 3), (life.win_part, 1), (life.pay_out, 6),
            (life.arrive, 2), (life.fail_payout, 1), (life.void_note, 1), (life.credit_refund, 2),
        ]  # fmt: skip

    def _selling(self) -> list[tuple[_Action, int]]:
        life = self._sales
        return [(life.win, 40), (life.save, 6), (life.reopen, 8), (life.rewin, 12), (life.edit, 5), (life.drop, 2)]

    def _behind_our_back(self) -> list[tuple[_Action, int]]:
        life = self._netsuite
        return [
            (life.edit_amount, 3), (life.edit_date, 3), (life.edit_memo, 2), (life.strip_names, 1), (life.unapply, 2),
            (life.delete, 3), (life.void, 1), (life.enter, 4), (life.enter_payment, 4),
            (life.close_period, 2), (life.open_period, 3),
            (life.stop_customer, 1), (life.resume_customer, 2),
        ]  # fmt: skip
