"""
What a request brings and may use: the parts, the time of the request, the language, and who calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import uniform
from time import sleep
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from api.bootstrap import Parts
from workflow.rules.case import TeamMode
from workflow.rules.errors import Refused
from workflow.rules.sentences import Language
from workflow.services import modes, opening, recording, viewing
from workflow.services.clock import Instant
from workflow.services.recording import NewEvent, RecordedResult
from workflow.services.viewing import CaseView, OverviewRow
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork, in_one_go


@dataclass(frozen=True, slots=True)
class Context:
    """
    One request's surroundings.

    Args:
        clock: read once, so that a request has one "today".
        by: who calls; until there are accounts (issue C) it is whoever sits at this machine.
    """

    parts: Parts
    clock: Instant
    language: Language
    by: str

    def uow(self, *, reading: bool = False) -> UnitOfWork:
        """The unit of work of this request."""
        return self.parts.uow(reading=reading)

    def demo_only(self) -> None:
        """
        See that this is a demo.

        Raises:
            Refused: it is not.
        """
        if not self.parts.demo:
            raise Refused("demo_only")

    def view(self, case_id: UUID) -> CaseView:
        """A case as it stands now."""
        parts = self.parts
        with self.uow(reading=True) as uow:
            return viewing.case_view(
                uow, case_id, packs=parts.packs, calendar=parts.calendar, clock=self.clock
            )

    def overview(self) -> list[OverviewRow]:
        """All cases, in the order of opening."""
        with self.uow(reading=True) as uow:
            return viewing.overview(uow, self.clock)

    def open_case(
        self,
        case_id: UUID,
        person_id: UUID,
        born: date | None,
        name: str | None,
        *,
        policy: str,
        team: TeamMode,
    ) -> None:
        """Open a case in one transaction; a standing team is for demos."""
        if team == "standing":
            self.demo_only()
        new = opening.NewCase(
            case_id, person_id, Profile(name=name, born=born), policy=policy, team=team
        )

        def work(uow: UnitOfWork) -> None:
            opening.open_case(uow, new, packs=self.parts.packs, clock=self.clock, by=self.by)

        in_one_go(self.uow, work, pause=pause)

    def record(
        self, case_id: UUID, request: list[NewEvent], expected_version: int | None
    ) -> RecordedResult:
        """Record a request in one transaction."""
        if not self.parts.demo and any(new.approved_by for new in request):
            raise Refused("approval_from_session")
        parts = self.parts

        def work(uow: UnitOfWork) -> RecordedResult:
            return recording.record(
                uow,
                case_id,
                request,
                packs=parts.packs,
                calendar=parts.calendar,
                clock=self.clock,
                by=self.by,
                expected_version=expected_version,
            )

        return in_one_go(self.uow, work, pause=pause)

    def move_clock(self, to: date) -> int:
        """Live the demo up to a day; gives back how many notices were told on the way."""
        self.demo_only()
        parts = self.parts
        with parts.moving:
            runs = modes.move_clock(parts.uow, to, packs=parts.packs, calendar=parts.calendar)
        return sum(run.notices for run in runs)


def pause(tried: int) -> None:
    """Let the other transaction go first; no two wait equally long."""
    sleep(uniform(0.005, 0.05) * tried)  # noqa: S311 (chance guards nothing here)


def language_of(request: Request) -> Language:
    """`lang` in the address, else the first of Chinese and English that the caller accepts; Chinese."""
    wanted = request.query_params.get("lang", "")
    if wanted in ("zh", "en"):
        return "en" if wanted == "en" else "zh"
    return next(_accepted(request.headers.get("accept-language", "")), "zh")


def _accepted(header: str) -> Iterator[Language]:
    """The languages of ours among those accepted, the most wanted first."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        name, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        ranked.append((-quality, place, name.strip().lower()))
    for rank, _, name in sorted(ranked):
        if rank < 0 and name.startswith("en"):
            yield "en"
        elif rank < 0 and name.startswith("zh"):
            yield "zh"


def parts_of(request: Request) -> Parts:
    """The parts that the app was made with."""
    found = request.app.state.parts
    assert isinstance(found, Parts)
    return found


def context(
    request: Request,
    lang: Annotated[
        Language | None,
        Query(description="Language of sentences; else that of Accept-Language, else Chinese."),
    ] = None,
) -> Context:
    """The context of this request."""
    parts = parts_of(request)
    by = "demo" if parts.demo else "local"
    return Context(parts, parts.clock(), lang or language_of(request), by)


Here = Annotated[Context, Depends(context)]
"""What a route asks for."""
