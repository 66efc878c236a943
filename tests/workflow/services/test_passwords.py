"""What is chosen cannot be guessed in a few tries; what is kept opens to nothing else, and costs the same for nobody."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts import PASSWORD, QUICK
from workflow.rules.errors import Invalid, Unavailable
from workflow.services import passwords
from workflow.services.passwords import LONGEST, Passwords, digest_of, is_guessable, new_secret


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is stretched from now on, each by its name."""
    calls: list[str] = []

    def noted(name: str, real: Any) -> Any:
        def call(*args: Any) -> Any:
            calls.append(name)
            return real(*args)

        return call

    for name in ("verify", "verify_and_update", "hash"):
        monkeypatch.setattr(QUICK._hash, name, noted(name, getattr(QUICK._hash, name)))
    return calls


def test_only_the_password_opens_what_was_kept() -> None:
    kept = QUICK.hashed(PASSWORD, "w1")
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert QUICK.verified(PASSWORD, kept) == kept
    assert QUICK.verified(PASSWORD + " ", kept) is None
    assert QUICK.verified("", kept) is None
    assert QUICK.hashed(PASSWORD, "w1") != kept, "each has a salt of its own"


@given(st.text(max_size=300))
def test_nothing_opens_where_there_is_no_password(given_text: str) -> None:
    assert QUICK.verified(given_text, None) is None


def test_a_password_longer_than_any_that_is_kept_is_wrong() -> None:
    longest = "字号" * (LONGEST // 2 - 6) + "abcdefghijkl"
    kept = QUICK.hashed(longest, "w1")
    assert QUICK.verified(longest, kept) == kept
    assert QUICK.verified(longest + "x", kept) is None


def test_every_keyboard_gives_the_same() -> None:
    """Full width from a Chinese input method, a letter and its accent in one or in two."""
    kept = QUICK.hashed("Café au lait 42", "w1")
    assert QUICK.verified("Ｃａｆe\u0301 ａｕ lait 42", kept) == kept


@pytest.mark.parametrize(
    "short", ["", "elevenchars", "十一个字不够用的密码啊", "x" * 201, "ok so far \ud800 x"]
)
def test_too_short_too_long_or_no_text(short: str) -> None:
    with pytest.raises(Invalid, match="password_unusable"):
        QUICK.hashed(short, "w1")


@pytest.mark.parametrize(
    "easy",
    [
        *("123456789012", "aaaaaaaaaaaa", "abcdefghijklm", "abababababab", "987654321098"),
        *(
            "worker.li-worker.li",
            "Password12345",
            "passwordpassword",
            "qwertyuiop123",
            "woaini123456",
        ),
    ],
)
def test_what_everybody_tries_first(easy: str) -> None:
    with pytest.raises(Invalid, match="password_guessable"):
        QUICK.hashed(easy, "worker.li")


@pytest.mark.parametrize(
    "good", [PASSWORD, "correct horse battery", "春眠不觉晓处处闻啼鸟夜来", "Xk9#mQ2!vT7$"]
)
def test_what_nobody_tries(good: str) -> None:
    assert not is_guessable(good, "w1")


def test_what_was_made_more_cheaply_is_made_anew() -> None:
    dear, cheap = Passwords(time_cost=1, memory_kib=64), QUICK.hashed(PASSWORD, "w1")
    renewed = dear.verified(PASSWORD, cheap)
    assert renewed not in (None, cheap)
    assert dear.verified(PASSWORD, renewed) == renewed
    assert dear.verified("not the right one", cheap) is None


def test_nobody_costs_what_somebody_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = QUICK.hashed(PASSWORD, "w1")
    QUICK.verified("x", None)  # what nobody has is made once
    calls = counted(monkeypatch)
    QUICK.verified("wrong", kept)
    known, calls[:] = len(calls), []
    QUICK.verified("wrong", None)
    QUICK.verified("x" * 500, kept)
    assert (known, len(calls)) == (1, 2)


def test_a_flood_waits_for_room_and_is_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    narrow, full, done = Passwords(1, 32, at_once=1), Barrier(2), Barrier(2)
    kept = narrow.hashed(PASSWORD, "w1")

    def hold() -> None:
        with narrow._in_turn():
            full.wait(5)
            done.wait(5)

    thread = Thread(target=hold)
    thread.start()
    full.wait(5)
    with pytest.raises(Unavailable, match="logins_busy"):
        narrow.verified(PASSWORD, kept)
    done.wait(5)
    thread.join()
    assert narrow.verified(PASSWORD, kept) == kept, "there is room again"


def test_secrets_are_drawn_and_their_digests_tell_nothing() -> None:
    found = {new_secret("gts") for _ in range(100)}
    assert len(found) == 100
    assert all(len(one) >= 43 for one in found)
    assert digest_of("\ud800") != digest_of("x")
