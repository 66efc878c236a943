"""What proposing, approving and syncing a phone refuse beside the rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "approval_not_needed": Sentence(
            "这次提交不需要第二个人审批。",
            "This needs no second person.",
            "请直接记录。",
            "Record it directly.",
        ),
        "proposal_id_conflict": Sentence(
            "编号 {id} 已经有另一份待审批的提交。",
            "There is another proposal under the id {id}.",
            "请刷新核对；若是另一件事，请用新的编号提交。",
            "Refresh and compare; if it is another matter, send it under a new id.",
        ),
        "proposal_decided": Sentence(
            "{by}已经处理过这份提交（{outcome}）。",
            "{by} has decided on this proposal already ({outcome}).",
            "请刷新查看；仍需要办理的，请重新提交。",
            "Refresh and look; what is still wanted is proposed anew.",
        ),
        "own_proposal": Sentence(
            "这是您自己提交的，不能由您审批。",
            "You proposed this yourself, so somebody else decides on it.",
            "请另一位镇街专干或县（区）禁毒办的人用自己的账号审批；不办了，可以撤回。",
            "Another supervisor or the county office decides from their own session; you can withdraw it.",
        ),
        "sync_too_wide": Sentence(
            "您可见的个案超过{most}个，手机装不下。",
            "You reach more than {most} cases, which is more than a phone holds.",
            "请在电脑上用工作台办理；需要下乡的，由各乡镇（街道）的账号同步。",
            "Work at the desk; for the field, the townships' own accounts are synced.",
        ),
        "quarantine_id_conflict": Sentence(
            "编号 {id} 已经有另一份待核的记录。",
            "Other work from a phone is kept under the id {id}.",
            "若是另一件事，请用新的编号提交。",
            "If it is another matter, send it under a new id.",
        ),
        "quarantine_waits": Sentence(
            "这份记录已经收到，正等待专干核对，还没有记入个案。",
            "This has been received and waits for a person to look at it; it is not in the record yet.",
            "由镇街专干或县（区）禁毒办决定记入或者不记入；不用重新填写。",
            "A supervisor or the county office decides whether it is recorded; it need not be written again.",
        ),
        "quarantine_dismissed": Sentence(
            "{by}核对后决定不记入这份记录。",
            "{by} has looked at this and decided that it is not recorded.",
            "有不同意见的，请联系{by}；理由保存在待核记录里。",
            "If you see it otherwise, speak to {by}; the reason is kept with it.",
        ),
        "quarantine_decided": Sentence(
            "{by}已经处理过这份待核的记录（{outcome}）。",
            "{by} has decided on this already ({outcome}).",
            "请刷新查看。",
            "Refresh and look.",
        ),
        "quarantine_not_from_chair": Sentence(
            "{by}写下的{event}，现在不能从其岗位记录。",
            "{event}, as {by} wrote it down, is not possible from their chair now.",
            "请不予记入并写明理由；确有其事的，由现在该办的岗位或社区专职工作人员记录。",
            "Dismiss it with a reason; if it is true, let the chair that owes it now or the community worker record it.",
        ),
        "own_quarantine": Sentence(
            "这是您自己的手机交来的，不能由您决定。",
            "Your own phone brought this, so somebody else decides on it.",
            "请另一位镇街专干或县（区）禁毒办的人决定。",
            "Another supervisor or the county office decides.",
        ),
        "not_own_proposal": Sentence(
            "这份提交是{by}的，只有本人能撤回。",
            "{by} proposed this, and only they withdraw it.",
            "有审批权限的人可以不予批准，并写明理由。",
            "Whoever may approve it can decline it and say why.",
        ),
    }
)
