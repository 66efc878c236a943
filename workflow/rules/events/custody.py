"""
Detention, prison, and the facility's doors: events that stop a clock or do not.

Custody stops a community measure's clock (条例 24) and leaves that of isolation
running (条例 36); escape is the other way round (条例 32).
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from workflow.rules.events.fields import (
    FREE_TEXT,
    Choices,
    ClosingAct,
    Event,
    Means,
    Text,
)

SuspensionReason = Literal["detained", "arrested"]
SUSPENSION_REASONS = Choices(
    {
        "detained": Means("被拘留", "Detained"),
        "arrested": Means("被逮捕", "Arrested"),
    }
)
TerminationReason = Literal["imprisoned", "compulsory_education"]
TERMINATION_REASONS = Choices(
    {
        "imprisoned": Means("收监执行刑罚", "Imprisoned to serve a sentence"),
        "compulsory_education": Means("采取强制性教育措施", "Put under compulsory education"),
    }
)
CustodyPaper = Annotated[Text, Means("文书编号", "Number of the paper that says so", "X-9")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(Event):
    """
    中止: the person was detained or arrested and the measure's clock stands.

    Before the report-in the stage stays and its days are taken out of that period.

    Source: 条例 24.
    """

    name = "suspended"
    label = Means("中止", "Measure suspended")
    by = "P"
    moves = True
    cites = ("CD-14",)
    sensitive = FREE_TEXT | {"reason"}

    reason: Annotated[SuspensionReason, Means("中止原因", "Why it stands"), SUSPENSION_REASONS]
    document_no: CustodyPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """
    恢复: the person is free again and the measure runs on.

    Its end has moved by the days from the suspension (included) to this day (excluded).

    Source: 条例 24.
    """

    name = "resumed"
    label = Means("恢复执行", "Measure resumed")
    by = "S/P"
    moves = True
    cites = ("CD-14",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated(Event):
    """
    终止: prison or compulsory education ends the community measure.

    In a facility the term runs on: it is recorded and the stage stays.

    Source: 条例 24, 36.
    """

    name = "terminated"
    label = Means("终止", "Measure terminated")
    by = "P"
    moves = True
    cites = ("CD-14", "CI-13")
    sensitive = FREE_TEXT | {"reason"}

    reason: Annotated[TerminationReason, Means("终止原因", "Why it ended"), TERMINATION_REASONS]
    document_no: CustodyPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEnded(Event):
    """
    刑满: the sentence or the compulsory education is over.

    Where the terminated measure had time left, or none was yet decided on confirmed
    use, the case is back in assessing: the law does not say what follows, so police
    decide (open question 10). Where no use was confirmed: back to detected.
    """

    name = "sentence_ended"
    label = Means("刑满或强制性教育结束", "Sentence ended")
    by = "P"
    moves = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalRelease(Event):
    """
    所外就医: treated outside the facility; the term runs on.

    Source: 条例 31.
    """

    name = "medical_release"
    label = Means("所外就医", "Released for treatment outside")
    by = "P"
    moves = True
    cites = ("CI-10",)


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalReturn(Event):
    """
    所外就医结束返所: back in the facility after treatment outside.

    Source: 条例 31.
    """

    name = "medical_return"
    label = Means("就医后返所", "Returned from treatment outside")
    by = "P"
    moves = True
    cites = ("CI-10",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escaped(Event):
    """
    脱逃: escaped from the facility or from treatment outside.

    The time away is not counted, and there is no early release afterwards.

    Source: 条例 32.
    """

    name = "escaped"
    label = Means("脱逃", "Escaped")
    by = "P"
    moves = True
    cites = ("CI-12",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recaptured(Event):
    """
    追回: back in the facility after an escape; the clock runs again from this day.

    Source: 条例 32.
    """

    name = "recaptured"
    label = Means("脱逃后追回", "Recaptured")
    by = "P"
    moves = True
    cites = ("CI-12",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityTransferred(ClosingAct):
    """
    转所: moved from the police facility to one of the justice administration.

    Owed within 6 months of the decision; neither custody nor escape moves that day.

    Source: 条例 27.
    """

    name = "facility_transferred"
    label = Means("转送司法行政戒毒所", "Transferred to a justice facility")
    by = "P"
    cites = ("CI-06",)
