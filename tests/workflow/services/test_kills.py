"""
Killed between all statements and around every commit: what is one transaction is there whole or not at all, and sent again it is there once.

Every place is enumerated, on both databases. What takes several transactions leaves each case and each
person as before or as after, and run again it ends where nobody had disturbed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests import databases
from tests.attachments import photo
from tests.builders import DAY, RING, detected, new_event
from tests.counties import County, a_county, named
from tests.failpoints import Enumerated, Original, each_boundary, passing
from tests.pictures import OF_NOBODY, Owned, Picture, picture
from workflow.services import sweeping
from workflow.services.attaching import attach
from workflow.services.batches import BatchItem, record_batch
from workflow.services.clock import Instant
from workflow.services.handing_over import hand_over, hand_over_caseload
from workflow.services.merges import merge_people, undo_merge
from workflow.services.offices import close_office
from workflow.services.opening import NewCase, open_case
from workflow.services.people import register_person
from workflow.services.pinning import stored_packs
from workflow.services.proposals import approve, propose
from workflow.services.recording import NewEvent, correct_event
from workflow.services.rotating import rotate
from workflow.store import cases, stamps
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile
from workflow.store.sealed_files import SealedFiles
from workflow.store.unit_of_work import UnitOfWork

pytestmark = [pytest.mark.databases("none"), pytest.mark.slow]

FIRST = date(2024, 1, 8)
TODAY = FIRST + 20 * DAY
LATER = TODAY + 7 * DAY
CLOCK = Instant.on(TODAY)
FIRST_CASE, SECOND_CASE, YOUNG_CASE = (named(f"case {name}") for name in "甲乙丙")
NEXT_RING = RING.with_new_key()


# ------------------------------------------------------------------ a small county


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def kind(request: pytest.FixtureRequest) -> databases.Kind:
    """On which database: these tests make their own, once for all of them."""
    found: databases.Kind = request.param
    return found


@pytest.fixture(scope="module")
def original(kind: databases.Kind) -> Iterator[Original]:
    """Two cases in detox, a young one, one that is damaged, a second row of two persons, one of them merged."""
    with databases.on(kind), a_county() as county:
        fill(county)
        yield Original(county.engine)


def fill(county: County) -> None:
    county.in_detox("north", "甲", FIRST, ["w1"])
    county.in_detox("north", "乙", FIRST + DAY, ["w1", "w2"])
    county.open_at("south", "丙", FIRST)
    county.record(TODAY - DAY, visit("wrong", TODAY - DAY), case_id=FIRST_CASE)
    county.record(TODAY - DAY, detected(TODAY - DAY), case_id=YOUNG_CASE)
    for name in ("甲二", "乙二"):
        register(county, name)
    merged(county, "乙")
    proposed(county, "sign_agreement")
    county.tick(TODAY - DAY)
    county.open_at("south", "坏", FIRST)
    county.damage("detected", "{}", case_id=named("case 坏"))


def register(county: County, name: str, **known: Any) -> None:
    with county.uow() as uow:
        profile = Profile(name=name, born=date(1990, 1, 1), **known)
        register_person(uow, person_id=named(name), profile=profile, clock=CLOCK, by="w1")


def visit(event_id: str, on: date) -> NewEvent:
    return new_event("visited", on, id=event_id)


def merged(county: County, name: str) -> None:
    """The second row of a person is found to be the same as the first."""
    with county.uow() as uow:
        merge_people(
            uow,
            merge_id=named(f"merge {name}"),
            kept_id=named(f"person {name}"),
            merged_id=named(f"{name}二"),
            reason="两份档案是同一人",
            clock=CLOCK,
            by="s1",
        )


# ------------------------------------------------------------------ one transaction each


def recorded(county: County, *request: NewEvent, case_id: UUID = FIRST_CASE) -> None:
    county.record(TODAY, *request, case_id=case_id)


def several(county: County) -> None:
    day = TODAY.isoformat()
    test: dict[str, Any] = {
        "test_id": "r1",
        "method": "on_site",
        "sample": "urine",
        "purpose": "routine",
    }
    recorded(
        county,
        new_event("test_taken", TODAY, id="a test", result="negative", told_on=day, **test),
        visit("a visit", TODAY),
        new_event("helper_assigned", TODAY, id="a chair", role="community_doctor", helper="w2"),
    )


def corrected(county: County) -> None:
    with county.uow() as uow:
        correct_event(
            uow,
            FIRST_CASE,
            "wrong",
            reason="记错了日子",
            right=replace(visit("right", TODAY - 2 * DAY), approved_by="s1"),
            void_id="the void",
            packs=county.packs,
            calendar=county.calendar,
            clock=CLOCK,
            by="w1",
        )


def moved(county: County) -> None:
    south = str(named("south"))
    recorded(county, new_event("moved", TODAY, id="a move", to_office=south))


def opened(county: County) -> None:
    packs = stored_packs(lambda: UnitOfWork(county.engine, RING, reading=True))
    with county.uow() as uow:
        profile = Profile(name="丁", born=date(1990, 5, 1), phones=("13900001234",))
        new = NewCase(named("丁"), named("丁本人"), profile, "shanghai", office_id=named("north"))
        open_case(uow, new, packs=packs, clock=CLOCK, by="w1")


def handed_over(county: County) -> None:
    with county.uow() as uow:
        if office_of(uow, FIRST_CASE) == named("south"):
            return  # sent again it would be refused: it is there already
        hand_over(
            uow,
            FIRST_CASE,
            named("south"),
            packs=county.packs,
            calendar=county.calendar,
            clock=CLOCK,
            by="s1",
        )


def office_of(uow: UnitOfWork, case_id: UUID) -> UUID | None:
    found = cases.find(uow.session, case_id)
    assert found is not None
    office: UUID | None = found.office_id
    return office


def caseload_handed_over(county: County) -> None:
    with county.uow() as uow:
        hand_over_caseload(
            uow,
            named("a hand-over"),
            "w1",
            "w2",
            packs=county.packs,
            calendar=county.calendar,
            clock=CLOCK,
            by="s1",
        )


def office_closed(county: County) -> None:
    with county.uow() as uow:
        north, south = named("north"), named("south")
        close_office(uow, office_id=north, on=TODAY, successor_id=south, clock=CLOCK, by="root")


def proposed(county: County, what: str = "make_plan") -> None:
    """Something that needs a second person."""
    wanted: dict[str, Any] = {"kind": what, "occurrence": "m1/1", "reason": "住院"}
    with county.uow() as uow:
        propose(
            uow,
            named(f"excuse {what}"),
            FIRST_CASE,
            [new_event("obligation_excused", TODAY, id=f"excuse {what}", **wanted)],
            packs=county.packs,
            calendar=county.calendar,
            clock=CLOCK,
            by="w1",
        )


def approved(county: County) -> None:
    with county.uow() as uow:
        approve(
            uow,
            named("excuse sign_agreement"),
            packs=county.packs,
            calendar=county.calendar,
            clock=CLOCK,
            by="s1",
        )


def unmerged(county: County) -> None:
    with county.uow() as uow:
        undo_merge(uow, named("merge 乙"), clock=CLOCK, by="s1")


def attached(county: County, files: SealedFiles | None = None) -> None:
    with county.uow() as uow:
        attach(
            uow,
            files,
            attachment_id=named("a photo"),
            case_id=FIRST_CASE,
            content=photo(),
            file_name="照片.jpg",
            event_id="wrong",
            clock=CLOCK,
            by="w1",
        )


@dataclass(frozen=True)
class Whole:
    """
    An operation of one transaction.

    Args:
        floor: it has at least so many places; fewer, and the enumeration has gone hollow.
    """

    act: Callable[[County], None]
    floor: int


WHOLE = {
    "one event": Whole(lambda county: recorded(county, visit("a visit", TODAY)), 12),
    "several events": Whole(several, 18),
    "void and replace": Whole(corrected, 14),
    "moved": Whole(moved, 25),
    "open a case": Whole(opened, 25),
    "hand over": Whole(handed_over, 18),
    "hand over a caseload": Whole(caseload_handed_over, 40),
    "close an office": Whole(office_closed, 14),
    "merge": Whole(lambda county: merged(county, "甲"), 14),
    "undo a merge": Whole(unmerged, 11),
    "propose": Whole(proposed, 5),
    "approve": Whole(approved, 12),
    "attach": Whole(attached, 6),
}


@pytest.mark.parametrize("name", WHOLE)
def test_one_transaction_is_there_whole_or_not_at_all(original: Original, name: str) -> None:
    found = enumerated(original, WHOLE[name].act)
    assert found.after != found.before
    for one in found.left:
        if one.picture not in (found.before, found.after):
            pytest.fail(
                f"killed {one.place} ({one.number})\n{one.picture.difference(found.before)}"
            )
    assert found.left[-1].picture == found.after, "its last place is past the commit"
    see_that_again_it_ends(found)
    assert len(found.left) >= WHOLE[name].floor


def test_what_was_between_would_be_seen(original: Original) -> None:
    """Two transactions where one was meant: the pictures tell."""

    def in_two(county: County) -> None:
        for key in ("first", "second"):
            with county.uow() as uow:
                stamps.put(uow.session, key, "put")

    found = enumerated(original, in_two)
    assert any(one.picture not in (found.before, found.after) for one in found.left)


# ------------------------------------------------------------------ several transactions


def batch(county: County) -> None:
    items = [
        BatchItem(case_id, (visit(f"visit {n}", TODAY),))
        for n, case_id in enumerate((FIRST_CASE, SECOND_CASE))
    ]
    record_batch(
        county.uow,
        items,
        packs=county.packs,
        calendar=county.calendar,
        clock=CLOCK,
        by="w1",
    )


def rotated(county: County) -> None:
    rotate(lambda: UnitOfWork(county.engine, NEXT_RING), today=TODAY, at_once=2)


def test_a_batch_killed_anywhere_is_sent_again(original: Original) -> None:
    found = enumerated(original, batch)
    assert len(found.left) >= 25
    see_that_none_is_between(found)
    see_that_again_it_ends(found)


def test_a_sweep_killed_anywhere_is_run_again(
    original: Original, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days were missed, one case is damaged, one is told by its rungs alone: nothing is told twice or never."""
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    found = enumerated(original, lambda county: county.tick(LATER))
    assert len(found.left) >= 45
    told = set(found.after.rows["notices"]) - set(found.before.rows["notices"])
    assert {dict(row)["case_id"] for row in told} == {FIRST_CASE, SECOND_CASE, YOUNG_CASE}
    see_that_none_is_between(found)
    see_that_again_it_ends(found)
    for seen in found.again:
        stamps_of = {dict(row)["key"]: dict(row)["value"] for row in seen.rows["stamps"]}
        assert stamps_of == {"swept_through": LATER.isoformat()}
        see_that_the_last_run_ended(seen)


def see_that_the_last_run_ended(seen: Picture) -> None:
    """Of two runs of a day at most one has no end: that of the one that was killed."""
    of_the_day = [row for row in map(dict, seen.rows["runs"]) if row["for_day"] == LATER]
    assert len(of_the_day) <= 2
    assert any(row["ended_at"] for row in of_the_day)


def test_an_attachment_on_a_disk_killed_anywhere_is_sent_again(
    original: Original, tmp_path: Path
) -> None:
    """Its file comes before its row: a kill leaves at most a file that nobody speaks of."""
    files = SealedFiles(tmp_path, lambda path: passing(f"settle {path.suffix}"))
    found = each_boundary(
        original,
        lambda engine: attached(County(engine), files),
        lambda engine: picture(engine, RING, files),
    )
    assert len(found.left) >= 8
    assert all(one.picture in (found.before, found.after) for one in found.left)
    see_that_again_it_ends(found)
    assert "gone or changed" not in repr(found.after.rows["attachments"])


def test_a_rotation_killed_anywhere_is_run_again(kind: databases.Kind) -> None:
    """Both keys are in the ring: whatever lies under either is readable at every moment."""
    with databases.on(kind):
        county = County(databases.new_database())
        for name in ("甲", "乙"):
            register(county, name, phones=("13900001234",))
        county.add_office("north", "county", None)
        county.add_worker("w1", "north")
        found = enumerated(Original(county.engine), rotated, NEXT_RING)
    assert len(found.left) >= 45
    assert found.after.rows["person_marks"] != found.before.rows["person_marks"]
    for table in ("data_keys", "person_marks"):
        see_that_none_is_between(found, table)
    see_that_again_it_ends(found)


def see_that_again_it_ends(found: Enumerated) -> None:
    """Sent again after whatever kill, it ends where nobody had disturbed it."""
    for seen in found.again:
        wanted, seen = found.after.without(*OF_NOBODY), seen.without(*OF_NOBODY)
        assert seen == wanted, seen.difference(wanted)


def see_that_none_is_between(found: Enumerated, *tables: str) -> None:
    """Whatever a kill left: each case and each person is as before or as after, in these tables or in all."""

    def owned(seen: Picture) -> Owned:
        left_out = OF_NOBODY if not tables else seen.rows.keys() - set(tables)
        return seen.without(*left_out).owned()

    before, after = owned(found.before), owned(found.after)
    for one in found.left:
        seen = owned(one.picture)
        for owner in before.keys() | after.keys() | seen.keys():
            rows = seen.get(owner)
            assert rows in (before.get(owner), after.get(owner)), (one.number, one.place, owner)


def enumerated(
    original: Original, act: Callable[[County], object], ring: KeyRing = RING
) -> Enumerated:
    return each_boundary(
        original, lambda engine: act(County(engine)), lambda engine: picture(engine, ring)
    )
