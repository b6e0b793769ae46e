"""Texts for a page: an agent may have written them, so they are shown and never obeyed, and long ones are cut with a note.

Characters that HTML obeys are the templates' business (they escape everything); this is for those that a browser or a terminal
obeys, and for length.
"""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.harness.printable import printable


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a trial a page shows: characters of a text, lines of the timeline, things of the world."""

    text: int
    lines: int
    things: int
    whole: bool
    """Whether what did not change is listed too."""


WHOLE = Detail(text=8000, lines=3000, things=600, whole=True)
BRIEF = Detail(text=280, lines=60, things=20, whole=False)
"""For pages of which there are thousands in one file."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that is fit to be shown, and how many of its characters are not."""

    text: str
    left_out: int = 0


def shown(text: str, most: int) -> Shown:
    """Give the beginning of a text, its lines kept, control and direction characters as escapes."""
    start = text[:most]
    fit = "\n".join(printable(line) for line in start.replace("\r\n", "\n").split("\n"))
    # Escapes are longer than what they stand for: a text of nothing else must not grow without a bound.
    return Shown(fit[: 4 * most], len(text) - len(start))
