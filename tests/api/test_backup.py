"""`guitu backup` and `guitu restore`: beside a running server, checked, and without a word about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from api.bootstrap import Parts, office_parts
from api.cli import app
from api.commands.backups import shredded_list
from api.settings import Settings
from tests.api.clients import PASSWORD, Json, add_account
from tests.attachments import photo, settle
from tests.servers import Caller, serving
from workflow.services.attaching import attach
from workflow.services.opening import NewCase, open_case
from workflow.services.people import shred_person
from workflow.store import cases, people
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile
from workflow.store.sealed_files import SealedFiles

NAME = "甲乙丙"
PERSON, CASE = UUID(int=1), UUID(int=2)


class Place:
    """An office in a folder of its own, and the command `guitu` in it; all that it ever said is kept."""

    def __init__(self, folder: Path, keys: Path | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.database, self.backup = folder, folder / "guitu.db", folder / "x.backup"
        self.env = {
            "GUITU_DATABASE_URL": f"sqlite:///{self.database}",
            "GUITU_KEYS_FILE": str(keys or folder / "guitu.keys"),
        }
        self.said: list[str] = []

    def guitu(self, *arguments: str | Path, code: int = 0, **env: str) -> str:
        """What a command says, on both streams."""
        done = CliRunner().invoke(app, [str(each) for each in arguments], env=self.env | env)
        assert done.exit_code == code, done.output
        assert NAME not in done.output
        return done.output

    @contextmanager
    def parts(self) -> Iterator[Parts]:
        url, keys = self.env["GUITU_DATABASE_URL"], Path(self.env["GUITU_KEYS_FILE"])
        parts = office_parts(Settings(database_url=url, keys_file=keys))
        yield parts
        parts.engine.dispose()

    def open_case(self) -> None:
        with self.parts() as parts, parts.uow() as uow:
            new = NewCase(CASE, PERSON, Profile(name=NAME, born=date(1990, 1, 1)), "cn-national")
            open_case(uow, new, packs=parts.packs, clock=parts.clock(), by="w1")

    def attach(self, folder: Path) -> Path:
        """One photo in the folder; gives its file."""
        folder.mkdir()
        with self.parts() as parts, parts.uow() as uow:
            attach(
                uow,
                SealedFiles(folder, settle),
                attachment_id=UUID(int=3),
                case_id=CASE,
                content=photo(),
                file_name=f"{NAME}.jpg",
                clock=parts.clock(),
                by="w1",
            )
        return next(path for path in folder.rglob("*") if path.is_file())

    def name(self) -> str | None:
        with self.parts() as parts, parts.uow(reading=True) as uow:
            return people.name_of(uow.session, uow.ring, PERSON)


@pytest.fixture
def office(tmp_path: Path) -> Place:
    """An office with one case."""
    found = Place(tmp_path / "office")
    found.guitu("migrate")
    found.open_case()
    return found


@pytest.fixture
def new(office: Place, tmp_path: Path) -> Place:
    """A machine with the office's key ring and an empty database."""
    found = Place(tmp_path / "new", Path(office.env["GUITU_KEYS_FILE"]))
    found.guitu("migrate")
    return found


# ------------------------------------------------------------------ there and back


def test_a_record_is_backed_up_and_restored_elsewhere(office: Place, new: Place) -> None:
    said = office.guitu("backup", office.backup)
    assert "backed up and checked" in said
    assert "guitu keys backup" in said
    said = new.guitu("restore", office.backup)
    assert "restored" in said
    assert "核验无误 verified" in said
    assert new.name() == NAME
    root = next(line for line in said.splitlines() if line.startswith("根 root"))
    assert root.split()[-1] in office.guitu("verify").replace(" ", "")


def test_a_backup_can_be_checked_without_a_database(office: Place, tmp_path: Path) -> None:
    office.guitu("backup", office.backup)
    elsewhere = Place(tmp_path / "elsewhere", Path(office.env["GUITU_KEYS_FILE"]))
    assert "完好 whole" in elsewhere.guitu("restore", office.backup, "--check")
    assert not elsewhere.database.exists()
    office.backup.write_bytes(office.backup.read_bytes()[:-1])
    assert "[backup_damaged]" in elsewhere.guitu("restore", office.backup, "--check", code=3)


def test_what_is_refused_is_told_by_its_code(office: Place, new: Place, tmp_path: Path) -> None:
    office.guitu("backup", office.backup)
    assert "[backup_exists]" in office.guitu("backup", office.backup, code=3)
    assert "[database_not_empty]" in office.guitu("restore", office.backup, code=3)
    assert "[backup_file_unusable]" in new.guitu("restore", tmp_path / "none", code=3)
    unmade = Place(tmp_path / "unmade", Path(office.env["GUITU_KEYS_FILE"]))
    assert "[not_migrated]" in unmade.guitu("restore", office.backup, code=3)
    other = Place(tmp_path / "other")
    other.guitu("migrate")
    assert "[backup_unreadable]" in other.guitu("restore", office.backup, code=3)
    ring = KeyRing.generate("k7").text
    assert "[key_missing]" in other.guitu(
        "restore", office.backup, "--check", code=3, GUITU_KEYS=ring
    )
    assert "restored" in new.guitu("restore", office.backup)


def test_what_was_wrong_before_is_restored_as_it_was_and_told(office: Place, new: Place) -> None:
    with office.parts() as parts, parts.uow() as uow:
        uow.session.connection().exec_driver_sql("UPDATE cases SET version = 17")
    office.guitu("backup", office.backup)
    said = new.guitu("restore", office.backup, code=1)
    assert "restored" in said
    assert "guitu verify" in said


# ------------------------------------------------------------------ attachments


def test_attachments_on_a_disk_are_included_where_their_folder_is_named(
    office: Place, new: Place, tmp_path: Path
) -> None:
    file = office.attach(tmp_path / "photos")
    (tmp_path / "restored").mkdir()
    said = office.guitu("backup", office.backup, "--attachments", tmp_path / "photos")
    assert "attachments 1" in said
    assert "[attachments_folder_needed]" in new.guitu("restore", office.backup, code=3)
    new.guitu("restore", office.backup, "--attachments", tmp_path / "restored")
    (copy,) = (path for path in (tmp_path / "restored").rglob("*") if path.is_file())
    assert copy.read_bytes() == file.read_bytes()


def test_attachments_on_a_disk_are_included_where_the_setting_names_their_folder(
    office: Place, new: Place, tmp_path: Path
) -> None:
    file, restored = office.attach(tmp_path / "photos"), tmp_path / "restored"
    restored.mkdir()
    office.guitu("backup", office.backup, GUITU_ATTACHMENTS=str(tmp_path / "photos"))
    new.guitu("restore", office.backup, GUITU_ATTACHMENTS=str(restored))
    (copy,) = (path for path in restored.rglob("*") if path.is_file())
    assert copy.read_bytes() == file.read_bytes()


def test_what_is_left_out_or_lost_is_told(office: Place, tmp_path: Path) -> None:
    file = office.attach(tmp_path / "photos")
    assert "--attachments" in office.guitu("backup", office.backup)
    file.unlink()
    other = office.folder / "y.backup"
    said = office.guitu("backup", other, "--attachments", tmp_path / "photos", code=1)
    assert str(UUID(int=3)) in said
    assert other.exists()


# ------------------------------------------------------------------ who was shredded


def test_the_list_beside_the_ring_keeps_the_shredded_unreadable(office: Place, new: Place) -> None:
    office.guitu("backup", office.backup)
    with new.parts() as parts:
        shredded_list(parts).add([PERSON])
        assert shredded_list(parts).path == office.folder / "guitu.shredded"
    said = new.guitu("restore", office.backup)
    assert "stay unreadable" in said
    assert str(CASE) in said
    assert new.name() is None


def test_without_a_list_the_operator_is_told_what_that_means(office: Place, new: Place) -> None:
    office.guitu("backup", office.backup)
    assert "guitu.shredded" in new.guitu("restore", office.backup)
    assert new.name() == NAME


def test_a_list_elsewhere_is_named_and_one_that_cannot_be_read_stops_all(
    office: Place, new: Place, tmp_path: Path
) -> None:
    office.guitu("backup", office.backup)
    named = tmp_path / "list"
    named.write_text("x\n", "utf-8")
    said = new.guitu("restore", office.backup, "--shredded", named, code=3)
    assert "[shredded_list_unreadable]" in said
    named.write_text(f"{PERSON}\n", "utf-8")
    new.guitu("restore", office.backup, "--shredded", named)
    assert new.name() is None


def test_shredding_once_more_what_was_withheld_is_harmless(office: Place, new: Place) -> None:
    office.guitu("backup", office.backup)
    with new.parts() as parts:
        shredded_list(parts).add([PERSON])
    new.guitu("restore", office.backup)
    with new.parts() as parts, parts.uow() as uow:
        assert shred_person(uow, PERSON, clock=parts.clock(), by="w1") == ()


# ------------------------------------------------------------------ beside a running server


@pytest.mark.slow
def test_a_server_goes_on_while_its_record_is_backed_up(
    office: Place, new: Place, tmp_path: Path
) -> None:
    def opened(number: int) -> Json:
        sent = {"id": str(UUID(int=number)), "person_id": str(UUID(int=100 + number))}
        return {**sent, "born": "1990-01-01"}

    with office.parts() as parts:
        add_account(parts, "county", "county")
    with (
        serving("serve", env=office.env, log=tmp_path / "log") as port,
        Caller(port, "county", PASSWORD) as officer,
    ):
        officer.ask("POST", "/api/v1/cases", opened(11))
        office.guitu("backup", office.backup)
        officer.ask("POST", "/api/v1/cases", opened(12))
    new.guitu("restore", office.backup)
    assert new.name() == NAME
    with new.parts() as parts, parts.uow(reading=True) as uow:
        kept = [cases.find(uow.session, UUID(int=number)) is not None for number in (11, 12)]
    assert kept == [True, False]
