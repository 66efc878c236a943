"""What a message says: statutory first, nothing twice, by owner and age for those who lead."""

import json
from typing import Any

from hypothesis import given

from notifications.content import AGES, DAYS, MOST_CODES, Content, Gap, Item, age_of, content_of
from tests.notifications.saying import MARKERS, TODAY, case, contents, item, items
from workflow.rules.case_codes import case_code
from workflow.store import desks


def said(*given: Item, as_role: str = "community_worker") -> Content:
    return content_of(given, sort="digest", as_role=as_role, for_day=TODAY, language="zh")


def test_statutory_stands_first_then_overdue_due_coming() -> None:
    found = said(
        item(1, pressing="coming", late=-5),
        item(2, pressing="due"),
        item(3, pressing="overdue", late=2),
        item(4, pressing="statutory"),
    )
    assert [part.pressing for part in found.parts] == ["statutory", "overdue", "due", "coming"]
    assert found.count == 4


def test_an_obligation_stands_once_where_its_recipient_is_told_in_two_roles() -> None:
    """A supervisor who stands in for an empty chair hears of the thing as owner and as supervisor."""
    twice = (item(because="empty", pressing="due"), item(because="office", pressing="due"))
    found = said(*twice, as_role="supervisor")
    assert (found.count, found.gaps) == (1, ())
    assert said(*reversed(twice), as_role="supervisor") == found


def test_windows_of_one_kind_are_two_obligations_in_one_case() -> None:
    found = said(item(occurrence="m1/w03"), item(occurrence="m1/w04"))
    assert [(part.count, part.cases) for part in found.parts] == [(2, 1)]


def test_who_leads_hears_exceptions_by_owner_and_age_their_own_first() -> None:
    found = said(
        item(1, pressing="overdue", late=3),
        item(2, pressing="overdue", late=31),
        item(3, pressing="overdue", late=31, owner="community_police"),
        item(4, pressing="overdue", late=2),
        item(5, pressing="overdue", late=5, owner="county_office"),
        as_role="county_office",
    )
    assert [(part.owner, part.age, part.count) for part in found.parts] == [
        ("own", "up_to_7", 1),
        ("community_worker", "over_30", 1),
        ("community_worker", "up_to_3", 2),
        ("community_police", "over_30", 1),
    ]


def test_gaps_are_counted_by_chair_and_not_by_obligation() -> None:
    found = said(
        item(1, occurrence="m1/w03", because="empty"),
        item(1, occurrence="m1/w04", because="empty"),
        item(2, because="empty"),
        item(2, "report_use", owner="community_police", because="no_channel"),
        item(3, because="deputy"),
        as_role="supervisor",
    )
    assert found.gaps == (Gap("empty", 2), Gap("no_channel", 1))
    assert found.deputed == 1


def test_ages_are_those_of_the_desk() -> None:
    assert desks.AGES == DAYS
    assert [age_of(days) for days in (-3, 0, 1, 3, 4, 7, 8, 30, 31)] == [
        None,
        None,
        *(age for age in AGES[:3] for _ in range(2)),
        AGES[3],
    ]


def test_the_latest_cases_are_named_and_the_others_counted() -> None:
    many = [item(n, pressing="overdue", late=n) for n in range(1, 61)]
    (part,) = said(*many).parts
    assert (part.count, part.cases, len(part.codes)) == (60, 60, MOST_CODES)
    assert part.codes[0] == case_code(case(60))


def test_an_alarm_is_about_no_case() -> None:
    found = content_of([], sort="alarm", as_role="county_office", for_day=TODAY, language="zh")
    assert (found.parts, found.gaps, found.count) == ((), (), 0)


@given(contents())
def test_it_comes_back_out_of_a_database_as_it_went_in(content: Content) -> None:
    assert Content.from_json(json.loads(json.dumps(content.to_json()))) == content


@given(items())
def test_nothing_is_lost_and_nothing_counted_twice(given_items: list[Item]) -> None:
    keys = {(one.case_id, one.kind, one.occurrence) for one in given_items}
    for role in ("community_worker", "supervisor"):
        assert said(*given_items, as_role=role).count == len(keys)


@given(contents())
def test_what_is_kept_holds_no_word_of_a_case(content: Content) -> None:
    """Kinds, occurrences and handles stay outside: the row of a message is read by more people than a case."""
    kept = json.dumps(content.to_json(), ensure_ascii=False)
    assert not [marker for marker in MARKERS if marker in kept]
    assert "routine_test" not in kept


def test_two_runs_fix_the_same_content_in_whatever_order_rows_come() -> None:
    many: list[Any] = [item(n, pressing="overdue", late=n % 5 + 1) for n in range(40)]
    moved = [many[(n * 7) % 40] for n in range(40)]
    assert said(*many) == said(*moved)
