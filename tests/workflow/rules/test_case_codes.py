"""Case codes: the same for ever, no order in them, and nothing that reads like a word or a number."""

import re
from itertools import pairwise
from uuid import UUID

from workflow.rules.case_codes import DIGITS, FORM, LETTERS, case_code

TURNS = re.compile(r"([A-Z][2-9]){2}[A-Z]-[2-9]([A-Z][2-9]){2}")


def following(count: int) -> list[UUID]:
    """Ids made one after the other within a millisecond, as a client makes them."""
    first = UUID("01938f00-0000-7000-8000-000000000000").int
    return [UUID(int=first + n) for n in range(count)]


def test_a_code_never_changes() -> None:
    """What was written on paper by hand has to lead to its case in ten years."""
    assert case_code(UUID("01938f00-0000-7000-8000-00000000c0de")) == "M8P6V-4J9X5"


def test_letters_and_digits_take_turns_so_that_no_word_and_no_number_comes_out() -> None:
    codes = [case_code(one) for one in following(2000)]
    assert all(TURNS.fullmatch(code) for code in codes)
    assert FORM.findall("、".join(codes)) == codes
    assert not set(LETTERS) & set("AEIOUBCKSZ")
    assert not set(DIGITS) & set("01")


def test_cases_opened_one_after_the_other_have_codes_in_no_order_and_all_different() -> None:
    codes = [case_code(one) for one in following(5000)]
    assert len(set(codes)) == len(codes)
    rises = sum(one < other for one, other in pairwise(codes))
    assert 2300 < rises < 2700
    assert {code[0] for code in codes} == set(LETTERS)
