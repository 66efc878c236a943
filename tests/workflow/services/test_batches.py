"""Recording for many at once: each item is answered on its own, and sending it all again is harmless."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.builders import new_event
from tests.counties import County, a_county, named
from workflow.rules.errors import Invalid
from workflow.services.batches import BatchAnswer, BatchItem, record_batch
from workflow.services.clock import Instant
from workflow.store.reach import Reach

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
TESTED = FIRST + timedelta(days=40)
NAMES = ("甲", "乙", "丙", "丁")


@pytest.fixture
def county() -> Iterator[County]:
    with a_county(filled=fill) as found:
        yield found


def fill(county: County) -> None:
    for n, name in enumerate(NAMES):
        county.in_detox("north" if n < 3 else "south", name, FIRST + timedelta(days=n))


def urine_of(*names: str) -> list[BatchItem]:
    """Twenty tests on the 15th, as it were."""
    return [
        BatchItem(
            named(f"case {name}"),
            (
                new_event(
                    "test_taken",
                    TESTED,
                    id=f"test of {name}",
                    test_id=f"r-{name}",
                    method="on_site",
                    sample="urine",
                    result="negative",
                    purpose="routine",
                ),
            ),
        )
        for name in names
    ]


def batch(county: County, items: list[BatchItem], reach: Reach | None = None) -> list[BatchAnswer]:
    return record_batch(
        county.uow,
        items,
        packs=county.packs,
        calendar=county.calendar,
        clock=Instant.on(TESTED),
        by="w1",
        reach=reach,
    )


def codes(answers: list[BatchAnswer]) -> list[str | None]:
    """The code of each refusal, None where it was recorded."""
    return [one.refused.code if one.refused else None for one in answers]


def test_each_item_is_answered_on_its_own(county: County) -> None:
    """One person is not known, one has died; the others' tests are recorded all the same."""
    county.record(TESTED, new_event("died", TESTED), case_id=named("case 乙"))
    answers = batch(county, urine_of("甲", "乙", "无", "丙"))
    assert codes(answers) == [None, "not_from_here", "not_found", None]
    assert [one.result is None for one in answers] == [False, True, True, False]
    taken = county.rows("SELECT count(*) FROM events WHERE name = 'test_taken'")
    assert taken == [(len(NAMES) + 2,)]


def test_sent_again_it_is_known(county: County) -> None:
    batch(county, urine_of("甲", "乙"))
    again = batch(county, urine_of("甲", "乙", "丙"))
    assert [one.result and one.result.already_known for one in again] == [True, True, False]


def test_what_is_out_of_reach_answers_like_what_is_unknown(county: County) -> None:
    answers = batch(county, urine_of("甲", "丁", "无"), county.reach("north"))
    assert codes(answers) == [None, "not_found", "not_found"]


def test_an_id_used_out_of_reach_is_like_one_that_nobody_used(county: County) -> None:
    """Or its refusal would tell that somewhere there is such an event."""
    first, other = urine_of("甲"), urine_of("丁")
    batch(county, first)
    stolen = [BatchItem(other[0].case_id, first[0].events)]
    assert codes(batch(county, stolen, county.reach("south"))) == [None]
    assert codes(batch(county, [BatchItem(named("case 乙"), first[0].events)])) == [
        "event_id_conflict"
    ]


def test_an_empty_batch_and_one_too_large_are_refused(county: County) -> None:
    with pytest.raises(Invalid) as refused:
        batch(county, [])
    assert refused.value.code == "empty_request"
    with pytest.raises(Invalid) as refused:
        batch(county, urine_of("甲") * 201)
    assert refused.value.code == "batch_too_large"
