"""
`python -m tests.chaos [--kills 200] [--seed N] [--on sqlite,postgres]`: ends with 1 where anything was lost or doubled.

A writer process does the steps of a script and says of each that it is done. It is killed with SIGKILL at
random moments, and the next one goes on two steps before the last one that was said to be done. In the end
the database is compared with one on which the same script ran undisturbed, and verified.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import structlog

from tests import databases
from tests.chaos.script import Script, prepare
from tests.counties import County, a_county
from workflow.services.key_files import KeyFile
from workflow.services.verifying import verify
from workflow.store.engine import make_engine

AGAIN = 2
"""Steps that are done a second time after a kill: the last ones said to be done, and the one in between."""
COMPARED = {
    "events": "case_id, id, name, happened_on, recorded_on, rank",
    "obligations": "case_id, kind, occurrence, opens_on, due_on, owner, closed_on, ended_on, withdrawn, office_id",
    "sightings": "case_id, kind, occurrence, known_on",
    "stays": "case_id, position, stage, first_on, begun_by",
    "chairs": "case_id, role, helper, since, acknowledge_by, acknowledged_on",
    "rungs": "case_id, kind, occurrence, told_on, told_to, role, rung",
    "notices": "case_id, kind, occurrence, told_on, told_to, role, rung",
    "cases": "id, office_id, next_change_on, ended_on, version",
    "attachments": "id, case_id",
    "placements": "case_id, office_id, from_office_id, from_on",
}


@dataclass
class Outcome:
    """What a run of kills came to."""

    kills: int
    steps: int
    differences: list[str]


def settle(path: Path) -> None:
    """Have a file or a folder written out."""
    opened = os.open(path, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)


def write(url: str, keys: Path, seed: int, start: int, last: int, told: Connection) -> None:
    """The writer: its steps one after the other, each told when it is done."""
    quiet()
    file = KeyFile(keys, settle)
    county = County(make_engine(url), ring=file.followed())
    script = Script(county, file, seed)
    for number in range(start, last):
        script.step(number)
        told.send(number)


def quiet() -> None:
    """Nothing is logged: it is the rows that tell."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def begin(url: str, keys: Path, seed: int, start: int, last: int) -> tuple[Any, Connection]:
    """Start a writer."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=write, args=(url, keys, seed, start, last, theirs))
    process.start()
    theirs.close()
    return process, ours


def said(told: Connection, done: int) -> int:
    """The last step that a writer said to be done, whatever became of it afterwards."""
    try:
        while told.poll():
            done = max(done, told.recv())
    except EOFError:
        pass
    return done


def disturbed(url: str, keys: Path, seed: int, kills: int) -> int:
    """Kill the writer so often, then let it come to its end; gives back how many steps there were."""
    chance, done = random.Random(seed), -1
    for _ in range(kills):
        process, told = begin(url, keys, seed, max(0, done + 1 - AGAIN), 1 << 30)
        deadline = time.monotonic() + 20
        while not told.poll(0.01) and time.monotonic() < deadline and process.is_alive():
            pass  # it is under way once it has done a step
        time.sleep(chance.uniform(0.0, 0.25))
        process.kill()
        process.join()
        done = said(told, done)
    last = done + 12
    finish(url, keys, seed, max(0, done + 1 - AGAIN), last)
    return last


def finish(url: str, keys: Path, seed: int, start: int, last: int) -> None:
    """Let a writer do all of its steps."""
    process, told = begin(url, keys, seed, start, last)
    done = -1
    with contextlib.suppress(EOFError):  # the writer has gone
        while True:
            done = told.recv()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(f"the writer ended with {process.exitcode} after step {done}")


def run(kind: databases.Kind, kills: int, seed: int, folder: Path) -> Outcome:
    """One database killed over, and another one undisturbed beside it."""
    with ExitStack() as stack:
        stack.enter_context(databases.on(kind))
        keys, urls, counties = [], [], []
        for name in ("killed", "calm"):
            place = folder / f"{kind}-{name}"
            place.mkdir()
            county = stack.enter_context(a_county(shared_in=place))
            prepare(county)
            file = KeyFile(place / "guitu.keys", settle)
            file.create(county.ring.text)
            keys.append(file)
            counties.append(county)
            urls.append(county.engine.url.render_as_string(hide_password=False))
            county.engine.dispose()
        last = disturbed(urls[0], keys[0].path, seed, kills)
        finish(urls[1], keys[1].path, seed, 0, last)
        found = differences(*(County(make_engine(url)) for url in urls))
        for file, url in zip(keys, urls, strict=True):
            lived = County(make_engine(url), ring=file.read())
            verdict = verify(lived.uow, packs=lived.packs, calendar=lived.calendar)
            found += [str(one) for one in verdict.findings]
            lived.engine.dispose()
    return Outcome(kills, last, found)


def differences(killed: County, calm: County) -> list[str]:
    """The rows that one has and the other has not; each table's rows are many."""
    found = []
    for table, columns in COMPARED.items():
        statement = f"SELECT {columns} FROM {table}"  # noqa: S608 (our own words)
        ours, theirs = (
            sorted(killed.rows(statement), key=str),
            sorted(calm.rows(statement), key=str),
        )
        if ours != theirs:
            lost, more = set(theirs) - set(ours), set(ours) - set(theirs)
            doubled = len(ours) - len(set(ours))
            found.append(f"{table}: {len(lost)} lost, {len(more)} other, {doubled} doubled: "
                         f"{sorted(lost, key=str)[:2]} {sorted(more, key=str)[:2]}")  # fmt: skip
    killed.engine.dispose()
    calm.engine.dispose()
    return found


def main(args: list[str]) -> int:
    """Kill, compare, tell; gives back the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--on", default="sqlite,postgres")
    asked = parser.parse_args(args)
    quiet()
    kinds: list[databases.Kind] = [kind for kind in asked.on.split(",") if kind]
    databases.begin_run()
    folder, code = Path(tempfile.mkdtemp(prefix="guitu-chaos-")), 0
    try:
        for kind in kinds:
            began = time.monotonic()
            outcome = run(kind, asked.kills // len(kinds), asked.seed, folder)
            lost = "0 lost, 0 doubled" if not outcome.differences else "NOT THE SAME"
            print(
                f"{kind}: seed {asked.seed}, {outcome.kills} kills, {outcome.steps} steps: {lost}"
                f" ({time.monotonic() - began:.0f} s)",
                flush=True,
            )
            for line in outcome.differences[:20]:
                print(f"  {line}")
                code = 1
    finally:
        databases.end_run()
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
