"""`guitu verify`: exit codes, what it says to people and to machines, and what it never says."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update
from typer.testing import CliRunner, Result

from api.bootstrap import Parts, migrate_office, office_parts
from api.cli import app
from api.settings import Settings
from tests.attachments import photo
from tests.builders import CASE, PERSON, detected
from workflow.services.attaching import attach
from workflow.services.opening import NewCase, open_case
from workflow.services.recording import record
from workflow.store.profiles import Profile
from workflow.store.raw_rows import TABLES
from workflow.store.sealed_files import SealedFiles

NAME = "阿卜杜拉标记"


class Place:
    """An office's folder, and `guitu verify` in it."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'guitu.db'}"

    def verify(self, *arguments: str, code: int = 0, **env: str) -> Result:
        known = {"GUITU_DATABASE_URL": self.url, **env}
        done = CliRunner().invoke(app, ["verify", *arguments], env=known)
        assert done.exit_code == code, done.output
        assert NAME not in done.output
        return done

    def json(self, *arguments: str, code: int = 0, **env: str) -> dict[str, Any]:
        done = self.verify("--json", *arguments, code=code, **env)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @property
    def parts(self) -> Parts:
        return office_parts(Settings(database_url=self.url))

    def tamper(self, statement: Any) -> None:
        parts = self.parts
        with parts.engine.begin() as connection:
            connection.execute(statement)
        parts.engine.dispose()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An office with one case, in which one thing was recorded."""
    found = Place(tmp_path)
    migrate_office(Settings(database_url=found.url))
    parts = found.parts
    clock = parts.clock()
    profile = Profile(name=NAME, born=date(1985, 11, 11))
    with parts.uow() as uow:
        new = NewCase(CASE, PERSON, profile, "cn-national")
        open_case(uow, new, packs=parts.packs, clock=clock, by="w1")
    with parts.uow() as uow:
        record(
            uow,
            CASE,
            [detected(clock.today)],
            packs=parts.packs,
            calendar=parts.calendar,
            clock=clock,
            by="w1",
        )
    parts.engine.dispose()
    return found


def test_all_as_it_should_be(place: Place) -> None:
    said = place.verify().stdout
    assert "个案 cases 1 · 事件 events 2 · 人 people 1" in said
    assert "一切相符。" in said
    assert "All of it is as it should be." in said


def test_the_form_for_machines(place: Place) -> None:
    found = place.json()
    known_at, root = found.pop("known_at"), found.pop("root")
    assert found == {
        "clean": True,
        "cases": 1,
        "events": 2,
        "people": 1,
        "shredded": 0,
        "unseen_attachments": 0,
        "found": 0,
        "findings": [],
    }
    assert len(bytes.fromhex(root)) == 32
    assert known_at.endswith("+00:00")


def test_a_root_that_was_noted_down_comes_again(place: Place) -> None:
    noted = place.json()
    parts = place.parts
    clock = parts.clock()
    with parts.uow() as uow:
        new = NewCase(
            UUID(int=1), UUID(int=2), Profile(name="某", born=date(1990, 1, 1)), "cn-national"
        )
        open_case(uow, new, packs=parts.packs, clock=clock, by="w1")
    parts.engine.dispose()
    assert place.json()["root"] != noted["root"]
    again = place.json("--known-at", noted["known_at"])
    assert (again["root"], again["known_at"]) == (noted["root"], noted["known_at"])
    said = place.verify("--known-at", noted["known_at"]).stdout
    assert noted["root"] in said.replace(" ", "")
    assert noted["known_at"] in said


def test_what_is_wrong_is_named_in_both_languages(place: Place) -> None:
    table = TABLES["obligations"]
    place.tamper(update(table).values(nominal_days=99))
    said = place.verify(code=1).stdout
    assert f"不符 mutated  obligations  case_id={CASE} kind=stage_review occurrence=" in said
    assert "  nominal_days\n" in said
    assert "发现 1 处不符" in said
    assert "Wrong: 1." in said
    (finding,) = place.json(code=1)["findings"]
    assert finding["fault"] == "mutated"
    assert finding["table"] == "obligations"
    assert finding["columns"] == ["nominal_days"]
    assert finding["key"]["kind"] == "stage_review"


def test_why_a_row_does_not_open_is_said_by_its_code(place: Place) -> None:
    place.tamper(update(TABLES["people"]).values(profile=b"x" * 40))
    assert f"people  id={PERSON}  profile  [key_does_not_open]" in place.verify(code=1).stdout


def test_of_a_thousand_and_more_the_first_are_listed(place: Place) -> None:
    table = TABLES["stays"]
    parts = place.parts
    with parts.engine.begin() as connection:
        (row,) = connection.execute(table.select()).all()
        more = [{**row._mapping, "position": n} for n in range(2, 1203)]
        connection.execute(table.insert(), more)
    parts.engine.dispose()
    said = place.verify(code=1).stdout
    assert said.count("多余 surplus  stays") == 1000
    assert "另有 201 处未列出。" in said
    found = place.json(code=1)
    assert (found["found"], len(found["findings"])) == (1201, 1000)


def test_whose_key_was_destroyed_is_counted(place: Place) -> None:
    place.tamper(delete(TABLES["data_keys"]))
    said = place.verify(code=1).stdout
    assert "1 份个案的密钥已销毁" in said
    assert f"缺失 missing  data_keys  owner_id={PERSON}" in said


def test_attachments_on_a_disk_are_checked_where_it_is_named(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "attachments"
    folder.mkdir()
    parts = place.parts
    with parts.uow() as uow:
        attach(
            uow,
            SealedFiles(folder, lambda path: None),
            attachment_id=UUID(int=1),
            case_id=CASE,
            content=photo(),
            file_name="a.jpg",
            clock=parts.clock(),
            by="w1",
        )
    parts.engine.dispose()
    assert "1 个附件在磁盘上" in place.verify().stdout
    assert place.json("--attachments", str(folder))["unseen_attachments"] == 0
    assert place.json(GUITU_ATTACHMENTS=str(folder))["unseen_attachments"] == 0
    (file,) = folder.glob("??/*")
    file.unlink()
    said = place.verify("--attachments", str(folder), code=1).stdout
    assert f"attachments  id={UUID(int=1)}  [attachment_damaged]" in said


def test_what_cannot_be_checked_is_no_finding(place: Place, tmp_path: Path) -> None:
    assert "[not_migrated]" in Place(tmp_path / "..").verify(code=3).output
    (tmp_path / "guitu.keys").unlink()
    assert "[key_ring_missing]" in place.verify(code=3).output


def test_a_damaged_file_is_told_as_such(place: Place, tmp_path: Path) -> None:
    """The page of the events lies: nothing can be said of them, and no finding is made up."""
    file = tmp_path / "guitu.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        where = "SELECT rootpage FROM sqlite_master WHERE name = 'events'"
        ((page,),) = connection.execute(where)
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    file.write_bytes(content)
    assert "[database_damaged]" in place.verify(code=3).output


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-22", "2026-11-22T01:12:33"])
def test_an_instant_needs_its_offset(place: Place, instant: str) -> None:
    assert "--known-at" in place.verify("--known-at", instant, code=2).output
