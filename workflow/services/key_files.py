"""
Where a key ring lies: a small file beside nothing else, its owner's alone, replaced whole or not at all.

A new ring is on the disk under its own name before the old one gives way, so
that a crash leaves one of the two, entire. A server that runs on follows the
file: a key that was made meanwhile is there at the next request.
"""

from __future__ import annotations

import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from workflow.rules.errors import GuituError, Refused
from workflow.store.keyring import KeyRing

ALONE = 0o600
OF_THE_SYSTEM = 0o640
"""A file of root's may be lent to one group: how a system's packages hand a secret to a service."""

Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class KeyFile:
    """
    The file of a ring; nothing is touched before a method is called.

    Args:
        settle: has a file or folder written out to the disk before it returns.
    """

    path: Path
    settle: Callable[[Path], None]

    @property
    def exists(self) -> bool:
        """Whether there is one, readable or not."""
        with self._told():
            return self.path.exists()

    @property
    def is_open_to_others(self) -> bool:
        """Whether others than its owner may read or write it; where the system knows no such thing, no."""
        if sys.platform == "win32":
            return False
        with self._told():
            found = self.path.stat()
        allowed = OF_THE_SYSTEM if found.st_uid == 0 else ALONE
        return bool(stat.S_IMODE(found.st_mode) & ~allowed & 0o077)

    def read(self) -> KeyRing:
        """
        The ring as it lies there now.

        Raises:
            Refused: `key_ring_missing`, or `key_file_unusable` where the file cannot be read.
            Invalid: `key_ring_unreadable`: it is no ring.
        """
        if not self.exists:
            raise Refused("key_ring_missing", file=str(self.path))
        return KeyRing.parse(self.text())

    def text(self) -> str:
        """What lies there, ring or not; raises Refused `key_file_unusable` where nothing can be read."""
        with self._told():
            return self.path.read_text("utf-8", errors="surrogateescape")

    def followed(self) -> KeyRing:
        """The ring as it lies there now, reading the file again whenever it has changed."""
        return _Followed(self).begun()

    def create(self, text: str) -> None:
        """
        Write a text (a ring's, or a backup's) where there is no file.

        Raises:
            Refused: `key_file_exists`: a file lies there, and stays as it is; or `key_file_unusable`.
        """
        with self._told(), self._written(text) as new:
            try:
                self.path.hardlink_to(new)
            except FileExistsError:
                raise Refused("key_file_exists", file=str(self.path)) from None
            self.settle(self.path.parent)

    def replace(self, ring: KeyRing) -> None:
        """
        Put a ring in the place of the one that lies there; owner and mode stay.

        Raises:
            Refused: `key_ring_missing` or `key_file_unusable`; the old one then lies there still.
        """
        if not self.exists:
            raise Refused("key_ring_missing", file=str(self.path))
        with self._told():
            target = self.path.resolve(strict=True)
            for left in target.parent.glob(f".{target.name}.*.new"):
                left.unlink()  # a crash left it; it holds keys
            old = target.stat()
            with KeyFile(target, self.settle)._written(ring.text) as new:
                if (old.st_uid, old.st_gid) != (new.stat().st_uid, new.stat().st_gid):
                    shutil.chown(new, old.st_uid, old.st_gid)
                new.chmod(stat.S_IMODE(old.st_mode))
                new.replace(target)
                self.settle(target.parent)

    def signature(self) -> Signature:
        """What changes when the file is replaced."""
        found = self.path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def _written(self, text: str) -> Iterator[Path]:
        """A file of another name beside it, written out to the disk, and gone afterwards."""
        new = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.new")
        try:
            new.touch(ALONE, exist_ok=False)
            new.write_text(text, "utf-8")
            self.settle(new)
            yield new
        finally:
            new.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says what a disk refused with a code; of the contents nothing is repeated."""
        try:
            yield
        except OSError as error:
            name = type(error).__name__
            raise Refused("key_file_unusable", file=str(self.path), error=name) from error


class _Followed:
    """The ring of a file, and what the file looked like when it was read."""

    def __init__(self, file: KeyFile) -> None:
        self._file = file
        self._seen: tuple[Signature, KeyRing] | None = None

    def begun(self) -> KeyRing:
        """The first reading, which is told where it fails."""
        signature = self._file.signature() if self._file.exists else (0, 0, 0)
        self._seen = signature, replace(self._file.read(), again=self.again)
        return self._seen[1]

    def again(self) -> KeyRing:
        """
        The ring as the file has it now.

        A file that is gone, unreadable, or shares no key with what was read
        before is somebody's mistake: what runs goes on with what it has.
        """
        assert self._seen is not None
        signature, known = self._seen
        try:
            now = self._file.signature()
            if now == signature:
                return known
            found = replace(self._file.read(), again=self.again)
        except (OSError, GuituError):
            return known
        if not found.shares_a_key_with(known):
            return known
        self._seen = now, found
        return found
