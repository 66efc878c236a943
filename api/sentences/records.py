"""What recording and handing over refuse beside the rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "another_case_open": Sentence(
            "此人已有一份 {opened_on} 立的个案，还没有结。",
            "The person has an open case since {opened_on}.",
            "请在那份个案上记录；要另立，请先结案或移交。",
            "Record on that case; end it or hand it over before opening another.",
        ),
        "precondition_failed": Sentence(
            "您打开之后，内容已有变化（If-Match 不符）。",
            "It has changed since you opened it (If-Match names another version).",
            "请重新读取，看过新的内容，再带上新的 ETag 提交。",
            "Read it again, look at what is new, and send it with the new ETag.",
        ),
        "batch_too_large": Sentence(
            "一次最多录入 {most} 份个案。",
            "At most {most} cases go into one batch.",
            "请分几批录入。",
            "Send it in several batches.",
        ),
        "unknown_helper": Sentence(
            "帮扶人员不在人员名册里。",
            "That helper is not on the staff list.",
            "请先登记这位人员，再用登记的代号分派；不要写姓名。",
            "Enter them on the list first, then assign them by their handle and never by name.",
        ),
        "same_helper": Sentence(
            "移交人和接收人是同一个人。",
            "A caseload is not handed over to oneself.",
            "请选另一位接收人。",
            "Choose somebody else.",
        ),
        "unknown_office": Sentence(
            "没有这个机构。",
            "There is no such office.",
            "请从机构名录里选；系统以外的单位请记录“转出”。",
            "Choose one from the list of offices; for an agency outside this system record “transferred out”.",
        ),
        "already_there": Sentence(
            "个案已经在这个机构。",
            "The case is with that office already.",
            "请核对接收机构。",
            "Check the office that is to receive it.",
        ),
        "case_has_no_office": Sentence(
            "这份个案没有所属机构，不能移交。",
            "The case belongs to no office, so it cannot be handed over.",
            "请先在机构名录里建立机构，再立案。",
            "Set up the offices first; cases opened then belong to one.",
        ),
        "case_ended": Sentence(
            "个案已在 {ended_on} 结束，不再移交。",
            "The case ended on {ended_on} and is not handed over.",
            "请核对个案；结案后的材料由原机构保管。",
            "Check the case; its papers stay with the office that closed it.",
        ),
        "view_too_wide": Sentence(
            "范围内超过 {most} 份个案，不能逐一还原当时的情形。",
            "More than {most} cases are within reach, too many to show each as it was then.",
            "请限定一个机构（office）或一位帮扶人（handle）。",
            "Narrow it to one office (`office`), or to one helper (`handle`).",
        ),
        "receipt_by_receiver": Sentence(
            "个案已移交给另一个机构，由那个机构签收。",
            "The case was handed over to another office, which says “received” itself.",
            "请由接收机构的人员登录后签收。",
            "Somebody of that office says it, logged in.",
        ),
        "case_elsewhere": Sentence(
            "个案已经在另一个机构，不再由您的机构移交。",
            "The case is with another office by now, so yours does not hand it over.",
            "请由现在的机构办理；您的机构只办完自己还欠的事。",
            "The office that has it does so; yours finishes what it still owes.",
        ),
        "hand_over_id_conflict": Sentence(
            "编号 {id} 已经有一次内容不同的移交。",
            "There is another hand-over under the id {id}.",
            "请刷新核对；若是另一次移交，请用新的编号。",
            "Refresh and compare; for another hand-over use a new id.",
        ),
        "day_outside_calendar": Sentence(
            "日历只到 {first} 至 {last}，{day} 不在其中。",
            "The calendar runs from {first} to {last}; {day} is outside it.",
            "请核对日期。",
            "Check the date.",
        ),
        "day_given_twice": Sentence(
            "{day} 在这次提交里写了两次，或与另一天用了同一个编号。",
            "{day} stands twice in this request, or shares its id with another day.",
            "每天只写一次，每条用自己的编号。",
            "Give each day once, each under an id of its own.",
        ),
        "day_name_too_long": Sentence(
            "{day} 的名称超过 {longest} 个字。",
            "The name of {day} is longer than {longest} characters.",
            "请写短一些，如“春节”。",
            "Write a shorter one, such as the holiday's name.",
        ),
        "day_id_conflict": Sentence(
            "编号 {id} 已经有一条内容不同的日历更正。",
            "There is another calendar day under the id {id}.",
            "请刷新核对；若是另一天或另作更正，请用新的编号。",
            "Refresh and compare; for another day or a new correction, use a new id.",
        ),
    }
)
