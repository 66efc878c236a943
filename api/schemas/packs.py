"""Policy packs as they are listed and read, and what another one would change for whom."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from api.schemas.values import Label, Outgoing
from workflow.rules.pack import Pack
from workflow.services.pack_numbers import Number

FORM = r"^[a-z0-9-]{1,64}(@[0-9A-Za-z.]{1,32})?$"
PackName = Annotated[
    str,
    Path(
        pattern=FORM,
        description="规则包名称或编号 A pack's name (`cn-national@2026.11`), or its id.",
        examples=["cn-national"],
    ),
]
OtherPack = Annotated[
    str,
    Query(
        pattern=FORM,
        description="要比较的另一规则包 The other pack.",
        openapi_examples={"shanghai": {"value": "shanghai"}},
    ),
]


class PackPublic(Outgoing):
    """One pack: its name, and the packs on which it is laid, the nearest first."""

    name: str
    label: Label
    lineage: list[str]
    shipped: bool
    kept: bool

    @classmethod
    def of(cls, pack: Pack, *, shipped: bool, kept: bool) -> PackPublic:
        """From the pack itself."""
        label = Label(zh=pack.label.zh, en=pack.label.en)
        lineage = [*reversed(pack.lineage)]
        return cls(name=pack.name, label=label, lineage=lineage, shipped=shipped, kept=kept)


class PacksPublic(Outgoing):
    """The packs that travel with the program, and those that cases are pinned to."""

    items: list[PackPublic]


class NumberPublic(Outgoing):
    """One number of a pack, with what it rests on."""

    place: str
    value: str
    basis: str
    source: str
    rules: list[str]
    since: str

    @classmethod
    def of(cls, number: Number) -> NumberPublic:
        """From the number."""
        return cls.model_validate(
            {name: getattr(number, name) for name in cls.model_fields} | {"rules": [*number.rules]}
        )


class PackContent(Outgoing):
    """A whole pack: every number in the order of its file."""

    name: str
    label: Label
    numbers: list[NumberPublic]


class StandingPublic(Outgoing):
    """From when to when something is owed, and by which role."""

    opens_on: date
    due_on: date
    owner: str


class ObligationDifferencePublic(Outgoing):
    """An obligation that appears (`before` is null), vanishes (`after` is null), or changes."""

    kind: str
    label: Label
    occurrence: str
    before: StandingPublic | None
    after: StandingPublic | None


class StageDifferencePublic(Outgoing):
    """A stretch of the way that would be another one: stage and first day."""

    position: int
    before: tuple[str, date] | None
    after: tuple[str, date] | None


class PinDifferencePublic(Outgoing):
    """What the other pack would change for one person; those for whom nothing changes are listed too."""

    case_id: UUID
    changes_nothing: bool
    obligations: list[ObligationDifferencePublic]
    stages: list[StageDifferencePublic]
    ends_before: date | None
    ends_after: date | None
    exit_before: date | None
    exit_after: date | None
