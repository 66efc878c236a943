"""
The cast (人物表): what each of the 120 people of the demo county lives through, every stage at least twice.

Their number decides their name, their township and who helps them: of six that follow
each other here, each worker has one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from workflow.services.demo_county import community, endings, intake, isolation, recovery
from workflow.services.demo_county.invented import person
from workflow.services.demo_county.life import Life, Setting
from workflow.services.demo_county.routine import lived
from workflow.services.demo_county.team import Team

NO_DOCTOR = Team(empty=("community_doctor",))
SILENT_POLICE = Team(silent=("community_police",))
SILENT_WORKER = Team(silent=("community_worker",))
WITH_WORK = Team(extra=("employment",))
WITH_VOLUNTEER = Team(extra=("volunteer",))
WITH_SCHOOL = Team(extra=("school", "psychologist"))
WITH_LAW = Team(extra=("legal_aid", "psychologist"), family=True)
WITH_RELIEF = Team(extra=("civil_affairs", "employment"), family=True)
WITH_FARM = Team(extra=("farm_advisor", "school"), family=True)


@dataclass(frozen=True, slots=True)
class Part:
    """
    One life, and whose it must be.

    Args:
        woman, age: None where it may be anybody.
        slow: that the office is late with them more often.
    """

    tell: Callable[[Life], None]
    woman: bool | None = None
    age: int | None = None
    slow: bool = False


def _part(tell: Callable[..., None], *given: object, **more: object) -> Part:
    """A part that is told with these words; the life itself comes first."""

    def whole(life: Life) -> None:
        tell(life, *given, **more)

    return Part(whole)


def _at_intake() -> list[Part]:
    return [
        # 发现登记
        _part(intake.waiting_for_window, 1),
        _part(intake.objecting, 2),
        _part(intake.objecting, 7),
        _part(intake.objecting, 8, "granted"),
        _part(intake.unclear, 20),
        _part(intake.unclear, 33, reviewed=False),
        # 成瘾认定
        _part(intake.waiting_for_finding, 1),
        _part(intake.waiting_for_finding, 5),
        _part(intake.waiting_for_decision, 3),
        _part(intake.waiting_for_decision, 14, "seriously_addicted"),
        replace(
            _part(intake.waiting_for_decision, 4, "seriously_addicted", pregnant=True),
            woman=True,
            age=24,
        ),
        replace(_part(intake.waiting_for_decision, 2), age=15),
        _part(endings.back_from_prison, 20, 3),
        # 自愿戒毒
        _part(intake.in_treatment, 12),
        _part(intake.in_treatment, 55),
        replace(_part(intake.in_treatment, 28), woman=True),
        _part(intake.in_treatment_after_test, 24),
    ]


def _before_the_report_in() -> list[Part]:
    return [
        # 责令社区戒毒·待报到
        _part(community.to_report_in, 2, team=WITH_LAW),
        _part(community.to_report_in, 2, team=WITH_RELIEF),
        _part(community.to_report_in, 2, team=WITH_FARM),
        _part(community.to_report_in, 5),
        _part(community.to_report_in, 10),
        _part(community.to_report_in, 24),
        _part(community.refusing, 12),
        _part(community.ordered_in_custody, 9),
    ]


def _in_community_detox() -> list[Part]:
    return [
        # 社区戒毒
        _part(community.overdue_since, 1),
        _part(community.overdue_since, 4),
        _part(community.overdue_since, 9),
        _part(community.overdue_since, 18, "make_plan"),
        _part(community.in_detox, 0, 12, team=NO_DOCTOR),
        _part(community.in_detox, 1, 3, team=SILENT_POLICE),
        _part(community.in_detox, 0, 25, team=SILENT_WORKER),
        _part(community.in_detox, 7, 3, team=WITH_WORK),
        _part(community.in_detox, 14, 8),
        replace(_part(community.in_detox, 10, 1, team=WITH_SCHOOL), age=17),
        _part(community.to_visit, 9, 17),
        _part(community.in_detox, 19, 25, level="low"),
        replace(_part(community.in_detox, 23, 13), slow=True),
        _part(community.in_detox, 27, 2, team=WITH_VOLUNTEER),
        _part(community.near_the_end, 21),
        _part(community.near_the_end, 75),
        _part(community.in_need, 6, ("civil_affairs", "employment")),
        _part(community.in_need, 12, ("farm_advisor", "volunteer")),
        replace(_part(community.with_circumstance, 8), woman=True, age=27),
        _part(community.out_of_touch, 11, 6),
        _part(community.away, 13, reported=True),
        _part(community.away, 15, reported=False),
        _part(community.departing, 16),
        _part(community.reported_for_breach, 18),
        _part(community.missing_tests, 17),
        _part(community.using_again, 20, objecting=True),
        _part(community.using_again, 22, objecting=False),
        _part(community.moving, 12, 2, arrived=False),
        _part(community.moving, 21, 30, arrived=True),
        _part(community.entered_late, 26),
        _part(community.put_right, 28),
        # 社区戒毒中止
        _part(community.suspended, 9, 16),
        _part(community.suspended, 24, 47),
    ]


def _in_isolation() -> list[Part]:
    return [
        # 强制隔离戒毒
        _part(isolation.family_not_told, 2),
        _part(isolation.inside, 0, 12),
        _part(isolation.inside, 12, 12, evaluated=False),
        replace(_part(isolation.inside_contrary, 6), woman=True, age=25),
        _part(isolation.near_release, 12),
        _part(isolation.near_release, 2, planned=False),
        _part(isolation.near_release, 25),
        _part(isolation.not_evaluated, 44),
        _part(isolation.early_release_proposed, 5),
        _part(isolation.early_release_proposed, 11),
        _part(isolation.early_release_decided, 6),
        _part(isolation.not_confirmed, 2),
        _part(isolation.recaptured, 10),
        # 所外就医
        _part(isolation.treated_outside, 8, 40),
        _part(isolation.treated_outside, 14, 9),
        # 脱逃
        _part(isolation.escaped, 6, 5),
        _part(isolation.escaped, 13, 37),
        # 服刑
        _part(endings.serving, 12, 35),
        _part(endings.serving, 30, 210),
        _part(endings.serving_before_a_decision, 22),
    ]


def _in_recovery() -> list[Part]:
    return [
        # 责令社区康复·待报到
        _part(recovery.to_report_in, 3),
        _part(recovery.to_report_in, 20),
        # 社区康复
        _part(recovery.in_recovery, 1, 5, team=WITH_WORK),
        _part(recovery.in_recovery, 3, 9),
        _part(recovery.in_recovery, 5, 22, level="high"),
        _part(recovery.without_a_doctor, 11, 9),
        _part(recovery.in_recovery, 15, 19, team=WITH_VOLUNTEER),
        _part(recovery.in_recovery, 20, 7, level="low"),
        _part(recovery.near_the_end, 24),
        _part(recovery.near_the_end, 8, papers=False),
        # 社区康复中止
        _part(recovery.suspended, 6, 21),
        _part(recovery.suspended, 13, 58),
    ]


def _in_the_three_years() -> list[Part]:
    return [
        # 三年跟踪
        _part(isolation.just_out, 6),
        _part(recovery.over, 9),
        _part(recovery.following, 4, 11),
        _part(recovery.following, 10, 2),
        _part(recovery.following, 18, 20, level="low"),
        _part(recovery.following, 27, 6),
        _part(recovery.leaving, 70),
        _part(recovery.leaving, 33),
        _part(recovery.leaving, 15),
        _part(recovery.leaving, 5, prepared=False),
        _part(recovery.not_addicted, 14),
        _part(recovery.without_measure, 8),
        _part(recovery.lapsed, 16),
        _part(recovery.clean_since, 3),
        _part(recovery.after_treatment, 7),
        _part(recovery.barred, 4),
    ]


def _at_the_end() -> list[Part]:
    return [
        # 不再实行动态管控
        _part(endings.exited, 3),
        _part(endings.exited, 12, told=False),
        _part(endings.exited, 45),
        _part(endings.exited_with_term, 20),
        # 结案
        _part(endings.no_use, 4),
        _part(endings.no_use, 41),
        _part(endings.treated, 6, "completed"),
        _part(endings.treated, 30, "left"),
        _part(endings.died, 15),
        _part(endings.died, 62),
        _part(endings.transferred, 5),
        _part(endings.transferred, 50),
        _part(endings.entered_in_error, 2),
        _part(endings.entered_in_error, 36),
    ]


def cast() -> list[Part]:
    """Everybody, in the order of their numbers."""
    return [
        *_at_intake(),
        *_before_the_report_in(),
        *_in_community_detox(),
        *_in_isolation(),
        *_in_recovery(),
        *_in_the_three_years(),
        *_at_the_end(),
    ]


def lives(setting: Setting) -> list[Life]:
    """Everybody's life up to the day before the demo's today, with what the office did in it."""
    return [life_of(number, part, setting) for number, part in enumerate(cast(), start=1)]


def life_of(number: int, part: Part, setting: Setting) -> Life:
    """One life, told and lived."""
    who = person(number, setting.today, woman=part.woman, age=part.age)
    life = Life(who, setting, slow=part.slow)
    part.tell(life)
    return lived(life)
