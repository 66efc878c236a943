"""
The words that a sentence puts in place of codes: kinds, stages, events, roles, grounds, in both languages.

A pack labels its kinds itself; a refusal knows no pack, so the labels of
`cn-national` stand here too, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from workflow.rules.events import EVENTS, ROLES, meanings
from workflow.rules.events.care import BREACH_GROUNDS
from workflow.rules.events.fields import Means
from workflow.rules.events.intake import CIRCUMSTANCE_KINDS
from workflow.rules.events.orders import ISOLATION_GROUNDS
from workflow.rules.events.terms import TERM_DECISION_KINDS
from workflow.rules.events.testing import FINDINGS
from workflow.rules.stages import ANY, COMMUNITY, FACILITY, NEW, OPEN, RECOVERY, STAGES

Language = Literal["zh", "en"]
Labels = Mapping[str, Means]

KINDS: Labels = MappingProxyType(
    {
        "decide_objection": Means("对检测异议作出决定", "Decide on the objection to a test"),
        "determine_addiction": Means("作出成瘾认定", "Determine whether the person is addicted"),
        "decide_measure": Means("决定采取何种戒毒措施", "Decide on a measure"),
        "stage_review": Means("复核停留在本阶段的原因", "Review why the case rests in this stage"),
        "resolve_positive": Means("处理未了结的阳性结果", "Resolve a positive result"),
        "close_file": Means("结案归档", "Close the file"),
        "legality_review": Means("复核与规定不符的记录", "Review what was recorded against a rule"),
        "assemble_team": Means("组建帮扶小组", "Assemble the team"),
        "acknowledge_assignment": Means("确认接受帮扶任务", "Acknowledge the assignment"),
        "report_in": Means("到执行地报到", "Report in"),
        "welfare_contact": Means("关心联系，了解情况", "Get in touch and ask how the person is"),
        "sign_agreement": Means("签订协议", "Sign the agreement"),
        "make_plan": Means("制定戒毒（康复）计划", "Make the plan"),
        "routine_test": Means("定期检测", "Routine test"),
        "visit": Means("走访谈心", "Visit"),
        "team_meeting": Means("小组会商", "Team meeting"),
        "review_needs": Means("重新了解需要", "Review the person's needs"),
        "return_from_leave": Means("按期返回", "Return from leave"),
        "report_in_after_move": Means("到新执行地报到", "Report in at the new office"),
        "forward_file": Means("转送档案", "Forward the file"),
        "breach_review": Means("核查是否严重违反协议", "Review whether a breach is to be reported"),
        "report_use": Means("向公安机关报告吸毒", "Report the use to the police"),
        "send_papers": Means("期满前报送材料", "Send the papers before the term ends"),
        "end_notice": Means("送达解除通知书", "Serve the notice that the measure has ended"),
        "notify_family": Means("24 小时内通知家属", "Notify the family within 24 hours"),
        "facility_transfer": Means(
            "转至司法行政部门场所", "Transfer to a justice-administration facility"
        ),
        "one_year_evaluation": Means("满一年诊断评估", "One-year evaluation"),
        "pre_expiry_evaluation": Means("期满前诊断评估", "Evaluation before the term ends"),
        "decide_term": Means("对提前解除或延长作出决定", "Decide on early release or extension"),
        "plan_handover": Means("制定出所衔接安排", "Plan the hand-over"),
        "meet_at_gate": Means("出所必接", "Meet the person at the gate"),
        "confirm_release": Means("核实是否已按期解除", "Confirm the release"),
        "receive_handover_file": Means("接收出所材料", "Receive the hand-over file"),
        "medical_review": Means("所外就医探访", "Medical review outside the facility"),
        "prepare_exit": Means("准备三年期满手续", "Prepare the end of dynamic control"),
        "send_record_update": Means(
            "致函公安机关更新记录", "Ask the police to update their record"
        ),
        "confirm_record_update": Means("确认记录已更新", "Confirm that the record was updated"),
        "review_exit_bar": Means("复核暂缓退出的理由", "Review what bars the exit"),
    }
)
OFFICE_LABELS: Labels = MappingProxyType(
    {
        "supervisor": Means("镇街专干", "Office supervisor"),
        "county_office": Means("县（区）禁毒办", "County office"),
    }
)
ROLE_LABELS: Labels = MappingProxyType(
    {**ROLES.labels, **OFFICE_LABELS, "person": Means("本人", "The person")}
)
NOTICE_LABELS: Labels = MappingProxyType(
    {
        **KINDS,
        "exit_undone": Means("已告知的退出日有变", "The end of control that was told has changed"),
    }
)
EVENT_LABELS: Labels = MappingProxyType({name: event.label for name, event in EVENTS.items()})
STAGE_LABELS: Labels = MappingProxyType({NEW: Means("尚未立案", "Not yet a case"), **STAGES})
GROUND_LABELS: Labels = MappingProxyType(
    {
        **ISOLATION_GROUNDS.labels,
        **BREACH_GROUNDS.labels,
        "any": Means("任一情形", "Any counter"),
    }
)
NEED_LABELS: Labels = MappingProxyType(
    {
        "hardship": Means("生活困难", "hardship"),
        "no_work": Means("没有工作", "no work"),
        "young": Means("年纪轻", "young"),
        "distressed": Means("情绪困扰", "distress"),
        "farming": Means("务农", "farming"),
        "legal_trouble": Means("法律上的麻烦", "legal trouble"),
        "school": Means("就学", "school"),
    }
)
"""The needs of the national pack; another pack's own words show as they are."""
WHAT_LABELS: Labels = MappingProxyType(
    {
        "case": Means("个案", "Case"),
        "person": Means("人员", "Person"),
        "event": Means("记录", "Entry"),
        "obligation": Means("应办事项", "Obligation"),
        "helper": Means("帮扶人", "Helper"),
        "office": Means("经办机构", "Office"),
        "pack": Means("规则包", "Policy pack"),
        "notice": Means("通知", "Notice"),
        "scenario": Means("情景文件", "Scenario"),
        "file": Means("文件", "File"),
        "user": Means("账号", "Account"),
    }
)
CHECK_LABELS: Labels = MappingProxyType(
    {
        "database": Means("数据库", "the database"),
        "schema": Means("数据库结构的版本", "the version of its schema"),
        "key_ring": Means("密钥环", "the key ring"),
        "sweep": Means("每日运行", "the daily look at the calendar"),
    }
)
BY_FACT: Mapping[str, Labels] = MappingProxyType(
    {
        "stage": STAGE_LABELS,
        "target": STAGE_LABELS,
        "allowed": STAGE_LABELS,
        "event": EVENT_LABELS,
        "new": EVENT_LABELS,
        "role": ROLE_LABELS,
        "kind": {**KINDS, **TERM_DECISION_KINDS.labels},
        "ground": GROUND_LABELS,
        "circumstance": CIRCUMSTANCE_KINDS.labels,
        "finding": FINDINGS.labels,
        "needed": FINDINGS.labels,
        "what": WHAT_LABELS,
        "failing": CHECK_LABELS,
    }
)
GROUPS: tuple[tuple[tuple[str, ...], Means], ...] = (
    (ANY, Means("任何时候", "at any time")),
    (OPEN, Means("结案前的任何阶段", "any stage before the case ends")),
    (COMMUNITY, Means("社区戒毒各阶段", "the stages of community detox")),
    (RECOVERY, Means("社区康复各阶段", "the stages of community recovery")),
    (FACILITY, Means("强制隔离戒毒各阶段", "the stages of isolation")),
)


def in_words(label: Means, language: Language) -> str:
    """A label in one of the two languages."""
    return label.zh if language == "zh" else label.en


def word(labels: Labels, value: str, language: Language) -> str:
    """What a code means; the code itself where nobody labelled it."""
    label = labels.get(value)
    return in_words(label, language) if label else value


def field_label(event: str, field: str) -> Means | None:
    """What a field of an event means, by its word on the wire; None where either is unknown."""
    return _fields(event).get(field) if event in EVENTS else None


def fields_of(event: str) -> tuple[str, ...]:
    """The fields of an event by their words on the wire; none where nobody knows it."""
    return tuple(_fields(event)) if event in EVENTS else ()


@cache
def _fields(event: str) -> Labels:
    """Labels by word on the wire; a label's remark, which follows a semicolon, is left out."""
    known = EVENTS[event]
    return {
        known.wire.get(name, name): Means(found.zh.partition("；")[0], found.en.partition(";")[0])
        for name, found in meanings(known).items()
    }
