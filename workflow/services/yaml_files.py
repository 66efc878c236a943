"""
Reads a YAML file that people write into nodes that know their line.

YAML 1.2: only `true` and `false` are truths, so that `on` stays a word, and a
day written as 2024-03-01 is a day. What a hostile or careless file could do
harm with has no use here and is refused: anchors, tags, a key written twice,
several documents, deep nesting. Knows nothing of what the file is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

LARGEST_BYTES = 1_000_000
DEEPEST = 6
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_NUMBER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_MARK = re.compile(r"\s*in \"<.*?>\", line \d+, column \d+:?\s*")


class YamlRefused(Exception):
    """A file that is not the YAML that we read: a code, the line (from 1), and two sentences."""

    def __init__(self, code: str, line: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.line, self.zh, self.en = code, line, zh, en


@dataclass(slots=True)
class Node:
    """
    One value and the line on which it stands.

    `value` is a text, number, truth, day or None; a list of nodes; or a mapping of words to nodes,
    whose keys' lines are in `lines`. `raw` is a scalar as written; `quoted` says that it stood in quotes.
    """

    value: Any
    line: int
    raw: str = ""
    quoted: bool = False
    lines: dict[str, int] = field(default_factory=dict)


def parse_yaml(raw: bytes) -> Node:
    """
    The one document of these bytes.

    Raises:
        YamlRefused: it is not text, not YAML, empty, too big, or uses what has no use here.
    """
    text = _decoded(raw)
    try:
        return _document(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _syntax(str(error.problem or error.context), line) from error
    except (YAMLError, ValueError, IndexError, TypeError, AttributeError, AssertionError) as error:
        raise _syntax(_MARK.sub(" ", str(error)).strip() or type(error).__name__, 1) from error


def _decoded(raw: bytes) -> str:
    if len(raw) > LARGEST_BYTES:
        zh, en = "文件超过 1 MB。", "The file is larger than 1 MB."
        raise YamlRefused("too_large", 1, zh, en)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        zh, en = "不是 UTF-8 文字。", "This is not UTF-8 text."
        raise YamlRefused("not_text", line, zh, en) from error
    if (at := text.find("\0")) >= 0:
        zh, en = (
            "文件里有控制字符，不是文本文件。",
            "There are control characters; this is no text file.",
        )
        raise YamlRefused("not_text", text.count("\n", 0, at) + 1, zh, en)
    return text


def _syntax(message: str, line: int) -> YamlRefused:
    short = " ".join(message.split())[:200]
    return YamlRefused(
        "not_yaml", line, f"YAML 写法有误：{short}", f"This is not valid YAML: {short}"
    )


def _document(events: Iterator[Any]) -> Node:
    """The only document; further ones are refused, since nobody would read them."""
    found: Node | None = None
    for event in events:
        kind = type(event).__name__
        if kind in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent", "DocumentStartEvent"):
            continue
        if found is not None:
            zh, en = "一个文件只写一个个案。", "One file holds one document."
            raise YamlRefused("several_documents", _line(event), zh, en)
        found = _node(event, events, 1)
    if found is None:
        raise YamlRefused("empty_file", 1, "文件是空的。", "The file is empty.")
    return found


def _node(event: Any, events: Iterator[Any], depth: int) -> Node:
    kind = type(event).__name__
    _refuse_cleverness(event, kind)
    if kind == "ScalarEvent":
        quoted = event.style is not None
        text = str(event.value)
        return Node(text if quoted else _plain(text, _line(event)), _line(event), text, quoted)
    if depth > DEEPEST:
        zh, en = f"嵌套超过 {DEEPEST} 层。", f"Nested more than {DEEPEST} deep."
        raise YamlRefused("too_deep", _line(event), zh, en)
    if kind == "SequenceStartEvent":
        return _list(event, events, depth)
    return _mapping(event, events, depth)


def _list(start: Any, events: Iterator[Any], depth: int) -> Node:
    items: list[Node] = []
    for event in events:
        if type(event).__name__ == "SequenceEndEvent":
            break
        items.append(_node(event, events, depth + 1))
    return Node(items, _line(start))


def _mapping(start: Any, events: Iterator[Any], depth: int) -> Node:
    found = Node({}, _line(start))
    for event in events:
        if type(event).__name__ == "MappingEndEvent":
            break
        key = _node(event, events, depth + 1)
        if isinstance(key.value, list | dict):
            zh, en = "键要写成一个词。", "A key is a single word."
            raise YamlRefused("bad_key", key.line, zh, en)
        if key.raw in found.value:
            zh, en = (
                f"“{key.raw}”写了两次，只留一处。",
                f"{key.raw!r} is written twice; keep one of them.",
            )
            raise YamlRefused("duplicate_key", key.line, zh, en)
        found.lines[key.raw] = key.line
        found.value[key.raw] = _node(next(events), events, depth + 1)
    return found


def _refuse_cleverness(event: Any, kind: str) -> None:
    if kind == "AliasEvent" or getattr(event, "anchor", None):
        zh, en = (
            "不使用锚点和别名（& 和 *），请把内容写全。",
            "Anchors and aliases (& and *) are not used; write it out.",
        )
        raise YamlRefused("alias", _line(event), zh, en)
    if getattr(event, "tag", None):
        zh, en = "不使用标签（!）；文字请加引号。", "Tags (!) are not used; put text in quotes."
        raise YamlRefused("tag", _line(event), zh, en)


def _plain(text: str, line: int) -> object:
    """What a scalar without quotes stands for."""
    if text.lower() in _WORDS and (
        text == text.lower() or text in ("Null", "NULL", "True", "False")
    ):
        return _WORDS[text.lower()]
    if _DAY.fullmatch(text):
        return _day(text, line)
    if _NUMBER.fullmatch(text):
        return int(text) if len(text) < 20 else float(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _day(text: str, line: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        zh = f"{text} 不是日历上的日期；写成 2024-03-01 的样子。"
        en = f"{text} is no day of the calendar; write it as 2024-03-01."
        raise YamlRefused("bad_date", line, zh, en) from error


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
