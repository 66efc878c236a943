"""Behind a proxy that ends TLS, as docs/operations.md has it: the cookies are Secure, and only this machine is believed."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import httpx

from tests.api.clients import PASSWORD
from tests.api.servers import a_server

AS_NGINX = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


def test_the_cookies_are_secure_where_the_proxy_says_https(tmp_path: Path) -> None:
    with a_server(tmp_path) as server:
        for headers, name, secure in (
            (AS_NGINX, "__Host-guitu_session", True),
            ({}, "guitu_session", False),
        ):
            sent = {"id": str(uuid4()), "handle": "county", "password": PASSWORD}
            address = f"{server.address}/api/v1/sessions"
            answer = httpx.post(address, json=sent, headers=headers, timeout=30)
            (cookie,) = (
                each
                for each in answer.headers.get_list("set-cookie")
                if each.startswith(f"{name}=")
            )
            assert ("Secure" in cookie) == secure
            assert "HttpOnly" in cookie
            assert "SameSite=strict" in cookie
