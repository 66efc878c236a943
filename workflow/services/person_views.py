"""What the office sees of a person: the profile, the cases within reach, and with whom they were merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.services.case_lists import Only, list_cases
from workflow.services.merges import Merge, merges_of
from workflow.services.views import OverviewRow
from workflow.store import people
from workflow.store.profiles import Profile
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PersonView:
    """
    One person.

    Args:
        id: the row that was asked for.
        subject_id: whom it is about, merges counted.
        profile: what the row says; None where its key was shredded.
        cases: those about them within the caller's reach, in the order of opening.
        merges: standing or undone, the earliest first.
    """

    id: UUID
    subject_id: UUID
    profile: Profile | None
    cases: list[OverviewRow]
    merges: list[Merge]


def person_view(
    uow: UnitOfWork, person_id: UUID, today: date, *, reach: Reach | None = None
) -> PersonView:
    """
    One person, as they are known today.

    Raises:
        NotFound: there is nobody of that id within reach: one about whom there is no case is within nobody's.
    """
    merged = merges_of(uow, person_id, reach=reach)
    subject = people.root_of(uow.session, person_id)
    profile = people.profile_of(uow.session, uow.ring, person_id)
    cases = list_cases(uow, reach, today, only=Only(subject=subject))
    return PersonView(person_id, subject, profile, cases, merged)
