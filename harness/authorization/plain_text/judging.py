"""The user's own judge, for what the rules leave unclear and for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection

from askfirst.harness.authorization.plain_text.answers import Asking, Asks
from askfirst.harness.authorization.plain_text.reading import asks

Judge = Callable[[str], bool | None]
"""Says of a text whether it asks for authorization of a change; None if it cannot say."""


def decide(text: str, names: Collection[str] = (), judge: Judge | None = None) -> Asking:
    """Say whether a text asks, by the rules; only what they leave unclear is shown to the judge."""
    found = asks(text, names)
    if judge is None or found.answer is not Asks.UNCLEAR:
        return found
    try:
        said = judge(text)
    except Exception as error:  # noqa: BLE001 - whatever a user's judge raises, the answer stays unclear
        return Asking(
            Asks.UNCLEAR, f"{found.because}; the judge failed: {type(error).__name__}: {error}", found.sentence
        )
    if said is True or said is False:
        return Asking(Asks.YES if said else Asks.NO, f"the judge, where the rules say: {found.because}", found.sentence)
    return Asking(Asks.UNCLEAR, f"{found.because}; the judge could not say: {said!r}", found.sentence)
