"""What became of what was told: counted, and compared with an office that nobody disturbed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from notifications.account import NOBODY, made
from tests.chaos.heard import Heard
from tests.chaos.peers import arrived
from tests.chaos.workplaces import Site
from tests.pictures import picture
from workflow.services.clock import Instant
from workflow.store.tables import (
    AttemptRow,
    InboxRow,
    MessageItemRow,
    MessageRow,
    NoticeRow,
    RunRow,
    table_of,
)

MESSAGES, ITEMS = table_of(MessageRow), table_of(MessageItemRow)
NOTICES, INBOX, ATTEMPTS = table_of(NoticeRow), table_of(InboxRow), table_of(AttemptRow)
RUNS = table_of(RunRow)
OF = ("case_id", "kind", "occurrence", "told_on", "told_to")
WHEN = ("messages", "message_items", "attempts", "inbox", "alarms")
"""What depends on when it was done; what it comes to is compared item by item."""
OF_RUNS = ("runs", "run_failures", "run_accounts")
SEALED = ("contacts",)
"""Sealed anew for each office, and written by nobody here."""
Item = tuple[Any, ...]


def items(site: Site) -> list[Item]:
    """Each notice as somebody was told of it: to whom, why, and whether it went out."""
    fates = ("sent_at", "withdrawn_at", "passed_at", "failed_at")
    query = select(
        *(ITEMS.c[name] for name in OF),
        MESSAGES.c.recipient,
        MESSAGES.c.as_role,
        ITEMS.c.because,
        ITEMS.c.withdrawn_at.label("taken_out"),
        *(MESSAGES.c[name] for name in fates),
    ).join(MESSAGES, MESSAGES.c.id == ITEMS.c.message_id)
    with site.reading() as uow:
        rows = uow.session.execute(query).all()
    return [(*row[: len(OF) + 3], _fate(row)) for row in rows]


def _fate(row: Any) -> str:
    if row.taken_out is not None:
        return "withdrawn"
    names = ("sent", "withdrawn", "passed", "failed")
    return next((name for name in names if getattr(row, f"{name}_at") is not None), "waits")


def count_deliveries(site: Site, told: Heard, last: date) -> None:
    """Lost is a notice of which nobody was told; doubled one of which somebody was told twice, or an inbox's entry."""
    found = items(site)
    with site.reading() as uow:
        notices = {tuple(row) for row in uow.session.execute(select(*(NOTICES.c[n] for n in OF)))}
        entries = Counter(uow.session.execute(select(INBOX.c.message_id)).scalars())
        unended = select(func.count()).select_from(RUNS).where(RUNS.c.ended_at.is_(None))
        unheard = select(func.count()).select_from(ATTEMPTS).where(ATTEMPTS.c.outcome == "lost")
        told.unended, told.unheard = (
            uow.session.execute(query).scalar_one() for query in (unended, unheard)
        )
        account = made(uow, NOBODY, Instant.on(last, time(20)).now, last)
    told.notices, told.entries = len(notices), sum(entries.values())
    settled = Counter(one[:6] for one in found if one[-1] == "sent")
    told.doubled = sum(n - 1 for n in (*settled.values(), *entries.values()))
    explained = {one[:5] for one in found if one[-1] in ("sent", "withdrawn")}
    told.lost = len(notices - explained)
    if not account.closes:
        told.faults.append(f"the account does not close: {account}")


def count_on_the_wire(site: Site, calm: Site, wire: Path, told: Heard) -> None:
    """No id with two contents; whatever went out by the channel arrived; nothing arrived of which nobody knows."""
    seen = arrived(wire)
    told.posts, told.again = len(seen), sum(len(said) - 1 for said in seen.values())
    told.faults += [f"two contents: {one}" for one, said in seen.items() if len(set(said)) > 1]
    sent, known = set(), set()
    for each in (site, calm):
        with each.reading() as uow:
            for row in uow.session.execute(select(MESSAGES.c.id, MESSAGES.c.channel)):
                known.add(str(row.id))
                if row.channel == "webhook":
                    sent.add(str(row.id))
    told.faults += [f"never arrived: {one}" for one in sent - seen.keys()]
    told.faults += [f"nobody sent it: {one}" for one in seen.keys() - known]


def compared(site: Site, calm: Site) -> list[str]:
    """What one has and the other has not: who was told what and why, and every row that bears no time of the run."""
    ours, theirs = Counter(items(site)), Counter(items(calm))
    found = [f"- {one}" for one in (ours - theirs).elements()]
    found += [f"+ {one}" for one in (theirs - ours).elements()]
    mine, other = (Counter(_timeless(each)) for each in (site, calm))
    found += [f"- {one}" for one in (mine - other).elements()]
    return found + [f"+ {one}" for one in (other - mine).elements()]


def _timeless(site: Site) -> Iterator[str]:
    seen = picture(site.engine, site.ring.newest, site.files).without(*WHEN, *OF_RUNS, *SEALED)
    for table, rows in seen.rows.items():
        for row in rows:
            yield f"{table} {[pair for pair in row if not pair[0].endswith('_at')]}"
