"""Why something is owed: event, days, article; a sentence of its own for every kind, in two languages."""

import re
from datetime import date, timedelta

import pytest

from workflow.rules.case import Case, Fact, TeamMode
from workflow.rules.events import (
    EVENTS,
    AddictionDetermined,
    AssignmentAcknowledged,
    CommunityDetoxOrdered,
    ContactLost,
    Detected,
    Escaped,
    Event,
    HelperAssigned,
    IsolationOrdered,
    Moved,
    Recaptured,
    Released,
    ReportedIn,
    Resumed,
    Suspended,
    TestTaken,
    UseConfirmed,
)
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack_words import OCCASIONS as PACK_OCCASIONS
from workflow.rules.plan import KINDS, plan
from workflow.rules.reasons import PURPOSES, told_because, why
from workflow.rules.reasons.about import OCCASIONS
from workflow.rules.reasons.dates import dated
from workflow.rules.reasons.purposes import OTHER
from workflow.rules.sentences import Language
from workflow.services.calendars import work_days
from workflow.services.packs import load_pack

PACK = load_pack("cn-national")
DAYS = work_days()
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Day = tuple[str, Event]


def d(text: str) -> date:
    return date.fromisoformat(text)


def case_of(*events: Day, on: str, team: TeamMode = "standing") -> Case:
    recs = [
        Recorded(f"e{n}", event, d(day), d(day), n, approved_by="second")
        for n, (day, event) in enumerate(events)
    ]
    return fold(history_of(recs), PACK, DAYS, d(on), team=team)


def ordered(served: str) -> tuple[Day, ...]:
    """A history up to the order of community detox, served on this day."""
    test = TestTaken(
        test_id="t1",
        method="laboratory",
        sample="urine",
        result="positive",
        purpose="detection",
    )
    return (
        ("2023-01-03", Detected(source="inspection")),
        ("2023-01-03", test),
        ("2023-01-09", UseConfirmed(test_id="t1")),
        ("2023-01-10", AddictionDetermined(finding="addicted")),
        (served, CommunityDetoxOrdered(decision_no="D-1", served_on=d(served))),
    )


def custody(first: str, until: str) -> tuple[Day, ...]:
    paper = Suspended(reason="detained", document_no="C-1")
    return ((first, paper), (until, Resumed()))


def isolated(decided: str) -> Day:
    return decided, IsolationOrdered(
        decision_no="D-2",
        decided_on=d(decided),
        served_on=d(decided),
        ground="refused_community_detox",
        facility="F1",
    )


def the(case: Case, kind: str, through: str | None = None) -> Obligation:
    """The first obligation of a kind."""
    found = [o for o in plan(case, d(through) if through else None) if o.kind == kind]
    assert found, f"{kind} is not owed"
    return found[0]


def made(kind: str, *, raw: str = "2023-03-24", due: str = "2023-03-24") -> Obligation:
    """An obligation of any kind, made by hand."""
    fact = Fact("released", d("2023-03-10"), 0, "isolation", None)
    rule = PACK.obligations[kind]
    owner = rule.owner if rule.owner != "helper" else "community_doctor"
    return Obligation(kind, "m1/w03", fact.on, d(due), owner, rule, fact, d(raw))


EMPTY = case_of(on="2023-03-10")


# ------------------------------------------------------------------ one sentence a kind


def test_every_kind_has_a_sentence_of_its_own() -> None:
    assert set(PURPOSES) == set(PACK.obligations)
    assert set(PURPOSES) == {kind for kinds in KINDS.values() for kind in kinds}
    every = [*PURPOSES.values(), OTHER]
    assert len({means.zh for means in every}) == len(every)
    assert len({means.en for means in every}) == len(every)


@pytest.mark.parametrize("kind", sorted(PACK.obligations))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_why_names_event_day_article_and_basis(kind: str, language: Language) -> None:
    said = why(made(kind), EMPTY, language)
    cited = PACK.obligations[kind].cited
    assert "released" in said
    assert (
        EVENTS["released"].label.zh if language == "zh" else EVENTS["released"].label.en
    ) in said
    assert "2023-03-10" in said
    assert "2023-03-24" in said
    assert cited.source in said
    basis = {"zh": ("法定", "本地做法"), "en": ("(law)", "(local practice)")}[language]
    assert basis[0 if cited.basis == "law" else 1] in said
    assert not re.search(r"[{}]|None", said)
    assert said.endswith("。" if language == "zh" else ".")
    assert said.count("。") == (1 if language == "zh" else 0)


def test_templates_hold_only_what_is_filled_in() -> None:
    for means in (*PURPOSES.values(), OTHER):
        for template in (means.zh, means.en):
            fields = set(re.findall(r"\{(\w+)\}", template))
            assert {"on", "event"} <= fields <= {"on", "event", "about", "ordinal"}


def test_no_why_blames_or_threatens() -> None:
    for means in PURPOSES.values():
        assert not re.search("处罚|惩|警告|后果|抗拒|不配合|吸毒人员|！", means.zh)
        assert not re.search("punish|threat|warn|offend|!", means.en)


def test_a_kind_without_a_sentence_still_gets_event_and_article() -> None:
    owed = made("visit")
    owed.kind = "brand_new"
    said = why(owed, EMPTY)
    assert "released" in said
    assert owed.rule.cited.source in said


# ------------------------------------------------------------------ days


def test_a_weekend_skipped_is_named_day_by_day() -> None:
    case = case_of(*ordered("2023-03-10"), on="2023-03-11")
    owed = the(case, "report_in")
    assert owed.due_on == d("2023-03-27")
    zh, en = why(owed, case), why(owed, case, "en")
    assert "责令社区戒毒（community_detox_ordered）" in zh
    assert "从 2023-03-10 起 15 天内，到 2023-03-25 为止" in zh
    assert "因 2023-03-25（周六）、2023-03-26（周日）休息，顺延到 2023-03-27" in zh
    assert "依据：条例 14、38（法定）。" in zh
    assert "2023-03-25 (Saturday), 2023-03-26 (Sunday)" in en
    assert "rule: 条例 14、38 (law)." in en


def test_a_holiday_skipped_is_named_with_its_name() -> None:
    case = case_of(*ordered("2023-09-15"), on="2023-09-16")
    owed = the(case, "report_in")
    assert owed.due_on == d("2023-10-07")
    skipped = DAYS.closed_days(d("2023-09-30"), d("2023-10-06"))
    zh, en = why(owed, case), why(owed, case, "en")
    for day in skipped:
        assert day.isoformat() in zh
        assert day.isoformat() in en
    assert "国庆节" in zh
    assert "National Day" in en


def test_a_due_day_that_is_a_working_day_names_no_closed_day() -> None:
    case = case_of(*ordered("2023-03-14"), on="2023-03-15")
    said = why(the(case, "report_in"), case)
    assert "到 2023-03-29 为止；依据" in said
    assert "休息" not in said


def test_a_closed_day_that_is_no_weekend_and_has_no_name() -> None:
    days = work_days({d("2023-03-24"): False})
    recs = [Recorded("e0", Detected(source="inspection"), d("2023-03-17"), d("2023-03-17"), 0)]
    case = fold(history_of(recs), PACK, days, d("2023-03-18"))
    said = why(the(case, "stage_review"), case)
    assert "每 7 天复核一次，本次从 2023-03-17 起，到 2023-03-24 为止" in said
    assert "2023-03-24（休息日）、2023-03-25（周六）、2023-03-26（周日）休息" in said


def test_custody_before_reporting_in_is_said_and_the_rolling_after_it() -> None:
    case = case_of(*ordered("2023-03-10"), *custody("2023-03-15", "2023-03-20"), on="2023-03-21")
    owed = the(case, "report_in")
    assert (owed.due_on, dated(owed, case).before_rolling) == (d("2023-03-30"), d("2023-03-30"))
    assert "其中停止计算的 5 天已顺延在内" in why(owed, case)
    case = case_of(*ordered("2023-03-10"), *custody("2023-03-15", "2023-03-22"), on="2023-03-23")
    owed = the(case, "report_in")
    assert dated(owed, case).before_rolling == d("2023-04-01")
    assert "停止计算的 7 天" in why(owed, case)
    assert "2023-04-01（周六）" in why(owed, case)


def test_a_move_before_reporting_in_counts_the_period_anew() -> None:
    case = case_of(*ordered("2023-03-10"), ("2023-03-14", Moved(to_office="b")), on="2023-03-15")
    assert "从 2023-03-14 起 15 天内，到 2023-03-29 为止" in why(the(case, "report_in"), case)


def test_days_that_the_clock_stood_are_said() -> None:
    case = case_of(
        *ordered("2023-03-10"),
        ("2023-03-20", ReportedIn()),
        *custody("2023-03-22", "2023-04-01"),
        on="2023-04-03",
    )
    plan_owed = the(case, "make_plan")
    assert plan_owed.due_on == d("2023-04-14")
    assert "到 2023-04-14 为止，其中停止计算的 10 天已顺延在内" in why(plan_owed, case)
    assert "moved by the 10 days that the clock stood" in why(plan_owed, case, "en")
    window = the(case, "routine_test")
    assert "第 1 期" in why(window, case)
    assert "window 1" in why(window, case, "en")
    assert f"本期从 2023-03-20 到 {window.due_on}，其中停止计算的 10 天" in why(window, case)
    papers = the(case, "send_papers", "2026-12-31")
    assert "停止计算的 10 天" in why(papers, case)
    assert "期满日前 7 个工作日" in why(papers, case)


def test_one_day_is_one_day() -> None:
    case = case_of(
        *ordered("2023-03-10"),
        ("2023-03-20", ReportedIn()),
        *custody("2023-03-22", "2023-03-23"),
        on="2023-03-24",
    )
    assert "by the 1 day that the clock stood" in why(the(case, "make_plan"), case, "en")


def test_what_hangs_on_a_facility_term() -> None:
    case = case_of(*ordered("2023-03-01"), isolated("2023-03-10"), on="2025-03-10")
    transfer = why(the(case, "facility_transfer"), case)
    assert "从 2023-03-10 起 6 个月内，到 2023-09-10 为止" in transfer
    assert "2023-09-10（周日）" in transfer
    assert "从 2024-03-10 起 30 天内" in why(the(case, "one_year_evaluation"), case)
    assert "应在期满日前 30 天办好，到 2025-02-07 为止" in why(
        the(case, "pre_expiry_evaluation"), case
    )
    assert "应在期满日 2025-03-09 当天办理" in why(the(case, "meet_at_gate"), case)
    assert "应在 2025-03-10 当天办理" in why(the(case, "confirm_release"), case)
    assert "due on 2025-03-10, the day itself" in why(the(case, "confirm_release"), case, "en")
    family = why(the(case, "notify_family"), case)
    assert "24 小时" in family
    assert "从 2023-03-10 起 1 天内，到 2023-03-11 为止；" in family  # a Saturday: it does not roll


def test_days_of_escape_are_said_where_the_end_moved() -> None:
    case = case_of(
        *ordered("2023-03-01"),
        isolated("2023-03-10"),
        ("2023-06-01", Escaped()),
        ("2023-06-11", Recaptured()),
        on="2025-03-20",
    )
    for kind in ("meet_at_gate", "confirm_release", "one_year_evaluation"):
        assert "停止计算的 10 天" in why(the(case, kind), case), kind
    for kind, unmoved in (("pre_expiry_evaluation", "2025-02-07"), ("plan_handover", "2025-03-06")):
        moved = (the(case, kind).due_on - d(unmoved)).days
        assert (f"停止计算的 {moved} 天" in why(the(case, kind), case)) == (moved > 0)
    assert "应在期满日 2025-03-19 当天办理" in why(the(case, "meet_at_gate"), case)
    assert "停止计算" not in why(the(case, "facility_transfer"), case)


def test_a_deadline_cut_by_a_shortened_term_says_so() -> None:
    owed = made("sign_agreement", raw="2023-03-24", due="2023-03-16")
    assert "因期限已折抵缩短，以 2023-03-16 为限" in why(owed, EMPTY)
    assert "brought forward to 2023-03-16" in why(owed, EMPTY, "en")


def test_a_provisional_calendar_is_said_where_it_bears_on_the_day() -> None:
    year = max(DAYS.official_years) + 2
    owed = made("make_plan", raw=f"{year}-03-08", due=str(DAYS.on_or_after(date(year, 3, 8))))
    assert f"{year} 年放假安排尚未公布" in why(owed, EMPTY)
    assert "provisional calendar" in why(owed, EMPTY, "en")
    unmoved = made("plan_handover", raw=f"{year}-03-08", due=f"{year}-03-08")
    assert "尚未公布" not in why(unmoved, EMPTY)
    window = made("visit", raw=f"{year}-03-08", due=f"{year}-03-08")
    window.window = True
    assert "尚未公布" not in why(window, EMPTY)
    counted_in_working_days = made("send_papers", raw=f"{year}-03-08", due=f"{year}-03-08")
    assert "尚未公布" in why(counted_in_working_days, EMPTY)


def test_working_days_are_called_so() -> None:
    assert "3 个工作日（休息日不计）内" in why(made("forward_file"), EMPTY)
    assert "within 3 working days from" in why(made("forward_file"), EMPTY, "en")
    assert "within 1 working day from" in why(made("report_use"), EMPTY, "en")
    assert "12 个月" in why(made("review_exit_bar"), EMPTY)


def test_days_named_are_just_those_between_counting_and_rolling() -> None:
    for shift in range(40):
        served = d("2023-09-01") + timedelta(days=shift)
        case = case_of(*ordered(served.isoformat()), on=(served + timedelta(days=1)).isoformat())
        for owed in plan(case):
            steps = dated(owed, case)
            moved = owed.due_on - steps.before_rolling
            assert len(steps.skipped) == moved.days
            assert not any(DAYS.is_working(day) for day in steps.skipped)


# ------------------------------------------------------------------ what it is about


def test_each_occasion_of_a_review_has_its_words() -> None:
    assert set(OCCASIONS) == set(PACK_OCCASIONS)
    owed = made("stage_review")
    for occasion in OCCASIONS:
        owed.ref = occasion
        assert OCCASIONS[occasion].zh in why(owed, EMPTY)
        assert str(PACK.obligations["stage_review"].every[occasion].amount) in why(owed, EMPTY)


def test_a_welfare_contact_says_what_gave_the_worry() -> None:
    case = case_of(*ordered("2023-03-10"), ("2023-03-15", ContactLost()), on="2023-03-16")
    assert "联系不上本人了" in why(the(case, "welfare_contact"), case)
    late = case_of(*ordered("2023-03-10"), on="2023-03-29")
    assert "报到的日子过了" in why(the(late, "welfare_contact"), late)
    assert "原因还没有消除" in why(made("welfare_contact"), EMPTY)


def test_a_legality_review_says_what_is_to_be_looked_at() -> None:
    assert "还没有看到它应当依据的决定" in why(made("legality_review"), EMPTY)
    assert "not on record" in why(made("legality_review"), EMPTY, "en")
    owed = made("legality_review")
    owed.opened_by.event = IsolationOrdered(
        decision_no="D",
        decided_on=owed.opens_on,
        served_on=owed.opens_on,
        ground="serious_addiction",
        facility="F1",
        contrary_to="CI-02",
    )
    assert "与规则 CI-02 不符" in why(owed, EMPTY)
    assert "contrary to CI-02" in why(owed, EMPTY, "en")


@pytest.mark.parametrize(
    ("kind", "ref", "zh", "en"),
    [
        ("decide_objection", "t7", "检测 t7 的结果", "test t7 and"),
        ("resolve_positive", "t7", "检测 t7 的阳性", "test t7 is"),
        ("acknowledge_assignment", "family", "家庭成员", "Family member"),
        ("breach_review", "days_away", "擅自离开累计天数", "Days away in total"),
        ("decide_term", "extension", "延长期限", "Extension"),
        ("decide_term", "something", "something", "something"),
    ],
)
def test_what_it_refers_to_is_named(kind: str, ref: str, zh: str, en: str) -> None:
    owed = made(kind)
    owed.ref = ref
    assert zh in why(owed, EMPTY)
    assert en in why(owed, EMPTY, "en")


def test_a_measure_without_an_end_yet_breaks_nothing() -> None:
    case = case_of(*ordered("2023-03-10"), on="2023-03-11")
    measure = case.measures[0]
    assert not measure.ends
    for kind in ("end_notice", "one_year_evaluation", "visit"):
        owed = made(kind)
        owed.measure = measure
        owed.occurrence = "m1/1"
        assert why(owed, case)
        assert why(owed, case, "en")


# ------------------------------------------------------------------ who is told


def test_in_the_chair() -> None:
    case = case_of(*ordered("2023-03-10"), on="2023-03-11")
    said = told_because(the(case, "report_in"), case, d("2023-03-11"), "zh")
    assert said == "“到执行地报到”由社区专职工作人员岗位的帮扶人负责，所以告知社区专职工作人员。"
    assert told_because(the(case, "report_in"), case, d("2023-03-11"), "en").startswith(
        "Community worker is told, because “Report in”"
    )


def test_the_office_itself() -> None:
    case = case_of(*ordered("2023-03-10")[:1], on="2023-01-04")
    assert "镇街专干" in told_because(the(case, "stage_review"), case, case.on)


def test_before_an_order() -> None:
    case = case_of(*ordered("2023-03-10")[:3], on="2023-01-09")
    said = told_because(the(case, "determine_addiction"), case, case.on)
    assert "责令决定之前" in said
    assert "社区民警" in said


def test_an_empty_chair_is_told_to_the_supervisor() -> None:
    case = case_of(*ordered("2023-03-10"), on="2023-03-11", team="recorded")
    said = told_because(the(case, "report_in"), case, case.on)
    assert "空着" in said
    assert "所以先告知镇街专干" in said
    assert "2023-03-11" in told_because(the(case, "report_in"), case, case.on, "en")


def test_a_helper_who_has_not_acknowledged() -> None:
    history = (
        *ordered("2023-03-10"),
        ("2023-03-13", HelperAssigned(role="community_worker", helper="w1")),
    )
    case = case_of(*history, on="2023-03-20", team="recorded")
    owed = the(case, "report_in")
    assert "到 2023-03-16 还没有确认知悉" in told_because(owed, case, d("2023-03-17"))
    assert "所以告知社区专职工作人员" in told_because(owed, case, d("2023-03-16"))
    known = (*history, ("2023-03-14", AssignmentAcknowledged(role="community_worker")))
    case = case_of(*known, on="2023-03-20", team="recorded")
    assert "岗位的帮扶人负责" in told_because(the(case, "report_in"), case, d("2023-03-20"))


def test_a_reason_that_has_no_words_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(*ordered("2023-03-10"), on="2023-03-11")
    monkeypatch.setattr(
        "workflow.rules.reasons.told", lambda case, role, day: ("county_office", "on_leave")
    )
    said = told_because(the(case, "report_in"), case, case.on)
    assert "县（区）禁毒办" in said
    assert "2023-03-11" in said


# ------------------------------------------------------------------ whole lives


def test_all_that_a_life_owes_can_be_explained() -> None:
    case = case_of(
        *ordered("2023-03-10"),
        ("2023-03-20", ReportedIn()),
        *custody("2023-04-03", "2023-05-05"),
        ("2023-06-01", Moved(to_office="b")),
        on="2026-03-01",
    )
    owed = plan(case, d("2026-12-31"))
    assert len({o.kind for o in owed}) > 12
    for one in owed:
        for language in LANGUAGES:
            said = why(one, case, language)
            assert one.due_on.isoformat() in said
            assert one.opened_by.name in said
            assert one.opened_by.on.isoformat() in said
            assert one.rule.cited.source in said
            assert told_because(one, case, case.on, language)


def test_all_that_a_facility_owes_can_be_explained() -> None:
    case = case_of(
        *ordered("2023-03-01"),
        isolated("2023-03-10"),
        ("2025-03-09", Released(proof_no="R-1")),
        on="2025-03-20",
    )
    for one in plan(case):
        for language in LANGUAGES:
            assert one.due_on.isoformat() in why(one, case, language)
