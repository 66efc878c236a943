"""
Every row of the table of moves is taken, and `moves` predicts what the judge says in every stage.

A row that names several stages counts once for each; `=` counts as the stage itself.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from tests.histories import (
    DAY,
    FIRST,
    Diary,
    at,
    change_to_community,
    confirm,
    find,
    order_community,
    order_isolation,
    order_recovery,
    reach,
    release,
    suspend,
    terminate,
)
from tests.walks import plausible
from workflow.rules.case import Case
from workflow.rules.errors import Refused
from workflow.rules.events import ENGINE, EVENTS
from workflow.rules.moves import Offer, moves
from workflow.rules.stages import ANY, INSIDE, MOVE_EVENTS, MOVES, ORDERED, STAYS

Edge = tuple[str, str, str]
EDGES: tuple[Edge, ...] = tuple(
    (row.event, source, source if row.target == STAYS else row.target)
    for row in MOVES
    for source in row.sources
)
FAR = timedelta(days=1500)


def edges_of(case: Case) -> set[Edge]:
    """The rows of the table that a case took."""
    entered = {id(stay.by): stay.stage for stay in case.stays}
    moved = [fact for name in MOVE_EVENTS for fact in case.of(name) if not fact.out]
    return {(fact.name, fact.stage, entered.get(id(fact), fact.stage)) for fact in moved}


# ------------------------------------------------------------------ a way along each row


def take(event: str, source: str, target: str) -> Diary:
    """A diary that takes this row last."""
    if (event, target) in _WAYS:
        return _WAYS[event, target](source)
    if event in _WAYS_TO:
        return _WAYS_TO[event](source, target)
    diary, on = at(source) if source != "new" else (Diary(), FIRST)
    case = diary.case(on)
    diary.record(on, event, approved=True, **plausible(case, event, on, 0, len(diary.recs)))
    return diary


def _revoke(source: str, target: str) -> Diary:
    """An order made in the target stage is revoked in the source stage."""
    if source == "serving_sentence":
        diary, on = at("community_detox")
        number = diary.case(on).measures[-1].decision_no
        on = terminate(diary, on + DAY)
    else:
        if target == "follow_up":
            diary, on = at("isolation")
            on = order_recovery(diary, release(diary, on))
        else:
            diary, on = at(target)
            on = (change_to_community if target in INSIDE else order_isolation)(diary, on)
        number = diary.case(on).measures[-1].decision_no
        on = reach(diary, source, on)
    return diary.record(on, "decision_revoked", decision_no=number)


def _finding(source: str, target: str) -> Diary:
    diary, on = at(source)
    finding = "not_addicted" if target == "follow_up" else "addicted"
    return diary.record(on, "addiction_determined", finding=finding)


def _treatment_without_use(source: str) -> Diary:
    diary = Diary().record(FIRST, "voluntary_treatment_started", institution="H1")
    return diary.record(FIRST + DAY, "voluntary_treatment_ended", outcome="left")


def _sentence(source: str, target: str) -> Diary:
    before = {"assessing": "community_detox"}.get(target, target)
    diary, on = at(before)
    terminate(diary, on)
    return diary.record(on + 90 * DAY, "sentence_ended")


def _report_again(source: str) -> Diary:
    diary, on = at(source)
    return diary.record(on, "moved", to_office="north").record(on + DAY, "reported_in")


def _nothing_left(source: str) -> Diary:
    diary, on = at(source)
    change_to_community(diary, on + FAR)
    return diary


def _resume(source: str, target: str) -> Diary:
    diary, on = at(source)
    if source in ORDERED:
        suspend(diary, on)
    return diary.record(on + DAY, "resumed")


def _confirm(source: str, target: str) -> Diary:
    diary, on = at(source)
    confirm(diary, on)
    return diary


def _order(source: str, target: str) -> Diary:
    diary, on = at(source)
    (order_isolation if target == "isolation" else order_community)(diary, on)
    return diary


def _recover(source: str, target: str) -> Diary:
    diary, on = at("isolation")
    order_recovery(diary, release(diary, on))
    return diary


def _wait(source: str, target: str) -> Diary:
    """Nothing is recorded: the engine moves the case when the day has come."""
    return at(source)[0]


_WAYS_TO: dict[str, Callable[[str, str], Diary]] = {
    "decision_revoked": _revoke,
    "addiction_determined": _finding,
    "sentence_ended": _sentence,
    "resumed": _resume,
    "use_confirmed": _confirm,
    "isolation_ordered": _order,
    "community_detox_ordered": _order,
    "community_recovery_ordered": _recover,
    "term_expired": _wait,
    "control_ended": _wait,
}
_WAYS: dict[tuple[str, str], Callable[[str], Diary]] = {
    ("voluntary_treatment_ended", "closed"): _treatment_without_use,
    ("changed_to_community_detox", "follow_up"): _nothing_left,
}


def _taken(edge: Edge) -> Diary:
    event, source, target = edge
    if event == "reported_in" and source == target:
        return _report_again(source)
    return take(event, source, target)


def test_every_row_of_the_table_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    seen: set[Edge] = set()
    for edge in EDGES:
        diary = _taken(edge)
        last = max(rec.on for rec in diary.recs) + (FAR if edge[0] in ENGINE else 0 * DAY)
        found = edges_of(diary.case(last))
        assert edge in found, f"{edge} not taken: {sorted(found)}"
        seen |= found
    rows = f"{len(seen & set(EDGES))} of {len(EDGES)} rows of the stage table"
    stages = {edge[1] for edge in seen} | {edge[2] for edge in seen}
    with capsys.disabled():
        sys.stdout.write(f"\nstage table: {rows}, {len(stages)} of {len(ANY)} stages taken\n")
    assert seen == set(EDGES)
    assert stages == set(ANY)


# ------------------------------------------------------------------ moves and the judge agree


def _with_a_test(diary: Diary, on: date) -> date:
    values = {"method": "on_site", "sample": "urine", "result": "positive", "purpose": "voluntary"}
    diary.record(on, "test_taken", test_id="t1", **values)
    return on


def _objected(diary: Diary, on: date) -> date:
    _with_a_test(diary, on)
    diary.record(on, "test_objected", test_id="t1")
    return on


def _away(diary: Diary, on: date) -> date:
    diary.record(on, "left")
    return on + 2 * DAY


def _moved(diary: Diary, on: date) -> date:
    diary.record(on, "moved", to_office="north")
    return on + DAY


def _breached(diary: Diary, on: date) -> date:
    for n in range(3):
        day = on + n * DAY
        diary.record(day, "test_missed", reason="evaded", notice_served_on=on)
    return on + 2 * DAY


def _barred(diary: Diary, on: date) -> date:
    on = _breached(diary, on)
    values = {"ground": "refused_or_evaded_tests", "explanation": "heard"}
    diary.record(on, "breach_reported", approved=True, **values)
    return on


def _a_year_on(diary: Diary, on: date) -> date:
    diary.record(on + 400 * DAY, "early_release_proposed")
    return on + 400 * DAY


def _extending(diary: Diary, on: date) -> date:
    diary.record(on + 700 * DAY, "extension_proposed")
    return on + 700 * DAY


def _lost(diary: Diary, on: date) -> date:
    diary.record(on, "contact_lost")
    return on


def _late(diary: Diary, on: date) -> date:
    return on + 40 * DAY


def _teamed(diary: Diary, on: date) -> date:
    diary.team = "recorded"
    diary.record(on, "consent_given", role="family")
    for role in ("community_worker", "family"):
        diary.record(on, "helper_assigned", role=role, helper=f"h-{role}")
    return on


def _pregnant(diary: Diary, on: date) -> date:
    diary.record(find(diary, on), "circumstance_recorded", kind="pregnant")
    return on


Scene = tuple[str, Callable[[Diary, date], date] | None]
SCENES: tuple[Scene, ...] = (
    *((stage, None) for stage in ANY),
    ("detected", _with_a_test),
    ("detected", _objected),
    ("assessing", find),
    ("assessing", _pregnant),
    ("community_ordered", _late),
    ("community_ordered", suspend),
    ("community_detox", _away),
    ("community_detox", _moved),
    ("community_detox", _breached),
    ("community_detox", _barred),
    ("community_detox", confirm),
    ("community_ordered", _teamed),
    ("isolation", _a_year_on),
    ("isolation", _extending),
    ("isolation", release),
    ("isolation_medical", _late),
    ("recovery", confirm),
    ("follow_up", _with_a_test),
    ("follow_up", _lost),
    ("exited", _late),
)
POSTED = tuple(name for name in EVENTS if name not in ENGINE)
PICKS = range(8)


@cache
def scene(which: Scene) -> tuple[Diary, date]:
    """A diary led to a stage, with something more told of it, and the day."""
    stage, more = which
    diary, on = (Diary(), FIRST) if stage == "new" else at(stage)
    return (diary, more(diary, on)) if more else (diary, on)


def _named(which: Scene) -> str:
    return f"{which[0]}-{which[1].__name__}" if which[1] else which[0]


def posted(diary: Diary, on: date, offer: Offer) -> Iterator[str | None]:
    """The codes with which the judge refuses drafts of this event (None: accepted, and no more are tried)."""
    case = diary.case(on)
    choices: list[dict[str, Any]] = [{}]
    for key, words in offer.choices.items():
        choices = [{**chosen, key: word} for chosen in choices for word in words]
    for pick in PICKS:
        values = plausible(case, offer.event, on, pick, len(diary.recs))
        values.pop("contrary_to", None)  # what is recorded against a rule is never offered
        for chosen in choices:
            try:
                diary.copy().record(on, offer.event, approved=True, **{**values, **chosen})
            except Refused as refusal:
                yield refusal.code
                if refusal.code == "not_from_here":
                    return
            else:
                yield None
                return
        if not values:
            return


@pytest.mark.parametrize("which", SCENES, ids=map(_named, SCENES))
def test_moves_predicts_what_the_judge_says(which: Scene) -> None:
    diary, on = scene(which)
    offers = {offer.event: offer for offer in moves(diary.case(on), on)}
    assert tuple(offers) == POSTED
    for name, offer in offers.items():
        codes = list(posted(diary, on, offer))
        if offer.possible:
            assert offer.error is None
            assert None in codes, f"{name} was offered, but refused: {set(codes)}"
        else:
            assert offer.error is not None
            assert None not in codes, f"{name} was not offered ({offer.error}), but accepted"
            if "not_from_here" in (*codes, offer.error.code):
                assert {*codes, offer.error.code} == {"not_from_here"}, name


def test_every_stage_offers_a_way_on_or_an_end() -> None:
    for stage in ANY:
        diary, on = scene((stage, None))
        possible = {offer.event for offer in moves(diary.case(on), on) if offer.possible}
        moving = possible & MOVE_EVENTS
        assert bool(moving) is (stage not in ("exited", "closed")), stage


def test_what_is_not_possible_says_why() -> None:
    diary, on = scene(("community_ordered", None))
    offers = {offer.event: offer for offer in moves(diary.case(on), on)}
    error = offers["refusal_recorded"].error
    assert offers["refusal_recorded"].possible or error is not None
    left = offers["left"].error
    assert left is not None
    assert left.code == "not_from_here"
    assert left.facts["allowed"] == ("community_detox", "recovery")
