"""
What lets a made-up request go deep: ids that belong together, people and days of a county, examples brought up to them.

Without it nearly everything that is made up is about nothing, and is answered so.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from notifications.content import Item
from tests.api.clients import Json, event
from tests.api.worlds import CASES, REACHES, ROLES_OF, TODAY, World, case_id, note, person_id
from tests.attachments import photo
from tests.counties import DIVISION, named
from tests.messages import delivered, fixed, message
from workflow.rules.events import EVENTS
from workflow.rules.moves import plausible
from workflow.services.clock import Instant
from workflow.services.event_forms import dump

STRANGE = UUID("00000000-0000-7000-8000-000000000bad")
"""An id of nothing."""
OFFICES = [str(named(name)) for name in ("county", "north", "south")]
STAFF = [str(named(handle)) for handle in ("w1", "w2", "w3", "s1", "d1")]
POSTINGS = [str(named(f"post {handle}")) for handle in ("w1", "w2", "w3", "d1")]
LEAVE, MERGE, DAY_SET = (str(named(name)) for name in ("a leave", "a merge", "a day"))
IDS: Mapping[str, Sequence[str]] = {
    "office_id": OFFICES,
    "to_office_id": OFFICES,
    "parent_id": OFFICES,
    "successor_id": OFFICES,
    "staff_id": STAFF,
    "deputy_id": STAFF,
    "merged_id": [str(person_id(kind)) for kind in CASES],
}
"""What belongs to no case, by the key or parameter that it is for."""
PLACES: Mapping[str, Sequence[str]] = {
    "posting_id": POSTINGS,
    "leave_id": [LEAVE],
    "merge_id": [MERGE],
    "day_id": [DAY_SET],
    "code": [DIVISION, "000000"],
    "name": ["cn-national", "gs-dingxi"],
    "year": ["2024"],
}
"""What stands in addresses only."""
KEYS_OF_PEOPLE = ("handle", "helper", "deputy", "from_helper", "to_helper")
SOONER = [timedelta(days=-n) for n in (0, 0, 0, 1, 2, 7, 30, -1)]


# ------------------------------------------------------------------ what there is


@dataclass(frozen=True)
class Known:
    """
    What a caller is made to ask about.

    Args:
        together: of each case, the ids that belong together, by the parameter or key that they are for.
        accounts: ids of accounts.
    """

    together: Sequence[Mapping[str, str]]
    accounts: Sequence[str]
    handles: Sequence[str] = tuple(ROLES_OF)

    @classmethod
    def of(cls, handle: str | None, accounts: Sequence[str]) -> Known:
        """Of the county of `tests.api.worlds`; mostly of what this caller reaches there."""
        near = [*CASES, *3 * sorted(REACHES[handle] if handle else ())]
        return cls([_of_case(kind) for kind in near], accounts)

    def path(self, names: Sequence[str], chance: random.Random) -> dict[str, str]:
        """Values for the parameters of an address, which belong together."""
        case = chance.choice(self.together)
        return {name: case.get(name) or self.one(name, chance) for name in names}

    def one(self, name: str, chance: random.Random) -> str:
        """A value for a parameter or key; now and then that of nothing."""
        return chance.choice([*self._all(name), *PLACES.get(name, ()), str(STRANGE)])

    def has(self, key: str) -> bool:
        """Whether there are values for a key of a body."""
        return bool(self._all(key))

    def _all(self, name: str) -> Sequence[str]:
        if name == "account_id":
            return self.accounts
        return IDS.get(name) or [case[name] for case in self.together if name in case]


def is_known(name: str) -> bool:
    """Whether there is something to ask about for a parameter of an address."""
    return name in IDS or name in PLACES or name in _of_case("own") or name in NAMELESS


NAMELESS = ("account_id", "session_id", "span_id")
"""Ids that are not ours to give: of accounts they are looked up, the others nobody knows."""


def _of_case(kind: str) -> dict[str, str]:
    ids = {
        "case_id": case_id(kind),
        "person_id": person_id(kind),
        "proposal_id": named(f"proposal {kind}"),
        "attachment_id": named(f"photo {kind}"),
        "message_id": named(f"message {kind} {TODAY}"),
        "brought_id": named(f"brought {kind}"),
    }
    return {**{name: str(found) for name, found in ids.items()}, "event_id": f"visit-{kind}"}


def settle(world: World) -> dict[str, str]:
    """
    Something that bears its note is proposed, attached and brought by a phone in every case, and somebody is told of it;
    somebody is away, a day is set, two are one.

    Gives back the ids of accounts by handle.
    """
    for kind in CASES:
        _add_to(world, kind)
        _tell(world, kind)
    county = world.clients["c1"]
    leave = {"id": LEAVE, "first_on": str(TODAY), "last_on": str(TODAY)}
    day = {"id": DAY_SET, "day": "2024-03-20", "is_working": False, "name": "停电"}
    merge = {"id": MERGE, "merged_id": str(person_id("ended")), "reason": "同一人"}
    for path, sent in (
        (f"staff/{named('w2')}/leaves", leave),
        ("calendar/days", {"days": [day]}),
        (f"people/{person_id('office')}/merges", merge),
    ):
        county.post(f"/api/v1/{path}", json=sent).raise_for_status()
    found = world.clients["root"].get("/api/v1/accounts").json()["items"]
    return {each["handle"]: each["id"] for each in found}


TOLD = {"own": "w1", "office": "s1", "elsewhere": "s3", "former": "c1", "ended": "d1"}
"""In whose inbox a message about each case lies."""


def _tell(world: World, kind: str) -> None:
    case, morning = case_id(kind), Instant.on(TODAY).now
    notice = (case, "visit", "m1/w01", TODAY, "community_worker")
    sent = message(world.county, kind, TODAY, [notice], recipient=TOLD[kind], sent_at=morning)
    item = Item(case, "visit", "m1/w01", "overdue", "community_worker", TODAY, 1, "chair")
    fixed(world.county, sent, [item], as_role="community_worker")
    delivered(world.county, sent, morning)


def _add_to(world: World, kind: str) -> None:
    ids, asks = _of_case(kind), "c1" if kind == "elsewhere" else "s1"
    http, about = world.clients[asks], f"/api/v1/cases/{ids['case_id']}"
    voided = {"event_id": ids["event_id"], "reason": note(kind)}
    void = event("event_voided", TODAY, id=f"void-{kind}", **voided)
    proposal = {"id": ids["proposal_id"], "events": [void]}
    http.post(f"{about}/proposals", json=proposal).raise_for_status()
    visit = event("visited", TODAY, id=f"brought-{kind}", note=note(kind))
    brought = {"id": ids["brought_id"], "case_id": ids["case_id"], "events": [visit]}
    clash = {"items": [{**brought, "expected_version": 0}]}
    http.post("/api/v1/sync", json=clash).raise_for_status()
    told = {"Content-Type": "image/jpeg", "X-Caption": quote(note(kind))}
    address = f"{about}/attachments/{ids['attachment_id']}"
    http.put(address, content=photo(), headers=told).raise_for_status()


# ------------------------------------------------------------------ what is asked


def lively(example: Any, known: Known, chance: random.Random, key: str = "") -> Any:
    """An example with fresh ids, days about today, and people and cases of the county."""
    if key == "events" and chance.random() < 0.7:
        return [an_event(chance) for _ in range(chance.choice([1, 1, 2]))]
    if isinstance(example, dict):
        return {name: lively(value, known, chance, name) for name, value in example.items()}
    if isinstance(example, list):
        return [lively(value, known, chance, key) for value in example]
    if not isinstance(example, str):
        return example
    if key == "id":
        return _fresh(chance)
    if known.has(key):
        return known.one(key, chance)
    if key in KEYS_OF_PEOPLE:
        return chance.choice(known.handles)
    return _nearer(example, chance)


def about(query: Mapping[str, Any], known: Known, chance: random.Random) -> dict[str, Any]:
    """The same question about the county; a cursor that is none of ours is asked for now and then."""
    found = dict(query)
    if chance.random() < 0.8:
        found.pop("cursor", None)
    if "office" in found:
        found["office"] = known.one("office_id", chance)
    if "handle" in found:
        found["handle"] = chance.choice(known.handles)
    return found


def an_event(chance: random.Random) -> Json:
    """An event of some type, as plausible as one that knows nothing of its case."""
    name = chance.choice(list(EVENTS))
    day = TODAY + chance.choice(SOONER)
    fields = dump(EVENTS[name](**plausible(EVENTS[name], day)))
    return {"id": _fresh(chance), "event": name, "happened_on": day.isoformat(), "data": fields}


def _fresh(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def _nearer(text: str, chance: random.Random) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return text
    return (TODAY + chance.choice(SOONER)).isoformat()
