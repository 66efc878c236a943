"""Offices and divisions as they are opened, changed and shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.asked import KnownAt
from api.asked import OnDay as AskedDay
from api.paging import DEFAULT, Cursor, Limit
from api.schemas.values import Day, Incoming, Label, Outgoing
from workflow.rules.events.fields import Means
from workflow.services.divisions import Division
from workflow.services.house_views import OfficeHistory, OfficeView
from workflow.services.offices import LONGEST_NAME

OfficeLevel = Literal["province", "city", "county", "township", "community"]
LEVELS: Mapping[str, Means] = MappingProxyType(
    {
        "province": Means("省级", "Province"),
        "city": Means("市级", "City"),
        "county": Means("县级", "County"),
        "township": Means("乡镇（街道）", "Township"),
        "community": Means("村（社区）", "Village or community"),
    }
)
NORTH: dict[str, JsonValue] = {
    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d01",
    "division": "621102",
    "level": "township",
    "name": "北镇禁毒办（虚构）",
    "parent_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d00",
    "on": "2026-01-05",
}
OnDay = Field(
    default=None,
    description="从哪一天起，缺省为今天；不能是将来 From which day on; today where it is left out, never ahead.",
)


class OfficesAsked(BaseModel):
    """Which offices are asked for, and from where on."""

    on: AskedDay = None
    as_of: KnownAt = None
    under: UUID | None = Field(
        default=None, description="只看这个机构及其下级 Only this office and those below it."
    )
    cursor: Cursor = None
    limit: Limit = DEFAULT


class OfficeCreate(Incoming):
    """An office to open."""

    model_config = ConfigDict(json_schema_extra={"examples": [NORTH]})

    id: UUID = Field(description="客户端生成的机构编号 The office's id, made by the client.")
    division: str = Field(
        pattern=r"^\d{6}$",
        description="所在省、市、县的行政区划代码；乡镇用其县的 Code of its province, city or county; a township has its county's.",
    )
    level: OfficeLevel
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    parent_id: UUID | None = Field(
        default=None,
        description="上级机构；最上级没有 The office above it; none for a topmost one.",
    )
    on: Day | None = OnDay


class OfficeRename(Incoming):
    """Another name from a day on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "北街道禁毒办（虚构）", "on": "2026-03-02"}]}
    )

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    on: Day | None = OnDay


class OfficeMove(Incoming):
    """Another office above it from a day on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"parent_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d00"}]}
    )

    parent_id: UUID | None
    on: Day | None = OnDay


class OfficeClose(Incoming):
    """The first day on which it is closed, and who takes over."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"on": "2026-03-02", "successor_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d02"}
            ]
        }
    )

    on: Day | None = OnDay
    successor_id: UUID | None = Field(
        default=None,
        description="接手的机构：在办个案和下级机构归它 Takes over its open cases and the offices below it.",
    )


class SpanCorrect(Incoming):
    """What was held of an office for some days, given anew as a whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "北镇禁毒办（虚构）",
                    "parent_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d00",
                    "first_on": "2026-01-05",
                    "last_on": "2026-12-31",
                }
            ]
        }
    )

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    parent_id: UUID | None
    first_on: Day
    last_on: Day | None


class OfficePublic(Outgoing):
    """An office as it was on a day."""

    id: UUID
    name: str
    division: str
    division_name: str
    level: OfficeLevel
    level_label: Label
    parent_id: UUID | None
    since: date

    @classmethod
    def of(cls, view: OfficeView) -> OfficePublic:
        """From its view."""
        held = {name: getattr(view, name) for name in cls.model_fields if name != "level_label"}
        own = {"level_label": LEVELS[view.level]}
        return cls.model_validate({**held, **own}, from_attributes=True)


class SpanPublic(Outgoing):
    """What was held of an office for some days."""

    id: UUID
    name: str
    parent_id: UUID | None
    first_on: date
    last_on: date | None
    recorded_at: datetime
    recorded_by: str


class OfficeHistoryPublic(Outgoing):
    """One office from its first day on; `closed_on` is the first day on which it is closed."""

    id: UUID
    division: str
    division_name: str
    level: OfficeLevel
    level_label: Label
    spans: list[SpanPublic]
    closed_on: date | None
    successor_id: UUID | None

    @classmethod
    def of(cls, view: OfficeHistory) -> OfficeHistoryPublic:
        """From its view."""
        held = {name: getattr(view, name) for name in cls.model_fields if name != "level_label"}
        own = {"level_label": LEVELS[view.level]}
        return cls.model_validate({**held, **own}, from_attributes=True)


class DivisionPublic(Outgoing):
    """An administrative division to county level."""

    code: str
    name: str
    full_name: str
    level: Literal["province", "city", "county"]
    is_valid: bool
    gave_up_in: int | None
    became: str | None

    @classmethod
    def of(cls, found: Division) -> DivisionPublic:
        """From the division."""
        return cls.model_validate(found)
