"""What lies in somebody's inbox, in both languages."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.schemas.pages import Page
from api.schemas.values import CaseCode, Label, Outgoing
from notifications.content import Content
from notifications.words import rendered_inside
from workflow.services.inboxes import Letter


class CodedCasePublic(Outgoing):
    """A case that a message names, as far as its reader reaches it today."""

    code: CaseCode
    case_id: UUID


class LetterPublic(Outgoing):
    """One message."""

    id: UUID
    sort: str = Field(
        description="digest 每日汇总；later 当日补充；at_once 限时事项；alarm 系统提醒"
        " The day's digest, what came after it, what cannot wait, or an alarm."
    )
    as_role: str = Field(description="以什么岗位收到 In which role one is told.")
    for_day: date = Field(description="汇总哪一天的 The day that it gathers.")
    delivered_at: datetime = Field(description="送到的时刻 When it was delivered.")
    read_at: datetime | None = Field(
        description="首次读到的时刻；未读为 null When it was first read; null before."
    )
    title: Label = Field(description="标题 What a lock screen would show.")
    body: Label = Field(
        description="正文，一行一项；只有数目和个案代码 Its lines: counts and case codes."
    )
    cases: list[CodedCasePublic] = Field(
        description="代码所指的个案，只列范围内的 The cases behind the codes, as far as they are within reach."
    )

    @classmethod
    def of(cls, letter: Letter) -> LetterPublic:
        """From the view, in words."""
        content = Content.from_json(letter.content)
        zh, en = rendered_inside(content, "zh"), rendered_inside(content, "en")
        return cls(
            id=letter.id,
            sort=letter.sort,
            as_role=letter.as_role,
            for_day=letter.for_day,
            delivered_at=letter.delivered_at,
            read_at=letter.read_at,
            title=Label(zh=zh.title, en=en.title),
            body=Label(zh=zh.body, en=en.body),
            cases=[
                CodedCasePublic(code=code, case_id=case_id)
                for code, case_id in sorted(letter.cases.items())
            ],
        )


class InboxPublic(Page[LetterPublic]):
    """One page of an inbox, and how many of all are unread."""

    unread: int = Field(description="全部未读条数 How many of all are unread.")
