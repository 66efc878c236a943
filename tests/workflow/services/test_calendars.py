"""The table of working days: official years, corrections from the file and from the caller."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from workflow.services.calendar_overrides import CalendarRefused, Overrides, read_overrides
from workflow.services.calendars import build_table, official_years, work_days

SOURCE = 'source = "国办发明电〔2026〕1号"\n'
WHOLE_2027 = [
    "2027-01-01",
    *(f"2027-02-{day:02}" for day in range(6, 13)),
    *(f"2027-10-{day:02}" for day in range(1, 8)),
]


def write(folder: Path, text: str) -> Path:
    """A corrections file; `SOURCE` in it stands for an announcement."""
    file = folder / "calendar-overrides.toml"
    file.write_text(text.replace("SOURCE", SOURCE), encoding="utf-8")
    return file


def closed_days(days: list[str]) -> str:
    """Blocks that close these days."""
    return "".join(f"[[day]]\ndate = {day}\nworking = false\nSOURCE" for day in days)


def refused(file: Path) -> set[tuple[str, str]]:
    """Code and key of everything that is wrong with a corrections file."""
    with pytest.raises(CalendarRefused) as refusal:
        read_overrides(file, official_years())
    return {(problem.code, problem.key) for problem in refusal.value.problems}


def test_the_plain_table_is_built_once() -> None:
    assert work_days() is work_days()
    assert work_days({}) is work_days()


def test_the_library_knows_2004_to_2026_and_no_gap() -> None:
    assert official_years() >= set(range(2004, 2027))
    assert work_days().official_years == official_years()
    assert work_days().version.startswith("chinesecalendar 1.")


def test_the_table_spans_1995_to_2045() -> None:
    assert work_days().count(date(1994, 12, 31), date(1995, 1, 8)) == 5
    assert work_days().is_working(date(2045, 12, 29))


def test_what_the_caller_knows_wins_and_leaves_the_plain_table_alone() -> None:
    festival, friday = date(2024, 2, 12), date(2024, 3, 1)
    changed = work_days({festival: True, friday: False})
    assert changed.is_working(festival)
    assert festival not in changed.names
    assert not changed.is_working(friday)
    assert not work_days().is_working(festival)
    assert changed.version != work_days().version


def test_a_working_sunday_can_be_closed_again() -> None:
    assert not work_days({date(2024, 2, 18): False}).is_working(date(2024, 2, 18))


def test_a_single_day_makes_no_year_official() -> None:
    assert work_days({date(2030, 10, 1): False}).is_provisional(date(2030, 10, 1))


def test_a_day_outside_the_table_is_refused_not_ignored() -> None:
    with pytest.raises(CalendarRefused) as refusal:
        work_days({date(2050, 1, 3): False})
    assert (refusal.value.code, refusal.value.key) == ("outside_table", "2050-01-03")


def test_the_bundled_file_can_be_read() -> None:
    folder = Path(__file__).resolve().parents[3] / "workflow" / "data"
    read = read_overrides(folder / "calendar-overrides.toml", official_years())
    assert set(read.names) <= set(read.working)


def test_a_whole_year_from_the_file_becomes_official(tmp_path: Path) -> None:
    named = closed_days(WHOLE_2027).replace("2027-02-06\n", '2027-02-06\nname = "春节"\n')
    make_up = "[[day]]\ndate = 2027-02-14\nworking = true\nSOURCE"
    year = "[[year]]\nyear = 2027\nofficial = true\nSOURCE"
    read = read_overrides(write(tmp_path, named + make_up + year), official_years())
    table = build_table(read, {})
    assert not table.is_provisional(date(2027, 2, 8))
    assert table.is_provisional(date(2028, 2, 8))
    assert table.names[date(2027, 2, 6)] == "春节"
    assert table.on_or_after(date(2027, 2, 8)) == date(2027, 2, 14)  # Sat 13 is a weekend


def test_half_a_year_cannot_pass_for_official(tmp_path: Path) -> None:
    year = "[[year]]\nyear = 2027\nofficial = true\nSOURCE"
    without_spring = [day for day in WHOLE_2027 if not day.startswith("2027-02")]
    for days in ([], without_spring, WHOLE_2027[:-7]):
        assert refused(write(tmp_path, closed_days(days) + year)) == {
            ("year_incomplete", "year.1.official")
        }


def test_a_year_can_be_written_down_as_not_official_yet(tmp_path: Path) -> None:
    year = "[[year]]\nyear = 2027\nofficial = false\nSOURCE"
    assert read_overrides(write(tmp_path, year), official_years()) == Overrides({}, {}, frozenset())


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("[[day]]\ndate = 2027-02-08\nworking = false\n", "missing_citation", "day.1.source"),
        (
            '[[day]]\ndate = 2027-02-08\nworking = false\nsource = " "\n',
            "missing_citation",
            "day.1.source",
        ),
        ("[[day]]\nworking = false\nSOURCE", "missing_key", "day.1.date"),
        ("[[day]]\ndate = 2027-02-08\nSOURCE", "missing_key", "day.1.working"),
        ('[[day]]\ndate = "2027-02-08"\nworking = true\nSOURCE', "wrong_type", "day.1.date"),
        (
            "[[day]]\ndate = 2027-02-08T00:00:00\nworking = true\nSOURCE",
            "wrong_type",
            "day.1.date",
        ),
        ("[[day]]\ndate = 2027-02-08\nworking = 1\nSOURCE", "wrong_type", "day.1.working"),
        (
            "[[day]]\ndate = 2027-02-08\nworking = false\nname = 3\nSOURCE",
            "wrong_type",
            "day.1.name",
        ),
        (
            "[[day]]\ndate = 2027-02-08\nworking = false\nholiday = 3\nSOURCE",
            "unknown_key",
            "day.1.holiday",
        ),
        ("[[day]]\ndate = 2050-02-08\nworking = false\nSOURCE", "outside_table", "day.1.date"),
        (
            closed_days(["2027-02-08", "2027-02-08"]),
            "given_twice",
            "day.2.date",
        ),
        ("days = []\n", "unknown_key", "days"),
        ("day = 3\n", "wrong_type", "day"),
        ("[[year]]\nyear = 1900\nofficial = true\nSOURCE", "wrong_type", "year.1.year"),
        ('[[year]]\nyear = 2027\nofficial = "yes"\nSOURCE', "wrong_type", "year.1.official"),
        ("[[day]\n", "malformed", "line 1"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, text: str, code: str, key: str) -> None:
    assert refused(write(tmp_path, text)) == {(code, key)}


def test_all_wrong_entries_are_named_at_once(tmp_path: Path) -> None:
    text = "[[day]]\nworking = false\n[[year]]\nyear = 2027\nSOURCE"
    assert refused(write(tmp_path, text)) == {
        ("missing_key", "day.1.date"),
        ("missing_citation", "day.1.source"),
        ("missing_key", "year.1.official"),
    }


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.toml") == {("unreadable", "")}


def test_importing_it_builds_nothing() -> None:
    """Each start of the command imports it; the table is built when first asked for."""
    code = (
        "import workflow.services.calendars as c; assert c._plain.cache_info().currsize == 0; "
        "assert c._bundled.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
