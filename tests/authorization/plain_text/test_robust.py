"""Promise: the answer depends on what a text says, whoever decorates it, and comes quickly whatever it is."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.authorization.plain_text.corpus import NAMES, samples

from askfirst.harness.authorization.plain_text import Asking, Asks, asks

TEXTS = [one.text for one in samples()]
SOME = TEXTS[::3]
PIECES = st.lists(st.one_of(st.sampled_from(TEXTS), st.text(), st.sampled_from("?.!*_`>#\"'\n ")), max_size=6).map(
    "".join
)
DECORATIONS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "space at the end": lambda text: f"{text}  \n\n ",
    "space at the start": lambda text: f"\n\n  {text}",
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "more empty lines": lambda text: text.replace("\n\n", "\n\n\n\n"),
    "bold": lambda text: _last_line(text, "**{}**"),
    "italics": lambda text: _last_line(text, "*{}*"),
    "underlined": lambda text: _last_line(text, "__{}__"),
    "a heading": lambda text: _last_line(text, "## {}"),
    "a rule below": lambda text: f"{text}\n\n---\n",
    "a bullet": lambda text: _last_line(text, "- {}"),
    "curly apostrophes": lambda text: text.replace("n't", "n\u2019t").replace("I'", "I\u2019"),
    "umlauts in two parts": lambda text: text.replace("\u00f6", "o\u0308").replace("\u00fc", "u\u0308"),
    "no umlauts": lambda text: text.replace("\u00f6", "oe").replace("\u00fc", "ue").replace("\u00e4", "ae"),
}
DEEDS = (
    "I deleted the stack legacy-vpc.",
    "I have restarted billing-api.",
    "Restarted payments-db.",
    "I've already purged the queue.",
    "Ich habe den Stack legacy-vpc gel\u00f6scht.",
    "billing-api habe ich neu gestartet.",
)
PHRASES = "may i|please|please confirm the|shall i delete x?|i will|if i|asked :|bitte|zu|ich habe geloescht|aws --a b|roll the"
ADVERSARIES = (
    *(f"{one} " for one in PHRASES.split("|")),
    *(
        "[",
        "`",
        "'",
        '"',
        "*",
        "_",
        "?",
        ".",
        " ",
        "\n",
        "\u201d",
        "\u00ab",
        "(y/n",
        "a.",
        "a\n",
        "> a\n",
        "- x\n",
        "```\n",
    ),
    *(f"{'x' * 59}\n", "1. ", "ge", "delete", "I deleted it. "),
)


def _last_line(text: str, decoration: str) -> str:
    before, line, last = text.rpartition("\n")
    return text if last[:1] in {">", "`", "#", "("} or "*" in last else f"{before}{line}{decoration.format(last)}"


@given(PIECES)
@settings(max_examples=400, deadline=None)
def test_any_text_has_an_answer(text: str) -> None:
    """Whatever an agent says, there is an answer with a reason, and the words that ask are among those it said."""
    found = asks(text, NAMES)

    assert isinstance(found, Asking)
    assert found.because
    assert found.answer is Asks.NO or found.sentence


@pytest.mark.parametrize("name", DECORATIONS)
def test_decoration_changes_nothing(name: str) -> None:
    """Every third text of the corpus has the answer it has, in capitals, in bold, as a list, with other line ends and letters."""
    changed = [text for text in SOME if asks(text, NAMES).answer is not asks(DECORATIONS[name](text), NAMES).answer]

    assert [] == changed


@given(st.sampled_from(TEXTS), st.lists(st.sampled_from(sorted(DECORATIONS)), max_size=4, unique=True))
@settings(max_examples=200, deadline=None)
def test_decorations_do_not_add_up(text: str, names: list[str]) -> None:
    """Several decorations one after the other change nothing either."""
    decorated = text
    for name in names:
        decorated = DECORATIONS[name](decorated)

    assert asks(text, NAMES).answer is asks(decorated, NAMES).answer


@given(PIECES, st.sampled_from(DEEDS), st.sampled_from(["\n\n", "\n", " "]))
@example("Shall we?", DEEDS[0], "\n\n")
@settings(max_examples=400, deadline=None)
def test_a_deed_told_afterwards_asks_for_nothing(text: str, deed: str, between: str) -> None:
    """A text that is no request is none when a deed is told behind it."""
    if asks(text, NAMES).answer is Asks.NO:
        assert asks(f"{text}{between}{deed}", NAMES).answer is not Asks.YES


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_told_afterwards_ends_a_request(deed: str) -> None:
    """No third text of the corpus asks for a change any more once it ends with a deed."""
    assert [] == [text for text in SOME if asks(f"{text}\n\n{deed}", NAMES).answer is Asks.YES]


@pytest.mark.parametrize("piece", ADVERSARIES)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    """Ten times the text takes not much more than ten times as long, however it repeats itself: no pattern runs away."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.process_time()
        asks(text)
        return time.process_time() - started

    seconds(20_000)
    short, long = min(seconds(20_000) for _ in range(3)), seconds(200_000)

    assert long < 30 * max(short, 0.002)
