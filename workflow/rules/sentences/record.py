"""Sentences about the record itself: stages, days, voids, and what the edges refuse (`stages`, `judging`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences.wording import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "not_from_here": Sentence(
            "个案现处于{stage}阶段，不能记录{event}[（转到{target}）]。",
            "The case is in the stage {stage}, where {event} is not possible[ (to {target})].",
            "[可以记录的阶段：{allowed}。]请核对日期；若有前面的事项漏记，请先补录。",
            "[Possible in: {allowed}. ]Check the day; if something before it was not entered, enter that first.",
        ),
        "derived_by_engine": Sentence(
            "{event}由系统到日自动得出，不用录入。",
            "{event} follows by itself on its day and is never entered.",
            "请核对期限和前面的记录；到了那一天它会自动出现。",
            "Check the term and the entries before it; it appears when its day has come.",
        ),
        "not_yet_happened": Sentence(
            "日期 {on} 还没有到（今天是 {today}），{event}要在发生之后记录。",
            "{on} lies ahead (today is {today}); {event} is recorded once it has happened.",
            "请核对日期，用手机的请看手机的日期是否准确；从 {on} 起可以记录。",
            "Check the day, on a phone also that its clock is right; possible from {on}.",
        ),
        "would_orphan": Sentence(
            "如果记录 {new_on} 的{new}，已有的 {on} {event}就会失去依据[：{because}]。",
            "With {new} on {new_on}, the recorded {event} of {on} could no longer stand[: {because}].",
            "请核对两条记录的日期；若 {on} 的{event}记错了，可在同一次提交中作废并更正它。",
            "Check the days of both; if the {event} of {on} is wrong, void and replace it in the same request.",
        ),
        "unknown_event": Sentence(
            "没有找到要作废的记录（{event_id}）。",
            "The entry to be voided was not found ({event_id}).",
            "请刷新后从个案的记录中选择。",
            "Refresh, and choose it from the record of the case.",
        ),
        "void_of_void": Sentence(
            "作废记录本身不能再作废。",
            "A void cannot itself be voided.",
            "请把原来的内容重新记录一次。",
            "Record the original entry anew instead.",
        ),
        "already_voided": Sentence(
            "这条记录已经作废（{event_id}）。",
            "This entry is already void ({event_id}).",
            "不用重复作废；需要更正的，请直接记录正确的内容。",
            "Nothing more is needed; to correct it, record what is right.",
        ),
        "unknown_event_type": Sentence(
            "系统里没有{event}这种记录。",
            "There is no kind of entry named {event}.",
            "请从列表中选择；若软件版本较旧，请先更新。",
            "Choose one from the list; if the app is old, update it first.",
        ),
        "missing_field": Sentence(
            "记录{event}时还缺{field}。",
            "{event} lacks {field}.",
            "请补填{field}再提交。",
            "Fill in {field} and send it again.",
        ),
        "invalid_value": Sentence(
            "{event}里[的{field}]填写的内容读不懂。",
            "What was given[ for {field}] in {event} cannot be read.",
            "请重新填写[{field}][，应写成：{expected}]。",
            "Fill in [{field} ]again[; it should look like this: {expected}].",
        ),
        "unknown_field": Sentence(
            "{event}没有{field}这一项。",
            "{event} has no field {field}.",
            "请去掉它再提交。[可以填写：{known}。]",
            "Leave it out and send it again.[ Its fields: {known}.]",
        ),
        "unreadable_event": Sentence(
            "有一条已存的{event}记录读不出来[（版本 {version}）]。",
            "A stored {event} cannot be read[ (version {version})].",
            "请先更新软件再打开；仍不行时，请把这条记录告诉系统管理员。",
            "Update the app and open it again; if that does not help, tell the administrator about this entry.",
        ),
        "not_found": Sentence(
            "没有找到这一项：{what}。",
            "Not found: {what}.",
            "请核对编号；若刚刚移交给别的单位，请问镇街专干。",
            "Check its number; if it was just handed over, ask the office supervisor.",
        ),
        "conflict": Sentence(
            "编号 {id} 已经有一条内容不同的记录。",
            "An entry with the id {id} exists already, with other content.",
            "请刷新核对；若是另一件事，请用新的编号提交。",
            "Refresh and compare; if it is another matter, send it under a new id.",
        ),
        "version_conflict": Sentence(
            "您打开之后，这份个案又有了新的记录。",
            "The case has changed since you opened it.",
            "请刷新，看过新的内容再提交。",
            "Refresh, look at what is new, and send it again.",
        ),
        "demo_only": Sentence(
            "这项功能只在演示库里有。",
            "This works in a demo database only.",
            "请在演示库里试用；真实个案的日期不能调。",
            "Try it in a demo database; the clock of real cases cannot be moved.",
        ),
    }
)
