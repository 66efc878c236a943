"""The part of a *why* that gives the period and the days: counted from when, moved why, due when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from workflow.rules.case import Case
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Span
from workflow.rules.reasons.dates import Dated, dated
from workflow.rules.sentences.labels import Language

_UNITS = {
    "d": ("天", "day"),
    "wd": ("个工作日（休息日不计）", "working day"),
    "m": ("个月", "month"),
}
_HOLIDAYS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
_WEEKEND = {5: ("周六", "Saturday"), 6: ("周日", "Sunday")}


def period(owed: Obligation, case: Case, language: Language) -> str:
    """From when the period counts, how long it is, what moved it, and the due day."""
    steps = dated(owed, case)
    parts = [
        _counted(owed, steps, language),
        _stood(steps, language),
        _rolled(owed, steps, case, language),
        _cut(owed, steps, language),
        _provisional(owed, steps, language),
    ]
    return ("，" if language == "zh" else ", ").join(part for part in parts if part)


def in_span(span: Span, language: Language) -> str:
    """A length of time in words."""
    zh, en = _UNITS[span.unit]
    if language == "zh":
        return f" {span.amount} {zh}"
    return f"{span.amount} {en}" + ("" if span.amount == 1 else "s")


def closed_in_words(days: Iterable[date], case: Case, language: Language) -> str:
    """Closed days by date, with the holiday's name where the calendar knows it, else the day of the week."""
    named = [(day, _name(day, case, language)) for day in days]
    groups = []
    for name, group in groupby(named, key=lambda pair: pair[1]):
        dates = [day.isoformat() for day, _ in group]
        groups.append(
            f"{'、'.join(dates)}（{name}）" if language == "zh" else f"{', '.join(dates)} ({name})"
        )
    return ("、" if language == "zh" else ", ").join(groups)


def _name(day: date, case: Case, language: Language) -> str:
    name = case.days.names.get(day)
    if name is not None:
        return name if language == "zh" else _HOLIDAYS.get(name, name)
    zh, en = _WEEKEND.get(day.weekday(), ("休息日", "closed"))
    return zh if language == "zh" else en


def _counted(owed: Obligation, steps: Dated, language: Language) -> str:
    zh, rule, due = language == "zh", owed.rule, steps.before_rolling
    if owed.window:
        return (
            f"本期从 {owed.opens_on} 到 {due}"
            if zh
            else f"the window runs from {owed.opens_on} to {due}"
        )
    span = rule.every.get(owed.ref) or rule.due
    if span is None:
        return f"以写明的 {due} 为准" if zh else f"the day stated is {due}"
    if rule.before_end:
        return _before_end(owed, span, due, language)
    if span.amount == 0:
        return f"应在 {due} 当天办理" if zh else f"due on {due}, the day itself"
    length = in_span(span, language)
    if rule.every:
        return (
            f"每{length}复核一次，本次从 {steps.start} 起，到 {due} 为止"
            if zh
            else f"every {length}, this time from {steps.start} to {due}"
        )
    return (
        f"从 {steps.start} 起{length}内，到 {due} 为止"
        if zh
        else f"within {length} from {steps.start}, that is by {due}"
    )


def _before_end(owed: Obligation, span: Span, due: date, language: Language) -> str:
    zh = language == "zh"
    if owed.kind == "prepare_exit":
        end = "预计退出日" if zh else "the expected exit day"
    else:
        end = "期满日" if zh else "the end of the term"
    if span.amount == 0:
        return f"应在{end} {due} 当天办理" if zh else f"due on {due}, {end}"
    length = in_span(span, language)
    return (
        f"应在{end}前{length}办好，到 {due} 为止"
        if zh
        else f"due {length} before {end}, that is by {due}"
    )


def _stood(steps: Dated, language: Language) -> str:
    if steps.stood <= 0:
        return ""
    if language == "zh":
        return f"其中停止计算的 {steps.stood} 天已顺延在内"
    return (
        f"moved by the {steps.stood} {'day' if steps.stood == 1 else 'days'} that the clock stood"
    )


def _rolled(owed: Obligation, steps: Dated, case: Case, language: Language) -> str:
    if not steps.skipped:
        return ""
    closed = closed_in_words(steps.skipped, case, language)
    if language == "zh":
        return f"因 {closed}休息，顺延到 {owed.due_on}"
    return f"and as offices are closed on {closed}, it moves to {owed.due_on}"


def _cut(owed: Obligation, steps: Dated, language: Language) -> str:
    if not steps.cut:
        return ""
    if language == "zh":
        return f"因期限已折抵缩短，以 {owed.due_on} 为限"
    return f"brought forward to {owed.due_on}, the end of the shortened term"


def _provisional(owed: Obligation, steps: Dated, language: Language) -> str:
    if not steps.provisional:
        return ""
    if language == "zh":
        return f"{owed.due_on.year} 年放假安排尚未公布，日期暂按周一至周五推算"
    return f"on a provisional calendar (the holidays of {owed.due_on.year} are not announced yet)"
