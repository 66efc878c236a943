"""The offices and how they change, and the administrative divisions in which they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, TypedDict
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import TypeAdapter

from api.asked import KnownAt, as_of
from api.context import Context, may
from api.paging import cut, place_of
from api.schemas.offices import (
    DivisionPublic,
    OfficeClose,
    OfficeCreate,
    OfficeHistoryPublic,
    OfficeMove,
    OfficePublic,
    OfficeRename,
    OfficesAsked,
    SpanCorrect,
)
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.values import PlainText
from workflow.services import divisions, house_views, offices
from workflow.services.clock import Instant
from workflow.services.keeping import check_offices
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(tags=["offices 机构"])
Reading = Annotated[Context, may("office", "read")]
Writing = Annotated[Context, may("office", "write")]
PLACE = TypeAdapter(tuple[PlainText, PlainText, UUID])
AsKnown = Annotated[KnownAt, Query(alias="as_of")]


@router.get("/offices", summary="机构列表 Offices", responses=problems(401, 403, 422))
def list_offices(here: Reading, asked: Annotated[OfficesAsked, Query()]) -> Page[OfficePublic]:
    """Those that were open on a day, by division and name; `parent_id` says which is under which."""
    found = _offices(here, asked, place_of(asked.cursor, PLACE))
    shown, following = cut(found, asked.limit, lambda one: one.place)
    return Page(items=[OfficePublic.of(one) for one in shown], next=following)


@router.post(
    "/offices",
    status_code=201,
    summary="开设机构 Open an office",
    responses=problems(401, 403, 404, 409, 422),
)
def open_office(sent: OfficeCreate, here: Writing) -> OfficeHistoryPublic:
    """Under an office of one's own; administrators open topmost ones. Sending it twice is harmless."""
    given = sent.model_dump(include={"division", "level", "name", "parent_id"})
    when = _when(here, sent.on)
    return _changed(
        here,
        sent.id,
        [sent.parent_id],
        lambda uow: offices.open_office(uow, office_id=sent.id, **given, **when),
    )


@router.get(
    "/offices/{office_id}",
    summary="机构沿革 One office and what it was",
    responses=problems(401, 403, 404, 422),
)
def show_office(office_id: UUID, here: Reading, known_at: AsKnown = None) -> OfficeHistoryPublic:
    """Every name and every office above it with their days; as known at an instant."""
    return _office(here, office_id, known_at)


@router.post(
    "/offices/{office_id}/rename",
    summary="更名 Rename an office",
    responses=problems(401, 403, 404, 409, 422),
)
def rename_office(office_id: UUID, sent: OfficeRename, here: Writing) -> OfficeHistoryPublic:
    """Another name from a day on; what it was called before stays readable. Sending it twice is harmless."""
    when = _when(here, sent.on)
    return _changed(
        here,
        office_id,
        [office_id],
        lambda uow: offices.rename_office(uow, office_id=office_id, name=sent.name, **when),
    )


@router.post(
    "/offices/{office_id}/move",
    summary="改隶 Move an office under another",
    responses=problems(401, 403, 404, 409, 422),
)
def move_office(office_id: UUID, sent: OfficeMove, here: Writing) -> OfficeHistoryPublic:
    """All below it comes along; whoever is posted above reaches its cases from then on. Twice is harmless."""
    when, parent_id = _when(here, sent.on), sent.parent_id
    return _changed(
        here,
        office_id,
        [office_id, parent_id],
        lambda uow: offices.move_office_under(
            uow, office_id=office_id, parent_id=parent_id, **when
        ),
    )


@router.post(
    "/offices/{office_id}/close",
    summary="撤并 Close or merge an office",
    responses=problems(401, 403, 404, 409, 422),
)
def close_office(office_id: UUID, sent: OfficeClose, here: Writing) -> OfficeHistoryPublic:
    """With a successor its open cases and the offices below go there in the same moment. Twice is harmless."""
    when, heir = _when(here, sent.on), sent.successor_id
    return _changed(
        here,
        office_id,
        [office_id] if heir is None else [office_id, heir],
        lambda uow: offices.close_office(uow, office_id=office_id, successor_id=heir, **when),
    )


@router.put(
    "/offices/{office_id}/spans/{span_id}",
    summary="更正沿革 Correct what was held of an office",
    responses=problems(401, 403, 404, 409, 422),
)
def correct_span(
    office_id: UUID, span_id: UUID, sent: SpanCorrect, here: Writing
) -> OfficeHistoryPublic:
    """All of it is given anew; the spans beside it give way. What was known before stays readable."""
    given, clock, by = sent.model_dump(), here.clock, here.by

    def correct(uow: UnitOfWork) -> None:
        moved = house_views.span_of(uow, office_id, span_id).parent_id != sent.parent_id
        check_offices(here.scope, [office_id, sent.parent_id] if moved else [office_id])
        offices.correct_span(uow, span_id=span_id, clock=clock, by=by, **given)

    return _changed(here, office_id, [office_id], correct)


# ------------------------------------------------------------------ divisions


@router.get("/divisions", summary="查行政区划 Find a division", responses=problems(401, 403, 422))
def find_divisions(
    here: Reading,
    q: Annotated[
        str,
        Query(
            max_length=60,
            description="代码、代码开头或名称，可用空格分开 A code, its beginning, or names.",
        ),
    ],
) -> list[DivisionPublic]:
    """The twenty likeliest of GB/T 2260, those that count today first."""
    return [DivisionPublic.of(one) for one in divisions.find(q)]


@router.get(
    "/divisions/{code}/below",
    summary="下级行政区划 The divisions below one",
    responses=problems(401, 403, 409, 422),
)
def list_divisions_below(code: str, here: Reading) -> list[DivisionPublic]:
    """Those that count today, by code; below `000000` stand the provinces."""
    found = divisions.provinces() if code == "000000" else divisions.children(code)
    return [DivisionPublic.of(one) for one in found]


class When(TypedDict):
    """From which day on something is so, and by whom and when that was said."""

    on: date
    clock: Instant
    by: str


def _when(here: Context, on: date | None) -> When:
    return {"on": on or here.clock.today, "clock": here.clock, "by": here.by}


def _offices(
    here: Context, asked: OfficesAsked, after: tuple[str, str, UUID] | None
) -> list[house_views.OfficeView]:
    then = as_of(here, asked.on, asked.as_of)
    return here.read(
        lambda uow: house_views.offices_on(
            uow, then, under=asked.under, limit=asked.limit + 1, after=after
        )
    )


def _changed(
    here: Context,
    office_id: UUID,
    touched: Iterable[UUID | None],
    work: Callable[[UnitOfWork], None],
) -> OfficeHistoryPublic:
    check_offices(here.scope, touched)
    here.write(work)
    return _office(here, office_id, None)


def _office(here: Context, office_id: UUID, known_at: KnownAt) -> OfficeHistoryPublic:
    return OfficeHistoryPublic.of(
        here.read(lambda uow: house_views.office_history(uow, office_id, known_at))
    )
