"""
`python -m tests.chaos [--kills 200] [--seed N] [--on sqlite,postgres]`: exits with 1 where anything was lost or doubled.

Its lines say how often what was killed, in the midst of what, and what is there afterwards.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests import databases
from tests.chaos.driving import Told, run


def main(args: list[str]) -> int:
    """Kill, look, tell; gives back the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--kills", type=int, default=200, help="in all, shared by the databases")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--on", default="sqlite,postgres", help="on which databases")
    asked = parser.parse_args(args)
    kinds: list[databases.Kind] = asked.on.split(",")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # a server is to be stopped
    print(f"seed {asked.seed}", flush=True)
    all_well = True
    for n, kind in enumerate(kinds):
        kills = asked.kills // len(kinds) + (n < asked.kills % len(kinds))
        folder = Path(tempfile.mkdtemp(prefix="guitu-chaos-", dir=databases._fastest()))
        try:
            told = run(kind, kills, asked.seed, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        show(told)
        all_well = all_well and told.is_well
    return 0 if all_well else 1


def show(told: Told) -> None:
    """One paragraph a database."""
    of_server = f" ({told.of_server} of them of the server)" if told.of_server else ""
    print(f"{told.kind}: {told.kills} kills{of_server} in {told.days} days, {told.seconds:.0f} s")
    midst = ", ".join(f"{name} {number}" for name, number in told.midst.most_common())
    print(f"  under way when they came: {midst}")
    print(f"  {told.requests} requests answered, {told.events} events there")
    print(f"  {told.lost} lost, {told.doubled} doubled, {len(told.faults)} faults", flush=True)
    for fault in told.faults[:40]:
        print(f"  {fault[:2000]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
