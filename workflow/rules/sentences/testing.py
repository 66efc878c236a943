"""Sentences about tests, objections and findings of use (`guards.testing`, `guards.intake`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences.wording import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "unknown_test": Sentence(
            "本个案里没有编号为 {test} 的检测。",
            "This case has no test numbered {test}.",
            "请核对检测编号，或者先记录那次检测。[已记录的检测：{known}。]",
            "Check the number, or record that test first.[ Tests on record: {known}.]",
        ),
        "objection_undecided": Sentence(
            "本人在 {objected_on} 对检测 {test} 提出了异议，异议还没有决定，结果未定。",
            "The person objected to test {test} on {objected_on}; that is not decided yet, so the result is provisional.",
            "先记录异议决定，结果确定后就可以办理。",
            "Record the decision on the objection; once the result is final, this is possible.",
        ),
        "further_test_outstanding": Sentence(
            "检测 {test} 已在 {granted_on} 同意再次检测，结果还没有出来。",
            "A further test of {test} was granted on {granted_on}; its result is not there yet.",
            "记录再次检测的结果之后就可以办理。",
            "Record the result of the further test; then this is possible.",
        ),
        "objection_window_open": Sentence(
            "检测 {test} 的异议期到 {until} 为止，在此之前结果未定。",
            "The person may object to test {test} until {until}; until then the result is provisional.",
            "从 {from_on} 起可以办理；如再次检测已证实结果，也可以提前办理。",
            "Possible from {from_on}, or earlier once a further test has borne the result out.",
        ),
        "result_negative": Sentence(
            "检测 {test} 的结果是阴性，不需要这样处理。",
            "The result of test {test} is negative; there is nothing to resolve.",
            "阳性结果才需要处理；请核对检测编号。",
            "Only a positive result calls for this; check the number of the test.",
        ),
        "test_cleared": Sentence(
            "检测 {test} 已由后来的阴性结果澄清，不能再作为依据。",
            "Test {test} was cleared by a later negative result and can no longer be relied on.",
            "如另有一次有效的检测，请选那一次的编号。",
            "If there is another test that stands, choose its number.",
        ),
        "use_already_confirmed": Sentence(
            "检测 {test} 已经确认过，不用重复记录。",
            "Use was already confirmed on test {test}; it need not be recorded twice.",
            "如有新的检测结果，请用它自己的编号办理。",
            "If there is a new result, use its own number.",
        ),
        "test_dismissed": Sentence(
            "检测 {test} 已经排除吸毒，不能再作为依据。",
            "Test {test} was dismissed: it does not show use.",
            "如果当时的排除记错了，请先作废那条记录，再重新办理。",
            "If that entry was a mistake, void it first and then record this again.",
        ),
        "test_id_taken": Sentence(
            "编号 {test} 已经用在另一次检测上。",
            "The number {test} belongs to another test.",
            "请换一个没用过的编号；如果是同一次检测，不用重复记录。",
            "Choose a number that is free; if it is the same test, it need not be recorded twice.",
        ),
        "told_before_test": Sentence(
            "告知日期 {told_on} 早于检测日期 {on}。",
            "The day of being told, {told_on}, lies before the test on {on}.",
            "请核对这两个日期；告知应在检测当天或之后。",
            "Check both days; the person is told on the day of the test or later.",
        ),
        "recheck_is_final": Sentence(
            "检测 {test} 是复检，对复检结果不再提异议。",
            "Test {test} is a recheck, and its result is final.",
            "复检之前的那次检测，在异议期内可以提出异议。",
            "An objection is possible to the test before the recheck, within its window.",
        ),
        "already_objected": Sentence(
            "本人已在 {on} 对检测 {test} 提出过异议，每次检测可以提一次。",
            "The person already objected to test {test} on {on}; once a test is enough.",
            "不用再提；请办理异议决定。",
            "Nothing more is needed from the person; the decision on the objection comes next.",
        ),
        "objection_window_over": Sentence(
            "检测 {test} 的异议期已在 {until} 结束。",
            "The window for objecting to test {test} ended on {until}.",
            "如果本人在 {until} 或之前就提出了，请按实际日期补录；告知日期有误的，请先更正。",
            "If the person objected on or before {until}, enter it with that day; if the day of being told is wrong, correct it first.",
        ),
        "no_objection": Sentence(
            "检测 {test} 没有提出异议的记录。",
            "No objection to test {test} is on record.",
            "先记录本人的异议，再记录对它的决定。",
            "Record the person's objection first, then the decision on it.",
        ),
        "objection_already_decided": Sentence(
            "对检测 {test} 的异议已在 {on} 作出决定。",
            "The objection to test {test} was decided on {on}.",
            "不用重复记录；那条记录有误的，请先作废再重新记录。",
            "It need not be recorded twice; if that entry is wrong, void it and record it anew.",
        ),
        "positive_stands": Sentence(
            "检测 {tests} 的阳性结果还没有澄清。",
            "A positive result still stands: {tests}.",
            "再次检测为阴性，或者记录“排除吸毒”之后，就可以办理。",
            "Possible once a further test is negative, or “Use dismissed” is recorded.",
        ),
        "finding_missing": Sentence(
            "成瘾认定结果还不是{needed}[，现在是{finding}]。",
            "There is no finding of {needed} yet[; it now says {finding}].",
            "先记录成瘾认定，结果为{needed}之一时就可以办理。",
            "Record the finding first; possible when it is one of {needed}.",
        ),
    }
)
