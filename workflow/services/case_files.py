"""
A case as the record holds it: its row, every event in the order of recording, opened with the person's key.

What is sealed is opened here and nowhere else on the way to the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic_core import from_json

from workflow.rules.case import TeamMode
from workflow.rules.errors import NotFound, Refused
from workflow.rules.events import Event
from workflow.rules.history import ClosedKey, Recorded
from workflow.services.event_forms import dump_json, read_json
from workflow.store import cases, data_keys, events
from workflow.store.data_keys import DataKey
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseFile:
    """
    One case and its events.

    Args:
        key: the person's data key, under which the events are sealed.
        chain: the hash of the last event.
        swept_through: the last day that a sweep has told to its end, in the whole database.
        outlook: basis and content of its outlook, where there is one and it was asked for.
    """

    id: UUID
    person_id: UUID
    subject_id: UUID
    office_id: UUID | None
    policy: str
    team: TeamMode
    opened_on: date
    projected_on: date | None
    next_change_on: date | None
    ended_on: date | None
    team_since: date | None
    version: int
    chain: bytes
    swept_through: date | None
    key: DataKey
    recorded: tuple[Recorded, ...]
    outlook: tuple[bytes, str] | None = None

    @classmethod
    def of(cls, row: Found, key: DataKey, recorded: Sequence[Recorded]) -> Self:
        """The file of a row of `cases`, as `store.cases` finds it."""
        swept, content = row.swept_through, getattr(row, "content", None)
        return cls(
            id=row.id,
            person_id=row.person_id,
            subject_id=row.subject_id,
            office_id=row.office_id,
            policy=row.policy,
            team=row.team,
            opened_on=row.opened_on,
            projected_on=row.projected_on,
            next_change_on=row.next_change_on,
            ended_on=row.ended_on,
            team_since=row.team_since,
            version=row.version,
            chain=row.chain,
            swept_through=date.fromisoformat(swept) if swept else None,
            key=key,
            recorded=tuple(recorded),
            outlook=None if content is None else (row.basis, content),
        )


def load(
    uow: UnitOfWork,
    case_id: UUID,
    reach: Reach | None = None,
    *,
    to_write: bool = False,
    known_at: datetime | None = None,
) -> CaseFile:
    """
    The case of this id with all its events.

    Args:
        reach: what the caller may know of; None for the engine itself.
        to_write: nobody else records on it until this transaction ends.
        known_at: only what was recorded by then.

    Raises:
        NotFound: there is no such case within reach.
        Refused: `key_shredded`: what is about this person can no longer be read.
        Invalid: an event of it cannot be read.
    """
    row = cases.find(uow.session, case_id, reach, to_write=to_write)
    if row is None:
        raise NotFound("not_found", what=str(case_id))
    key = data_keys.of(uow.session, uow.ring, row.person_id)
    found = dict(events.of_cases(uow.session, [case_id], known_at=known_at))
    return opened_file(row, key, found.get(case_id, ()))


def opened_file(row: Found, key: DataKey, recorded: Iterable[Sequence[Any]]) -> CaseFile:
    """The file of a row of `cases`, out of what was found of its events; raises as `load` does."""
    return CaseFile.of(row, key, _all_opened(recorded, key, row.id))


def load_many(uow: UnitOfWork, rows: Sequence[Found]) -> list[CaseFile]:
    """The files of several cases whose rows are held; refuses as `load` does, whichever of them it is about."""
    keys = data_keys.of_many(uow.session, uow.ring, {row.person_id for row in rows})
    lost = next((row.person_id for row in rows if row.person_id not in keys), None)
    if lost is not None:
        raise Refused("key_shredded", owner=str(lost))
    key_of = {row.id: keys[row.person_id] for row in rows}
    recorded = {
        case_id: _all_opened(found, key_of[case_id], case_id)
        for case_id, found in events.of_cases(uow.session, list(key_of))
    }
    return [CaseFile.of(row, key_of[row.id], recorded.get(row.id, ())) for row in rows]


def opened(row: Found, key: DataKey) -> Recorded:
    """
    The event that a row holds.

    Raises:
        Refused: `key_does_not_open`: the row was changed, or put elsewhere.
        Invalid: `unreadable_event`: it was written by a later release, or damaged before it was sealed.
    """
    folded = [getattr(row, name) for name in events.FOLDED]
    return _opened((row.case_id, *folded), key, events.place_of(row.case_id, ""))


def _all_opened(rows: Iterable[Sequence[Any]], key: DataKey, case_id: UUID) -> list[Recorded]:
    within = events.place_of(case_id, "")
    return [_opened(row, key, within) for row in rows]


def _opened(row: Sequence[Any], key: DataKey, within: str) -> Recorded:
    """The same from the case and what is `events.FOLDED`; sixty a case, thousands of cases a night."""
    _, event_id, name, version, on, recorded_on, seq, at, rank, by, approved_by, sealed = row
    fields, _, closed = key.open(sealed, within + event_id).partition(b"\n")
    closes, openings = _closed(closed) if closed else ((), ())
    event = read_json(name, version, fields)
    return Recorded(
        event_id, event, on, recorded_on, seq, at, rank, by, approved_by, closes, openings
    )


def _closed(text: bytes) -> tuple[tuple[ClosedKey, ...], tuple[str, ...]]:
    """The keys of what an event closed when it was recorded, and what had opened each."""
    triples = from_json(text)
    if len(triples) == 1:
        ((kind, occurrence, opening),) = triples
        return ((kind, occurrence),), (opening,)
    return tuple((kind, occurrence) for kind, occurrence, _ in triples), tuple(
        opening for _, _, opening in triples
    )


def sealed(rec: Recorded, key: DataKey, case_id: UUID) -> bytes:
    """What an event says, and what it closes, under the person's key: `opened` reads it."""
    text = dump_json(rec.event)
    if rec.closes:
        closed = [[*key, opening] for key, opening in zip(rec.closes, rec.openings, strict=True)]
        text += b"\n" + json.dumps(closed, ensure_ascii=False, separators=(",", ":")).encode()
    return key.seal(text, events.place_of(case_id, rec.id))


def same_content(event: Event, other: Event) -> bool:
    """Whether two events say the same in the words of the wire."""
    return type(event) is type(other) and dump_json(event) == dump_json(other)
