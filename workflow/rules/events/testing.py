"""
Tests, objections, and the findings that rest on them.

A positive is provisional until its objection window is closed or a further test
confirmed it; whether it still is, the fold knows, not the event.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from workflow.rules.events.fields import (
    FREE_TEXT,
    Choices,
    ClosingAct,
    Event,
    Means,
    Names,
    TestId,
    Text,
)

Method = Literal["on_site", "laboratory", "recheck"]
METHODS = Choices(
    {
        "on_site": Means("现场检测", "On-site test"),
        "laboratory": Means("实验室检测", "Laboratory test"),
        "recheck": Means("实验室复检", "Laboratory recheck"),
    }
)
Sample = Literal["urine", "blood", "saliva", "hair"]
SAMPLES = Choices(
    {
        "urine": Means("尿液", "Urine"),
        "blood": Means("血液", "Blood"),
        "saliva": Means("唾液", "Saliva"),
        "hair": Means("毛发", "Hair"),
    }
)
Result = Literal["positive", "negative"]
RESULTS = Choices(
    {
        "positive": Means("阳性", "Positive"),
        "negative": Means("阴性", "Negative"),
    }
)
Purpose = Literal["detection", "routine", "voluntary"]
PURPOSES = Choices(
    {
        "detection": Means("发现检测", "On suspicion"),
        "routine": Means("定期检测", "Routine test of a measure"),
        "voluntary": Means("自愿检测", "At the person's own wish"),
    }
)
ObjectionOutcome = Literal["granted", "refused"]
OBJECTION_OUTCOMES = Choices(
    {
        "granted": Means("同意再次检测", "Granted: a further test is outstanding"),
        "refused": Means("不予同意", "Refused"),
    }
)
MissedReason = Literal["refused", "evaded"]
MISSED_REASONS = Choices(
    {
        "refused": Means("拒绝检测", "Refused the test"),
        "evaded": Means("逃避检测", "Evaded the test"),
    }
)
Excuse = Literal["none", "claimed", "accepted", "rejected"]
EXCUSES = Choices(
    {
        "none": Means("未提出", "None given"),
        "claimed": Means("已提出待核", "Given, not yet judged"),
        "accepted": Means("已采信", "Accepted: it does not count"),
        "rejected": Means("未采信", "Not accepted"),
    }
)
Finding = Literal["not_addicted", "addicted", "seriously_addicted"]
FINDINGS = Choices(
    {
        "not_addicted": Means("未成瘾", "Not addicted"),
        "addicted": Means("成瘾", "Addicted"),
        "seriously_addicted": Means("成瘾严重", "Seriously addicted"),
    }
)
TestPurpose = Annotated[Purpose, Means("检测目的", "Why it is taken"), PURPOSES]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseNotFound(Event):
    """
    未发现吸毒: no positive result stands, and the case is closed.

    Each positive was cleared by a further test or by `use_dismissed`.
    """

    name = "use_not_found"
    label = Means("未发现吸毒", "No use found")
    by = "P"
    moves = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UseConfirmed(ClosingAct):
    """
    确认吸毒: a positive result stands.

    Refused while the result is provisional, for a negative or cleared one, and once
    confirmed. A hair sample shows use within six months only: `used_on` says when.
    In a measure the stage stays and `report_use` opens.

    Source: 检测程序规定 10-14; 毛发规范 9; 条例 21.
    """

    name = "use_confirmed"
    label = Means("确认吸毒", "Use confirmed")
    by = "P"
    moves = True
    cites = ("TS-06", "CD-10")
    sensitive = FREE_TEXT | {"used_on"}

    test_id: TestId
    used_on: Annotated[date | None, Means("吸毒日期", "Day of the use; unset: the test's day")] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddictionDetermined(ClosingAct):
    """
    吸毒成瘾认定: police or a designated institution gave its finding.

    `not_addicted` leads to follow-up without a measure; the others leave the case in
    assessing, where a decision is owed.

    Source: 成瘾认定办法 3-8.
    """

    name = "addiction_determined"
    label = Means("吸毒成瘾认定", "Addiction determined")
    by = "P"
    moves = True
    cites = ("AD-01", "AD-02", "AD-03", "AD-04", "AD-05")
    sensitive = FREE_TEXT | {"finding"}

    finding: Annotated[Finding, Means("认定结论", "What was found"), FINDINGS]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestScheduled(Event):
    """
    检测预约: a test is appointed for the event's day and the person was told.

    The fair basis of `test_missed`: without a served notice nobody missed anything.
    """

    __test__ = False  # pytest collects classes named Test...

    name = "test_scheduled"
    label = Means("预约检测", "Test scheduled")
    by = "S"
    sensitive = FREE_TEXT | {"place"}

    purpose: TestPurpose
    place: Annotated[str | None, Means("地点", "Where")] = None
    notice_served_on: Annotated[
        date | None, Means("通知送达日", "Day on which the notice was served")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestTaken(ClosingAct):
    """
    吸毒检测: a sample was tested, with its result.

    A positive is provisional until its window is closed or a further test (`of` names
    the first) confirmed it; a negative further test clears the first. `laboratory` also
    is the further test after an on-site result, `recheck` the one after a laboratory's.

    Source: 检测程序规定 3-15.
    """

    __test__ = False  # pytest collects classes named Test...

    name = "test_taken"
    label = Means("吸毒检测", "Test taken")
    by = "S/P"
    cites = (
        "TS-01",
        "TS-02",
        "TS-03",
        "TS-04",
        "TS-05",
        "TS-06",
        "TS-07",
        "TS-08",
    )
    sensitive = FREE_TEXT | {"result", "sample"}

    test_id: Annotated[TestId, Names("new_test")]
    method: Annotated[Method, Means("检测方式", "How it was tested"), METHODS]
    of: Annotated[
        str | None,
        Means("复核的检测编号", "Id of the test that it re-examines", "t1"),
        Names("test"),
    ] = None
    sample: Annotated[Sample, Means("检材", "What was sampled"), SAMPLES]
    result: Annotated[Result, Means("检测结果", "Result"), RESULTS]
    told_on: Annotated[
        date | None,
        Means("告知日期", "Day on which the person was told; the window runs from it"),
    ] = None
    purpose: TestPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class TestObjected(Event):
    """
    提出异议: the person asks for a further test.

    Once a test and not on a recheck; refused after the window, 3 days from being told.

    Source: 检测程序规定 10, 13.
    """

    __test__ = False  # pytest collects classes named Test...

    name = "test_objected"
    label = Means("对检测结果提出异议", "Objection to a result")
    by = "S"
    cites = ("TS-06", "TS-08")

    test_id: TestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(ClosingAct):
    """
    异议决定: police granted a further test, or refused it.

    Granted, the result stays provisional until that further test is in.

    Source: 检测程序规定 11, 14.
    """

    name = "objection_decided"
    label = Means("异议决定", "Objection decided")
    by = "P"
    cites = ("TS-06",)

    test_id: TestId
    outcome: Annotated[ObjectionOutcome, Means("决定", "What was decided"), OBJECTION_OUTCOMES]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseDismissed(ClosingAct):
    """
    排除吸毒: a positive has another cause than use.

    Medication, maintenance treatment or an error: the positive is resolved and no
    longer stands in the way of anything.
    """

    name = "use_dismissed"
    label = Means("排除吸毒", "Use dismissed")
    by = "P"
    sensitive = FREE_TEXT | {"reason"}

    test_id: TestId
    reason: Annotated[Text, Means("排除理由", "Medication, maintenance treatment or an error")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestMissed(ClosingAct):
    """
    未接受检测: a test was refused or evaded.

    Counts only if the notice was served on or before the day and the excuse is not
    accepted. The window's obligation ends as `missed`, whether it counts or not.

    Source: 条例 19, 20.
    """

    __test__ = False  # pytest collects classes named Test...

    name = "test_missed"
    label = Means("未接受检测", "Test missed")
    by = "S"
    cites = ("CD-11",)
    sensitive = FREE_TEXT | {"reason", "excuse"}

    reason: Annotated[MissedReason, Means("情形", "Refused or evaded"), MISSED_REASONS]
    notice_served_on: Annotated[
        date | None, Means("通知送达日", "Day on which the notice was served")
    ] = None
    excuse: Annotated[
        Excuse, Means("申辩", "Whether an excuse was given, and its fate"), EXCUSES
    ] = "none"
