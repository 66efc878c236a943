"""
The composition root: settings in, the parts that everything else is handed out. The one reader of the clock.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock

import structlog
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from api.settings import Settings
from workflow.rules.errors import Refused
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.key_files import KeyFile
from workflow.services.modes import Mode, check_mode, demo_today, set_demo_today, stamp
from workflow.services.passwords import Passwords
from workflow.services.pinning import stored_packs
from workflow.services.projecting import Packs
from workflow.services.rotating import confirm_ring, knows_a_ring, take_up
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing
from workflow.store.migrating import is_current, migrate
from workflow.store.sealed_files import SealedFiles
from workflow.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)


def real_now() -> Instant:
    """This instant, and the day that it is in the office's zone."""
    return Instant.at(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Parts:
    """
    What the program is made of.

    Args:
        ring: as it was when the program started; each unit of work has it as it is by then.
        calendar: the working days; None for those of the database.
        clock: what time it is, asked once a request; in a demo, the day that its database says.
        wall: what time it really is: logins expire by it in a demo too.
        passwords: how they are hashed.
        mode: what the database is stamped for.
        moving: held while somebody moves the clock of a demo.
    """

    settings: Settings
    engine: Engine
    ring: KeyRing
    mode: Mode
    calendar: WorkDays | None
    packs: Packs
    clock: Callable[[], Instant]
    wall: Callable[[], Instant] = real_now
    passwords: Passwords = field(default_factory=Passwords)
    moving: Lock = field(default_factory=Lock)

    @property
    def demo(self) -> bool:
        """Whether this is a demo."""
        return self.mode == "demo"

    @property
    def files(self) -> SealedFiles | None:
        """Where sealed photos and scans lie on a disk; None where the database keeps them, as a demo's always does."""
        return None if self.demo else self.files_in(self.settings.attachments)

    def files_in(self, folder: Path | None) -> SealedFiles | None:
        """Those of a folder that somebody named."""
        return None if folder is None else SealedFiles(folder, _settle)

    def uow(self, *, reading: bool = False) -> UnitOfWork:
        """A new unit of work on the database."""
        return UnitOfWork(self.engine, self.ring.newest, reading=reading)


def office_parts(settings: Settings | None = None) -> Parts:
    """
    The parts of an office whose database has the schema of this release.

    Raises:
        Refused: `database_unusable`, `demo_database`, `not_migrated`, or about the key ring:
            `key_ring_missing`, `key_ring_open_to_others`, `key_ring_wrong` and what reading it raises.
    """
    settings = settings or Settings()
    engine = open_database(settings.database_url, "production")
    if not is_current(engine):
        raise Refused("not_migrated")
    ring = office_ring(settings)
    with UnitOfWork(engine, ring, reading=True) as uow:
        confirm_ring(uow)
    return Parts(settings, engine, ring, "production", None, _packs(engine), real_now)


def demo_parts(settings: Settings, today: date | None = None) -> Parts:
    """
    The parts of a demo; its database and its ring are made, and stamped, where they are new.

    Args:
        today: the day on which a new demo begins; the real one where it is left out.
    """
    engine = open_database(settings.database_url, "demo")
    ring = _demo_ring(settings, engine)
    migrate(engine)
    with UnitOfWork(engine, ring) as uow:
        stamp(uow, "demo")
        confirm_ring(uow)
        take_up(uow, real_now().today)
        if demo_today(uow) is None:
            set_demo_today(uow, today or real_now().today)
    return Parts(settings, engine, ring, "demo", None, _packs(engine), demo_clock(engine))


def _packs(engine: Engine) -> Packs:
    """The packs as the database keeps them, then as this release ships them."""
    return stored_packs(lambda: UnitOfWork(engine, reading=True))


@dataclass(frozen=True, slots=True)
class Migrated:
    """What `guitu migrate` did: the revision that the database has now, and the ring file that it made."""

    revision: str
    made: Path | None


def migrate_office(settings: Settings) -> Migrated:
    """
    Bring the office's database to the schema of this release, and stamp it.

    A database that knows no ring yet gets one, in a new file unless there is one.

    Raises:
        Refused: as `office_parts` does.
    """
    engine = open_database(settings.database_url, "production")
    made = None if settings.keys else _made_where_new(key_file(settings), engine)
    ring = office_ring(settings)
    revision = migrate(engine)
    with UnitOfWork(engine, ring) as uow:
        stamp(uow, "production")
        confirm_ring(uow)
        take_up(uow, real_now().today)
    return Migrated(revision, made)


# ------------------------------------------------------------------ the key ring


def office_ring(settings: Settings) -> KeyRing:
    """
    The ring of an office, from the setting itself or from its file, which is followed when it changes.

    Raises:
        Refused: `key_ring_missing`, `key_ring_open_to_others` or `key_file_unusable`.
        Invalid: `key_ring_unreadable`.
    """
    if settings.keys:
        return KeyRing.parse(settings.keys.get_secret_value())
    file = key_file(settings)
    if file.exists and file.is_open_to_others:
        raise Refused("key_ring_open_to_others", file=str(file.path))
    return file.followed()


def key_file(settings: Settings) -> KeyFile:
    """The file of an office's ring, there or not."""
    return file_for_keys(settings.keys_file or _beside(settings.database_url) or Path("guitu.keys"))


def file_for_keys(path: Path) -> KeyFile:
    """A file for a ring or its backup, there or not."""
    return KeyFile(path, _settle)


def check_ring(settings: Settings, ring: KeyRing) -> None:
    """
    See that a ring opens the office's database, if there is one yet; makes none.

    Raises:
        Refused: `key_ring_wrong`, or as `open_database` does.
    """
    address = make_url(settings.database_url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        return
    engine = open_database(settings.database_url, "production")
    if inspect(engine).has_table("data_keys"):
        with UnitOfWork(engine, ring, reading=True) as uow:
            confirm_ring(uow)


def _demo_ring(settings: Settings, engine: Engine) -> KeyRing:
    """A demo has a ring of its own, whatever the settings say of the office's."""
    if engine.url.get_backend_name() == "sqlite" and not engine.url.database:
        return KeyRing.generate()
    file = file_for_keys(_beside(settings.database_url) or Path("guitu-demo.keys"))
    _made_where_new(file, engine)
    if file.is_open_to_others:
        log.warning("key_ring_open_to_others", file=str(file.path))
    return file.followed()


def _made_where_new(file: KeyFile, engine: Engine) -> Path | None:
    """Make the file of a ring for a database that knows none; gives back its path if it was made."""
    if file.exists:
        return None
    if inspect(engine).has_table("data_keys"):
        with UnitOfWork(engine, reading=True) as uow:
            if knows_a_ring(uow):
                raise Refused("key_ring_missing", file=str(file.path))
    try:
        file.create(KeyRing.generate().text)
    except Refused as error:
        if error.code != "key_file_exists":
            raise
        return None  # of two that start at once the second finds it made
    return file.path


def _beside(url: str) -> Path | None:
    """Where the ring of a database in a file lies: `guitu.keys` beside `guitu.db`."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    database = Path(str(address.database))
    same = database.suffix == ".keys"
    return Path(f"{database}.keys") if same else database.with_suffix(".keys")


def _settle(path: Path) -> None:
    """Have a file or a folder written out to the disk; where a folder cannot be opened, the system does it."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ------------------------------------------------------------------ the database


def open_database(url: str, mode: Mode) -> Engine:
    """
    The engine of a database that can be reached and may be used in this mode.

    Raises:
        Refused: `database_unusable`, `demo_database` or `office_database`.
    """
    try:
        engine = make_engine(url)
        stamped = inspect(engine).has_table("stamps")
    except (ArgumentError, NoSuchModuleError, DBAPIError, ImportError) as error:
        raise Refused("database_unusable", error=type(error).__name__) from error
    if stamped:
        with UnitOfWork(engine, reading=True) as uow:
            check_mode(uow, mode)
    return engine


def demo_clock(engine: Engine) -> Callable[[], Instant]:
    """The clock of a demo: the day that its database says."""

    def now() -> Instant:
        with UnitOfWork(engine, reading=True) as uow:
            return Instant.on(demo_today(uow) or real_now().today)

    return now


def bare_parts() -> Parts:
    """Parts over an empty database in memory: enough for an app to describe itself."""
    settings, engine = Settings.model_construct(), make_engine("sqlite://")
    ring = KeyRing.generate()
    return Parts(settings, engine, ring, "production", None, _packs(engine), real_now)
