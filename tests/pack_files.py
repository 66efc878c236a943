"""Policy packs for tests: files written in a test's folder, and what is wrong with them."""

from pathlib import Path

import pytest

from workflow.services.packs import PackProblem, PackRefused, load_pack

HEADER = """
id = "{id}"
version = "1"
since = 2026-11-01
extends = "{extends}"
label = {{ zh = "试用包", en = "A trial pack" }}
"""
CITED = 'basis = "practice"\nsource = "试用"\nrules = ["5.1"]\nsince = 2026-11-01\n'


def write_overlay(
    folder: Path, body: str, *, extends: str = "cn-national", name: str = "trial"
) -> Path:
    """An overlay with this body; `CITED` in it stands for a citation."""
    file = folder / f"{name}.toml"
    text = HEADER.format(id=name, extends=extends) + body.replace("CITED", CITED)
    file.write_text(text, encoding="utf-8")
    return file


def national_text() -> str:
    """The national pack as it is written, to be changed and written elsewhere."""
    folder = Path(__file__).resolve().parent.parent / "workflow" / "policies"
    return (folder / "cn-national.toml").read_text(encoding="utf-8")


def write_changed(folder: Path, old: str, new: str) -> Path:
    """The national pack in a file of its own, with one passage changed."""
    text = national_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the national pack"
    file = folder / "changed.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def problems_of(file: Path | str) -> tuple[PackProblem, ...]:
    """Everything that is wrong with a pack that must be refused."""
    with pytest.raises(PackRefused) as refusal:
        load_pack(file)
    return refusal.value.problems


def refused(file: Path | str) -> set[tuple[str, str]]:
    """Code and key of everything that is wrong with a pack; each problem must speak both languages."""
    problems = problems_of(file)
    for problem in problems:
        assert problem.file
        assert problem.en.strip().endswith(".") or ":" in problem.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in problem.zh)
    return {(problem.code, problem.key) for problem in problems}
