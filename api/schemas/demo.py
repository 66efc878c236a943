"""The clock of a demo."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, Field

from api.schemas.values import Day, Incoming, Outgoing


class ClockMove(Incoming):
    """The day that a demo shall come to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "2026-05-31"}]})

    to: Day


class ClockPublic(Outgoing):
    """The day that it is in a demo, and how many notices were told on the way there."""

    today: date
    notices: int = Field(default=0, description="途中发出的通知数 Notices told on the way.")
