"""
Very many cases, made inside the database: all that a sweep asks about, and nothing that is sealed.

Each is open, waits for a later day, was told twice before, and has three rungs, 160 days apart, so that on
each day one case in a hundred has one; and none has one on the days between.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine, text

TOLD = date(2026, 3, 2)
"""The first of a hundred days on each of which one case in a hundred has a rung."""
EMPTY = TOLD + timedelta(days=100)
"""The first of sixty days on which none has one."""
TURN = 160
LATER = EMPTY + timedelta(days=TURN)
"""Before this day no case changes."""
BEFORE = date(2026, 1, 5)

SERIES = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last})",
    "postgresql": "WITH s AS (SELECT generate_series({first}, {last}) AS n)",
}
ID = {
    "sqlite": "printf('%032x', n + 4096)",
    "postgresql": "lpad(to_hex(n + 4096), 32, '0')::uuid",
}
_DAY = {
    "sqlite": "date('{day}', '+' || (n % {span}) || ' days')",
    "postgresql": "date '{day}' + n % {span}",
}
BLOB = {"sqlite": "x'00'", "postgresql": "'\\x00'::bytea"}


def fill(engine: Engine, cases: int) -> None:
    """So many cases in an empty database, kept as a database is that has run for a while."""
    kind = engine.dialect.name
    series, case_id = SERIES[kind].format(first=0, last=cases - 1), ID[kind]
    later = _DAY[kind].format(day=LATER, span=30)
    with engine.begin() as connection:
        for table, columns, values in (
            ("people", "id, registered_at", f"{case_id}, '2026-01-01 00:00:00'"),
            (
                "cases",
                "id, person_id, subject_id, policy, team, opened_on, projected_on, next_change_on, version, chain",
                f"{case_id}, {case_id}, {case_id}, 'cn-national', 'recorded', '{BEFORE}', '{BEFORE}',"
                f" {later}, 20, {BLOB[kind]}",
            ),
            *_told(kind, case_id),
            *_rungs(kind, case_id),
        ):
            connection.execute(
                text(f"INSERT INTO {table} ({columns}) {series} SELECT {values} FROM s")
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if kind == "sqlite" else "VACUUM ANALYZE"))


def _told(kind: str, case_id: str) -> list[tuple[str, str, str]]:
    columns = "case_id, kind, occurrence, told_on, told_to, role, rung, told_at"
    return [
        (
            "notices",
            columns,
            f"{case_id}, 'routine_test', 'm1/w03', '{BEFORE + timedelta(days=number)}',"
            " 'community_worker', 'community_worker', '-7', '2026-01-06 00:30:00'",
        )
        for number in range(2)
    ]


def _rungs(kind: str, case_id: str) -> list[tuple[str, str, str]]:
    columns = "case_id, kind, occurrence, told_on, told_to, role, rung"
    days = (TOLD + timedelta(days=TURN * number) for number in range(3))
    return [
        (
            "rungs",
            columns,
            f"{case_id}, 'routine_test', 'm1/w03', {_DAY[kind].format(day=day, span=100)},"
            " 'community_worker', 'community_worker', '-1'",
        )
        for day in days
    ]
