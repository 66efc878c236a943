"""The runs of jobs: whether the calendar was looked at every day, and what came of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.context import Context, may
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.runs import AlarmPublic, AlarmsPublic, RunPublic
from api.schemas.values import Day
from workflow.services import run_reports

router = APIRouter(prefix="/runs", tags=["runs 运行"])
Reading = Annotated[Context, may("run", "read")]


@router.get("", summary="运行记录 Runs", responses=problems(401, 403, 422))
def list_runs(
    here: Reading,
    on: Annotated[Day | None, Query(description="只看这一天的 Only those for this day.")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> Page[RunPublic]:
    """The latest first, with what each did and the cases that it could not do."""
    after = place_of(cursor, BY_INSTANT)
    found = here.read(lambda uow: run_reports.runs_of(uow, on=on, after=after, limit=limit + 1))
    shown, following = cut(found, limit, lambda one: (one.started_at, one.id))
    return Page(items=[RunPublic.of(one) for one in shown], next=following)


@router.get("/alarms", summary="运行告警 Alarms", responses=problems(401, 403))
def list_alarms(here: Reading) -> AlarmsPublic:
    """A run without an end, a day without a run in the last thirty, cases that the last run could not do."""
    found = here.read(lambda uow: run_reports.alarms(uow, here.clock))
    return AlarmsPublic(items=[AlarmPublic.model_validate(one) for one in found])
