"""
Reads a TOML file that people write, or says on which line it cannot be read.

Knows nothing of what the file is about. What it refuses here, no later check
could survive: a file too big or nested too deep to be one of ours.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from workflow.services.problems import Report

LARGEST_BYTES = 1_000_000
DEEPEST = 8

Table = dict[str, Any]


def read_toml(file: Path, report: Report) -> Table | None:
    """The file's content, or None with the reason in the report."""
    try:
        raw = file.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        zh, en = f"读不到这个文件（{reason}）。", f"The file cannot be read ({reason})."
        report.add("unreadable", "", zh, en)
        return None
    return parse_toml(raw, report)


def parse_toml(raw: bytes, report: Report) -> Table | None:
    """The content of these bytes, or None with the reason, and the line where there is one, in the report."""
    if len(raw) > LARGEST_BYTES:
        report.add(
            "malformed",
            "",
            "文件超过 1 MB，不是规则文件。",
            "The file is larger than 1 MB; no file of ours is.",
        )
        return None
    try:
        content = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.add(
            "malformed",
            f"line {line}",
            f"第 {line} 行不是 UTF-8 文字。",
            f"Line {line} is not UTF-8 text.",
        )
        return None
    except (ValueError, RecursionError) as error:
        _report_syntax(str(error), report)
        return None
    if _depth(content) > DEEPEST:
        report.add(
            "malformed",
            "",
            f"表格嵌套超过 {DEEPEST} 层。",
            f"Tables are nested more than {DEEPEST} deep.",
        )
        return None
    return content


def _report_syntax(message: str, report: Report) -> None:
    at = re.search(r"at line (\d+)", message)
    key = f"line {at[1]}" if at else ""
    where = f"第 {at[1]} 行" if at else "文件"
    report.add("malformed", key, f"{where}不是正确的 TOML：{message}", f"Not valid TOML: {message}")


def _depth(content: Table) -> int:
    """How deep tables and lists are nested; counted without recursion, since the file may be hostile."""
    depth = 0
    level: list[object] = [content]
    while level:
        depth += 1
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        level = [item for item in below if isinstance(item, dict | list)]
    return depth
