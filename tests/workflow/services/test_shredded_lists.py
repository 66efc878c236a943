"""The list of those whose keys were destroyed: added to, never rewritten, and read to the last line or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest

from tests.attachments import settle
from workflow.rules.errors import Refused
from workflow.services.shredded_lists import ShreddedList

ONE, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.fixture
def shredded(tmp_path: Path) -> ShreddedList:
    return ShreddedList(tmp_path / "guitu.shredded", settle)


def test_what_is_added_is_there_afterwards(shredded: ShreddedList) -> None:
    assert not shredded.exists
    shredded.add([ONE])
    shredded.add([OTHER, THIRD])
    assert shredded.owners() == {ONE, OTHER, THIRD}
    assert shredded.path.read_text("utf-8").splitlines()[0] == str(ONE)


def test_a_new_list_is_its_owners_alone(shredded: ShreddedList) -> None:
    old = os.umask(0)
    try:
        shredded.add([ONE])
    finally:
        os.umask(old)
    assert shredded.path.stat().st_mode & 0o777 == 0o600


def test_it_is_on_the_disk_before_it_is_relied_upon(tmp_path: Path) -> None:
    seen: list[Path] = []
    shredded = ShreddedList(tmp_path / "guitu.shredded", seen.append)
    shredded.add([ONE])
    assert seen == [shredded.path, tmp_path]


def test_notes_and_empty_lines_of_a_person_are_no_ids(shredded: ShreddedList) -> None:
    shredded.path.write_text(f"# by hand\n\n  {ONE}  # 2026-11-02\n{OTHER}", "utf-8")
    assert shredded.owners() == {ONE, OTHER}
    shredded.add([THIRD])
    assert shredded.owners() == {ONE, OTHER, THIRD}


def test_a_line_that_is_no_id_is_refused_by_its_number_and_not_repeated(
    shredded: ShreddedList,
) -> None:
    shredded.path.write_text(f"{ONE}\n某甲 4417\n", "utf-8")
    with pytest.raises(Refused) as found:
        shredded.owners()
    assert (found.value.code, found.value.facts["line"]) == ("shredded_list_unreadable", 2)
    assert "4417" not in str(found.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_list_that_cannot_be_read_is_refused(
    shredded: ShreddedList, content: bytes | None
) -> None:
    if content is not None:
        shredded.path.write_bytes(content)
    with pytest.raises(Refused) as found:
        shredded.owners()
    assert found.value.code == "shredded_list_unreadable"


def test_where_it_cannot_be_written_nothing_is_shredded(tmp_path: Path) -> None:
    with pytest.raises(Refused) as found:
        ShreddedList(tmp_path / "nowhere" / "list", settle).add([ONE])
    assert found.value.code == "shredded_list_unreadable"
