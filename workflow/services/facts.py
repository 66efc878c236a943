"""
Facts that nothing else follows from: what can be said of a sighting, a notice, a pin, a hand-over, a proposal, what a phone brought and an attachment.

They cannot be computed anew. What can be seen is whether they can have come about so,
and whether what follows from them does.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from uuid import UUID

from workflow.rules.errors import Unavailable
from workflow.rules.events.fields import OFFICE_ROLES, ROLES
from workflow.rules.pack_words import KINDS
from workflow.services.attaching import DISK, read_attachment
from workflow.services.case_pages import CasePage
from workflow.services.findings import DAMAGED, Findings, code_of
from workflow.services.proposal_files import OUTCOMES, opened_reason, opened_request
from workflow.services.quarantine import OUTCOMES as BROUGHT_OUTCOMES
from workflow.services.quarantine import WHYS
from workflow.services.quarantine import opened_reason as opened_decision
from workflow.services.quarantine import opened_request as opened_brought
from workflow.store import attachments, raw_rows
from workflow.store.sealed_files import SealedFiles
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

SHREDDED = "key_shredded"
"""How reading is refused where a person was shredded since the page was read."""

DECIDED = ("decided_at", "decided_by")
TOLD_KINDS = frozenset({*KINDS, "exit_undone"})
TOLD_ROLES = frozenset({*ROLES.labels, *OFFICE_ROLES, "person"})


def check_told(page: CasePage, case: Found, findings: Findings) -> None:
    """Sightings and notices: of a kind that there is, told to a role that there is, between opening and now."""
    last = _last_day(page, case)
    for row in page.of("sightings", case.id):
        wrong = [] if row.kind in KINDS else ["kind"]
        if not case.opened_on <= row.known_on <= last:
            wrong.append("known_on")
        if wrong:
            findings.add("implausible", "sightings", raw_rows.key_of("sightings", row), *wrong)
    for row in page.of("notices", case.id):
        wrong = [] if row.kind in TOLD_KINDS else ["kind"]
        if not case.opened_on <= row.told_on <= last:
            wrong.append("told_on")
        if row.told_to not in TOLD_ROLES:
            wrong.append("told_to")
        if row.role not in TOLD_ROLES:
            wrong.append("role")
        if wrong:
            findings.add("implausible", "notices", raw_rows.key_of("notices", row), *wrong)


def check_place(page: CasePage, case: Found, findings: Findings) -> None:
    """What the row of a case repeats: whom it is about, its pack, its office."""
    wrong = []
    if case.subject_id != page.roots.get(case.person_id):
        wrong.append("subject_id")
    pins = page.of("pins", case.id)
    numbers = {row.number for row in pins}
    if lost := sorted({1, *range(1, len(pins) + 1)} - numbers):
        findings.add("missing", "pins", {"case_id": case.id, "number": lost[0]})
    elif pins[-1].pack != case.policy:
        wrong.append("policy")
    if case.office_id not in _offices(page.of("placements", case.id)):
        wrong.append("office_id")
    if wrong:
        findings.of_case("mutated", case.id, *wrong)


def check_proposals(page: CasePage, case: Found, findings: Findings) -> None:
    """Proposals: decided by whom they can be decided, readable, and what was approved is in the record."""
    key = page.keys.get(case.person_id)
    approved_by = {row.id: row.approved_by for row in page.of("events", case.id)}
    for row in page.of("proposals", case.id):
        if wrong := _wrong_in(row):
            findings.add("implausible", "proposals", {"id": row.id}, *wrong)
        if key is None:
            continue
        try:
            ids = [new.id for new in opened_request(row, key)]
            opened_reason(row, key)
        except DAMAGED as error:
            findings.add("unreadable", "proposals", {"id": row.id}, because=code_of(error))
            continue
        if row.outcome == "approved" and {approved_by.get(one) for one in ids} != {row.decided_by}:
            findings.add("implausible", "proposals", {"id": row.id}, "outcome")


def check_quarantine(page: CasePage, case: Found, findings: Findings) -> None:
    """What phones brought: kept for a reason, decided by whom it can be decided, and readable."""
    key = page.keys.get(case.person_id)
    for row in page.of("quarantine", case.id):
        waits = row.outcome is None
        wrong = [] if row.why in WHYS else ["why"]
        wrong += [] if waits or row.outcome in BROUGHT_OUTCOMES else ["outcome"]
        wrong += [name for name in DECIDED if waits != (getattr(row, name) is None)]
        wrong += ["decided_by"] if row.decided_by == row.brought_by else []
        wrong += ["reason"] if (row.reason is None) == (row.outcome == "dismissed") else []
        if wrong:
            findings.add("implausible", "quarantine", {"id": row.id}, *wrong)
        if key is None:
            continue
        try:
            opened_brought(row, key)
            opened_decision(row, key)
        except DAMAGED as error:
            findings.add("unreadable", "quarantine", {"id": row.id}, because=code_of(error))


def check_attachments(
    uow: UnitOfWork,
    files: SealedFiles | None,
    page: CasePage,
    case: Found,
    findings: Findings,
) -> int:
    """
    Each attachment's ciphertext, read whole, one at a time; gives back how many lie where it was not to look.

    Args:
        files: where those on a disk lie; None where nobody said.

    Raises:
        Unavailable: `attachments_folder_unusable`: the disk is not there.
    """
    unseen = 0
    known = {row.id for row in page.of("events", case.id)}
    for row in page.of("attachments", case.id):
        if row.event_id is not None and row.event_id not in known:
            findings.add("implausible", "attachments", {"id": row.id}, "event_id")
        if row.kept == DISK and files is None:
            unseen += 1
        elif because := _wrong_with(uow, files, row, readable=case.person_id in page.keys):
            findings.add("unreadable", "attachments", {"id": row.id}, because=because)
    return unseen


def _wrong_in(row: Found) -> list[str]:
    """Columns of a proposal that cannot stand beside the others; nobody approves what they proposed."""
    waits, own = row.outcome is None, row.decided_by == row.proposed_by
    wrong = []
    if not waits and row.outcome not in OUTCOMES:
        wrong.append("outcome")
    if waits != (row.decided_at is None):
        wrong.append("decided_at")
    if waits != (row.decided_by is None) or (not waits and own != (row.outcome == "withdrawn")):
        wrong.append("decided_by")
    if row.outcome != "withdrawn" and (row.reason is None) == (row.outcome == "declined"):
        wrong.append("reason")
    return wrong


def _last_day(page: CasePage, case: Found) -> date:
    """The last day on which anything was recorded on a case, swept or projected; a clock may have gone back."""
    days: list[date] = [case.opened_on]
    days += [row.recorded_on for row in page.of("events", case.id)]
    days += [day for day in (case.projected_on, page.swept_through) if day is not None]
    return max(days)


def _offices(placed: list[Found]) -> set[UUID | None]:
    """The office that has a case by its last hand-over; several where these were of one instant."""
    standing = [row for row in placed if row.withdrawn_at is None]
    last = max(((row.from_on, row.recorded_at) for row in standing), default=None)
    return {row.office_id for row in standing if (row.from_on, row.recorded_at) == last} or {None}


def _wrong_with(
    uow: UnitOfWork, files: SealedFiles | None, row: Found, *, readable: bool
) -> str | None:
    """Why an attachment cannot be read; of somebody whose key is gone, why its ciphertext is not what it was."""
    try:
        if readable:
            found = read_attachment(uow, files, row.id)
            same = found.entry.plain_bytes == len(found.content)
            return None if same else "attachment_damaged"
        if row.kept == DISK:
            body = files.read(row.id, row.digest) if files else None
        else:
            body = attachments.body_of(uow.session, row.id)
    except Unavailable:
        raise  # the disk is not there: that is no fault of the attachment
    except DAMAGED as error:
        because = code_of(error)
        return None if because == SHREDDED else because
    same = body is not None and sha256(body).digest() == row.digest
    return None if same else "attachment_damaged"
