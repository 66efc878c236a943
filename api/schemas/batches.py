"""Recording for many people at once: each item is answered on its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from api.schemas.events import EventCreate, EventsTaken
from api.schemas.problems import Problem
from api.schemas.values import Incoming, Outgoing, Version
from workflow.rules.errors import Invalid, Refused
from workflow.services.batches import MOST, BatchAnswer, BatchItem

EXAMPLE: dict[str, JsonValue] = {
    "items": [
        {
            "case_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a01",
            "events": [
                {
                    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0a31",
                    "event": "team_met",
                    "happened_on": "2024-06-28",
                }
            ],
        }
    ]
}


class BatchItemCreate(Incoming):
    """One request on one case."""

    case_id: UUID
    events: list[EventCreate] = Field(min_length=1, max_length=100)
    expected_version: Version = None

    def read(self) -> BatchItem | BatchAnswer:
        """The item in the words of the services; where its events cannot be read, its answer."""
        try:
            events = tuple(each.read() for each in self.events)
        except (Invalid, Refused) as error:
            return BatchAnswer(self.case_id, None, error)
        return BatchItem(self.case_id, events, self.expected_version)


class BatchCreate(Incoming):
    """Several requests, each taken or refused on its own."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    items: list[BatchItemCreate] = Field(
        min_length=1, max_length=10 * MOST, description=f"至多 {MOST} 份 At most {MOST}."
    )


class BatchItemAnswer(Outgoing):
    """What became of one item: `recorded` or `problem`; the other is null."""

    case_id: UUID
    status: int = Field(description="这一项单独提交时的状态码 The status that it has by itself.")
    recorded: EventsTaken | None
    problem: Problem | None


class BatchAnswers(Outgoing):
    """The answers in the order of the items."""

    items: list[BatchItemAnswer]


def answer_of(answer: BatchAnswer, recorded: Any, problem: dict[str, Any] | None) -> dict[str, Any]:
    """One answer as it is sent; what was recorded with the fields that the caller may read."""
    if problem is not None:
        status = problem["status"]
    else:
        status = 200 if answer.result is not None and answer.result.already_known else 201
    return {
        "case_id": answer.case_id,
        "status": status,
        "recorded": recorded,
        "problem": problem,
    }
