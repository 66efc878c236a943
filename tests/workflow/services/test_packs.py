"""Packs that ship, their numbers, and packs laid on others."""

from datetime import date
from pathlib import Path

import pytest

from tests.pack_files import national_text, problems_of, refused, write_overlay
from workflow.rules.pack import ANCHORS, Frequency, ObligationRule, Pack, Rung, Span
from workflow.rules.pack_words import KINDS
from workflow.services.packs import PackRefused, load_pack, shipped_packs

# domain.md section 8, column by column: kind, opens, due (roll follows), owner, basis.
# Spans as the pack writes them; "-" where the section gives none. `every` and windows stand below.
SECTION_8 = """
decide_objection        -     3 d   community_police  law
determine_addiction     -     1 d   community_police  law
decide_measure          -     7 d   community_police  practice
stage_review            3 m   -     supervisor        practice
resolve_positive        -     10 d  community_police  practice
close_file              -     7 d   supervisor        practice
legality_review         -     3 wd  supervisor        practice
assemble_team           -     7 d   supervisor        practice
acknowledge_assignment  -     3 d   helper            practice
report_in               -     15 d  community_worker  law
welfare_contact         -     3 d   community_worker  practice
sign_agreement          -     7 d   community_worker  practice
make_plan               -     15 d  community_worker  practice
routine_test            -     -     community_worker  practice
visit                   -     -     community_worker  practice
team_meeting            -     -     supervisor        practice
review_needs            -     -     community_worker  practice
return_from_leave       -     -     community_worker  law
report_in_after_move    -     15 d  community_worker  law
forward_file            -     3 wd  community_worker  practice
breach_review           -     3 wd  supervisor        practice
report_use              -     1 wd  community_worker  law
send_papers             30 d  7 wd  community_worker  practice
end_notice              -     7 d   community_police  law
notify_family           -     1 d   community_police  law
facility_transfer       -     6 m   supervisor        law
one_year_evaluation     12 m  30 d  supervisor        law
pre_expiry_evaluation   60 d  30 d  supervisor        practice
decide_term             -     7 d   community_police  law
plan_handover           30 d  3 d   community_worker  practice
meet_at_gate            3 d   0 d   community_worker  practice
confirm_release         1 d   0 d   community_police  law
receive_handover_file   -     3 wd  community_worker  practice
medical_review          -     -     community_doctor  practice
prepare_exit            90 d  7 d   community_worker  practice
send_record_update      -     7 d   supervisor        practice
confirm_record_update   -     30 d  supervisor        practice
review_exit_bar         -     12 m  supervisor        practice
"""
NO_ROLL = {
    "return_from_leave",
    "notify_family",
    "pre_expiry_evaluation",
    "plan_handover",
    "meet_at_gate",
    "confirm_release",
    "prepare_exit",
}
BEFORE_END = {
    "send_papers",
    "pre_expiry_evaluation",
    "plan_handover",
    "meet_at_gate",
    "prepare_exit",
}


@pytest.fixture(scope="module")
def national() -> Pack:
    """The national pack."""
    return load_pack("cn-national")


def as_written(rule: ObligationRule) -> tuple[str, str, str, str, str]:
    """A rule in the columns of the table above."""
    return (
        rule.kind,
        str(rule.opens or "-"),
        str(rule.due or "-"),
        rule.owner,
        rule.cited.basis,
    )


def per_year(rule: ObligationRule) -> dict[str, dict[str, tuple[int, ...]]]:
    """The numbers a year of a kind with windows, by stage and level."""
    return {
        stage: {level: frequency.per_year for level, frequency in table.items()}
        for stage, table in rule.windows.items()
    }


# ------------------------------------------------------------------ the numbers


def test_the_national_pack_has_every_period_owner_and_basis_of_section_8(national: Pack) -> None:
    expected = []
    for line in SECTION_8.strip().splitlines():
        columns = [column.strip() for column in line.split("  ") if column.strip()]
        expected.append(tuple(columns))
    assert [as_written(rule) for rule in national.obligations.values()] == expected


def test_every_kind_of_the_engine_is_in_section_8(national: Pack) -> None:
    assert list(national.obligations) == list(KINDS)


def test_what_does_not_roll_and_what_counts_back(national: Pack) -> None:
    rules = national.obligations.values()
    assert {rule.kind for rule in rules if not rule.roll} == NO_ROLL
    assert {rule.kind for rule in rules if rule.before_end} == BEFORE_END
    assert {rule.kind for rule in rules if not rule.digest} == {"notify_family"}


def test_the_frequencies(national: Pack) -> None:
    rules = national.obligations
    assert per_year(rules["routine_test"]) == {
        "community_detox": {"any": (12, 6, 4)},
        "recovery": {"any": (6, 4, 2)},
    }
    assert per_year(rules["visit"]) == {
        "community_detox": {"high": (12, 12, 12), "medium": (12, 6, 4), "low": (6, 4, 4)},
        "recovery": {"high": (12, 12, 12), "medium": (12, 6, 4), "low": (6, 4, 2)},
        "follow_up": {"high": (12, 12, 12), "medium": (4, 4, 4), "low": (2, 2, 2)},
    }
    assert per_year(rules["team_meeting"]) == {
        "community_detox": {"any": (4,)},
        "recovery": {"any": (4,)},
    }
    assert per_year(rules["review_needs"]) == {
        "community_detox": {"any": (2,)},
        "recovery": {"any": (2,)},
    }
    assert per_year(rules["medical_review"]) == {"isolation_medical": {"any": (12,)}}


def test_the_periods_of_a_stage_review(national: Pack) -> None:
    every = national.obligations["stage_review"].every
    assert {occasion: str(span) for occasion, span in every.items()} == {
        "detected": "7 d",
        "suspended": "30 d",
        "report_in_overdue": "30 d",
        "voluntary_treatment": "3 m",
        "serving_sentence": "3 m",
    }


def test_terms_exit_and_thresholds(national: Pack) -> None:
    terms = national.terms
    assert (terms.community_detox, terms.isolation) == (Span(36, "m"), Span(24, "m"))
    assert (terms.isolation_extension, terms.recovery_longest) == (Span(12, "m"), Span(36, "m"))
    assert national.exit.after == Span(36, "m")
    assert national.exit.anchors == set(ANCHORS)
    counters = national.thresholds
    assert (counters.tests_missed, counters.departures) == (3, 3)
    assert (counters.days_away, counters.departure_dates) == (30, 3)
    assert national.testing.objection == Span(3, "d")
    assert national.custody.min_age == 16
    assert national.custody.nursing == national.custody.early_release_after == Span(12, "m")


def test_the_open_questions_have_their_defaults(national: Pack) -> None:
    settings = national.settings
    assert settings.suspension_stops_clock
    assert not settings.custody_counts_in_report_in
    assert not settings.hospital_counts_in_report_in
    assert (settings.horizon_days, settings.short_ladder_up_to) == (60, 3)
    hours = (settings.digest_at, settings.quiet_from, settings.quiet_until)
    assert hours == ("08:30", "20:00", "08:00")


def test_the_ladders_of_section_9(national: Pack) -> None:
    standard, short = national.ladders["standard"], national.ladders["short"]
    owner, both, county = ("owner",), ("owner", "supervisor"), ("county_office",)
    assert standard.rungs == (
        Rung("-7", -7, owner),
        Rung("-1", -1, owner),
        Rung("0", 0, owner),
        Rung("+1", 1, owner),
        Rung("+3", 3, both),
        Rung("+7", 7, county),
    )
    assert short.rungs == (
        Rung("opening", 0, owner, at_opening=True),
        Rung("0", 0, owner),
        Rung("+1", 1, both),
        Rung("+3", 3, county),
    )
    for ladder in (standard, short):
        repeats = (ladder.repeat_every, ladder.repeat_times, ladder.repeat_then, ladder.repeat_to)
        assert repeats == (7, 4, 30, "county_office")


def test_the_team_of_section_6(national: Pack) -> None:
    assert national.team.fixed == (
        "community_worker",
        "community_police",
        "community_doctor",
        "family",
    )
    assert national.team.needs == {
        "hardship": "civil_affairs",
        "no_work": "employment",
        "young": "psychologist",
        "distressed": "psychologist",
        "farming": "farm_advisor",
        "legal_trouble": "legal_aid",
        "school": "school",
    }


def test_every_law_names_its_article_and_began_before_the_pack(national: Pack) -> None:
    for rule in national.obligations.values():
        if rule.cited.basis == "law":
            assert any(letter.isdigit() for letter in rule.cited.source), rule.kind
            assert rule.cited.since < national.since
        else:
            assert rule.cited.since == national.since


# ------------------------------------------------------------------ the packs that ship


def test_the_national_pack_comes_first() -> None:
    assert shipped_packs() == (
        "cn-national",
        "beijing-dongcheng",
        "gansu-dingxi",
        "shanghai",
        "zhejiang-style-contact",
    )


@pytest.mark.parametrize("name", shipped_packs())
def test_each_shipped_pack_loads_under_its_own_name(name: str) -> None:
    pack = load_pack(name)
    assert pack.id == name
    assert pack is load_pack(name)
    assert pack is load_pack(pack.name)
    assert pack.lineage == (() if name == "cn-national" else (load_pack("cn-national").name,))


def changed(name: str) -> set[str]:
    """The obligations that an overlay changes."""
    base, pack = load_pack("cn-national").obligations, load_pack(name).obligations
    return {kind for kind, rule in pack.items() if rule != base[kind]}


def test_dongcheng_tests_more_often_in_recovery_only(national: Pack) -> None:
    rule = load_pack("beijing-dongcheng").obligations["routine_test"]
    assert changed("beijing-dongcheng") == {"routine_test"}
    assert rule.windows["recovery"]["any"] == Frequency((12, 4, 2))
    in_detox = national.obligations["routine_test"].windows["community_detox"]
    assert rule.windows["community_detox"] == in_detox
    assert "China Daily 2013-03-22" in rule.cited.source


def test_shanghai_hears_of_a_release_seven_working_days_ahead_by_law() -> None:
    pack = load_pack("shanghai")
    assert changed("shanghai") == {"plan_handover", "receive_handover_file"}
    handover = pack.obligations["plan_handover"]
    assert (handover.opens, handover.due) == (Span(30, "d"), Span(7, "wd"))
    assert pack.obligations["receive_handover_file"].due == Span(3, "wd")
    assert pack.exit.anchors == set(ANCHORS)
    for cited in (handover.cited, pack.obligations["receive_handover_file"].cited, pack.exit.cited):
        assert cited.basis == "law"
        assert cited.source.startswith("上海 ")
        assert cited.since == date(2016, 4, 1)


def test_zhejiang_style_meets_weekly_visits_monthly_reviews_quarterly() -> None:
    rules = load_pack("zhejiang-style-contact").obligations
    assert changed("zhejiang-style-contact") == {"team_meeting", "visit", "review_needs"}
    for stage in ("community_detox", "recovery"):
        assert rules["team_meeting"].windows[stage] == {"any": Frequency(every_days=7)}
        assert {f.per_year for f in rules["visit"].windows[stage].values()} == {(12,)}
        assert rules["review_needs"].windows[stage] == {"any": Frequency((4,))}
    assert rules["visit"].windows["follow_up"]["medium"] == Frequency((4, 4, 4))
    assert rules["team_meeting"].nominal_days == 7


def test_dingxi_gives_the_x_its_origin(national: Pack) -> None:
    team = load_pack("gansu-dingxi").team
    assert changed("gansu-dingxi") == set()
    assert team.cited.rules == ("X-01", "X-02", "X-03", "X-04")
    assert (team.fixed, team.needs) == (national.team.fixed, national.team.needs)


# ------------------------------------------------------------------ by name, by path


def test_a_name_that_does_not_exist_lists_those_that_do() -> None:
    (problem,) = problems_of("cn-nation")
    assert problem.code == "unknown_pack"
    assert "cn-national" in problem.en
    assert "zhejiang-style-contact" in problem.zh


def test_a_version_that_is_not_shipped_is_refused() -> None:
    assert refused("cn-national@2019.01") == {("unknown_version", "version")}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.toml") == {("unreadable", "")}
    assert refused(str(tmp_path / "none.toml")) == {("unreadable", "")}
    assert refused(tmp_path) == {("unreadable", "")}


def test_a_standalone_pack_needs_no_base(tmp_path: Path, national: Pack) -> None:
    file = tmp_path / "own.toml"
    text = national_text().replace('id = "cn-national"', 'id = "own"')
    file.write_text(text, encoding="utf-8")
    pack = load_pack(file)
    assert (pack.id, pack.lineage) == ("own", ())
    assert pack.obligations == national.obligations


def test_a_refusal_reads_as_a_sentence_with_file_and_key(tmp_path: Path) -> None:
    file = write_overlay(tmp_path, '[obligations.report_in]\ndue = "-3 d"\nCITED')
    with pytest.raises(PackRefused) as refusal:
        load_pack(file)
    error = refusal.value
    assert (error.code, error.key) == ("negative_period", "obligations.report_in.due")
    assert error.file == str(file)
    assert str(error) == f"{file}: {error.key}: {error.en} / {error.zh}"


# ------------------------------------------------------------------ overlays


def test_an_overlay_changes_what_it_says_and_nothing_else(tmp_path: Path, national: Pack) -> None:
    body = '[obligations.sign_agreement]\ndue = "5 wd"\nCITED'
    pack = load_pack(write_overlay(tmp_path, body))
    assert pack.obligations["sign_agreement"].due == Span(5, "wd")
    assert pack.obligations["sign_agreement"].cited.source == "试用"
    assert pack.obligations["make_plan"] == national.obligations["make_plan"]
    assert pack.settings == national.settings
    assert pack.lineage == (national.name,)


def test_an_overlay_may_lie_on_an_overlay_by_relative_path(tmp_path: Path) -> None:
    write_overlay(tmp_path, "[thresholds]\ndepartures = 4\nCITED", name="city", extends="shanghai")
    body = "[thresholds]\ntests_missed = 4\nCITED"
    pack = load_pack(write_overlay(tmp_path, body, name="district", extends="city.toml"))
    assert (pack.thresholds.departures, pack.thresholds.tests_missed) == (4, 4)
    assert pack.obligations["plan_handover"].due == Span(7, "wd")
    assert pack.lineage == ("cn-national@2026.11", "shanghai@2026.11", "city@1")


def test_one_level_can_be_changed_alone(tmp_path: Path) -> None:
    body = "[obligations.visit]\nwindows.recovery.low = [4]\nCITED"
    visits = load_pack(write_overlay(tmp_path, body)).obligations["visit"].windows["recovery"]
    assert visits["low"] == Frequency((4,))
    assert visits["medium"] == Frequency((12, 6, 4))


def test_levels_can_give_way_to_days_and_back(tmp_path: Path) -> None:
    body = "[obligations.visit]\nwindows.recovery = { every = 10 }\nCITED"
    city = write_overlay(tmp_path, body, name="city")
    assert load_pack(city).obligations["visit"].windows["recovery"] == {
        "any": Frequency(every_days=10)
    }
    body = "[obligations.visit]\nwindows.recovery = { high = [12], medium = [6], low = [2] }\nCITED"
    pack = load_pack(write_overlay(tmp_path, body, extends="city.toml"))
    assert set(pack.obligations["visit"].windows["recovery"]) == {"high", "medium", "low"}


def test_a_changed_number_needs_a_citation_of_its_own(tmp_path: Path) -> None:
    body = '[obligations.sign_agreement]\ndue = "5 d"\n[thresholds]\ndepartures = 2\n'
    missing = {"basis", "source", "rules", "since"}
    assert refused(write_overlay(tmp_path, body)) == {
        ("missing_citation", f"{table}.{key}")
        for table in ("obligations.sign_agreement", "thresholds")
        for key in missing
    }


def test_half_a_citation_is_never_filled_up_from_the_base(tmp_path: Path) -> None:
    body = '[obligations.sign_agreement]\ndue = "5 d"\nsource = "本地做法"\n'
    assert refused(write_overlay(tmp_path, body)) == {
        ("missing_citation", f"obligations.sign_agreement.{key}")
        for key in ("basis", "rules", "since")
    }


def test_a_label_may_change_without_a_citation(tmp_path: Path, national: Pack) -> None:
    body = '[obligations.visit]\nlabel = { zh = "家访", en = "Home visit" }\n'
    visit = load_pack(write_overlay(tmp_path, body)).obligations["visit"]
    assert visit.label.zh == "家访"
    assert visit.cited == national.obligations["visit"].cited


def test_an_overlay_that_changes_nothing_is_refused(tmp_path: Path) -> None:
    same = '[obligations.report_in]\ndue = "15 d"\n'
    assert refused(write_overlay(tmp_path, "")) == {("changes_nothing", "")}
    assert refused(write_overlay(tmp_path, same)) == {("changes_nothing", "")}


def test_extends_must_not_run_in_a_circle(tmp_path: Path) -> None:
    write_overlay(tmp_path, "", name="one", extends="two.toml")
    two = write_overlay(tmp_path, "", name="two", extends="one.toml")
    itself = write_overlay(tmp_path, "", name="three", extends="three.toml")
    assert refused(two) == {("extends_cycle", "extends")}
    assert refused(itself) == {("extends_cycle", "extends")}


def test_extends_must_lead_to_a_pack(tmp_path: Path) -> None:
    assert refused(write_overlay(tmp_path, "", extends="cn-nation")) == {
        ("unknown_pack", "extends")
    }
    (problem,) = problems_of(write_overlay(tmp_path, "", extends="nowhere.toml"))
    assert (problem.code, Path(problem.file).name) == ("unreadable", "nowhere.toml")
    file = write_overlay(tmp_path, "")
    file.write_text(file.read_text("utf-8").replace('"cn-national"', "3"), encoding="utf-8")
    assert refused(file) == {("wrong_type", "extends")}


def test_what_is_wrong_in_the_base_is_said_of_the_base(tmp_path: Path) -> None:
    write_overlay(tmp_path, "[team]\nhelpers = 4\n", name="city")
    (problem, *_) = problems_of(write_overlay(tmp_path, "", extends="city.toml"))
    assert Path(problem.file).name == "city.toml"


def test_an_overlay_has_an_id_of_its_own(tmp_path: Path) -> None:
    file = write_overlay(tmp_path, "[thresholds]\ndepartures = 2\nCITED", name="cn-national")
    assert refused(file) == {("same_id", "id")}
    file.write_text(file.read_text("utf-8").replace('id = "cn-national"', "id = {}"), "utf-8")
    assert refused(file) == {("wrong_type", "id")}
