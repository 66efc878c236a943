"""Every refusal says why and what would allow it, in two languages, whatever facts it brings."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.refusals import ALL_SENTENCES, Site, sites
from workflow.rules import stages
from workflow.rules.closing import CLOSERS
from workflow.rules.errors import Conflict, Invalid, NotFound, Refused, WouldOrphan
from workflow.rules.events import EVENTS, OFFICE_ROLES, PAPERS
from workflow.rules.events.orders import ISOLATION_GROUNDS
from workflow.rules.sentences import CODES, UNKNOWN, Language, Sentence, reason, would_allow
from workflow.rules.sentences.labels import KINDS, ROLE_LABELS
from workflow.rules.sentences.needs import GROUND_NEEDS, OPENED_BY
from workflow.rules.sentences.wording import fill
from workflow.services.packs import load_pack

EDGES = {
    "unknown_event_type",
    "missing_field",
    "invalid_value",
    "unknown_field",
    "not_found",
    "conflict",
    "version_conflict",
    "derived_by_engine",
    "demo_only",
}
LANGUAGES: tuple[Language, ...] = ("zh", "en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HARSH_ZH = (
    "必须",
    "不得",
    "处罚",
    "惩",
    "警告",
    "后果",
    "责令改正",
    "抗拒",
    "不配合",
    "吸毒人员",
    "！",
)
HARSH_EN = ("punish", "penal", "warn", "threat", "fail", "fault", "must", "addict", "!", "offen")


def parts(sentence: Sentence) -> Iterator[tuple[Language, str]]:
    for language in LANGUAGES:
        yield language, sentence.why(language)
        yield language, sentence.allow(language)


def test_the_scan_finds_the_refusals() -> None:
    found = {site.code for site in sites()}
    assert len(found) > 150
    assert {"not_from_here", "would_orphan", "isolation_barred"} <= found


@pytest.mark.parametrize("site", sites(), ids=lambda site: f"{site.place}-{site.code}")
def test_each_refusal_raised_has_its_sentences_and_brings_their_facts(site: Site) -> None:
    assert site.code, f"{site.place}: a code is written out"
    assert site.code in ALL_SENTENCES, f"{site.place} raises {site.code}, which has no sentence"
    derived = {"ground_needs", "opened_by"}
    for _, template in parts(ALL_SENTENCES[site.code]):
        needed = set(re.findall(r"\{(\w+)\}", re.sub(r"\[[^\[\]]*\]", "", template)))
        if site.code != "not_from_here":  # `target` and `allowed` come from different places
            assert needed - derived <= site.facts, f"{site.place} lacks what {template!r} shows"


def test_what_the_edges_raise_has_sentences_too() -> None:
    assert CODES.keys() >= EDGES


@pytest.mark.parametrize("code", sorted(CODES))
def test_sentences_are_whole_in_both_languages(code: str) -> None:
    for language, template in parts(CODES[code]):
        plain = template.replace("]", "")
        assert plain.endswith("。" if language == "zh" else "."), template
        assert bool(CHINESE.search(template)) == (language == "zh"), template
        assert len(template) < 260, f"too long for a phone: {template}"
        assert not template.startswith(" ")


def test_no_two_codes_share_a_sentence() -> None:
    for language in LANGUAGES:
        said = [sentence.why(language) for sentence in CODES.values()]
        assert len(said) == len(set(said))


@pytest.mark.parametrize("code", sorted(CODES))
def test_no_sentence_blames_or_threatens(code: str) -> None:
    for language, template in parts(CODES[code]):
        for harsh in HARSH_ZH if language == "zh" else HARSH_EN:
            outside = re.sub("“[^”]*”", "", template).lower()
            assert harsh not in outside, template


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*sorted(CODES), "not_a_code"])
def test_missing_facts_show_as_a_dash(code: str, language: Language) -> None:
    for said in (reason(Refused(code), language), would_allow(Refused(code), language)):
        assert not re.search(r"[{}\[\]]|None", said)
        assert said


FACTS = st.dictionaries(
    st.sampled_from(
        sorted(
            {
                field
                for s in CODES.values()
                for _, t in parts(s)
                for field in re.findall(r"\{(\w+)\}", t)
            }
        )
    ),
    st.none()
    | st.text()
    | st.integers()
    | st.booleans()
    | st.dates()
    | st.lists(st.text() | st.none() | st.dates())
    | st.sampled_from([*EVENTS, *stages.ANY, *KINDS]),
)


@given(st.sampled_from([*CODES, "not_a_code"]), FACTS, st.sampled_from(LANGUAGES))
def test_no_fact_breaks_the_formatter(
    code: str, facts: dict[str, object], language: Language
) -> None:
    assert reason(Refused(code, **facts), language)
    assert would_allow(Refused(code, **facts), language)


def test_an_unknown_code_still_says_something_useful() -> None:
    assert "some_new_code" in reason(Refused("some_new_code"))
    assert "some_new_code" in reason(Refused("some_new_code"), "en")
    assert would_allow(Refused("some_new_code"), "en") == UNKNOWN.allow_en


def test_a_wrong_stage_is_named_with_the_ones_that_would_do() -> None:
    error = Refused(
        "not_from_here", event="agreement_signed", stage="detected", allowed=stages.IN_TERM
    )
    assert reason(error) == "个案现处于“发现登记”阶段，不能记录“签订协议”。"
    assert "“社区戒毒”、“社区康复”" in would_allow(error)
    assert "“Community detox”, “Community recovery”" in would_allow(error, "en")


def test_many_stages_are_named_by_group() -> None:
    moved = Refused(
        "not_from_here", event="moved", stage="detected", allowed=stages.SOURCES["moved"]
    )
    assert "社区戒毒各阶段、社区康复各阶段、“三年跟踪”" in would_allow(moved)
    visited = Refused("not_from_here", event="visited", stage="new", allowed=stages.OPEN)
    assert "任何阶段" in would_allow(visited)
    assert "any stage before the case ends" in would_allow(visited, "en")
    anywhere = Refused("not_from_here", event="visited", stage="new", allowed=stages.ANY)
    assert "任何时候" in would_allow(anywhere)


def test_dates_are_iso_and_instants_readable() -> None:
    error = Refused(
        "objection_window_open", test="t1", until=date(2024, 4, 8), from_on=date(2024, 4, 9)
    )
    assert "2024-04-08" in reason(error)
    assert "2024-04-09" in would_allow(error, "en")
    assert fill("{on}", {"on": datetime(2024, 4, 8, 9, 30, tzinfo=UTC)}, "en").startswith(
        "2024-04-08 09:30"
    )


def test_long_lists_are_cut_and_counted() -> None:
    error = Refused("unknown_test", test="x", known=[f"t{n}" for n in range(11)])
    assert "t7、另 3 项" in would_allow(error)
    assert "t7, 3 more" in would_allow(error, "en")


def test_sets_are_shown_in_order_and_truths_in_words() -> None:
    assert fill("{known}", {"known": {"b", "a"}}, "zh") == "a、b"
    assert fill("{known} {other}", {"known": True, "other": False}, "zh") == "是 否"
    assert fill("{known} {other}", {"known": True, "other": False}, "en") == "yes no"
    assert fill("{count}", {"count": 0}, "en") == "0"


def test_a_ground_says_what_it_would_need() -> None:
    error = Refused("ground_not_met", ground="used_during_community_detox")
    assert "毛发样本" in would_allow(error)
    assert "hair sample" in would_allow(error, "en")


def test_a_paper_says_from_when_and_after_what() -> None:
    error = Refused(
        "not_owed", event="end_notice_served", kind="end_notice", from_on=date(2026, 3, 20)
    )
    assert "从 2026-03-20 起" in would_allow(error)
    assert "社区措施期满" in would_allow(error)
    never = Refused("not_owed", event="end_notice_served", kind="end_notice", from_on=None)
    assert "起可以办理" not in would_allow(never)
    assert would_allow(never, "en").startswith("It opens with this")


def test_fields_are_named_as_the_form_names_them() -> None:
    missing = Invalid("missing_field", event="circumstance_recorded", field="from")
    assert "“起始日”" in reason(missing)
    assert "“First day”" in reason(missing, "en")
    unknown = Invalid(
        "unknown_field", event="circumstance_recorded", field="since", known=["from", "kind"]
    )
    assert "since" in reason(unknown)
    assert "“起始日”、“情况”" in would_allow(unknown)
    bare = Invalid("unknown_field", event="circumstance_recorded", field="since")
    assert "“情况”、“起始日”、“截止日”" in would_allow(bare)
    assert "no_such" in reason(Invalid("missing_field", event="no_such", field="x"))


def test_a_value_says_how_it_should_look() -> None:
    error = Invalid("invalid_value", event="person_registered", field="born", expected="YYYY-MM-DD")
    assert reason(error) == "“人员登记”里的“出生日期”填写的内容读不懂。"
    assert would_allow(error) == "请重新填写“出生日期”，应写成：YYYY-MM-DD。"
    whole = Invalid("invalid_value", event="person_registered", field="", expected="JSON")
    assert reason(whole, "en") == "What was given in “Person registered” cannot be read."
    assert would_allow(whole, "en") == "Fill in again; it should look like this: JSON."


def test_an_orphaned_move_says_why_where_the_cause_is_known() -> None:
    facts = {"new": "use_not_found", "new_on": date(2024, 1, 2), "event": "use_confirmed"}
    alone = WouldOrphan("would_orphan", **facts, on=date(2024, 1, 9), because="not_from_here")
    assert "2024-01-02" in reason(alone)
    assert "2024-01-09" in reason(alone)
    assert "not_from_here" not in reason(alone)
    caused = WouldOrphan("would_orphan", **facts, on=date(2024, 1, 9), because="not_from_here")
    caused.__cause__ = Refused("not_from_here", event="use_confirmed", stage="closed")
    assert "：个案现处于“结案”阶段，不能记录“确认吸毒”。" in reason(caused)
    assert reason(caused).count("。") == 1
    caused.__cause__ = Refused("use_already_confirmed", test="t1")
    assert reason(caused) == reason(alone)


def test_the_other_members_of_the_family_are_worded_too() -> None:
    assert "“个案”" in reason(NotFound("not_found", what="case"))
    assert "e-1" in reason(Conflict("conflict", id="e-1"))


def test_labels_are_those_of_the_national_pack() -> None:
    assert dict(KINDS) == {k: r.label for k, r in load_pack("cn-national").obligations.items()}


def test_every_office_role_ground_and_paper_has_its_words() -> None:
    assert set(OFFICE_ROLES) <= set(ROLE_LABELS)
    assert set(GROUND_NEEDS) == set(ISOLATION_GROUNDS.labels)
    papers = {c.kind for name in PAPERS if name in CLOSERS for c in CLOSERS[name]}
    assert papers <= set(OPENED_BY)
