"""
A channel as the dispatch sees it: it is handed one message and says what became of it.

Each channel is one file in `notifications/gateways`. It knows its provider's words and nothing of cases,
people or the database. What it may say is fixed before it is asked (`notifications.content`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID

Became = Literal["sent", "again", "refused"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """
    One message for one address.

    Args:
        message_id: the same at every attempt, so that a peer that knows it can drop the second.
        address: of the recipient in this channel (an e-mail address, a user's id, a URL).
        title, body: what it says, in the recipient's language; counts and case codes at the most.
    """

    message_id: UUID
    address: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of it.

    Args:
        became: `sent`: the peer has it. `again`: it may have it or not, and may be asked again. `refused`: it
            will never take this one, so that the next channel is tried.
        code: a stable word for the reason (`timeout`, `http_500`, `rate_limited`, `address_unknown`); never
            the peer's own text, which may quote what was sent.
        after: seconds that the peer asks to be left alone, where it says so.
        alone: that only this address is meant, one of many peers, so that nothing else by this channel waits.
    """

    became: Became
    code: str = ""
    after: float | None = None
    alone: bool = field(default=False, compare=False)


SENT = Outcome("sent")


class Gateway(Protocol):
    """
    A channel that works.

    `send` is called from several threads at once, returns within `seconds`, and raises nothing that a peer
    can bring about: that is an `Outcome`.
    """

    @property
    def name(self) -> str:
        """By which preferences, attempts and metrics name it: `inbox`, `email`, `wecom`, `webhook`."""

    @property
    def counts_only(self) -> bool:
        """Whether others may see what it shows (a group, a lock screen): then it says counts, and no case code."""

    def send(self, message: Outgoing) -> Outcome:
        """Hand the message to the peer."""

    def close(self) -> None:
        """Let go of what it keeps open."""
