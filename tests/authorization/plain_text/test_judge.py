"""Promise: a user's judge is asked where the rules say UNCLEAR, and can do no harm there."""

from __future__ import annotations

import pytest

from askfirst.harness.authorization.plain_text import Asks, decide

UNCLEAR = "Shall I go ahead?"


@pytest.mark.parametrize(("said", "answer"), [(True, Asks.YES), (False, Asks.NO), (None, Asks.UNCLEAR)])
def test_a_judge_decides_what_is_unclear(said: bool | None, answer: Asks) -> None:
    """Its yes is YES, its no is NO, and what it cannot say stays UNCLEAR; the reason says that it was the judge."""
    found = decide(UNCLEAR, judge=lambda _: said)

    assert answer is found.answer
    assert "the judge" in found.because
    assert UNCLEAR == found.sentence


@pytest.mark.parametrize("text", ["Shall I delete the stack?", "I deleted the stack."])
def test_a_judge_is_not_asked_what_is_clear(text: str) -> None:
    """Where the rules say YES or NO, nobody else is asked."""
    asked: list[str] = []

    def judge(text: str) -> bool:
        asked.append(text)
        return False

    assert decide(text) == decide(text, judge=judge)
    assert [] == asked


def test_a_judge_that_fails_decides_nothing() -> None:
    """What it raises is the reason."""

    def judge(_: str) -> bool:
        message = "no model"
        raise RuntimeError(message)

    found = decide(UNCLEAR, judge=judge)

    assert Asks.UNCLEAR is found.answer
    assert "RuntimeError: no model" in found.because


@pytest.mark.parametrize("said", ["yes", 1, 0, [], Asks.YES])
def test_only_true_and_false_are_answers(said: object) -> None:
    """Anything else that a judge gives, however much it looks like a yes, leaves the text unclear."""

    def judge(_: str) -> bool | None:
        return said  # type: ignore[return-value]

    found = decide(UNCLEAR, judge=judge)

    assert Asks.UNCLEAR is found.answer
    assert repr(said) in found.because


def test_without_a_judge_unclear_stays_unclear() -> None:
    """Nobody is asked."""
    assert Asks.UNCLEAR is decide(UNCLEAR).answer
