"""What proposing and approving refuse beside the rules."""

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
        "not_own_proposal": Sentence(
            "这份提交是{by}的，只有本人能撤回。",
            "{by} proposed this, and only they withdraw it.",
            "有审批权限的人可以不予批准，并写明理由。",
            "Whoever may approve it can decline it and say why.",
        ),
    }
)
