"""
What a request brings and may use: the parts, the time of the request, the language, who calls and what they may.

`may("case", "read")` stands in front of every route but those of `anybody`: it finds
the caller, and the row of `workflow.rules.access` that lets their role do this. The
reach that it gives has to go into every query; the fields of the row into the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import uniform
from time import sleep
from typing import Annotated, Any, TypedDict, TypeVar

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from pydantic_core import to_json, to_jsonable_python

from api.bootstrap import Parts
from api.etags import answered
from api.identity import Shown, check_mark, shown_by
from workflow.rules.access import ALL, BEFORE_OWN_PASSWORD, Action, Grant, grant_of, shown
from workflow.rules.errors import Forbidden, Refused, Unavailable
from workflow.rules.remits import Remit, remit_of
from workflow.rules.sentences import Language
from workflow.rules.workdays import WorkDays
from workflow.services.callers import Caller
from workflow.services.clock import Instant
from workflow.services.keeping import scope_of
from workflow.services.projecting import Packs
from workflow.services.sessions import is_noted, note_use, recognise
from workflow.store.reach import Reach
from workflow.store.scopes import Scope
from workflow.store.unit_of_work import UnitOfWork, in_one_go

Made = TypeVar("Made")


class Tools(TypedDict):
    """What nearly every service is handed."""

    packs: Packs
    calendar: WorkDays | None
    clock: Instant


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    One request's surroundings, whoever calls.

    Args:
        now: what time it is; read once, and not before a thread is there for it, since a demo asks its database.
    """

    parts: Parts
    now: Callable[[], Instant]
    language: Language

    @property
    def clock(self) -> Instant:
        """The time of the request: it has one "today"."""
        return self.now()

    @property
    def tools(self) -> Tools:
        """Packs, calendar and clock, by the names under which services take them."""
        return {"packs": self.parts.packs, "calendar": self.parts.calendar, "clock": self.clock}

    def read(self, work: Callable[[UnitOfWork], Made]) -> Made:
        """What `work` finds in one transaction that changes nothing."""
        with self.parts.uow(reading=True) as uow:
            return work(uow)

    def write(self, work: Callable[[UnitOfWork], Made]) -> Made:
        """What `work` gives back from one transaction; begun anew where it met another one."""
        return in_one_go(self.parts.uow, work, pause=pause)

    def demo_only(self) -> None:
        """
        See that this is a demo.

        Raises:
            Refused: it is not.
        """
        if not self.parts.demo:
            raise Refused("demo_only")


@dataclass(frozen=True, slots=True)
class Context(Surroundings):
    """The surroundings of a request of somebody who may do this: who they are, and by which row of the table."""

    caller: Caller
    grant: Grant

    @property
    def by(self) -> str:
        """How records name whoever calls."""
        return self.caller.handle

    @property
    def reach(self) -> Reach:
        """Which cases they may know of."""
        return self.caller.reach

    @property
    def whole_reach(self) -> Reach | None:
        """The same, or None where this row of the table opens every case."""
        return None if self.grant.condition == "all" else self.reach

    @property
    def scope(self) -> Scope:
        """Whose house they keep."""
        return scope_of(self.caller, self.grant)

    def may(self, resource: str, action: Action) -> Grant | None:
        """The row that lets them do something else too."""
        return grant_of(self.caller.role, resource, action)

    @property
    def own_chair(self) -> str | None:
        """The handle whose chairs are all that they may read of a case; None for who reads it whole."""
        return self.caller.handle if self.grant.condition == "team" else None

    @property
    def remit(self) -> Remit:
        """What they may record of a case."""
        return remit_of(self.grant, self.by)

    def shown(self, answer: BaseModel, status: int = 200, **headers: str) -> Response:
        """An answer with those fields that their role may read, serialised once."""
        return Response(self.in_bytes(answer), status, headers, "application/json")

    def page(
        self, items: Sequence[BaseModel | Mapping[str, Any]], following: str | None
    ) -> Response:
        """A page of a list, each item with those fields that their role may read."""
        plain = {"items": [self.redacted(each) for each in items], "next": following}
        return Response(to_json(plain), media_type="application/json")

    def unless_known(
        self, request: Request, answer: BaseModel, version: int | None = None
    ) -> Response:
        """An answer with its ETag (and in it the case's version), or 304 where the caller has it already."""
        return answered(request, self.in_bytes(answer), version)

    def in_bytes(self, answer: BaseModel) -> bytes:
        """An answer with those fields that their role may read, as it is sent."""
        return to_json(self.redacted(answer))

    def redacted(self, answer: BaseModel | Mapping[str, Any]) -> Any:
        """The same as it is, where they may read all of it, else in JSON's words."""
        if self.grant.fields == ALL:
            return answer
        return shown(self.grant.fields, to_jsonable_python(answer))


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


Lang = Annotated[
    Language | None,
    Query(
        description="答复用语；缺省依 Accept-Language，再缺省为中文 Language of sentences; else that of Accept-Language, else Chinese."
    ),
]


async def _surroundings(request: Request, lang: Lang = None) -> Surroundings:
    """Asks nobody anything, so that no thread is needed for it."""
    parts = parts_of(request)
    return Surroundings(parts, cache(parts.clock), lang or language_of(request))


Anybody = Annotated[Surroundings, Depends(_surroundings)]
"""What a route asks for that needs no login; `workflow.rules.access` names the few."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What stands in front of a route: that the caller's role may do this."""

    resource: str
    action: Action

    def __call__(self, request: Request, here: Anybody) -> Context:
        """
        The context of this request.

        Raises:
            Unauthenticated: `login_needed`; and what `recognise` raises.
            Forbidden: `csrf_failed`, `must_change_password`, `not_allowed`.
        """
        given = shown_by(request)
        check_mark(request, given)
        return self.admit(here, given)

    def admit(self, here: Surroundings, given: Shown) -> Context:
        """The same where the mark was seen to in another way."""
        return self.let_in(here, known_caller(here, given))

    def let_in(self, here: Surroundings, caller: Caller) -> Context:
        """The context of somebody who is known; raises Forbidden as above."""
        if caller.must_change and (self.resource, self.action) not in BEFORE_OWN_PASSWORD:
            raise Forbidden("must_change_password")
        grant = grant_of(caller.role, self.resource, self.action)
        if grant is None:
            raise Forbidden("not_allowed")
        return Context(here.parts, here.now, here.language, caller, grant)


@dataclass(frozen=True, slots=True)
class Knock:
    """A request of somebody who shows a secret, before anybody has looked who they are."""

    here: Surroundings
    given: Shown
    door: Allowed

    def read(self, work: Callable[[Context, UnitOfWork], Made]) -> Made:
        """
        Look who they are and what `work` finds for them, in one transaction that changes nothing.

        Raises:
            Unauthenticated, Forbidden: as `Allowed`.
        """
        here, now = self.here, self.here.parts.wall().now
        today = here.clock.today
        with here.parts.uow(reading=True) as uow:
            caller = recognise(uow, self.given.secret, self.given.kind, now=now, today=today)
            found = work(self.door.let_in(here, caller), uow)
        _note(here, caller, now)
        return found


@dataclass(frozen=True, slots=True)
class AllowedAtOnce(Allowed):
    """The same where who calls is looked up within the transaction of the request: for what is asked all day."""

    async def __call__(self, request: Request, lang: Lang = None) -> Knock:  # type: ignore[override]
        """
        Whoever knocks; raises only what is said of a request that shows nothing, or no mark.

        Raises:
            Unauthenticated: `login_needed`.
            Forbidden: `csrf_failed`.
        """
        given = shown_by(request)
        check_mark(request, given)
        return Knock(await _surroundings(request, lang), given, self)


def known_caller(here: Surroundings, given: Shown) -> Caller:
    """Whoever holds this secret; that it was used is noted once a minute."""
    now, today = here.parts.wall().now, here.clock.today
    caller = here.read(lambda uow: recognise(uow, given.secret, given.kind, now=now, today=today))
    _note(here, caller, now)
    return caller


def _note(here: Surroundings, caller: Caller, now: datetime) -> None:
    if not is_noted(caller, now):
        with suppress(Unavailable), here.parts.uow() as uow:  # a full disk locks nobody out
            note_use(uow, caller.session_id, now)


def may(resource: str, action: Action) -> Any:
    """The dependency of a route; `Annotated[Context, may("case", "read")]`."""
    return Depends(Allowed(resource, action))


def may_at_once(resource: str, action: Action) -> Any:
    """The same for a handler that is handed a `Knock`."""
    return Depends(AllowedAtOnce(resource, action))
