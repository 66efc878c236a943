"""How a team of the demo county is put together: the four chairs, and those that a person's needs ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workflow.rules.events import ChairWaived, ConsentGiven, HelperAssigned, Role
from workflow.services.demo_county.life import Life

NO_FAMILY = (
    "父母已故，没有其他近亲属",
    "本人不同意家人参加",
    "家属长期在外务工，不便参加",
    "离异，子女未成年",
)
SUPERVISOR = "supervisor"
SOONEST, LATEST = timedelta(days=1), timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Team:
    """
    What is particular about a team.

    Args:
        extra: the chairs beside the fixed four that are filled too.
        empty: fixed chairs that nobody fills.
        silent: chairs in which somebody sits who never says "I know".
        family: that the person agrees to somebody of the family; else of three one does.
    """

    extra: tuple[Role, ...] = ()
    empty: tuple[Role, ...] = ()
    silent: tuple[Role, ...] = ()
    family: bool = False


USUAL = Team()


def seat_team(life: Life, since: date, team: Team = USUAL) -> None:
    """The supervisor fills the chairs in the days after an order or a release."""
    life.silent |= frozenset(team.silent)
    day = since + (LATEST if life.slow else SOONEST)
    if day >= life.today:
        return
    roles: tuple[Role, ...] = ("community_worker", "community_police", "community_doctor")
    for role in (*(one for one in roles if one not in team.empty), *team.extra):
        life.did(day, HelperAssigned(role=role, helper=life.helper(role)), by=SUPERVISOR)
    if "family" not in team.empty:
        _family(life, day, agreed=team.family or not life.pick("family", 3))


def _family(life: Life, day: date, *, agreed: bool) -> None:
    """Somebody of the family sits there, with the person's consent; else the chair is waived, and it says why."""
    if not agreed:
        reason = NO_FAMILY[life.pick("no family", len(NO_FAMILY))]
        life.did(day, ChairWaived(role="family", reason=reason), by=SUPERVISOR)
        return
    life.did(day, ConsentGiven(role="family"))
    life.did(day, HelperAssigned(role="family", helper=life.person.family.handle), by=SUPERVISOR)
