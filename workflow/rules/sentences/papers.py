"""Sentences about papers that close an obligation, excusing one, and the bar on the exit (`guards.papers`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences.wording import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "not_owed": Sentence(
            "{kind}现在没有待办的，不能记录{event}。",
            "{kind} is not owed now, so {event} has nothing to answer.",
            "[从 {from_on} 起可以办理。][这一事项在以下情况后打开：{opened_by}。]已经办过的，不用重复记录。",
            "[Possible from {from_on}. ][It opens with this: {opened_by}. ]If it was done already, it need not be recorded twice.",
        ),
        "occurrence_not_owed": Sentence(
            "{event}对不上期次 {occurrence}：那一期没有待办，或当天还没有打开。",
            "{event} does not answer the occurrence {occurrence}: it is not owed, or was not open on that day.",
            "请核对期次和日期；不写期次，系统会自动对上该办的一期。",
            "Check the occurrence and the day; left out, the one that is owed is found by itself.",
        ),
        "unknown_obligation": Sentence(
            "没有找到这一应办事项：{kind}[，期次 {occurrence}]。",
            "No such obligation was found: {kind}[, occurrence {occurrence}].",
            "请从个案的应办事项中选择。",
            "Choose it from what the case owes.",
        ),
        "never_excused": Sentence(
            "{kind}关系到本人的权利和去向，不能免除。",
            "{kind} touches the person's rights and way, so nobody can excuse it.",
            "请照常办理；迟了也可以办，写明原因即可。",
            "It stays owed; done late it still counts, with the reason written down.",
        ),
        "exit_not_barred": Sentence(
            "本人的退出没有受到限制，不用取消。",
            "Nothing bars the person's exit.",
            "有未取消的“报告严重违反协议”时才需要这样办理。",
            "Possible only while a “Serious breach reported” bars it.",
        ),
        "approval_missing": Sentence(
            "{event}需要另一位有权限的人审批，现在还没有。",
            "{event} needs the approval of a second person, and there is none yet.",
            "请把它提交待审批；镇街专干或县（区）禁毒办的另一位用自己的账号批准后，就会记录下来。",
            "Propose it; it is recorded once another supervisor or the county office approves it from their own session.",
        ),
        "exit_told_needs_document": Sentence(
            "已经告知本人从 {exited_on} 起不再实行动态管控，要改变它需要文书依据。",
            "The person was told that control ended on {exited_on}; a change needs a document.",
            "请填写文书编号，由第二人审批，并通知本人。",
            "Give the document number, have a second person approve, and notify the person.",
        ),
        "exit_told_needs_approval": Sentence(
            "已经告知本人从 {exited_on} 起不再实行动态管控，要改变它需要第二人审批。",
            "The person was told that control ended on {exited_on}; a change needs a second person's approval.",
            "请把它提交待审批，由另一位有权限的人用自己的账号批准，并通知本人。",
            "Propose it, have a second person approve it from their own session, and notify the person.",
        ),
    }
)
