"""
The 4+X team: who is in which chair, who has said "I know", and who agreed to it.

Until an order the registering office's worker and police stand in every chair; from
then on each fixed role is filled, waived with a reason, or its filling is owed.
"""

from dataclasses import dataclass
from typing import Annotated

from workflow.rules.events.fields import (
    FREE_TEXT,
    ROLES,
    ClosingAct,
    Event,
    HelperRole,
    Means,
    Names,
    Reason,
    Role,
    Text,
)

TEAM_RULES = ("X-01", "X-02", "X-03", "X-04", "X-05", "X-06", "X-07")
ConsentRole = Annotated[
    Role, Means("同意所涉角色", "Chair that the person's consent is about"), ROLES
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperAssigned(Event):
    """
    指定帮扶人: a helper was put in a chair; the acknowledgement is owed.

    `family` needs the person's recorded consent or a legal ground, a minor's guardian.

    Source: 条例 17.
    """

    name = "helper_assigned"
    label = Means("指定帮扶人", "Helper assigned")
    by = "S"
    cites = TEAM_RULES
    sensitive = FREE_TEXT | {"legal_ground"}

    role: HelperRole
    helper: Annotated[Text, Means("帮扶人", "Helper, by handle", "w1"), Names("staff")]
    legal_ground: Annotated[
        str | None,
        Means("法定依据", "Legal ground in place of consent: a minor's guardian"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAcknowledged(ClosingAct):
    """
    确认知悉: the helper has said "I know whom I help".

    The remedy for the failure that practice names first: helpers who do not know.
    """

    name = "assignment_acknowledged"
    label = Means("帮扶人确认知悉", "Assignment acknowledged")
    by = "S"
    cites = TEAM_RULES

    role: HelperRole


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperReleased(Event):
    """
    卸任帮扶人: a helper left the chair.

    All that they owe goes to the successor or the supervisor in the same transaction.
    """

    name = "helper_released"
    label = Means("帮扶人卸任", "Helper released")
    by = "S"
    cites = TEAM_RULES

    role: HelperRole


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairWaived(Event):
    """席位豁免: a fixed chair stays empty for a reason: no family, no consent."""

    name = "chair_waived"
    label = Means("席位豁免", "Chair waived")
    by = "S"
    cites = TEAM_RULES
    sensitive = FREE_TEXT | {"reason"}

    role: HelperRole
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    """
    同意: the person agreed that this role takes part.

    Source: 个人信息保护法 13, 29.
    """

    name = "consent_given"
    label = Means("本人同意", "Consent given")
    by = "S"
    cites = TEAM_RULES

    role: ConsentRole = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEnded(Event):
    """
    撤回同意: the person no longer agrees that this role takes part.

    Source: 个人信息保护法 15.
    """

    name = "consent_ended"
    label = Means("撤回同意", "Consent ended")
    by = "S"
    cites = TEAM_RULES

    role: ConsentRole = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMet(ClosingAct):
    """
    小组会商: the team met about this person.

    Source: 条例 17, 18.
    """

    name = "team_met"
    label = Means("小组会商", "Team met")
    by = "S"
    cites = ("CD-08",)
