"""
The writer: the process that is killed. Its desks work at once, each from where its log says that it had come.

A line is written when a step is begun, and another one when it was answered; both survive the process.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import structlog

from tests.chaos.script import DESKS, DeskDay, Kept, Step, of_the_keeper, of_the_office
from tests.chaos.workplaces import Place, Site
from workflow.rules.errors import GuituError, Unavailable
from workflow.services import sweeping

PATIENCE_S = 90.0
"""How long a database may be away: its server was killed as well, and is begun again."""
OFFICE, KEEPER = "office", "keeper"
DONE, DAY = "done", "day"
NAMES = (*map(str, range(DESKS)), KEEPER, OFFICE)


class Log:
    """What one desk began and what it was answered."""

    def __init__(self, path: Path) -> None:
        written = lines(path)
        self.answered = [words[1] for words in written if words[0] == DONE]
        self.days = sum(words[0] == DAY for words in written)
        self.again = self.answered[-1] if self.answered else None
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, *words: str) -> None:
        """One line by one call: it is there whole or not at all."""
        os.write(self._file, (" ".join(words) + "\n").encode())

    def close(self) -> None:
        os.close(self._file)


def lines(path: Path) -> list[list[str]]:
    """The words of each line of a log."""
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def work(place: Place, seed: int, days: int | None = None) -> None:
    """Work from where the logs say, for so many days in all, or until somebody asks to stop."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    sweeping.AT_ONCE = 4  # a sweep is to have several transactions
    site, driver = Site(place), os.getppid()
    logs = {name: Log(place.log(name)) for name in NAMES}
    try:
        with ThreadPoolExecutor(DESKS + 1) as desks:
            for number in count(logs[OFFICE].days):
                _one_day(site, logs, desks, seed, number)
                asked_to_stop = days is None and place.stop.exists()
                if number + 1 == days or asked_to_stop or os.getppid() != driver:
                    return
    finally:
        for log in logs.values():
            log.close()
        site.engine.dispose()


def _one_day(
    site: Site, logs: dict[str, Log], desks: ThreadPoolExecutor, seed: int, number: int
) -> None:
    """The desks and who keeps the keys at once; then what the office does as a whole."""
    asked = {str(desk): DeskDay(seed, desk, number).steps() for desk in range(DESKS)}
    asked[KEEPER] = of_the_keeper(seed, number)
    at_work = [desks.submit(_at_desk, site, logs[name], steps) for name, steps in asked.items()]
    for one in at_work:
        one.result()
    _at_desk(site, logs[OFFICE], of_the_office(seed, number))
    logs[OFFICE].write(DAY, str(number))


def _at_desk(site: Site, log: Log, steps: Sequence[Step]) -> None:
    """Do what was not answered yet; after a kill the last step that was is sent once more."""
    for step in steps:
        if step.key in log.answered:
            if step.key == log.again and step.again:
                _answer(site, step)
            continue
        log.write("begin", step.key, step.name)
        outcome, kept = _answer(site, step)
        log.write(DONE, step.key, step.name, outcome, *(f"{one}|{id}" for one, id in kept))
    log.again = None


def _answer(site: Site, step: Step) -> tuple[str, Kept]:
    """What a step is answered; while the database is away it is sent again and again."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return DONE, step.act(site)
        except Unavailable:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        except GuituError as error:
            return error.code, []


def begun(place: Place, seed: int, days: int | None = None) -> int:
    """Begin a writer as a process of its own; gives back its number."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work(place, seed, days)
        code = 0
    except BaseException:  # noqa: BLE001 (it is told by whoever waits for it)
        place.failure.write_text(traceback.format_exc())
    finally:
        os._exit(code)
