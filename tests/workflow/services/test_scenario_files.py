"""A scenario file is read, or refused with its line and with what would be right; nothing else comes out."""

import random
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from workflow.rules.events import PersonRegistered, SupportLevelSet
from workflow.services.scenario_files import MalformedScenario, parse_scenario, read_scenario

WORKED = Path(__file__).parents[2] / "scenarios" / "01-straight-through.yaml"
GOOD = """\
case: a title
born: 1990-05-01
traits: {pregnant: true, nursing: false}
events:
  - {on: 2024-01-08, event: detected, source: inspection}
  - {on: 2024-01-09, event: visited, recorded_on: 2024-01-12, signed_by: s1, note: at home}
until: 2024-02-01
expect:
  stage: detected
  exit_on: null
  notices:
    - {on: 2024-01-12, kind: visit, rung: +1, to: supervisor}
"""


def read(text: str | bytes) -> object:
    return parse_scenario(text.encode() if isinstance(text, str) else text, Path("x.yaml"))


def refusal(text: str | bytes) -> MalformedScenario:
    with pytest.raises(MalformedScenario) as found:
        read(text)
    error = found.value
    assert error.file == "x.yaml"
    assert error.line >= 1
    assert error.zh
    assert error.en
    assert "Traceback" not in str(error)
    return error


def test_what_stands_in_a_good_file() -> None:
    found = parse_scenario(GOOD.encode(), Path("x.yaml"))
    assert (found.title, found.policy, found.until) == ("a title", "cn-national", date(2024, 2, 1))
    assert [rec.event.name for rec in found.recs] == [
        "person_registered",
        "circumstance_recorded",
        "detected",
        "visited",
    ]
    assert isinstance(found.recs[0].event, PersonRegistered)
    assert found.recs[-1].recorded_on == date(2024, 1, 12)
    assert found.recs[-1].approved_by == "s1"
    assert found.team == "standing"
    assert found.expect["exit_on"] is None
    assert found.expect["notices"] == [
        {"on": "2024-01-12", "kind": "visit", "rung": "+1", "to": "supervisor"}
    ]


def test_on_stays_a_word_and_yes_a_text() -> None:
    text = GOOD.replace("note: at home", "note: yes")
    assert parse_scenario(text.encode(), Path("x.yaml")).recs[-1].event.note == "yes"


def test_one_word_stands_for_a_list_of_one_and_a_bare_number_for_its_text() -> None:
    line = "{on: 2024-01-09, event: support_level_set, level: high, reasons: lives alone, document_no: 7}"
    text = GOOD.replace(
        "{on: 2024-01-09, event: visited, recorded_on: 2024-01-12, signed_by: s1, note: at home}",
        line,
    )
    event = parse_scenario(text.encode(), Path("x.yaml")).recs[-1].event
    assert isinstance(event, SupportLevelSet)
    assert (event.reasons, event.document_no) == (("lives alone",), "7")


def test_the_title_is_the_name_of_the_file_where_none_is_given() -> None:
    text = GOOD.replace("case: a title\n", "")
    assert parse_scenario(text.encode(), Path("some/way.yaml")).title == "way"


def test_a_pack_is_found_from_the_folder_of_the_file() -> None:
    found = parse_scenario(f"policy: packs/mine.toml\n{GOOD}".encode(), Path("a/x.yaml"))
    assert Path(found.policy) == Path("a/packs/mine.toml")


@pytest.mark.parametrize(
    "change",
    [
        ("team: none\n", ""),
        ("", "\n  - {on: 2024-01-10, event: helper_assigned, role: family, helper: f}"),
    ],
)
def test_a_team_is_recorded_where_the_file_says_so(change: tuple[str, str]) -> None:
    before, after = change
    text = before + GOOD.replace("note: at home}", "note: at home}" + after)
    assert parse_scenario(text.encode(), Path("x.yaml")).team == "recorded"


def test_a_time_without_offset_is_the_offices() -> None:
    text = GOOD.replace("note: at home", "happened_at: 2024-01-09 10:30:00")
    at = parse_scenario(text.encode(), Path("x.yaml")).recs[-1].at
    assert at is not None
    assert at.astimezone(UTC) == datetime(2024, 1, 9, 2, 30, tzinfo=UTC)


def test_a_missing_field_is_a_refusal_and_no_slip_of_the_pen() -> None:
    text = GOOD.replace(", source: inspection", "")
    found = parse_scenario(text.encode(), Path("x.yaml"))
    assert [(one.event, one.on, one.error.code) for one in found.unparsable] == [
        ("detected", date(2024, 1, 8), "missing_field")
    ]


def test_with_a_void_on_the_day_the_whole_request_is_refused() -> None:
    text = GOOD.replace(
        "until: 2024-02-01",
        "  - {on: 2024-01-12, event: event_voided, event_id: e1}\nuntil: 2024-02-01",
    )
    found = parse_scenario(text.encode(), Path("x.yaml"))
    assert [one.event for one in found.unparsable] == ["visited", "event_voided"]
    assert [rec.event.name for rec in found.recs][-1] == "detected"


MALFORMED = [
    ("unknown_key", 1, f"colour: red\n{GOOD}"),
    ("unknown_key", 7, GOOD.replace("until:", "unttil:")),
    ("unknown_key", 3, GOOD.replace("nursing", "tall")),
    ("wrong_type", 3, GOOD.replace("nursing: false", "nursing: 1")),
    ("wrong_type", 3, GOOD.replace("{pregnant: true, nursing: false}", "[pregnant]")),
    ("unknown_word", 1, f"team: two\n{GOOD}"),
    ("wrong_type", 1, GOOD.replace("a title", "2024")),
    ("missing_key", 1, GOOD.replace("until: 2024-02-01\n", "")),
    ("missing_key", 1, "until: 2024-02-01\n"),
    ("no_events", 1, "events: []\nuntil: 2024-02-01\n"),
    ("wrong_type", 1, "events: {on: 2024-01-08}\nuntil: 2024-02-01\n"),
    ("wrong_type", 1, "events: [detected]\nuntil: 2024-02-01\n"),
    ("missing_key", 5, GOOD.replace("on: 2024-01-08, ", "")),
    ("missing_key", 5, GOOD.replace("event: detected, ", "")),
    ("unknown_word", 5, GOOD.replace("detected,", "detekted,")),
    (
        "derived_by_engine",
        5,
        GOOD.replace("event: detected, source: inspection", "event: term_expired"),
    ),
    ("unknown_field", 5, GOOD.replace("source:", "sauce:")),
    ("invalid_value", 5, GOOD.replace("source: inspection", "source: rumour")),
    ("bad_date", 5, GOOD.replace("on: 2024-01-08", 'on: "2024-01-08"')),
    ("bad_date", 5, GOOD.replace("on: 2024-01-08", "on: yesterday")),
    ("bad_date", 5, GOOD.replace("on: 2024-01-08", "on: 2024-02-30")),
    ("bad_date", 2, GOOD.replace("1990-05-01", '"1990-05-01"')),
    ("out_of_calendar", 5, GOOD.replace("on: 2024-01-08", "on: 1066-10-14")),
    ("out_of_calendar", 7, GOOD.replace("until: 2024-02-01", "until: 9999-12-31")),
    ("until_too_early", 7, GOOD.replace("until: 2024-02-01", "until: 2024-01-01")),
    ("two_approvals", 6, GOOD.replace("signed_by: s1", "signed_by: s1, approved_by: s2")),
    ("bad_instant", 6, GOOD.replace("note: at home", "happened_at: noon")),
    ("other_day", 6, GOOD.replace("note: at home", "happened_at: 2024-01-09T23:30:00Z")),
    ("duplicate_id", 6, GOOD.replace("- {on", "- {id: a, on")),
    ("unknown_key", 9, GOOD.replace("  stage: detected", "  stag: detected")),
    ("unknown_word", 9, GOOD.replace("  stage: detected", "  stage: nowhere")),
    ("bad_date", 10, GOOD.replace("exit_on: null", "exit_on: never")),
    ("unknown_key", 12, GOOD.replace("rung: +1", "rang: +1")),
    ("unknown_word", 12, GOOD.replace("kind: visit", "kind: visits")),
    ("unknown_word", 12, GOOD.replace("to: supervisor", "to: boss")),
    ("duplicate_key", 2, "case: a\ncase: b\n"),
    ("not_a_mapping", 1, "- a\n- b\n"),
    ("not_a_mapping", 1, "just a line"),
    ("empty_file", 1, ""),
    ("empty_file", 1, "# nothing\n"),
    ("several_documents", 3, "case: a\n--- \ncase: b\n"),
    ("alias", 1, "a: &a [x, x]\nb: [*a, *a]\n"),
    ("tag", 1, "case: !!python/object/apply:os.system [ls]\n"),
    ("too_deep", 1, "case: " + "[" * 2000),
    ("bad_key", 1, "? [a]\n: b\n"),
    ("not_yaml", 3, "case: a\nevents: [a, b\n"),
    ("not_yaml", 1, "\t- a"),
    ("not_text", 1, b"\x00\x01\x02"),
    ("not_text", 2, b"case: a\nborn: \xff\xfe"),
    ("too_large", 1, b"#" * 1_000_001),
]


@pytest.mark.parametrize(
    ("code", "line", "text"), MALFORMED, ids=[f"{n}-{each[0]}" for n, each in enumerate(MALFORMED)]
)
def test_what_is_malformed_is_named_with_its_line(code: str, line: int, text: str | bytes) -> None:
    error = refusal(text)
    assert (error.code, error.line) == (code, line)


def test_aliases_cannot_multiply() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert refusal("\n".join(lines)).code == "alias"


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(MalformedScenario) as found:
        read_scenario(tmp_path / name)
    assert found.value.code == "unreadable"


def is_taken(raw: bytes) -> bool:
    """Whether a scenario comes out; a refusal must be one that can be shown, and any other exception fails the test."""
    try:
        parse_scenario(raw, WORKED)
    except MalformedScenario as refused:
        shown = refused
    else:
        return True
    assert shown.zh
    assert shown.en
    assert shown.line >= 1
    return False


@pytest.mark.fuzz
def test_damaged_text_is_read_or_refused() -> None:
    chance = random.Random(
        random.getrandbits(64)
    )  # other dice in each run, by pytest-randomly's seed
    text = WORKED.read_bytes()
    scraps = [
        b"",
        b"{",
        b"}",
        b"[",
        b"]",
        b": ",
        b"\n",
        b"- ",
        b"'",
        b'"',
        b"&a ",
        b"*a",
        b"!",
        b"|",
        b"\x00",
        b"\xff",
        b"2024-02-31",
        b"%",
        b"\t",
        b"? ",
    ]
    end = time.monotonic() + 20  # of a minute for the three parsers
    while time.monotonic() < end:
        damaged = bytearray(text)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.choice([0, 1, 1, 20])] = chance.choice(scraps)
        assert is_taken(bytes(damaged)) in (True, False)
