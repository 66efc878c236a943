"""
Reading one value of a scenario file at a time, each refusal with its line and with what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from workflow.rules.errors import Invalid
from workflow.services.yaml_files import Node, YamlRefused, parse_yaml

FAR = (date(1900, 1, 1), date(2199, 12, 31))


class MalformedScenario(Invalid):
    """A file that cannot be read as a scenario: where, and what would be right, in Chinese and in English."""

    def __init__(self, code: str, file: str, line: int, zh: str, en: str) -> None:
        super().__init__(code, file=file, line=line)
        self.file, self.line, self.zh, self.en = file, line, zh, en

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.zh} {self.en} [{self.code}]"


class Reader:
    """Reads the values of one file; knows its name for the messages."""

    def __init__(self, file: str) -> None:
        self.file = file

    def document(self, raw: bytes) -> Node:
        """The mapping at the top of the file."""
        try:
            top = parse_yaml(raw)
        except YamlRefused as error:
            raise MalformedScenario(
                error.code, self.file, error.line, error.zh, error.en
            ) from error
        if not isinstance(top.value, dict):
            zh = "文件最上层要写成“键: 值”，例如 events: 和 until:。"
            en = "The file's top level is a mapping, with keys such as events: and until:."
            raise malformed(self, "not_a_mapping", top.line, zh, en)
        return top

    def need(self, node: Node, key: str) -> Node:
        """The value at a key that must be there."""
        if key not in node.value:
            raise malformed(self, "missing_key", node.line, f"缺少 {key}。", f"{key} is missing.")
        found: Node = node.value[key]
        return found

    def text(self, node: Node, key: str) -> str:
        """A text that is not blank."""
        found = self.need(node, key)
        if not isinstance(found.value, str) or not found.value.strip():
            zh, en = (
                f"{key} 要写文字；数字或日期请加引号。",
                f"{key} is a text; put numbers and dates in quotes.",
            )
            raise malformed(self, "wrong_type", found.line, zh, en)
        return found.value

    def day(self, node: Node, key: str, span: tuple[date, date] = FAR) -> date:
        """A civil day, written without quotes, within the years that the calendar covers."""
        found = self.need(node, key)
        if not isinstance(found.value, date):
            self.bad_day(found, key)
        first, last = span
        day: date = found.value
        if not first <= day <= last:
            zh, en = (
                f"{key} 应在 {first} 至 {last} 之间。",
                f"{key} lies between {first} and {last}.",
            )
            raise malformed(self, "out_of_calendar", found.line, zh, en)
        return day

    def bad_day(self, node: Node, key: str) -> None:
        """Refuse what should have been a day."""
        zh = f"{key} 要写日期，不加引号，例如 2024-03-01。"
        en = f"{key} is a date without quotes, such as 2024-03-01."
        raise malformed(self, "bad_date", node.line, zh, en)

    def mapping(self, node: Node, key: str) -> Node:
        """The mapping at a key."""
        found = self.need(node, key)
        self.must_be_mapping(found, key)
        return found

    def must_be_mapping(self, node: Node, key: str) -> None:
        """Refuse what is not a mapping."""
        if not isinstance(node.value, dict):
            zh, en = f"{key} 要写成“键: 值”的样子。", f"{key} is written as key: value."
            raise malformed(self, "wrong_type", node.line, zh, en)

    def items(self, node: Node, key: str) -> list[Node]:
        """The list at a key."""
        found = self.need(node, key)
        if not isinstance(found.value, list):
            zh, en = (
                f"{key} 要写成列表，每项前面加“- ”。",
                f"{key} is a list; each item begins with a dash.",
            )
            raise malformed(self, "wrong_type", found.line, zh, en)
        return found.value


def malformed(read: Reader, code: str, line: int, zh: str, en: str) -> MalformedScenario:
    """A refusal of this file."""
    return MalformedScenario(code, read.file, line, zh, en)


def known_keys(read: Reader, node: Node, known: Iterable[str], where: str) -> None:
    """Refuse a mapping with a key that nobody reads."""
    words = tuple(known)
    for key in node.value:
        if key not in words:
            meant = get_close_matches(key, words, 1)
            hint = (f"是不是 {meant[0]}？", f"Did you mean {meant[0]}?") if meant else ("", "")
            zh = f"{where + ' 里' if where else ''}没有“{key}”这个键；{hint[0]}可写：{'、'.join(words)}。"
            en = f"There is no key {key!r}{' in ' + where if where else ''}. {hint[1] + ' ' if meant else ''}Keys: {', '.join(words)}."
            raise malformed(read, "unknown_key", node.lines[key], zh, en)


def one_of(read: Reader, node: Node, key: str, words: tuple[str, ...]) -> str:
    """A word of a closed vocabulary."""
    if isinstance(node.value, str) and node.value in words:
        return node.value
    meant = get_close_matches(node.raw, words, 3) or list(words[:12])
    more = "" if len(meant) == len(words) else " ..."
    zh = f"{key} 没有“{node.raw}”这个写法；可写：{'、'.join(meant)}{more}。"
    en = f"{key} cannot be {node.raw!r}; it can be: {', '.join(meant)}{more}."
    raise malformed(read, "unknown_word", node.line, zh, en)
