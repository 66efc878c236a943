"""Chains: whoever changes, takes away, puts in or moves an event is found out at the first place that does not hold."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.builders import CASE, DAY, Office, an_office, new_event
from tests.tampering import (
    REPORTED,
    Hand,
    Row,
    flipped,
    hand_in,
    lived,
    named,
    of_case,
    other,
    unguard,
    verify,
)
from workflow.services.clock import Instant
from workflow.store.events import CHAINED, first_link, link

OTHER = UUID(int=5)


@pytest.fixture
def office() -> Iterator[Office]:
    """Two cases of nine events each, the registration at the opening included."""
    with an_office(filled=fill) as found:
        unguard(found.engine)
        yield found


def fill(office: Office) -> None:
    lived(office)
    lived(office, case_id=OTHER, person_id=UUID(int=6))
    assert named(office) == []


def broken(office: Office) -> list[tuple[str, dict[str, str]]]:
    """What was found about events, with its keys."""
    return [(one.fault, dict(one.key)) for one in verify(office).findings]


def at(seq: int, case_id: UUID = CASE) -> dict[str, str]:
    return {"case_id": str(case_id), "seq": str(seq)}


# ------------------------------------------------------------------ one event


def test_a_flipped_bit_in_what_is_sealed_is_found(office: Office) -> None:
    """Found twice: by whoever has no key, and by whoever opens it."""
    for seq in (1, 4, 9):
        with hand_in(office, "events") as hand:
            row = of_case(hand)[seq - 1]
            hand.change(row, sealed=flipped(row["sealed"]))
            assert broken(office) == [("chain_broken", at(seq)), ("unreadable", at(seq))]


def test_a_flipped_bit_in_a_hash_is_found(office: Office) -> None:
    for seq in (1, 4, 9):
        with hand_in(office, "events") as hand:
            row = of_case(hand)[seq - 1]
            hand.change(row, chain=flipped(row["chain"]))
            assert broken(office) == [("chain_broken", at(seq))]


SHOWN = [name for name in CHAINED if name not in ("seq", "id", "name", "version")]


def test_every_column_of_an_event_is_chained(office: Office) -> None:
    with hand_in(office, "events") as hand:
        for column in SHOWN:
            row = of_case(hand)[4]
            new: Any = Instant.on(REPORTED).now if column.endswith("_at") else other(row[column])
            new = "w9" if row[column] is None and column.endswith("_by") else new
            hand.change(row, **{column: new})
            assert broken(office) == [("chain_broken", at(5))], column
            hand.change(row)


def test_what_an_event_is_called_is_chained_and_sealed_with_it(office: Office) -> None:
    for column, value in (("id", "e-9"), ("name", "visited"), ("version", 9)):
        with hand_in(office, "events") as hand:
            hand.change(of_case(hand)[3], **{column: value})
            assert broken(office) == [("chain_broken", at(4)), ("unreadable", at(4))]


# ------------------------------------------------------------------ their number and order


def test_an_event_taken_from_the_middle_is_missed(office: Office) -> None:
    with hand_in(office, "events") as hand:
        hand.take(of_case(hand)[3])
        assert broken(office) == [("chain_broken", at(4))]


def test_the_last_event_taken_away_is_missed(office: Office) -> None:
    """What is left holds; the case knows that there was more."""
    with hand_in(office, "events") as hand:
        hand.take(of_case(hand)[-1])
        assert named(office) == [("chain_broken", "cases", ("chain",))]


def test_all_events_taken_away_are_missed(office: Office) -> None:
    with hand_in(office, "events") as hand:
        for row in of_case(hand):
            hand.take(row)
        assert named(office) == [("chain_broken", "cases", ("chain",))]


def test_two_events_that_changed_places_are_found(office: Office) -> None:
    with hand_in(office, "events") as hand:
        third, fourth = of_case(hand)[2:4]
        hand.take(third)
        hand.change(fourth, seq=3)
        hand.put({**third, "seq": 4})
        assert broken(office) == [("chain_broken", at(3))]


def test_an_event_put_into_another_case_is_found_in_both(office: Office) -> None:
    with hand_in(office, "events") as hand:
        row = of_case(hand, OTHER)[3]
        hand.change(row, case_id=CASE, seq=10)
        assert broken(office) == [
            ("chain_broken", at(4, OTHER)),
            ("chain_broken", at(10)),
            ("unreadable", at(10)),
        ]


def test_an_event_copied_behind_the_last_is_found(office: Office) -> None:
    with hand_in(office, "events") as hand:
        hand.put({**of_case(hand)[7], "seq": 10, "id": "copy"})
        assert broken(office) == [("chain_broken", at(10)), ("unreadable", at(10))]


def test_the_hash_that_the_case_knows_is_the_last_one(office: Office) -> None:
    with hand_in(office, "cases") as hand:
        row = hand.rows()[-1]
        hand.change(row, chain=flipped(row["chain"]))
        assert named(office) == [("chain_broken", "cases", ("chain",))]


def test_how_often_a_case_was_recorded_on_is_counted(office: Office) -> None:
    """Three requests; the registration at the opening is none."""
    with hand_in(office, "cases") as hand:
        row = hand.rows()[-1]
        assert row["version"] == 3
        hand.change(row, version=4)
        assert named(office) == [("mutated", "cases", ("version",))]


# ------------------------------------------------------------------ the root


def rechain(hand: Hand, rows: list[Row]) -> bytes:
    """Reckon the chain of a case anew, as somebody does who knows how."""
    tip = first_link(rows[0]["case_id"])
    for seq, row in enumerate(rows, 1):
        tip = link(tip, row["case_id"], {**row, "seq": seq})
        hand.put({**row, "seq": seq, "chain": tip})
    return tip


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda rows: rows[:-1], id="the last taken away"),
        pytest.param(lambda rows: [*rows[:-1], {**rows[-1], "recorded_by": "w9"}], id="changed"),
    ],
)
def test_a_chain_reckoned_anew_shows_in_the_root(
    office: Office, change: Callable[[list[Row]], list[Row]]
) -> None:
    before = verify(office)
    with hand_in(office, "events") as events, hand_in(office, "cases") as cases:
        rows = of_case(events, OTHER)
        for row in rows:
            events.take(row)
        tip = rechain(events, change(rows))
        (case,) = (row for row in cases.rows() if row["id"] == OTHER)
        cases.change(case, chain=tip)
        after = verify(office)
        assert "chain_broken" not in {one.fault for one in after.findings}
        assert after.root != before.root


def test_the_root_of_an_instant_stays_what_it_was(office: Office) -> None:
    noted = Instant.on(REPORTED).now
    before = verify(office, known_at=noted).root
    assert before == verify(office).root
    later = REPORTED + 5 * DAY
    office.record(later, new_event("visited", later))
    office.open(later, case_id=UUID(int=7), person_id=UUID(int=8))
    assert verify(office, known_at=noted).root == before
    assert verify(office).root != before


def test_a_case_that_was_taken_away_whole_shows_in_the_root(office: Office) -> None:
    before = verify(office).root
    for table in (
        "events",
        "obligations",
        "sightings",
        "stays",
        "chairs",
        "rungs",
        "outlooks",
        "notices",
    ):
        for row in of_case(hand := Hand(office.engine, table), OTHER):
            hand.take(row)
    Hand(office.engine, "pins").take(of_case(Hand(office.engine, "pins"), OTHER)[0])
    cases = Hand(office.engine, "cases")
    cases.take(next(row for row in cases.rows() if row["id"] == OTHER))
    after = verify(office)
    assert after.found == 0
    assert after.root != before


def test_the_root_says_nothing_of_rows_that_are_computed(office: Office) -> None:
    before = verify(office).root
    office.tick(date(2024, 2, 20))
    assert verify(office).root == before
