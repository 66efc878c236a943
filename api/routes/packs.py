"""The policy packs: which there are, what stands in them, and what another one would change for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter

from api.context import Context, may
from api.paging import DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.packs import (
    NumberPublic,
    OtherPack,
    PackContent,
    PackName,
    PackPublic,
    PacksPublic,
    PinDifferencePublic,
)
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.values import Label
from workflow.rules.pack import Pack
from workflow.services import pin_differences
from workflow.services.calendar_days import work_days_in
from workflow.services.pack_numbers import numbers_of
from workflow.services.packs import PackRefused, load_pack, shipped_packs
from workflow.services.pin_differences import PinDifference
from workflow.services.pinning import kept_names
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(prefix="/packs", tags=["packs 规则包"])
Reading = Annotated[Context, may("pack", "read")]
Comparing = Annotated[Context, may("pack", "compare")]
PLACE = TypeAdapter(tuple[UUID])


@router.get("", summary="规则包列表 Policy packs", responses=problems(401, 403))
def list_packs(here: Reading) -> PacksPublic:
    """
    Those that travel with the program, and those that cases are pinned to.

    One that is kept and damaged is left out; its cases say so, and `guitu verify` names it.
    """
    kept = here.read(kept_names)
    shipped = {pack.name: pack for pack in map(load_pack, shipped_packs())}
    every = shipped | dict(_readable(here, kept))
    items = [
        PackPublic.of(pack, shipped=name in shipped, kept=name in kept)
        for name, pack in sorted(every.items())
    ]
    return PacksPublic(items=items)


@router.get("/{name}", summary="规则包内容 One policy pack", responses=problems(401, 403, 409, 422))
def show_pack(name: PackName, here: Reading) -> PackContent:
    """Every number with its basis, its article, and since when it holds."""
    pack = here.parts.packs(name)
    numbers = [NumberPublic.of(each) for each in numbers_of(pack)]
    label = Label(zh=pack.label.zh, en=pack.label.en)
    return PackContent(name=pack.name, label=label, numbers=numbers)


@router.get(
    "/{name}/differences",
    summary="换规则包会改变什么 What another pack would change",
    responses=problems(401, 403, 409, 422),
)
def list_differences(
    name: PackName,
    to: OtherPack,
    here: Comparing,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> Page[PinDifferencePublic]:
    """Person by person, for the open cases within reach that are pinned to this pack. Nothing is written."""
    after = place_of(cursor, PLACE)
    found = here.read(lambda uow: _differences(here, uow, name, to, after, limit + 1))
    shown, following = cut(found, limit, lambda one: (one.case_id,))
    return Page(items=[PinDifferencePublic.model_validate(one) for one in shown], next=following)


def _readable(here: Context, kept: Iterable[str]) -> Iterator[tuple[str, Pack]]:
    for name in kept:
        with suppress(PackRefused):
            yield name, here.parts.packs(name)


def _differences(
    here: Context, uow: UnitOfWork, name: str, to: str, after: tuple[UUID] | None, most: int
) -> list[PinDifference]:
    parts = here.parts
    about = pin_differences.pinned_to(
        uow, parts.packs(name).name, after[0] if after else None, reach=here.reach, limit=most
    )
    return pin_differences.differences(
        uow,
        about,
        to,
        packs=parts.packs,
        calendar=work_days_in(uow, parts.calendar),
        clock=here.clock,
        reach=here.reach,
    )
