"""P4 at its smallest: it measures what it says, and each reminder of a morning goes the whole way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import p4
from bench.queues import Apscheduler, Procrastinate
from bench.reminders import ALONE, DAILY, EACH, Morning, fill
from bench.stores import PostgresServer, SqliteFiles
from tests import databases
from workflow.store.keyring import KeyRing

pytestmark = pytest.mark.slow


@pytest.mark.postgres
def test_p4_measures() -> None:
    size = p4.Size(ours=40, theirs=4, rounds=1, shared=40, many=40, workers=(2,))
    store = PostgresServer(databases.server()["url"])
    found = p4.measured(store, size, (Procrastinate, Apscheduler))
    assert [one.name for one in found.figures] == ["ratio", "growth_2", "memory"]
    assert all(sample >= 0 for figure in found.figures for sample in figure.samples)
    assert found.figures[0].samples[0] > 0
    assert any(remark.startswith("Procrastinate: ") for remark in found.remarks)


@pytest.mark.parametrize(("kind", "messages"), [(ALONE, 240), (DAILY, 240 // EACH)])
def test_every_reminder_of_a_morning_is_planned_sent_and_recorded(
    tmp_path: Path, kind: str, messages: int
) -> None:
    store, ring = SqliteFiles(tmp_path), KeyRing.generate()
    engine = store.new()
    fill(engine, ring, 240, kind)
    morning = Morning.at(engine, ring)
    planned, drained = morning.plan(), morning.send()
    assert (planned.items, planned.messages, drained.counts) == (240, messages, {"sent": messages})
    with engine.connect() as connection:
        of = "SELECT count(*) FROM attempts WHERE outcome = 'sent' AND channel = 'noop'"
        assert connection.exec_driver_sql(of).scalar() == messages
    store.drop(engine)
