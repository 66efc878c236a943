"""
Turns the content of a pack's file into a `Pack`, table by table, and names what has the wrong shape.

What is right in itself but can never happen is found afterwards by `pack_checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from workflow.rules.events.fields import ROLES
from workflow.rules.pack import (
    ANCHORS,
    LADDERS,
    LEVELS,
    Custody,
    ExitRule,
    Frequency,
    Ladder,
    ObligationRule,
    Pack,
    Rung,
    Settings,
    Span,
    TeamRule,
    Terms,
    Testing,
    Thresholds,
)
from workflow.rules.pack_words import HELPER, KINDS, OCCASIONS, OWNERS, RECIPIENTS, KindShape
from workflow.services.pack_entries import Entry
from workflow.services.problems import Report
from workflow.services.toml_files import Table

MOST_YEARS = 10


def read_pack(content: Table, lineage: tuple[str, ...], report: Report) -> Pack:
    """The pack that this content describes; only to be used if the report stays empty."""
    top = Entry(content, "", report)
    top.has("extends")
    pack = Pack(
        id=top.text("id", "[a-z][a-z0-9-]*", like="cn-national"),
        version=top.text("version", "[0-9A-Za-z][0-9A-Za-z.]*", like="2026.11"),
        label=top.means("label"),
        since=top.day("since"),
        terms=_terms(top.entry("terms")),
        exit=_exit(top.entry("exit")),
        thresholds=_thresholds(top.entry("thresholds")),
        custody=_custody(top.entry("custody")),
        testing=_testing(top.entry("testing")),
        team=_team(top.entry("team")),
        settings=_settings(top.entry("settings")),
        ladders=_ladders(top.entry("ladders")),
        obligations=_obligations(top.entry("obligations")),
        lineage=lineage,
    )
    top.refuse_unknown()
    return pack


def _terms(entry: Entry) -> Terms:
    terms = Terms(
        community_detox=entry.months("community_detox"),
        isolation=entry.months("isolation"),
        isolation_extension=entry.months("isolation_extension"),
        recovery_longest=entry.months("recovery_longest"),
        cited=entry.citation(),
    )
    entry.refuse_unknown()
    return terms


def _exit(entry: Entry) -> ExitRule:
    anchors = frozenset(entry.words("anchors", ANCHORS, "unknown_anchor"))
    rule = ExitRule(entry.months("after"), anchors, entry.citation())
    entry.refuse_unknown()
    return rule


def _thresholds(entry: Entry) -> Thresholds:
    thresholds = Thresholds(
        tests_missed=entry.whole("tests_missed"),
        departures=entry.whole("departures"),
        days_away=entry.whole("days_away"),
        departure_dates=entry.whole("departure_dates"),
        cited=entry.citation(),
    )
    entry.refuse_unknown()
    return thresholds


def _custody(entry: Entry) -> Custody:
    custody = Custody(
        min_age=entry.whole("min_age", most=18),
        nursing=entry.months("nursing"),
        early_release_after=entry.months("early_release_after"),
        cited=entry.citation(),
    )
    entry.refuse_unknown()
    return custody


def _testing(entry: Entry) -> Testing:
    testing = Testing(entry.span("objection"), entry.citation())
    entry.refuse_unknown()
    return testing


def _team(entry: Entry) -> TeamRule:
    fixed = entry.words("fixed", tuple(ROLES.labels), "unknown_role")
    needs = entry.entry("needs")
    roles = {need: needs.word(need, tuple(ROLES.labels), "unknown_role") for need in needs.table}
    team = TeamRule(fixed, MappingProxyType(roles), entry.citation())
    entry.refuse_unknown()
    return team


def _settings(entry: Entry) -> Settings:
    settings = Settings(
        suspension_stops_clock=entry.flag("suspension_stops_clock"),
        custody_counts_in_report_in=entry.flag("custody_counts_in_report_in"),
        hospital_counts_in_report_in=entry.flag("hospital_counts_in_report_in"),
        recovery_starts_at_service=entry.flag("recovery_starts_at_service"),
        missed_test_needs_notice=entry.flag("missed_test_needs_notice"),
        breach_bars_exit=entry.flag("breach_bars_exit"),
        sentence_returns_to_decision=entry.flag("sentence_returns_to_decision"),
        horizon_days=entry.whole("horizon_days"),
        short_ladder_up_to=entry.whole("short_ladder_up_to", least=0, most=366),
        digest_at=entry.time("digest_at"),
        quiet_from=entry.time("quiet_from"),
        quiet_until=entry.time("quiet_until"),
        cited=entry.citation(),
    )
    entry.refuse_unknown()
    return settings


def _ladders(entry: Entry) -> Mapping[str, Ladder]:
    ladders = {name: _ladder(entry.entry(name)) for name in LADDERS}
    entry.refuse_unknown()
    return MappingProxyType(ladders)


def _ladder(entry: Entry) -> Ladder:
    repeat = entry.entry("repeat")
    ladder = Ladder(
        rungs=_rungs(entry),
        repeat_every=repeat.whole("every", most=366),
        repeat_times=repeat.whole("times", least=0, most=366),
        repeat_then=repeat.whole("then", most=366),
        repeat_to=repeat.word("to", RECIPIENTS, "unknown_role"),
        cited=entry.citation(),
    )
    repeat.refuse_unknown()
    entry.refuse_unknown()
    return ladder


def _rungs(entry: Entry) -> tuple[Rung, ...]:
    listed = entry.raw("rungs")
    if listed is None:
        return ()
    if not isinstance(listed, list) or not all(isinstance(rung, dict) for rung in listed):
        entry.wrong("rungs", '列表，每级如 { at = -7, to = ["owner"] }', "a list of rungs")
        return ()
    if not listed:
        zh, en = "至少写一级。", "Name at least one rung."
        entry.report.add("empty_list", entry.at("rungs"), zh, en)
    places = ((rung, f"{entry.at('rungs')}.{number}") for number, rung in enumerate(listed, 1))
    return tuple(_rung(Entry(rung, place, entry.report)) for rung, place in places)


def _rung(entry: Entry) -> Rung:
    to = entry.words("to", RECIPIENTS, "unknown_role")
    if entry.has("at") and entry.table["at"] == "opening":
        rung = Rung("opening", 0, to, at_opening=True)
    elif entry.has("at") and type(entry.table["at"]) is not int:
        entry.wrong("at", "到期日前后的天数，或 opening", "days from the due day, or opening")
        rung = Rung("", 0, to)
    else:
        offset = entry.whole("at", least=-366, most=366)
        rung = Rung(f"{offset:+d}" if offset else "0", offset, to)
    entry.refuse_unknown()
    return rung


def _obligations(entry: Entry) -> Mapping[str, ObligationRule]:
    for kind in entry.table.keys() - KINDS.keys():
        zh = f"没有 {kind} 这种事项；可写：{'、'.join(KINDS)}。"
        en = f"There is no obligation {kind}; there are: {', '.join(KINDS)}."
        entry.report.add("unknown_kind", entry.at(kind), zh, en)
    rules = {kind: _obligation(kind, entry.entry(kind), shape) for kind, shape in KINDS.items()}
    return MappingProxyType(rules)


def _obligation(kind: str, entry: Entry, shape: KindShape) -> ObligationRule:
    _refuse_other_periods(entry, shape)
    rule = ObligationRule(
        kind=kind,
        label=entry.means("label"),
        owner=entry.word("owner", (HELPER,) if shape.of_helper else OWNERS, "unknown_role"),
        cited=entry.citation(),
        due=entry.span("due", zero=shape.due_may_be_zero) if "due" in shape.needs else None,
        opens=entry.span("opens") if "opens" in shape.needs else None,
        before_end=shape.before_end,
        roll=entry.flag("roll", default=True),
        every=_every(entry.entry("every")) if "every" in shape.needs else {},
        windows=_windows(entry.entry("windows"), shape) if "windows" in shape.needs else {},
        digest=entry.flag("digest", default=True),
    )
    entry.refuse_unknown()
    return rule


def _refuse_other_periods(entry: Entry, shape: KindShape) -> None:
    """A key that another kind would need, or a count from the other end, is no typing error: it says why not here."""
    for key in ("due", "opens", "every", "windows"):
        if key not in shape.needs and entry.has(key):
            needs = ", ".join(sorted(shape.needs)) or "-"
            zh, en = (
                f"此事项不用 {key}；它用：{needs}。",
                f"{key} has no use here; needed: {needs}.",
            )
            entry.report.add("not_for_this_kind", entry.at(key), zh, en)
    if entry.flag("before_end", default=False) is not shape.before_end:
        word = "true" if shape.before_end else "false"
        zh, en = f"此事项的 before_end 应为 {word}。", f"before_end must be {word} for this kind."
        entry.report.add("not_for_this_kind", entry.at("before_end"), zh, en)


def _every(entry: Entry) -> Mapping[str, Span]:
    spans = {occasion: entry.span(occasion) for occasion in OCCASIONS}
    entry.refuse_unknown()
    return MappingProxyType(spans)


def _windows(entry: Entry, shape: KindShape) -> Mapping[str, Mapping[str, Frequency]]:
    for stage in entry.table.keys() - set(shape.stages):
        zh = f"此事项没有 {stage} 阶段的时窗；可写：{'、'.join(shape.stages)}。"
        en = f"This kind has no windows in {stage}; it has in: {', '.join(shape.stages)}."
        entry.report.add("unknown_stage", entry.at(stage), zh, en)
    tables = {stage: _by_level(entry, stage) for stage in shape.stages}
    return MappingProxyType(tables)


def _by_level(entry: Entry, stage: str) -> Mapping[str, Frequency]:
    value = entry.raw(stage)
    if not isinstance(value, dict) or "every" in value:
        return MappingProxyType({"any": _frequency(entry, stage, value)})
    levels = entry.entry(stage)
    for level in value.keys() - set(LEVELS):
        zh, en = f"级别只有 {'、'.join(LEVELS)}。", f"The levels are {', '.join(LEVELS)}."
        entry.report.add("unknown_level", levels.at(level), zh, en)
    return MappingProxyType(
        {level: _frequency(levels, level, levels.raw(level)) for level in LEVELS}
    )


def _frequency(entry: Entry, key: str, value: Any) -> Frequency:
    """So many a year (a list, one number a year) or one every so many days (a table)."""
    stand_in = Frequency((12,))
    if value is None:
        return stand_in
    if isinstance(value, dict):
        days = entry.entry(key)
        frequency = Frequency(every_days=days.whole("every", most=366))
        days.refuse_unknown()
        return frequency
    if not isinstance(value, list):
        entry.wrong(
            key, "每年次数的列表，如 [12, 6, 4]，或 { every = 7 }", "numbers a year, or days"
        )
        return stand_in
    if not value or len(value) > MOST_YEARS:
        zh = f"写一到 {MOST_YEARS} 个数，每年一个；空表即无此事。"
        en = f"Give one to {MOST_YEARS} numbers, one a year; an empty list would owe nothing."
        entry.report.add("empty_frequency" if not value else "out_of_range", entry.at(key), zh, en)
        return stand_in
    for number in value:
        if type(number) is not int or number < 1 or 12 % number:
            zh, en = (
                f"{number!r} 不能整除 12：用 1、2、3、4、6、12。",
                f"{number!r}: use 1, 2, 3, 4, 6 or 12.",
            )
            entry.report.add("not_a_divisor", entry.at(key), zh, en)
            return stand_in
    return Frequency(tuple(value))
