"""Registering, changing, finding and shredding persons; what lies on the disk tells nobody anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import RING
from tests.databases import new_database
from tests.persons import (
    BORN,
    NOW,
    case_about,
    number,
    office_of,
    office_reaching,
    person,
    register,
)
from workflow.rules.errors import Conflict, GuituError, NotFound, Refused
from workflow.services import people as services
from workflow.services.merges import merge_people
from workflow.services.people import Decided, search_people, shred_person, update_person
from workflow.services.staffing import add_staff
from workflow.store import data_keys, people
from workflow.store.keyring import KeyRing
from workflow.store.profiles import MarkKind, Profile, name_born
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork

KNOWN: dict[str, Any] = {
    "name": "阿孜古丽·买买提",
    "born": BORN,
    "identity_no": number(),
    "phones": ("138 0000 0000", "010-65520000"),
    "address": "某县某镇三组",
    "note": "与母亲同住",
}


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    with UnitOfWork(new_database(), RING) as found:
        yield found


def refusal(error: type[GuituError], act: Any, *args: Any, **named: Any) -> GuituError:
    """What an act is refused with."""
    with pytest.raises(error) as caught:
        act(*args, **named)
    return caught.value


def update(uow: UnitOfWork, n: int, profile: Profile, **more: Any) -> None:
    update_person(uow, person_id=person(n), profile=profile, clock=NOW, by="w2", **more)


def merge(uow: UnitOfWork, kept: int, merged: int) -> None:
    merge_people(
        uow,
        merge_id=person(100 + merged),
        kept_id=person(kept),
        merged_id=person(merged),
        reason="同一人",
        clock=NOW,
        by="w1",
    )


def found(uow: UnitOfWork, text: str, reach: Reach | None = None, **more: Any) -> list[int]:
    """The persons found, as the numbers they have in a test."""
    hits = search_people(uow, text, reach=reach, **more)
    return [hit.person_id.int - person(0).int for hit in hits]


# ------------------------------------------------------------------ registering


def test_a_person_is_read_back_as_they_were_written_down(uow: UnitOfWork) -> None:
    register(uow, 1, **KNOWN)
    assert people.profile_of(uow.session, RING, person(1)) == Profile(**KNOWN)
    assert people.name_of(uow.session, RING, person(1)) == KNOWN["name"]
    assert people.is_known(uow.session, person(1))
    assert not people.is_known(uow.session, person(2))
    assert people.profile_of(uow.session, RING, person(2)) is None


def test_sending_it_twice_is_harmless_and_other_content_is_a_conflict(uow: UnitOfWork) -> None:
    assert not register(uow, 1, **KNOWN).already_known
    assert register(uow, 1, **KNOWN).already_known
    assert refusal(Conflict, register, uow, 1, name="某乙").code == "person_id_conflict"


def test_an_id_of_a_member_of_staff_is_no_persons(uow: UnitOfWork) -> None:
    """A key belongs to one owner: what is sealed under it goes when they go."""
    known = person(1)
    add_staff(uow, staff_id=known, handle="w9", name="某同事", phone=None, clock=NOW, by="a1")
    assert refusal(Conflict, register, uow, 1, name="某甲").code == "person_id_conflict"


def test_a_wrong_number_is_refused_with_what_would_fit(uow: UnitOfWork) -> None:
    right = number()
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    error = refusal(Refused, register, uow, 1, identity_no=wrong)
    assert error.code == "identity_number_wrong"
    assert error.facts == {"fault": "check", "expected": right[17]}
    assert not people.is_known(uow.session, person(1))


def test_the_same_number_is_caught_however_it_is_typed(uow: UnitOfWork) -> None:
    register(uow, 1, identity_no=number())
    typed = f" {number()[:6]} {number()[6:].lower()}"
    error = refusal(Refused, register, uow, 2, identity_no=typed)
    assert error.code == "possible_duplicate"
    assert error.facts == {"ids": [str(person(1))], "by": ["identity_no"], "elsewhere": None}
    assert str(error).count(number()) == 0


def test_the_same_name_and_birth_date_is_caught(uow: UnitOfWork) -> None:
    register(uow, 1, name="阿孜古丽・买买提", born=BORN)
    error = refusal(Refused, register, uow, 2, name="阿孜古丽 买买提", born=BORN)
    assert error.facts["by"] == ["name_born"]
    register(uow, 3, name="阿孜古丽·买买提", born=date(1985, 11, 12))
    register(uow, 4, name="阿孜古丽·买买提")


def test_a_birth_date_that_only_the_number_tells_counts_too(uow: UnitOfWork) -> None:
    register(uow, 1, name="某甲", born=BORN)
    error = refusal(Refused, register, uow, 2, name="某甲", identity_no=number(BORN, 7))
    assert error.facts["by"] == ["name_born"]


def test_a_phone_alone_is_a_hint_and_stops_nobody(uow: UnitOfWork) -> None:
    register(uow, 1, name="母", phones=("13800000000",))
    assert register(uow, 2, name="子", phones=("+86 138 0000 0000",)).same_phone == (person(1),)
    assert people.is_known(uow.session, person(2))


def test_a_person_decides_that_it_is_somebody_else(uow: UnitOfWork) -> None:
    register(uow, 1, name="某甲", born=BORN)
    register(uow, 2, name="某甲", born=BORN, decided=Decided({person(1)}))
    error = refusal(Refused, register, uow, 3, name="某甲", born=BORN, decided=Decided({person(2)}))
    assert error.facts["ids"] == [str(person(1))]
    register(uow, 3, name="某甲", born=BORN, decided=Decided({person(1), person(2)}))


def test_merged_rows_are_shown_as_the_one_person_they_are(uow: UnitOfWork) -> None:
    register(uow, 1, name="某甲", born=BORN)
    register(uow, 2, identity_no=number())
    merge(uow, kept=1, merged=2)
    error = refusal(Refused, register, uow, 3, name="某甲", born=BORN, identity_no=number())
    assert (error.facts["ids"], error.facts["by"]) == ([str(person(1))], ["identity_no"])
    register(uow, 3, name="某甲", born=BORN, identity_no=number(), decided=Decided({person(2)}))


def test_beyond_the_callers_reach_there_is_a_number_of_persons_and_no_more(
    uow: UnitOfWork,
) -> None:
    here, there = office_reaching(uow, 1), office_reaching(uow, 2)
    register(uow, 1, **KNOWN)
    case_about(uow, 1, office_id=office_of(there))
    register(uow, 2, **{**KNOWN, "identity_no": None}, decided=Decided({person(1)}))
    case_about(uow, 2, office_id=office_of(here))
    error = refusal(Refused, register, uow, 3, **KNOWN, reach=here)
    assert error.facts == {"ids": [str(person(2))], "by": ["name_born"], "elsewhere": 1}
    decided = Decided({person(2)})
    error = refusal(Refused, register, uow, 3, **KNOWN, reach=here, decided=decided)
    assert error.facts == {"ids": [], "by": [], "elsewhere": 1}
    done = register(uow, 3, **KNOWN, reach=here, decided=replace(decided, elsewhere=1))
    assert done.same_phone == (person(2),)


# ------------------------------------------------------------------ changing


def test_after_a_change_they_are_found_by_what_is_new_and_not_by_what_was(uow: UnitOfWork) -> None:
    register(uow, 1, **KNOWN)
    new = replace(Profile(**KNOWN), name="某乙", phones=("13900000000",))
    update(uow, 1, new)
    assert people.profile_of(uow.session, RING, person(1)) == new
    assert found(uow, "13900000000") == found(uow, "某乙") == found(uow, number()) == [1]
    assert found(uow, "13800000000") == found(uow, "阿孜古丽") == []


def test_only_what_is_new_about_a_person_is_asked_about(uow: UnitOfWork) -> None:
    """An old duplicate, decided long ago, must not stop a new address."""
    register(uow, 1, name="某甲", born=BORN)
    register(uow, 2, name="某甲", born=BORN, decided=Decided({person(1)}))
    update(uow, 2, Profile(name="某甲", born=BORN, address="新址"))
    register(uow, 3, identity_no=number())
    with_number = Profile(name="某甲", born=BORN, identity_no=number())
    error = refusal(Refused, update, uow, 2, with_number)
    assert (error.code, error.facts["ids"]) == ("possible_duplicate", [str(person(3))])
    update(uow, 2, with_number, decided=Decided({person(3)}))
    error = refusal(Refused, update, uow, 2, Profile(identity_no="12"))
    assert error.code == "identity_number_wrong"


def test_somebody_out_of_reach_is_not_known(uow: UnitOfWork) -> None:
    here, there = office_reaching(uow, 1), office_reaching(uow, 2)
    register(uow, 1, name="某甲")
    case_about(uow, 1, office_id=office_of(there))
    new = Profile(name="某乙")
    hidden = refusal(NotFound, update, uow, 1, new, reach=here)
    unknown = refusal(NotFound, update, uow, 9, new, reach=here)
    assert hidden.code == unknown.code == "not_found"
    assert hidden.facts == {"what": str(person(1))}
    update(uow, 1, new, reach=there)


# ------------------------------------------------------------------ searching


def test_names_are_found_whole_first_then_by_their_beginning_then_by_a_part(
    uow: UnitOfWork,
) -> None:
    for n, name in enumerate(["老王小明", "王小明", "王小明亮", "李雷", None], 1):
        register(uow, n, name=name)
    assert found(uow, "王小明") == [2, 3, 1]
    assert found(uow, " 王 小明 ") == [2, 3, 1]
    assert found(uow, "小明亮") == [3]
    assert found(uow, "王小明", limit=1) == [2]
    assert found(uow, "无此人") == found(uow, " · ") == found(uow, "") == []


def test_a_number_and_a_phone_are_found_whole_and_not_by_a_part(uow: UnitOfWork) -> None:
    register(uow, 1, **KNOWN)
    assert found(uow, number()) == found(uow, number()[:6] + " " + number()[6:]) == [1]
    assert found(uow, "138-0000-0000") == found(uow, "+86 10 65520000") == [1]
    assert found(uow, number()[:17]) == found(uow, "1380000") == []
    (hit,) = search_people(uow, number(), reach=None)
    assert (hit.name, hit.by) == (KNOWN["name"], "identity_no")


def test_only_those_within_reach_are_found(uow: UnitOfWork) -> None:
    here, there = office_reaching(uow, 1), office_reaching(uow, 2)
    for n, reach in ((1, here), (2, there)):
        register(uow, n, **{**KNOWN, "born": date(1980, 1, n), "identity_no": None})
        case_about(uow, n, office_id=office_of(reach))
    register(uow, 3, name=KNOWN["name"])
    for text in ("阿孜古丽", "13800000000"):
        assert found(uow, text, here) == [1]
        assert found(uow, text, there) == [2]
        assert found(uow, text, Reach()) == []
    assert sorted(found(uow, "阿孜古丽", None)) == [1, 2, 3]


def test_a_merged_row_finds_the_person_whom_it_is_about(uow: UnitOfWork) -> None:
    here = office_reaching(uow, 1)
    register(uow, 1, name="王小明")
    register(uow, 2, name="王晓明", phones=("13800000000",))
    case_about(uow, 1, office_id=office_of(here))
    merge(uow, kept=1, merged=2)
    for text in ("晓明", "13800000000"):
        (hit,) = search_people(uow, text, reach=here)
        assert (hit.person_id, hit.subject_id, hit.name) == (person(2), person(1), "王晓明")
    assert len(search_people(uow, "王", reach=here)) == 1


def test_too_many_names_are_not_opened_for_one_search(
    uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "WIDEST", 2)  # else the test would register 20,000
    register(uow, 1, name="某甲")
    register(uow, 2, name="某乙", phones=("13800000000",))
    assert found(uow, "某甲") == [1]
    register(uow, 3, name="某丙")
    assert refusal(Refused, found, uow, "某甲").facts == {"most": 2}
    assert found(uow, "13800000000") == [2]


def test_profiles_are_read_many_at_a_time(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "AT_ONCE", 2)  # else the test would register 1,001
    for n in range(5):
        register(uow, n, name=f"某{n}")
    ids = [person(n) for n in (*range(5), 0, 9)]
    names = {row: profile.name for row, profile in _profiles(uow, ids).items()}
    assert names == {person(n): f"某{n}" for n in range(5)}


def _profiles(uow: UnitOfWork, ids: list[Any]) -> dict[Any, Profile]:
    return people.profiles_of(uow.session, RING, ids)


# ------------------------------------------------------------------ keys


def test_a_mark_of_one_ring_tells_nothing_under_another(uow: UnitOfWork) -> None:
    register(uow, 1, **KNOWN)
    stranger = KeyRing.generate(RING.active)
    for kind, text in Profile(**KNOWN).findable:
        assert people.with_mark(uow.session, RING, kind, text) == [person(1)]
        assert people.with_mark(uow.session, stranger, kind, text) == []


def test_a_person_is_found_through_a_change_of_the_root_key_and_after_it(uow: UnitOfWork) -> None:
    register(uow, 1, **KNOWN)
    newer = RING.with_new_key()
    sought: tuple[MarkKind, str] = ("name_born", name_born("阿孜古丽买买提", BORN))
    assert people.with_mark(uow.session, newer, *sought) == [person(1)]
    data_keys.rewrap(uow.session, newer, person(1))
    people.remark(uow.session, newer, person(1))
    assert people.with_mark(uow.session, newer.without(RING.active), *sought) == [person(1)]
    assert people.with_mark(uow.session, RING, *sought) == []


def test_a_shredded_person_is_still_there_and_can_never_be_read(uow: UnitOfWork) -> None:
    register(uow, 1, **KNOWN)
    case_id = case_about(uow, 1, ended=True)
    assert shred_person(uow, person(1), clock=NOW, by="w3") == ()
    assert people.is_known(uow.session, person(1))
    assert people.profile_of(uow.session, RING, person(1)) is None
    assert people.name_of(uow.session, RING, person(1)) is None
    assert found(uow, number()) == found(uow, "阿孜古丽") == []
    assert uow.session.execute(select(people.MARKS)).all() == []
    row = uow.session.execute(select(people.PEOPLE)).one()
    assert (row.id, row.profile, row.changed_at, row.changed_by) == (
        person(1),
        None,
        NOW.now,
        "w3",
    )
    assert uow.session.execute(select(people.CASES.c.id)).scalars().all() == [case_id]
    assert refusal(Refused, update, uow, 1, Profile(name="某")).code == "key_shredded"
    register(uow, 2, **KNOWN)


def test_nobody_is_shredded_while_a_case_of_theirs_is_open(uow: UnitOfWork) -> None:
    register(uow, 1, name="某甲")
    register(uow, 2, name="某乙")
    case_about(uow, 2)
    merge(uow, kept=1, merged=2)
    for n in (1, 2):
        error = refusal(Refused, shred_person, uow, person(n), clock=NOW, by="w3")
        assert error.code == "case_still_open"
    assert refusal(NotFound, shred_person, uow, person(9), clock=NOW, by="w3").code == "not_found"


def test_rows_merged_with_a_shredded_one_are_named_and_stay_readable(uow: UnitOfWork) -> None:
    for n in (1, 2, 3):
        register(uow, n, name=f"某{n}")
    merge(uow, kept=1, merged=2)
    assert shred_person(uow, person(2), clock=NOW, by="w3") == (person(1),)
    assert shred_person(uow, person(2), clock=NOW, by="w3") == (person(1),)
    assert people.name_of(uow.session, RING, person(1)) == "某1"
    assert shred_person(uow, person(1), clock=NOW, by="w3") == ()


# ------------------------------------------------------------------ on the disk


MARKERS = ["阿孜古丽", "买买提", "某县某镇", "母亲", "慎之", "并档缘由", "标记"]


@pytest.mark.databases("sqlite", why="it reads the file byte by byte")
def test_nothing_about_a_person_lies_in_the_file(tmp_path: Path) -> None:
    engine = new_database(tmp_path / "guitu.db")
    with UnitOfWork(engine, RING) as uow:
        register(uow, 1, **KNOWN)
    with UnitOfWork(engine, RING) as uow:
        update(uow, 1, replace(Profile(**KNOWN), note="标记", phones=("13911112222",)))
        register(uow, 2, name="慎之", born=BORN, phones=("13733334444",))
    with UnitOfWork(engine, RING) as uow:
        merge_people(
            uow,
            merge_id=person(50),
            kept_id=person(1),
            merged_id=person(2),
            reason="并档缘由：慎之即阿孜古丽",
            clock=NOW,
            by="w1",
        )
    assert_nowhere(tmp_path)
    engine.dispose()
    checkpoint(tmp_path / "guitu.db")
    assert_nowhere(tmp_path)


def checkpoint(file: Path) -> None:
    """Bring all that was written into the file itself."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def assert_nowhere(folder: Path) -> None:
    numbers = [number(), number()[6:14], "13800000000", "13911112222", "13733334444", "65520000"]
    dates = [BORN.isoformat()]
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"w1" in written, "a staff handle is there, so this looks at what was written"
    for text in (*MARKERS, *numbers, *dates):
        for coding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            assert text.encode(coding) not in written, "something about a person lies in the file"


@pytest.mark.databases("sqlite", why="it reads the file byte by byte")
def test_a_shredded_key_is_gone_from_the_file(tmp_path: Path) -> None:
    """SQLite leaves what was deleted in its free pages, unless it is told not to."""
    engine = new_database(tmp_path / "guitu.db")
    with UnitOfWork(engine, RING) as uow:
        register(uow, 1, **KNOWN)
        wrapped = uow.session.execute(select(data_keys.DATA_KEYS.c.wrapped)).scalar_one()
    assert any(wrapped in path.read_bytes() for path in tmp_path.iterdir())
    with UnitOfWork(engine, RING) as uow:
        shred_person(uow, person(1), clock=NOW, by="w3")
    engine.dispose()
    checkpoint(tmp_path / "guitu.db")
    assert all(wrapped not in path.read_bytes() for path in tmp_path.iterdir())
