"""What a case owes and why, and why it is not on somebody's list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.asked import KnownAt, OnDay, as_of, stretch
from api.context import Context, may
from api.paging import DEFAULT, Cursor, Limit
from api.schemas.obligations import ObligationPublic, SilencePublic
from api.schemas.pages import Page
from api.schemas.problems import problems
from workflow.rules.due import State
from workflow.rules.errors import Forbidden
from workflow.rules.reasons.silence import Silence
from workflow.services import obligations
from workflow.services.clock import AsOf
from workflow.services.views import ObligationView

router = APIRouter(tags=["obligations 应办事项"])
Reading = Annotated[Context, may("obligation", "read")]
States = Annotated[
    list[State] | None,
    Query(max_length=10, description="只看这些状态 Only what is one of these on the day."),
]
Handle = Annotated[
    str | None,
    Query(
        max_length=64,
        description="谁的名单（代号）；缺省为机构的名单 Whose list, by handle; the office's without one.",
    ),
]


@router.get(
    "/cases/{case_id}/obligations",
    summary="应办事项与理由 What is owed, and why",
    response_model=Page[ObligationPublic],
    responses=problems(401, 403, 404, 409, 422),
)
def list_obligations(
    case_id: UUID,
    here: Reading,
    on: OnDay = None,
    known_at: Annotated[KnownAt, Query(alias="as_of")] = None,
    state: States = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> Response:
    """The first due first, each with its rule, article and basis, what it rests on and what would change it."""
    page = stretch(here, on, known_at, cursor, limit)
    found = _owed(here, case_id, page.asked, state or ())
    return page.of(here, found, ObligationPublic.model_validate)


@router.get(
    "/cases/{case_id}/why-not",
    summary="为什么不在名单上 Why is this person not on a list?",
    responses=problems(401, 403, 404, 409, 422),
)
def why_not(
    case_id: UUID,
    here: Reading,
    handle: Handle = None,
    on: OnDay = None,
    known_at: Annotated[KnownAt, Query(alias="as_of")] = None,
) -> SilencePublic:
    """A helper asks for themselves; who leads, for any helper, or for the list of the office."""
    own, asked = here.own_chair, as_of(here, on, known_at)
    if own is not None and handle not in (None, own):
        raise Forbidden("not_allowed")
    return SilencePublic.of(_silence(here, case_id, asked, own or handle))


def _owed(
    here: Context, case_id: UUID, asked: AsOf, states: Collection[str]
) -> list[ObligationView]:
    parts = here.parts
    return here.read(
        lambda uow: obligations.obligations_of(
            uow,
            case_id,
            asked,
            packs=parts.packs,
            calendar=parts.calendar,
            reach=here.reach,
            states=states,
            own_chair=here.own_chair,
        )
    )


def _silence(here: Context, case_id: UUID, asked: AsOf, handle: str | None) -> Silence:
    parts = here.parts
    return here.read(
        lambda uow: obligations.why_not_listed(
            uow,
            case_id,
            asked,
            packs=parts.packs,
            calendar=parts.calendar,
            handle=handle,
            reach=here.reach,
            by_chair=here.own_chair is not None,
        )
    )
