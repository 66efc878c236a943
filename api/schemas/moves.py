"""What can be recorded in a case: each type of event, possible or why not, and the form that a client draws."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.values import Label, Outgoing
from api.sentences import reason, would_allow
from workflow.rules.events import EVENTS, to_wire
from workflow.rules.moves import SOMETIMES_APPROVED, Offer
from workflow.rules.sentences import Language
from workflow.rules.sentences.labels import EVENT_LABELS
from workflow.services import event_forms
from workflow.services.possible_moves import CaseMoves


class MovePublic(Outgoing):
    """A type of event: possible now, or why not and what would allow it."""

    event: str
    label: Label
    possible: bool
    needs_approval: bool
    choices: dict[str, list[str]]
    code: str | None = None
    reason: str | None = None
    would_allow: str | None = None


class MoveForm(MovePublic):
    """The same with what a form is made from."""

    by: str = Field(
        description="S 单位记录；P 公安、场所或法院的决定 S the office, P a decision of police, facility or court."
    )
    moves: bool = Field(description="是否可能改变阶段 Whether it may change the stage.")
    approval: Literal["always", "sometimes", "never"] = Field(
        description="是否要第二个人审批；sometimes：看内容，例如作废别人的记录 Whether a second person approves it."
    )
    choices: dict[str, list[str]] = Field(
        description="个案现在允许的值，按字段 The values that the case allows now, by field."
    )
    form: dict[str, Any] | None = Field(
        description="字段的 JSON Schema，带中英文名称；`forms=false` 时为 null "
        "The JSON Schema of its fields, labelled in both languages; null where it was not asked for."
    )


class MovesPublic(Outgoing):
    """What can be recorded in a case on a day, in the order of the registry."""

    case_id: UUID
    version: int
    on: date
    items: list[MoveForm]


def move_in_words(offer: Offer, language: Language) -> dict[str, Any]:
    """An offer with its refusal in one language."""
    found: dict[str, Any] = {
        "event": offer.event,
        "label": EVENT_LABELS[offer.event],
        "possible": offer.possible,
        "needs_approval": offer.needs_approval,
        "choices": to_wire(EVENTS[offer.event], offer.choices),
    }
    if offer.error is not None:
        found["code"] = offer.error.code
        found["reason"] = reason(offer.error, language)
        found["would_allow"] = would_allow(offer.error, language)
    return found


def moves_public(found: CaseMoves, language: Language, *, forms: bool = True) -> MovesPublic:
    """What is possible in a case, with refusals in one language."""
    items = [
        MoveForm(
            **move_in_words(offer, language),
            **_traits(offer),
            form=event_forms.schema(offer.event) if forms else None,
        )
        for offer in found.offers
    ]
    return MovesPublic(case_id=found.case_id, version=found.version, on=found.on, items=items)


def _traits(offer: Offer) -> dict[str, Any]:
    kind = EVENTS[offer.event]
    sometimes = "sometimes" if offer.event in SOMETIMES_APPROVED else "never"
    return {
        "by": kind.by,
        "moves": kind.moves,
        "approval": "always" if offer.needs_approval else sometimes,
    }
