"""
A demo county that phones come to: loaded once a run, copied for each test, served by a real server.

The client is the one that was built into `api/client`.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx

from api.app import create_app
from api.bootstrap import Parts, demo_parts
from api.client_files import FOLDER
from api.settings import Settings
from tests.accounts import QUICK
from tests.browsers import served
from workflow.services.demo_accounts import PASSWORD as PASSWORD
from workflow.services.demo_county.loading import load_demo_county
from workflow.services.modes import claim_demo, set_demo_today

TODAY = date(2026, 3, 2)
"""A Monday whose year has an official calendar."""


class House:
    """A server over a county of its own; `stop` and `start` are its power."""

    def __init__(self, folder: Path) -> None:
        self.parts, self.client, self.today = parts_of(folder), FOLDER, TODAY
        self._running, self.address = ExitStack(), ""

    def start(self) -> None:
        """Answer from now on, at the same address as before."""
        app = create_app(self.parts, self.client)
        self.address = self._running.enter_context(served(app, self.port))

    def stop(self) -> None:
        """Answer nobody."""
        self._running.close()

    @property
    def port(self) -> int:
        """Where it answers, or did."""
        return int(self.address.rpartition(":")[2] or 0)

    def move_clock(self, to: date) -> None:
        """Another day at the office."""
        with self.parts.uow() as uow:
            set_demo_today(uow, to)

    @contextmanager
    def caller(self, handle: str) -> Iterator[httpx.Client]:
        """Somebody at another device, to do or read what the phone is to notice."""
        sent = {"id": str(uuid4()), "handle": handle, "password": PASSWORD}
        with httpx.Client(base_url=self.address, timeout=60) as http:
            answer = http.post("/api/v1/sessions", json=sent)
            assert answer.status_code == 201, answer.text
            http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield http


def parts_of(folder: Path) -> Parts:
    """The parts of the demo in a folder; logging in is quick there."""
    settings = Settings(database_url=f"sqlite:///{folder / 'demo.db'}", hosts=("*",))
    return replace(demo_parts(settings, TODAY), passwords=QUICK)


def county_in(shared: Path) -> Path:
    """The folder of the loaded county; whichever worker of the run comes first loads it."""
    made = shared / "county"
    with (shared / "county.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            fresh = shared / "county.new"
            fresh.mkdir()
            _load(fresh)
            fresh.rename(made)
    return made


@contextmanager
def a_house(county: Path, folder: Path) -> Iterator[House]:
    """A copy of the county, served."""
    shutil.copytree(county, folder, dirs_exist_ok=True)
    house = House(folder)
    house.start()
    try:
        yield house
    finally:
        house.stop()
        house.parts.engine.dispose()


def _load(folder: Path) -> None:
    parts = parts_of(folder)
    with parts.uow() as uow:
        claim_demo(uow, "county")
    load_demo_county(parts.uow, TODAY, packs=parts.packs, calendar=parts.calendar)
    parts.engine.dispose()  # the last connection folds its journal into the file
