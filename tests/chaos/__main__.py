"""
`python -m tests.chaos [--kills 200] [--seed N] [--on sqlite,postgres] [--part recording,telling]`

Kills each part so often: an office that records, and the processes that tell people. Exits with 1 where
anything was lost or doubled. Its lines say how often what was killed, in the midst of what, and what is
there afterwards.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import structlog

from tests import databases
from tests.chaos import driving, telling
from tests.chaos.driving import Told
from tests.chaos.heard import Heard, Toll


def main(args: list[str]) -> int:
    """Kill, look, tell; gives back the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--kills", type=int, default=200, help="of a part, shared by the databases")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--on", default="sqlite,postgres", help="on which databases")
    parser.add_argument("--part", default="recording,telling", help="what is disturbed")
    asked = parser.parse_args(args)
    kinds: list[databases.Kind] = asked.on.split(",")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # a server is to be stopped
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(f"seed {asked.seed}", flush=True)
    parts = asked.part.split(",")
    all_well = True
    for n, kind in enumerate(kinds):
        kills = asked.kills // len(kinds) + (n < asked.kills % len(kinds))
        for part in parts:
            all_well = run(part, kind, kills, asked.seed) and all_well
    return 0 if all_well else 1


def run(part: str, kind: databases.Kind, kills: int, seed: int) -> bool:
    """One part on one database; gives back whether all is well."""
    folder = Path(tempfile.mkdtemp(prefix="guitu-chaos-", dir=databases._fastest()))
    try:
        if part == "telling":
            heard = telling.run(kind, kills, seed, folder)
            show_heard(heard)
            return heard.is_well
        told = driving.run(kind, kills, seed, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    show(told)
    return told.is_well


def show(told: Told) -> None:
    """One paragraph a database."""
    show_kills(told.kind, told)
    print(f"  {told.requests} requests answered, {told.events} events there")
    show_faults(told)


def show_heard(told: Heard) -> None:
    """One paragraph a database."""
    show_kills(f"{told.kind}, telling", told)
    print(f"  {told.unended} runs and {told.unheard} attempts ended by a kill")
    print(
        f"  {told.notices} notices told, {told.entries} entries in inboxes, {told.posts} messages on the"
        f" wire, {told.again} times one of them again"
    )
    show_faults(told)


def show_kills(what: str, told: Toll) -> None:
    of_server = f" ({told.of_server} of them of the database)" if told.of_server else ""
    print(f"{what}: {told.kills} kills{of_server} in {told.days} days, {told.seconds:.0f} s")
    under_way = ", ".join(f"{name} {number}" for name, number in told.midst.most_common())
    print(f"  under way when they came: {under_way}")


def show_faults(told: Toll) -> None:
    print(f"  {told.lost} lost, {told.doubled} doubled, {len(told.faults)} faults", flush=True)
    for fault in told.faults[:40]:
        print(f"  {fault[:2000]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
