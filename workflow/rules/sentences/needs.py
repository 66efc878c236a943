"""
What a ground of isolation must be borne out by, and what opens each kind that a paper closes.

Said in `would_allow`, so that nobody has to look up the law to know what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.events.fields import Means

GROUND_NEEDS: Mapping[str, Means] = MappingProxyType(
    {
        "serious_addiction": Means("成瘾认定结果为“成瘾严重”", "a finding of “Seriously addicted”"),
        "refused_community_detox": Means(
            "本次措施中有“记录拒绝报到”", "a “Refusal recorded” for this order"
        ),
        "used_during_community_detox": Means(
            "报到之后的确认吸毒（毛发样本须写明吸毒日期）",
            "a confirmed use on or after the report-in (for a hair sample, with the day of use)",
        ),
        "serious_breach": Means(
            "本次措施中有“报告严重违反协议”", "a “Serious breach reported” in this measure"
        ),
        "used_after_measure": Means(
            "此前措施开始之后的确认吸毒，且尚未据此作出决定",
            "a use confirmed after an earlier measure began, not yet answered by a decision",
        ),
    }
)

OPENED_BY: Mapping[str, Means] = MappingProxyType(
    {
        "stage_review": Means(
            "个案停留在需要复核的阶段", "the case rests in a stage that is reviewed"
        ),
        "close_file": Means("个案结案", "the case is closed"),
        "legality_review": Means(
            "有与规定不符的记录，或解除时缺少决定",
            "an entry contrary to a rule, or a release without its decision",
        ),
        "forward_file": Means("变更执行地", "a move to another office"),
        "report_use": Means("措施期间确认吸毒", "use confirmed during a community measure"),
        "send_papers": Means("措施临近期满", "the end of the term comes near"),
        "end_notice": Means("社区措施期满", "the community measure reached its end"),
        "notify_family": Means(
            "决定强制隔离戒毒，或作出期限决定", "an isolation order, or a decision on the term"
        ),
        "plan_handover": Means("临近出所", "the release comes near"),
        "meet_at_gate": Means("即将出所", "the release is a few days away"),
        "receive_handover_file": Means("解除强制隔离戒毒", "the release from isolation"),
        "prepare_exit": Means("临近三年期满", "the end of the three years comes near"),
        "send_record_update": Means("不再实行动态管控", "the end of dynamic control"),
        "confirm_record_update": Means("申请更新记录", "the record update was asked for"),
        "review_exit_bar": Means("退出受到限制", "the exit is barred"),
    }
)
