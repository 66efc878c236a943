"""Items, and whatever items there can be: what the tests of content and of words are given."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from notifications.content import PRESSING, Content, Item, Pressing, content_of
from workflow.rules.pack_words import OWNERS
from workflow.rules.sentences.labels import KINDS

TODAY = date(2026, 12, 1)
BECAUSE = (
    "chair",
    "deputy",
    "office",
    "empty",
    "unacknowledged",
    "on_leave",
    "no_channel",
    "nobody_posted",
    "before_order",
    "failed",
)
NAME = "李标记"
"""A marker name: were there a way into a message, it would be found there."""
MARKERS = (NAME, "110101199003078515", "13800138000", "冰毒")


def case(number: int) -> UUID:
    """The id of a case."""
    return UUID(int=0x01938F00_0000_7000_8000_000000000000 + number)


def item(
    number: int = 1,
    kind: str = "routine_test",
    occurrence: str = "m1/w03",
    *,
    pressing: Pressing = "due",
    owner: str = "community_worker",
    late: int = 0,
    because: str = "chair",
) -> Item:
    """One notice."""
    due = TODAY - timedelta(days=late)
    return Item(case(number), kind, occurrence, pressing, owner, due, late, because)


def items() -> st.SearchStrategy[list[Item]]:
    """Whatever items there can be; what a pack or a row could hold in words is a marker name now and then."""
    words = st.sampled_from((*KINDS, *MARKERS))
    return st.lists(
        st.builds(
            item,
            st.integers(1, 30),
            words,
            st.sampled_from(("m1/w03", "m1/2", *MARKERS)),
            pressing=st.sampled_from(PRESSING),
            owner=st.sampled_from((*OWNERS, *MARKERS)),
            late=st.integers(-7, 400),
            because=st.sampled_from((*BECAUSE, *MARKERS)),
        ),
        max_size=60,
    )


def contents() -> st.SearchStrategy[Content]:
    """Whatever a message can say."""
    return st.builds(
        content_of,
        items(),
        sort=st.sampled_from(("digest", "later", "at_once", "alarm")),
        as_role=st.sampled_from((*OWNERS, *MARKERS)),
        for_day=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
        language=st.sampled_from(("zh", "en")),
    )
