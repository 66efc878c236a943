"""Every channel beside a real other side: what the contract of `notifications.gateway` is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from uuid import UUID

from notifications.channels import Mail, Webhook, WeCom
from notifications.gateway import Gateway, Outgoing
from notifications.gateways.mail import MailGateway
from notifications.gateways.noop import NoopGateway
from notifications.gateways.webhook import WebhookGateway
from notifications.gateways.wecom import WeComGateway
from tests.notifications.posting import RecordingGateway
from tests.peers.certificates import certificates
from tests.peers.https import HttpPeer, says
from tests.peers.relays import PASSWORD, USER, ScriptedRelay, relay
from tests.peers.wecom import AGENT, CORP, SECRET, WeComPeer

WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDVn0="
SECRETS = (PASSWORD, SECRET, WEBHOOK_SECRET, WEBHOOK_SECRET.removeprefix("whsec_"))
TITLE, BODY = "今日提醒：3 项", "法定 1 项，到期 2 项。"


@dataclass(frozen=True)
class Rig:
    """
    A channel and whom it speaks to.

    Args:
        address: of somebody there.
        wire: what went over it so far, message by message, without what dates an attempt; None where there is none.
    """

    gateway: Gateway
    address: str
    wire: Callable[[], list[bytes]] | None = None

    def message(self, number: int = 7, title: str = TITLE, body: str = BODY) -> Outgoing:
        return Outgoing(UUID(int=number << 96), self.address, title, body)


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def noop() -> Iterator[Rig]:
    yield Rig(NoopGateway(), "anybody")


@contextmanager
def recording() -> Iterator[Rig]:
    fake = RecordingGateway()
    yield Rig(fake, "a@b.example", lambda: [repr(each).encode() for each in fake.handed])


@contextmanager
def email() -> Iterator[Rig]:
    with relay(certificates().server) as (port, kept):
        mail = Mail("localhost", "reminders@office.example", port, USER, PASSWORD)
        gateway = MailGateway(mail, clock=now, seconds=3, tls=certificates().client)

        def wire() -> list[bytes]:
            lines = [each.splitlines() for each in kept.letters]
            return [b"\n".join(each for each in one if each[:5] != b"Date:") for one in lines]

        yield Rig(gateway, "liming@staff.example", wire)
        gateway.close()


@contextmanager
def wecom() -> Iterator[Rig]:
    with WeComPeer() as peer:
        gateway = WeComGateway(WeCom(CORP, AGENT, SECRET, peer.url), clock=now, seconds=3)
        yield Rig(gateway, "liming", lambda: [each.body for each in peer.asked if each.body])
        gateway.close()


@contextmanager
def webhook() -> Iterator[Rig]:
    with HttpPeer(says(200)) as peer:
        gateway = _webhook()

        def wire() -> list[bytes]:
            return [each.headers["webhook-id"].encode() + each.body for each in peer.asked]

        yield Rig(gateway, f"{peer.url}/in", wire)
        gateway.close()


def _webhook() -> WebhookGateway:
    settings = Webhook(WEBHOOK_SECRET, (ip_network("127.0.0.0/8"),))
    return WebhookGateway(settings, clock=now, seconds=3)


RIGS: Mapping[str, Callable[[], AbstractContextManager[Rig]]] = {
    "noop": noop,
    "recording": recording,
    "email": email,
    "wecom": wecom,
    "webhook": webhook,
}


# ------------------------------------------------------------------ other sides that repeat what they heard


@contextmanager
def telling_mail(tale: str) -> Iterator[Rig]:
    """A relay that refuses, and quotes."""
    with ScriptedRelay({"dot": f"554 refused: {tale}\r\n".encode()}) as peer:
        mail = Mail("localhost", "reminders@office.example", peer.port, starttls=False)
        gateway = MailGateway(mail, clock=now, seconds=3, tls=certificates().client)
        yield Rig(gateway, "liming@staff.example")
        gateway.close()


@contextmanager
def telling_wecom(tale: str) -> Iterator[Rig]:
    """A company that fails, and quotes, also in its headers."""
    token = says(200, {"errcode": 0, "access_token": "marked-token", "expires_in": 7200})
    failed = says(200, {"errcode": 40099, "errmsg": tale}, X_Quote=tale)
    with WeComPeer(token, failed) as peer:
        gateway = WeComGateway(WeCom(CORP, AGENT, SECRET, peer.url), clock=now, seconds=3)
        yield Rig(gateway, "liming")
        gateway.close()


@contextmanager
def telling_webhook(tale: str) -> Iterator[Rig]:
    """A receiver that fails, and quotes."""
    with HttpPeer(says(500, tale.encode(), X_Quote=tale)) as peer:
        gateway = _webhook()
        yield Rig(gateway, f"{peer.url}/in?key=marked-key")
        gateway.close()


TELLING: Mapping[str, Callable[[str], AbstractContextManager[Rig]]] = {
    "email": telling_mail,
    "wecom": telling_wecom,
    "webhook": telling_webhook,
}
