"""The words of the pages, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.rules.due import STATES
from workflow.rules.sentences import Language
from workflow.rules.sentences.labels import (
    EVENT_LABELS,
    NOTICE_LABELS,
    ROLE_LABELS,
    STAGE_LABELS,
    Labels,
    word,
)

WORDS: Mapping[str, tuple[str, str]] = {
    "product": ("归途", "Guitu"),
    "promise": ("不让一个人掉队", "No one falls through"),
    "demo": ("演示库：人名均为虚构", "Demo: every person is invented"),
    "today": ("今天", "Today"),
    "demo_today": ("演示日期", "The day in the demo"),
    "move_to": ("调到", "Move to"),
    "move": ("调日期", "Move the clock"),
    "other_language": ("English", "中文"),
    "docs": ("接口文档", "API documentation"),
    "log_in": ("登录", "Log in"),
    "log_out": ("退出", "Log out"),
    "handle": ("账号", "Account"),
    "password": ("密码", "Password"),
    "people": ("人员", "People"),
    "person": ("本人", "Person"),
    "desk": ("督办", "Desk"),
    "mine": ("待办", "To do"),
    "inbox": ("收件箱", "Inbox"),
    "unread": ("未读 {n}", "{n} unread"),
    "new": ("未读", "unread"),
    "mark_read": ("标为已读", "Mark as read"),
    "no_letters": ("还没有消息。", "There is no message yet."),
    "earlier_letters": ("更早的消息", "Earlier messages"),
    "contact": ("联系方式", "How I am told"),
    "contact_about": (
        "消息只有数目和个案代码。按下面的顺序送，送到为止；都送不到的，以及没有选渠道的，进站内收件箱；收件箱也可以排在前面。地址用您自己的密钥加密，别人看不到。",
        "Messages hold counts and case codes. Channels are tried in this order until one takes it; the inbox comes last where it is not named, and is all there is without a channel. Addresses are sealed under your own key.",
    ),
    "channel": ("渠道 {n}", "Channel {n}"),
    "no_channel": ("（不用）", "(none)"),
    "address_email": ("电子邮箱", "E-mail address"),
    "address_wecom": ("企业微信成员账号", "User id in WeCom"),
    "address_webhook": ("回调网址", "Address of the webhook"),
    "digest_at": (
        "每日汇总时间（{first} 至 {last}，不填按规则包）",
        "When the digest comes ({first} to {last}; empty for the pack's hour)",
    ),
    "message_language": ("消息语言", "Language of messages"),
    "save": ("保存", "Save"),
    "due_today": ("今天到期", "Due today"),
    "empty_chairs": ("空岗", "Empty chairs"),
    "no_empty_chairs": ("固定岗位都有人。", "Every fixed chair is filled."),
    "unaware": ("未确认知悉", "Not acknowledged"),
    "no_unaware": ("每位帮扶人员都已确认。", "Every helper has said “I know”."),
    "unreceived": ("待接收的移交", "Hand-overs without receipt"),
    "no_unreceived": ("移交都已接收。", "Every hand-over was received."),
    "alarms": ("系统告警", "Alarms"),
    "stepless": ("没有下一步的个案", "Cases without a next step"),
    "no_stepless": (
        "每个在办个案都有下一步、日期和责任人。",
        "Every open case has a next step, a date and an owner.",
    ),
    "missing": ("缺岗", "Who is missing"),
    "no_missing": ("人人在岗，都能通知到。", "Everybody is there and can be told."),
    "ahead": ("今后 30 天的缺岗", "Gaps of the next 30 days"),
    "no_ahead": ("没有预计的缺岗。", "None is in sight."),
    "of_cases": ("{n} 个个案", "{n} cases"),
    "falls_due": ("期间 {n} 项到期", "{n} due meanwhile"),
    "until": ("至 {day}", "until {day}"),
    "by_owner": ("按责任人", "By owner"),
    "late_3": ("逾期 1–3 天", "1–3 days late"),
    "late_7": ("4–7 天", "4–7 days"),
    "late_30": ("8–30 天", "8–30 days"),
    "late_more": ("30 天以上", "over 30 days"),
    "empty": ("空岗，提醒改发给督办人", "empty chair: the supervisor is told"),
    "unacknowledged": ("未确认知悉，提醒改发给督办人", "not acknowledged: the supervisor is told"),
    "on_leave": (
        "休假且无人代班，提醒改发给督办人",
        "on leave without deputy: the supervisor is told",
    ),
    "deputy": ("休假，由代班人接收", "on leave: the deputy is told"),
    "last_told": ("{day} 已提醒{role}", "{role} told on {day}"),
    "told_nobody": ("还没有提醒过", "nobody has been told yet"),
    "and_more": ("另有 {n} 项", "and {n} more"),
    "last_run": ("定时运行", "The last run"),
    "no_run": ("还没有运行过。", "There has been none yet."),
    "run_ended": ("{day} 的提醒已在 {at} 发完。", "All of {day} was told by {at}."),
    "run_unfinished": ("{day} 的运行没有结束。", "The run for {day} has not ended."),
    "run_missed": (
        "中间有日子没有运行，请告诉系统管理员。",
        "A day was missed: tell the administrator.",
    ),
    "run_failed": (
        "有 {n} 个个案没有处理成，请告诉系统管理员。",
        "{n} cases could not be done: tell the administrator.",
    ),
    "late_ones": ("已逾期", "Overdue"),
    "now_ones": ("今天到期", "Due today"),
    "open_ones": ("可以办理", "Open now"),
    "soon_ones": ("即将开始", "Coming"),
    "nothing_to_do": ("眼下没有要办的事。", "There is nothing to do right now."),
    "between": ("{first} 至 {last} 之间办", "between {first} and {last}"),
    "no_case_data": (
        "这个账号不查看个案。账号、机构、人员和运行情况通过接口管理，见接口文档。",
        "This account sees no cases. Accounts, offices, staff and runs are managed over the API; see its documentation.",
    ),
    "client_not_built": (
        "网页端还没有构建。在源码目录运行 make client（或 python web/build.py），再刷新本页。",
        "The web client is not built yet. Run `make client` (or `python web/build.py`) in the checkout, and load this page again.",
    ),
    "change_password": ("修改密码", "Change password"),
    "old_password": ("原密码", "Old password"),
    "new_password": ("新密码（至少 12 个字符）", "New password (at least 12 characters)"),
    "must_change": (
        "这个密码是别人设的，请先换成自己的。",
        "Somebody else set this password. Choose one of your own first.",
    ),
    "no_people": ("还没有个案。", "There is no case yet."),
    "in_care": ("在办 {n} 人", "{n} open cases"),
    "overdue_sum": ("逾期 {n} 项", "{n} overdue"),
    "ended_sum": ("已结 {n} 人", "{n} ended"),
    "stage": ("阶段", "Stage"),
    "since": ("自 {day}", "since {day}"),
    "next": ("下一步", "Next step"),
    "due": ("{day} 到期", "due {day}"),
    "opens": ("{day} 开始", "opens {day}"),
    "overdue": ("逾期", "Overdue"),
    "nothing_next": ("无待办", "Nothing is owed"),
    "whats_overdue": ("逾期事项和责任人", "What is overdue, and who owns it"),
    "nothing_overdue": ("没有逾期事项。", "Nothing is overdue."),
    "and_older": ("另有更早的 {n} 期", "and {n} older ones"),
    "days_late": ("逾期 {n} 天", "{n} days late"),
    "owner": ("责任", "Owner"),
    "told": ("现由其接收提醒：{role}", "told meanwhile: {role}"),
    "way": ("全过程", "The way"),
    "dates": ("期限和计数", "Terms and counters"),
    "exit": ("预计退出日", "Control ends"),
    "projected": ("（推算）", "(projected)"),
    "barred": ("暂缓退出", "barred for now"),
    "none_yet": ("尚无", "none yet"),
    "tests_missed": ("未到检", "Tests missed"),
    "departures": ("擅自离开", "Departures"),
    "days_away": ("离开天数", "Days away"),
    "team": ("帮扶小组", "The team"),
    "empty_chair": ("空岗", "empty"),
    "not_acknowledged": ("未确认知悉", "has not acknowledged"),
    "acknowledged": ("已确认知悉", "acknowledged"),
    "standing": ("固定四岗视为已到位", "the four fixed chairs count as filled"),
    "owed": ("应办事项", "What is owed"),
    "why": ("为什么", "Why"),
    "law": ("法定", "law"),
    "practice": ("地方做法或本系统约定", "practice"),
    "done": ("已办结和已撤回的 {n} 项", "{n} settled or withdrawn"),
    "notices": ("已通知", "Who was told"),
    "no_notices": ("还没有发过通知。", "Nobody has been told anything yet."),
    "earlier": ("更早的 {n} 条", "{n} earlier ones"),
    "timeline": ("记录", "Timeline"),
    "voided": ("已作废", "void"),
    "out": ("与阶段不符", "out of stage"),
    "late_entry": ("{day} 补录", "entered {day}"),
    "derived": ("系统推定", "by the calendar"),
    "back": ("全部人员", "All people"),
    "pack": ("规则包", "Policy pack"),
    "opening": ("开始日", "opening"),
    "at_once": ("即时", "at once"),
    "unnamed": ("未登记姓名", "No name recorded"),
    "skip": ("跳到正文", "Skip to the content"),
    "not_found": ("没有找到这一页", "There is no such page"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """All words in one language."""

    language: Language

    def __call__(self, key: str, **facts: object) -> str:
        return WORDS[key][self.language == "en"].format(**facts)

    def of(self, labels: Labels, code: str) -> str:
        """What a code is called."""
        return word(labels, code, self.language)

    def stage(self, code: str) -> str:
        """A stage's name."""
        return self.of(STAGE_LABELS, code)

    def role(self, code: str) -> str:
        """A role's name."""
        return self.of(ROLE_LABELS, code)

    def kind(self, code: str) -> str:
        """What is owed, in words."""
        return self.of(NOTICE_LABELS, code)

    def event(self, code: str) -> str:
        """A type of event, in words."""
        return self.of(EVENT_LABELS, code)

    def state(self, code: str) -> str:
        """A state, in words."""
        return self.of(STATES, code)
