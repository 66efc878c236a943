"""Every notice comes to a person, at a humane hour, once; and what is planned twice is planned once."""

from __future__ import annotations

from datetime import date, time

from tests.builders import DAY, new_database
from tests.notifications.counties import a_telling_county

__all__ = ["new_database"]

FIRST = date(2024, 3, 4)
REPORTED = FIRST + 17 * DAY
NEXT = REPORTED + DAY


def test_whoever_sits_in_the_chair_gets_one_digest_at_half_past_eight() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        county.live(NEXT, time(0, 5))
        assert county.told(where="m.recipient = 'w1'") == [
            ("w1", "community_worker", "digest", "sign_agreement", "chair")
        ]
        assert county.told("m.send_from", where="m.recipient = 'w1'") == [
            ("2024-03-22 00:30:00.000000",)
        ]
