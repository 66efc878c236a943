"""`guitu policy`: what is shipped, whether a file is sound and where not, and what another pack would change for whom."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.bootstrap import migrate_office, office_parts
from api.cli import app
from api.settings import Settings
from tests.builders import CASE, PERSON, to_order
from tests.pack_files import write_overlay
from workflow.services.opening import NewCase, open_case
from workflow.services.packs import load_pack, shipped_packs
from workflow.services.recording import record
from workflow.store.profiles import Profile

NAME = "标记人名"
OTHER, OTHER_PERSON = UUID(int=7), UUID(int=8)


def policy(*arguments: str, code: int = 0, url: str = "") -> str:
    env = {"GUITU_DATABASE_URL": url} if url else {}
    done = CliRunner().invoke(app, ["policy", *arguments], env=env)
    assert done.exit_code == code, done.output
    assert NAME not in done.output
    return done.output


def test_each_shipped_pack_is_listed_and_shown_with_its_articles() -> None:
    listed = policy("list").splitlines()
    assert [line.split("@")[0] for line in listed] == list(shipped_packs())
    shown = policy("show", "shanghai")
    assert "obligations.plan_handover.due = 7 wd" in shown
    assert "法定 law · 上海 36" in shown
    assert "(HO-02, CI-09)" in shown


def test_a_pack_that_there_is_not_is_told_with_those_that_there_are() -> None:
    assert "cn-national" in policy("show", "no-such", code=3)


def test_a_sound_file_and_one_whose_problems_are_told_by_line(tmp_path: Path) -> None:
    good = write_overlay(tmp_path, '[exit]\nafter = "30 m"\nCITED')
    assert "trial@1" in policy("check", str(good))
    body = '[exit]\nafter = "soon"\nCITED\n[obligations.visit]\nduu = "1 d"\n'
    bad = write_overlay(tmp_path, body, name="bad")
    said = policy("check", str(bad), code=1)
    lines = bad.read_text("utf-8").splitlines()
    for wrong in ('after = "soon"', 'duu = "1 d"'):
        assert f"{bad}:{lines.index(wrong) + 1}: " in said
    broken = tmp_path / "broken.toml"
    broken.write_text('id = "x"\n[terms\n', "utf-8")
    assert f"{broken}:2: " in policy("check", str(broken), code=1)
    policy("check", str(tmp_path / "missing.toml"), code=2)


@pytest.fixture
def office(tmp_path: Path) -> str:
    """Two open cases under the national pack: one was to report in, one was only just opened."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'guitu.db'}")
    migrate_office(settings)
    parts = office_parts(settings)
    clock = parts.clock()
    with parts.uow() as uow:
        for case_id, person_id in ((CASE, PERSON), (OTHER, OTHER_PERSON)):
            profile = Profile(name=f"{NAME}{person_id.int % 9}", born=date(1985, 11, 11))
            new = NewCase(case_id, person_id, profile, policy="cn-national", team="standing")
            open_case(uow, new, packs=parts.packs, clock=clock, by="w1")
        events = to_order(date(2026, 1, 5), date(2026, 1, 20))
        record(uow, CASE, events, packs=load_pack, calendar=parts.calendar, clock=clock, by="w1")
    parts.engine.dispose()
    return settings.database_url


def test_what_another_pack_would_change_is_told_person_by_person(
    office: str, tmp_path: Path
) -> None:
    other = write_overlay(tmp_path, '[obligations.report_in]\ndue = "20 d"\nCITED')
    said = policy("diff", "cn-national", str(other), url=office)
    assert re.search(r"obligations\.report_in\.due: 15 d → 20 d", said)
    assert f"\n{CASE}\n" in said
    assert "到执行地报到 Report in" in said
    assert "open cases 2 · 有变化 changed 1 · 不变 unchanged 1" in said
    alone = policy("diff", "cn-national", str(other), "--case", str(OTHER), url=office)
    assert "open cases 1 · 有变化 changed 0 · 不变 unchanged 1" in alone
    assert policy("diff", "cn-national", str(other), "--case", str(UUID(int=1)), code=3, url=office)
    assert "open cases 0" in policy("diff", "shanghai", "cn-national", url=office)


def test_a_case_that_cannot_be_read_is_named_and_stops_nobody(office: str) -> None:
    parts = office_parts(Settings(database_url=office))
    with parts.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM data_keys WHERE owner_id = :id"), {"id": OTHER_PERSON.hex}
        )
    parts.engine.dispose()
    said = policy("diff", "cn-national", "shanghai", code=1, url=office)
    assert f"{OTHER}  key_" in said
    assert "open cases 2" in said


def test_numbers_alone_need_no_database() -> None:
    said = policy("diff", "cn-national", "shanghai", "--numbers", url="sqlite:////nowhere/x.db")
    assert "obligations.plan_handover.due: 3 d → 7 wd" in said
