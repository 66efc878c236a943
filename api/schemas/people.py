"""People as they are registered, changed, found, shown and merged."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from api.schemas.cases import CaseRowPublic, row_public
from api.schemas.events import Reason
from api.schemas.profiles import ProfilePublic, ProfileSent
from api.schemas.values import Incoming, Outgoing, Shown
from workflow.services.people import FoundBy, FoundPerson, RegisteredPerson
from workflow.services.person_views import PersonView

KNOWN: dict[str, JsonValue] = {
    "name": "李四（虚构）",
    "born": "1990-05-01",
    "phones": ["13800000000"],
    "address": "某县某镇三组",
}
EXAMPLE: dict[str, JsonValue] = {"id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d01", **KNOWN}
MERGE: dict[str, JsonValue] = {
    "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d11",
    "merged_id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0d01",
    "reason": "身份证号相同，已当面核对",
}


class PersonCreate(ProfileSent):
    """Somebody to register."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID = Field(description="客户端生成的人员编号 The person's id, made by the client.")


class PersonUpdate(ProfileSent):
    """All that is known of somebody from now on: what is left out is no longer known."""

    model_config = ConfigDict(json_schema_extra={"examples": [KNOWN]})


class RegisteredPublic(Outgoing):
    """That somebody was registered."""

    id: UUID
    already_known: bool
    same_phone: list[UUID] = Field(
        description="辖区内留了同一电话的人，仅供参考 Persons within reach who gave the same phone: a hint, no more."
    )

    @classmethod
    def of(cls, person: RegisteredPerson) -> RegisteredPublic:
        """From what the services wrote down."""
        hinted = list(person.same_phone)
        return cls(id=person.person_id, already_known=person.already_known, same_phone=hinted)


class PeopleAsked(Incoming):
    """Whom one looks for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "李四", "limit": 20}]})

    text: str = Field(
        min_length=1,
        max_length=100,
        description="身份证号、电话（须完整），或姓名的一部分 A number or phone, whole, or a part of a name.",
    )
    limit: int = Field(default=50, ge=1, le=200)


class FoundPublic(Shown):
    """Somebody found: the row, whom it is about with merges counted, and by what they were found."""

    person_id: UUID
    subject_id: UUID
    name: str | None
    by: FoundBy


class FoundPeople(Shown):
    """Those found, the best match first."""

    items: list[FoundPublic]
    more: bool = Field(
        description="还有更多，请写得更完整 There are more: ask with more of the name."
    )

    @classmethod
    def of(cls, found: list[FoundPerson], limit: int) -> FoundPeople:
        """From what the services found, of whom one more was asked for."""
        items = [FoundPublic.model_validate(each) for each in found[:limit]]
        return cls(items=items, more=len(found) > limit)


class MergeCreate(Incoming):
    """Another row that is the same person."""

    model_config = ConfigDict(json_schema_extra={"examples": [MERGE]})

    id: UUID = Field(description="客户端生成的并档编号 The merge's id, made by the client.")
    merged_id: UUID = Field(description="并入的那份档案 The row that is merged into this one.")
    reason: Reason


class MergePublic(Shown):
    """One merge: it stands while `undone_at` is null."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
    reason: str | None
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None
    undone_by: str | None


class PersonPublic(Shown):
    """One person: what this row says, whom it is about, their cases within reach, and the merges."""

    id: UUID
    subject_id: UUID = Field(
        description="并档后的本人；未并档时与 id 相同 Who it is after merges; the same as id where there is none."
    )
    profile: ProfilePublic | None = Field(
        description="档案密钥已销毁时为 null null where the person's key was destroyed."
    )
    cases: list[CaseRowPublic]
    merges: list[MergePublic]

    @classmethod
    def of(cls, view: PersonView) -> PersonPublic:
        """From what the services found."""
        known = view.profile
        return cls(
            id=view.id,
            subject_id=view.subject_id,
            profile=None if known is None else ProfilePublic.model_validate(known),
            cases=[row_public(row) for row in view.cases],
            merges=[MergePublic.model_validate(each) for each in view.merges],
        )
