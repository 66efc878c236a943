"""Sentences about absences, breaches and contact (`guards.care`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences.wording import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "already_away": Sentence(
            "本人已记录为外出，还没有返回的记录。",
            "The person is on record as away, with no return yet.",
            "先记录“返回”，再记录新的外出。",
            "Record “Returned” first, then the new absence.",
        ),
        "return_before_leaving": Sentence(
            "预计返回日 {return_on} 早于离开日 {on}。",
            "The stated return, {return_on}, lies before the day of leaving, {on}.",
            "请核对这两个日期。",
            "Check both days.",
        ),
        "not_away": Sentence(
            "没有本人外出的记录，无需记录返回。",
            "The person is not on record as away.",
            "先记录“离开所在地”，再记录返回；外出也可以补录。",
            "Record “Left the area” first, late if need be, and then the return.",
        ),
        "threshold_not_reached": Sentence(
            "按{ground}计，现在是 {count}，满 {needed} 才可以报告。",
            "The counter {ground} stands at {count}; a report is possible from {needed}.",
            "没到界线时不用报告；请先和本人谈谈，看看需要什么帮助。",
            "Below that no report is needed; talk with the person first and see what would help.",
        ),
        "explanation_missing": Sentence(
            "还没有写下本人的说明。",
            "The person's own explanation is not on record yet.",
            "请先听本人怎么说，写下说明；没有答复的，写明何时请过本人说明。",
            "Hear the person first and write down the explanation, or when it was invited.",
        ),
        "no_open_review": Sentence(
            "没有等待核查的情形（{ground}）。",
            "No review is open to answer ({ground}).",
            "计数到了界线、核查打开之后才能这样办理；请核对情形。",
            "Possible once a counter has opened a review; check which one is meant.",
        ),
        "contact_already_lost": Sentence(
            "已在 {on} 记录失去联系。",
            "Contact is on record as lost since {on}.",
            "不用重复记录；联系上之后请记录“恢复联系”，每次尝试可记“关怀联络”。",
            "It need not be recorded twice; record “Welfare contact tried” for each try and “Contact restored” when it succeeds.",
        ),
        "contact_not_lost": Sentence(
            "没有失去联系的记录，不用记恢复。",
            "Contact is not on record as lost.",
            "如果曾经联系不上，请先补录“失去联系”。",
            "If contact had been lost, enter “Contact lost” first.",
        ),
    }
)
