"""The file of a backup: no byte of it can be changed, lost, moved or added without being noticed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from tests.backups import NOW
from tests.builders import RING
from workflow.rules.errors import Refused
from workflow.services.backup_files import (
    LONGEST_HEAD,
    Content,
    FileBody,
    FrameReader,
    Head,
    TableLines,
    Total,
    reading,
    writing,
)
from workflow.store.keyring import KeyRing

COLUMNS = [["id", "id"], ["name", "text"]]
HELD: Sequence[Content] = (
    TableLines("cases", COLUMNS, [b'["a","\\n"]', '["b","归途"]'.encode()]),
    FileBody(UUID(int=7), b"d" * 32, bytes(range(256))),
    TableLines("events", COLUMNS, [b'["c","d"]']),
    Total({"cases": (2, "00"), "events": (1, "01")}, 1),
)


def head(number: int = 1) -> Head:
    rows = {"cases": 2, "events": 1}
    return Head(UUID(int=number), NOW.now, "1", "7a1c", "production", RING.active, rows, 1)


def write(path: Path, ring: KeyRing = RING, number: int = 1) -> bytes:
    """A small backup, and the bytes of it."""
    with writing(path, head(number), ring, lambda _: None) as out:
        for each in HELD:
            match each:
                case TableLines():
                    out.rows(each)
                case FileBody():
                    out.file(each)
                case Total():
                    out.end(each)
    return path.read_bytes()


def read(path: Path, ring: KeyRing = RING) -> list[Content]:
    with reading(path, ring) as reader:
        assert reader.head == head(reader.head.id.int)
        return list(reader)


def code(whole: bytes, ring: KeyRing = RING) -> str:
    """What is refused of a file with these bytes; nothing of them is repeated."""
    with pytest.raises(Refused) as found:
        list(FrameReader(BytesIO(whole), ring))
    return str(found.value)


def parts(whole: bytes) -> tuple[bytes, list[bytes]]:
    """The head, and each frame with its length."""
    start = 0
    for _ in range(3):
        start = whole.index(b"\n", start) + 1
    frames, at = [], start
    while at < len(whole):
        end = at + 4 + int.from_bytes(whole[at : at + 4])
        frames.append(whole[at:end])
        at = end
    return whole[:start], frames


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write(tmp_path / "x")
    assert read(tmp_path / "x") == list(HELD)


def test_every_byte_of_it_counts(tmp_path: Path) -> None:
    whole = write(tmp_path / "x")
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        assert code(bytes(changed)) == "backup_damaged", place


def test_it_cannot_be_cut_short_anywhere(tmp_path: Path) -> None:
    whole = write(tmp_path / "x")
    for size in range(len(whole)):
        assert code(whole[:size]) == "backup_damaged", size


def test_nothing_can_be_added(tmp_path: Path) -> None:
    whole = write(tmp_path / "x")
    start, frames = parts(whole)
    for more in (b"\0", frames[-1], frames[1]):
        assert code(whole + more) == "backup_damaged"
    assert start + b"".join(frames) == whole


def test_no_frame_can_be_left_out_moved_or_doubled(tmp_path: Path) -> None:
    start, frames = parts(write(tmp_path / "x"))
    assert len(frames) == 5
    for place in range(len(frames)):
        without = [*frames[:place], *frames[place + 1 :]]
        for changed in (without, [*frames[:place], frames[place], *frames[place:]]):
            assert code(start + b"".join(changed)) == "backup_damaged"
    frames[1], frames[3] = frames[3], frames[1]
    assert code(start + b"".join(frames)) == "backup_damaged"


def test_no_frame_or_head_comes_from_another_backup(tmp_path: Path) -> None:
    start, frames = parts(write(tmp_path / "x"))
    other_start, others = parts(write(tmp_path / "y", number=2))
    mixed = start + b"".join([*frames[:2], *others[2:]])
    assert code(mixed) == "backup_damaged"
    assert code(other_start + b"".join(frames)) == "backup_damaged"


@pytest.mark.parametrize(
    "whole",
    [
        b"",
        b"guitu backup 1\n",
        b"guitu backup 2\n{}\n",
        b"SQLite format 3\0" + bytes(100),
        b"guitu backup 1\n" + b"x" * (LONGEST_HEAD + 10),
        b"\n\n\n",
    ],
)
def test_a_file_that_is_no_backup_is_refused(whole: bytes) -> None:
    assert code(whole) == "backup_damaged"


def test_a_frame_that_claims_to_be_huge_is_not_read(tmp_path: Path) -> None:
    start, frames = parts(write(tmp_path / "x"))
    huge = b"\xff\xff\xff\xff" + frames[0][4:]
    assert code(start + huge + b"".join(frames[1:])) == "backup_damaged"


def test_a_head_that_somebody_rewrote_with_its_checksum_is_no_use(tmp_path: Path) -> None:
    start, frames = parts(write(tmp_path / "x"))
    magic, line, _ = start.splitlines(keepends=True)
    for old, new in (
        (b'"production"', b'"demo"'),
        (b'"7a1c"', b'"7a1d"'),
        (b'"files": 1', b'"x": 1'),
    ):
        assert old in line
        other = line.replace(old, new)
        check = sha256(other).hexdigest().encode() + b"\n"
        forged = magic + other + check + b"".join(frames)
        assert code(forged) == "backup_damaged"


def test_rings_are_told_apart(tmp_path: Path) -> None:
    whole = write(tmp_path / "x")
    assert code(whole, KeyRing.generate("k7")) == "key_missing(key=k1)"
    assert code(whole, KeyRing.generate("k1")) == "backup_unreadable(key=k1)"


def test_a_file_that_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    for path, error in ((tmp_path / "none", "FileNotFoundError"), (tmp_path, "IsADirectoryError")):
        with pytest.raises(Refused) as found:
            read(path)
        assert (found.value.code, found.value.facts["error"]) == ("backup_file_unusable", error)
