"""
Attaching photos and scans: made safe, sealed under the person's data key, kept whole or not at all.

Where the ciphertext lies is a setting: in the database, or in a folder on a disk.
On the disk a file comes first and its row after it; a stop in between leaves a
file without a row, which `sweep_orphans` removes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from workflow.rules.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from workflow.services.clock import Instant
from workflow.services.photos import SUFFIXES, SafeFile, made_safe
from workflow.services.quarantine import stands_as
from workflow.store import attachments, cases, data_keys
from workflow.store.data_keys import DataKey
from workflow.store.reach import Reach
from workflow.store.sealed_files import SealedFile, SealedFiles
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

DATABASE, DISK = "database", "disk"
LONGEST_CAPTION = 500
LONGEST_NAME = 120
AT_ONCE = 500
"""Files a question to the database."""
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_SUFFIX = re.compile(r"\.\w{1,8}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class AttachmentEntry:
    """
    What is known of an attachment without opening it.

    Args:
        event_id: the event that it belongs to, if it belongs to one.
        plain_bytes: its size as it is read, after it was made safe.
    """

    id: UUID
    case_id: UUID
    event_id: str | None
    media_type: str
    plain_bytes: int
    file_name: str = field(repr=False)
    caption: str | None = field(repr=False)
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment, opened."""

    entry: AttachmentEntry
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """What it is, as found from its content."""
        return self.entry.media_type

    @property
    def file_name(self) -> str:
        """The name to offer when it is saved; its ending is that of its content."""
        return self.entry.file_name

    @property
    def caption(self) -> str | None:
        """What was written under it."""
        return self.entry.caption


@dataclass(frozen=True, slots=True)
class Attached:
    """What was attached, and whether it had been before."""

    entry: AttachmentEntry
    already_known: bool


def attach(
    uow: UnitOfWork,
    files: SealedFiles | None,
    *,
    attachment_id: UUID,
    case_id: UUID,
    content: bytes,
    file_name: str,
    clock: Instant,
    by: str,
    caption: str | None = None,
    event_id: str | None = None,
    request_id: UUID | None = None,
    reach: Reach | None = None,
) -> Attached:
    """
    Keep a photo or a scan with a case. Sending it twice is harmless.

    It is made safe before the first statement, so that a slow picture holds no writer up.

    Args:
        files: where ciphertext is kept on a disk; None keeps it in the database.
        attachment_id: made by the client (UUIDv7).
        file_name: as on the device; only its last part is kept, with the ending of what it really is.
        event_id: an event recorded on the same case; or one that waits for a person's decision:
        request_id: the request by which the same caller brought that one, be it recorded, proposed or in quarantine.
            It counts without the case in reach, so that a photo is not lost with it.
        reach: what the caller may know of; None for the engine itself.

    Raises:
        Refused: what `photos.made_safe` refuses; `key_shredded`.
        Unavailable: `disk_full` or `attachments_folder_unusable`; nothing of it is kept.
        Invalid: the caption is too long.
        NotFound: there is no such case within reach, or no such event on it; or its request was turned down.
        Conflict: `attachment_id_conflict`: the id is taken by other content.
    """
    safe = made_safe(content)
    _check_caption(caption)
    waiting = None
    if event_id is not None and request_id is not None:
        waiting = stands_as(uow, request_id, case_id, event_id, by)
    key = _key_of(uow, case_id, reach if waiting is None else None)
    if event_id is not None and waiting is None:
        _check_event(uow, case_id, event_id)
    details = {
        "file_name": shown_name(file_name, safe.media_type),
        "caption": caption or None,
        "sent": sha256(content).hexdigest(),
    }
    body, sealed = _sealed(key, attachment_id, safe, details)
    envelope = {"id": attachment_id, "case_id": case_id, "event_id": waiting or event_id}
    kept = DATABASE if files is None else DISK
    row = {**envelope, **sealed, "kept": kept, "recorded_at": clock.now, "recorded_by": by}
    if not attachments.add(uow.session, row):
        return _known_before(uow, row, details, key)
    if files is None:
        attachments.add_body(uow.session, attachment_id, body)
    else:
        files.put(attachment_id, row["digest"], body)
    return Attached(_entry(row, details), already_known=False)


def read_attachment(
    uow: UnitOfWork,
    files: SealedFiles | None,
    attachment_id: UUID,
    *,
    case_id: UUID | None = None,
    reach: Reach | None = None,
) -> Attachment:
    """
    An attachment, opened.

    Args:
        case_id: the case to which it has to belong; None for whichever.
        files: where those kept on a disk lie; not asked for those in the database.
        reach: what the caller may know of; None for the engine itself.

    Raises:
        NotFound: there is no such attachment within reach.
        Refused: `key_shredded`: what is about this person can no longer be read;
            `attachment_damaged`: its ciphertext is gone or was changed.
        Unavailable: `attachments_folder_unusable`: the disk is not there.
    """
    row = attachments.find(uow.session, attachment_id)
    if row is None or case_id not in (None, row.case_id):
        raise NotFound("not_found", what=str(attachment_id))
    key = _key_of(uow, row.case_id, reach, sought=attachment_id)
    body = _body(uow, files, row)
    if body is None or sha256(body).digest() != row.digest:
        raise Refused("attachment_damaged", id=str(attachment_id))
    return Attachment(_opened(row, key), key.open(body, _body_place(attachment_id)))


def attachments_of(
    uow: UnitOfWork, case_id: UUID, *, reach: Reach | None = None
) -> list[AttachmentEntry]:
    """
    What is attached to a case, in the order of recording. No body is read for it.

    Raises:
        NotFound: there is no such case within reach.
        Refused: `key_shredded`.
    """
    key = _key_of(uow, case_id, reach)
    return [_opened(row, key) for row in attachments.of_case(uow.session, case_id)]


def sweep_orphans(uow: UnitOfWork, files: SealedFiles, older_than: datetime) -> int:
    """
    Remove the files that no row speaks of, as a stop in the middle leaves them; gives back how many.

    It only reads the database, and may run while others write.

    Args:
        older_than: an instant by the clock of the machine, never by that of a demo; so far back that
            no transaction is still open from before it. A day is plenty.
    """
    removed = 0
    for some in _in_groups(files.older_than(older_than)):
        kept = attachments.digests_on_disk(uow.session, [file.attachment_id for file in some])
        for file in some:
            digest = kept.get(file.attachment_id, b"")
            if not (file.whole and digest.startswith(file.digest_start)):
                files.remove(file)
                removed += 1
    return removed


def shown_name(file_name: str, media_type: str) -> str:
    """
    A file name that is safe to show and to save under: its last part, nothing invisible, the right ending.

    A PDF sent as `report.hta` is kept as `report.pdf`, so that opening it runs nothing.
    """
    last = "".join(filter(str.isprintable, _FOLDERS.sub("", file_name))).strip()
    stem = _SUFFIX.sub("", last)[:LONGEST_NAME].strip(" .")
    return (stem or "attachment") + SUFFIXES[media_type]


def _check_event(uow: UnitOfWork, case_id: UUID, event_id: str) -> None:
    if not attachments.has_event(uow.session, case_id, event_id):
        raise NotFound("not_found", what="event")


def _check_caption(caption: str | None) -> None:
    if len(caption or "") > LONGEST_CAPTION:
        limit = f"<= {LONGEST_CAPTION}"
        raise Invalid("invalid_value", event="attachment", field="caption", expected=limit)


def _key_of(
    uow: UnitOfWork, case_id: UUID, reach: Reach | None, *, sought: UUID | None = None
) -> DataKey:
    """The key that seals a case; out of reach answers like unknown, by the id that was asked for."""
    case = cases.find(uow.session, case_id, reach)
    if case is None:
        raise NotFound("not_found", what=str(sought or case_id))
    return data_keys.of(uow.session, uow.ring, case.person_id)


def _sealed(
    key: DataKey, attachment_id: UUID, safe: SafeFile, details: Mapping[str, Any]
) -> tuple[bytes, dict[str, Any]]:
    """The ciphertext, and what its row says of it."""
    body = key.seal(safe.content, _body_place(attachment_id))
    return body, {
        "details": key.seal_json(details, _details_place(attachment_id)),
        "media_type": safe.media_type,
        "plain_bytes": len(safe.content),
        "digest": sha256(body).digest(),
    }


def _known_before(
    uow: UnitOfWork, row: dict[str, Any], details: dict[str, Any], key: DataKey
) -> Attached:
    """What an earlier sending left, if it was the same; compared with what was sent, not with what was drawn."""
    known = attachments.find(uow.session, row["id"])
    same = known is not None and (known.case_id, known.event_id) == (
        row["case_id"],
        row["event_id"],
    )
    if known is None or not same or _details(known, key) != details:
        raise Conflict("attachment_id_conflict", id=str(row["id"]))
    return Attached(_opened(known, key), already_known=True)


def _body(uow: UnitOfWork, files: SealedFiles | None, row: Found) -> bytes | None:
    if row.kept == DATABASE:
        return attachments.body_of(uow.session, row.id)
    if files is None:
        raise Unavailable("attachments_folder_unusable", error="")
    return files.read(row.id, row.digest)


def _details(row: Found, key: DataKey) -> dict[str, Any]:
    found: dict[str, Any] = key.open_json(row.details, _details_place(row.id))
    return found


def _opened(row: Found, key: DataKey) -> AttachmentEntry:
    return _entry(row._asdict(), _details(row, key))


def _entry(row: Mapping[str, Any], details: Mapping[str, Any]) -> AttachmentEntry:
    plain = ("id", "case_id", "event_id", "media_type", "plain_bytes", "recorded_at", "recorded_by")
    return AttachmentEntry(
        **{name: row[name] for name in plain},
        file_name=details["file_name"],
        caption=details["caption"],
    )


def _details_place(attachment_id: UUID) -> str:
    return f"attachments.details|{attachment_id}"


def _body_place(attachment_id: UUID) -> str:
    """The same in the database and on a disk: a ciphertext can be carried over as it is."""
    return f"attachment_bodies.body|{attachment_id}"


def _in_groups(found: Iterator[SealedFile]) -> Iterator[list[SealedFile]]:
    while some := list(islice(found, AT_ONCE)):
        yield some
