"""The 4+X team as it is shown, and what changes it."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, Field

from api.schemas.events import EventId
from api.schemas.values import Day, Incoming, Instant, Label, Shown, Version
from workflow.rules.sentences.labels import NEED_LABELS, ROLE_LABELS, word
from workflow.services import event_forms
from workflow.services.recording import NewEvent
from workflow.services.views import TeamView

EXAMPLE_ID = "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a21"


class ChairPublic(Shown):
    """A chair that is filled."""

    role: str
    helper: str
    assigned_on: date | None
    acknowledged_on: date | None


class Suggestion(Shown):
    """An X role that nobody fills, and the need that asks for it."""

    role: str
    label: Label
    need: str
    because: Label


class TeamPublic(Shown):
    """The 4+X team."""

    chairs: list[ChairPublic]
    empty: list[str] = Field(
        description="空着的固定岗位 Fixed chairs that are neither filled nor waived."
    )
    waived: list[str]
    suggested: list[Suggestion]

    @classmethod
    def of(cls, team: TeamView) -> TeamPublic:
        """From a view, with the reason of each suggestion in words."""
        suggested = [_suggestion(role, need) for role, need in team.suggested]
        chairs = [ChairPublic.model_validate(chair) for chair in team.chairs]
        return cls(
            chairs=chairs, empty=list(team.empty), waived=list(team.waived), suggested=suggested
        )


def _suggestion(role: str, need: str) -> Suggestion:
    label = ROLE_LABELS[role]
    because = Label(
        zh=f"了解到的需要：{word(NEED_LABELS, need, 'zh')}，可请“{label.zh}”进小组",
        en=f"a need was found: {word(NEED_LABELS, need, 'en')}; “{label.en}” could help",
    )
    return Suggestion(role=role, label=Label.model_validate(label), need=need, because=because)


class TeamChange(Incoming):
    """What every change of the team says: its event's id, the chair, and when it happened."""

    id: EventId = Field(description="客户端生成的事件编号（UUIDv7） The event's id, by the client.")
    role: str = Field(max_length=64, description="岗位 The chair.")
    happened_on: Day = Field(description="发生之日 The civil day on which it happened.")
    captured_at: Instant | None = Field(
        default=None, description="设备上记下的时刻 When a device noted it."
    )
    expected_version: Version = None

    def read(self, name: str) -> NewEvent:
        """The event of this type, in the words of the services; raises as `event_forms.parse`."""
        own = set(TeamChange.model_fields) - {"role"}
        event = event_forms.parse(name, self.model_dump(exclude=own, exclude_none=True))
        return NewEvent(self.id, event, self.happened_on, captured_at=self.captured_at)


class ChairAssign(TeamChange):
    """A helper takes a chair."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "happened_on": "2024-06-28",
                    "role": "community_worker",
                    "helper": "w1",
                }
            ]
        }
    )

    helper: str = Field(
        min_length=1, max_length=100, description="人员代号，不写姓名 A handle, never a name."
    )
    legal_ground: str | None = Field(default=None, min_length=1, max_length=200)


class ChairWaive(TeamChange):
    """A fixed chair stays empty for a reason."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "happened_on": "2024-06-28",
                    "role": "family",
                    "reason": "本人没有在世的亲属",
                }
            ]
        }
    )

    reason: str = Field(min_length=1, max_length=500)


class ChairOf(TeamChange):
    """A chair whose helper says "I know", or leaves it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": EXAMPLE_ID, "happened_on": "2024-06-28", "role": "community_worker"}
            ]
        }
    )
