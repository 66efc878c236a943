"""The place of work: a database, a ring that is followed, a folder for attachments, and the logs of what was answered."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from tests.counties import BEGUN, County
from workflow.services.clock import Instant
from workflow.services.key_files import KeyFile
from workflow.services.pinning import stored_packs
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent, RecordedResult, record
from workflow.services.rotating import renew, rotate, take_up
from workflow.services.sweeping import RunReport, sweep
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing
from workflow.store.sealed_files import SealedFiles
from workflow.store.unit_of_work import UnitOfWork, in_one_go


@dataclass(frozen=True)
class Place:
    """
    Where an office works.

    Args:
        url: of its database.
        folder: for its ring, its attachments and the logs.
    """

    url: str
    folder: Path

    @property
    def keys(self) -> KeyFile:
        return KeyFile(self.folder / "guitu.keys", settle)

    @property
    def files(self) -> SealedFiles:
        return SealedFiles(self.folder / "attachments", settle)

    def log(self, desk: str) -> Path:
        """What a desk began and what it was answered, line by line."""
        return self.folder / f"{desk}.log"

    @property
    def stop(self) -> Path:
        """Where it lies, the office closes at the end of the day."""
        return self.folder / "stop"

    @property
    def failure(self) -> Path:
        """What a writer ended with that was not killed."""
        return self.folder / "failure"

    def furnish(self, desks: int) -> None:
        """Before the first day: a ring, three offices, two workers a desk."""
        (self.folder / "attachments").mkdir()
        self.keys.create(KeyRing.generate().text)
        site = Site(self)
        county = County(site.engine, ring=site.ring)
        site.send(lambda uow: take_up(uow, BEGUN))
        for name, level, parent in OFFICES:
            county.add_office(name, level, parent)
        for desk in range(desks):
            for end in "ab":
                county.add_worker(f"w{desk}{end}", "north")
        county.open_at("north", "零", BEGUN)  # so that the pack is kept by nobody in particular
        site.engine.dispose()


OFFICES = (
    ("county", "county", None),
    ("north", "township", "county"),
    ("south", "township", "county"),
)


@dataclass
class Site:
    """The services as a server calls them; everything is made anew after a kill."""

    place: Place
    engine: Engine = field(init=False)
    ring: KeyRing = field(init=False)
    packs: Packs = field(init=False)
    files: SealedFiles = field(init=False)

    def __post_init__(self) -> None:
        self.engine = make_engine(self.place.url)
        self.ring = self.place.keys.followed()
        self.packs = stored_packs(self.reading)
        self.files = self.place.files

    def uow(self) -> UnitOfWork:
        return UnitOfWork(self.engine, self.ring.newest)

    def reading(self) -> UnitOfWork:
        return UnitOfWork(self.engine, self.ring.newest, reading=True)

    def how(self, clock: Instant) -> dict[str, Any]:
        """What most requests are asked with; the calendar is that of the database."""
        return {"packs": self.packs, "calendar": None, "clock": clock, "by": "w"}

    def send(self, work: Callable[[UnitOfWork], object]) -> None:
        """One request, begun anew where it met another one."""
        in_one_go(self.uow, work, times=10)

    def recorded(
        self, case_id: UUID, clock: Instant, request: Sequence[NewEvent], uow: UnitOfWork
    ) -> RecordedResult:
        return record(uow, case_id, request, **self.how(clock))

    def swept(self, day: date) -> RunReport:
        return sweep(self.uow, packs=self.packs, calendar=None, clock=Instant.on(day))

    def rotated(self, number: int, days: int) -> None:
        """Make the key of this number, unless an earlier try made it; move everything under it."""
        keys = self.place.keys
        if int(keys.read().active.removeprefix("k")) < number:
            self.send(lambda uow: renew(uow, keys))
        rotate(self.uow, today=BEGUN + timedelta(days=days), at_once=3)


def settle(path: Path) -> None:
    """Have a file or a folder written out."""
    opened = os.open(path, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)
