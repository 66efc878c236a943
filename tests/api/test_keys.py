"""Where the key ring comes from, and `guitu keys`: rotation, backup, shredding. No secret is ever shown or logged."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from api.bootstrap import demo_parts, migrate_office, office_parts
from api.cli import app
from api.settings import Settings
from tests.api.clients import PASSWORD, add_account
from tests.servers import Caller, serving
from workflow.rules.errors import GuituError
from workflow.services import key_backups
from workflow.store import data_keys, people
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile

PERSON, OTHER = UUID(int=1), UUID(int=2)
PROFILE = Profile(name="甲乙丙", born=date(1990, 1, 1), phones=("13900004417",))
PASSPHRASE = "correct horse battery"


class Place:
    """An office's folder, and the command `guitu` in it; all that it ever said is kept."""

    def __init__(self, folder: Path) -> None:
        self.database, self.ring_file = folder / "guitu.db", folder / "guitu.keys"
        self.env = {"GUITU_DATABASE_URL": f"sqlite:///{self.database}"}
        self.said: list[str] = []
        self.secrets: set[bytes] = set()
        (folder / "passphrase").write_text(f"{PASSPHRASE}\n", "utf-8")
        self.passphrase = ("--passphrase-file", str(folder / "passphrase"))

    def guitu(self, *arguments: str, code: int = 0, quiet: bool = True, **env: str) -> str:
        """What a command says, on both streams."""
        done = CliRunner().invoke(app, list(arguments), env=self.env | env)
        if self.ring_file.exists():
            assert self.ring.active
        assert done.exit_code == code, done.output
        if quiet:
            self.said.append(done.output)
        return done.stdout if not quiet else done.output

    @property
    def settings(self) -> Settings:
        return Settings(database_url=self.env["GUITU_DATABASE_URL"])

    @property
    def ring(self) -> KeyRing:
        found = KeyRing.parse(self.ring_file.read_text("utf-8"))
        self.secrets |= set(found.secrets.values())
        return found

    def register(self, *ids: UUID) -> None:
        parts = office_parts(self.settings)
        for person_id in ids:
            with parts.uow() as uow:
                people.add(uow.session, uow.ring, person_id, PROFILE, parts.clock().now)
        parts.engine.dispose()

    def profile(self, person_id: UUID = PERSON) -> Profile | None:
        parts = office_parts(self.settings)
        try:
            with parts.uow(reading=True) as uow:
                return people.profile_of(uow.session, uow.ring, person_id)
        finally:
            parts.engine.dispose()


@pytest.fixture
def place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """An office in a folder; passphrases are stretched a little only, and in the end no secret may have been shown."""
    monkeypatch.setattr(key_backups, "MEMORY", 2**10)
    found = Place(tmp_path)
    yield found
    shown = "".join(found.said) + caplog.text
    for secret in found.secrets:
        assert b64encode(secret).decode().rstrip("=") not in shown
        assert secret.hex() not in shown
    assert PASSPHRASE not in shown
    assert "甲乙丙" not in shown


@pytest.fixture
def office(place: Place) -> Place:
    place.guitu("migrate")
    place.register(PERSON, OTHER)
    return place


def code_of(found: pytest.ExceptionInfo[GuituError]) -> str:
    return found.value.code


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


# ------------------------------------------------------------------ where the ring comes from


def test_a_new_database_gets_a_ring_and_the_operator_is_told_to_keep_it_apart(
    place: Place,
) -> None:
    said = place.guitu("migrate")
    assert str(place.ring_file) in said
    assert "分开保管" in said
    assert "apart from the database" in said
    assert mode(place.ring_file) == 0o600
    ring = place.ring
    assert str(place.ring_file) not in place.guitu("migrate")
    assert place.ring == ring


def test_a_named_file_is_used(place: Place, tmp_path: Path) -> None:
    named = tmp_path / "secrets" / "ring.json"
    named.parent.mkdir()
    place.guitu("migrate", GUITU_KEYS_FILE=str(named))
    assert mode(named) == 0o600
    assert not place.ring_file.exists()
    assert "k1" in place.guitu("keys", "show", GUITU_KEYS_FILE=str(named))
    assert "[key_ring_missing]" in place.guitu("keys", "show", code=3)


def test_a_ring_in_a_setting_goes_before_a_file_and_makes_none(place: Place) -> None:
    text = KeyRing.generate("k7").text
    place.guitu("migrate", GUITU_KEYS=text, GUITU_KEYS_FILE="/nowhere")
    assert not place.ring_file.exists()
    assert "k7" in place.guitu("keys", "show", GUITU_KEYS=text)
    assert "[key_ring_unreadable]" in place.guitu("tick", code=3, GUITU_KEYS="marker")
    assert text not in repr(Settings.model_validate({"keys": text}))


@pytest.mark.parametrize(
    ("name", "ring"),
    [("guitu.db", "guitu.keys"), ("office", "office.keys"), ("x.keys", "x.keys.keys")],
)
def test_the_ring_of_a_database_in_a_file_lies_beside_it(
    tmp_path: Path, name: str, ring: str
) -> None:
    done = migrate_office(Settings(database_url=f"sqlite:///{tmp_path / name}"))
    assert done.made == tmp_path / ring


def test_without_its_ring_a_database_is_not_opened_and_gets_no_other(office: Place) -> None:
    kept = office.ring_file.rename(office.ring_file.with_name("kept"))
    for command in (["tick"], ["serve"], ["migrate"], ["keys", "show"], ["keys", "rotate"]):
        assert "[key_ring_missing]" in office.guitu(*command, code=3)
    assert not office.ring_file.exists()
    kept.rename(office.ring_file)
    assert office.profile() == PROFILE


def test_an_empty_database_without_its_ring_gets_no_other_either(place: Place) -> None:
    place.guitu("migrate")
    place.ring_file.unlink()
    assert "[key_ring_missing]" in place.guitu("migrate", code=3)


def test_another_offices_ring_is_refused(office: Place) -> None:
    other = KeyRing.generate().text
    for command in (["tick"], ["serve"], ["migrate"], ["keys", "rotate"]):
        assert "[key_ring_wrong]" in office.guitu(*command, code=3, GUITU_KEYS=other)


def test_an_office_refuses_a_ring_that_others_can_read(office: Place) -> None:
    office.ring_file.chmod(0o644)
    for command in (["tick"], ["serve"], ["migrate"]):
        assert "[key_ring_open_to_others]" in office.guitu(*command, code=3)


def test_a_demo_has_a_ring_of_its_own_and_only_warns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUITU_KEYS", KeyRing.generate("k7").text)
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'demo.db'}")
    demo_parts(settings, date(2024, 1, 8)).engine.dispose()
    file = tmp_path / "demo.keys"
    assert mode(file) == 0o600
    file.chmod(0o644)
    assert demo_parts(settings).ring.active == "k1"
    assert "key_ring_open_to_others" in "".join(capsys.readouterr())
    file.unlink()
    with pytest.raises(GuituError) as found:
        demo_parts(settings)
    assert code_of(found) == "key_ring_missing"


# ------------------------------------------------------------------ rotating


def test_keys_are_rotated_and_the_old_one_retired(office: Place) -> None:
    old = office.ring
    assert "[key_active]" in office.guitu("keys", "retire", "k1", code=3)
    office.guitu("keys", "rotate", "--prepare")
    assert office.ring.active == "k1"
    assert "data keys 2" in office.guitu("keys", "rotate")
    assert office.ring.active == "k2"
    assert office.ring.secrets["k1"] == old.secrets["k1"]
    assert mode(office.ring_file) == 0o600
    shown = [line.split() for line in office.guitu("keys", "show").splitlines()]
    assert [(line[0], line[2]) for line in shown] == [("k1", "old"), ("k2", "active")]
    office.guitu("keys", "retire", "k1")
    assert list(office.ring.secrets) == ["k2"]
    assert office.profile() == PROFILE
    assert "[key_missing]" in office.guitu("keys", "retire", "k1", code=3)


def test_a_key_in_use_is_not_retired(office: Place) -> None:
    old = office.ring
    office.guitu("keys", "rotate")
    parts = office_parts(office.settings)
    with parts.uow() as uow:
        data_keys.make(uow.session, old, UUID(int=7))  # a server elsewhere with the old ring
    assert "[key_in_use]" in office.guitu("keys", "retire", "k1", code=3)
    office.guitu("keys", "rotate")
    office.guitu("keys", "retire", "k1")
    parts.engine.dispose()


def test_whose_key_does_not_open_is_told_by_id(office: Place) -> None:
    parts = office_parts(office.settings)
    with parts.uow() as uow:
        broken = {"wrapped": b"x", "owner_id": PERSON.hex}
        uow.session.connection().exec_driver_sql(
            "UPDATE data_keys SET wrapped = :wrapped WHERE owner_id = :owner_id", broken
        )
    assert f"{PERSON}  key_does_not_open" in office.guitu("keys", "rotate", code=1)
    assert office.profile(OTHER) == PROFILE
    parts.engine.dispose()


def test_a_ring_in_a_setting_is_printed_to_be_set(office: Place) -> None:
    old = office.ring_file.read_text("utf-8")
    office.ring_file.rename(office.ring_file.with_name("kept"))
    new = office.guitu("keys", "rotate", quiet=False, GUITU_KEYS=old)
    assert list(json.loads(new)["keys"]) == ["k1", "k2"]
    assert len(new.splitlines()) == 1
    assert "data keys 2" in office.guitu("keys", "rotate", GUITU_KEYS=new)
    last = office.guitu("keys", "retire", "k1", quiet=False, GUITU_KEYS=new)
    assert list(json.loads(last)["keys"]) == ["k2"]
    assert "data keys 2" in office.guitu("keys", "show", GUITU_KEYS=last)
    assert not office.ring_file.exists()


# ------------------------------------------------------------------ backups


def test_a_backup_gives_the_ring_back(office: Place, tmp_path: Path) -> None:
    office.guitu("keys", "rotate")
    ring, file = office.ring, tmp_path / "ring.backup"
    office.guitu("keys", "backup", str(file), *office.passphrase)
    assert mode(file) == 0o600
    assert "k1, k2" in office.guitu("keys", "restore", str(file), *office.passphrase)
    office.ring_file.unlink()
    office.guitu("keys", "restore", str(file), *office.passphrase)
    assert office.ring == ring
    assert mode(office.ring_file) == 0o600
    assert office.profile() == PROFILE


def test_a_backup_overwrites_nothing(office: Place, tmp_path: Path) -> None:
    file = tmp_path / "ring.backup"
    file.write_text("mine", "utf-8")
    said = office.guitu("keys", "backup", str(file), *office.passphrase, code=3)
    assert "[key_file_exists]" in said
    assert file.read_text("utf-8") == "mine"


def test_an_older_ring_never_takes_the_place_of_a_newer_one(office: Place, tmp_path: Path) -> None:
    file = tmp_path / "ring.backup"
    office.guitu("keys", "backup", str(file), *office.passphrase)
    office.guitu("keys", "rotate")
    said = office.guitu("keys", "restore", str(file), *office.passphrase, code=3)
    assert "[key_ring_wrong]" in said
    office.ring_file.rename(tmp_path / "kept")
    said = office.guitu("keys", "restore", str(file), *office.passphrase, code=3)
    assert "[key_ring_wrong]" in said
    assert not office.ring_file.exists()


def test_a_ring_is_restored_before_its_database_is(office: Place, tmp_path: Path) -> None:
    file = tmp_path / "ring.backup"
    office.guitu("keys", "backup", str(file), *office.passphrase)
    for path in tmp_path.glob("guitu.*"):
        path.unlink()
    office.guitu("keys", "restore", str(file), *office.passphrase)
    assert office.ring.active == "k1"
    assert not office.database.exists()


def test_a_wrong_or_short_passphrase_is_refused(office: Place, tmp_path: Path) -> None:
    file, other = tmp_path / "ring.backup", tmp_path / "other"
    office.guitu("keys", "backup", str(file), *office.passphrase)
    other.write_text("another", "utf-8")
    office.ring_file.unlink()
    wrong = ("--passphrase-file", str(other))
    assert "[passphrase_wrong]" in office.guitu("keys", "restore", str(file), *wrong, code=3)
    assert not office.ring_file.exists()
    office.guitu("keys", "restore", str(file), *office.passphrase)
    said = office.guitu("keys", "backup", str(tmp_path / "new"), *wrong, code=3)
    assert "[passphrase_too_short]" in said
    assert not (tmp_path / "new").exists()


def test_the_passphrase_is_asked_for_twice_and_not_shown(office: Place, tmp_path: Path) -> None:
    def asked(*typed: str) -> int:
        command = ["keys", "backup", str(tmp_path / "ring.backup")]
        done = CliRunner().invoke(app, command, env=office.env, input="\n".join(typed) + "\n")
        office.said.append(done.output)
        return done.exit_code

    assert asked(PASSPHRASE, "another phrase") != 0
    assert not (tmp_path / "ring.backup").exists()
    assert asked(PASSPHRASE, PASSPHRASE) == 0


# ------------------------------------------------------------------ shredding


def test_a_shredded_person_is_unreadable_for_good(office: Place) -> None:
    assert "[shred_unconfirmed]" in office.guitu("keys", "shred", str(PERSON), code=3)
    assert office.profile() == PROFILE
    office.guitu("keys", "shred", str(PERSON), "--yes")
    assert office.profile() is None
    assert office.profile(OTHER) == PROFILE
    assert "[not_found]" in office.guitu("keys", "shred", str(UUID(int=9)), "--yes", code=3)
    office.guitu("keys", "rotate")
    office.guitu("keys", "retire", "k1")
    assert office.profile() is None


# ------------------------------------------------------------------ beside a running server


@pytest.mark.slow
def test_a_server_goes_on_while_keys_are_rotated_and_retired(place: Place, tmp_path: Path) -> None:
    place.guitu("migrate")
    parts = office_parts(place.settings)
    add_account(parts, "county", "county")
    parts.engine.dispose()
    with (
        serving("serve", env=place.env, log=tmp_path / "log") as port,
        Caller(port, "county", PASSWORD) as officer,
    ):
        for number, command in enumerate(["", "rotate", "retire k1"], 1):
            if command:
                place.guitu("keys", *command.split())
            case, person = str(UUID(int=number)), str(UUID(int=100 + number))
            new = {
                "id": case,
                "person_id": person,
                "name": "甲乙丙",
                "born": f"1990-01-0{number}",
            }
            officer.ask("POST", "/api/v1/cases", new)
            for known in range(1, number + 1):
                assert "甲乙丙" in officer.ask("GET", f"/api/v1/cases/{UUID(int=known)}")
    place.said.append((tmp_path / "log").read_text("utf-8"))
    assert list(place.ring.secrets) == ["k2"]
    assert "data keys 3" in place.guitu("keys", "show")
