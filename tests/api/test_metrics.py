"""What a monitor reads over HTTP: whoever has the token, or a program on this machine; no path, id or name is a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from tests.api.clients import BASE, Client, event

DAY = date(2024, 1, 8)
TOKEN = "a-token-of-the-monitor"


def asked(
    office: Client,
    headers: Mapping[str, str | bytes] | None = None,
    *,
    client: tuple[str, int] = ("127.0.0.1", 40000),
    token: str | None = None,
) -> int:
    """The status of the answer to somebody who asks from there."""
    settings = office.parts.settings.model_copy(
        update={"metrics_token": SecretStr(token) if token else None}
    )
    app = create_app(replace(office.parts, settings=settings))
    http = TestClient(app, base_url=BASE, client=client)
    return http.get(
        "/metrics",
        headers=[
            (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in (headers or {}).items()
        ],
    ).status_code


def test_without_a_token_only_this_machine_reads_it_and_no_proxy(office: Client) -> None:
    assert asked(office) == 200
    assert asked(office, client=("::1", 40000)) == 200
    assert asked(office, client=("192.0.2.7", 40000)) == 404
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP"):
        assert asked(office, {name: "127.0.0.1"}) == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [(TOKEN, 200), (TOKEN[:-1], 404), ("", 404), ("标记", 404)],
    ids=["right", "wrong", "none", "not ascii"],
)
def test_with_a_token_whoever_knows_it_reads_it_from_anywhere(
    office: Client, sent: str, status: int
) -> None:
    headers = {"Authorization": f"Bearer {sent}".encode()}
    assert asked(office, headers, client=("192.0.2.7", 1), token=TOKEN) == status
    assert asked(office, headers, token=TOKEN) == status


def read(office: Client) -> dict[str, float]:
    """Every sample, by its name and labels."""
    http = TestClient(office.http.app, base_url=BASE, client=("127.0.0.1", 1))
    lines = [one for one in http.get("/metrics").text.splitlines() if not one.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_requests_are_counted_by_template_and_nobody_is_named(office: Client) -> None:
    office.open(name="标记名")
    office.post(event("detected", DAY, source="inspection"))
    stranger = uuid4()
    assert office.http.get(f"/api/v1/cases/{stranger}").status_code == 404
    assert office.http.get("/nowhere/标记名").status_code == 404
    assert office.http.request("MADEUP", "/health/live").status_code == 405
    found = read(office)
    of = 'guitu_request_seconds_count{answer="4xx",method="GET",route='
    assert found[f'{of}"/api/v1/cases/{{case_id}}"}}'] == 1
    assert found[f'{of}"unmatched"}}'] == 1
    assert not any('route="/api/v1/api' in name for name in found)
    assert any('method="OTHER"' in name for name in found)
    everything = "\n".join(found)
    assert "标记名" not in everything
    assert str(stranger) not in everything
