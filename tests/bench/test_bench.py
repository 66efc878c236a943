"""The harness of the measurements: rows, lines and exit codes. What it measures, it measures itself."""

import re

import pytest

from bench.__main__ import main
from bench.cases import EVENTS, THIRD_YEAR, build_cases
from bench.measuring import Figure, Measured, interleaved
from bench.peers import PeerMissing, Spiff
from bench.rows import ROWS, Row
from workflow.services.calendars import work_days
from workflow.services.packs import load_pack

LINE = re.compile(
    r"(P\d+) (\w+) [\d.]+( \S+)? \(range [\d.]+-[\d.]+, median of \d+\) goal [\d.]+ (ok|short)"
)


def row(goal: float = 10) -> Row:
    figures = (
        Figure("ratio", (21.0, 25.1, 23.4), goal),
        Figure("rate", (2345.0,), 2000, "cases/s"),
    )
    return Row("work", "peer", lambda: Measured(figures, ("by the way",)))


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was printed, less the lines that only inform."""
    return [line for line in capsys.readouterr().out.splitlines() if not line.startswith("#")]


def test_a_row_prints_a_line_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["P1"], {"P1": row()}) == 0
    printed = lines(capsys)
    assert printed == [
        "P1 ratio 23.4 (range 21.0-25.1, median of 3) goal 10 ok",
        "P1 rate 2345 cases/s (range 2345-2345, median of 1) goal 2000 ok",
    ]
    assert all(LINE.fullmatch(line) for line in printed)


def test_one_short_figure_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {"P1": row(goal=24), "P2": row()}) == 1
    words = [line.split()[0] + " " + line.split()[-1] for line in lines(capsys)]
    assert words == ["P1 short", "P1 ok", "P2 ok", "P2 ok"]


def test_a_limit_is_not_passed() -> None:
    assert Figure("p99", (19.0,), 20, "ms", at_most=True).holds
    assert not Figure("p99", (21.0,), 20, "ms", at_most=True).holds


def test_only_the_rows_asked_for_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"P1": row(), "P2": row(), "P10": row()}
    assert main(["p10", "P1", "P1"], rows) == 0
    assert [line.split()[0] for line in lines(capsys)] == ["P1", "P1", "P10", "P10"]


def test_an_unknown_row_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["P99"], {"P1": row()})
    assert ended.value.code == 2
    assert "no row P99; there are: P1" in capsys.readouterr().err


def test_a_missing_peer_is_no_short_row(capsys: pytest.CaptureFixture[str]) -> None:
    def measure() -> Measured:
        raise PeerMissing("Peer is not installed")

    assert main([], {"P1": Row("work", "peer", measure)}) == 2
    assert "Peer is not installed" in capsys.readouterr().out


def test_sides_take_turns() -> None:
    turns: list[str] = []

    def side(name: str) -> float:
        turns.append(name)
        return 1.0

    ours, theirs = interleaved(lambda n: side(f"a{n}"), lambda n: side(f"b{n}"), rounds=3)
    assert turns == ["a0", "b0", "b1", "a1", "a2", "b2"]
    assert ours == theirs == (1.0, 1.0, 1.0)


def test_p1_is_in_the_table() -> None:
    assert "60 events" in ROWS["P1"].work


def test_cases_are_as_the_store_would_hold_them() -> None:
    cases = build_cases(3, load_pack("cn-national"), work_days())
    for case in cases:
        recorded = case.history.standing
        names = {rec.event.name for rec in recorded}
        assert len(recorded) == EVENTS
        assert case.on >= recorded[0].on + THIRD_YEAR
        assert all(rec.closes is not None for rec in recorded)
        assert names >= {"agreement_signed", "suspended", "resumed", "test_missed", "team_met"}
    assert len({case.history.standing[0].on for case in cases}) == len(cases)


@pytest.mark.parametrize("spec_apart", [True, False])
def test_both_ways_of_the_peer_take_all_steps(spec_apart: bool) -> None:
    spiff = Spiff(3, spec_apart=spec_apart)
    begun = spiff.begin()
    assert not spiff.ended(begun)
    assert spiff.ended(spiff.live(begun))
    assert spiff.ended(spiff.live_durably(begun))
