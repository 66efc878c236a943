"""Who may do what with what, as docs/rules.md shows it: a table to look a role up, and what is limited to some fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from workflow.rules.access import (
    ALL,
    CONDITIONS,
    GRANTS,
    RESOURCES,
    ROLES,
    AccountRole,
    Action,
    Grant,
)
from workflow.rules.events.fields import Means
from workflow.services.markdown import both, table

ACTIONS: Mapping[Action, Means] = MappingProxyType(
    {
        "read": Means("看", "read"),
        "write": Means("改", "write"),
        "record": Means("记录", "record"),
        "propose": Means("提请审批", "propose"),
        "approve": Means("审批", "approve"),
        "hand_over": Means("移交", "hand over"),
        "receive": Means("接收", "receive"),
        "merge": Means("并档", "merge"),
        "compare": Means("比较", "compare"),
    }
)
REACH: Mapping[str, str] = MappingProxyType({"all": "", "offices": "ᵒ", "team": "ᵗ", "self": "ˢ"})


def access() -> Iterator[str]:
    """What stands below the heading."""
    yield "What no row names is not possible, and a field that no row names is not shown. What is out of reach answers"
    yield "like what does not exist. 表中没有的，不能做；没有列出的字段，不显示；不在范围内的，与不存在的答复相同。\n"
    yield from (f"- {_sign(name)} {both(label)}" for name, label in CONDITIONS.items())
    yield ""
    yield from table(
        ("", *(both(label) for label in ROLES.values())),
        (
            (both(label), *(_cell(role, resource) for role in ROLES))
            for resource, label in RESOURCES.items()
        ),
    )
    yield "\nWhat ＊ is limited to; all else shows every field and takes every event 带＊的限于以下字段和记录：\n"
    yield from table(
        ("谁 who", "对什么 what", "可以 may", "字段 fields", "记录 events"),
        (_row(grant) for grant in GRANTS if not _whole(grant)),
    )


def _sign(condition: str) -> str:
    return REACH[condition] or "无记号 no sign:"


def _cell(role: AccountRole, resource: str) -> str:
    """What a role may do with a resource; a sign behind each action says of which, a star that fields are left out."""
    rows = [each for each in GRANTS if role in each.roles and each.resource == resource]
    return "<br>".join(
        f"{both(ACTIONS[action])}{REACH[row.condition]}{'' if _whole(row) else '＊'}"
        for row in rows
        for action in row.actions
    )


def _whole(grant: Grant) -> bool:
    return grant.fields == ALL and not grant.kinds


def _row(grant: Grant) -> tuple[str, ...]:
    return (
        "<br>".join(both(ROLES[role]) for role in grant.roles),
        both(RESOURCES[grant.resource]),
        "<br>".join(both(ACTIONS[action]) for action in grant.actions),
        "" if grant.fields == ALL else ", ".join(f"`{field}`" for field in grant.fields),
        ", ".join(f"`{kind}`" for kind in grant.kinds),
    )
