"""
The look (查看): closes the account of the day, raises what is wrong, and lets a monitor elsewhere know that all is well.

It runs beside sweeping and sending, and changes nothing of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from notifications.account import close
from notifications.alarms import Operators, raise_alarms
from notifications.heartbeat import Heart, beat_for
from workflow.services.clock import Instant
from workflow.services.completeness import Account
from workflow.services.projecting import Packs
from workflow.store.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches from outside: the operators' webhook and the monitor of the heartbeat; None where none is set up."""

    operators: Operators | None = None
    heart: Heart | None = None

    def close(self) -> None:
        """Hang up everywhere."""
        for each in (self.operators, self.heart):
            if each is not None:
                each.close()


def look(
    make_uow: UnitsOfWork, *, clock: Instant, packs: Packs, watch: Watch | None = None
) -> Account:
    """Look once; safe to do at any time, on any number of machines."""
    watch = watch or Watch()
    with make_uow() as uow:
        account = close(uow, None, clock.now, clock.today)
    raise_alarms(make_uow, clock=clock, packs=packs, operators=watch.operators)
    if watch.heart is not None:
        beat_for(account, watch.heart)
    return account
