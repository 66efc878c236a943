"""
Who may do what with what (权限): one table of role, resource, actions, condition, and the fields each may read.

Least knowledge: a field that no row names is not shown, and what is out of reach
answers like what does not exist. The table says what may be asked; which cases a
caller reaches is a condition of every query (`workflow.store.reach`). Approvals
stand here too: who proposes is never who approves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from workflow.rules.events import ENGINE, EVENTS
from workflow.rules.events.fields import Means

AccountRole = Literal[
    "administrator", "county", "supervisor", "worker", "helper", "auditor", "integration"
]
Condition = Literal["all", "offices", "team", "self"]
Action = Literal[
    "read", "write", "record", "propose", "approve", "hand_over", "receive", "merge", "compare"
]

ROLES: Mapping[AccountRole, Means] = MappingProxyType(
    {
        "administrator": Means("系统管理员", "Administrator"),
        "county": Means("县（区）禁毒办", "County office"),
        "supervisor": Means("镇街专干", "Supervisor"),
        "worker": Means("社区专职工作人员", "Community worker"),
        "helper": Means("帮扶小组其他成员", "Other helper of a team"),
        "auditor": Means("审计人员", "Auditor"),
        "integration": Means("业务系统接口", "Integration"),
    }
)
CONDITIONS: Mapping[Condition, Means] = MappingProxyType(
    {
        "all": Means("全部", "everything of its kind"),
        "offices": Means(
            "本人任职机构及其下级机构（社区专职工作人员另含本人所在的小组）",
            "of the offices where they are posted and those below; of a worker, their teams elsewhere too",
        ),
        "team": Means(
            "本人在其帮扶小组里的个案，只限本人的岗位",
            "of cases in whose team they sit, their own chair only",
        ),
        "self": Means("只限本人", "their own only"),
    }
)
RESOURCES: Mapping[str, Means] = MappingProxyType(
    {
        "account": Means("账号", "Accounts"),
        "session": Means("登录与令牌", "Sessions and tokens"),
        "password": Means("本人密码", "One's own password"),
        "token": Means("本人设备的令牌", "Tokens for one's own devices"),
        "office": Means("机构", "Offices"),
        "staff": Means("人员与任职", "Staff and postings"),
        "leave": Means("请假与代班", "Leave and deputies"),
        "pack": Means("规则包", "Policy packs"),
        "calendar": Means("工作日历", "Working days"),
        "run": Means("定时运行", "Runs"),
        "clock": Means("演示日期（只在演示库）", "The day of a demo (in a demo only)"),
        "person": Means("人员档案", "People"),
        "case": Means("个案", "Cases"),
        "event": Means("记录", "Events"),
        "proposal": Means("待审批的记录", "Proposals"),
        "obligation": Means("应办事项", "Obligations"),
        "team": Means("帮扶小组", "Teams"),
        "gap": Means("缺岗", "Gaps in teams and offices"),
        "timeline": Means("时间线", "Timelines"),
        "worklist": Means("待办", "Worklists"),
        "notice": Means("通知", "Notices"),
        "inbox": Means("收件箱", "One's own inbox"),
        "contact": Means("本人的联系方式", "How one wants to be told"),
        "disclosure": Means("告知台账", "Who was told of a case"),
        "sync": Means("手机同步", "Sync of a phone"),
        "quarantine": Means("待核记录", "Quarantined work"),
        "attachment": Means("附件", "Attachments"),
        "placement": Means("交接", "Hand-overs"),
    }
)
ALL = ("*",)
"""Every field of the resource."""

HELPER_ACTS = (
    "assignment_acknowledged",
    "visited",
    "welfare_contacted",
    "assistance_given",
    "family_notified",
    "end_notice_served",
    "objection_decided",
)
"""What a helper records from their own chair: that they know, that they came, and what their chair owes."""

INTEGRATION_ACTS = tuple(
    name
    for name, kind in EVENTS.items()
    if "P" in kind.by and not kind.paper and name not in (*ENGINE, "detected", "entry_voided")
)
"""What police, facilities, courts and laboratories decide or find (P); to open a case or to call one an error is an office's."""

HELPER_STEP = (
    "kind",
    "label",
    "occurrence",
    "opens_on",
    "due_on",
    "closed_on",
    "state",
    "owner",
    "basis",
    "source",
)
"""What is asked of a chair, when, and by which article; not why: a why tells what happened before."""

HELPER_TEAM = ("chairs.role", "chairs.acknowledged_on")
"""Their own chair: who else sits in the team is told to them by people."""

HELPER_CASE = (
    "id",
    "code",
    "name",
    "version",
    "on",
    "ended_on",
    "overdue",
    *(f"team.{name}" for name in HELPER_TEAM),
    *(f"next_step.{name}" for name in HELPER_STEP),
)
HELPER_OBLIGATION = ("case_id", "code", "name", *HELPER_STEP)
HELPER_EVENT = ("id", "event", "label", "on", "at", "recorded_at", "fields.*", "voided")
"""What they recorded themselves, in their own words."""
RECORDED = (
    "version",
    "already_known",
    *(f"events.{name}" for name in ("id", "event", "happened_on", "recorded_on")),
)
"""That something was recorded; not what it closed."""
HELPER_NOTICE = ("case_id", "name", "kind", "label", "occurrence", "on", "rung", "role")
AUDITOR_DISCLOSURE = (
    *("id", "recipient", "as_role", "sort", "for_day", "channel", "sent_at", "read_at"),
    *("passed_to", "failed_at", "told.told_on", "told.told_to", "told.because", "attempts.*"),
)
"""Who was told, why they, when and by which channel; not what is owed in the case."""
HELPER_SYNC = (
    "id",
    "version",
    "policy",
    "ended_on",
    "person.name",
    *(f"team.{name}" for name in HELPER_TEAM),
    *(f"moves.{name}" for name in ("event", "choices.*", "approval")),
    *(
        f"events.{name}"
        for name in ("id", "event", "on", "at", "recorded_on", "fields.*", "voided")
    ),
    *(
        f"obligations.{name}"
        for name in (
            "kind",
            "occurrence",
            "opens_on",
            "due_on",
            "owner",
            "closed_on",
            "missed_on",
            "excused_on",
            "withdrawn",
            "ended_on",
            "held_since",
            "about",
        )
    ),
)
"""On their phone: the person's name, their own chair, what is asked of it and what they recorded themselves."""
INTEGRATION_CASE = ("id", "version", "on", "opened_on", "ended_on", "stage", "stage_label")


@dataclass(frozen=True, slots=True)
class Grant:
    """
    One row of the table.

    Args:
        fields: those that an answer may show, by their place in it (`team.chairs.role`); `*` for all below a place.
        kinds: the types of event that may be recorded or read; empty for all.
    """

    roles: tuple[AccountRole, ...]
    resource: str
    actions: tuple[Action, ...]
    condition: Condition
    fields: tuple[str, ...] = ALL
    kinds: tuple[str, ...] = ()


EVERYBODY: tuple[AccountRole, ...] = tuple(ROLES)
PERSONS: tuple[AccountRole, ...] = tuple(role for role in ROLES if role != "integration")
STAFF: tuple[AccountRole, ...] = ("county", "supervisor", "worker")
LEADING: tuple[AccountRole, ...] = ("county", "supervisor")

GRANTS: tuple[Grant, ...] = (
    # ---------------------------------------------------------------- the house
    Grant(("administrator",), "account", ("read", "write"), "all"),
    Grant(("auditor",), "account", ("read",), "all"),
    Grant(EVERYBODY, "session", ("read", "write"), "self"),
    Grant(PERSONS, "password", ("write",), "self"),
    Grant(PERSONS, "token", ("write",), "self"),
    Grant(("administrator",), "office", ("read", "write"), "all"),
    Grant(("county",), "office", ("write",), "offices"),
    Grant(("county", "supervisor", "worker", "auditor", "integration"), "office", ("read",), "all"),
    Grant(("administrator",), "staff", ("read", "write"), "all"),
    Grant(("county",), "staff", ("read", "write"), "offices"),
    Grant(("supervisor", "worker"), "staff", ("read",), "offices"),
    Grant(("auditor",), "staff", ("read",), "all", ("id", "handle", "postings.*")),
    Grant(("administrator",), "leave", ("read", "write"), "all"),
    Grant(LEADING, "leave", ("read", "write"), "offices"),
    Grant(("worker", "helper"), "leave", ("read", "write"), "self"),
    Grant(("administrator", *STAFF, "auditor", "integration"), "pack", ("read",), "all"),
    Grant(LEADING, "pack", ("compare",), "offices"),
    Grant(EVERYBODY, "calendar", ("read",), "all"),
    Grant(("administrator", "county"), "calendar", ("write",), "all"),
    Grant(("administrator", "county", "auditor"), "run", ("read",), "all"),
    Grant(EVERYBODY, "clock", ("read",), "all"),
    Grant(("administrator", "county"), "clock", ("write",), "all"),
    # ---------------------------------------------------------------- people and their cases
    Grant(STAFF, "person", ("read", "write"), "offices"),
    Grant(LEADING, "person", ("merge",), "offices"),
    Grant(STAFF, "case", ("read", "write"), "offices"),
    Grant(("helper",), "case", ("read",), "team", HELPER_CASE),
    Grant(("integration",), "case", ("read",), "offices", INTEGRATION_CASE),
    Grant(STAFF, "event", ("read", "record"), "offices"),
    Grant(("helper",), "event", ("read",), "team", HELPER_EVENT, HELPER_ACTS),
    Grant(("helper",), "event", ("record",), "team", RECORDED, HELPER_ACTS),
    Grant(("integration",), "event", ("record",), "offices", RECORDED, INTEGRATION_ACTS),
    Grant(STAFF, "proposal", ("read", "propose"), "offices"),
    Grant(LEADING, "proposal", ("approve",), "offices"),
    Grant(STAFF, "obligation", ("read",), "offices"),
    Grant(("helper",), "obligation", ("read",), "team", HELPER_OBLIGATION),
    Grant(STAFF, "team", ("read", "write"), "offices"),
    Grant(("helper",), "team", ("read",), "team", HELPER_TEAM),
    Grant(LEADING, "gap", ("read",), "offices"),
    Grant(STAFF, "timeline", ("read",), "offices"),
    Grant(STAFF, "worklist", ("read",), "offices"),
    Grant(("helper",), "worklist", ("read",), "team", HELPER_OBLIGATION),
    Grant(STAFF, "notice", ("read",), "self"),
    Grant(("helper",), "notice", ("read",), "team", HELPER_NOTICE),
    Grant(PERSONS, "inbox", ("read", "write"), "self"),
    Grant(("administrator", *STAFF, "helper"), "contact", ("read", "write"), "self"),
    Grant(LEADING, "disclosure", ("read",), "offices"),
    Grant(("auditor",), "disclosure", ("read",), "all", AUDITOR_DISCLOSURE),
    Grant(STAFF, "sync", ("read", "record"), "offices"),
    Grant(("helper",), "sync", ("read",), "team", HELPER_SYNC),
    Grant(("helper",), "sync", ("record",), "team", RECORDED, HELPER_ACTS),
    Grant(LEADING, "quarantine", ("read", "approve"), "offices"),
    Grant(STAFF, "attachment", ("read", "write"), "offices"),
    Grant(LEADING, "placement", ("hand_over",), "offices"),
    Grant(STAFF, "placement", ("read", "receive"), "offices"),
)


BEFORE_OWN_PASSWORD: frozenset[tuple[str, Action]] = frozenset(
    {("session", "read"), ("session", "write"), ("password", "write")}
)
"""All that somebody may do whose password somebody else set: see who they are, leave, and set one of their own."""


def grant_of(role: AccountRole, resource: str, action: Action) -> Grant | None:
    """The row that lets a role do this, or None where it may not; there is at most one."""
    return next(_granted(role, resource, action), None)


def _granted(role: AccountRole, resource: str, action: Action) -> Iterator[Grant]:
    for each in GRANTS:
        if role in each.roles and resource == each.resource and action in each.actions:
            yield each


def shows(fields: tuple[str, ...], place: str) -> bool:
    """Whether the field at this place of an answer may be shown."""
    return any(_covers(each, place) for each in fields)


def leads_to(fields: tuple[str, ...], place: str) -> bool:
    """Whether something below this place may be shown, so that what holds it is kept as a shell."""
    return any(each.startswith(f"{place}.") for each in fields)


def _covers(field: str, place: str) -> bool:
    if field == "*" or field == place:
        return True
    stem = field.removesuffix(".*")
    return stem != field and (place == stem or place.startswith(f"{stem}."))


def shown(fields: tuple[str, ...], answer: object, place: str = "") -> object:
    """An answer in JSON's words without what the fields do not name; places in a list count as one."""
    if fields == ALL:
        return answer
    if isinstance(answer, list):
        return [shown(fields, each, place) for each in answer if isinstance(each, Mapping | list)]
    if not isinstance(answer, Mapping):
        return None
    kept: dict[str, object] = {}
    for name, value in answer.items():
        inner = f"{place}.{name}" if place else str(name)
        if shows(fields, inner):
            kept[name] = value
        elif leads_to(fields, inner) and isinstance(value, Mapping | list):
            kept[name] = shown(fields, value, inner)
    return kept
