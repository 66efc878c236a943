"""
Reads corrections of the official calendar: days that the library lacks or has wrong, years now announced in full.

Every entry names the announcement it rests on. A year is taken as official only
when its great holidays are among the days, so that a half-copied announcement
cannot pass for a whole one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from workflow.services.problems import FileRefused, Report
from workflow.services.toml_files import Table, read_toml

FIRST = date(1995, 1, 1)
LAST = date(2045, 12, 31)
_DAY_KEYS = ("date", "working", "source", "name")
_YEAR_KEYS = ("year", "official", "source")
_SPRING_FESTIVAL_DAYS = 3
_WINTER_DAYS = 40  # from 20 January to 28 February


class CalendarRefused(FileRefused):
    """The corrections cannot be used; `problems` names each entry and what would be right."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Each corrected day (true: offices work), the names of the closed ones, the years that are now official."""

    working: Mapping[date, bool]
    names: Mapping[date, str]
    official_years: frozenset[int]


def read_overrides(file: Path, known_years: Collection[int]) -> Overrides:
    """
    The corrections in this file, checked.

    Args:
        known_years: the years that the library knows in full; they need no days to be official.

    Raises:
        CalendarRefused: with every problem of the file.
    """
    report = Report(file.name)
    content = read_toml(file, report) or {}
    for key in sorted(content.keys() - {"day", "year"}):
        zh, en = "这里只认 [[day]] 与 [[year]]。", "Only [[day]] and [[year]] are known here."
        report.add("unknown_key", key, zh, en)
    working: dict[date, bool] = {}
    names: dict[date, str] = {}
    for place, entry in _entries(content, "day", _DAY_KEYS, report):
        _read_day(place, entry, working, names, report)
    official: set[int] = set()
    for place, entry in _entries(content, "year", _YEAR_KEYS, report):
        if _read_year(place, entry, report):
            official.add(entry["year"])
            if entry["year"] not in known_years:
                _refuse_half(place, entry["year"], working, report)
    if report.problems:
        raise CalendarRefused(report.problems)
    return Overrides(working, names, frozenset(official))


def refuse_outside(days: Collection[date], file: str) -> None:
    """
    Days outside the table would change nothing, so they are an error.

    Raises:
        CalendarRefused: naming them.
    """
    report = Report(file)
    for day in days:
        if not FIRST <= day <= LAST:
            _outside(str(day), report)
    if report.problems:
        raise CalendarRefused(report.problems)


def _outside(key: str, report: Report) -> None:
    zh, en = f"日期应在 {FIRST} 到 {LAST} 之间。", f"Give a day from {FIRST} to {LAST}."
    report.add("outside_table", key, zh, en)


def _entries(
    content: Table, name: str, known: tuple[str, ...], report: Report
) -> list[tuple[str, Table]]:
    """The entries of one list that have what they need and nothing else, each with its place in the file."""
    listed = content.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        zh, en = f"应写成 [[{name}]]，每条一段。", f"Write [[{name}]], one block an entry."
        report.add("wrong_type", name, zh, en)
        return []
    placed = [(f"{name}.{number}", entry) for number, entry in enumerate(listed, start=1)]
    for place, entry in placed:
        _check_keys(place, entry, known, report)
    return [(place, entry) for place, entry in placed if not report.touches(place)]


def _check_keys(place: str, entry: Table, known: tuple[str, ...], report: Report) -> None:
    for key in sorted(entry.keys() - set(known)):
        zh, en = f"只认 {'、'.join(known)}。", f"Known keys: {', '.join(known)}."
        report.add("unknown_key", f"{place}.{key}", zh, en)
    for key in known[:2]:
        if key not in entry:
            report.add("missing_key", f"{place}.{key}", f"缺少 {key}。", f"{key} is needed.")
    source = entry.get("source")
    if not isinstance(source, str) or not source.strip():
        report.add("missing_citation", f"{place}.source", "写明文号。", "Name the announcement.")


def _read_day(
    place: str, entry: Table, working: dict[date, bool], names: dict[date, str], report: Report
) -> None:
    day, works, name = entry["date"], entry["working"], entry.get("name", "")
    if type(day) is not date:
        zh, en = "写成 2027-02-08 这样的日期。", "Write a date such as 2027-02-08."
        report.add("wrong_type", f"{place}.date", zh, en)
    elif not FIRST <= day <= LAST:
        _outside(f"{place}.date", report)
    elif day in working:
        report.add("given_twice", f"{place}.date", f"{day} 写了两次。", f"{day} is given twice.")
    elif not isinstance(works, bool):
        zh, en = "写 true（上班）或 false（放假）。", "Write true (offices work) or false."
        report.add("wrong_type", f"{place}.working", zh, en)
    elif not isinstance(name, str):
        report.add("wrong_type", f"{place}.name", "写节日的名称。", "Write the holiday's name.")
    else:
        working[day] = works
        if name and not works:
            names[day] = name


def _read_year(place: str, entry: Table, report: Report) -> bool:
    """Whether this entry makes its year official."""
    year, official = entry["year"], entry["official"]
    if type(year) is not int or not FIRST.year <= year <= LAST.year:
        zh = f"写 {FIRST.year} 到 {LAST.year} 的年份。"
        en = f"Write a year from {FIRST.year} to {LAST.year}."
        report.add("wrong_type", f"{place}.year", zh, en)
        return False
    if not isinstance(official, bool):
        report.add("wrong_type", f"{place}.official", "写 true 或 false。", "Write true or false.")
        return False
    return official


def is_whole(year: int, working: Mapping[date, bool]) -> bool:
    """
    Whether these days can be a year's whole announcement.

    New Year, Labour Day and National Day are closed, by the days or as a weekend, and a Spring Festival is given.
    """
    fixed = [date(year, 1, 1), date(year, 5, 1), *(date(year, 10, day) for day in (1, 2, 3))]
    if any(working.get(day, day.weekday() < 5) for day in fixed):
        return False
    winter = (date(year, 1, 20) + timedelta(days=after) for after in range(_WINTER_DAYS))
    return sum(working.get(day) is False for day in winter) >= _SPRING_FESTIVAL_DAYS


def _refuse_half(place: str, year: int, working: Mapping[date, bool], report: Report) -> None:
    if not is_whole(year, working):
        zh = f"{year} 年未写全：元旦、春节、劳动节、国庆节的放假日都要在 [[day]] 里。"
        en = f"{year} is not whole: the days need New Year, Spring Festival, Labour Day, National Day."
        report.add("year_incomplete", f"{place}.official", zh, en)
