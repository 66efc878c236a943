"""A channel that leads nowhere (空渠道): takes every message at once. For demos and measurements; no setting turns it on."""

from __future__ import annotations

from notifications.gateway import SENT, Outcome, Outgoing


class NoopGateway:
    """Takes everything and keeps nothing."""

    def __init__(self, name: str = "noop", *, counts_only: bool = False) -> None:
        self.name = name
        self.counts_only = counts_only

    def send(self, message: Outgoing) -> Outcome:
        """It is taken for sent."""
        return SENT

    def close(self) -> None:
        """Nothing is open."""
