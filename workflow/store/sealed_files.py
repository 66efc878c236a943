"""
Sealed files: the ciphertext of attachments on a disk. A file is whole and durable under its name, or not there.

Each has a name of its own, made of the attachment's id and of what is in it. So no
two writers meet in one file, and a file without a row never becomes that of a row
written later: it can be removed while others write. Knows no key and no row.
"""

from __future__ import annotations

import errno
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from workflow.rules.errors import Unavailable

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NAME = re.compile(r"([0-9a-f-]{36})\.([0-9a-f]{16})\.sealed(\.[0-9a-f]{8}\.part)?")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """
    One file that lies there.

    Args:
        digest_start: the first bytes of its ciphertext's digest.
        whole: it has its final name; else its writer was stopped, or is still at it.
    """

    path: Path
    attachment_id: UUID
    digest_start: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class SealedFiles:
    """
    The files below one folder, spread over 256 by their digest: ids made at one time begin alike.

    Args:
        folder: it stands already. It is never made here, since a disk that is not mounted would
            go unnoticed.
        settle: has a file or folder written out to the disk before it returns.
    """

    folder: Path
    settle: Callable[[Path], None]

    def put(self, attachment_id: UUID, digest: bytes, body: bytes) -> None:
        """
        Write a ciphertext down; on return it survives a power cut.

        Call it before the row is committed: a stop in between leaves a file without a row, never the
        other way round.

        Raises:
            Unavailable: `disk_full`; `attachments_folder_unusable`: it is missing, or cannot be written.
        """
        place = self._place(attachment_id, digest)
        part = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
        try:
            place.parent.mkdir(exist_ok=True)
            with part.open("xb") as file:
                file.write(body)
            self.settle(part)
            part.replace(place)
            self.settle(place.parent)
            self.settle(self.folder)
        except OSError as error:
            _give_up(part)
            raise _failed(error) from error

    def read(self, attachment_id: UUID, digest: bytes) -> bytes | None:
        """
        The ciphertext, or None where it is not there.

        Raises:
            Unavailable: `attachments_folder_unusable`: the folder is missing, or cannot be read.
        """
        try:
            return self._place(attachment_id, digest).read_bytes()
        except FileNotFoundError as error:
            if not self.folder.is_dir():
                raise _failed(error) from error
            return None
        except OSError as error:
            raise _failed(error) from error

    def older_than(self, instant: datetime) -> Iterator[SealedFile]:
        """The files last written before an instant, half-written ones included; nothing but ours."""
        for path in sorted(self.folder.glob("??/*")):
            named = _NAME.fullmatch(path.name)
            if named and _written_before(path, instant):
                start = bytes.fromhex(named[2])
                yield SealedFile(path, UUID(named[1]), start, whole=named[3] is None)

    def remove(self, file: SealedFile) -> None:
        """Delete a file; harmless where it is gone already."""
        file.path.unlink(missing_ok=True)

    def _place(self, attachment_id: UUID, digest: bytes) -> Path:
        start = digest.hex()[:16]
        return self.folder / start[:2] / f"{attachment_id}.{start}.sealed"


def _give_up(part: Path) -> None:
    """Make room again; where even that is refused, the sweep of orphans finds it later."""
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return


def _written_before(path: Path, instant: datetime) -> bool:
    try:
        return path.stat().st_mtime < instant.timestamp()
    except FileNotFoundError:
        return False


def _failed(error: OSError) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable("disk_full")
    return Unavailable(
        "attachments_folder_unusable", error=errno.errorcode.get(error.errno or 0, "")
    )
