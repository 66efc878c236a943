"""
Opening a case (立案) for a person, known or new: one open case each, a later one linked to the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from workflow.rules.case import TeamMode
from workflow.rules.errors import Conflict, NotFound, Refused
from workflow.rules.events import PersonRegistered
from workflow.services.case_files import CaseFile
from workflow.services.clock import Instant
from workflow.services.people import UNDECIDED, Decided, register_person
from workflow.services.pinning import answers_to, pin_new_case
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent, append, recorded_as
from workflow.store import cases, data_keys, merges, offices, people, placements, turns
from workflow.store import packs as packs_of
from workflow.store.people import Profile
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewCase:
    """
    A case as it is opened.

    Args:
        case_id, person_id: made by the client, so that opening twice is harmless.
        profile: what is known of the person, where they are new; a known person keeps theirs.
        office_id: the office that opens it; None only in a database without offices.
        decided: what a person said of possible duplicates.
        opened_on: the civil day from which the birth date is on record, if earlier than today.
    """

    case_id: UUID
    person_id: UUID
    profile: Profile
    policy: str
    team: TeamMode = "recorded"
    office_id: UUID | None = None
    opened_on: date | None = None
    decided: Decided = UNDECIDED


def open_case(
    uow: UnitOfWork,
    new: NewCase,
    *,
    packs: Packs,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> None:
    """
    Open a case; where the birth date is known, registering it is its first event.

    Raises:
        Conflict: there is a case of that id, about another person or under another pack.
        NotFound: the office, or the known person, is not within reach.
        Refused: `office_not_open`, `office_needed_for_case`; `another_case_open`: the person has an open case; it is to be ended or handed over first;
            `possible_duplicate`, `identity_number_wrong`: a new person is known already, or misspelt.
        PackRefused: there is no such pack.
    """
    packs(new.policy)
    turns.take(uow.session, f"case {new.case_id}")
    if _already_open(uow, new):
        return
    _check_office(uow, new, clock, reach)
    subject = _subject(uow, new, clock, by, reach)
    key = data_keys.of(uow.session, uow.ring, new.person_id)
    cases.add(
        uow.session,
        new.case_id,
        person_id=new.person_id,
        subject_id=subject,
        follows_id=_before(uow, subject),
        office_id=new.office_id,
        policy=new.policy,
        team=new.team,
        opened_on=clock.today,
    )
    pin_new_case(uow, new.case_id, new.policy, packs=packs, clock=clock, by=by)
    placements.begin(uow.session, new.case_id, new.office_id, clock.today, at=clock.now, by=by)
    if new.profile.born is not None:
        _register(uow, new, key, clock, by)


def _check_office(uow: UnitOfWork, new: NewCase, clock: Instant, reach: Reach | None) -> None:
    """The office is the caller's and is open; nobody closes it meanwhile."""
    if reach is not None and new.office_id not in reach.offices:
        if new.office_id is not None or not reach.unplaced:
            raise NotFound("not_found", what=str(new.office_id))
        if offices.any_known(uow.session):
            raise Refused("office_needed_for_case")
    if new.office_id is not None and not offices.held_open(uow.session, new.office_id, clock.today):
        raise Refused("office_not_open", office=str(new.office_id), on=clock.today)


def _subject(uow: UnitOfWork, new: NewCase, clock: Instant, by: str, reach: Reach | None) -> UUID:
    """Whom the case is about: the person as known, or newly registered; nobody merges them meanwhile."""
    if not people.is_known(uow.session, new.person_id):
        register_person(
            uow,
            person_id=new.person_id,
            profile=new.profile,
            clock=clock,
            by=by,
            decided=new.decided,
            reach=reach,
        )
    subject = merges.held_roots(uow.session, [new.person_id])[new.person_id]
    if reach is None or not cases.of_subject(uow.session, subject):
        return subject
    if subject not in people.reached(uow.session, reach, [subject]):
        raise NotFound("not_found", what=str(new.person_id))
    return subject


def _already_open(uow: UnitOfWork, new: NewCase) -> bool:
    known = cases.find(uow.session, new.case_id)
    if known is None:
        return False
    same = (known.person_id, known.team) == (new.person_id, new.team)
    pins = packs_of.pins_of(uow.session, new.case_id)
    if not same or not answers_to(pins[0].pack, new.policy):
        raise Conflict("case_id_conflict", id=str(new.case_id))
    return True


def _before(uow: UnitOfWork, subject_id: UUID) -> UUID | None:
    """The case before this one; refuses where that one is still open."""
    known = cases.of_subject(uow.session, subject_id)
    still_open = next((row for row in known if row.ended_on is None), None)
    if still_open is not None:
        raise Refused("another_case_open", opened_on=still_open.opened_on)
    return known[0].id if known else None


def _register(
    uow: UnitOfWork, new: NewCase, key: data_keys.DataKey, clock: Instant, by: str
) -> None:
    """Record the birth date as the case's first event; the version that others see stays at its beginning."""
    assert new.profile.born is not None
    event_id = str(uuid5(new.case_id, PersonRegistered.name))
    event = PersonRegistered(born=new.profile.born)
    sent = NewEvent(event_id, event, new.opened_on or clock.today)
    row = cases.find(uow.session, new.case_id)
    assert row is not None
    first = recorded_as(sent, 1, clock, by)
    after = append(uow, CaseFile.of(row, key, ()), [(first, sent)], clock)
    cases.set_values(uow.session, new.case_id, chain=after.chain)
