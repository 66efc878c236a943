"""What offices, staff and leave refuse."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "unknown_division": Sentence(
            "没有这个行政区划代码：{division}。",
            "There is no division with the code {division}.",
            "请用六位代码，到区县为止[；最接近的是 {nearest}]；也可以按名称查找。",
            "Give six digits, down to the county[; the nearest is {nearest}]; or search by name.",
        ),
        "division_given_up": Sentence(
            "行政区划代码 {division} 在 {year} 年已停用。",
            "The division code {division} was given up in {year}.",
            "请用现行代码[，可能是 {became}]。",
            "Use the code of today[; it may be {became}].",
        ),
        "unknown_office_level": Sentence(
            "没有这一级机构：{level}。",
            "There is no level of office called {level}.",
            "可选：{allowed}。",
            "Choose one of these: {allowed}.",
        ),
        "office_name_unusable": Sentence(
            "机构名称是空的，或超过 {longest} 个字。",
            "The office's name is empty, or longer than {longest} characters.",
            "请填写机构名称。",
            "Give the office a name of that length.",
        ),
        "day_ahead": Sentence(
            "{on} 还没有到（今天是 {today}）。",
            "{on} has not come yet (today is {today}).",
            "请到那一天再登记；现在只能登记今天或以前的。",
            "Record it on that day; for now only today or earlier is possible.",
        ),
        "office_not_open": Sentence(
            "机构在 {on} 没有开设[（{first_on} 开设）][，末日为 {last_on}]。",
            "The office is not open on {on}[ (it opened on {first_on})][; its last day was {last_on}].",
            "请选那一天开设的机构[；接替它的是 {successor}]。",
            "Choose an office that is open on that day[; this one's successor is {successor}].",
        ),
        "office_level_not_below": Sentence(
            "{level} 级机构不能放在 {parent_level} 级机构之下。",
            "An office of the level {level} cannot be under one of the level {parent_level}.",
            "请选级别更高的上级机构。",
            "Choose an office of a higher level to be above it.",
        ),
        "office_cycle": Sentence(
            "所选的上级或接替机构就是它自己，或是它的下级。",
            "The office chosen to be above it, or to take over, is this one or below it.",
            "请先把那个机构移到别处，或另选一个。",
            "Move that office elsewhere first, or choose another.",
        ),
        "office_has_cases": Sentence(
            "这个机构还有 {count} 份未结个案。",
            "The office still has {count} open cases.",
            "请指定接替机构，个案会在同一次操作里全部移交；或先逐一移交。",
            "Name a successor, who gets all of them at once; or hand them over first.",
        ),
        "office_has_offices": Sentence(
            "这个机构下面还有 {count} 个机构。",
            "There are still {count} offices below this one.",
            "请指定接替机构，或先把下级机构移走、关闭。",
            "Name a successor, or move or close those offices first.",
        ),
        "office_changed_later": Sentence(
            "这个机构在 {on} 还有变动记录，不能在那以前关闭。",
            "A later change of this office is recorded, on {on}; it cannot close before that.",
            "请核对关闭的日期；若那条变动有误，请先更正。",
            "Check the day of closing; if that change is wrong, correct it first.",
        ),
        "office_never_open": Sentence(
            "这个机构 {on} 才开设，不能当天关闭。",
            "The office opened on {on} itself, so it cannot be closed from that day on.",
            "请用次日的日期关闭；若开设日期有误，请先更正。",
            "Close it on the next day; if the day of opening is wrong, correct that first.",
        ),
        "span_replaced": Sentence(
            "这条机构记录已被更正过。",
            "This entry about the office was corrected meanwhile.",
            "请刷新，在最新的一条上更正。",
            "Refresh and correct the one that counts now.",
        ),
        "span_swallows": Sentence(
            "这样更正，{first_on} 起的那一段就没有了。",
            "Corrected so, nothing would be left of the entry that begins on {first_on}.",
            "请改用不越过相邻一段的日期，或先更正那一段。",
            "Choose days that leave something of it, or correct that entry first.",
        ),
        "correction_closes": Sentence(
            "给仍在开设的机构填末日就是关闭它，不能当作更正。",
            "To give an open office a last day is to close it, and no correction.",
            "请用“关闭机构”办理，个案与下级机构会一并移交。",
            "Close the office instead; its cases and lower offices are then taken over.",
        ),
        "dates_reversed": Sentence(
            "末日 {last_on} 早于首日 {first_on}。",
            "The last day, {last_on}, lies before the first, {first_on}.",
            "请核对两个日期。",
            "Check both days.",
        ),
        "staff_field_unusable": Sentence(
            "工作人员的代号、姓名或岗位没有填好。",
            "The handle, the name or the role of the member of staff cannot be used.",
            "姓名不能为空[；代号和岗位不超过 {longest} 个字符，中间没有空格]。",
            "A name is needed[; a handle or a role has at most {longest} characters and no spaces].",
        ),
        "handle_taken": Sentence(
            "代号 {handle} 已经有人用了。",
            "Somebody else has the handle {handle}.",
            "请另选一个代号；代号不再收回重用。",
            "Choose another; a handle is never used again.",
        ),
        "staff_gone": Sentence(
            "{handle} 已离职，资料密钥已销毁。",
            "{handle} has left, and the key to their data is destroyed.",
            "请选在职人员；重新入职的，请用新的代号登记。",
            "Choose somebody who works here; whoever comes back is added under a new handle.",
        ),
        "staff_still_posted": Sentence(
            "{handle} 还有 {count} 个在任或将任的岗位。",
            "{handle} still has {count} postings, present or to come.",
            "请先填好离任日期，离任后再销毁。",
            "Give these a last day; it is possible after that day.",
        ),
        "staff_in_chairs": Sentence(
            "{handle} 还在未结个案的帮扶小组里（{count} 个席位）。",
            "{handle} still sits in the teams of open cases ({count} chairs).",
            "请先把这些席位移交给别人。",
            "Hand these chairs over to somebody else first.",
        ),
        "staff_still_deputises": Sentence(
            "{handle} 还要为 {count} 次休假代班。",
            "{handle} still deputises for {count} leaves.",
            "请先为这些休假另定代班人。",
            "Name another deputy for these leaves first.",
        ),
        "posting_replaced": Sentence(
            "这条任职记录已被改过。",
            "This posting was changed meanwhile.",
            "请刷新，在最新的一条上修改。",
            "Refresh and change the one that counts now.",
        ),
        "posting_overlaps": Sentence(
            "此人在这个机构已任同一岗位（{first_on} 起[，至 {last_on}]）。",
            "They are posted there in this role already (from {first_on}[ to {last_on}]).",
            "请改用不重叠的日期，或先结束那一段任职。",
            "Choose days that do not overlap, or end that posting first.",
        ),
        "leave_overlaps": Sentence(
            "此人在 {first_on} 至 {last_on} 已登记休假。",
            "They are on leave from {first_on} to {last_on} already.",
            "请改用不重叠的日期；若那次休假有变，请撤回后重新登记。",
            "Choose days that do not overlap; if that leave has changed, withdraw it and record it anew.",
        ),
        "beyond_own_offices": Sentence(
            "这个机构不在您任职的机构及其下级之内。",
            "This office is none of those where you are posted, nor below one.",
            "请由它上级机构的人或系统管理员办理。",
            "Ask somebody of an office above it, or an administrator.",
        ),
        "deputy_elsewhere": Sentence(
            "代班人不在同一机构任职。",
            "The deputy does not work in the same office.",
            "请选同事代班；不写代班人时，由机构的专干接收通知。",
            "Choose a colleague; without a deputy the office's supervisor is told.",
        ),
        "deputy_is_self": Sentence(
            "代班人就是休假的人自己。",
            "The deputy is the one who is on leave.",
            "请另选代班人；没有人代班时留空，由镇街专干接收提醒。",
            "Choose somebody else; without a deputy the office's supervisor is told.",
        ),
        "deputy_on_leave": Sentence(
            "代班人在 {first_on} 至 {last_on} 每天都在休假。",
            "The deputy is on leave on every day from {first_on} to {last_on}.",
            "请另选代班人；没有人代班时留空，由镇街专干接收提醒。",
            "Choose somebody else; without a deputy the office's supervisor is told.",
        ),
    }
)
