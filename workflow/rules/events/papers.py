"""
Papers served, sent and forwarded, reviews noted, and obligations excused.

All but `PaperServed` and `ObligationExcused` are recorded only where the obligation
that they close is owed, ended stages included (`paper`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from workflow.rules.events.fields import (
    FREE_TEXT,
    Choices,
    ClosingAct,
    Event,
    Means,
    Names,
    Reason,
    Text,
)

PapersFor = Literal["term", "exit", "closing"]
PAPERS_FOR = Choices(
    {
        "term": Means("期满", "End of a term"),
        "exit": Means("退出动态管控", "End of control"),
        "closing": Means("结案", "Closing of the file"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperServed(Event):
    """
    送达: a paper reached the person, or was refused before a witness.

    Method and day are kept because periods run from the receipt. On the wire the
    paper's name is `paper`.

    Source: 程序规定 36.
    """

    name = "paper_served"
    label = Means("文书送达", "Paper served")
    by = "S/P"
    cites = ("TIME-03",)
    sensitive = FREE_TEXT | {"witness"}
    wire: ClassVar[Mapping[str, str]] = MappingProxyType({"paper_name": "paper"})

    paper_name: Annotated[str | None, Means("文书名称", "Which paper")] = None
    method: Annotated[str | None, Means("送达方式", "How it was served")] = None
    refused: Annotated[bool, Means("拒收", "The person refused to take it")] = False
    witness: Annotated[str | None, Means("见证人", "Who witnessed the refusal")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForwarded(ClosingAct):
    """
    转送材料: the old office sent the file to the new one.

    Source: 条例 22.
    """

    name = "file_forwarded"
    label = Means("转送材料", "File forwarded")
    by = "S/P"
    paper = True
    cites = ("CD-12",)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPlanned(ClosingAct):
    """
    制定衔接方案: who meets the person at the gate, and what comes next, is settled.

    Source: 条例 34.
    """

    name = "handover_planned"
    label = Means("制定出所衔接方案", "Handover planned")
    by = "S/P"
    paper = True
    cites = ("CI-09", "HO-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetAtGate(ClosingAct):
    """出所接回: someone was there when the person came out; that day weighs most."""

    name = "met_at_gate"
    label = Means("出所接回", "Met at the gate")
    by = "S/P"
    paper = True
    cites = ("HO-03",)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverFileReceived(ClosingAct):
    """收到出所材料: the facility's papers and evaluation reached the office."""

    name = "handover_file_received"
    label = Means("收到出所材料", "Handover file received")
    by = "S/P"
    paper = True
    cites = ("HO-02",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNotified(ClosingAct):
    """
    通知家属: family, employer and police station were told within 24 hours.

    Source: 禁毒法 40; 条例 33.
    """

    name = "family_notified"
    label = Means("通知家属", "Family notified")
    by = "S/P"
    paper = True
    cites = ("CI-03", "CI-08")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNoticeServed(ClosingAct):
    """
    送达解除通知书: the person has in writing that the measure is over.

    The measure had ended by itself; the paper only says so.

    Source: 条例 23, 40.
    """

    name = "end_notice_served"
    label = Means("送达解除通知书", "End notice served")
    by = "S/P"
    paper = True
    cites = ("CD-13", "CR-06")


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersSent(ClosingAct):
    """
    报送材料: the papers for a term's end, the exit or the closing went out.

    On the wire `for` says which. Those for the exit tell the person its date: a late
    entry that would undo it then needs a document, an approval and a notice.
    """

    name = "papers_sent"
    label = Means("报送材料", "Papers sent")
    by = "S/P"
    paper = True
    wire: ClassVar[Mapping[str, str]] = MappingProxyType({"for_what": "for"})

    for_what: Annotated[PapersFor, Means("用途", "What they are for"), PAPERS_FOR]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReported(ClosingAct):
    """
    报告吸毒: the worker told police of confirmed use during the measure.

    Source: 禁毒法 35; 条例 21.
    """

    name = "use_reported"
    label = Means("报告吸毒", "Use reported to police")
    by = "S/P"
    paper = True
    cites = ("CD-10",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUpdateSent(ClosingAct):
    """
    申请更新记录: police were asked in writing to take the person off the record.

    Source: 条例 7.
    """

    name = "record_update_sent"
    label = Means("申请更新记录", "Record update asked for")
    by = "S/P"
    paper = True
    cites = ("GEN-05",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUpdateConfirmed(ClosingAct):
    """
    确认记录已更新: police confirmed it; no alert rings any more.

    Source: 条例 7.
    """

    name = "record_update_confirmed"
    label = Means("确认记录已更新", "Record update confirmed")
    by = "S/P"
    paper = True
    cites = ("GEN-05",)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReviewed(ClosingAct):
    """
    阶段复核: the supervisor looked at a case that waits, and noted why (`note`).

    The next review opens at once: a waiting case never has nobody.
    """

    name = "stage_reviewed"
    label = Means("阶段复核", "Stage reviewed")
    by = "S/P"
    paper = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalityReviewed(ClosingAct):
    """合法性复核: an event recorded contrary to a rule was looked at by a supervisor."""

    name = "legality_reviewed"
    label = Means("合法性复核", "Legality reviewed")
    by = "S/P"
    paper = True
    sensitive = FREE_TEXT | {"outcome"}

    outcome: Annotated[str | None, Means("复核意见", "What came of it")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitBarReviewed(ClosingAct):
    """退出限制复核: the bar on the exit was looked at and stays; the next review opens."""

    name = "exit_bar_reviewed"
    label = Means("退出限制复核", "Exit bar reviewed")
    by = "S/P"
    paper = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitBarLifted(ClosingAct):
    """取消退出限制: the exit runs again by itself; a supervisor approves."""

    name = "exit_bar_lifted"
    label = Means("取消退出限制", "Exit bar lifted")
    by = "S/P"
    paper = True
    sensitive = FREE_TEXT | {"reason"}

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationExcused(Event):
    """
    免除事项: one obligation is withdrawn for a reason; a supervisor approves.

    Never those on which a person's position hangs: the finding, the decision, the
    report-in, an unresolved positive, the release, a stage review.
    """

    name = "obligation_excused"
    label = Means("免除事项", "Obligation excused")
    by = "S"
    sensitive = FREE_TEXT | {"reason"}

    kind: Annotated[Text, Means("事项种类", "Kind of the obligation", "visit"), Names("kind")]
    occurrence: Annotated[Text, Means("期次", "Its occurrence", "m1/w03"), Names("occurrence")]
    reason: Reason
