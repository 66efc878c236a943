"""Facts: what cannot have come about so is named, and so is a case that repeats one wrongly."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.attachments import photo, settle
from tests.builders import CASE, DAY, PERSON, Office, an_office, new_event
from tests.counties import County, a_county
from tests.counties import named as id_of
from tests.tampering import FIRST, REPORTED, Hand, flipped, hand_in, lived, named, unguard, verify
from workflow.rules.errors import Unavailable
from workflow.services.attaching import attach
from workflow.services.clock import Instant
from workflow.services.handing_over import hand_over
from workflow.services.merges import merge_people, undo_merge
from workflow.services.people import shred_person
from workflow.store.sealed_files import SealedFiles

SWEPT = REPORTED + DAY
OTHER, PERSON_TOO = UUID(int=5), UUID(int=6)


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office(filled=lived) as found:
        unguard(found.engine)
        yield found


# ------------------------------------------------------------------ what was seen and told


def test_nothing_was_seen_before_the_case_or_after_today(office: Office) -> None:
    for day in (FIRST - DAY, SWEPT + DAY):
        with hand_in(office, "sightings") as hand:
            hand.change(hand.rows()[0], known_on=day)
            assert named(office) == [("implausible", "sightings", ("known_on",))]


def test_nothing_was_seen_that_nobody_can_owe(office: Office) -> None:
    with hand_in(office, "sightings") as hand:
        hand.put({**hand.rows()[0], "kind": "sing_a_song"})
        assert named(office) == [("implausible", "sightings", ("kind",))]


def test_nothing_was_told_that_cannot_have_been(office: Office) -> None:
    wrong: dict[str, list[object]] = {
        "kind": ["sing_a_song"],
        "told_on": [FIRST - DAY, SWEPT + DAY],
        "told_to": ["nobody"],
        "role": ["nobody"],
    }
    for column, values in wrong.items():
        for value in values:
            with hand_in(office, "notices") as hand:
                hand.change(hand.rows()[0], **{column: value})
                assert named(office) == [("implausible", "notices", (column,))]


# ------------------------------------------------------------------ what a case repeats


def test_a_case_is_about_whom_the_merges_say(office: Office) -> None:
    with hand_in(office, "cases") as hand:
        hand.change(hand.rows()[0], subject_id=PERSON_TOO)
        assert named(office) == [("mutated", "cases", ("subject_id",))]


def test_merged_and_taken_back_is_right(office: Office) -> None:
    office.record(SWEPT, new_event("died", SWEPT))
    lived(office, case_id=OTHER, person_id=PERSON_TOO)
    merge_id, clock = UUID(int=9), Instant.on(SWEPT)
    with office.uow() as uow:
        merge_people(
            uow,
            merge_id=merge_id,
            kept_id=PERSON_TOO,
            merged_id=PERSON,
            reason="同一人",
            clock=clock,
            by="a1",
        )
    assert named(office) == []
    with hand_in(office, "cases") as hand:
        (row,) = (row for row in hand.rows() if row["id"] == CASE)
        hand.change(row, subject_id=PERSON)
        assert named(office) == [("mutated", "cases", ("subject_id",))]
    with office.uow() as uow:
        undo_merge(uow, merge_id, clock=clock, by="a1")
    assert named(office) == []


def test_the_last_pin_is_the_pack_of_the_case(office: Office) -> None:
    with hand_in(office, "cases") as hand:
        hand.change(hand.rows()[0], policy="cn-national")
        assert named(office) == [("mutated", "cases", ("policy",))]


def test_a_pin_that_was_taken_away_is_named(office: Office) -> None:
    with hand_in(office, "pins") as hand:
        (row,) = hand.rows()
        hand.take(row)
        (found,) = verify(office).findings
        assert (found.fault, found.table, found.key["number"]) == ("missing", "pins", "1")
        hand.put({**row, "number": 2})
        (found,) = verify(office).findings
        assert (found.fault, found.table, found.key["number"]) == ("missing", "pins", "1")


def test_a_pack_that_was_changed_is_named(office: Office) -> None:
    with hand_in(office, "packs") as hand:
        (row,) = hand.rows()
        hand.change(row, content={**row["content"], "form": 7})
        assert named(office) == [("unreadable", "packs", ("content",))]


@pytest.fixture
def county() -> Iterator[County]:
    """A case that was handed over once and moved once."""
    with a_county(filled=fill) as found:
        yield found


def fill(county: County) -> None:
    case_id = county.in_detox("north", "甲", FIRST)
    with county.uow() as uow:
        hand_over(
            uow,
            case_id,
            id_of("county"),
            packs=county.packs,
            calendar=county.calendar,
            clock=Instant.on(SWEPT),
            by="s1",
        )
    moved = new_event("moved", SWEPT + DAY, to_office=str(id_of("south")), reason="家")
    county.record(SWEPT + DAY, moved, case_id=case_id)


def test_a_case_that_was_handed_over_is_right(county: County) -> None:
    assert named(county) == []
    county.tick(SWEPT + DAY)
    assert named(county) == []


def test_a_case_is_where_its_last_hand_over_says(county: County) -> None:
    unguard(county.engine)
    with hand_in(county, "cases") as hand:
        hand.change(hand.rows()[0], office_id=id_of("north"))
        follows = ("mutated", "obligations", ("office_id",))
        assert set(named(county)) == {("mutated", "cases", ("office_id",)), follows}
        hand.change(hand.rows()[0], office_id=None)
        assert ("mutated", "cases", ("office_id",)) in named(county)
    with hand_in(county, "placements") as hand:
        hand.take(max(hand.rows(), key=lambda row: row["from_on"]))
        assert ("mutated", "cases", ("office_id",)) in named(county)


# ------------------------------------------------------------------ attachments


def attached(office: Office, files: SealedFiles | None, number: int) -> None:
    with office.uow() as uow:
        attach(
            uow,
            files,
            attachment_id=UUID(int=number),
            case_id=CASE,
            content=photo(),
            file_name="a.jpg",
            clock=Instant.on(SWEPT),
            by="w1",
            event_id=Hand(office.engine, "events").rows()[2]["id"],
        )


@pytest.fixture
def files(office: Office, tmp_path: Path) -> SealedFiles:
    """One attachment in the database and one on a disk."""
    found = SealedFiles(tmp_path, settle)
    attached(office, None, 1)
    attached(office, found, 2)
    return found


def test_attachments_are_read_whole(office: Office, files: SealedFiles) -> None:
    assert verify(office, files=files).is_clean
    assert verify(office, files=files).unseen == 0


def test_those_on_a_disk_are_counted_where_nobody_says_where_it_is(
    office: Office, files: SealedFiles
) -> None:
    verdict = verify(office)
    assert (verdict.found, verdict.unseen) == (0, 1)


def test_a_flipped_bit_in_an_attachment_is_found(office: Office, files: SealedFiles) -> None:
    columns = [("attachment_bodies", "body"), ("attachments", "digest"), ("attachments", "details")]
    for table, column in columns:
        with hand_in(office, table) as hand:
            row = hand.rows()[0]
            hand.change(row, **{column: flipped(row[column])})
            (found,) = verify(office, files=files).findings
        assert (found.fault, found.table) == ("unreadable", "attachments")
        assert found.key == {"id": str(UUID(int=1))}


def test_an_attachment_that_is_gone_from_the_disk_is_found(
    office: Office, files: SealedFiles
) -> None:
    (file,) = files.folder.glob("??/*")
    file.write_bytes(flipped(file.read_bytes()))
    (found,) = verify(office, files=files).findings
    assert (found.key["id"], found.because) == (str(UUID(int=2)), "attachment_damaged")
    file.unlink()
    (again,) = verify(office, files=files).findings
    assert again == found


def test_a_disk_that_is_not_there_is_no_finding(office: Office, files: SealedFiles) -> None:
    with pytest.raises(Unavailable) as refused:
        verify(office, files=SealedFiles(files.folder / "unmounted", settle))
    assert refused.value.code == "attachments_folder_unusable"


def test_what_an_attachment_says_of_itself_is_checked(office: Office, files: SealedFiles) -> None:
    with hand_in(office, "attachments") as hand:
        hand.change(hand.rows()[0], event_id="nothing")
        assert named(office, files=files) == [("implausible", "attachments", ("event_id",))]
    with hand_in(office, "attachments") as hand:
        hand.change(hand.rows()[0], plain_bytes=7)
        assert named(office, files=files) == [("unreadable", "attachments", ())]


def test_the_ciphertext_of_somebody_who_was_shredded_is_still_compared(
    office: Office, files: SealedFiles
) -> None:
    office.record(SWEPT, new_event("died", SWEPT))
    with office.uow() as uow:
        shred_person(uow, PERSON, clock=Instant.on(SWEPT), by="a1")
    verdict = verify(office, files=files)
    assert (verdict.found, verdict.shredded) == (0, 1)
    with hand_in(office, "attachment_bodies") as hand:
        hand.change(hand.rows()[0], body=b"x")
        assert named(office, files=files) == [("unreadable", "attachments", ())]
