"""What is known of a person, as it is sent with a person or with a new case, and as it is shown."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.values import Day, Incoming, Shown, Whole
from workflow.services.people import Decided
from workflow.store.people import Profile

Phone = Annotated[str, Field(min_length=3, max_length=40)]


class ProfileSent(Incoming):
    """What is known of a person, and what was decided about those who look alike."""

    born: Day | None = Field(default=None, description="出生日期 Date of birth.")
    name: str | None = Field(default=None, min_length=1, max_length=100)
    identity_no: str | None = Field(
        default=None,
        min_length=1,
        max_length=32,
        description="公民身份号码 Identity number; one that cannot be is refused.",
    )
    phones: list[Phone] = Field(default_factory=list, max_length=10)
    address: str | None = Field(default=None, min_length=1, max_length=300)
    note: str | None = Field(
        default=None,
        min_length=1,
        max_length=2000,
        description="关于本人的备注 A note about the person.",
    )
    not_same_as: list[UUID] = Field(
        default_factory=list,
        max_length=50,
        description="已核对不是同一人的人员编号（见 possible_duplicate） Persons compared and found to be others.",
    )
    elsewhere: Whole = Field(
        default=0,
        ge=0,
        le=1000,
        description="辖区以外可能同一人的人数，已知悉 How many beyond one's reach one was told of.",
    )

    @property
    def profile(self) -> Profile:
        """The profile, in the words of the services."""
        return Profile(
            name=self.name,
            born=self.born,
            identity_no=self.identity_no,
            phones=tuple(self.phones),
            address=self.address,
            note=self.note,
        )

    @property
    def decided(self) -> Decided:
        """What was decided, in the words of the services."""
        return Decided(frozenset(self.not_same_as), self.elsewhere)


class ProfilePublic(Shown):
    """What is known of a person."""

    name: str | None
    born: date | None
    identity_no: str | None
    phones: list[str]
    address: str | None
    note: str | None
