"""
A journey with marker names and numbers (标记): afterwards they are in no log, no plain-text column and no file.

Whatever a person wrote about a person is looked for byte by byte: in the database file and what lies
beside it, in every column that can be read without a key, and in what was logged on the way.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import LargeBinary, inspect, text

from tests import databases
from tests.attachments import photo
from tests.builders import DAY, Office, new_event
from tests.counties import County, a_county, named, way_to_detox
from workflow.rules.contacts import Wishes
from workflow.rules.errors import GuituError
from workflow.services import sweeping
from workflow.services.attaching import attach
from workflow.services.batches import BatchItem, record_batch
from workflow.services.clock import Instant
from workflow.services.contacts import set_contact
from workflow.services.merges import merge_people
from workflow.services.opening import NewCase, open_case
from workflow.services.people import search_people, update_person
from workflow.services.proposals import decline, propose
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile
from workflow.store.tables import Row

pytestmark = pytest.mark.databases()  # the journey has a file of its own

FIRST = date(2024, 1, 8)
NAME, OTHER_NAME, WORKER = "司空标记甲", "慕容标记乙", "工作标记丙"
NUMBER, PHONE = "110101198511110011", "13812345678"
ADDRESS, NOTE = "标记路十七号", "标记备注"
REASON, PLACE, TEST, DECISION = "标记理由", "标记地点", "MARK-TEST-77", "标记决字77号"
CAPTION, FILE_NAME = "标记说明", "标记照片.jpg"
MAIL, HOOK = "marked.worker@marked.example", "https://marked-hook.example/"
MARKERS = (
    *(NAME, OTHER_NAME, WORKER, NUMBER, PHONE, ADDRESS, NOTE),
    *(REASON, PLACE, TEST, DECISION, CAPTION, FILE_NAME, MAIL, HOOK),
)
"""All invented."""


def journey(county: County) -> None:
    """Everything by which words about a person can come in."""
    profile = profile_of((PHONE,))
    case_id, person_id = named("case"), named("person")
    with county.uow() as uow:
        new = NewCase(case_id, person_id, profile, "cn-national", office_id=named("north"))
        open_case(uow, new, packs=county.packs, clock=Instant.on(FIRST), by="w1")
    for day, request in way_to_detox(FIRST, TEST, ("w1", "w2")):
        county.record(day, *request, case_id=case_id)
    propose_in_vain(county, FIRST + timedelta(days=20))
    day = FIRST + timedelta(days=40)
    write_everything(county, day)
    with county.uow() as uow:
        changed = profile_of((PHONE, "13912345678"))
        update_person(uow, person_id=person_id, profile=changed, clock=Instant.on(day), by="w1")
        search_people(uow, NAME, reach=None)
        search_people(uow, NUMBER, reach=None)
    merge_a_twin(county, day)
    add_a_photo(county, day)
    wish_for_mail(county, day)
    county.tick_through(FIRST, day + 30 * DAY)


def profile_of(phones: tuple[str, ...]) -> Profile:
    """All that a profile holds."""
    return Profile(
        name=NAME,
        born=date(1985, 11, 11),
        identity_no=NUMBER,
        phones=phones,
        address=ADDRESS,
        note=NOTE,
    )


def propose_in_vain(county: County, day: date) -> None:
    """What waits for a second person, and why it got none."""
    wanted: dict[str, Any] = {"kind": "make_plan", "occurrence": "m1/1", "reason": REASON}
    request = [new_event("obligation_excused", day, **wanted)]
    clock = Instant.on(day)
    with county.uow() as uow:
        propose(
            uow,
            named("proposal"),
            named("case"),
            request,
            packs=county.packs,
            calendar=county.calendar,
            clock=clock,
            by="w1",
        )
    with county.uow() as uow:
        decline(uow, named("proposal"), reason=NOTE, clock=clock, by="s1")


def write_everything(county: County, day: date) -> None:
    """Free text, numbers and places, some of it refused."""
    case_id = named("case")
    written = [
        new_event("visited", day, note=NOTE),
        new_event(
            "test_scheduled", day + DAY, purpose="routine", place=PLACE, notice_served_on=day
        ),
        new_event("left", day, written_report=False, note=REASON),
        new_event("assistance_given", day, need="hardship", what=NOTE),
        new_event("paper_served", day, paper="order", method="in_person", witness=OTHER_NAME),
        new_event("suspended", day, reason="detained", document_no=DECISION),
        new_event("resumed", day + DAY, document_no=DECISION),
        new_event("use_confirmed", day, test_id=TEST),  # refused: confirmed before
        new_event("helper_assigned", day, role="volunteer", helper=OTHER_NAME),  # refused
    ]
    items = [BatchItem(case_id, (one,)) for one in written]
    record_batch(
        county.uow,
        items,
        packs=county.packs,
        calendar=county.calendar,
        clock=Instant.on(day + DAY),
        by="w1",
    )
    void = new_event(
        "event_voided", day + DAY, event_id=written[0].id, reason=REASON, approved_by="s1"
    )
    county.record(day + DAY, void, case_id=case_id)


def merge_a_twin(county: County, day: date) -> None:
    twin = named("twin")
    with county.uow() as uow:
        new = NewCase(
            named("case of the twin"),
            twin,
            Profile(name=OTHER_NAME),
            "cn-national",
            office_id=named("south"),
        )
        open_case(uow, new, packs=county.packs, clock=Instant.on(day), by="w1")
    county.record(
        day, new_event("detected", day, source="inspection"), case_id=named("case of the twin")
    )
    county.record(
        day,
        new_event("entry_voided", day, reason=REASON, approved_by="s1"),
        case_id=named("case of the twin"),
    )
    with county.uow() as uow:
        merge_people(
            uow,
            merge_id=named("merge"),
            kept_id=named("person"),
            merged_id=twin,
            reason=REASON,
            clock=Instant.on(day),
            by="s1",
        )


def wish_for_mail(county: County, day: date) -> None:
    """Where somebody is told."""
    addresses = {"email": MAIL, "webhook": HOOK}
    wishes, clock = Wishes(("email", "webhook"), addresses=addresses), Instant.on(day)
    with county.uow() as uow:
        set_contact(uow, named("w1"), wishes, expected=None, clock=clock, by="w1")


def add_a_photo(county: County, day: date) -> None:
    with county.uow() as uow:
        attach(
            uow,
            None,
            attachment_id=named("photo"),
            case_id=named("case"),
            content=photo(),
            file_name=FILE_NAME,
            caption=CAPTION,
            clock=Instant.on(day),
            by="w1",
        )


# ------------------------------------------------------------------ where they are looked for


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[County, Path, str]]:
    """A county in a file that has been through the journey, its folder, and all that was logged."""
    folder = tmp_path_factory.mktemp("marked")
    logged: list[str] = []
    handler = _Kept(logged)
    logging.getLogger().addHandler(handler)
    patch = pytest.MonkeyPatch()
    everything = structlog.make_filtering_bound_logger(logging.NOTSET)
    heard = structlog.wrap_logger(None, [_keep_in(logged)], wrapper_class=everything)
    patch.setattr(sweeping, "log", heard)
    try:
        with databases.on("sqlite"), a_county(folder / "guitu.db") as county:
            county.add_worker("w9", "north", name=WORKER)
            journey(county)
            yield county, folder, "\n".join(logged)
    finally:
        patch.undo()
        logging.getLogger().removeHandler(handler)


class _Kept(logging.Handler):
    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record.getMessage())


def _keep_in(kept: list[str]) -> Any:
    def keep(logger: Any, name: str, event: Any) -> Any:
        kept.append(repr(event))
        raise structlog.DropEvent

    return keep


def spellings(marker: str) -> set[bytes]:
    """How a word may lie in a file: as it is, escaped as JSON does, in two widths."""
    return {
        marker.encode(),
        json.dumps(marker)[1:-1].encode(),
        marker.encode("utf-16-le"),
        marker.encode("utf-16-be"),
    }


def test_the_journey_left_something_to_look_at(lived: tuple[County, Path, str]) -> None:
    county, _, logged = lived
    assert county.rows("SELECT count(*) FROM events")[0][0] > 15
    assert county.rows("SELECT count(*) FROM notices")[0][0] > 3
    assert county.rows("SELECT count(*) FROM attachment_bodies") == [(1,)]
    assert county.rows("SELECT count(*) FROM proposals WHERE reason IS NOT NULL") == [(1,)]
    assert "sweep" in logged
    view = county.view(FIRST + timedelta(days=60), named("case"))
    assert view.name == NAME
    shown = json.dumps([dict(one.fields) for one in view.events], ensure_ascii=False, default=str)
    assert all(marker in shown for marker in (REASON, PLACE, TEST, NOTE))


def test_no_file_holds_a_marker(lived: tuple[County, Path, str]) -> None:
    """The database, its journal, and whatever else lies there, byte by byte; also after a checkpoint."""
    _, folder, _ = lived
    for _ in range(2):
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert any(path.stat().st_size > 50_000 for path in files)
        for path in files:
            content = path.read_bytes()
            found = [m for m in MARKERS if any(form in content for form in spellings(m))]
            assert found == [], path.name
        with contextlib.closing(sqlite3.connect(folder / "guitu.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_no_column_that_needs_no_key_holds_a_marker(lived: tuple[County, Path, str]) -> None:
    county, _, _ = lived
    with county.engine.connect() as connection:
        for table in inspect(county.engine).get_table_names():
            for row in connection.execute(text(f"SELECT * FROM {table}")):  # noqa: S608 (our tables)
                plain = json.dumps(
                    [str(value) for value in row if not isinstance(value, bytes)],
                    ensure_ascii=False,
                )
                assert not [marker for marker in MARKERS if marker in plain], table


def test_what_is_bytes_is_ciphertext_a_hash_or_a_mark(lived: tuple[County, Path, str]) -> None:
    """A new column of bytes is looked at here before anything is put into it."""
    known = {
        "attachment_bodies.body",
        "attachments.details",
        "attachments.digest",
        "cases.chain",
        "contacts.addresses",
        "data_keys.wrapped",
        "events.chain",
        "events.sealed",
        "outlooks.basis",
        "packs.digest",
        "people.profile",
        "person_marks.digest",
        "person_merges.reason",
        "phones.held",
        "proposals.reason",
        "proposals.sealed",
        "quarantine.reason",
        "quarantine.sealed",
        "sessions.digest",
        "staff.profile",
        "throttles.bucket",
    }
    found = {
        f"{table.name}.{column.name}"
        for table in Row.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert found == known


def test_no_log_holds_a_marker(lived: tuple[County, Path, str]) -> None:
    _, _, logged = lived
    assert [marker for marker in MARKERS if marker in logged] == []


def test_no_refusal_shows_a_marker_that_it_was_not_sent(lived: tuple[County, Path, str]) -> None:
    """With another ring nothing opens, and what is told of that names no one."""
    county, _, _ = lived
    stranger = Office(county.engine, ring=KeyRing.generate())
    with pytest.raises(GuituError) as refused:
        stranger.view(FIRST, named("case"))
    shown = f"{refused.value} {refused.value!r} {refused.value.facts}"
    assert [marker for marker in MARKERS if marker in shown] == []
