"""Who was told of a case, as it is shown."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.schemas.values import Label, Shown
from workflow.rules.sentences.labels import NOTICE_LABELS
from workflow.services.disclosures import Attempt, Disclosure, Told


class ToldOfPublic(Shown):
    """One notice that a message carried."""

    kind: str
    label: Label
    occurrence: str
    told_on: date = Field(description="哪一天的通知 The day of the notice.")
    told_to: str = Field(description="发给哪个岗位 The role that was told.")
    because: str = Field(
        description="为何是此人：chair 在岗，deputy 代班，office 机构，其余为缺口 Why this person: their chair, as a deputy, their office, or what was missing below."
    )

    @classmethod
    def of(cls, told: Told) -> ToldOfPublic:
        """From the view."""
        return cls(
            kind=told.kind,
            label=Label.model_validate(NOTICE_LABELS[told.kind]),
            occurrence=told.occurrence,
            told_on=told.told_on,
            told_to=told.told_to,
            because=told.because,
        )


class AttemptPublic(Shown):
    """One attempt to deliver."""

    number: int = Field(description="第几次 Which attempt.")
    channel: str = Field(description="渠道 The channel.")
    begun_at: datetime = Field(description="开始的时刻 When it began.")
    ended_at: datetime | None
    outcome: str | None = Field(
        description="sent 已发出；again 可再试；refused 此渠道不行；lost 中断；进行中为 null What became of it; null while it is under way."
    )
    code: str | None = Field(
        description="对方答复的代码，没有为 null A stable word for the answer; null where there is none."
    )

    @classmethod
    def of(cls, attempt: Attempt) -> AttemptPublic:
        """From the view."""
        return cls.model_validate(attempt)


class DisclosurePublic(Shown):
    """One message that told somebody of the case, or may have; it said the case's code and counts."""

    id: UUID
    recipient: str = Field(description="收到的人的代号 Who was told, by handle.")
    as_role: str = Field(description="以什么岗位收到 In which role they were told.")
    sort: str = Field(
        description="digest、later、at_once 或 alarm The day's digest, what came after it, what cannot wait, or an alarm."
    )
    for_day: date = Field(description="汇总哪一天的 The day that it gathers.")
    channel: str | None = Field(
        description="经哪个渠道送出；没有送出为 null By which channel it went; null where it did not."
    )
    sent_at: datetime | None = Field(description="送出的时刻 When it went; null where it did not.")
    read_at: datetime | None = Field(
        description="在收件箱里读到的时刻 When it was read in the inbox; null before, and elsewhere."
    )
    passed_to: UUID | None = Field(
        description="改发给上一级的消息 The message that went to somebody higher instead."
    )
    failed_at: datetime | None = Field(
        description="没有送到任何人的时刻 When it was given up; null where it was not."
    )
    told: list[ToldOfPublic] = Field(description="涉及本案的通知 What of this case it carried.")
    attempts: list[AttemptPublic] = Field(description="每次尝试 Each attempt.")

    @classmethod
    def of(cls, found: Disclosure) -> DisclosurePublic:
        """From the view."""
        own = {
            "told": [ToldOfPublic.of(each) for each in found.told],
            "attempts": [AttemptPublic.of(each) for each in found.attempts],
        }
        held = {name: getattr(found, name) for name in cls.model_fields if name not in own}
        return cls.model_validate({**held, **own}, from_attributes=True)
