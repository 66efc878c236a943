"""
A run: kills until there were enough of them, one day more in peace, and a look at what is there.

It is compared with a second office that works through the same days with nobody disturbing it.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests import databases
from tests.chaos.heard import Toll
from tests.chaos.script import DESKS
from tests.chaos.servers import Server, a_place, a_server
from tests.chaos.workplaces import Place, Site
from tests.chaos.writer import DAY, DONE, KEEPER, NAMES, OFFICE, begun, lines
from tests.pictures import Picture, picture
from workflow.services.attaching import sweep_orphans
from workflow.services.verifying import verify

LONGEST_LIFE_S = 0.6
"""How long a writer may live after it has begun its first step."""
AIMED, SHORT_S = 0.2, 0.06
"""The share of kills that wait for a sweep or a rotation, and how soon after its beginning they come."""
OF_SERVER = 0.12
"""The share of kills that hit the server, where it is our own."""
PATIENCE_S = 300.0
DIFFERS = ("runs", "run_failures", "data_keys", "person_marks", "stamps")
"""What depends on when somebody was killed: runs without an end, and which key wraps whom (checked apart)."""


@dataclass
class Told(Toll):
    """What a run of recording came to: requests that were answered, and events that are there."""

    requests: int = 0
    events: int = 0


def run(kind: databases.Kind, kills: int, seed: int, folder: Path) -> Told:
    """Kill an office over one kind of database so often, and say what became of it."""
    since, told = time.monotonic(), Told(kind)
    with a_server(kind, folder) as server:
        place = a_place(server, folder / "killed", DESKS)
        disturb(place, server, kills, seed, told)
        told.days = sum(words[0] == DAY for words in lines(place.log(OFFICE)))
        calm = a_place(server, folder / "calm", DESKS)
        ended(begun(calm, seed, told.days), calm)
        look(place, calm, told)
    told.seconds = time.monotonic() - since
    return told


# ------------------------------------------------------------------ killing


def disturb(place: Place, server: Server, kills: int, seed: int, told: Told) -> None:
    """Kill the writer, and now and then the server under it; let the last writer end its day."""
    chance = Random(f"{seed} {told.kind}")
    while told.kills < kills:
        pid = begun(place, seed)
        alive = True
        while alive and told.kills < kills:
            let_live(pid, place, chance)
            if server.mortal and chance.random() < OF_SERVER:
                told.midst.update(under_way(place))
                server.crash(chance.choice([signal.SIGKILL, signal.SIGQUIT]))
                told.of_server += 1
            else:
                os.kill(pid, signal.SIGKILL)
                _, status = os.waitpid(pid, 0)
                if not os.WIFSIGNALED(status):
                    raise_failure(place)
                told.midst.update(under_way(place))
                alive = False
            told.kills += 1
        if alive:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    place.stop.touch()
    ended(begun(place, seed), place)


def let_live(pid: int, place: Place, chance: Random) -> None:
    """For a while after something was begun or answered; or into a sweep or a rotation, which come seldom."""
    aimed = chance.random() < AIMED
    name, span = (chance.choice([OFFICE, KEEPER]), SHORT_S) if aimed else ("", LONGEST_LIFE_S)
    until_at_work(pid, place, name)
    time.sleep(chance.uniform(0.0, span))


def until_at_work(pid: int, place: Place, name: str) -> None:
    """Wait until something is begun or answered, by one of them or by anybody."""
    before, since = written(place, name), time.monotonic()
    while written(place, name) == before:
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            raise_failure(place)
        if time.monotonic() > since + PATIENCE_S:
            raise TimeoutError("the writer does nothing")
        time.sleep(0.001)


def ended(pid: int, place: Place) -> None:
    """Wait for a writer that nobody kills."""
    _, status = os.waitpid(pid, 0)
    if status:
        raise_failure(place)


def raise_failure(place: Place) -> None:
    told = place.failure.read_text() if place.failure.exists() else "it said nothing"
    raise RuntimeError(f"the writer ended by itself:\n{told}")


def written(place: Place, name: str) -> int:
    """How much there is in a log, or in all of them."""
    paths = [place.log(each) for each in ([name] if name else NAMES)]
    return sum(path.stat().st_size for path in paths if path.exists())


def under_way(place: Place) -> list[str]:
    """The steps that were begun and not answered."""
    last = [lines(place.log(name))[-1:] for name in NAMES]
    return [words[2] for found in last for words in found if words[0] == "begin"]


# ------------------------------------------------------------------ looking


def look(place: Place, calm: Place, told: Told) -> None:
    """Everything that was answered is there once; every row is what nobody's kill has made it."""
    killed, undisturbed = Site(place), Site(calm)
    try:
        for site in (killed, undisturbed):
            site.rotated(
                0, told.days
            )  # whoever was registered during the last rotation is moved too
        seen, wanted = seen_at(killed), seen_at(undisturbed)
        count_answers(place, seen, told)
        told.faults += compared(seen, wanted)
        told.faults += verified(killed)
        told.faults += left_over(killed, seen)
    finally:
        killed.engine.dispose()
        undisturbed.engine.dispose()


def seen_at(site: Site) -> Picture:
    return picture(site.engine, site.ring.newest, site.files)


def count_answers(place: Place, seen: Picture, told: Told) -> None:
    """Whether each event of a request that was answered is there, and there once."""
    there = Counter(f"{row['case_id']}|{row['id']}" for row in map(dict, seen.rows["events"]))
    answered = [words for name in NAMES for words in lines(place.log(name)) if words[0] == DONE]
    told.requests, told.events = len(answered), there.total()
    kept = [one for words in answered for one in words[4:]]
    told.lost = sum(there[one] == 0 for one in kept)
    told.doubled = sum(number > 1 for number in there.values()) + len(kept) - len(set(kept))


def compared(seen: Picture, wanted: Picture) -> list[str]:
    """The rows, opened, that one has and the other has not; the keys and marks of each are those of its own ring."""
    found = seen.without(*DIFFERS).difference(wanted.without(*DIFFERS)).splitlines()
    for one in (seen, wanted):
        roots = {
            row["root_key"]
            for name in ("data_keys", "person_marks")
            for row in map(dict, one.rows[name])
        }
        if len(roots) != 1:
            found.append(f"not everything is under one key: {sorted(roots)}")
        found += [
            f"unreadable: {row['owner_id']}"
            for row in map(dict, one.rows["data_keys"])
            if not row["wrapped"]
        ]
    for name in ("person_marks", "stamps"):
        ours, theirs = (plain(one.rows[name]) for one in (seen, wanted))
        found += [f"{name}: {line}" for line in sorted(ours ^ theirs)]
    return found


def plain(rows: tuple[tuple[tuple[str, object], ...], ...]) -> set[str]:
    """Rows without the name of the key that made them."""
    return {
        repr([pair for pair in row if pair[0] != "root_key"])
        for row in rows
        if not str(dict(row).get("key", "")).startswith("key_check")
    }


def verified(site: Site) -> list[str]:
    """What `guitu verify` finds."""
    verdict = verify(site.reading, packs=site.packs, calendar=None, files=site.files)
    return [str(one) for one in verdict.findings]


def left_over(site: Site, seen: Picture) -> list[str]:
    """After the orphans are swept, a file for each attachment on the disk, and no other."""
    with site.reading() as uow:
        sweep_orphans(uow, site.files, datetime.now(UTC) + timedelta(days=1))
    files = [path for path in site.files.folder.rglob("*") if path.is_file()]
    on_disk = [row for row in map(dict, seen.rows["attachments"]) if row["kept"] == "disk"]
    if len(files) == len(on_disk):
        return []
    return [f"{len(files)} files for {len(on_disk)} attachments on the disk"]
