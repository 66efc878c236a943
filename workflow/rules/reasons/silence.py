"""
Why not: why a case is not on somebody's list on a day (domain.md sections 2 and 6).

Silence has a reason like everything else: nothing is owed, all of it waits, another chair
owes it, somebody else is told in their place, or its day has not come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.rules.case import Case
from workflow.rules.due import OWED, state
from workflow.rules.events.fields import Means
from workflow.rules.obligations.owed import Obligation
from workflow.rules.sentences.labels import ROLE_LABELS, word
from workflow.rules.team import Recipient, recipient, seat

COMING = timedelta(days=7)
"""How far ahead a list shows what is still to open."""

Leave = Mapping[str, str | None]
_WHY: Mapping[str, Means] = {
    "on_list": Means("在名单上：{kinds}。", "It is on the list: {kinds}."),
    "case_ended": Means(
        "个案已于 {day} 结束，没有要办的事。", "The case ended on {day}, and nothing is owed."
    ),
    "nothing_owed": Means("目前没有要办的事。", "Nothing is owed at present."),
    "all_held": Means(
        "从 {day} 起措施停着，要办的事都暂停：{kinds}。",
        "The measure has stood still since {day}, and what is owed waits: {kinds}.",
    ),
    "opens_later": Means(
        "最早的一项“{kinds}”从 {day} 开始，到 {shown} 列入名单。",
        "The first thing, “{kinds}”, opens on {day} and is listed from {shown} on.",
    ),
    "not_in_team": Means(
        "这个人不在本案的帮扶小组里；要办的事由{roles}负责。",
        "They sit in no chair of this case; what is owed is owed by {roles}.",
    ),
    "another_role": Means(
        "要办的事由{roles}负责，不由他们的岗位负责：{kinds}。",
        "What is owed is owed by {roles} and not by their chair: {kinds}.",
    ),
    "unacknowledged": Means(
        "岗位的帮扶人没有按时确认知悉，先告知镇街专干：{kinds}。",
        "The helper in the chair has not said “I know” in time, so the supervisor is told: {kinds}.",
    ),
    "on_leave": Means(
        "帮扶人在休假，没有代班人，先告知镇街专干：{kinds}。",
        "The helper is on leave and nobody deputises, so the supervisor is told: {kinds}.",
    ),
    "deputy": Means(
        "帮扶人在休假，由代班人接手：{kinds}。",
        "The helper is on leave, and their deputy does it: {kinds}.",
    ),
    "empty": Means(
        "负责的岗位空着，先告知镇街专干：{kinds}。",
        "The chair that owes it is empty, so the supervisor is told: {kinds}.",
    ),
    "before_order": Means(
        "责令决定之前还没有帮扶小组，由登记单位办：{kinds}。",
        "Before an order there is no team yet; the registering office does it: {kinds}.",
    ),
}
CODES = tuple(_WHY)


@dataclass(frozen=True, slots=True)
class Silence:
    """
    Why a case is not on a list.

    Args:
        code: one of `CODES`; `on_list` where it is on it.
        kinds: the kinds that it is about.
        day: the first day, the end or the stop that it is about.
    """

    code: str
    because: Means
    kinds: tuple[str, ...] = ()
    day: date | None = None


def why_not(
    case: Case,
    owed: Sequence[Obligation],
    day: date,
    *,
    helper: str | None,
    leave: Leave,
    by_chair: bool = False,
) -> Silence:
    """
    Why a case is not on a helper's list on a day; or on that of an office, which lists all that is owed.

    Args:
        owed: the plan of the case on that day.
        helper: whose list; None for an office's.
        leave: who is on leave on that day, and who deputises (None: nobody).
        by_chair: a helper's own list: all that their chairs owe is on it, whoever is told meanwhile, and of
            what others owe nothing is said.
    """
    chairs = {chair.role for chair in case.chairs.values() if chair.helper == helper}
    asked = [one for one in owed if not by_chair or one.owner in chairs]
    standing = [one for one in asked if one.stands()]
    if not standing:
        ended = case.ended_on if not by_chair else None
        return _said("case_ended", day=ended) if ended else _said("nothing_owed")
    held = [one for one in standing if state(one, day) == "held"]
    running = [one for one in standing if one not in held]
    if not running:
        return _waits(held)
    if helper is None or by_chair:
        return _listed(running, day)
    told = [(one, _told(case, one, day, leave)) for one in running]
    theirs = [one for one, to in told if to.helper == helper]
    if theirs:
        return _listed(theirs, day)
    waiting = [one for one in held if one.owner in chairs]
    mine = any(one.owner in chairs for one in running)
    return _waits(waiting) if waiting and not mine else _elsewhere(told, day, chairs)


def _waits(held: Sequence[Obligation]) -> Silence:
    since = min(one.held_since for one in held if one.held_since is not None)
    return _said("all_held", held, day=since)


def _listed(owed: Sequence[Obligation], day: date) -> Silence:
    """What is theirs: on the list, or not opened yet."""
    now = [one for one in owed if state(one, day) in OWED or one.opens_on <= day + COMING]
    if now:
        return _said("on_list", now)
    first = min(owed, key=lambda one: (one.opens_on, one.due_on))
    return _said("opens_later", [first], day=first.opens_on)


def _elsewhere(
    told: Sequence[tuple[Obligation, Recipient]], day: date, chairs: AbstractSet[str]
) -> Silence:
    """Nothing of it is theirs to do: whose it is, or who does it in their place."""
    mine = [(one, to) for one, to in told if one.owner in chairs]
    if mine:
        open_now = [pair for pair in mine if state(pair[0], day) in OWED] or mine
        because = open_now[0][1].because
        return _said(because, [one for one, to in open_now if to.because == because])
    owed = [one for one, _ in told]
    if chairs:
        return _said("another_role", owed)
    reasons = {to.because for _, to in told if to.because in ("empty", "before_order")}
    if len(reasons) == 1 and all(to.because in (*reasons, "office") for _, to in told):
        return _said(reasons.pop(), owed)
    return _said("not_in_team", owed)


def _told(case: Case, one: Obligation, day: date, leave: Leave) -> Recipient:
    chair = case.chairs.get(one.owner)
    held = None if chair is None else seat(case, chair)
    team_open = case.team_since is not None
    return recipient(one.owner, day, team_open=team_open, seat=held, leave=leave)


def _said(code: str, owed: Sequence[Obligation] = (), *, day: date | None = None) -> Silence:
    labels = {one.kind: one.rule.label for one in owed}
    roles = dict.fromkeys(one.owner for one in owed)
    shown = day - COMING if day else None
    why = _WHY[code]
    zh = why.zh.format(
        kinds="、".join(label.zh for label in labels.values()),
        roles="、".join(word(ROLE_LABELS, role, "zh") for role in roles),
        day=day,
        shown=shown,
    )
    en = why.en.format(
        kinds=", ".join(label.en for label in labels.values()),
        roles=", ".join(word(ROLE_LABELS, role, "en") for role in roles),
        day=day,
        shown=shown,
    )
    return Silence(code, Means(zh, en), tuple(labels), day)
