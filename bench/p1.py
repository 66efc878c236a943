"""
P1: fold and plan of one case with 60 events, beside SpiffWorkflow's 60 steps.

Ours: `fold(history, pack, calendar, on)` and `plan(case, whole=False)`, what the sweep asks for
each case. 48 different cases, each asked once a pass; each pass asks about another day and gets
every history anew (copied before the clock runs, as if just read from the store). The rules keep
grids of windows by first day and frequency; a sweep over a county fills them in its first
seconds, so they are left filled. What it costs with all of them emptied is printed as a remark.

Theirs: a BPMN process of 60 manual tasks, resumed from JSON, stepped 60 times, saved as JSON.
The ratio that decides is the kindest reading: one resume and one save for all 60 steps, and the
process held in memory instead of in each saved workflow. What it costs to resume and save at
each step, as a server must that gets its events one by one, is printed as a remark, beside what
it costs us to judge 60 requests one by one, which folds and plans anew for each.

No database on either side: ours does not read its events from rows, theirs does not write its
JSON to one. One process, one thread, CPU time; rounds interleaved, the ratio taken within each.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from bench.cases import EVENTS, BenchCase, build_cases
from bench.measuring import (
    Figure,
    Measured,
    additions_a_second,
    cpu_seconds,
    interleaved,
    ratios,
    shown,
)
from bench.peers import Spiff
from workflow.rules.fold import fold
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.workdays import WorkDays
from workflow.services.calendars import work_days
from workflow.services.packs import load_pack

CASES = 48
PASSES = 6  # a round: long enough for the clock, short enough to have many
DAYS = 28  # passes ask about as many days in turn
PEER_CASES = 8  # a round
GOAL_RATIO = 10
GOAL_RATE = 2000


def measure() -> Measured:
    """The ratio and our rate, and what else the same rounds showed."""
    ours = _Ours.built()
    spiff = Spiff(EVENTS, spec_apart=True)
    _check(spiff)
    rates, peer_rates, whole, cold, additions = interleaved(
        ours.rate,
        lambda number: _peer_rate(spiff),
        lambda number: ours.rate(number, whole=True),
        lambda number: ours.rate(number, cold=True),
        lambda number: additions_a_second(),
    )
    figures = (
        Figure("ratio", ratios(rates, peer_rates), GOAL_RATIO),
        Figure("rate", rates, GOAL_RATE, "cases/s"),
    )
    remarks = (
        f"{CASES} cases of {EVENTS} events, no two with the same dates; caches as a sweep finds them",
        f"ours, with closed windows too (whole=True): {_middle(whole)}",
        f"ours, with the rules' caches emptied before each pass: {_middle(cold)}",
        f"SpiffWorkflow, one resume and one save for all steps: {_middle(peer_rates)}",
        *_durable_remarks(spiff, ours),
        f"the machine meanwhile: {shown(median(additions) / 1e6)} million additions a second"
        f" (range {shown(min(additions) / 1e6)}-{shown(max(additions) / 1e6)})",
    )
    return Measured(figures, remarks)


@dataclass(slots=True)
class _Ours:
    """Our side: the cases, pickled, and what they are asked with."""

    pack: Pack
    calendar: WorkDays
    stored: bytes
    judging_ms: float
    asked: int = 0

    @classmethod
    def built(cls, count: int = CASES) -> _Ours:
        """Live the cases first; their judging is timed on the way."""
        pack, calendar = load_pack("cn-national"), work_days()
        cases: list[BenchCase] = []
        spent = cpu_seconds(lambda: cases.extend(build_cases(count, pack, calendar)))
        assert all(len(case.history.standing) == EVENTS for case in cases)
        return cls(pack, calendar, pickle.dumps(cases), 1000 * spent / count)

    def rate(self, number: int, *, whole: bool = False, cold: bool = False) -> float:
        """Cases a second in one round."""
        spent, count = 0.0, 0
        for _ in range(PASSES):
            cases = self._fresh()
            if cold:
                empty_caches()
            spent += cpu_seconds(lambda: self._ask(cases, whole=whole))  # noqa: B023
            count += len(cases)
        return count / spent

    def _ask(self, cases: list[BenchCase], *, whole: bool) -> None:
        for one in cases:
            plan(fold(one.history, self.pack, self.calendar, one.on), whole=whole)

    def _fresh(self) -> list[BenchCase]:
        later = timedelta(days=self.asked % DAYS)
        self.asked += 1
        cases: list[BenchCase] = pickle.loads(self.stored)  # noqa: S301 - written above
        return [BenchCase(case.history, case.on + later) for case in cases]


def empty_caches() -> None:
    """Empty every cache that a function of the rules keeps."""
    for name, module in list(sys.modules.items()):
        if name.startswith("workflow.rules"):
            for kept in list(vars(module).values()):
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


def _check(spiff: Spiff) -> None:
    """That both ways lead the peer's process to its end, so that no step is measured undone."""
    begun = spiff.begin()
    assert not spiff.ended(begun)
    assert spiff.ended(spiff.live(begun))
    assert spiff.ended(spiff.live_durably(begun))


def _peer_rate(spiff: Spiff) -> float:
    begun = [spiff.begin() for _ in range(PEER_CASES)]
    return PEER_CASES / cpu_seconds(lambda: [spiff.live(one) for one in begun])


def _durable_rate(spiff: Spiff) -> float:
    begun = spiff.begin()
    return 1 / cpu_seconds(lambda: spiff.live_durably(begun))


def _durable_remarks(spiff: Spiff, ours: _Ours) -> list[str]:
    """What the single steps cost: theirs resumed and saved each time, ours judged each time."""
    documented = Spiff(EVENTS, spec_apart=False)
    apart, default = interleaved(
        lambda number: _durable_rate(spiff),
        lambda number: _durable_rate(documented),
        rounds=5,
    )
    return [
        f"SpiffWorkflow, resumed and saved at each step: {_middle(apart)};"
        f" by its default converter, which saves the process too: {_middle(default)}",
        f"ours, each event judged as a request of its own: {shown(ours.judging_ms)} ms a case",
    ]


def _middle(rates: tuple[float, ...]) -> str:
    rate = median(rates)
    return f"{shown(1000 / rate)} ms a case ({shown(rate)} cases/s)"
