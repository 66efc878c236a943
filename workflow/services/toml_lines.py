"""On which line of a TOML file a key stands, so that whoever mends it need not search."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\")(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def line_of(text: str, key: str) -> int | None:
    """
    The line of a dotted key, counted from 1; of what holds it, where the key itself is missing or stands within a line.

    None where nothing of it is in the file. `line 7`, as a file that is no TOML is told of, is line 7.
    """
    if said := re.fullmatch(r"line (\d+)", key):
        return int(said[1])
    known = _lines(text)
    parts = key.split(".")
    for count in range(len(parts), 0, -1):
        if (found := known.get(".".join(parts[:count]))) is not None:
            return found
    return None


def _lines(text: str) -> dict[str, int]:
    """Every key by the line on which it first stands; lines within a list that goes on are passed over."""
    found: dict[str, int] = {}
    table, depth = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if depth == 0 and (header := _TABLE.match(line)):
            table = _plain(header[1])
            found.setdefault(table, number)
        elif depth == 0 and (named := _KEY.match(line)):
            found.setdefault(f"{table}.{_plain(named[1])}" if table else _plain(named[1]), number)
            depth = _open(line)
        elif depth:
            depth += _open(line)
    return found


def _open(line: str) -> int:
    """How many lists a line leaves open."""
    bare = _QUOTED.sub("", line).partition("#")[0]
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")


def _plain(name: str) -> str:
    return ".".join(part.strip().strip('"') for part in name.split("."))
