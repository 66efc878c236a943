"""What is owed, why, what would change it; and why something is on nobody's list."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from api.schemas.values import Label, Outgoing, Shown
from workflow.rules.due import State
from workflow.rules.reasons.silence import Silence


class InputsPublic(Outgoing):
    """What a due day rests on, fact by fact."""

    opened_by: str
    opened_on: date
    event_id: str | None
    counted_from: date
    period: str | None = Field(description="规则包里的期限，如 7 wd As the pack writes it.")
    before_rolling: date = Field(
        description="顺延休息日之前的到期日 Before it rolled over `closed_days`."
    )
    stood_days: int
    closed_days: list[date]
    cut: bool
    provisional: bool = Field(
        description="放假安排尚未公布 Whether the year's holidays are not announced."
    )


class ChangePublic(Outgoing):
    """One thing that would change it."""

    by: str
    how: Label


class ObligationPublic(Shown):
    """What is owed: from when to when, by whom, who hears of it today, and why."""

    kind: str
    label: Label
    occurrence: str
    opens_on: date
    due_on: date
    closed_on: date | None
    state: State
    owner: str
    told: str
    told_because: Label
    basis: Literal["law", "practice"]
    source: str
    why: Label
    pack: str = Field(description="所依据的规则包 The pack whose rule `kind` it is.")
    inputs: InputsPublic
    would_change: list[ChangePublic]


class SilencePublic(Outgoing):
    """Why a case is not on a list, or that it is."""

    listed: bool
    code: str = Field(description="稳定的代码 Stable.")
    because: Label
    kinds: list[str] = Field(description="涉及的事项类别 The kinds that it is about.")
    day: date | None = Field(
        description="开始、停止或结束之日 The day of opening, of the stop or of the end."
    )

    @classmethod
    def of(cls, found: Silence) -> SilencePublic:
        """From what the rules say."""
        because = Label.model_validate(found.because)
        return cls(
            listed=found.code == "on_list",
            code=found.code,
            because=because,
            kinds=list(found.kinds),
            day=found.day,
        )
