"""
A rehearsal set out for people: the way as a line, what is owed, who is told, what was refused and why.

Takes the report that `--json` prints, so that both say the same.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from workflow.rules.due import STATES
from workflow.rules.pack import Pack
from workflow.rules.sentences.labels import (
    EVENT_LABELS,
    NOTICE_LABELS,
    ROLE_LABELS,
    STAGE_LABELS,
    Language,
    in_words,
    word,
)

Row = dict[str, Any]

SHOWN = ("overdue", "due_today", "open", "upcoming", "held")
COUNTED = ("done", "done_late", "missed", "withdrawn", "lapsed")
COLOURS = {
    "overdue": "bold red",
    "due_today": "bold yellow",
    "open": "cyan",
    "upcoming": "",
    "held": "dim",
}
NOTICE_DAYS = 12
WIDTH = 100
INDENT = 15
_PIECES = re.compile(r"[（“《]*(?:[!-~\u00a0]+|[^!-~]) *[，。；：）、”》…]*")
WORDS = {
    "policy": ("规则包", "Pack"),
    "until": ("推演至", "until"),
    "way": ("全过程", "The way"),
    "terms": ("期限", "Terms"),
    "exit": ("预计退出日", "Control ends"),
    "barred": (
        "暂缓退出：有一次严重违反协议的报告尚未解除",
        "barred: a reported breach has not been lifted",
    ),
    "counters": ("计数", "Counters"),
    "tests_missed": ("未到检", "tests missed"),
    "departures": ("擅自离开", "departures"),
    "days_away": ("离开天数", "days away"),
    "owed": ("应办事项", "What is owed"),
    "told_now": ("现由其接收提醒：", "told meanwhile:"),
    "to": ("{role}：", "{role}: "),
    "and": ("；", "; "),
    "opening": ("开始日", "opening"),
    "at_once": ("即时", "at once"),
    "older": ("另有更早的 {n} 期也已逾期", "and {n} older ones, overdue too"),
    "told": ("谁会被告知", "Who is told"),
    "earlier": (
        "此前还有 {n} 条通知（--all 全部列出）",
        "{n} notices before that (--all lists them)",
    ),
    "refused": ("不予受理", "What was refused"),
    "allow": ("怎样才可以：", "What would allow it: "),
    "holds": ("文件所期待的全部成立。", "All that the file expects holds."),
    "unmet": ("与文件所期待的不符", "What the file expects and did not find"),
    "nothing": ("无", "nothing"),
}


def print_report(
    report: Row,
    pack: Pack,
    unmet: Sequence[str] | None,
    *,
    lang: Language,
    everything: bool = False,
) -> None:
    """Print one report; `unmet` is None where the file expects nothing."""
    tty = sys.stdout.isatty()
    console = Console(width=None if tty else WIDTH, highlight=False, emoji=False)
    with console.capture() as page:
        _Page(console, pack, lang).show(report, unmet, everything)
    # A blank that must not break has done its work; rich fills lines up with others that a file does not want.
    text = page.get().replace("\u00a0", " ")
    sys.stdout.write(text if tty else re.sub(r" +$", "", text, flags=re.MULTILINE))


class _Page:
    """One report on one console, in one language."""

    def __init__(self, console: Console, pack: Pack, lang: Language) -> None:
        self.console, self.pack, self.lang = console, pack, lang
        self.room = max(30, console.width - INDENT)

    def show(self, report: Row, unmet: Sequence[str] | None, everything: bool) -> None:
        self._head(report)
        self._owed(report["obligations"])
        self._told(report["notices"], everything)
        self._refused(report["refused"])
        self._expected(unmet)
        self.console.print()

    # -------------------------------------------------------------- words

    def _say(self, key: str, **facts: object) -> str:
        return WORDS[key][self.lang == "en"].format(**facts)

    def _stage(self, stage: str) -> str:
        return word(STAGE_LABELS, stage, self.lang)

    def _role(self, role: str) -> str:
        return word(ROLE_LABELS, role, self.lang)

    def _kind(self, kind: str) -> str:
        rule = self.pack.obligations.get(kind)
        return in_words(rule.label, self.lang) if rule else word(NOTICE_LABELS, kind, self.lang)

    def _title(self, key: str) -> None:
        self.console.print()
        self.console.print(Rule(Text(self._say(key), style="bold"), align="left", style="dim"))

    # -------------------------------------------------------------- parts

    def _head(self, report: Row) -> None:
        print_ = self.console.print
        print_()
        print_(Text(report["case"], style="bold"))
        print_(
            Text(
                f"{self._say('policy')} {report['policy']} · {self._say('until')} {report['until']}",
                style="dim",
            )
        )
        self._title("way")
        print_(Padding(self._way(report["stages"]), (0, 0, 0, 2), expand=False))
        print_()
        for line in self._facts(report):
            print_(Padding(line, (0, 0, 0, 2), expand=False))

    def _way(self, stages: Sequence[Row]) -> Text:
        line = Text()
        for index, each in enumerate(stages):
            last = index == len(stages) - 1
            line.append(" → " if index else "", style="dim")
            # Blanks that do not break keep a date with its stage.
            line.append(f"{each['on']}\u00a0", style="dim")
            line.append(
                self._stage(each["stage"]).replace(" ", "\u00a0"),
                style="bold green" if last else "",
            )
        return line

    def _facts(self, report: Row) -> Iterable[Text]:
        table = report["terms"]
        if table:
            spans = " · ".join(
                f"{self._measure(t['measure'])} {t['starts_on']} – {t['ends_on']}" for t in table
            )
            yield Text.assemble((f"{self._say('terms')}  ", "dim"), spans)
        exit_on = self._say("barred") if report["exit_barred"] else report["exit_on"]
        if exit_on:
            yield Text.assemble((f"{self._say('exit')}  ", "dim"), exit_on)
        counted = " · ".join(f"{self._say(name)} {n}" for name, n in report["counters"].items())
        yield Text.assemble((f"{self._say('counters')}  ", "dim"), counted)

    def _measure(self, kind: str) -> str:
        return word(STAGE_LABELS, kind, self.lang)

    def _owed(self, rows: Sequence[Row]) -> None:
        self._title("owed")
        found = False
        for state in SHOWN:
            here = sorted(
                (r for r in rows if r["state"] == state), key=lambda r: (r["due_on"], r["kind"])
            )
            if here:
                found = True
                label = in_words(STATES[state], self.lang)
                self.console.print(Text(f"  {label} {len(here)}", style=COLOURS[state] or "bold"))
                self.console.print(self._grid(self._lines(here, state)))
        counts = Counter(row["state"] for row in rows)
        done = [f"{in_words(STATES[s], self.lang)} {counts[s]}" for s in COUNTED if counts[s]]
        if done or not found:
            self.console.print(Text("  " + (" · ".join(done) or self._say("nothing")), style="dim"))

    def _lines(self, rows: Sequence[Row], state: str) -> Iterable[tuple[Text, Text]]:
        """Day and sentence of each; *why* only for what somebody is to do now."""
        shown = _newest(rows) if state == "overdue" else [(row, 0) for row in rows]
        for row, older in shown:
            text = self._what(row, older)
            if state in ("overdue", "due_today", "open"):
                text.append("\n" + fit(row["why"], self.room), style="dim")
            yield Text(row["due_on"], style=COLOURS[state]), text

    def _what(self, row: Row, older: int) -> Text:
        text = Text(self._kind(row["kind"]))
        text.append(f" {row['occurrence']}", style="dim")
        text.append(" · ").append(self._role(row["owner"]), style="cyan")
        if row["told"] != row["owner"]:
            text.append(f" · {self._say('told_now')} {self._role(row['told'])}", style="yellow")
        if older:
            text.append(f"\n{self._say('older', n=older)}", style="red")
        return text

    def _grid(self, lines: Iterable[tuple[Text, Text]]) -> Padding:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for left, right in lines:
            grid.add_row(left, right)
        return Padding(grid, (0, 0, 1, 2), expand=False)

    def _told(self, notices: Sequence[Row], everything: bool) -> None:
        self._title("told")
        days = [(day, list(found)) for day, found in groupby(notices, key=lambda n: n["on"])]
        shown = days if everything else days[-NOTICE_DAYS:]
        hidden = len(notices) - sum(len(found) for _, found in shown)
        if hidden:
            self.console.print(Text(f"  {self._say('earlier', n=hidden)}", style="dim"))
        lines = [(Text(day, style="dim"), self._told_on(found)) for day, found in shown]
        self.console.print(
            self._grid(lines) if lines else Text(f"  {self._say('nothing')}", style="dim")
        )

    def _told_on(self, found: Sequence[Row]) -> Text:
        """One line a recipient, with what each is told and the rung."""
        text = Text()
        for index, role in enumerate(dict.fromkeys(n["to"] for n in found)):
            kinds = [self._rung(n) for n in found if n["to"] == role]
            line = self._say("to", role=self._role(role)) + self._say("and").join(kinds)
            start = len(text) + bool(index)
            text.append(("\n" if index else "") + fit(line, self.room))
            text.stylize("cyan", start, start + len(self._role(role)))
        return text

    def _rung(self, notice: Row) -> str:
        known = notice["rung"] in ("opening", "at_once")
        rung = self._say(notice["rung"]) if known else notice["rung"]
        return f"{self._kind(notice['kind'])}\u00a0({rung})"

    def _refused(self, refused: Sequence[Row]) -> None:
        if not refused:
            return
        self._title("refused")
        for each in refused:
            head = Text.assemble(
                (f"  {each['on']} ", "dim"), (word(EVENT_LABELS, each["event"], self.lang), "bold")
            )
            head.append(f"  [{each['code']}]", style="dim")
            self.console.print(head)
            for words, style in (
                (each["reason"], ""),
                (self._say("allow") + each["would_allow"], "green"),
            ):
                self.console.print(
                    Padding(Text(fit(words, self.room), style=style), (0, 0, 0, 14), expand=False)
                )

    def _expected(self, unmet: Sequence[str] | None) -> None:
        if unmet is None:
            return
        if not unmet:
            self.console.print()
            self.console.print(Text(f"✓ {self._say('holds')}", style="bold green"))
            return
        self._title("unmet")
        for line in unmet:
            self.console.print(Text(f"  ✗ {line}", style="red"))


def _newest(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """Of several overdue windows of one kind the newest, with how many older ones stand behind it."""
    found: dict[tuple[str, str], tuple[Row, int]] = {}
    for row in rows:
        window = "/w" in row["occurrence"] or "/v" in row["occurrence"]
        key = (row["kind"], "" if window else row["occurrence"])
        found[key] = (row, found[key][1] + 1 if key in found else 0)
    return sorted(found.values(), key=lambda each: each[0]["due_on"])


def fit(text: str, width: int) -> str:
    """
    The text in lines of so many columns, as Chinese is set: a line may end after any character.

    A word of letters or digits stays whole, and no line begins with a closing mark.
    """
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and cell_len(line) + cell_len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return "\n".join([*lines, line.rstrip()])
