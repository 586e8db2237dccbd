"""How good suggestions are on a labelled set, how that is written down, and what looking at a few pairs saves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import o2c_orchestration
from o2c_orchestration.domain.matching import STRONG, profile
from o2c_orchestration.reconcile.suggest import THRESHOLD, Suggestion, candidates, commons, suggest
from o2c_orchestration_tests.matching.labelled import RECORDS, SEED, World, labelled

PAGE = Path(o2c_orchestration.__file__).parents[1] / "docs" / "matching.md"
THRESHOLDS = (200, 300, 400, 450, 500, 600, 700, 800, 900)
OTHER_SEEDS = (1, 2, 3, 4, 5)


@cache
def measured(seed: int, records: int = RECORDS) -> tuple[World, list[Suggestion]]:
    world = labelled(seed, records)
    return world, suggest(world.parties, threshold=THRESHOLDS[0], per_party=None)


def quality(world: World, found: Iterable[Suggestion]) -> tuple[int, float, float]:
    """How many pairs, precision and recall."""
    true, pairs = world.pairs(), {(each.left, each.right) for each in found}
    right = len(true & pairs)
    return len(pairs), right / max(len(pairs), 1), right / len(true)


def above(found: list[Suggestion], threshold: int) -> list[Suggestion]:
    return [each for each in found if each.score >= threshold]


def rows() -> list[str]:
    """The table of docs/matching.md."""
    world, found = measured(SEED)
    lines = []
    for threshold in THRESHOLDS:
        count, precision, recall = quality(world, above(found, threshold))
        others = [quality(*_others(seed, threshold)) for seed in OTHER_SEEDS]
        lowest = f"{min(each[1] for each in others):.3f} | {min(each[2] for each in others):.3f}"
        lines.append(f"| {threshold} | {count} | {precision:.3f} | {recall:.3f} | {lowest} |")
    return lines


def _others(seed: int, threshold: int) -> tuple[World, list[Suggestion]]:
    world, found = measured(seed)
    return world, above(found, threshold)


def test_the_set_is_what_it_says():
    """A thousand records with typos, suffixes, subsidiaries and shared domains, the same for the same seed."""
    world, _ = measured(SEED)
    again = labelled(SEED)
    assert world == again
    assert len(world.parties) == len(world.truth) == RECORDS
    assert len({party.key for party in world.parties}) == RECORDS
    names = [party.name for party in world.parties]
    assert sum(name.endswith(("Inc.", "GmbH", "Ltd", "LLC", "SARL")) for name in names) > 130
    assert sum("Germany" in name or "UK" in name or "Holding" in name for name in names) > 40
    assert sum("ledgerhouse.com" in email for party in world.parties for email in party.emails) > 10


def test_precision_and_recall_do_not_fall():
    """Floors at the threshold that is used, and of what is called strong, on this seed and on others."""
    for seed in (SEED, *OTHER_SEEDS):
        world, found = measured(seed)
        _, precision, recall = quality(world, above(found, THRESHOLD))
        assert (precision >= 0.93, recall >= 0.91) == (True, True), (seed, precision, recall)
        _, precision, recall = quality(world, [each for each in found if each.strong])
        assert (precision >= 0.98, recall >= 0.66) == (True, True), (seed, precision, recall)


def test_the_page_has_these_figures():
    """docs/matching.md shows what this test measures, and nothing older."""
    table = re.findall(r"^\| \d+ \|.*\|$", PAGE.read_text(), re.MULTILINE)
    assert table == rows()
    assert f"threshold of {THRESHOLD}" in PAGE.read_text()
    assert f"from {STRONG} points" in PAGE.read_text()


def test_few_pairs_are_looked_at():
    """Not one pair in a thousand of those that there are, and four times the records are no sixteen times the pairs."""
    counts = {}
    for records in (2500, 10_000):
        parties = labelled(7, records).parties
        profiles = {party.key: profile(party) for party in parties}
        counts[records] = len(candidates(profiles, commons(parties, profiles)))
        assert counts[records] < records * (records - 1) / 2 / 1000
    assert counts[10_000] < 8 * counts[2500]
