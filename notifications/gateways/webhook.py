"""
A signed request to an address that the recipient gave (网络回调), for whatever an office runs behind it.

It is a Standard Webhook (standardwebhooks.com): `webhook-id` is the message's and stays the same at every
attempt, `webhook-signature` proves who sent it, `webhook-timestamp` when. Whoever receives it checks both
with a library in their language, and drops an id that they know.
"""

from __future__ import annotations

import hmac
import json
import ssl
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import httpx

from notifications.channels import LONGEST_SEND, Webhook, webhook_key
from notifications.gateway import Outcome, Outgoing
from notifications.gateways.addresses import Resolve, outward, resolved
from notifications.gateways.outcomes import again, refused
from notifications.gateways.pace import Pace
from notifications.gateways.sending import sent
from notifications.gateways.wire import Wire, answered, client, tls_context

LONGEST_ADDRESS = 2_000


class WebhookGateway:
    """
    Whoever stands behind an address may be many, so it says counts and no case code.

    Public addresses are called under TLS only; without it only those in the networks that the settings name.

    Args:
        clock: what time it really is, aware; the signature is dated by it.
        tls, resolve: other certificates, and another way to look up names, than the usual ones.
    """

    name = "webhook"
    counts_only = True

    def __init__(
        self,
        webhook: Webhook,
        *,
        clock: Callable[[], datetime],
        seconds: float = LONGEST_SEND,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolved,
    ) -> None:
        self._key = webhook_key(webhook.secret)
        self._clock, self._seconds = clock, seconds
        self._pace = Pace(20, 20)
        tls = tls or tls_context()
        private = outward(webhook.private, public=False)
        self._http = client(
            Wire(outward(webhook.private), tls=tls, resolve=resolve),
            seconds,
            mounts={"http://": Wire(private, tls=tls, resolve=resolve)},
        )

    def send(self, message: Outgoing) -> Outcome:
        """Post it; any 2xx is the receiver's word that it has it, unless the answer says otherwise."""
        outcome = sent(lambda: self._post(message), pace=self._pace, seconds=self._seconds)
        return replace(outcome, alone=outcome.code != "paced")

    def close(self) -> None:
        """Hang up everywhere."""
        self._http.close()

    def _post(self, message: Outgoing) -> None:
        _look_for_an_error(answered(self._http, self._request(message), self._clock))

    def _request(self, message: Outgoing) -> httpx.Request:
        content = body_of(message)
        return self._http.build_request(
            "POST",
            url_of(message.address),
            content=content,
            headers={
                "Content-Type": "application/json",
                **signed(self._key, str(message.message_id), self._clock(), content),
            },
        )


def url_of(address: str) -> httpx.URL:
    """
    The address as one that can be called.

    Raises:
        NotTaken: `address_malformed`.
    """
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        raise refused("address_malformed") from None
    plain = url.scheme in ("https", "http") and url.host and not url.userinfo
    if not plain or len(address) > LONGEST_ADDRESS or not 0 < (url.port or 443) < 65_536:
        raise refused("address_malformed")
    return url


def body_of(message: Outgoing) -> bytes:
    """What is posted: the same bytes at every attempt."""
    said = {
        "type": "reminder",
        "id": str(message.message_id),
        "data": {"title": message.title, "body": message.body},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signed(key: bytes, identity: str, at: datetime, content: bytes) -> dict[str, str]:
    """The three headers of a Standard Webhook: HMAC-SHA256 over id, second and body."""
    second = str(int(at.timestamp()))
    digest = hmac.digest(key, b".".join([identity.encode(), second.encode(), content]), "sha256")
    return {
        "webhook-id": identity,
        "webhook-timestamp": second,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _look_for_an_error(body: bytes) -> None:
    """Many take every request with 200 and write into the answer that it failed; what is no JSON says nothing."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    failed = said.get("errcode") not in (None, 0) or said.get("error")
    if failed or said.get("ok") is False or said.get("success") is False:
        raise again("error_in_answer")
