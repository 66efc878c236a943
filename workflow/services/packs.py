"""
Reads policy packs (规则包): by id those that travel with the program, by path any other.

A pack either stands alone or `extends` another and says only what differs; what
changes a number brings its own citation. Whatever is wrong is found before a
pack is handed out: `pack_shape` finds what has the wrong shape, `pack_checks` what can never happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from workflow.rules.pack import Pack
from workflow.services.pack_checks import check_pack
from workflow.services.pack_entries import CITATION_KEYS
from workflow.services.pack_shape import read_pack
from workflow.services.problems import FileRefused, Problem, Report
from workflow.services.toml_files import Table, read_toml

HEADER_KEYS = ("id", "version", "label", "since", "extends")
UNCITED_KEYS = {*CITATION_KEYS, "label"}

PackProblem = Problem


class PackRefused(FileRefused):
    """A pack that cannot be used; `problems` names every file, key and what would be right."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A pack's file, and what to call it in a message."""

    path: Path
    shown: str


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A pack with the whole content behind it, to lay an overlay on."""

    pack: Pack
    content: Table


def shipped_packs() -> tuple[str, ...]:
    """The ids of the packs that travel with the program, the national one first."""
    ids = sorted(path.stem for path in _folder().glob("*.toml"))
    return tuple(sorted(ids, key=lambda name: name != "cn-national"))


def load_pack(name_or_path: str | Path) -> Pack:
    """
    The pack of this id (`cn-national`, also as pinned: `cn-national@2026.11`) or in this file.

    Raises:
        PackRefused: it does not exist or cannot be used; with every problem found.
    """
    if isinstance(name_or_path, str):
        name, _, version = name_or_path.partition("@")
        if name in shipped_packs():
            return _of_version(_shipped(name).pack, version)
        if not name_or_path.endswith(".toml"):
            raise PackRefused([_no_such_pack(name_or_path, "", name_or_path)])
    path = Path(name_or_path)
    return _load(_Source(path, str(path)), ()).pack


def checked_pack(content: Table, lineage: tuple[str, ...], report: Report) -> Pack:
    """
    The pack that this whole content describes, whatever it was read from.

    Raises:
        PackRefused: it cannot be used; with every problem, those already in the report included.
    """
    pack = read_pack(content, lineage, report)
    check_pack(pack, report)
    if report.problems:
        raise PackRefused(sorted(report.problems, key=lambda problem: problem.key))
    return pack


def _folder() -> Path:
    return Path(str(files("workflow") / "policies"))


@cache
def _shipped(name: str) -> _Loaded:
    return _load(_Source(_folder() / f"{name}.toml", f"{name}.toml"), ())


def _of_version(pack: Pack, version: str) -> Pack:
    if version and version != pack.version:
        zh = f"随程序提供的是 {pack.name}。"
        en = f"The program ships {pack.name}."
        raise PackRefused([Problem("unknown_version", f"{pack.id}@{version}", "version", zh, en)])
    return pack


def _no_such_pack(file: str, key: str, name: str) -> Problem:
    shipped = shipped_packs()
    zh = f"没有叫 {name} 的规则包；有：{'、'.join(shipped)}，或给出 .toml 文件的路径。"
    en = f"There is no pack {name}; there are: {', '.join(shipped)}, or the path of a .toml file."
    return Problem("unknown_pack", file, key, zh, en)


def _load(source: _Source, seen: tuple[Path, ...]) -> _Loaded:
    """One file with all that it extends below it; `seen` are the files above it."""
    report = Report(source.shown)
    content = read_toml(source.path, report)
    if content is None:
        raise PackRefused(report.problems)
    lineage: tuple[str, ...] = ()
    if "extends" in content:
        base = _base(content["extends"], source, (*seen, source.path.resolve()))
        content = _lay_on(base.content, content, report)
        lineage = (*base.pack.lineage, base.pack.name)
        _refuse_own_name(content, lineage, report)
    return _Loaded(checked_pack(content, lineage, report), content)


def _base(name: object, source: _Source, seen: tuple[Path, ...]) -> _Loaded:
    """The pack that this one extends: a shipped id, or a path from the folder of the file."""
    if not isinstance(name, str):
        zh, en = (
            "写规则包的 id 或 .toml 文件的路径。",
            "Give a pack's id or the path of a .toml file.",
        )
        raise PackRefused([Problem("wrong_type", source.shown, "extends", zh, en)])
    if name in shipped_packs():
        below = _Source(_folder() / f"{name}.toml", f"{name}.toml")
    elif name.endswith(".toml"):
        path = source.path.parent / name
        below = _Source(path, str(path))
    else:
        raise PackRefused([_no_such_pack(source.shown, "extends", name)])
    if below.path.resolve() in seen:
        zh = f"{name} 最终又延伸自本包，成了循环；去掉其中一处 extends。"
        en = f"{name} leads back to this pack; drop one of the extends."
        raise PackRefused([Problem("extends_cycle", source.shown, "extends", zh, en)])
    return _load(below, seen)


def _refuse_own_name(content: Table, lineage: tuple[str, ...], report: Report) -> None:
    if content.get("id") in [name.partition("@")[0] for name in lineage]:
        zh, en = "覆盖包要有自己的 id。", "An overlay needs an id of its own."
        report.add("same_id", "id", zh, en)


def _lay_on(base: Table, overlay: Table, report: Report) -> Table:
    """The base with the overlay on it. Header and citations are the overlay's own, never inherited in part."""
    below = {key: value for key, value in base.items() if key not in HEADER_KEYS}
    for place, table in _cited_tables(overlay):
        _require_citation(_find(below, place), table, place, report)
    whole = _merge(below, overlay)
    if {key: value for key, value in whole.items() if key not in HEADER_KEYS} == below:
        zh = "这个覆盖包没有改动任何内容；写出不同之处，或直接用基础包。"
        en = "This overlay changes nothing; say what differs, or use the base pack itself."
        report.add("changes_nothing", "", zh, en)
    return whole


def _cited_tables(overlay: Table) -> list[tuple[tuple[str, ...], Table]]:
    """The overlay's tables that carry a citation, each with its place."""
    found: list[tuple[tuple[str, ...], Table]] = []
    for name, table in overlay.items():
        if name in HEADER_KEYS or not isinstance(table, dict):
            continue
        if name in ("ladders", "obligations"):
            found += [((name, key), t) for key, t in table.items() if isinstance(t, dict)]
        else:
            found.append(((name,), table))
    return found


def _find(content: Table, place: tuple[str, ...]) -> Table:
    for key in place:
        content = content.get(key, {})
    return content


def _require_citation(base: Table, table: Table, place: tuple[str, ...], report: Report) -> None:
    """What changes a number says where the new one comes from; the old citation would lie about it."""
    numbers = {key: value for key, value in table.items() if key not in UNCITED_KEYS}
    if _merge(base, numbers) == base:
        return
    for key in CITATION_KEYS[:4]:
        if key not in table:
            zh = f"改了数字，就要写新的出处：缺少 {key}。"
            en = f"A changed number needs its own citation: {key} is missing."
            report.add("missing_citation", ".".join((*place, key)), zh, en)


def _merge(base: Table, over: Table) -> Table:
    """
    Tables are laid on key by key; anything else is replaced.

    A citation is replaced whole, so that no old article stands beside a new number,
    and so is a frequency that changes between levels and a number of days.
    """
    if over.keys() & set(CITATION_KEYS):
        base = {key: value for key, value in base.items() if key not in CITATION_KEYS}
    merged = dict(base)
    for key, value in over.items():
        old = base.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and not _in_days(old, value):
            merged[key] = _merge(old, value)
        else:
            merged[key] = value
    return merged


def _in_days(*tables: Table) -> bool:
    """Whether one of them is a frequency such as `{ every = 7 }`."""
    return any(set(t) == {"every"} and isinstance(t["every"], int) for t in tables)
