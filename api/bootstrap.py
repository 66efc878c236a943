"""
The composition root: settings in, the parts that everything else is handed out. The one reader of the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from api.settings import Settings
from workflow.rules.errors import Refused
from workflow.rules.workdays import WorkDays
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.modes import Mode, check_mode, demo_today, set_demo_today, stamp
from workflow.services.packs import load_pack
from workflow.services.projecting import Packs
from workflow.store.engine import make_engine
from workflow.store.migrating import is_current, migrate
from workflow.store.unit_of_work import UnitOfWork


def real_now() -> Instant:
    """This instant, and the day that it is in the office's zone."""
    return Instant.at(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Parts:
    """
    What the program is made of.

    Args:
        clock: what time it is, asked once a request; in a demo, the day that its database says.
        mode: what the database is stamped for.
        moving: held while somebody moves the clock of a demo.
    """

    settings: Settings
    engine: Engine
    mode: Mode
    calendar: WorkDays
    packs: Packs
    clock: Callable[[], Instant]
    moving: Lock = field(default_factory=Lock)

    @property
    def demo(self) -> bool:
        """Whether this is a demo."""
        return self.mode == "demo"

    def uow(self, *, reading: bool = False) -> UnitOfWork:
        """A new unit of work on the database."""
        return UnitOfWork(self.engine, reading=reading)


def office_parts(settings: Settings | None = None) -> Parts:
    """
    The parts of an office whose database has the schema of this release.

    Raises:
        Refused: `database_unusable`, `demo_database`, or `not_migrated`.
    """
    settings = settings or Settings()
    engine = open_database(settings.database_url, "production")
    if not is_current(engine):
        raise Refused("not_migrated")
    return Parts(settings, engine, "production", work_days(), load_pack, real_now)


def demo_parts(settings: Settings, today: date | None = None) -> Parts:
    """
    The parts of a demo; its database is made and stamped where it is new.

    Args:
        today: the day on which a new demo begins; the real one where it is left out.
    """
    engine = open_database(settings.database_url, "demo")
    migrate(engine)
    with UnitOfWork(engine) as uow:
        stamp(uow, "demo")
        if demo_today(uow) is None:
            set_demo_today(uow, today or real_now().today)
    return Parts(settings, engine, "demo", work_days(), load_pack, demo_clock(engine))


def migrate_office(settings: Settings) -> str:
    """Bring the office's database to the schema of this release and stamp it; gives back its revision."""
    engine = open_database(settings.database_url, "production")
    revision = migrate(engine)
    with UnitOfWork(engine) as uow:
        stamp(uow, "production")
    return revision


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
    settings = Settings.model_construct()
    return Parts(settings, make_engine("sqlite://"), "production", work_days(), load_pack, real_now)
