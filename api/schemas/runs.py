"""The runs of jobs as they are shown, and what somebody has to look into."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.schemas.values import Outgoing, meanings
from workflow.services.completeness import BECAME, EXCEPTIONS
from workflow.services.run_reports import MEANINGS, RunView, What


class RunFailurePublic(Outgoing):
    """A case that a run could not do: the code of the error and where it arose."""

    case_id: UUID
    error: str


class RunAccountPublic(Outgoing):
    """
    Whether anybody or anything was left over; it closes where `gap` is 0.

    `open_cases` = `with_step` + the `exceptions` + `unnamed`. Each of the day's `notices` is an item of a
    message, but for those `untold` and those `waiting` for a run that is under way; each item is in `items`
    by what became of it, but for those `adrift`. `gap` = `unnamed` + `untold` + `adrift`.
    """

    made_at: datetime = Field(description="算账的时刻 The instant at which it was made.")
    closes: bool = Field(description="没有遗漏 Nothing and nobody is left over.")
    gap: int = Field(description="遗漏总数，应为 0 All that is left over; has to be 0.")
    open_cases: int = Field(description="在管个案 Open cases.")
    with_step: int = Field(description="有下一步的个案 Open cases with a next step.")
    exceptions: dict[str, int] = Field(
        description="暂时没有下一步的个案，按原因 Open cases without one for the time being, by why: "
        + meanings(EXCEPTIONS)
    )
    unnamed: int = Field(description="没有下一步、也没有原因的个案 Open cases on nobody's list.")
    unnamed_cases: list[UUID] = Field(description="其中前 50 个 The first fifty of these.")
    notices: int = Field(description="当天的通知 Notices of the day.")
    untold: int = Field(description="没有进入任何消息的通知 Notices that are in no message.")
    waiting: int = Field(description="正在安排的通知 Notices that are about to be planned.")
    items: dict[str, int] = Field(
        description="通知的去向 What became of each item: " + meanings(BECAME)
    )
    adrift: int = Field(description="去向不明 Items of which nothing became.")


class RunPublic(Outgoing):
    """One run; `ended_at` is null while it runs, and where it died."""

    id: UUID
    kind: str
    for_day: date
    started_at: datetime
    ended_at: datetime | None
    counts: dict[str, int]
    failures: list[RunFailurePublic]
    account: RunAccountPublic | None = Field(
        description="不漏一人账，每次查看后更新 Its completeness account, renewed by each look until the next run."
    )

    @classmethod
    def of(cls, view: RunView) -> RunPublic:
        """From the view."""
        failures = [{"case_id": case_id, "error": error} for case_id, error in view.failures]
        account = RunAccountPublic.model_validate(view.account) if view.account else None
        held = {name: getattr(view, name) for name in cls.model_fields}
        return cls.model_validate({**held, "failures": failures, "account": account})


class AlarmPublic(Outgoing):
    """What somebody has to look into."""

    what: What = Field(description=meanings(MEANINGS))
    for_day: date
    run_id: UUID | None
    count: int = Field(description="有多少 How many cases, messages or items.")


class AlarmsPublic(Outgoing):
    """What was wrong with the looks at the calendar of the last thirty days; empty where all is well."""

    items: list[AlarmPublic]
