"""What the close keeps in Dagster's event log of a month in which nearly everything differs."""

from o2c_orchestration.orchestration.assets.equations import _EVIDENCE_ROWS, _first

MORE = "more: o2c close --month 2026-10 --json"


def test_a_short_list_is_kept_whole() -> None:
    """Up to the limit, every row."""
    rows = list(range(_EVIDENCE_ROWS))
    assert _first(rows, len(rows), MORE) == rows


def test_of_a_long_list_the_first_rows_and_the_way_to_the_rest() -> None:
    """The event log is no place for a hundred thousand rows; how many are left out, and what shows them, is said."""
    kept = _first(list(range(1000)), 100_000, MORE)
    assert kept[:-1] == list(range(_EVIDENCE_ROWS))
    assert kept[-1] == f"and {100_000 - _EVIDENCE_ROWS} {MORE}"
