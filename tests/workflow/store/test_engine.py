"""How a database is opened: nothing lost, nothing half durable, nobody waiting for ever, instants aware."""

import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import URL, Engine, insert, text
from sqlalchemy.exc import IntegrityError, StatementError

from tests.builders import CASE, Office, new_database
from workflow.store import cases, runs, stamps
from workflow.store.engine import POOL_OVERFLOW, POOL_SIZE, make_engine
from workflow.store.tables import PersonRow, Row, StampRow, table_of
from workflow.store.unit_of_work import UnitOfWork

FIRST = date(2024, 1, 8)
NOON = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=8)))
NAME = "张三丰"
on_sqlite = pytest.mark.databases("sqlite", why="PRAGMAs are SQLite's own")
on_postgresql = pytest.mark.databases("postgres", why="SQLite has no server that could be set so")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return new_database(shared_in=tmp_path)


@pytest.fixture
def reopened(engine: Engine) -> Iterator[Callable[[URL], Engine]]:
    """Opens the same database once more, in another way."""
    opened: list[Engine] = []

    def reopen(url: URL) -> Engine:
        opened.append(make_engine(url))
        return opened[-1]

    yield reopen
    for each in opened:
        each.dispose()


def asked(engine: Engine, question: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar()


# ------------------------------------------------------------------ how it is set up


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("recursive_triggers", 1),
        ("query_only", 0),
    ],
)
def test_each_connection_is_prepared(engine: Engine, pragma: str, value: object) -> None:
    assert asked(engine, f"PRAGMA {pragma}") == value


SETTINGS = {
    "application_name": "guitu",
    "lock_timeout": "10s",
    "statement_timeout": "2min",
    "idle_in_transaction_session_timeout": "1min",
    "transaction_isolation": "read committed",
    "transaction_read_only": "off",
    "TimeZone": "UTC",
}


@on_postgresql
def test_each_session_is_set_up(engine: Engine) -> None:
    assert {name: asked(engine, f"SHOW {name}") for name in SETTINGS} == SETTINGS


@on_postgresql
def test_what_an_administrator_set_for_the_database_changes_none_of_it(
    engine: Engine, reopened: Callable[[URL], Engine]
) -> None:
    """With another isolation or zone the same program would lose updates, or tell another day."""
    with engine.begin() as connection:
        for name, value in {
            "default_transaction_isolation": "'repeatable read'",
            "TimeZone": "'Asia/Shanghai'",
            "lock_timeout": "0",
        }.items():
            connection.execute(text(f'ALTER DATABASE "{engine.url.database}" SET {name} = {value}'))
    again = reopened(engine.url)
    assert {name: asked(again, f"SHOW {name}") for name in SETTINGS} == SETTINGS


@on_postgresql
def test_what_the_address_says_comes_before_our_own(
    engine: Engine, reopened: Callable[[URL], Engine]
) -> None:
    said = {"application_name": "guitu-night", "options": "-c lock_timeout=3s"}
    other = reopened(engine.url.update_query_dict(said))
    shown = {name: asked(other, f"SHOW {name}") for name in SETTINGS}
    assert shown == {**SETTINGS, "application_name": "guitu-night", "lock_timeout": "3s"}


@pytest.mark.databases("none")
@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_needs_no_driver(scheme: str) -> None:
    assert make_engine(f"{scheme}://u@localhost/guitu").url.drivername == "postgresql+psycopg"


@pytest.mark.databases("none")
def test_one_program_takes_no_more_connections_than_its_share() -> None:
    """A server has a hundred; eight processes of forty threads would leave none for the administrator."""
    pool = make_engine("postgresql://u@localhost/guitu").pool
    assert f"Pool size: {POOL_SIZE}" in pool.status()
    assert 8 * POOL_SIZE < 97
    assert POOL_OVERFLOW <= POOL_SIZE


# ------------------------------------------------------------------ side by side


def test_no_update_is_lost_between_threads(engine: Engine) -> None:
    """Eight threads that read and then wrote left 85 of 400 with SQLite's own transactions, and no error."""
    office = Office(engine)
    office.open(FIRST)
    together = Barrier(4)

    def count() -> None:
        together.wait()
        for _ in range(10):
            with office.uow() as uow:
                row = cases.find(uow.session, CASE, to_write=True)
                assert row is not None
                cases.set_values(uow.session, CASE, version=row.version + 1)

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert office.rows("SELECT version FROM cases") == [(40,)]


@on_sqlite
def test_those_who_open_a_new_file_at_once_all_can(tmp_path: Path) -> None:
    """SQLite does not wait where two make it a WAL: one in a few hundred was told that it is locked."""
    together = Barrier(6)

    def open_at_once(file: Path) -> None:
        engine = make_engine(f"sqlite:///{file}")
        together.wait()
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS here (it INTEGER)")
        engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        for n in range(20):
            asked = [pool.submit(open_at_once, tmp_path / f"{n}.db") for _ in range(6)]
            assert [each.result() for each in asked] == [None] * 6


def test_a_reader_waits_for_no_writer(engine: Engine) -> None:
    with UnitOfWork(engine) as writing:
        stamps.put(writing.session, "mode", "demo")
        with UnitOfWork(engine, reading=True) as uow:
            assert stamps.read(uow.session, "mode") is None


def test_a_reader_sees_one_state_from_its_first_question_to_its_last(engine: Engine) -> None:
    """Read between two of another's transactions, a view showed an obligation and not the act that closed it."""
    with UnitOfWork(engine, reading=True) as uow:
        assert stamps.read(uow.session, "mode") is None
        with UnitOfWork(engine) as writing:
            stamps.put(writing.session, "mode", "demo")
        assert stamps.read(uow.session, "mode") is None
    with UnitOfWork(engine, reading=True) as uow:
        assert stamps.read(uow.session, "mode") == "demo"


@on_postgresql
def test_a_writer_sees_what_others_committed_since_it_began(engine: Engine) -> None:
    """On SQLite there are no others: the first to begin is the only one who may write."""
    with UnitOfWork(engine) as uow:
        assert stamps.read(uow.session, "mode") is None
        with UnitOfWork(engine) as other:
            stamps.put(other.session, "mode", "demo")
        assert stamps.read(uow.session, "mode") == "demo"


# ------------------------------------------------------------------ what comes back


def begin_run(engine: Engine, started_at: datetime) -> None:
    with UnitOfWork(engine) as uow:
        runs.begin(
            uow.session,
            UUID(int=1),
            kind="tick",
            for_day=date(2026, 11, 22),
            started_at=started_at,
        )


def test_an_instant_comes_back_aware_and_in_utc(engine: Engine) -> None:
    begin_run(engine, NOON)
    with UnitOfWork(engine, reading=True) as uow:
        (run,) = runs.latest(uow.session, "tick")
    assert run.started_at == NOON
    assert run.started_at.tzinfo is UTC
    assert run.ended_at is None


def test_an_instant_without_its_offset_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="needs its offset"):
        begin_run(engine, NOON.replace(tzinfo=None))


def test_how_many_rows_an_insert_wrote_is_known(engine: Engine) -> None:
    """Unknown on PostgreSQL it was -1, and a run told that it had sent fewer notices than none."""
    rows = [{"key": str(n), "value": "v"} for n in range(3)]
    with UnitOfWork(engine) as uow:
        assert uow.session.connection().execute(insert(stamps.STAMPS).values(rows)).rowcount == 3


def write(engine: Engine, row: type[Row], *values: dict[str, object]) -> None:
    with UnitOfWork(engine) as uow:
        for each in values:
            uow.session.execute(insert(table_of(row)), [each])


@pytest.mark.parametrize(
    ("row", "values"),
    [
        (StampRow, [{"key": NAME, "value": "v"}] * 2),
        (PersonRow, [{"id": UUID(int=1), "profile": NAME.encode(), "registered_at": None}]),
    ],
    ids=["twice", "incomplete"],
)
def test_an_error_never_shows_what_was_written(
    engine: Engine, row: type[Row], values: list[dict[str, object]]
) -> None:
    """The values of a row are about people, and an error ends in a log; PostgreSQL tells the whole row."""
    with pytest.raises(IntegrityError) as refused:
        write(engine, row, *values)
    told = "".join(traceback.format_exception(refused.value))
    assert str(row.__tablename__) in told
    assert NAME not in told
    assert NAME.encode().hex() not in told
