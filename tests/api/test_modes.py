"""A database is an office's or a demo's, once and for good; each mode refuses the other's, and the worked cases load."""

from __future__ import annotations

import socket
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.bootstrap import demo_parts, migrate_office, office_parts
from api.cli import app
from api.settings import Settings
from workflow.rules.errors import Refused
from workflow.services import case_lists
from workflow.services.modes import is_loaded
from workflow.services.worked_cases import load_worked_cases, worked_cases


def settings(file: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{file}")


def guitu(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), env=env)


def code_of(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.code


def test_a_demo_database_refuses_an_office(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    demo_parts(settings(file), date(2024, 1, 8)).engine.dispose()
    for use in (migrate_office, office_parts):
        with pytest.raises(Refused) as found:
            use(settings(file))
        assert code_of(found) == "demo_database"


def test_an_office_refuses_a_demo(tmp_path: Path) -> None:
    file = tmp_path / "office.db"
    migrate_office(settings(file))
    with pytest.raises(Refused) as found:
        demo_parts(settings(file))
    assert code_of(found) == "office_database"
    assert not office_parts(settings(file)).demo


def test_a_demo_keeps_no_attachment_where_the_office_does(tmp_path: Path) -> None:
    office, demo = (
        Settings(database_url=f"sqlite:///{tmp_path / name}.db", attachments=tmp_path)
        for name in ("office", "demo")
    )
    migrate_office(office)
    found = office_parts(office).files
    assert found is not None
    assert found.folder == tmp_path
    assert demo_parts(demo).files is None


def test_an_unstamped_database_with_cases_is_no_demo(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    parts = demo_parts(settings(file), date(2024, 1, 8))
    load_worked_cases(
        parts.uow, packs=parts.packs, calendar=parts.calendar, found=worked_cases()[7:8]
    )
    parts.engine.dispose()
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM stamps")
    connection.close()
    with pytest.raises(Refused) as found:
        demo_parts(settings(file))
    assert code_of(found) == "office_database"


def test_a_database_without_the_schema_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused) as found:
        office_parts(settings(tmp_path / "new.db"))
    assert code_of(found) == "not_migrated"


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", "sqlite:////no/such/folder/x.db"])
def test_a_database_that_cannot_be_opened_is_told(url: str) -> None:
    with pytest.raises(Refused) as found:
        office_parts(Settings(database_url=url))
    assert code_of(found) == "database_unusable"


def test_the_demo_keeps_its_day(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    assert demo_parts(settings(file), date(2024, 1, 8)).clock().today == date(2024, 1, 8)
    assert demo_parts(settings(file), date(2025, 1, 1)).clock().today == date(2024, 1, 8)


def test_worked_cases_load_once_and_loading_again_is_harmless(tmp_path: Path) -> None:
    parts = demo_parts(settings(tmp_path / "demo.db"), date(2024, 1, 8))
    found = [worked_cases()[n] for n in (1, 7, 8)]
    passed: list[tuple[int, int]] = []
    for _ in range(2):
        last = load_worked_cases(
            parts.uow,
            packs=parts.packs,
            calendar=parts.calendar,
            found=found,
            passed=lambda done, of: passed.append((done, of)),
        )
    assert last == parts.clock().today == max(one.scenario.until for one in found)
    assert passed[:3] == [(1, 3), (2, 3), (3, 3)]
    with parts.uow(reading=True) as uow:
        assert is_loaded(uow)
        rows = case_lists.overview(uow, parts.clock())
    assert {row.name for row in rows} == {one.name for one in found}
    assert {row.stage for row in rows} == {"community_detox", "closed"}


# ------------------------------------------------------------------ the commands


def test_migrate_and_tick(tmp_path: Path) -> None:
    env = {"GUITU_DATABASE_URL": f"sqlite:///{tmp_path / 'office.db'}"}
    assert guitu("tick", env=env).exit_code == 3
    assert guitu("migrate", env=env).exit_code == 0
    done = guitu("tick", "--on", "2026-12-01", env=env)
    assert done.exit_code == 0
    assert "2026-12-01" in done.stdout


def test_refusals_at_the_command_line_are_told_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    demo_parts(settings(file), date(2024, 1, 8)).engine.dispose()
    found = guitu("migrate", env={"GUITU_DATABASE_URL": f"sqlite:///{file}"})
    assert found.exit_code == 3
    assert "演示库" in found.stderr
    assert "demo database" in found.stderr
    assert "[demo_database]" in found.stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    found = guitu("migrate", env={"GUITU_PORT": "many"})
    assert found.exit_code == 3
    assert "GUITU_PORT" in found.stderr


def test_a_busy_port_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = guitu("demo", "--database", str(file), "--port", port)
    assert found.exit_code == 3
    assert "port_busy" in found.stderr
    assert not file.exists()


def test_settings_need_nothing_and_read_their_names() -> None:
    plain = Settings()
    assert plain.database_url == "sqlite:///guitu.db"
    assert plain.host == "127.0.0.1"
    assert Settings.model_validate({"hosts": "a.example, b.example"}).hosts == (
        "a.example",
        "b.example",
    )
