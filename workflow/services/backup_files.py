"""
The file of a backup: a head that anybody may read, and frames that open only with the office's key ring.

The head names no person. It is three lines: what this is, what is in it, and a
checksum of that. Each frame is sealed (AES-GCM) under a key made for this file
alone, which the ring's active root key wraps; its number is its nonce, and bound
to it are the head and whether it is the last, so that no frame can be left out,
changed, moved or come from elsewhere. A file is whole under its name, or not there.
"""

from __future__ import annotations

import errno
import gzip
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workflow.rules.errors import Refused, Unavailable
from workflow.store.keyring import KEY_BYTES, NONCE_BYTES, KeyRing

MAGIC = b"guitu backup 1\n"
LONGEST_HEAD = 2**16
LARGEST_FRAME = 2**27
FULL = 2**20
"""A frame is sealed once it holds so many bytes of rows."""

ALONE = 0o600
LINES, BODY, END = b"L", b"B", b"E"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Head:
    """
    What anybody may know of a backup.

    Args:
        schema: the revision of the database's schema.
        mode: what the database is for, `production` or `demo`; None where it bears no stamp.
        root_key: the id of the root key that wraps the key of this file.
        rows: how many rows each table has.
        files: how many attachments lie on a disk; None where they were not to be included.
    """

    id: UUID
    made_at: datetime
    version: str
    schema: str
    mode: str | None
    root_key: str
    rows: Mapping[str, int]
    files: int | None


@dataclass(frozen=True, slots=True)
class TableLines:
    """Some rows of a table; `columns` says of each value what it is called and of which kind it is."""

    table: str
    columns: Sequence[Sequence[str]]
    lines: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class FileBody:
    """The ciphertext of an attachment that lies on a disk, as it lies there."""

    attachment_id: UUID
    digest: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Total:
    """What was in a file, said at its end: of each table rows and the sum of their hashes; how many files."""

    tables: Mapping[str, tuple[int, str]]
    files: int


Content = TableLines | FileBody | Total


# ------------------------------------------------------------------ writing


@contextmanager
def new_file(path: Path, settle: Callable[[Path], None]) -> Iterator[Path]:
    """
    A file of another name beside it, its owner's alone, that gets its name if all goes well, and else goes.

    Whatever is written to it must be on the disk by then.

    Args:
        settle: has a file or folder written out to the disk before it returns.

    Raises:
        Refused: `backup_exists`: a file lies there, and stays as it is; `backup_file_unusable`.
        Unavailable: `disk_full`.
    """
    with _told(path):
        if path.exists():
            raise Refused("backup_exists", file=str(path))
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        try:
            part.touch(ALONE, exist_ok=False)
            yield part
            if path.exists():
                raise Refused("backup_exists", file=str(path))
            part.rename(path)
            settle(path.parent)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def writing(
    path: Path, head: Head, ring: KeyRing, settle: Callable[[Path], None]
) -> Iterator[FrameWriter]:
    """Write the frames of a backup, which are on the disk afterwards; the last one must be its `Total`."""
    with path.open("wb") as out:
        yield FrameWriter(out, head, ring)
    settle(path)


class FrameWriter:
    """Seals and writes one frame after the other."""

    def __init__(self, out: BinaryIO, head: Head, ring: KeyRing) -> None:
        key = secrets.token_bytes(KEY_BYTES)
        lines = _head_lines(head, ring.root(head.root_key).wrap(key, _owner(head.id)))
        self._out, self._frames = out, _Frames(key, lines)
        out.write(lines)
        self._add(b"")  # with it the head can be trusted before anything is done with the rest

    def rows(self, rows: TableLines) -> None:
        """Rows of a table, in as many frames as they fill."""
        first = json.dumps({"table": rows.table, "columns": rows.columns}).encode()
        some, size = [first], 0
        for line in rows.lines:
            some.append(line)
            size += len(line)
            if size >= FULL:
                self._add(LINES + _packed(some))
                some, size = [first], 0
        if len(some) > 1:
            self._add(LINES + _packed(some))

    def file(self, file: FileBody) -> None:
        """An attachment, in a frame of its own."""
        self._add(BODY + file.attachment_id.bytes + file.digest + file.body)

    def end(self, total: Total) -> None:
        """What there was, in the last frame."""
        said = {"tables": dict(total.tables), "files": total.files}
        self._add(END + json.dumps(said).encode(), last=True)

    def _add(self, plain: bytes, *, last: bool = False) -> None:
        sealed = self._frames.seal(plain, last=last)
        self._out.write(len(sealed).to_bytes(4))
        self._out.write(sealed)


# ------------------------------------------------------------------ reading


@contextmanager
def reading(path: Path, ring: KeyRing) -> Iterator[FrameReader]:
    """
    Open a backup; what its head says can be trusted from here on.

    Raises:
        Refused: `backup_file_unusable`; `backup_damaged`: it is no backup, or not as it was written;
            `key_missing`: the ring has not the root key that wraps its key; `backup_unreadable`: it
            has another one of that name.
    """
    with _told(path), path.open("rb") as file:
        yield FrameReader(file, ring)


class FrameReader:
    """Reads and opens one frame after the other; refuses `backup_damaged` where one is not as it was written."""

    def __init__(self, file: BinaryIO, ring: KeyRing) -> None:
        lines = [file.readline(LONGEST_HEAD) for _ in range(3)]
        if lines[0] != MAGIC or lines[2] != _checksum(lines[1]):
            raise Refused("backup_damaged")
        self.head, wrapped = _head_of(lines[1])
        try:
            key = ring.root(self.head.root_key).unwrap(wrapped, _owner(self.head.id))
        except Refused as error:
            if error.code == "key_missing":
                raise
            raise Refused("backup_unreadable", key=self.head.root_key) from error
        self._file, self._frames = file, _Frames(key, b"".join(lines))
        if self._next() != (b"", False):
            raise Refused("backup_damaged")

    def __iter__(self) -> Iterator[Content]:
        """What the frames hold, to the last; nothing may come after it."""
        last = False
        while not last:
            plain, last = self._next()
            yield _content(plain)
        if self._file.read(1):
            raise Refused("backup_damaged")

    def _next(self) -> tuple[bytes, bool]:
        size = int.from_bytes(self._file.read(4))
        sealed = self._file.read(size) if size <= LARGEST_FRAME else b""
        if len(sealed) != size:
            raise Refused("backup_damaged")
        return self._frames.open(sealed)


class _Frames:
    """Numbers, seals and opens frames."""

    def __init__(self, key: bytes, head: bytes) -> None:
        self._key, self._head, self._number = AESGCM(key), sha256(head).digest(), 0

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        return self._key.encrypt(self._nonce(), plain, self._bound(last))

    def open(self, sealed: bytes) -> tuple[bytes, bool]:
        nonce = self._nonce()
        for last in (False, True):
            with suppress(InvalidTag, ValueError):
                return self._key.decrypt(nonce, sealed, self._bound(last)), last
        raise Refused("backup_damaged")

    def _nonce(self) -> bytes:
        self._number += 1
        return self._number.to_bytes(NONCE_BYTES)

    def _bound(self, last: bool) -> bytes:
        return self._head + (b"last" if last else b"more")


# ------------------------------------------------------------------ what stands in it


def _head_lines(head: Head, wrapped: bytes) -> bytes:
    said = {
        "id": str(head.id),
        "made_at": head.made_at.isoformat(),
        "version": head.version,
        "schema": head.schema,
        "mode": head.mode,
        "root_key": head.root_key,
        "key": b64encode(wrapped).decode(),
        "rows": dict(head.rows),
        "files": head.files,
    }
    line = json.dumps(said).encode() + b"\n"
    return MAGIC + line + _checksum(line)


def _head_of(line: bytes) -> tuple[Head, bytes]:
    """The head and the wrapped key. Its checksum was right, so a fault is a later release's, or a forgery."""
    try:
        said: dict[str, Any] = json.loads(line)
        wrapped = b64decode(said.pop("key"), validate=True)
        said["id"] = UUID(said["id"])
        said["made_at"] = datetime.fromisoformat(said["made_at"])
        return Head(**said), wrapped
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("backup_damaged") from None


def _checksum(line: bytes) -> bytes:
    return sha256(line).hexdigest().encode() + b"\n"


def _owner(backup_id: UUID) -> bytes:
    """To whom the key of a file is bound: never a person, whose id is shorter."""
    return b"backup|" + backup_id.bytes


def _packed(lines: Sequence[bytes]) -> bytes:
    return gzip.compress(b"\n".join(lines), compresslevel=1, mtime=0)


def _content(plain: bytes) -> Content:
    kind, body = plain[:1], plain[1:]
    if kind == LINES:
        first, *lines = gzip.decompress(body).split(b"\n")
        return TableLines(lines=lines, **json.loads(first))
    if kind == BODY:
        return FileBody(UUID(bytes=body[:16]), body[16:48], body[48:])
    said = json.loads(body)
    tables = {name: (rows, digest) for name, (rows, digest) in said["tables"].items()}
    return Total(tables, said["files"])


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Says what a disk refused with a code."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Unavailable("disk_full") from error
        name = type(error).__name__
        raise Refused("backup_file_unusable", file=str(path), error=name) from error
