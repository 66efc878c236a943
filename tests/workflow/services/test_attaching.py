"""Attaching: once, sealed, readable for those who hold the key and for nobody else."""

from __future__ import annotations

import logging
from copy import copy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select, update

from tests.attachments import BODIES, FIRST, MARK, Site, a_site, photo, refusal
from tests.persons import NOW, case_about, office_reaching, person, register
from workflow.rules.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from workflow.services import attaching
from workflow.services.attaching import (
    Attached,
    attach,
    attachments_of,
    read_attachment,
    shown_name,
)
from workflow.services.photos import SafeFile, made_safe
from workflow.store import data_keys
from workflow.store.tables import AttachmentRow, EventRow, table_of
from workflow.store.tables.columns import Row

pytestmark = pytest.mark.databases("sqlite", "postgres")
ATTACHMENTS = table_of(AttachmentRow)


@pytest.fixture(params=["in the database", "on the disk"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return a_site(tmp_path, request.param.rpartition(" ")[2])


# ------------------------------------------------------------------ kept and read


def test_what_is_attached_is_read_as_it_was_made_safe(site: Site) -> None:
    entry = site.attach().entry
    found = site.read()
    assert found.content == made_safe(photo()).content
    assert (found.media_type, found.file_name) == ("image/jpeg", f"{MARK}.jpg")
    assert found.caption == f"回执 {MARK}"
    assert found.entry == entry
    assert (entry.plain_bytes, entry.recorded_at) == (len(found.content), NOW.now)
    assert MARK not in repr(found)


def test_a_case_lists_its_attachments_without_opening_any(site: Site) -> None:
    ids = [UUID(int=number) for number in (3, 1, 2)]
    for number, attachment_id in enumerate(ids):
        clock = replace(NOW, now=NOW.now + timedelta(minutes=number))
        with site.uow() as uow:
            attach(
                uow,
                site.files,
                attachment_id=attachment_id,
                case_id=site.case_id,
                content=photo(number),
                file_name="",
                clock=clock,
                by="w1",
            )
    for path in site.on_disk():
        path.unlink()
    with site.uow() as uow:
        uow.session.execute(BODIES.delete())
    assert [entry.id for entry in site.listed()] == ids
    assert {entry.file_name for entry in site.listed()} == {"attachment.jpg"}


def test_an_attachment_belongs_to_an_event_of_its_case(site: Site) -> None:
    assert refusal(NotFound, site.attach, event_id="e1") == "not_found"
    sealed = {"sealed": b"", "chain": b"", "name": "visited", "version": 1, "rank": 1}
    when = {"happened_on": NOW.today, "recorded_on": NOW.today, "recorded_at": NOW.now}
    with site.uow() as uow:
        row = {"case_id": site.case_id, "seq": 1, "id": "e1", "request_id": "e1"}
        uow.session.execute(insert(table_of(EventRow)), [row | sealed | when])
    assert site.attach(event_id="e1").entry.event_id == "e1"


def test_what_is_refused_asks_the_database_for_nothing(site: Site) -> None:
    """A slow picture would otherwise hold up everybody else who writes."""
    asked: list[str] = []
    event.listen(site.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert refusal(Refused, site.attach, content=b"GIF89a") == "attachment_type"
    assert refusal(Invalid, site.attach, caption="长" * 501) == "invalid_value"
    assert not asked
    site.attach()
    assert asked


@pytest.mark.databases
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("回执.JPG", "回执.jpg"),
        ("C:\\fakepath\\IMG_1.heic", "IMG_1.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("report.hta", "report.jpg"),
        ("2026.03.02 家访", "2026.03.02 家访.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("a\r\nContent-Type: text/html", "html.jpg"),
        ("   ", "attachment.jpg"),
        (".jpg", "attachment.jpg"),
        ("长" * 300, "长" * 120 + ".jpg"),
    ],
)
def test_a_file_name_is_safe_to_show_and_to_save_under(sent: str, shown: str) -> None:
    assert shown_name(sent, "image/jpeg") == shown


# ------------------------------------------------------------------ once


def test_sent_twice_it_is_kept_once(site: Site) -> None:
    first, second = site.attach(), site.attach()
    assert (first.already_known, second.already_known) == (False, True)
    assert first.entry == second.entry
    assert len(site.sealed()) == 1


def test_a_release_that_draws_otherwise_knows_it_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.attach()
    monkeypatch.setattr(attaching, "made_safe", lambda content: SafeFile(b"newer", "image/jpeg"))
    assert site.attach().already_known
    assert site.read().content != b"newer"


@pytest.mark.databases("sqlite", why="what is compared was opened before")
@pytest.mark.parametrize(
    "other", [{"content": photo(1)}, {"caption": "别的"}, {"caption": None}, {"file_name": "b.jpg"}]
)
def test_the_same_id_with_anything_else_is_a_conflict(site: Site, other: dict[str, Any]) -> None:
    site.attach()
    before = site.read()
    assert refusal(Conflict, site.attach, **other) == "attachment_id_conflict"
    assert site.read() == before
    assert len(site.sealed()) == 1


def test_the_same_id_on_another_case_is_a_conflict(site: Site) -> None:
    site.attach()
    with site.uow() as uow:
        register(uow, 2)
        other = case_about(uow, 2)
    assert refusal(Conflict, site.attach, case_id=other) == "attachment_id_conflict"


def test_of_many_who_send_it_at_once_one_is_the_first(site: Site) -> None:
    together, done = Barrier(4), list[Attached]()

    def send() -> None:
        together.wait()
        done.append(site.attach())

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.already_known for each in done) == [False, True, True, True]
    assert len(site.sealed()) == 1
    assert site.read().content


# ------------------------------------------------------------------ for nobody else


def test_what_is_out_of_reach_answers_like_what_does_not_exist(site: Site) -> None:
    site.attach()
    with site.uow() as uow:
        elsewhere = office_reaching(uow, 1)
    with site.uow() as uow:
        for act, args in (
            (read_attachment, (uow, site.files, FIRST)),
            (attachments_of, (uow, site.case_id)),
        ):
            assert refusal(NotFound, act, *args, reach=elsewhere) == "not_found"
        assert refusal(NotFound, read_attachment, uow, site.files, UUID(int=9)) == "not_found"
        assert refusal(NotFound, attachments_of, uow, UUID(int=9)) == "not_found"
    assert refusal(NotFound, site.attach, UUID(int=2), reach=elsewhere) == "not_found"
    assert refusal(NotFound, site.attach, UUID(int=2), case_id=UUID(int=9)) == "not_found"


def test_nothing_about_the_person_lies_anywhere_in_plain_text(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site.attach()
    assert b"MARK" in photo()
    assert b"MARK" not in site.read().content
    with site.uow() as uow:
        rows = [
            repr(row)
            for table in Row.metadata.sorted_tables
            for row in uow.session.execute(select(table))
        ]
    assert len(site.sealed()) == 1
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept or site.engine.dialect.name == "postgresql"
    for trace in ("MARK", "某甲", "回执", "JFIF"):
        assert trace not in "".join(rows) + caplog.text
        assert not [body for body in kept if trace.encode() in body]


def test_after_shredding_it_is_unreadable_for_good(site: Site) -> None:
    site.attach()
    with site.uow() as uow:
        data_keys.shred(uow.session, person(1))
    for act in (site.read, site.listed, site.attach):
        assert refusal(Refused, act) == "key_shredded"
    (left,) = site.sealed()
    assert b"JFIF" not in left


@pytest.mark.databases("sqlite", why="a digest tells, not a database")
@pytest.mark.parametrize("damage", ["gone", "changed", "cut"])
def test_a_damaged_attachment_is_told_as_that(site: Site, damage: str) -> None:
    site.attach()
    (body,) = site.sealed()
    changed = body[:20] + bytes([body[20] ^ 1]) + body[21:]
    site.change_body({"gone": None, "changed": changed, "cut": body[:-1]}[damage])
    assert refusal(Refused, site.read) == "attachment_damaged"
    assert site.listed()


def test_a_body_put_under_another_attachment_does_not_open(tmp_path: Path) -> None:
    site = a_site(tmp_path, "database")
    site.attach()
    site.attach(UUID(int=2), content=photo(1))
    of_first = select(ATTACHMENTS.c.digest).where(ATTACHMENTS.c.id == FIRST).scalar_subquery()
    body = select(BODIES.c.body).where(BODIES.c.attachment_id == FIRST).scalar_subquery()
    with site.uow() as uow:
        uow.session.execute(update(ATTACHMENTS).values(digest=of_first))
        uow.session.execute(update(BODIES).values(body=body))
    assert site.read().content
    assert refusal(Refused, site.read, UUID(int=2)) == "key_does_not_open"


def test_what_was_kept_elsewhere_stays_readable_when_the_setting_changes(tmp_path: Path) -> None:
    disk = a_site(tmp_path, "disk")
    database = copy(disk)
    database.files = None
    disk.attach()
    database.attach(UUID(int=2))
    assert disk.read(UUID(int=2)).content
    assert refusal(Unavailable, database.read) == "attachments_folder_unusable"
    assert len(disk.on_disk()) == 1


@pytest.mark.databases("sqlite", why="a server's full disk is tested with its other faults")
def test_a_database_that_is_full_keeps_no_half_of_it(tmp_path: Path) -> None:
    site = a_site(tmp_path, "database")
    large = photo(size=2000)
    with site.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = f"PRAGMA max_page_count = {pages + 2}"
    with site.engine.connect() as connection:
        connection.exec_driver_sql(limit)
    assert refusal(Unavailable, site.attach, content=large) == "disk_full"
    assert not site.listed()
    assert not site.sealed()
    site.engine.dispose()
    assert not site.attach(content=large).already_known
    assert site.read().content
