"""A document as data: blocks of plain text. Who writes it need not know of Markdown or HTML, and who renders it escapes all."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.harness.report.timeline import plain

LONGEST = 600
"""How much of one text is shown: an agent may have written a megabyte."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points; with `todo` each has a box to tick."""

    texts: tuple[str, ...]
    todo: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, line by line."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the head. The rows in `marked` are the ones to look at."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[int, ...] = ()


Block = Heading | Paragraph | Points | Quote | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A title and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def quoted(text: str, lines: int = 30) -> Quote:
    """Give somebody's words as a quotation: escaped, each line and the whole of them cut."""
    start = text[: lines * LONGEST].strip().split("\n")
    shown = [plain(one, LONGEST) for one in start[:lines]]
    if len(start) > lines or len(text) > lines * LONGEST:
        shown.append(f"… ({len(text):,} characters in all)")
    return Quote(tuple(shown))
