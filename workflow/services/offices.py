"""
The offices (机构) and how they change: opened, renamed, moved under another, closed, merged, each on a day.

A change ends one span and starts another, and is known from the instant at which
it was recorded; what was held before stays readable. Only what is so by today is
recorded. When an office closes, its open cases and the offices below it go to a
successor in the same transaction, so that no case is left behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflow.rules.errors import Conflict, Invalid, NotFound, Refused
from workflow.services import divisions
from workflow.services.clock import Instant
from workflow.services.office_spans import DAY, LEVELS, SpanChange, standing_on
from workflow.store import calendar_days, offices
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

LONGEST_NAME = 200


def open_office(
    uow: UnitOfWork,
    *,
    office_id: UUID,
    division: str,
    level: str,
    name: str,
    parent_id: UUID | None,
    on: date,
    clock: Instant,
    by: str,
) -> None:
    """
    Open an office on a day, today or earlier. Sending it twice is harmless.

    Args:
        division: the code of its province, city or county; a township has that of its county.
        parent_id: the office above it; None for a topmost one.

    Raises:
        Conflict: `conflict`: there is an office of that id with other content.
        Invalid: `unknown_office_level`, `office_name_unusable`.
        NotFound: there is no such parent.
        Refused: `unknown_division`; `day_ahead`; `division_given_up`; `office_not_open`: the parent is
            closed on that day or since; `office_level_not_below`.
    """
    name = _usable(name)
    offices.hold_tree(uow.session)
    change = SpanChange(uow, clock, by)
    if known := offices.find(uow.session, office_id):
        same = (known.division, known.level) == (division, level)
        if not same or not offices.ever_recorded(
            uow.session, office_id, name=name, parent_id=parent_id, first_on=on
        ):
            raise Conflict("conflict", id=str(office_id))
        return
    _refuse_ahead(on, clock)
    _check_place(division, level, on)
    change.levels[office_id] = level
    change.add(office_id=office_id, parent_id=parent_id, name=name, first_on=on)
    change.check()
    offices.add(uow.session, office_id, division=division, level=level, at=clock.now, by=by)
    change.write()


def rename_office(
    uow: UnitOfWork, *, office_id: UUID, name: str, on: date, clock: Instant, by: str
) -> None:
    """
    Let an office have another name from a day on.

    Raises:
        Invalid: `office_name_unusable`.
        NotFound: there is no such office.
        Refused: `day_ahead`, `office_not_open`.
    """
    offices.hold_tree(uow.session)
    _change_from(SpanChange(uow, clock, by), office_id, on, name=_usable(name))


def move_office_under(
    uow: UnitOfWork, *, office_id: UUID, parent_id: UUID | None, on: date, clock: Instant, by: str
) -> None:
    """
    Let an office be under another one from a day on; all below it comes along.

    Raises:
        NotFound: there is no such office, or no such parent.
        Refused: `day_ahead`; `office_not_open` (either of them); `office_cycle`: the parent is itself
            below this office; `office_level_not_below`.
    """
    offices.hold_tree(uow.session)
    change = SpanChange(uow, clock, by)
    if parent_id is not None:
        _refuse_cycle(change, office_id, parent_id, on)
    _change_from(change, office_id, on, parent_id=parent_id)


def merge_office_into(
    uow: UnitOfWork, *, office_id: UUID, into_id: UUID, on: date, clock: Instant, by: str
) -> None:
    """Close an office whose cases and lower offices another one takes over; raises what `close_office` does."""
    close_office(uow, office_id=office_id, on=on, successor_id=into_id, clock=clock, by=by)


def close_office(
    uow: UnitOfWork,
    *,
    office_id: UUID,
    on: date,
    successor_id: UUID | None = None,
    clock: Instant,
    by: str,
) -> None:
    """
    Close an office; `on` is the first day on which it is closed. Sending it twice is harmless.

    Its open cases are the successor's from that day on, and the offices below it are
    under the successor. What has ended stays with it in the record, and within the
    successor's reach. Its staff keep their postings until somebody ends these.

    Raises:
        NotFound: there is no such office, or no such successor.
        Refused: `day_ahead`; `office_not_open` (either of them); `office_changed_later`: something is
            recorded for a later day; `office_never_open`: it opened that very day; `office_cycle`: the successor is
            below it; `office_has_cases`, `office_has_offices`: no successor is named; `office_level_not_below`.
    """
    offices.hold_tree(uow.session)
    change = SpanChange(uow, clock, by)
    spans = change.spans(office_id)
    if (spans[-1].last_on, spans[-1].successor_id) == (on - DAY, successor_id):
        return
    _end_last(change, spans, on, successor_id)
    calendar_days.keep(uow.session)
    below = offices.spans_under(uow.session, office_id, on)
    cases = offices.open_cases(uow.session, office_id)
    if successor_id is None:
        _refuse_abandoned(office_id, len({each.office_id for each in below}), cases)
        change.write()
        return
    _refuse_cycle(change, office_id, successor_id, on)
    change.refuse_closed(successor_id, on, None)
    for each in below:
        change.split(each, on, parent_id=successor_id)
    change.check()
    at = change.write()
    offices.hand_open_cases_over(uow.session, office_id, successor_id, on, at=at, by=by)


def correct_span(
    uow: UnitOfWork,
    *,
    span_id: UUID,
    name: str,
    parent_id: UUID | None,
    first_on: date,
    last_on: date | None,
    clock: Instant,
    by: str,
) -> None:
    """
    Replace what was held to be true of an office for some days: all of it is given anew.

    The spans beside it give way or follow, so that an office is open without a gap.
    Taking the last day away from a closed office opens it again; cases that went to
    its successor stay there until somebody hands them over.

    Raises:
        Conflict: `span_replaced`: it was corrected meanwhile.
        Invalid: `office_name_unusable`.
        NotFound: there is no such span, or no such parent.
        Refused: `dates_reversed`; `day_ahead`; `correction_closes`: closing is done by `close_office`; `span_swallows`: nothing would be
            left of the one beside it; `office_not_open`: not all above and below it were open on all these
            days; `office_cycle`, `office_level_not_below`.
    """
    offices.hold_tree(uow.session)
    change = SpanChange(uow, clock, by)
    span, spans = _span_to_correct(change, span_id)
    given = {
        "name": _usable(name),
        "parent_id": parent_id,
        "first_on": first_on,
        "last_on": last_on,
    }
    if all(getattr(span, key) == value for key, value in given.items()):
        return
    _check_days(span, spans, first_on, last_on, clock)
    if parent_id is not None:
        _refuse_cycle(change, span.office_id, parent_id, first_on)
    successor_id = None if last_on is None else span.successor_id
    change.replace(span, **given, successor_id=successor_id)
    number = spans.index(span)
    if number > 0 and spans[number - 1].last_on != first_on - DAY:
        change.replace(spans[number - 1], last_on=first_on - DAY)
    if last_on is not None and number + 1 < len(spans):
        change.replace(spans[number + 1], first_on=last_on + DAY)
    change.check()
    if successor_id is not None and last_on is not None:
        change.refuse_closed(successor_id, last_on + DAY, None)
    change.write()
    for lower in offices.spans_under(uow.session, span.office_id, date.min):
        change.refuse_closed(span.office_id, lower.first_on, lower.last_on)


def _change_from(change: SpanChange, office_id: UUID, on: date, **values: Any) -> None:
    """Let these be so from a day on, until the next day on which something else was recorded of them."""
    spans = change.spans(office_id)
    _refuse_ahead(on, change.clock)
    current = standing_on(spans, on)
    before = {key: getattr(current, key) for key in values}
    if before == values:
        return
    change.split(current, on, **values)
    for later in spans[spans.index(current) + 1 :]:
        if before != {key: getattr(later, key) for key in values}:
            break
        change.replace(later, **values)
    change.check()
    change.write()


def _end_last(
    change: SpanChange, spans: Sequence[Found], on: date, successor_id: UUID | None
) -> None:
    """Let the day before this one be the office's last."""
    _refuse_ahead(on, change.clock)
    current, office = standing_on(spans, on), str(spans[0].office_id)
    if current is not spans[-1]:
        raise Refused("office_changed_later", office=office, on=spans[-1].first_on)
    if current.first_on == on:  # it was renamed that very day: the span before is its last
        change.gone.append(current)
        spans = spans[:-1]
    if not spans:
        raise Refused("office_never_open", office=office, on=on)
    change.replace(spans[-1], last_on=on - DAY, successor_id=successor_id)


def _span_to_correct(change: SpanChange, span_id: UUID) -> tuple[Found, Sequence[Found]]:
    """The span, and all those that count of its office."""
    span = offices.find_span(change.uow.session, span_id)
    if span is None:
        raise NotFound("not_found", what=str(span_id))
    if span.withdrawn_at is not None:
        raise Conflict("span_replaced", id=str(span_id))
    return span, change.spans(span.office_id)


# ------------------------------------------------------------------ what is refused


def _usable(name: str) -> str:
    plain = name.strip()
    if not 0 < len(plain) <= LONGEST_NAME:
        raise Invalid("office_name_unusable", longest=LONGEST_NAME)
    return plain


def _check_place(division: str, level: str, on: date) -> None:
    if level not in LEVELS:
        raise Invalid("unknown_office_level", level=level, allowed=LEVELS)
    place = divisions.division(division)
    if not place.counted_in(on.year):
        year, became = place.gave_up_in, place.became
        raise Refused("division_given_up", division=division, year=year, became=became)


def _refuse_ahead(on: date, clock: Instant) -> None:
    if on > clock.today:
        raise Refused("day_ahead", on=on, today=clock.today)


def _refuse_cycle(change: SpanChange, office_id: UUID, upper_id: UUID, on: date) -> None:
    """Refuses an office that is itself below this one; one that merged into it is closed, and that is said."""
    standing_on(change.spans(upper_id), on)
    if upper_id == office_id or upper_id in offices.below(change.uow.session, office_id, on=on):
        raise Refused("office_cycle", office=str(office_id), under=str(upper_id))


def _refuse_abandoned(office_id: UUID, lower: int, cases: int) -> None:
    if lower:
        raise Refused("office_has_offices", office=str(office_id), count=lower)
    if cases:
        raise Refused("office_has_cases", office=str(office_id), count=cases)


def _check_days(
    span: Found, spans: Sequence[Found], first_on: date, last_on: date | None, clock: Instant
) -> None:
    """The corrected days leave something of the spans beside it, and close nothing that was open."""
    if last_on is not None and last_on < first_on:
        raise Refused("dates_reversed", first_on=first_on, last_on=last_on)
    _refuse_ahead(first_on, clock)
    number = spans.index(span)
    if number > 0 and first_on <= spans[number - 1].first_on:
        raise Refused("span_swallows", first_on=spans[number - 1].first_on)
    if number + 1 < len(spans):
        following = spans[number + 1]
        if last_on is None or (following.last_on is not None and last_on >= following.last_on):
            raise Refused("span_swallows", first_on=following.first_on)
        _refuse_ahead(last_on + DAY, clock)
    elif last_on is not None:
        if span.last_on is None:
            raise Refused("correction_closes", office=str(span.office_id))
        _refuse_ahead(last_on + DAY, clock)
