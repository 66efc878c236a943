"""How lives of the demo county end, or are interrupted by a sentence: exits, closings, prison."""

from __future__ import annotations

from workflow.rules.events import (
    Died,
    EntryVoided,
    SentenceEnded,
    Terminated,
    TransferredOut,
    UseNotFound,
    VoluntaryTreatmentEnded,
    VoluntaryTreatmentStarted,
)
from workflow.rules.events.intake import VoluntaryOutcome
from workflow.rules.terms import DAY, add_months
from workflow.services.demo_county import community, recovery
from workflow.services.demo_county.intake import FIRST_TEST, HOSPITAL, found, sampled, suspected
from workflow.services.demo_county.isolation import released
from workflow.services.demo_county.life import Life

# ------------------------------------------------------------------ prison


def serving(life: Life, months: int, days: int) -> None:
    """服刑: the community measure was ended by prison."""
    community.reported_in(life, life.ago(6, months))
    paper = life.number("执")
    life.did(life.ago(days), Terminated(reason="imprisoned", document_no=paper))


def serving_before_a_decision(life: Life, days: int) -> None:
    """服刑: imprisoned before anything was decided."""
    on = life.ago(days)
    found(life, on - 3 * DAY, "addicted")
    life.did(on, Terminated(reason="imprisoned", document_no=life.number("执")))


def back_from_prison(life: Life, months: int, days: int) -> None:
    """成瘾认定: the sentence is over, the measure had time left, and the police decide what follows."""
    serving(life, months, days + 150)
    life.did(life.ago(days), SentenceEnded(document_no=life.number("释")))


# ------------------------------------------------------------------ exits


def exited(life: Life, days: int, *, told: bool = True) -> None:
    """不再实行动态管控: three years after the release were over some days ago; the record is to follow."""
    if not told:
        life.undone["send_record_update"] = life.ago(days + 1)
    released(life, add_months(life.ago(days), -recovery.CONTROL))


def exited_with_term(life: Life, days: int) -> None:
    """不再实行动态管控: community detox and the three years ended on one day."""
    community.reported_in(life, add_months(life.ago(days), -community.TERM))


# ------------------------------------------------------------------ closings


def no_use(life: Life, days: int) -> None:
    """结案: a further test cleared the first one."""
    on = life.ago(days)
    suspected(life, on - 12 * DAY)
    sampled(life, on - 6 * DAY, "T2", "negative", of=FIRST_TEST, method="laboratory")
    life.did(on, UseNotFound(document_no=life.number("告")))


def treated(life: Life, days: int, outcome: VoluntaryOutcome) -> None:
    """结案: the treatment by agreement ended; nobody who seeks help is put under control."""
    life.did(life.ago(days + 80), VoluntaryTreatmentStarted(institution=HOSPITAL))
    life.did(life.ago(days), VoluntaryTreatmentEnded(outcome=outcome))


def died(life: Life, days: int) -> None:
    """结案: the person died; nothing more is told to anybody."""
    community.reported_in(life, life.ago(5, 14))
    life.did(life.ago(days), Died(document_no=life.number("证")))


def transferred(life: Life, days: int) -> None:
    """结案: an agency elsewhere took over, and said so in writing."""
    recovery.reported_in(life, life.ago(4, 9))
    out = TransferredOut(to_agency="邻省某县禁毒办（虚构）", receipt_no=life.number("回执"))
    life.did(life.ago(days), out)


def entered_in_error(life: Life, days: int) -> None:
    """结案: entered twice under two spellings; a supervisor had this one taken back."""
    suspected(life, life.ago(days + 3), "negative")
    life.did(life.ago(days), EntryVoided(reason="与另一条登记重复"), approved=True)
