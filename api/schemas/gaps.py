"""Who is missing, as those who lead are shown it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from api.schemas.values import Label, Outgoing, meanings
from workflow.services.gaps import KINDS, GapsFound, Kind, Listed


class GapPublic(Outgoing):
    """One gap; what a kind says nothing about is null."""

    case_id: UUID | None = Field(description="涉及的个案 The case that it is about.")
    role: str | None = Field(description="涉及的岗位 The chair that it is about.")
    helper: str | None = Field(description="缺的是谁（代号） Who is missing, by handle.")
    name: str | None = Field(description="姓名，读不到时为空 What they are called.")
    office: str | None = Field(description="机构名称 What the office is called.")
    since: date | None = Field(description="从何时起，或应在何时前 From when, or by when.")
    until: date | None = Field(description="到何时为止，含当日 Until when, that day included.")
    cases: int = Field(description="涉及的在办个案 In how many open cases.")
    due: int = Field(description="期间到期的事项 How much falls due meanwhile.")
    what: str | None = Field(description="没有通知到的事项类别 The kind that nobody was told of.")


class GapListPublic(Outgoing):
    """The first gaps of one kind, and how many there are."""

    kind: Kind = Field(description=meanings(KINDS))
    label: Label = Field(description="类别名称 What the kind is called.")
    total: int = Field(description="总数 How many there are.")
    first: list[GapPublic] = Field(description="前若干条 The first of them.")

    @classmethod
    def of(cls, found: Listed) -> GapListPublic:
        """From the list."""
        return cls(
            kind=found.kind,
            label=Label.model_validate(KINDS[found.kind]),
            total=found.total,
            first=[GapPublic.model_validate(one) for one in found.first],
        )


class GapsPublic(Outgoing):
    """Every kind of gap: those of today, and those that begin by a day while something falls due."""

    on: date = Field(description="以哪一天为准 The day of which it is.")
    through: date = Field(description="往后看到哪一天 The last day that is looked at.")
    lists: list[GapListPublic] = Field(description="按类别 By kind.")

    @classmethod
    def of(cls, found: GapsFound) -> GapsPublic:
        """From what is missing."""
        lists = [GapListPublic.of(one) for one in found.lists]
        return cls(on=found.on, through=found.through, lists=lists)
