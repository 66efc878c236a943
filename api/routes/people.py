"""People: finding, registering and changing them, and merging two rows that are one person."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.context import Context, may
from api.schemas.people import (
    FoundPeople,
    MergeCreate,
    MergePublic,
    PeopleAsked,
    PersonCreate,
    PersonPublic,
    PersonUpdate,
    RegisteredPublic,
)
from api.schemas.problems import NOT_CHANGED, problems
from workflow.services.merges import merge_people, show_merge, undo_merge
from workflow.services.people import register_person, search_people, update_person
from workflow.services.person_views import person_view

router = APIRouter(tags=["people 人员"])
Reading = Annotated[Context, may("person", "read")]
Writing = Annotated[Context, may("person", "write")]
Merging = Annotated[Context, may("person", "merge")]


@router.post(
    "/people/search",
    summary="查找人员 Find people",
    response_model=FoundPeople,
    responses=problems(401, 403, 409, 422),
)
def search(sent: PeopleAsked, here: Reading) -> Response:
    """
    Those within reach whose number or phone this is, or whose name it is or is part of.

    The text stands in the body, so that no address and no log ever holds it.
    """
    found = here.read(
        lambda uow: search_people(uow, sent.text, reach=here.reach, limit=sent.limit + 1)
    )
    return here.shown(FoundPeople.of(found, sent.limit))


@router.post(
    "/people",
    status_code=201,
    summary="登记人员 Register a person",
    responses={
        200: {"description": "此前已收到过 It was known."},
        **problems(401, 403, 409, 422),
    },
)
def register(sent: PersonCreate, here: Writing, response: Response) -> RegisteredPublic:
    """
    Write somebody down who has no case yet. Sending it twice is harmless.

    Reach goes by cases: until `POST /cases` opens one under this `person_id`, nobody finds, reads or changes
    them, and whoever looks like them is told of one more `elsewhere`. To open a case at once, send the profile
    with it. Whoever may be the same person is shown by `possible_duplicate`: `facts.ids` within reach,
    `facts.elsewhere` how many beyond. Use the one that is known, or send it again with those found to be others
    in `not_same_as` and the number in `elsewhere`.
    """
    done = here.write(
        lambda uow: register_person(
            uow,
            person_id=sent.id,
            profile=sent.profile,
            clock=here.clock,
            by=here.by,
            decided=sent.decided,
            reach=here.reach,
        )
    )
    response.status_code = 200 if done.already_known else 201
    return RegisteredPublic.of(done)


@router.get(
    "/people/{person_id}",
    summary="人员档案 One person",
    response_model=PersonPublic,
    responses={**NOT_CHANGED, **problems(401, 403, 404, 422)},
)
def show_person(person_id: UUID, here: Reading, request: Request) -> Response:
    """What is known of them, their cases within reach, and the merges, those undone too."""
    return here.unless_known(request, _person(here, person_id))


@router.put(
    "/people/{person_id}",
    summary="更新人员档案 Change what is known of a person",
    response_model=PersonPublic,
    responses=problems(401, 403, 404, 409, 422),
)
def update(person_id: UUID, sent: PersonUpdate, here: Writing) -> Response:
    """The whole profile takes the place of the old one; what is new in it is checked as for registering."""
    here.write(
        lambda uow: update_person(
            uow,
            person_id=person_id,
            profile=sent.profile,
            clock=here.clock,
            by=here.by,
            decided=sent.decided,
            reach=here.reach,
        )
    )
    return here.shown(_person(here, person_id))


# ------------------------------------------------------------------ two rows, one person


@router.post(
    "/people/{person_id}/merges",
    status_code=201,
    summary="并档 Merge another row into this one",
    response_model=MergePublic,
    responses=problems(401, 403, 404, 409, 422),
)
def merge(person_id: UUID, sent: MergeCreate, here: Merging) -> Response:
    """The cases of the other row are from now on about this person. Sending it twice is harmless."""
    here.write(
        lambda uow: merge_people(
            uow,
            merge_id=sent.id,
            kept_id=person_id,
            merged_id=sent.merged_id,
            reason=sent.reason,
            clock=here.clock,
            by=here.by,
            reach=here.reach,
        )
    )
    return here.shown(_merge(here, sent.id), 201)


@router.post(
    "/merges/{merge_id}/undo",
    summary="撤销并档 Take a merge back",
    response_model=MergePublic,
    responses=problems(401, 403, 404, 422),
)
def undo(merge_id: UUID, here: Merging) -> Response:
    """Every case is again about whom it would be about without it. Sending it twice is harmless."""
    here.write(
        lambda uow: undo_merge(uow, merge_id, clock=here.clock, by=here.by, reach=here.reach)
    )
    return here.shown(_merge(here, merge_id))


def _person(here: Context, person_id: UUID) -> PersonPublic:
    today, reach = here.clock.today, here.reach
    view = here.read(lambda uow: person_view(uow, person_id, today, reach=reach))
    return PersonPublic.of(view)


def _merge(here: Context, merge_id: UUID) -> MergePublic:
    found = here.read(lambda uow: show_merge(uow, merge_id, reach=here.reach))
    return MergePublic.model_validate(found)
