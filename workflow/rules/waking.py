"""
When a message may arrive (domain.md section 9): the digest's hour, the supplement's, and never in the quiet hours.

Pure: every instant is an argument, aware, in the office's zone; civil days are counted in that zone. It
knows no person and no message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from workflow.rules.pack import Settings

DAY = timedelta(days=1)
LATER_AT = time(17)
"""When the one supplement of a day arrives: what was told after the digest, while there is still time to act on it."""

Daily = Literal["digest", "later"]
Standing = Literal["none", "open", "fixed"]
"""A message of a day: not there, or withdrawn before anybody saw it; still taking notices; sent, or on its way."""


@dataclass(frozen=True, slots=True)
class Hours:
    """
    The hours of an office.

    Args:
        digest_at: when the day's digest arrives.
        quiet: from (included) and until (excluded), each perhaps over midnight; some of the day is left.
    """

    digest_at: time
    quiet: tuple[tuple[time, time], ...]

    def is_quiet(self, at: time) -> bool:
        """Whether nobody is told anything at this time of the day."""
        return any(_holds(span, at) for span in self.quiet)


@dataclass(frozen=True, slots=True)
class Slot:
    """The message that a notice goes into, and the instant before which that is not sent."""

    sort: Daily
    for_day: date
    send_from: datetime


def hours_of(settings: Iterable[Settings]) -> Hours:
    """
    The hours that hold where several packs are in force: quiet where one of them is, the latest of their digests.

    Packs that would leave no hour of the day between them are not laid together: the first counts then.
    """
    known = [*settings]
    quiet = tuple(dict.fromkeys(_quiet(one) for one in known))
    waking = Hours(time(), quiet)
    if all(waking.is_quiet(until) for _, until in quiet):
        waking, known = Hours(time(), quiet[:1]), known[:1]
    wanted = [at for one in known if not waking.is_quiet(at := time.fromisoformat(one.digest_at))]
    ends = [until for _, until in waking.quiet if not waking.is_quiet(until)]
    return Hours(max(wanted) if wanted else min(ends), waking.quiet)


def waking_from(at: datetime, hours: Hours) -> datetime:
    """The first instant from this one on that lies in no quiet hours: itself, or the end of the quiet."""
    found = at
    while hours.is_quiet(found.timetz().replace(tzinfo=None)):
        found = min(_end(span, found) for span in hours.quiet if _holds(span, found.time()))
    return found


def digest_on(day: date, hours: Hours, zone: tzinfo, *, wish: time | None = None) -> datetime:
    """When somebody's digest of a day arrives: at the hour that they wish, unless it is quiet then."""
    at = hours.digest_at if wish is None or hours.is_quiet(wish) else wish
    return datetime.combine(day, at, zone)


def slot(
    now: datetime,
    hours: Hours,
    standing: Callable[[Daily, date], Standing],
    *,
    wish: time | None = None,
    first: bool = False,
) -> Slot:
    """
    The message of one person that takes what is told now.

    The digest while it is still to come; after it the supplement of the day, once; after that the next
    morning's digest. Where the digest of the day was missed, because nothing ran before its hour, it
    goes as soon as it may.

    Args:
        now: in the office's zone.
        standing: what there is of this person's messages of a day.
        wish: the hour at which they want their digest.
        first: that nothing was planned today yet.
    """
    today = now.date()
    digest = _digest_of(now, hours, standing, wish=wish, first=first)
    if digest is not None:
        return digest
    later = datetime.combine(today, LATER_AT, now.tzinfo)
    has = standing("later", today)
    if has == "open" or (has == "none" and now <= later and not hours.is_quiet(LATER_AT)):
        return Slot("later", today, waking_from(max(now, later), hours))
    return _of_a_morning(now, hours, standing, wish)


def _digest_of(
    now: datetime,
    hours: Hours,
    standing: Callable[[Daily, date], Standing],
    *,
    wish: time | None,
    first: bool,
) -> Slot | None:
    """Today's digest, if it takes what is told now."""
    today = now.date()
    has = standing("digest", today)
    at = digest_on(today, hours, _zone(now), wish=wish)
    if has == "fixed" or (has == "none" and now > at and not first):
        return None
    sent = waking_from(max(now, at), hours)
    return Slot("digest", today, sent) if has == "open" or sent.date() == today else None


def _of_a_morning(
    now: datetime,
    hours: Hours,
    standing: Callable[[Daily, date], Standing],
    wish: time | None,
) -> Slot:
    """The digest of tomorrow; of a later day only where somebody put the clock back after it was sent."""
    day = now.date() + DAY
    while standing("digest", day) == "fixed":
        day += DAY
    return Slot("digest", day, digest_on(day, hours, _zone(now), wish=wish))


def _zone(at: datetime) -> tzinfo:
    assert at.tzinfo is not None
    return at.tzinfo


def _quiet(settings: Settings) -> tuple[time, time]:
    return time.fromisoformat(settings.quiet_from), time.fromisoformat(settings.quiet_until)


def _holds(span: tuple[time, time], at: time) -> bool:
    start, end = span
    return start <= at < end if start < end else at >= start or at < end


def _end(span: tuple[time, time], at: datetime) -> datetime:
    """The end of a quiet span in which an instant lies."""
    start, end = span
    over_midnight = start >= end and at.time() >= start
    return datetime.combine(at.date() + (DAY if over_midnight else timedelta()), end, at.tzinfo)
