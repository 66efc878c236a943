"""
A pack as data that a database keeps: written out whole, and read back through the checks that a file goes through.

The keys are those of the file, overlays laid on. What is written has a form
number, so that a later release can lift what an earlier one wrote.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from typing import Any

from workflow.rules.events.fields import Means
from workflow.rules.pack import Citation, Frequency, Ladder, Pack, Rung, Span
from workflow.services.packs import PackRefused, checked_pack
from workflow.services.problems import Report
from workflow.services.toml_files import Table

FORM = 1
_DATES = ("since", "until")
_ANY_LEVEL = {"any"}
_REPEAT = {"every": "repeat_every", "times": "repeat_times", "then": "repeat_then"}


def content_of(pack: Pack) -> Table:
    """The whole pack as plain data: what `read_content` reads back as an equal pack."""
    return {"form": FORM, "lineage": list(pack.lineage), "pack": _table(pack, "lineage")}


def digest_of(content: Table) -> bytes:
    """SHA-256 of the content as canonical JSON: keys in order, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8")).digest()


def read_content(name: str, content: Any, digest: bytes) -> Pack:
    """
    The pack that was kept under a name, checked like one in a file.

    Raises:
        PackRefused: `kept_pack_damaged`: it is not what was written; `kept_pack_form`: a later release
            wrote it; or whatever can be wrong with a file.
    """
    report = Report(f"packs/{name}")
    if not isinstance(content, dict) or digest_of(content) != digest:
        raise damaged(name)
    if content.get("form") != FORM:
        zh, en = "这个规则包是更新的版本写下的。", "A later release wrote this pack."
        report.add("kept_pack_form", "form", zh, en)
        raise PackRefused(report.problems)
    whole, lineage = content.get("pack"), content.get("lineage")
    if not isinstance(whole, dict) or not isinstance(lineage, list):
        raise damaged(name)
    pack = checked_pack(_dated(whole), tuple(lineage), report)
    if pack.name != name:
        raise damaged(name)
    return pack


def damaged(name: str) -> PackRefused:
    """The refusal of a kept pack that is not what was written."""
    report = Report(f"packs/{name}")
    zh = "数据库里保存的规则包与写入时不一致；请从备份恢复。"
    en = "The pack kept in the database is not what was written; restore it from a backup."
    report.add("kept_pack_damaged", "", zh, en)
    return PackRefused(report.problems)


# ------------------------------------------------------------------ writing


def _table(one: Any, *left_out: str) -> Table:
    """A part of a pack under the keys of the file: what is empty is left out, a citation lies flat beside its numbers."""
    written: Table = {}
    for field in fields(one):
        value = getattr(one, field.name)
        if field.name in left_out or value is None or value == {}:
            continue
        written |= _table(value) if isinstance(value, Citation) else {field.name: _plain(value)}
    return written


def _plain(value: Any) -> Any:
    """One value as the file has it, dates as text."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _by_level(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    writes = _WRITES.get(type(value))
    return writes(value) if writes else _table(value, "kind", "nominal_days")


def _by_level(value: Any) -> Any:
    """A frequency that is the same for every level stands without one."""
    if isinstance(value, Mapping) and value.keys() == _ANY_LEVEL:
        return _plain(value["any"])
    return _plain(value)


def _frequency(one: Frequency) -> Any:
    return {"every": one.every_days} if one.every_days else list(one.per_year)


def _rung(one: Rung) -> Table:
    return {"at": "opening" if one.at_opening else one.offset, "to": list(one.to)}


def _ladder(one: Ladder) -> Table:
    repeat = {key: getattr(one, name) for key, name in _REPEAT.items()}
    repeat["to"] = one.repeat_to
    return {"rungs": _plain(one.rungs), "repeat": repeat, **_table(one.cited)}


_WRITES: Mapping[type, Any] = {
    Span: str,
    Means: lambda one: {"zh": one.zh, "en": one.en},
    Frequency: _frequency,
    Rung: _rung,
    Ladder: _ladder,
}


# ------------------------------------------------------------------ reading


def _dated(content: Any) -> Any:
    """The same with dates where the keys name one; what is no date stays, so that the reader refuses it."""
    if isinstance(content, dict):
        return {key: _day(v) if key in _DATES else _dated(v) for key, v in content.items()}
    return content


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
