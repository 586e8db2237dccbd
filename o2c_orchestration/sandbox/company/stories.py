"""What happens to each invoice of the demo company, decided before any object is made.

What belongs here: dealing outcomes, layouts, ways of keeping and planted mistakes over the invoices, so
that every feature occurs at least once at any reasonable size. Nothing here knows a wire format.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from .plots import EARLY_PLOTS, LATE_PLOTS, Plot

DAY = 86_400
OPEN_OR_PAID = ("open", "paid")
# A mistake on a mirrored invoice, and the outcomes in Stripe that keep it from showing as another gap too.
INVOICE_MISTAKES: dict[str, tuple[str, ...]] = {
    "amount_mismatch": OPEN_OR_PAID,
    "tax_mismatch": ("open",),
    "currency_mismatch": ("open",),
    "customer_mismatch": ("open",),
    "period_mismatch": OPEN_OR_PAID,
    "duplicate_in_netsuite": OPEN_OR_PAID,
    "payment_unapplied": ("paid",),
    "payment_mismatch": ("paid",),
    "paid_twice": ("paid",),
    "void_held_open": ("void",),
}
# Their documents must not be in a payout that others deposit.
_PAYMENT_MISTAKES = ("payment_unapplied", "payment_mismatch", "paid_twice")
# Mistakes with no Stripe invoice behind them, and those of documents that NetSuite will refuse.
LOOSE_MISTAKES = ("unlinked_invoice", "unlinked_payment", "missing_in_stripe", "unlinked_memo")
REFUSED_MISTAKES = ("sync_failed_currency", "sync_failed_period")
_MISTAKES_PER_HUNDRED = 4
_COUNT_FOR_ALL = 20
# Above this every further mistake comes from here, in turn.
_FURTHER_MISTAKES = (
    "amount_mismatch",
    "tax_mismatch",
    "duplicate_in_netsuite",
    "payment_unapplied",
    "period_mismatch",
    "unlinked_invoice",
    "amount_mismatch",
    "paid_twice",
    "customer_mismatch",
    "payment_mismatch",
    "void_held_open",
    "unlinked_payment",
    "currency_mismatch",
    "missing_in_stripe",
    "unlinked_memo",
)
# Above the first of each, so many invoices in a hundred have a plot.
_PLOTS_PER_HUNDRED = 10
# Two decimals where the currency is confused, some tax where tax is, a common currency where the customer is.
_CURRENCIES_OF_MISTAKES: dict[str, Sequence[str]] = {
    "currency_mismatch": ("eur", "gbp", "cad"),
    "customer_mismatch": ("usd",),
    "tax_mismatch": ("usd", "eur", "gbp", "cad", "jpy"),
}
_BANKED_DAYS = 5
# Invoices in a hundred; each outcome occurs at least once.
_OUTCOMES = {
    "draft": 2,
    "void": 3,
    "trial": 3,
    "two_payments": 2,
    "retried": 5,
    "failed": 2,
    "late": 12,
    "open": 10,
}
_LAYOUTS = ("subscription", "one_off", "proration", "many_lines")
_LAYOUT_WEIGHTS = (55, 33, 9, 3)
_KEEPINGS = ("none", "connector", "hand_memo", "hand_number", "hand_reference")
_KEEPING_WEIGHTS = (15, 45, 16, 12, 12)


@dataclass(frozen=True)
class Window:
    """The days looked at: `days` UTC days that end before `today`. Times are Unix seconds."""

    today: date
    days: int

    @property
    def start(self) -> int:
        return self.end - self.days * DAY

    @property
    def end(self) -> int:
        return int(datetime(self.today.year, self.today.month, self.today.day, tzinfo=UTC).timestamp())

    @property
    def kept_until(self) -> int:
        """The end of the first third, which was kept before us; fewer than three days have none."""
        return self.start + self.days // 3 * DAY

    @property
    def banked_until(self) -> int:
        """The end of the first days, at most five, whose payouts others may have deposited."""
        third = self.days // 3
        return self.start + (min(_BANKED_DAYS, third - 1) * DAY if third >= _BANKED_DAYS - 2 else 0)


@dataclass(frozen=True)
class Story:
    """One invoice: `customer` is an index, `partner` the index of the invoice paid by the same payment."""

    finalized_at: int
    customer: int = 0
    outcome: str = "paid"
    layout: str = "subscription"
    discounted: bool = False
    taxed: bool = False
    effective: str = "same"
    keeping: str = "none"
    mistake: str | None = None
    plot: Plot | None = None
    partner: int | None = None


def tell(rng: random.Random, window: Window, count: int, customers: Sequence[str]) -> tuple[list[Story], list[str]]:
    """The stories of `count` invoices in order of finalization, and the mistakes with no invoice behind.

    `customers` are their currencies; the last customer is the one whose currency NetSuite does not know
    and is used for that mistake only.
    """
    stories = [Story(finalized_at=moment) for moment in _moments(rng, window, count)]
    zone = sum(1 for story in stories if story.finalized_at < window.kept_until)
    banked = sum(1 for story in stories if story.finalized_at < window.banked_until)
    on_invoices, loose = _mistakes(count, zone)
    free = _plant(rng, stories, on_invoices, zone, banked, len(customers) - 1)
    free = _deal_plots(stories, free, zone, banked)
    free = _deal_pairs(rng, stories, free, zone, max(1, count * 15 // 1000))
    _deal_outcomes(rng, stories, free, count)
    _deal_customers(rng, stories, customers, banked)
    _deal_layouts(rng, stories)
    for place, story in enumerate(stories):
        stories[place] = _detail(rng, story, window, place < zone, place < banked)
    _align_pairs(stories)
    return stories, loose


def _moments(rng: random.Random, window: Window, count: int) -> list[int]:
    """Moments of finalization, ascending: office hours, a few nights, and one night at each month's start.

    Between 02:00 and 06:00 UTC it is still yesterday in Los Angeles.
    """
    moments, night_done = [], -1
    for place in range(count):
        day = place * window.days // count
        midnight = window.start + day * DAY
        first_of_month = datetime.fromtimestamp(midnight, UTC).day == 1 and night_done != day
        at_night = first_of_month or (rng.randrange(100) < 4 and datetime.fromtimestamp(midnight, UTC).day != 1)
        night_done = day if first_of_month else night_done
        moments.append(
            midnight + (rng.randrange(2 * 3600, 6 * 3600) if at_night else rng.randrange(14 * 3600, 23 * 3600))
        )
    return sorted(moments)


def _mistakes(count: int, zone: int) -> tuple[list[str], list[str]]:
    """(mistakes that sit on an invoice, those that do not): each once, then about four in a hundred."""
    # A handful of invoices, or a window without a first third, is too little to be wrong in every way.
    rich = count >= _COUNT_FOR_ALL and zone > 0
    wanted = [*INVOICE_MISTAKES, *(LOOSE_MISTAKES + REFUSED_MISTAKES if rich else ())]
    further = count * _MISTAKES_PER_HUNDRED // 100 - len(wanted)
    wanted += [_FURTHER_MISTAKES[turn % len(_FURTHER_MISTAKES)] for turn in range(further)]
    kept = [mistake for mistake in wanted if mistake in INVOICE_MISTAKES][:zone]
    kept += [mistake for mistake in wanted if mistake in REFUSED_MISTAKES]
    return kept, [mistake for mistake in wanted if mistake in LOOSE_MISTAKES]


def _plant(
    rng: random.Random, stories: list[Story], mistakes: Iterable[str], zone: int, banked: int, refused: int
) -> list[int]:
    """Put each mistake on an invoice of its own; the places still free, shuffled."""
    early, late = list(range(zone)), list(range(zone, len(stories)))
    rng.shuffle(early)
    rng.shuffle(late)
    for mistake in mistakes:
        if mistake in REFUSED_MISTAKES:
            place = late.pop()
            outcome, keeping = "open", "none"
        else:
            place = _take(early, banked, apart=mistake in _PAYMENT_MISTAKES)
            outcome = rng.choice(INVOICE_MISTAKES[mistake])
            keeping = "connector"
        customer = refused if mistake == "sync_failed_currency" else 0
        stories[place] = replace(stories[place], mistake=mistake, outcome=outcome, keeping=keeping, customer=customer)
    free = early + late
    rng.shuffle(free)
    return free


def _take(places: list[int], banked: int, *, apart: bool) -> int:
    """Take a place off the end: after the `banked` first if it is to be apart, else among those, if there is one."""
    for turn in reversed(range(len(places))):
        if (places[turn] >= banked) is apart:
            return places.pop(turn)
    return places.pop()


def _deal_plots(stories: list[Story], free: list[int], zone: int, banked: int) -> list[int]:
    """Each plot once, as far as half of the free invoices go, then more of the late ones; the places left over."""
    count = len(stories)
    if count < _COUNT_FOR_ALL:
        return free
    early, late = [place for place in free if place < zone], [place for place in free if place >= zone]
    for plot in EARLY_PLOTS[: len(early) // 2]:
        place = _take(early, banked, apart=plot.apart)
        stories[place] = replace(stories[place], plot=plot, outcome=plot.outcome, keeping="connector")
    # The first of each is old enough that what follows within days still falls inside the window.
    old = [place for place in late if place < count * 6 // 10]
    young = [place for place in late if place >= count * 6 // 10]
    first = old[: len(old) // 2] + young[: len(LATE_PLOTS) // 2]
    further = count * _PLOTS_PER_HUNDRED // 100 - len(EARLY_PLOTS) - len(LATE_PLOTS)
    places = first[: min(len(LATE_PLOTS), len(late) // 2)]
    places += [place for place in young if place not in places][: max(further, 0)]
    for turn, place in enumerate(places):
        plot = LATE_PLOTS[turn % len(LATE_PLOTS)]
        stories[place] = replace(stories[place], plot=plot, outcome=plot.outcome)
    taken = set(places)
    return [place for place in early + late if place not in taken]


def _deal_pairs(rng: random.Random, stories: list[Story], free: list[int], zone: int, pairs: int) -> list[int]:
    """Neighbouring free invoices become pairs that one payment will cover; the places left over."""
    left = set(free)
    for place in free:
        partner = next((other for other in range(place + 1, min(place + 9, len(stories))) if other in left), None)
        if pairs == 0:
            break
        if place not in left or partner is None or (place < zone) != (partner < zone):
            continue
        # A payment that covers two invoices comes days later; leave it room before the end.
        if place > len(stories) * 3 // 4:
            continue
        stories[place] = replace(stories[place], outcome="shared", partner=partner)
        stories[partner] = replace(stories[partner], outcome="shared", partner=place)
        left -= {place, partner}
        pairs -= 1
    return [place for place in free if place in left]


def _deal_outcomes(rng: random.Random, stories: list[Story], free: list[int], count: int) -> None:
    further = [outcome for outcome, share in _OUTCOMES.items() for _ in range(count * share // 100 - 1)]
    # The first of each is old enough that what happens days later still falls inside the window.
    old = [place for place in free if place < count * 6 // 10][: len(_OUTCOMES)]
    taken = set(old)
    places = old + [place for place in free if place not in taken]
    for outcome, place in zip([*_OUTCOMES, *further], places, strict=False):
        stories[place] = replace(stories[place], outcome=outcome)


def _deal_customers(rng: random.Random, stories: list[Story], currencies: Sequence[str], banked: int) -> None:
    """Every customer in turn, in an order that changes each round; newcomers join all the time once `banked` is past.

    NetSuite does not know newcomers, and all of the first days is in the books.
    """
    everyone = range(len(currencies) - 1)
    newcomers = [customer for customer in everyone if is_newcomer(customer)]
    # The last arrives at nineteen twentieths, so that somebody signed up in the last days.
    rest = len(stories) - banked
    arrivals = [banked + rest * 19 * (turn + 1) // (20 * len(newcomers)) for turn in range(len(newcomers))]
    joined = [customer for customer in everyone if not is_newcomer(customer)]
    deck: list[int] = []
    for place, story in enumerate(stories):
        if story.mistake == "sync_failed_currency":
            continue
        if story.partner is not None and story.partner < place:
            customer = stories[story.partner].customer
        elif story.mistake is None and story.plot is None and newcomers and arrivals[0] <= place:
            arrivals.pop(0)
            customer = newcomers.pop(0)
            joined.append(customer)
        else:
            deck = deck or rng.sample(joined, len(joined))
            customer = _fitting(deck, story, currencies)
        stories[place] = replace(story, customer=customer)


def _fitting(deck: list[int], story: Story, currencies: Sequence[str]) -> int:
    """Take a customer off the deck; a mistake or plot wants one that NetSuite knows, some want a certain currency."""
    if story.mistake is None and story.plot is None:
        return deck.pop()
    wanted = _CURRENCIES_OF_MISTAKES.get(story.mistake or "", currencies)
    if story.plot is not None:
        wanted = story.plot.currencies or currencies

    def fits(customer: int) -> bool:
        return currencies[customer] in wanted and not is_newcomer(customer)

    for turn, customer in enumerate(deck):
        if fits(customer):
            return deck.pop(turn)
    return next(customer for customer in range(len(currencies) - 1) if fits(customer))


def is_newcomer(customer: int) -> bool:
    """Every fifth customer signed up lately and was never entered into NetSuite."""
    return customer % 5 == 4


def _deal_layouts(rng: random.Random, stories: list[Story]) -> None:
    """A trial has its own layout; of the others each occurs once before chance decides."""
    first = list(_LAYOUTS)
    for place, story in enumerate(stories):
        if story.outcome == "trial":
            layout = "trial"
        elif story.plot is not None:
            # Without negative lines, so that half of the largest line is never more than the whole.
            layout = rng.choice(("subscription", "one_off"))
        else:
            layout = first.pop() if first else rng.choices(_LAYOUTS, _LAYOUT_WEIGHTS)[0]
        stories[place] = replace(story, layout=layout)


def _detail(rng: random.Random, story: Story, window: Window, in_zone: bool, banked: bool) -> Story:
    keeping = story.keeping
    known = in_zone and not is_newcomer(story.customer)
    if story.mistake is None and known and story.outcome not in ("draft", "trial", "void"):
        # Of the first days everything was kept, and so was what others wrote a memo or a refund for.
        skip = 1 if banked or story.plot is not None else 0
        keeping = rng.choices(_KEEPINGS[skip:], _KEEPING_WEIGHTS[skip:])[0]
    effective = rng.choices(("same", "none", "backdated"), (86, 8, 6))[0]
    if story.mistake == "sync_failed_period":
        effective = "closed"
    elif story.finalized_at - 4 * DAY < window.start:
        effective = "same"
    return replace(
        story,
        keeping=keeping,
        effective=effective,
        discounted=rng.randrange(100) < 18 and story.layout != "trial",
        taxed=story.mistake == "tax_mismatch" or (rng.randrange(100) < 45 and story.layout != "trial"),
    )


def _align_pairs(stories: list[Story]) -> None:
    """Both invoices of one payment are kept the same way, or the payment would be half known."""
    for place, story in enumerate(stories):
        if story.partner is not None and story.partner < place:
            stories[place] = replace(story, keeping=stories[story.partner].keeping)


def previous_month(day: date, months: int = 1) -> date:
    """The last day of the month so many months before `day`."""
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
    return day
