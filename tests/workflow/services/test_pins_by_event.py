"""A recorded `policy_pinned` lets another pack count, and voiding it brings the one before back."""

from datetime import date

import pytest

from tests.builders import CASE, Office, an_office, detected, new_event
from workflow.rules.errors import Invalid
from workflow.services.pinning import pinned
from workflow.store import cases


def policy_of(office: Office) -> str:
    """What counts for the case now, by its row and by its last pin."""
    with office.uow() as uow:
        row = cases.find(uow.session, CASE)
        assert row is not None
        assert pinned(uow, CASE) == row.policy
        return str(row.policy)


def test_a_recorded_pin_counts_and_a_voided_one_no_more() -> None:
    first, day = date(2024, 1, 8), date(2024, 2, 5)
    with an_office() as office:
        office.open(first)
        office.record(first, detected(first))
        before = policy_of(office)
        pin = new_event("policy_pinned", day, id="pin", pack="shanghai")
        office.record(day, pin)
        assert policy_of(office).startswith("shanghai@")
        assert office.view(day).policy == policy_of(office)
        void = new_event("event_voided", day, event_id="pin", reason="错")
        office.record(day, void)
        assert policy_of(office) == before


@pytest.mark.parametrize("pack", ["/etc/passwd", "../x.toml", "中国"])
def test_a_path_has_no_place_in_the_record(pack: str) -> None:
    first = date(2024, 1, 8)
    with an_office() as office:
        office.open(first)
        office.record(first, detected(first))
        with pytest.raises(Invalid) as refused:
            office.record(first, new_event("policy_pinned", first, pack=pack))
        assert refused.value.code == "invalid_value"
        assert office.rows("SELECT count(*) FROM events") == [(2,)]
