"""What a well-formed pack says in vain, or against itself."""

from pathlib import Path

import pytest

from tests.pack_files import problems_of, refused, write_overlay
from workflow.services.packs import load_pack

STANDARD = "[ladders.standard]\nCITED"
SHORT = "[ladders.short]\nCITED"


@pytest.mark.parametrize(
    ("body", "code", "key"),
    [
        # windows that are never open
        (
            '[obligations.plan_handover]\ndue = "30 d"\nCITED',
            "empty_window",
            "obligations.plan_handover.opens",
        ),
        (
            '[obligations.send_papers]\nopens = "9 d"\nCITED',
            "empty_window",
            "obligations.send_papers.opens",
        ),
        (
            '[obligations.prepare_exit]\nopens = "5 d"\nCITED',
            "empty_window",
            "obligations.prepare_exit.opens",
        ),
        # rules that ended before they began
        (
            '[obligations.report_in]\nbasis = "law"\nsource = "旧法 1"\nrules = ["CD-03"]\n'
            "since = 2008-01-01\nuntil = 2026-10-31\n",
            "never_fires",
            "obligations.report_in.until",
        ),
        # what comes after the longest isolation has ended
        (
            '[custody]\nearly_release_after = "36 m"\nCITED',
            "never_fires",
            "custody.early_release_after",
        ),
        (
            '[obligations.one_year_evaluation]\nopens = "40 m"\nCITED',
            "never_fires",
            "obligations.one_year_evaluation.opens",
        ),
        (
            '[obligations.facility_transfer]\ndue = "36 m"\nCITED',
            "never_fires",
            "obligations.facility_transfer.due",
        ),
        # numbers for years that no term reaches
        (
            "[obligations.routine_test]\nwindows.recovery = [12, 6, 4, 2]\nCITED",
            "never_fires",
            "obligations.routine_test.windows.recovery",
        ),
        (
            "[obligations.visit]\nwindows.community_detox.low = [6, 6, 6, 6]\nCITED",
            "never_fires",
            "obligations.visit.windows.community_detox.low",
        ),
        # needs
        (
            '[team]\nCITED\n[team.needs]\nill = "community_doctor"\n',
            "need_is_fixed_chair",
            "team.needs.ill",
        ),
        # hours
        ('[settings]\ndigest_at = "21:00"\nCITED', "digest_in_quiet_hours", "settings.digest_at"),
        ('[settings]\ndigest_at = "07:59"\nCITED', "digest_in_quiet_hours", "settings.digest_at"),
        (
            '[settings]\nquiet_from = "08:00"\nquiet_until = "09:00"\nCITED',
            "digest_in_quiet_hours",
            "settings.digest_at",
        ),
        (
            '[settings]\nquiet_from = "08:00"\nquiet_until = "08:00"\nCITED',
            "empty_window",
            "settings.quiet_from",
        ),
        # ladders
        (
            STANDARD + 'rungs = [{ at = 3, to = ["owner"] }, { at = 0, to = ["owner"] }]\n',
            "rungs_out_of_order",
            "ladders.standard.rungs",
        ),
        (
            STANDARD + 'rungs = [{ at = 0, to = ["owner"] }, { at = 0, to = ["supervisor"] }]\n',
            "rungs_out_of_order",
            "ladders.standard.rungs",
        ),
        (
            SHORT + 'rungs = [{ at = 0, to = ["owner"] }, { at = "opening", to = ["owner"] }]\n',
            "rungs_out_of_order",
            "ladders.short.rungs",
        ),
        (
            SHORT + 'rungs = [{ at = -7, to = ["owner"] }, { at = 0, to = ["owner"] }]\n',
            "never_fires",
            "ladders.short.rungs.1",
        ),
        ("[settings]\nshort_ladder_up_to = 366\nCITED", "never_fires", "ladders.standard"),
        # single messages for what is not of a day
        (
            "[obligations.visit]\ndigest = false\nCITED",
            "not_for_this_kind",
            "obligations.visit.digest",
        ),
    ],
)
def test_what_is_said_in_vain_is_refused(tmp_path: Path, body: str, code: str, key: str) -> None:
    assert refused(write_overlay(tmp_path, body)) == {(code, key)}


def test_a_ladder_that_no_obligation_is_short_enough_for(tmp_path: Path) -> None:
    body = """
[settings]
short_ladder_up_to = 0
CITED
[obligations.confirm_release]
due = "4 d"
CITED
"""
    assert refused(write_overlay(tmp_path, body)) == {("never_fires", "ladders.short")}


def test_a_rung_is_named_with_the_longest_period_that_it_could_serve(tmp_path: Path) -> None:
    body = SHORT + 'rungs = [{ at = -4, to = ["owner"] }, { at = 0, to = ["owner"] }]\n'
    (problem,) = problems_of(write_overlay(tmp_path, body))
    assert "-4" in problem.en
    assert "3 days" in problem.en


@pytest.mark.parametrize(
    "body",
    [
        '[settings]\ndigest_at = "08:00"\nCITED',
        '[settings]\ndigest_at = "19:59"\nCITED',
        '[settings]\nquiet_from = "12:00"\nquiet_until = "14:00"\nCITED',
        '[obligations.send_papers]\nopens = "11 d"\nCITED',
        SHORT + 'rungs = [{ at = -3, to = ["owner"] }, { at = 0, to = ["owner"] }]\n',
        "[obligations.visit]\nwindows.follow_up.low = [2, 2, 2, 2, 1]\nCITED",
        '[custody]\nearly_release_after = "35 m"\nCITED',
        '[obligations.report_in]\nbasis = "law"\nsource = "条例 14"\nrules = ["CD-03"]\n'
        "since = 2011-06-26\nuntil = 2026-11-01\n",
    ],
)
def test_what_only_just_makes_sense_is_taken(tmp_path: Path, body: str) -> None:
    assert load_pack(write_overlay(tmp_path, body)).id == "trial"
