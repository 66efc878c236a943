"""Which act closes what, as a client is told it: a form filled in as the list says closes what it was opened for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.histories import DAY, PACK, Diary, at, confirm, reach
from tests.walks import REACHABLE, plausible, steps, wander
from workflow.rules.closing import SAYS_ABOUT, Closer, ways_to_close
from workflow.rules.due import OWED, state
from workflow.rules.errors import Refused
from workflow.rules.events import EVENTS, meanings
from workflow.rules.obligations.owed import Obligation
from workflow.rules.team import empty_chairs

EVERY = [(kind, name, way) for kind in PACK.obligations for name, way in ways_to_close(kind)]
LATER = (0, 20, 100, 340, 500, 640, 725, 740, 1060, 1100)
"""Days after a stage was reached: what its term owes near its end opens on one of them."""

Moment = tuple[Diary, date]


def moments() -> Iterator[Moment]:
    """Histories on a day, in which together every kind is owed."""
    first = date(2019, 3, 4)
    for stage in REACHABLE:
        diary = Diary(team="recorded")
        on = reach(diary, stage, first)
        yield from ((diary, on + timedelta(days=days)) for days in LATER)
        for step in steps(len(stage), 8):
            on = wander(diary, on, [step])
            yield diary, on
    yield from rare()


def rare() -> Iterator[Moment]:
    """What no walk comes by often."""
    used, on = at("community_detox")
    yield used, confirm(used, on + DAY)
    moved, on = at("community_detox")
    yield moved.record(on + DAY, "moved", to_office="north"), on + DAY
    away, on = at("community_detox")
    away.record(on, "left", written_report=True, return_on=on + 5 * DAY)
    away.record(on + 9 * DAY, "contact_lost")
    yield away, on + 12 * DAY
    longer, on = at("isolation")
    on += timedelta(days=732)
    yield longer.record(on, "extension_proposed"), on
    missed, on = at("community_detox")
    for _ in range(3):
        on += 20 * DAY
        missed.record(on, "test_missed", reason="evaded", notice_served_on=on - DAY)
    yield missed.copy(), on
    answer = {"ground": "refused_or_evaded_tests", "explanation": "heard", "approved": True}
    yield missed.record(on, "breach_reported", **answer), on
    barred, on = at("community_detox")
    test = {"method": "on_site", "sample": "urine", "result": "positive", "purpose": "routine"}
    barred.record(on + DAY, "test_taken", test_id="r1", **test)
    yield barred.record(on + 2 * DAY, "test_objected", test_id="r1"), on + 2 * DAY


def open_now(diary: Diary, on: date) -> Iterator[Obligation]:
    for one in diary.owed(on):
        if one.opens_on <= on and one.stands() and state(one, on) in (*OWED, "held"):
            yield one


def filled_in(diary: Diary, on: date, one: Obligation, name: str, way: Closer) -> bool | None:
    """Whether recording the act as the list says settles it; None where the act is refused for another reason."""
    for pick in range(4):
        written = diary.copy()
        try:
            _record(written, on, one, name, way, pick)
        except Refused:
            continue
        act = written.recs[-1].id
        after = written.owed(on, one.kind)
        closed = {each.closed_by.rec.id for each in after if each.closed_by and each.closed_by.rec}
        return act in closed or one.key not in [each.key for each in after if each.stands()]
    return None


def _record(diary: Diary, on: date, one: Obligation, name: str, way: Closer, pick: int) -> None:
    """The act once, as the list says; a team is assembled chair by chair."""
    said = {**dict(way.meant), **dict(way.found), **({way.about: one.ref} if way.about else {})}
    chairs = empty_chairs(diary.case(on)) if one.kind == "assemble_team" else [None]
    for chair in chairs:
        values = plausible(diary.case(on), name, on, pick, len(diary.recs))
        if chair is not None:
            said["role"] = chair
        if chair == "family" and name == "helper_assigned":
            said["legal_ground"] = "guardian"
        diary.record(on, name, approved=True, by=None, **{**values, **said})


def test_a_form_filled_in_as_the_list_says_closes_what_it_was_opened_for() -> None:
    proven: set[tuple[str, str]] = set()
    for diary, on in moments():
        for one in open_now(diary, on):
            for name, way in ways_to_close(one.kind):
                settled = filled_in(diary, on, one, name, way)
                assert settled is not False, (one.key, name, diary.stage(on), on)
                if settled:
                    proven.add((one.kind, name))
    assert {(kind, name) for kind, name, _ in EVERY} - proven == set()


def test_the_list_names_fields_that_the_acts_have() -> None:
    for kind, name, way in EVERY:
        fields = {field for field, _ in (*way.meant, *way.found)} | ({way.about} - {""})
        assert fields <= meanings(EVENTS[name]).keys(), (kind, name)
    assert {kind for kind, _, way in EVERY if way.about} == SAYS_ABOUT


def test_the_act_that_is_for_it_alone_comes_first() -> None:
    first = {kind: ways_to_close(kind)[0][0] for kind in PACK.obligations}
    assert first["welfare_contact"] == "welfare_contacted"
    assert first["confirm_release"] == "released"
    assert first["visit"] == "visited"
