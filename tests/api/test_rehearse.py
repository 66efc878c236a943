"""`guitu rehearse`: exit codes, the JSON of rehearsal.md, and the form for people."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app

SCENARIOS = Path(__file__).parents[1] / "scenarios"
WORKED = SCENARIOS / "02-late-report-in.yaml"
KEYS = [
    "case",
    "policy",
    "until",
    "stage",
    "stages",
    "terms",
    "exit_on",
    "exit_barred",
    "counters",
    "obligations",
    "notices",
    "refused",
]


def guitu(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["rehearse", *map(str, arguments)])


def changed(tmp_path: Path, old: str, new: str, name: str = "x.yaml") -> Path:
    text = WORKED.read_text("utf-8")
    assert old in text
    file = tmp_path / name
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


def test_the_json_of_one_file() -> None:
    found = guitu(WORKED, "--json")
    assert found.exit_code == 0
    report = json.loads(found.stdout)
    assert list(report) == KEYS
    assert report["stages"][0] == {"on": "2024-01-08", "stage": "detected", "event": "detected"}
    assert report["terms"] == [
        {"measure": "community_detox", "starts_on": "2024-02-20", "ends_on": "2027-02-19"}
    ]
    first = next(each for each in report["obligations"] if each["kind"] == "report_in")
    assert list(first) == [
        "kind",
        "occurrence",
        "opens_on",
        "due_on",
        "closed_on",
        "state",
        "owner",
        "told",
        "basis",
        "source",
        "why",
    ]
    assert list(report["notices"][0]) == ["on", "kind", "rung", "to"]
    opened = [each["opens_on"] for each in report["obligations"]]
    assert opened == sorted(opened)


def test_a_refusal_in_the_json() -> None:
    report = json.loads(guitu(SCENARIOS / "01-straight-through.yaml", "--json").stdout)
    (refused,) = report["refused"]
    assert list(refused) == ["on", "event", "code", "reason", "would_allow"]
    assert refused["code"] == "objection_window_open"


def test_a_folder_gives_one_line_a_file(tmp_path: Path) -> None:
    for name in ("02-late-report-in", "08-objection"):
        shutil.copy(SCENARIOS / f"{name}.yaml", tmp_path)
    found = guitu(tmp_path, "--json")
    assert found.exit_code == 0
    assert [json.loads(line)["stage"] for line in found.stdout.splitlines()] == [
        "community_detox",
        "closed",
    ]


def test_what_does_not_hold_exits_with_1(tmp_path: Path) -> None:
    found = guitu(changed(tmp_path, "ends_on: 2027-02-19", "ends_on: 2027-02-18"))
    assert found.exit_code == 1
    line = "ends_on: expected 2027-02-18, found 2027-02-19"
    assert line in found.stderr
    assert line in found.stdout


def test_a_malformed_file_exits_with_2_and_names_its_line(tmp_path: Path) -> None:
    file = changed(tmp_path, "event: detected,", "event: detekted,")
    found = guitu(file)
    assert found.exit_code == 2
    assert f"{file}:5:" in found.stderr
    assert "detected" in found.stderr
    assert "可写" in found.stderr
    assert not found.stdout


def test_a_folder_goes_on_after_a_malformed_file(tmp_path: Path) -> None:
    changed(tmp_path, "until:", "untill:", "a.yaml")
    changed(tmp_path, "stage: community_detox", "stage: detected", "b.yaml")
    shutil.copy(WORKED, tmp_path / "c.yaml")
    found = guitu(tmp_path, "--json")
    assert found.exit_code == 2
    assert len(found.stdout.splitlines()) == 2


@pytest.mark.parametrize("policy", ["no-such-pack", "mine.toml"])
def test_a_pack_that_cannot_be_used_exits_with_2(tmp_path: Path, policy: str) -> None:
    found = guitu(changed(tmp_path, "policy: cn-national", f"policy: {policy}"))
    assert found.exit_code == 2
    assert policy in found.stderr


def test_a_pack_beside_the_file_is_used(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'id = "mine"\nversion = "1"\nsince = 2024-01-01\nextends = "cn-national"\n'
        'label = { zh = "试", en = "mine" }\n[obligations.report_in]\ndue = "20 d"\n'
        'basis = "practice"\nsource = "试"\nrules = ["CD-03"]\nsince = 2024-01-01\n',
        "utf-8",
    )
    found = guitu(changed(tmp_path, "policy: cn-national", "policy: mine.toml"), "--json")
    report = json.loads(found.stdout)
    assert report["policy"] == "mine@1"
    assert found.exit_code == 1, "the file expects the national days"


@pytest.mark.parametrize("name", ["missing.yaml", ""])
def test_nothing_to_read_exits_with_2(tmp_path: Path, name: str) -> None:
    found = guitu(tmp_path / name)
    assert found.exit_code == 2
    assert found.stderr


def test_a_missing_field_is_listed_as_refused(tmp_path: Path) -> None:
    found = guitu(changed(tmp_path, ", source: inspection", ""), "--json")
    refused = json.loads(found.stdout)["refused"]
    assert (refused[0]["event"], refused[0]["code"]) == ("detected", "missing_field")


def test_the_form_for_people() -> None:
    chinese = guitu(WORKED).stdout
    for words in ("全过程", "应办事项", "谁会被告知", "2024-02-20", "社区戒毒", "签订协议", "✓"):
        assert words in chinese
    assert all(line == line.rstrip() for line in chinese.splitlines())
    english = guitu(WORKED, "--lang", "en").stdout
    for words in (
        "The way",
        "What is owed",
        "Who is told",
        "Sign the agreement",
        "Community worker",
    ):
        assert words in english
    assert guitu(SCENARIOS / "06-counters-and-breach.yaml", "--all").stdout.count("\n") > 150


def test_what_was_refused_says_what_would_allow_it() -> None:
    shown = guitu(SCENARIOS / "01-straight-through.yaml").stdout
    assert "objection_window_open" in shown
    assert "怎样才可以" in shown


def test_it_starts_without_a_server_and_a_database() -> None:
    code = (
        "import sys, runpy; sys.argv = ['guitu', 'rehearse', sys.argv[1], '--json']\n"
        "try: runpy.run_module('api.cli', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "loaded = [m for m in ('fastapi', 'sqlalchemy', 'sqlmodel', 'uvicorn') if m in sys.modules]\n"
        "sys.stderr.write(' '.join(loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(WORKED)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert json.loads(done.stdout)["stage"] == "community_detox"
