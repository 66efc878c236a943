"""
Verifying (核验): whether what the database holds is what its events come to, and whether these are those recorded.

Cases are read a page at a time, each page in one snapshot, and folded anew into
an empty schema by the same `project` that wrote their rows; so memory has a bound,
and people go on working meanwhile. It changes nothing, and tells a row by its key,
never by what it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from workflow.rules.history import Recorded
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import opened
from workflow.services.case_pages import AT_ONCE, CasePage, case_pages
from workflow.services.chains import Root, reckon, version_of
from workflow.services.facts import (
    check_attachments,
    check_place,
    check_proposals,
    check_quarantine,
    check_told,
)
from workflow.services.findings import DAMAGED, Finding, Findings, code_of
from workflow.services.people_pages import check_people
from workflow.services.pinning import pack_changes
from workflow.services.projecting import Packs
from workflow.services.refolding import DERIVED, Refolding, Sound
from workflow.store import raw_rows
from workflow.store.data_keys import DataKey
from workflow.store.sealed_files import SealedFiles
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitsOfWork

MOST = 1000
"""Findings that are kept with their keys; those beyond are counted."""

WEIGHT = 50
"""What a case costs beside a person: what is left is told by it."""

Passed = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What a verification found.

    Args:
        findings: the first of them; `found` counts all.
        shredded: cases of persons whose key was destroyed: their chains hold, and nothing else can be checked.
        unseen: attachments on a disk at which it was not to look.
        root: one hash over all that was recorded by `known_at`, to be noted down and compared later.
    """

    cases: int
    events: int
    people: int
    shredded: int
    unseen: int
    findings: tuple[Finding, ...]
    found: int
    root: bytes
    known_at: datetime | None

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0


@dataclass(slots=True)
class _Run:
    """A verification under way."""

    uow_factory: UnitsOfWork
    files: SealedFiles | None
    known_at: datetime | None
    findings: Findings
    refolding: Refolding
    root: Root = field(default_factory=Root)
    cases: int = 0
    events: int = 0
    shredded: int = 0
    unseen: int = 0


def verify(
    uow_factory: UnitsOfWork,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    passed: Passed | None = None,
    files: SealedFiles | None = None,
    known_at: datetime | None = None,
    at_once: int = AT_ONCE,
    most: int = MOST,
) -> Verdict:
    """
    Look at every row that can be checked, and say which are wrong.

    Args:
        uow_factory: gives units of work that only read.
        calendar: the working days; None for those of the database.
        passed: told how far it is, and of how much.
        files: where attachments on a disk lie; those there are left out where nobody says.
        known_at: the root covers what was recorded by this instant; everything without it.
        at_once: cases, and persons, a page.
        most: findings that are kept with their keys.

    Raises:
        Unavailable: the database, or the disk of the attachments, cannot be read.
    """
    findings = Findings(most)
    with uow_factory() as uow:
        total = raw_rows.count(uow.session, "cases") * WEIGHT
        total += raw_rows.count(uow.session, "people")
        for fault in raw_rows.faults_of_the_file(uow.session):
            findings.add("unreadable", "sqlite", {"integrity_check": fault})
        for change in pack_changes(uow):
            if change.what == "damaged":
                findings.add("unreadable", "packs", {"name": change.name}, "content")
    progress = _Progress(total, passed)
    with closing(Refolding(uow_factory, packs)) as refolding:
        run = _Run(uow_factory, files, known_at, findings, refolding)
        for page in case_pages(uow_factory, calendar, findings, at_once=at_once):
            _check(run, page)
            progress.add(len(page.cases) * WEIGHT)
    people = check_people(uow_factory, findings, progress.add, at_once=at_once)
    return Verdict(
        cases=run.cases,
        events=run.events,
        people=people,
        shredded=run.shredded,
        unseen=run.unseen,
        findings=tuple(findings.kept),
        found=findings.count,
        root=run.root.digest,
        known_at=known_at,
    )


class _Progress:
    def __init__(self, total: int, passed: Passed | None) -> None:
        self._total, self._passed, self._done = total, passed, 0

    def add(self, done: int) -> None:
        self._done += done
        if self._passed:
            self._passed(self._done, max(self._total, self._done))


def _check(run: _Run, page: CasePage) -> None:
    sound = []
    for case in page.cases:
        run.cases += 1
        run.events += len(page.of("events", case.id))
        if (one := _checked(run, page, case)) is not None:
            sound.append(one)
    if sound:
        run.refolding.check(page, sound, run.findings)
    if page.rows["attachments"]:
        with run.uow_factory() as uow:
            for case in page.cases:
                run.unseen += check_attachments(uow, run.files, page, case, run.findings)


def _checked(run: _Run, page: CasePage, case: Found) -> Sound | None:
    """What can be seen of a case without folding it; gives it back where there is something to fold."""
    findings = run.findings
    if case.person_id not in page.persons:
        findings.of_case("orphaned", case.id, "person_id")
    check_place(page, case, findings)
    check_told(page, case, findings)
    check_proposals(page, case, findings)
    check_quarantine(page, case, findings)
    holds = _check_chain(run, page, case)
    key = page.keys.get(case.person_id)
    if key is None:
        run.shredded += case.person_id in page.persons - page.locked
        return None
    recorded = _opened(page, case, key, findings)
    if not holds or recorded is None or case.id in page.torn:
        return None
    if case.projected_on is None:
        _check_bare(page, case, findings)
        return None
    return Sound(case, key, recorded)


def _check_chain(run: _Run, page: CasePage, case: Found) -> bool:
    """Whether the events of a case are those that were recorded, as far as the case knows."""
    events = page.of("events", case.id)
    chain = reckon(case.id, events, run.known_at)
    run.root.add(case.id, chain.tip_then)
    if chain.broken_at is not None:
        key = {"case_id": case.id, "seq": chain.broken_at}
        run.findings.add("chain_broken", "events", key)
        return False
    if chain.tip != case.chain:
        run.findings.of_case("chain_broken", case.id, "chain")
        return False
    if case.version != version_of(case.id, events):
        run.findings.of_case("mutated", case.id, "version")
    return True


def _opened(
    page: CasePage, case: Found, key: DataKey, findings: Findings
) -> tuple[Recorded, ...] | None:
    """The events of a case, or None where some of them do not open."""
    found = []
    events = page.of("events", case.id)
    for row in events:
        try:
            found.append(opened(row, key))
        except DAMAGED as error:
            findings.add(
                "unreadable", "events", raw_rows.key_of("events", row), because=code_of(error)
            )
    return tuple(found) if len(found) == len(events) else None


def _check_bare(page: CasePage, case: Found, findings: Findings) -> None:
    """A case that was never projected has no rows, and nobody recorded on it."""
    if case.version:
        findings.of_case("mutated", case.id, "projected_on")
        return
    for table in (*DERIVED, "sightings"):
        for row in page.of(table, case.id):
            findings.add("surplus", table, raw_rows.key_of(table, row))
    wrong = [name for name in ("ended_on", "team_since") if getattr(case, name) is not None]
    if wrong:
        findings.of_case("mutated", case.id, *wrong)
