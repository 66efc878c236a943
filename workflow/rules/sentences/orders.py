"""Sentences about orders, reporting in, custody and revocations (`guards.orders`, `guards.custody`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences.wording import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "isolation_barred": Sentence(
            "本人现有情况：{circumstance}，依法不适用强制隔离戒毒。",
            "The law does not allow isolation in this situation: {circumstance}.",
            "该情况结束之后才可能办理。如果决定实际已经作出，请填写相悖的规则和文书编号，由镇街专干审批后如实记录，随后复核。",
            "Possible only after it has ended. If the decision was in fact made, name the rule it runs against and the document number, and have the supervisor approve; it is then recorded as it is and reviewed.",
        ),
        "minor_review_missing": Sentence(
            "决定当天本人 {age} 岁，未满 {limit} 岁，需要先有专门复核。",
            "The person was {age} on the day of the decision; under {limit} a special review comes first.",
            "请填写未成年人复核人。如果决定实际已经作出，请填写相悖的规则和文书编号，由镇街专干审批。",
            "Name who reviewed it. If the decision was in fact made without, name the rule it runs against and the document number, and have the supervisor approve.",
        ),
        "ground_not_from_here": Sentence(
            "个案现处于{stage}阶段，不能以{ground}为依据。",
            "The case is in the stage {stage}; the ground {ground} does not apply there.",
            "这一依据适用的阶段：{allowed}。请按决定书核对依据情形。",
            "This ground applies in: {allowed}. Check the ground against the written decision.",
        ),
        "ground_not_met": Sentence(
            "记录里还没有能支持{ground}的事实。",
            "Nothing on record bears out the ground {ground} yet.",
            "[需要先有：{ground_needs}。]事实已经发生的，请先补录。",
            "[It needs {ground_needs}. ]If that has happened, enter it first.",
        ),
        "not_served_yet": Sentence(
            "责令决定到 {served_on} 才送达，报到不会早于送达。",
            "The order was served on {served_on}; nobody can report in before that.",
            "从 {served_on} 起可以记录报到；送达日期有误的，请先更正。",
            "Possible from {served_on}; if the day of service is wrong, correct it first.",
        ),
        "in_custody": Sentence(
            "本人正被羁押，暂时不能来报到。",
            "The person is in custody and cannot report in for now.",
            "先记录“恢复执行”，之后就可以记录报到。",
            "Record “Measure resumed” first; then the report-in is possible.",
        ),
        "already_reported_in": Sentence(
            "本人已经报到[（{on}）]。",
            "The person has already reported in[ ({on})].",
            "不用重复记录；变更执行地之后，可以再记录一次报到。",
            "It need not be recorded twice; after a move another report-in is possible.",
        ),
        "report_in_not_overdue": Sentence(
            "报到期限到 {due_on} 为止，还没有过，或者正因羁押、住院停止计算。",
            "The person may still report in until {due_on}, or that period stands still because of custody or hospital.",
            "过了期限并已问明原因时可以记录；本人有书面声明的，可以提前记录。",
            "Possible once that day has passed and the reason was asked, or earlier on the person's own written declaration.",
        ),
        "no_release_before": Sentence(
            "本个案还没有“解除强制隔离戒毒”的记录。",
            "This case has no “Released from isolation” on record.",
            "先记录解除强制隔离戒毒，之后就可以记录{event}。",
            "Record the release from isolation first; then {event} is possible.",
        ),
        "months_out_of_range": Sentence(
            "期限填了 {months} 个月，应在 1 到 {longest} 个月之间。",
            "The length given is {months} months; it lies between 1 and {longest}.",
            "请按决定书核对期限（月）。",
            "Check the length in months against the written decision.",
        ),
        "unknown_decision": Sentence(
            "本个案里没有文号为 {decision_no} 的决定。",
            "This case has no decision numbered {decision_no}.",
            "请核对决定书文号。[已记录的决定：{known}。]",
            "Check the number of the decision.[ Decisions on record: {known}.]",
        ),
        "already_revoked": Sentence(
            "决定 {decision_no} 已经被撤销。",
            "The decision {decision_no} was already revoked.",
            "不用重复记录；若是另一份决定，请核对文号。",
            "It need not be recorded twice; if another decision is meant, check its number.",
        ),
        "already_in_custody": Sentence(
            "本人的羁押已经记录，还没有结束。",
            "The person's custody is already on record and has not ended.",
            "上一次羁押结束（“恢复执行”）之后，才能记录新的一次。",
            "Record the end of it, “Measure resumed”, before a new one.",
        ),
        "not_in_custody": Sentence(
            "没有正在进行的羁押记录。",
            "No custody is on record that could end.",
            "先记录“中止”，再记录恢复执行。",
            "Record “Measure suspended” first; then it can be resumed.",
        ),
    }
)
