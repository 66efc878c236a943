"""Sentences about the end of an isolation term: proposals and decisions (`guards.terms`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences.wording import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "not_in_isolation": Sentence(
            "本个案没有正在执行的强制隔离戒毒。",
            "No isolation measure is in force in this case.",
            "强制隔离戒毒执行期间才能这样办理；请核对日期和个案。",
            "Possible only while an isolation measure runs; check the day and the case.",
        ),
        "no_early_release_after_escape": Sentence(
            "本次措施中有脱逃记录，按规定不能提请提前解除。",
            "An escape is on record in this measure, so an early release cannot be proposed.",
            "脱逃记录有误的，请先更正；无误的，期满时照常解除。",
            "If the escape was entered by mistake, correct it first; otherwise the release comes with the end of the term.",
        ),
        "early_release_too_soon": Sentence(
            "提请提前解除要等到 {from_on}。",
            "An early release can be proposed from {from_on} on, not before.",
            "从 {from_on} 起就可以提请。",
            "Possible from {from_on}.",
        ),
        "proposal_outstanding": Sentence(
            "{on} 已经提出{kind}，还没有决定。",
            "A proposal, {kind}, was made on {on} and is not decided yet.",
            "先记录对它的期限决定，之后可以再提。",
            "Record the decision on it first; then a new one is possible.",
        ),
        "no_proposal": Sentence(
            "没有等待决定的{kind}提请。",
            "No proposal of this kind, {kind}, waits for a decision.",
            "先记录{kind}的提请，再记录决定。",
            "Record the proposal, {kind}, first and then the decision.",
        ),
        "end_missing": Sentence(
            "批准{kind}，但没有写新的期满日。",
            "The decision, {kind}, is approved but names no new last day.",
            "请按决定书填写新的期满日。",
            "Enter the new last day of the term from the written decision.",
        ),
        "end_before_service": Sentence(
            "新的期满日 {ends_on} 早于送达日期 {served_on}。",
            "The new last day {ends_on} lies before the service of the decision on {served_on}.",
            "期满日应在送达当天或之后；请核对这两个日期。",
            "The last day is the day of service or later; check both days.",
        ),
        "end_not_earlier": Sentence(
            "提前解除写的期满日 {ends_on}，并不早于现在的期满日 {present}。",
            "The new last day {ends_on} is not earlier than the present one, {present}.",
            "请填写早于 {present} 的日期。",
            "Enter a day before {present}.",
        ),
        "end_not_later": Sentence(
            "延长期限写的期满日 {ends_on}，并不晚于现在的期满日 {present}。",
            "The new last day {ends_on} is not later than the present one, {present}.",
            "请填写晚于 {present} 的日期。",
            "Enter a day after {present}.",
        ),
        "extension_too_long": Sentence(
            "延长到 {ends_on} 超过了上限，最晚为 {longest}。",
            "An end on {ends_on} goes beyond the longest extension, which ends on {longest}.",
            "请按决定书核对，期满日不晚于 {longest}。",
            "Check the written decision; the last day is {longest} or earlier.",
        ),
    }
)
