"""The row of the worklist: all three sides answer, and with the same list, or they are not to be compared."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from bench.desks import fill
from bench.served import BARE, ORM, OURS, Place, served
from bench.stores import PostgresServer, SqliteFiles, Store
from tests import databases
from workflow.store.keyring import KeyRing


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_all_three_give_the_same_list(kind: str, tmp_path: Path) -> None:
    store, ring = _store(kind, tmp_path), KeyRing.generate()
    engine = store.new()
    reader = fill(engine, ring, 1000)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    with (
        served(Place(url, ring.text, 2)) as server,
        closing(HTTPConnection("127.0.0.1", server.port, timeout=20)) as http,
    ):
        found = {path: _items(http, path, reader.token) for path in (OURS, BARE, ORM)}
    ours = found[OURS]
    assert len(ours) == 30
    assert all(one["name"].startswith("某") for one in ours)
    assert found[ORM] == ours
    keys = [(one["due_on"], one["case_id"].replace("-", ""), one["kind"]) for one in ours]
    bare = [(one["due_on"], one["case_id"].replace("-", ""), one["kind"]) for one in found[BARE]]
    assert bare[:30] == keys
    store.drop(engine)


def _store(kind: str, folder: Path) -> Store:
    return SqliteFiles(folder) if kind == "sqlite" else PostgresServer(databases.server()["url"])


def _items(http: HTTPConnection, path: str, token: str) -> list[dict[str, Any]]:
    http.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = http.getresponse()
    body = json.loads(answer.read())
    assert answer.status == 200, body
    found: list[dict[str, Any]] = body["items"]
    return found
