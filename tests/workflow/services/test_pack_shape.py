"""What has the wrong shape in a pack: each error with its code and its key, and all of them at once."""

from pathlib import Path

import pytest

from tests.pack_files import national_text, problems_of, refused, write_changed, write_overlay

REPORT_IN = "[obligations.report_in]\n"
TESTS = "[obligations.routine_test]\nCITED"
VISIT = "[obligations.visit]\nCITED"
STANDARD = "[ladders.standard]\nCITED"


@pytest.mark.parametrize(
    ("body", "code", "key"),
    [
        # words
        ("[team]\nhelpers = 4\nCITED", "unknown_key", "team.helpers"),
        ("[holidays]\n", "unknown_key", "holidays"),
        ("[obligations.drug_test]\nCITED", "unknown_kind", "obligations.drug_test"),
        (REPORT_IN + 'owner = "boss"\nCITED', "unknown_role", "obligations.report_in.owner"),
        (REPORT_IN + 'owner = "family"\nCITED', "unknown_role", "obligations.report_in.owner"),
        (REPORT_IN + 'owner = "helper"\nCITED', "unknown_role", "obligations.report_in.owner"),
        ('[team]\nfixed = ["doctor"]\nCITED', "unknown_role", "team.fixed"),
        ('[team.needs]\nhardship = "bank"\n[team]\nCITED', "unknown_role", "team.needs.hardship"),
        ('[exit]\nanchors = ["birth"]\nCITED', "unknown_anchor", "exit.anchors"),
        (
            TESTS + "windows.follow_up = [4]\n",
            "unknown_stage",
            "obligations.routine_test.windows.follow_up",
        ),
        (
            VISIT + "windows.recovery.urgent = [12]\n",
            "unknown_level",
            "obligations.visit.windows.recovery.urgent",
        ),
        (
            REPORT_IN + 'basis = "custom"\nsource = "x"\nrules = ["CD-03"]\nsince = 2026-11-01\n',
            "unknown_basis",
            "obligations.report_in.basis",
        ),
        (
            STANDARD + 'rungs = [{ at = 0, to = ["family"] }]\n',
            "unknown_role",
            "ladders.standard.rungs.1.to",
        ),
        (STANDARD + 'repeat.to = "mayor"\n', "unknown_role", "ladders.standard.repeat.to"),
        ("[ladders.steep]\nCITED", "unknown_key", "ladders.steep"),
        # periods
        (REPORT_IN + 'due = "-3 d"\nCITED', "negative_period", "obligations.report_in.due"),
        (REPORT_IN + 'due = "0 d"\nCITED', "zero_period", "obligations.report_in.due"),
        (REPORT_IN + 'due = "15 days"\nCITED', "bad_span", "obligations.report_in.due"),
        (REPORT_IN + 'due = "999999 d"\nCITED', "out_of_range", "obligations.report_in.due"),
        (REPORT_IN + "due = 15\nCITED", "bad_span", "obligations.report_in.due"),
        ('[terms]\nisolation = "730 d"\nCITED', "bad_span", "terms.isolation"),
        ('[terms]\nisolation = "0 m"\nCITED', "zero_period", "terms.isolation"),
        (
            '[obligations.stage_review]\nevery.detected = "0 d"\nCITED',
            "zero_period",
            "obligations.stage_review.every.detected",
        ),
        (
            '[obligations.stage_review]\nevery.bored = "7 d"\nCITED',
            "unknown_key",
            "obligations.stage_review.every.bored",
        ),
        # frequencies
        (
            TESTS + "windows.recovery = [5]\n",
            "not_a_divisor",
            "obligations.routine_test.windows.recovery",
        ),
        (
            TESTS + "windows.recovery = [0]\n",
            "not_a_divisor",
            "obligations.routine_test.windows.recovery",
        ),
        (
            TESTS + "windows.recovery = [true]\n",
            "not_a_divisor",
            "obligations.routine_test.windows.recovery",
        ),
        (
            TESTS + "windows.recovery = []\n",
            "empty_frequency",
            "obligations.routine_test.windows.recovery",
        ),
        (
            TESTS + f"windows.recovery = {[12] * 11}\n",
            "out_of_range",
            "obligations.routine_test.windows.recovery",
        ),
        (
            TESTS + "windows.recovery = 4\n",
            "wrong_type",
            "obligations.routine_test.windows.recovery",
        ),
        (
            TESTS + "windows.recovery = { every = 0 }\n",
            "out_of_range",
            "obligations.routine_test.windows.recovery.every",
        ),
        # a period that another kind would need
        (
            REPORT_IN + "before_end = true\nCITED",
            "not_for_this_kind",
            "obligations.report_in.before_end",
        ),
        (
            "[obligations.send_papers]\nbefore_end = false\nCITED",
            "not_for_this_kind",
            "obligations.send_papers.before_end",
        ),
        (
            '[obligations.return_from_leave]\ndue = "1 d"\nCITED',
            "not_for_this_kind",
            "obligations.return_from_leave.due",
        ),
        (
            REPORT_IN + "windows = { recovery = [4] }\nCITED",
            "not_for_this_kind",
            "obligations.report_in.windows",
        ),
        # types and bounds
        ("[thresholds]\ndepartures = 0\nCITED", "out_of_range", "thresholds.departures"),
        ("[thresholds]\ndepartures = -1\nCITED", "out_of_range", "thresholds.departures"),
        ('[thresholds]\ndepartures = "3"\nCITED', "wrong_type", "thresholds.departures"),
        ("[thresholds]\ndepartures = true\nCITED", "wrong_type", "thresholds.departures"),
        ("[custody]\nmin_age = 40\nCITED", "out_of_range", "custody.min_age"),
        (
            '[settings]\nsuspension_stops_clock = "yes"\nCITED',
            "wrong_type",
            "settings.suspension_stops_clock",
        ),
        ("[settings]\nhorizon_days = 0\nCITED", "out_of_range", "settings.horizon_days"),
        ('[settings]\ndigest_at = "8:30"\nCITED', "bad_text", "settings.digest_at"),
        ('[settings]\ndigest_at = "24:00"\nCITED', "bad_text", "settings.digest_at"),
        ("[settings]\ndigest_at = 08:30:00\nCITED", "wrong_type", "settings.digest_at"),
        (REPORT_IN + 'roll = "no"\nCITED', "wrong_type", "obligations.report_in.roll"),
        (REPORT_IN + 'label = "报到"\n', "wrong_type", "obligations.report_in.label"),
        (REPORT_IN + 'label.zh = " "\n', "bad_text", "obligations.report_in.label.zh"),
        (REPORT_IN + 'label.de = "x"\n', "unknown_key", "obligations.report_in.label.de"),
        ("[team]\nfixed = []\nCITED", "empty_list", "team.fixed"),
        ('[team]\nfixed = "family"\nCITED', "wrong_type", "team.fixed"),
        ('[team]\nfixed = ["family", "family"]\nCITED', "given_twice", "team.fixed"),
        (STANDARD + "rungs = []\n", "empty_list", "ladders.standard.rungs"),
        (STANDARD + "rungs = [7]\n", "wrong_type", "ladders.standard.rungs"),
        (
            STANDARD + 'rungs = [{ at = "soon", to = ["owner"] }]\n',
            "wrong_type",
            "ladders.standard.rungs.1.at",
        ),
        (
            STANDARD + 'rungs = [{ at = 0, to = ["owner"], by = "sms" }]\n',
            "unknown_key",
            "ladders.standard.rungs.1.by",
        ),
        (
            STANDARD + 'rungs = [{ to = ["owner"] }]\n',
            "missing_key",
            "ladders.standard.rungs.1.at",
        ),
    ],
)
def test_what_has_the_wrong_shape_is_named(tmp_path: Path, body: str, code: str, key: str) -> None:
    assert refused(write_overlay(tmp_path, body)) == {(code, key)}


@pytest.mark.parametrize(
    ("citation", "code", "key"),
    [
        (
            'basis = "law"\nsource = ""\nrules = ["CD-03"]\nsince = 2026-11-01\n',
            "missing_citation",
            "source",
        ),
        (
            'basis = "law"\nsource = "x"\nrules = []\nsince = 2026-11-01\n',
            "missing_citation",
            "rules",
        ),
        ('basis = "law"\nsource = "x"\nrules = ["CD-03"]\n', "missing_citation", "since"),
        (
            'basis = "law"\nsource = "x"\nrules = ["14"]\nsince = 2026-11-01\n',
            "bad_rule_id",
            "rules",
        ),
        (
            'basis = "law"\nsource = "x"\nrules = "CD-03"\nsince = 2026-11-01\n',
            "wrong_type",
            "rules",
        ),
        ('basis = "law"\nsource = "x"\nrules = ["CD-03"]\nsince = "2026"\n', "wrong_type", "since"),
        (
            'basis = "law"\nsource = 14\nrules = ["CD-03"]\nsince = 2026-11-01\n',
            "wrong_type",
            "source",
        ),
        (
            'basis = "law"\nsource = "x"\nrules = ["CD-03"]\nsince = 2026-11-01\nuntil = 2026-10-31\n',
            "until_before_since",
            "until",
        ),
    ],
)
def test_a_citation_is_whole_and_in_order(
    tmp_path: Path, citation: str, code: str, key: str
) -> None:
    file = write_overlay(tmp_path, REPORT_IN + 'due = "14 d"\n' + citation)
    assert refused(file) == {(code, f"obligations.report_in.{key}")}


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('due = "10 d"\n', "", "missing_key", "obligations.resolve_positive.due"),
        ("horizon_days = 60\n", "", "missing_key", "settings.horizon_days"),
        ("\nafter = ", "\nlater = ", "missing_key", "exit.after"),
        ('detected = "7 d", ', "", "missing_key", "obligations.stage_review.every.detected"),
        (
            "windows = { isolation_medical = [12] }\n",
            "",
            "missing_key",
            "obligations.medical_review.windows",
        ),
        (
            ", medium = [4, 4, 4]",
            "",
            "missing_key",
            "obligations.visit.windows.follow_up.medium",
        ),
        ('version = "2026.11"', "version = 2026.11", "wrong_type", "version"),
        ('id = "cn-national"', 'id = "CN National"', "bad_text", "id"),
        ("since = 2026-11-01\nlabel", "label", "missing_key", "since"),
    ],
)
def test_what_a_pack_on_its_own_lacks_is_named(
    tmp_path: Path, old: str, new: str, code: str, key: str
) -> None:
    assert (code, key) in refused(write_changed(tmp_path, old, new))


def test_a_missing_table_is_missed_once_not_key_by_key(tmp_path: Path) -> None:
    text = national_text()
    start, end = text.index("[obligations.report_in]"), text.index("[obligations.welfare_contact]")
    file = tmp_path / "own.toml"
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    assert refused(file) == {("missing_key", "obligations.report_in")}


def test_an_empty_file_misses_everything_and_nothing_twice(tmp_path: Path) -> None:
    file = tmp_path / "empty.toml"
    file.write_text("", encoding="utf-8")
    problems = problems_of(file)
    assert {problem.code for problem in problems} == {"missing_key"}
    assert len({problem.key for problem in problems}) == len(problems)
    assert {"id", "terms", "obligations"} <= {problem.key for problem in problems}


def test_everything_wrong_is_said_at_once_and_what_would_be_right(tmp_path: Path) -> None:
    body = """
[obligations.report_in]
due = "-3 d"
owner = "boss"
CITED
[obligations.routine_test]
windows.recovery = [5]
CITED
[settings]
digest_at = "22:00"
CITED
"""
    problems = {problem.key: problem for problem in problems_of(write_overlay(tmp_path, body))}
    assert {key: problem.code for key, problem in problems.items()} == {
        "obligations.report_in.due": "negative_period",
        "obligations.report_in.owner": "unknown_role",
        "obligations.routine_test.windows.recovery": "not_a_divisor",
        "settings.digest_at": "digest_in_quiet_hours",
    }
    assert "community_worker" in problems["obligations.report_in.owner"].en
    assert "1, 2, 3, 4, 6 or 12" in problems["obligations.routine_test.windows.recovery"].en


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b"[terms\n", "line 1"),
        (b'id = "a"\nid = "b"\n', "line 2"),
        (b'id = "a"\n\nlabel = "\xff"\n', "line 3"),
        (b"a = " + b"[" * 5000, ""),
        (b"a" + b".a" * 20 + b" = 1\n", ""),
        (b"a = 1" + b"0" * 5000, ""),
        (b"#" * 1_000_001, ""),
        (b"since = 2026-02-30\n", "line 1"),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(tmp_path: Path, raw: bytes, key: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(raw)
    assert refused(file) == {("malformed", key)}
