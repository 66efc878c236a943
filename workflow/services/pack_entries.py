"""
Reads one table of a pack, key by key, and writes down what is wrong instead of stopping.

Each reading gives a value of the right type even where the file has none, so that
the reader goes on and the author sees every problem at once; a pack with a
problem is never handed out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any, cast

from workflow.rules.events.fields import Means
from workflow.rules.pack import Basis, Citation, Span, Unit
from workflow.services.problems import Report
from workflow.services.toml_files import Table

CITATION_KEYS = ("basis", "source", "rules", "since", "until")
LONGEST = {"d": 18300, "wd": 18300, "m": 600}
_SPAN = re.compile(r"(-?[0-9]{1,6}) (d|wd|m)")
_RULE = re.compile(r"[A-Z]{1,5}-[0-9]{2}[a-z]?|[0-9]+\.[0-9]+")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NEVER = date(1970, 1, 1)


class Entry:
    """One table of the file, at its place; remembers which keys were asked for, so that the others are unknown."""

    def __init__(self, table: Table, place: str, report: Report) -> None:
        self.table = table
        self.place = place
        self.report = report
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        """The dotted key of one value in this table."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """Whether the file says something here; asking makes the key known."""
        self._asked.add(key)
        return key in self.table

    def raw(self, key: str) -> Any:
        """The value as the file has it, or None with `missing_key` in the report."""
        if not self.has(key):
            self.report.add("missing_key", self.at(key), f"缺少 {key}。", f"{key} is needed here.")
            return None
        return self.table[key]

    def wrong(self, key: str, zh: str, en: str) -> None:
        """Writes down that the value here is of another type than this."""
        self.report.add("wrong_type", self.at(key), f"应为{zh}。", f"This must be {en}.")

    def refuse_unknown(self) -> None:
        """Writes down every key that nobody asked for."""
        known = "、".join(sorted(self._asked)), ", ".join(sorted(self._asked))
        for key in self.table.keys() - self._asked:
            zh, en = (
                f"不认识 {key}；这里可写：{known[0]}。",
                f"Unknown key; known here: {known[1]}.",
            )
            self.report.add("unknown_key", self.at(key), zh, en)

    def entry(self, key: str) -> Entry:
        """The table under this key. Where there is none, that is said once and its keys are not missed."""
        value = self.raw(key)
        if isinstance(value, dict):
            return Entry(value, self.at(key), self.report)
        if value is not None:
            self.wrong(key, "一张表", "a table")
        return Entry({}, self.at(key), Report(self.report.file))

    def text(self, key: str, pattern: str = ".*\\S.*", *, like: str = "文字") -> str:
        """A text that is not blank and, where a pattern is given, looks like it."""
        value = self.raw(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(key, "文字", "text")
        elif not re.fullmatch(pattern, value):
            self.report.add("bad_text", self.at(key), f"应形如 {like}。", f"Write it like {like}.")
        else:
            return value
        return ""

    def whole(self, key: str, *, least: int = 1, most: int = 3660) -> int:
        """A whole number within bounds."""
        value = self.raw(key)
        if value is None:
            return least
        if type(value) is not int:
            self.wrong(key, "整数", "a whole number")
        elif not least <= value <= most:
            zh, en = f"应在 {least} 到 {most} 之间。", f"This must be from {least} to {most}."
            self.report.add("out_of_range", self.at(key), zh, en)
        else:
            return value
        return least

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false; the default, if there is one, where the file says nothing."""
        if default is not None and not self.has(key):
            return default
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, " true 或 false", "true or false")
        return value is True

    def day(self, key: str) -> date:
        """A date without a time."""
        value = self.raw(key)
        if value is None or type(value) is date:
            return value or _NEVER
        self.wrong(key, " 2026-11-01 这样的日期（不加引号）", "a date such as 2026-11-01, unquoted")
        return _NEVER

    def time(self, key: str) -> str:
        """A time of day such as 08:30."""
        return self.text(key, _TIME.pattern, like="08:30")

    def word(self, key: str, known: Collection[str], code: str) -> str:
        """One of a closed list of words; the code says which list."""
        value = self.raw(key)
        return value if value is None or self._is_known(key, value, known, code) else ""

    def words(self, key: str, known: Collection[str], code: str) -> tuple[str, ...]:
        """A list of words of a closed list, at least one, none twice."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(key, "列表", "a list")
            return ()
        if not value:
            self.report.add("empty_list", self.at(key), "至少写一项。", "Name at least one.")
        good = [item for item in value if self._is_known(key, item, known, code)]
        if len(set(good)) < len(good):
            self.report.add("given_twice", self.at(key), "有重复的项。", "One is given twice.")
        return tuple(good)

    def _is_known(self, key: str, value: object, known: Collection[str], code: str) -> bool:
        if isinstance(value, str) and value in known:
            return True
        zh, en = (
            f"{value!r} 不在：{'、'.join(known)}。",
            f"{value!r} is none of: {', '.join(known)}.",
        )
        self.report.add(code, self.at(key), zh, en)
        return False

    def span(self, key: str, *, zero: bool = False) -> Span:
        """A length of time; zero only where a thing may be due on the day that it hangs on."""
        value = self.raw(key)
        stand_in = Span(1, "d")
        if value is None:
            return stand_in
        match = _SPAN.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            zh = "期限应写成 15 d（日）、3 wd（工作日）或 6 m（月），加引号。"
            en = 'Write "15 d" (days), "3 wd" (working days) or "6 m" (months).'
            self.report.add("bad_span", self.at(key), zh, en)
            return stand_in
        amount, unit = int(match[1]), cast(Unit, match[2])
        if amount < 0:
            zh, en = "期限不能是负数。", "A period cannot be negative; its direction is the rule's."
            self.report.add("negative_period", self.at(key), zh, en)
        elif amount == 0 and not zero:
            zh, en = "期限不能为零。", "A period of zero makes no sense here; give at least 1."
            self.report.add("zero_period", self.at(key), zh, en)
        elif amount > LONGEST[unit]:
            zh, en = f"最多 {LONGEST[unit]} {unit}。", f"At most {LONGEST[unit]} {unit}."
            self.report.add("out_of_range", self.at(key), zh, en)
        else:
            return Span(amount, unit)
        return stand_in

    def months(self, key: str) -> Span:
        """A length of time in months: terms and what is counted like them (D2)."""
        span = self.span(key)
        if span.unit != "m" and not self.report.touches(self.at(key)):
            self.report.add("bad_span", self.at(key), '应以月计，如 "36 m"。', 'In months: "36 m".')
        return span

    def means(self, key: str) -> Means:
        """A label in both languages."""
        label = self.entry(key)
        means = Means(label.text("zh"), label.text("en"))
        label.refuse_unknown()
        return means

    def citation(self) -> Citation:
        """Where this table's numbers come from; every table of numbers has one of its own."""
        for key in CITATION_KEYS[:4]:
            if not self.has(key) or self.table[key] in ("", []):
                zh, en = f"缺少出处的 {key}。", f"The citation needs {key}."
                self.report.add("missing_citation", self.at(key), zh, en)
        cited = not self.report.touches(*(self.at(key) for key in CITATION_KEYS[:4]))
        if not cited:
            self._asked.update(CITATION_KEYS)
            return Citation("practice", "", (), _NEVER)
        basis = cast(Basis, self.word("basis", ("law", "practice"), "unknown_basis"))
        until = self.day("until") if self.has("until") else None
        cited_as = Citation(basis, self.text("source"), self._rules(), self.day("since"), until)
        if until is not None and until < cited_as.since:
            zh, en = (
                f"不应早于 since {cited_as.since}。",
                f"Not before its since, {cited_as.since}.",
            )
            self.report.add("until_before_since", self.at("until"), zh, en)
        return cited_as

    def _rules(self) -> tuple[str, ...]:
        value = self.raw("rules")
        if not isinstance(value, list):
            self.wrong("rules", "列表", "a list")
            return ()
        for rule in value:
            if not isinstance(rule, str) or not _RULE.fullmatch(rule):
                zh = f"{rule!r} 不是条目编号，如 CD-03 或 5.1。"
                en = f"{rule!r} is no rule id; write one such as CD-03 or 5.1."
                self.report.add("bad_rule_id", self.at("rules"), zh, en)
        return tuple(rule for rule in value if isinstance(rule, str))
