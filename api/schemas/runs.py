"""The runs of jobs as they are shown, and what somebody has to look into."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.schemas.values import Outgoing
from workflow.services.run_reports import RunView


class RunFailurePublic(Outgoing):
    """A case that a run could not do: the code of the error and where it arose."""

    case_id: UUID
    error: str


class RunPublic(Outgoing):
    """One run; `ended_at` is null while it runs, and where it died."""

    id: UUID
    kind: str
    for_day: date
    started_at: datetime
    ended_at: datetime | None
    counts: dict[str, int]
    failures: list[RunFailurePublic]

    @classmethod
    def of(cls, view: RunView) -> RunPublic:
        """From the view."""
        failures = [{"case_id": case_id, "error": error} for case_id, error in view.failures]
        held = {name: getattr(view, name) for name in cls.model_fields if name != "failures"}
        return cls.model_validate({**held, "failures": failures})


class AlarmPublic(Outgoing):
    """What somebody has to look into."""

    what: str = Field(
        description="no_end 没有结束；missed_day 这一天没有运行；failures 有个案没有办成"
        " It died, a day was missed, or some cases could not be done."
    )
    for_day: date
    run_id: UUID | None


class AlarmsPublic(Outgoing):
    """What was wrong with the looks at the calendar of the last thirty days; empty where all is well."""

    items: list[AlarmPublic]
