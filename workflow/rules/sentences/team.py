"""Sentences about the chairs of the 4+X team (`guards.team`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences.wording import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "chair_empty": Sentence(
            "{role}岗位现在没有帮扶人。",
            "Nobody sits in the chair of {role}.",
            "先指定帮扶人，之后就可以办理。",
            "Assign a helper to it first.",
        ),
        "already_assigned": Sentence(
            "这位帮扶人已经在{role}岗位上。",
            "This helper already sits in the chair of {role}.",
            "不用重复指定；换人时请选另一位帮扶人。",
            "Nothing needs recording; to change the helper, choose another one.",
        ),
        "consent_missing": Sentence(
            "请家属进小组，需要本人同意，现在还没有记录。",
            "Family joins the team only with the person's consent, and none is on record.",
            "先记录“本人同意”；本人未成年的，由监护人依法参加并写明依据。",
            "Record “Consent given” first; for a minor, the guardian's legal ground will do.",
        ),
        "already_acknowledged": Sentence(
            "{role}岗位的帮扶人已在 {on} 确认知悉。",
            "The helper in the chair of {role} acknowledged it on {on}.",
            "不用重复确认；换了帮扶人之后由新的帮扶人确认。",
            "Nothing more is needed; after a change the new helper acknowledges.",
        ),
        "chair_taken": Sentence(
            "{role}岗位上有帮扶人，不能免设。",
            "Somebody sits in the chair of {role}, so it cannot be waived.",
            "先记录“帮扶人卸任”，再写明理由免设。",
            "Record “Helper released” first, then waive the chair with a reason.",
        ),
        "no_consent": Sentence(
            "{role}没有可以撤回的同意。",
            "There is no consent for {role} that could be withdrawn.",
            "有“本人同意”的记录时才能撤回；请核对岗位。",
            "Possible where a consent is on record; check the chair.",
        ),
    }
)
