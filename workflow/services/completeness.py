"""
The completeness account (不漏一人账): that every open case has a next step, and every notice went its way.

    open cases = cases with a next step + named exceptions            (no case is left over)
    notices of the day: each is an item of at least one message       (none is left over)
    items = sent + queued + held + withdrawn + passed on + failed with an owner   (none is adrift)

A next step is something that is owed now or later and is not held: it has a date and an owner. The account
is made by `notifications.account` after each run; here is what it says, and where it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflow.rules.events.fields import Means
from workflow.store import run_accounts
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

EXCEPTIONS: Mapping[str, Means] = {
    "just_opened": Means("刚建档，尚未录入事件", "opened since yesterday, nothing recorded yet"),
    "to_be_looked_at": Means("等待下一次运行", "the next run looks at it"),
    "suspended": Means("中止期间", "suspended"),
    "in_custody": Means("羁押期间，期限停算", "in custody, no period runs"),
    "failed": Means("本次运行没有办成，已列出", "the run could not do it, and lists it"),
}
"""Why an open case may have no next step for the time being (domain.md sections 4 and 8)."""

BECAME: Mapping[str, Means] = {
    "sent": Means("已送达", "sent"),
    "queued": Means("待发", "queued"),
    "held": Means("未到时间", "held until their hour"),
    "withdrawn": Means("已撤回", "withdrawn"),
    "passed": Means("已转上级", "passed on"),
    "failed": Means("未送达，已交办", "failed, with an owner"),
}
"""What may have become of an item; each but `queued` and `held` is its end."""


@dataclass(frozen=True, slots=True)
class Account:
    """
    The account of one run.

    Args:
        for_day: the day whose notices it counts.
        made_at: when it was made.
        exceptions: the open cases without a next step, by why.
        unnamed: how many have none that nothing explains, and the first of them by id.
        notices: what was told on the day; `untold` of these and of the days before are in no message.
        waiting: notices in no message yet, because a run is under way on another machine.
        items: the items of the day's notices, by what became of them; `adrift` are none of these.
    """

    run_id: UUID
    for_day: date
    made_at: datetime
    open_cases: int
    with_step: int
    exceptions: Mapping[str, int]
    unnamed: int
    unnamed_cases: tuple[UUID, ...]
    notices: int
    untold: int
    waiting: int
    items: Mapping[str, int]
    adrift: int

    @property
    def gap(self) -> int:
        """All that it does not account for; 0 where it closes."""
        return self.unnamed + self.untold + self.adrift

    @property
    def closes(self) -> bool:
        """Whether nobody and nothing is left over."""
        return self.gap == 0


VERSION = 1
"""Of what is kept of an account: raised with a count that means something else, and the old one lifted in `account_of`."""

UNCOUNTED: Mapping[str, Any] = {
    "open_cases": 0,
    "with_step": 0,
    "exceptions": {},
    "unnamed": 0,
    "notices": 0,
    "untold": 0,
    "waiting": 0,
    "items": {},
    "adrift": 0,
}
"""
What is kept of an account besides its run, its instant and the cases that nothing explains; and what each count
is in an account that was kept before it was counted.
"""


def keep(uow: UnitOfWork, account: Account) -> None:
    """Keep the account with its run."""
    run_accounts.put(
        uow.session,
        account.run_id,
        made_at=account.made_at,
        gap=account.gap,
        counts={"version": VERSION, **{name: getattr(account, name) for name in UNCOUNTED}},
        unnamed=account.unnamed_cases,
    )


def last_account(uow: UnitOfWork) -> Account | None:
    """The account of the last run that has one."""
    row = run_accounts.latest(uow.session)
    return account_of(row) if row is not None else None


def accounts_of(
    uow: UnitOfWork, run_ids: Collection[UUID], known_at: datetime | None = None
) -> dict[UUID, Account]:
    """The accounts of several runs; those that have none, or had none by an instant, are left out."""
    rows = run_accounts.of_runs(uow.session, run_ids)
    return {
        run_id: account_of(row)
        for run_id, row in rows.items()
        if known_at is None or row.made_at <= known_at
    }


def account_of(row: Found) -> Account:
    """An account as it was kept, by this program or by another version of it."""
    unnamed = tuple(UUID(case_id) for case_id in row.unnamed)
    counts = {name: row.counts.get(name, none) for name, none in UNCOUNTED.items()}
    return Account(row.run_id, row.for_day, row.made_at, unnamed_cases=unnamed, **counts)
