"""
What a phone is told (下行同步): what is new on the cases that it is to hold, and which it must wipe, a page at a time.

Nothing is numbered and no clock is asked. The phone comes with a cursor; behind it stands what it
holds, and that is compared with what it should hold now, case by case. So whatever changed is found, however
late it was committed, and whatever brought it about: a recording, a day, a posting, a merge, a restore.
A page that was not taken was never given: its cursor does not come back, and the next answer begins where the
phone is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from pydantic_core import to_json

from workflow.rules.access import shown
from workflow.rules.errors import GuituError, Refused
from workflow.rules.fold import fold
from workflow.rules.history import history_of
from workflow.rules.remits import Remit
from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_in
from workflow.services.callers import Caller
from workflow.services.case_files import CaseFile, load_many
from workflow.services.clock import Instant
from workflow.services.phone_cases import Opened, content_of
from workflow.services.phone_marks import Held, Marks, mark, packed, section_id, unpacked
from workflow.services.phone_sections import helpers, inbox, rules_of
from workflow.services.pinning import packs_within
from workflow.services.projecting import Packs
from workflow.store import calendar_days, case_lists, cases, events, people, phones, staff
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

FORM = 3
"""Raised with every change of what is sent, so that it reaches the phones at once and not only the next day."""
MOST = 3_000
"""Cases on a phone; whoever reaches more works at a desk."""
LOOKS = 4
"""For each case of a page so many are opened at most, to see whether they changed at all."""
FORGOTTEN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a phone asks.

    Args:
        cursor: the one of the last page that it took; None for a new phone.
        remit: what they may record.
        fields, told: those that the caller's role may read of a case, and of what they were told.
        fixed: sections that are the same for everybody of that role, as JSON, by name.
        limit: cases a page.
    """

    caller: Caller
    remit: Remit
    fields: tuple[str, ...]
    told: tuple[str, ...]
    fixed: Mapping[str, bytes]
    cursor: UUID | None
    limit: int


@dataclass(slots=True)
class Page:
    """
    What a phone is told.

    Args:
        taken: the cursor with which it came, where it is known.
        cursor: the one that it has once it took this page.
        line: the same for all pages of one phone.
        whole: that it forgets every case that it holds before it takes this page.
        removed: cases to wipe.
        cases, sections: what is new, as JSON.
        unreadable: cases that it should hold and that cannot be read just now; it keeps what it has.
        more: that there is another page at once.
    """

    taken: UUID | None
    cursor: UUID
    line: UUID
    whole: bool
    before: dict[UUID, Marks]
    held: dict[UUID, Marks]
    removed: list[UUID] = field(default_factory=list)
    cases: dict[UUID, bytes] = field(default_factory=dict)
    sections: dict[str, bytes] = field(default_factory=dict)
    unreadable: list[UUID] = field(default_factory=list)
    more: bool = False

    @property
    def is_news(self) -> bool:
        """Whether the phone holds anything else once it took it; if not, its cursor stays."""
        return self.whole or self.held != self.before

    @property
    def next(self) -> UUID:
        """The cursor that the phone has then."""
        return self.cursor if self.is_news or self.taken is None else self.taken


def page_of(
    uow: UnitOfWork, asked: Asked, *, packs: Packs, calendar: WorkDays | None, clock: Instant
) -> Page:
    """
    The next page; nothing is written, so that one asked for in vain leaves no trace.

    Args:
        uow: one that only reads; on PostgreSQL it sees one state.

    Raises:
        Refused: `sync_too_wide`: the caller reaches more cases than a phone holds.
    """
    page = _begun(uow, asked)
    rows = {row.id: row for row in phones.to_hold(uow.session, asked.caller.reach, MOST + 1)}
    if len(rows) > MOST:
        raise Refused("sync_too_wide", most=MOST)
    known = page.held.keys() - {section_id(name) for name in _SECTIONS}
    page.removed = sorted(known - rows.keys())
    for gone in page.removed:
        del page.held[gone]
    salt = _salt(uow, asked, calendar, clock)
    now = {case_id: mark(repr(tuple(row)).encode(), salt) for case_id, row in rows.items()}
    changed = [row for row in rows.values() if _differs(page.held, row.id, now[row.id])]
    making = _Making(uow, asked, packs_within(uow, packs), work_days_in(uow, calendar), clock)
    if changed:
        _fill(page, making, making.in_order(changed), now)
    _add_sections(page, making, rows)
    _add_helpers(page, making, now)
    return page


def note(uow: UnitOfWork, page: Page, account_id: UUID, clock: Instant) -> None:
    """Write down what the phone holds once it takes this page; to be done before it is sent."""
    if not page.is_news:
        return
    row = {
        "id": page.cursor,
        "line": page.line,
        "account_id": account_id,
        "made_at": clock.now,
        "held": packed(page.held),
    }
    phones.give(uow.session, row, page.taken, clock.now - FORGOTTEN)
    phones.note_carried(uow.session, account_id, list(page.cases), clock.now)


# ------------------------------------------------------------------ step by step


_SECTIONS = ("forms", "words", "rules", "helpers", "inbox")


def _begun(uow: UnitOfWork, asked: Asked) -> Page:
    """A page with nothing in it yet, of a phone that is known or begins anew."""
    taken, cursor = asked.cursor, uuid4()
    row = phones.held(uow.session, taken, asked.caller.account_id) if taken else None
    if row is None:
        return Page(None, cursor, cursor, True, {}, {})
    held = unpacked(row.held)
    return Page(row.id, cursor, row.line, False, held, dict(held))


def _salt(uow: UnitOfWork, asked: Asked, calendar: WorkDays | None, clock: Instant) -> bytes:
    """The mark of all that the content of every case hangs on beside its own rows."""
    days = calendar_days.answers(uow.session) if calendar is None else ()
    hangs_on = (FORM, clock.today, asked.caller.role, asked.remit, asked.fields, days)
    return mark(repr(hangs_on).encode())


def _differs(held: Held, case_id: UUID, basis: bytes) -> bool:
    return case_id not in held or held[case_id].basis != basis


@dataclass(frozen=True, slots=True)
class _Making:
    """What the content of cases is made with."""

    uow: UnitOfWork
    asked: Asked
    packs: Packs
    days: WorkDays
    clock: Instant

    def in_order(self, rows: Sequence[Found]) -> list[UUID]:
        """Those to whom something statutory is owed now first, each by the first due day."""
        policy, today = {row.id: row.policy for row in rows}, self.clock.today
        first: dict[UUID, tuple[int, date]] = {}
        for one in case_lists.standing_of(self.uow.session, list(policy), today):
            rule = self.packs(policy[one.case_id]).obligations.get(one.kind)
            is_law = rule is not None and rule.cited.basis == "law"
            rank = 2 if one.opens_on > today else (0 if is_law else 1)
            place = (rank, one.due_on)
            first[one.case_id] = min(first.get(one.case_id, place), place)
        return sorted(policy, key=lambda each: (*first.get(each, (3, today)), each))

    def contents(self, case_ids: Sequence[UUID]) -> Iterator[tuple[UUID, bytes | None]]:
        """What is shown of these cases, as JSON, in their order; None for one that cannot be read."""
        files = {each.id: each for each in self._files(case_ids)}
        session = self.uow.session
        subjects = {each.subject_id for each in files.values()}
        profiles = people.profiles_of(session, self.uow.ring, subjects)
        captured = events.captured_of(session, list(files))
        for case_id in case_ids:
            file = files.get(case_id)
            if file is None:
                yield case_id, None
                continue
            pack = self.packs(file.policy)
            history, today = history_of(file.recorded), self.clock.today
            case = fold(history, pack, self.days, today, team=file.team)
            known = profiles.get(file.subject_id)
            opened = Opened(file, case, known, captured.get(case_id, {}))
            content = content_of(opened, self.asked.remit, today)
            yield case_id, to_json(shown(self.asked.fields, content))

    def _files(self, case_ids: Sequence[UUID]) -> list[CaseFile]:
        """The files of these cases; of one that cannot be read, none."""
        rows = cases.look_at(self.uow.session, case_ids)
        try:
            return load_many(self.uow, rows)
        except GuituError:
            return [file for row in rows for file in self._alone(row)]

    def _alone(self, row: Found) -> list[CaseFile]:
        try:
            return load_many(self.uow, [row])
        except GuituError:
            return []  # `guitu verify` tells what is wrong with it


def _fill(page: Page, making: _Making, order: Sequence[UUID], now: Mapping[UUID, bytes]) -> None:
    """Put cases into a page until it is full, or enough were looked at that had not changed."""
    limit, looked, opened = making.asked.limit, 0, 0
    while looked < len(order) and opened < LOOKS * limit and len(page.cases) < limit:
        some = order[looked : looked + limit - len(page.cases)]
        looked += len(some)
        for case_id, content in making.contents(some):
            if content is None:
                page.unreadable.append(case_id)
                continue
            digest, opened = mark(content), opened + 1
            if case_id not in page.held or page.held[case_id].digest != digest:
                page.cases[case_id] = content
            page.held[case_id] = Marks(now[case_id], digest)
    page.more = looked < len(order)


def _add_sections(page: Page, making: _Making, rows: Mapping[UUID, Found]) -> None:
    """What is the same for many cases, and what one was told: each whole, where it changed."""
    uow, asked, today = making.uow, making.asked, making.clock.today
    found = {
        **asked.fixed,
        "rules": to_json(rules_of(making.packs, {row.policy for row in rows.values()})),
        "inbox": to_json(shown(asked.told, inbox(uow, asked.caller, today, rows.keys()))),
    }
    for name, content in found.items():
        _add_section(page, name, content, mark(content))


def _add_helpers(page: Page, making: _Making, now: Mapping[UUID, bytes]) -> None:
    """Who is who in the cases; looked up where one of them is otherwise, or the staff."""
    uow, asked = making.uow, making.asked
    hangs_on = (sorted(now.items()), staff.counted(uow.session))
    basis, key = mark(repr(hangs_on).encode()), section_id("helpers")
    if key not in page.held or page.held[key].basis != basis:
        content = to_json(helpers(uow, now.keys(), asked.fields, asked.remit.helper))
        _add_section(page, "helpers", content, basis)


def _add_section(page: Page, name: str, content: bytes, basis: bytes) -> None:
    """A section, whole, where it is otherwise than on the phone."""
    digest, key = mark(content), section_id(name)
    if key not in page.held or page.held[key].digest != digest:
        page.sections[name] = content
    page.held[key] = Marks(basis, digest)
