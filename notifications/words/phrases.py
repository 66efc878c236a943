"""
Every phrase that a message can be made of, in Chinese and English: one closed table.

Into a phrase goes a number, a case code, a day, a link or another phrase of the table, and nothing else. So
what a message may say can be read here from end to end; the linter does (`notifications.words.linting`).
No phrase names what is owed: whoever may know looks it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.events.fields import Means

PHRASES: Mapping[str, Means] = MappingProxyType(
    {
        # ------------------------------------------------------------ titles
        "digest": Means("今日待办：{count} 项", "To do today: {count}"),
        "later": Means("今日补充：{count} 项", "Added today: {count}"),
        "at_once": Means("限时事项：{count} 项，请今天办理", "For today, not later: {count}"),
        "leading_digest": Means("今日督办：{count} 项", "To follow up today: {count}"),
        "leading_later": Means("今日督办补充：{count} 项", "To follow up, added today: {count}"),
        "alarm": Means("系统提醒：请查看运行情况", "System notice: please look at the runs"),
        "title_parts": Means("（{parts}）", " ({parts})"),
        "of_statutory": Means("法定 {count}", "{count} by law"),
        "of_overdue": Means("逾期 {count}", "{count} overdue"),
        "between": Means("，", ", "),
        # ------------------------------------------------------------ the body
        "day": Means("{day}", "{day}"),
        "statutory": Means("法定时限", "By law"),
        "overdue": Means("已逾期", "Overdue"),
        "due": Means("今天到期", "Due today"),
        "coming": Means("即将到期", "Coming"),
        "line": Means("{group}：{count} 项", "{group}: {count}"),
        "owner_line": Means("{group} · {owner}：{count} 项", "{group} · {owner}: {count}"),
        "age_line": Means(
            "{group} · {owner} · {age}：{count} 项", "{group} · {owner} · {age}: {count}"
        ),
        "codes": Means("　个案 {codes}", "  cases {codes}"),
        "more": Means("　另有 {count} 个个案", "  and {count} more cases"),
        "up_to_3": Means("晚 1–3 天", "1-3 days late"),
        "up_to_7": Means("晚 4–7 天", "4-7 days late"),
        "up_to_30": Means("晚 8–30 天", "8-30 days late"),
        "over_30": Means("晚 30 天以上", "over 30 days late"),
        "deputed": Means("其中代班 {count} 项", "As a deputy: {count}"),
        "gaps": Means("缺口：{parts}", "Gaps: {parts}"),
        "empty": Means("空岗 {count}", "{count} empty chairs"),
        "unacknowledged": Means("未确认 {count}", "{count} not acknowledged"),
        "on_leave": Means("休假无人代 {count}", "{count} away without a deputy"),
        "no_channel": Means("无可用渠道 {count}", "{count} without a channel"),
        "nobody_posted": Means("无人在岗 {count}", "{count} with nobody posted"),
        "before_order": Means("尚未设岗 {count}", "{count} without a chair yet"),
        "failed": Means("未能送达 {count}", "{count} not delivered"),
        "other": Means("其他 {count}", "{count} others"),
        "look": Means("请登录查看。", "Please log in to see them."),
        "look_at": Means("查看：{link}", "See: {link}"),
    }
)

OWNERS: Mapping[str, Means] = MappingProxyType(
    {
        "community_worker": Means("社区岗", "community desk"),
        "community_police": Means("辖区岗", "area desk"),
        "community_doctor": Means("卫生岗", "health desk"),
        "family": Means("家庭岗", "family chair"),
        "civil_affairs": Means("民政岗", "civil affairs desk"),
        "employment": Means("就业岗", "jobs desk"),
        "psychologist": Means("关爱岗", "care desk"),
        "farm_advisor": Means("农技岗", "farming desk"),
        "legal_aid": Means("法务岗", "law desk"),
        "school": Means("学校岗", "school desk"),
        "volunteer": Means("志愿岗", "volunteers' desk"),
        "grid_worker": Means("网格岗", "grid desk"),
        "supervisor": Means("镇街岗", "town desk"),
        "county_office": Means("县区岗", "county desk"),
        "own": Means("本岗", "your own desk"),
        "other": Means("其他岗", "another desk"),
    }
)
"""Chairs by words of any office: a title such as that of a police officer would tell what the matter is."""
