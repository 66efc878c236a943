"""The numbers of a pack are all there, each with its citation; two packs differ where their numbers do."""

from dataclasses import replace

from workflow.rules.pack import Span
from workflow.services.pack_numbers import changed_numbers, numbers_of
from workflow.services.packs import load_pack, shipped_packs

NATIONAL = load_pack("cn-national")


def test_every_number_stands_at_its_place_with_its_source() -> None:
    found = {each.place: each for each in numbers_of(NATIONAL)}
    assert found["terms.isolation"].value == "24 m"
    assert found["terms.isolation"].basis == "law"
    assert "禁毒法" in found["terms.isolation"].source
    assert {f"obligations.{kind}" for kind in NATIONAL.obligations} <= {
        ".".join(place.split(".")[:2]) for place in found
    }
    assert not any(place.endswith((".basis", ".source", ".label.zh")) for place in found)


def test_an_overlay_differs_in_what_it_says_and_in_nothing_else() -> None:
    (change,) = changed_numbers(NATIONAL, load_pack("beijing-dongcheng"))
    assert change.place == "obligations.routine_test.windows.recovery"
    assert (change.before, change.after) != (None, None)
    assert change.after
    assert change.after.value == "12 / 4 / 2"
    assert "东城" in change.after.source


def test_a_changed_term_is_found_in_both_directions() -> None:
    longer = replace(NATIONAL, terms=replace(NATIONAL.terms, isolation=Span(30, "m")))
    for old, new, shown in ((NATIONAL, longer, "30 m"), (longer, NATIONAL, "24 m")):
        (change,) = changed_numbers(old, new)
        assert change.after
        assert (change.place, change.after.value) == ("terms.isolation", shown)


def test_a_pack_does_not_differ_from_itself() -> None:
    for pack in map(load_pack, shipped_packs()):
        assert changed_numbers(pack, pack) == []
