"""Whatever stands in a pack's file, it is taken or refused with reasons; nothing else ever comes out."""

import copy
import random
import time
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.pack_files import national_text
from workflow.services.packs import PackRefused, load_pack
from workflow.services.toml_files import Table

SECONDS = 20.0  # of a minute for the three parsers together
SCRAPS = [b'"', b"[", b"]", b"{", b"\n", b"=", b".", b'"""', b"[[x]]\n", b"'", b"\xff", b"-"]
VALUES: list[Any] = [
    *(0, -1, 3, 10**30, True, 2.5, "", "x", "3 d", "-3 d", "0 m", "600 m", "9 wd", "owner"),
    *([], [1], ["owner"], [[]], [{}], {}, {"every": 7}, {"every": {}}, {"high": [4]}),
    *(date(2026, 1, 1), datetime(2026, 1, 1), "²", "x" * 1000),  # noqa: DTZ001 - TOML has naive ones
]


def a_chance() -> random.Random:
    """Other dice in each run, and the same again for the seed that pytest-randomly shows."""
    return random.Random(random.getrandbits(64))


def is_taken(file: Path) -> bool:
    """Whether a pack comes out; a refusal must be one that can be shown, and any other exception fails the test."""
    try:
        load_pack(file)
    except PackRefused as refusal:
        problems = refusal.problems
    else:
        return True
    assert all(p.code and p.file and p.zh and p.en and str(p) for p in problems)
    return not problems


def as_toml(value: Any) -> str:
    """A value as TOML, tables inline: enough to write a changed pack back."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {as_toml(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace('"', "'") + '"'
    return value.isoformat() if isinstance(value, date) else str(value)


def write(file: Path, content: Table) -> None:
    lines = [f'"{key}" = {as_toml(value)}' for key, value in content.items()]
    file.write_text("\n".join(lines), encoding="utf-8")


def change(content: Any, chance: random.Random) -> None:
    """Walks down to some place and drops, replaces or adds something there."""
    while isinstance(content, dict | list) and content:
        keys = list(content) if isinstance(content, dict) else list(range(len(content)))
        key = chance.choice(keys)
        if isinstance(content[key], dict | list) and content[key] and chance.random() < 0.8:
            content = content[key]
            continue
        if chance.random() < 0.3:
            del content[key]
        elif isinstance(content, dict) and chance.random() < 0.2:
            content[chance.choice(["other", "every", "high"])] = copy.deepcopy(
                chance.choice(VALUES)
            )
        else:
            content[key] = copy.deepcopy(chance.choice(VALUES))
        return


@pytest.mark.fuzz
def test_damaged_text_is_taken_or_refused(tmp_path: Path) -> None:
    chance, text = a_chance(), national_text().encode()
    file, end = tmp_path / "damaged.toml", time.monotonic() + SECONDS / 2
    while time.monotonic() < end:
        damaged = bytearray(text)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.choice([0, 1, 30])] = chance.choice([b"", *SCRAPS])
        file.write_bytes(damaged)
        is_taken(file)


@pytest.mark.fuzz
@pytest.mark.parametrize("extends", [False, True])
def test_other_values_are_taken_or_refused(tmp_path: Path, extends: bool) -> None:
    chance, whole = a_chance(), tomllib.loads(national_text())
    file, end = tmp_path / "other.toml", time.monotonic() + SECONDS / 4
    write(file, whole)
    assert is_taken(file), "the writer of this test must keep a good pack good"
    while time.monotonic() < end:
        content = copy.deepcopy(whole)
        if extends:
            content |= {"id": "other", "extends": "cn-national"}
        for _ in range(chance.randint(1, 4)):
            change(content, chance)
        write(file, content)
        is_taken(file)
