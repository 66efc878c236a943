"""Windows (domain.md D8, D8a): they tile a term without gap or overlap and reach its last day."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories import DAY, day
from workflow.rules.pack import Frequency
from workflow.rules.terms import add_months, last_day_of_term
from workflow.rules.windows import Window, boundary_after, changing_tiles, tiles

MONTHLY = Frequency(per_year=(12,))
TESTS = Frequency(per_year=(12, 6, 4))
FREQUENCIES = (MONTHLY, TESTS, Frequency(per_year=(4,)), Frequency(per_year=(2,)))
WEEKLY = Frequency(every_days=7)
STARTS = st.dates(date(2004, 1, 1), date(2035, 12, 31))
MONTH_ENDS = st.builds(
    lambda year, month: add_months(date(year, 1, 31), month),
    st.integers(2004, 2035),
    st.integers(0, 11),
)


def assert_tiles(found: tuple[Window, ...], first: date, last: date) -> None:
    """No gap, no overlap, none empty, from the first day to the last."""
    assert found[0][0] == first
    assert found[-1][1] == last
    for start, end in found:
        assert start <= end
    for (_, end), (start, _) in itertools.pairwise(found):
        assert start == end + DAY


def texts(found: tuple[Window, ...]) -> list[tuple[str, str]]:
    """Windows as tests write them."""
    return [(str(start), str(end)) for start, end in found]


@given(
    st.one_of(STARTS, MONTH_ENDS),
    st.integers(1, 36),
    st.sampled_from([*FREQUENCIES, WEEKLY, Frequency(every_days=10)]),
)
def test_windows_tile_every_term(first: date, months: int, frequency: Frequency) -> None:
    last = last_day_of_term(first, months)
    assert_tiles(tiles(first, frequency, last, last), first, last)


@pytest.mark.parametrize("frequency", FREQUENCIES, ids=str)
def test_windows_tile_the_full_term_from_every_day_of_four_years(frequency: Frequency) -> None:
    for n in range(4 * 366):
        first = date(2023, 1, 1) + timedelta(days=n)
        last = last_day_of_term(first, 36)
        found = tiles(first, frequency, last, last)
        assert_tiles(found, first, last)
        per_year = [frequency.per_year[min(y, len(frequency.per_year) - 1)] for y in range(3)]
        assert len(found) == sum(per_year), first


@given(
    st.one_of(STARTS, MONTH_ENDS),
    st.integers(1, 36),
    st.lists(st.tuples(st.integers(0, 1100), st.sampled_from([*FREQUENCIES, WEEKLY])), max_size=5),
)
def test_windows_tile_a_term_whose_frequency_changes(
    first: date, months: int, changes: list[tuple[int, Frequency]]
) -> None:
    last = last_day_of_term(first, months)
    dated = [(first + timedelta(days=n), f) for n, f in sorted(changes, key=lambda c: c[0])]
    found = changing_tiles(first, MONTHLY, tuple(dated), last, last)
    assert_tiles(found, first, last)


@given(st.one_of(STARTS, MONTH_ENDS), st.integers(1, 36), st.sampled_from(FREQUENCIES))
def test_a_change_to_the_same_frequency_changes_nothing(
    first: date, months: int, frequency: Frequency
) -> None:
    last = last_day_of_term(first, months)
    same = changing_tiles(first, frequency, ((first + 40 * DAY, frequency),), last, last)
    assert same == tiles(first, frequency, last, last)


def test_months_are_added_to_the_start_itself_never_to_a_clamped_day() -> None:
    found = tiles(day("2024-01-31"), MONTHLY, day("2024-06-29"), day("2024-06-29"))
    assert texts(found) == [
        ("2024-01-31", "2024-02-28"),
        ("2024-02-29", "2024-03-30"),
        ("2024-03-31", "2024-04-29"),
        ("2024-04-30", "2024-05-30"),
        ("2024-05-31", "2024-06-29"),
    ]


def test_no_window_starts_on_the_corresponding_day_that_ends_a_term_from_29_february() -> None:
    first, last = day("2020-02-29"), day("2023-02-28")
    found = tiles(first, TESTS, last, last)
    assert len(found) == 12 + 6 + 4
    assert texts(found)[-1] == ("2022-11-29", "2023-02-28")


def test_no_window_starts_on_the_month_end_that_ends_six_months_from_31_august() -> None:
    first, last = day("2023-08-31"), day("2024-02-29")
    assert texts(tiles(first, MONTHLY, last, last))[-1] == ("2024-01-31", "2024-02-29")


def test_each_year_of_a_measure_has_its_own_number_and_later_years_the_last_one() -> None:
    first, last = day("2023-03-20"), day("2027-03-19")
    starts = [str(start) for start, _ in tiles(first, TESTS, last, last)]
    assert starts[11:14] == ["2024-02-20", "2024-03-20", "2024-05-20"]
    assert starts[18:] == [
        *("2025-03-20", "2025-06-20", "2025-09-20", "2025-12-20"),
        *("2026-03-20", "2026-06-20", "2026-09-20", "2026-12-20"),
    ]


def test_every_n_days_counts_from_the_start_and_is_cut_at_the_terms_end() -> None:
    found = tiles(day("2024-05-01"), WEEKLY, day("2024-05-31"), day("2024-05-31"))
    assert texts(found) == [
        ("2024-05-01", "2024-05-07"),
        ("2024-05-08", "2024-05-14"),
        ("2024-05-15", "2024-05-21"),
        ("2024-05-22", "2024-05-28"),
        ("2024-05-29", "2024-05-31"),
    ]


def test_without_a_term_the_last_window_may_reach_beyond_what_was_asked() -> None:
    quarterly = Frequency(per_year=(4,))
    found = tiles(day("2024-05-15"), quarterly, day("2024-09-01"), None)
    assert texts(found) == [("2024-05-15", "2024-08-14"), ("2024-08-15", "2024-11-14")]


def test_a_shortened_term_cuts_its_last_window() -> None:
    found = tiles(day("2024-05-15"), MONTHLY, day("2024-06-20"), day("2024-06-20"))
    assert texts(found) == [("2024-05-15", "2024-06-14"), ("2024-06-15", "2024-06-20")]


def test_a_change_leaves_the_running_window_and_goes_on_to_the_new_grid() -> None:
    change = ((day("2024-04-10"), Frequency(per_year=(4,))),)
    found = changing_tiles(day("2024-01-15"), MONTHLY, change, day("2024-12-31"), None)
    assert texts(found)[2:5] == [
        ("2024-03-15", "2024-04-14"),
        ("2024-04-15", "2024-07-14"),
        ("2024-07-15", "2024-10-14"),
    ]


def test_a_change_in_the_middle_of_the_new_grid_first_runs_to_its_next_boundary() -> None:
    change = ((day("2024-02-20"), Frequency(per_year=(4,))),)
    found = changing_tiles(day("2024-01-15"), MONTHLY, change, day("2024-12-31"), None)
    assert texts(found)[1:4] == [
        ("2024-02-15", "2024-03-14"),
        ("2024-03-15", "2024-04-14"),
        ("2024-04-15", "2024-07-14"),
    ]


@given(STARTS, st.integers(0, 1200), st.sampled_from([*FREQUENCIES, WEEKLY]))
def test_the_boundary_after_a_day_lies_on_the_grid_and_after_it(
    first: date, later: int, frequency: Frequency
) -> None:
    asked = first + timedelta(days=later)
    found = boundary_after(first, asked, frequency)
    last = asked + timedelta(days=400)
    starts = [start for start, _ in tiles(first, frequency, last, None)]
    assert found == next(start for start in starts if start > asked)
