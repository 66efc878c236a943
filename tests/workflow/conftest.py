"""
On which databases a test of the store and of the services runs: on SQLite and on PostgreSQL.

A test runs on both where its module imports `new_database` or `an_office`, and gets no database
where it does not. The mark `databases` says otherwise, on one test or as the `pytestmark` of a module:

    @pytest.mark.databases("sqlite", why="it damages the file")
    @pytest.mark.databases("sqlite", "postgres")     # the database comes by another way
    @pytest.mark.databases("none")                   # in a module where others need one
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import databases

PARAMS = {
    "sqlite": pytest.param("sqlite", id="sqlite"),
    "postgres": pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
}
MAKERS = {"new_database", "an_office"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once on each of its databases."""
    kinds = _kinds(metafunc)
    if kinds:
        metafunc.parametrize("database_kind", [PARAMS[kind] for kind in kinds], indirect=True)


def _kinds(metafunc: pytest.Metafunc) -> tuple[str, ...]:
    mark: Any = metafunc.definition.get_closest_marker("databases")
    if mark is None:
        return tuple(PARAMS) if MAKERS & vars(metafunc.module).keys() else ()
    if mark.args == ("none",):
        return ()
    if len(mark.args) == 1 and not mark.kwargs.get("why"):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: say why it runs on one database")
    kinds: tuple[str, ...] = mark.args
    return kinds


@pytest.fixture(autouse=True)
def database_kind(request: pytest.FixtureRequest) -> Iterator[None]:
    """What `new_database` makes in this test; whatever it made is gone afterwards."""
    kind = getattr(request, "param", None)
    before = databases.asked()
    with databases.on(kind):
        yield
    if kind == "postgres" and databases.asked() == before:
        pytest.fail('it made no database, and runs twice for nothing: mark it `databases("none")`')
