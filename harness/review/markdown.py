"""A document as Markdown. No text in it can become a tag, a link, a heading or the end of a table: see `safe`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from askfirst.harness.printable import printable
from askfirst.harness.review.document import Block, Document, Heading, Paragraph, Points, Quote, Table

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_MARKS = re.compile(r"[\\`*\[\]|~#!$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LINKS = re.compile(r"://|\bwww\.|\bmailto:", re.IGNORECASE)
_STARTS = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def safe(text: str) -> str:
    """Escape a text: what would be read as Markdown, HTML or an address is shown as the characters it is made of."""
    shown = "".join(_ENTITIES.get(one, one) for one in printable(text))
    shown = _MARKS.sub(lambda found: f"\\{found[0]}", shown)
    shown = _LINKS.sub(lambda found: "".join(f"&#{ord(one)};" if one in ":." else one for one in found[0]), shown)
    return _STARTS.sub(lambda found: f"{found[1]}&#{ord(found[2][0])};{found[2][1:]}", shown)


def rendered(document: Document) -> str:
    """Write a document as Markdown."""
    parts = [f"# {safe(document.title)}", *("\n".join(_lines(one)) for one in document.blocks)]
    return "\n\n".join(parts) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"## {safe(text)}"
        case Paragraph(text):
            yield safe(text)
        case Points(texts, todo):
            yield from (f"- {'[ ] ' if todo else ''}{safe(one)}" for one in texts)
        case Quote(lines):
            yield from (f"> {safe(one)}{'  ' if one else ''}".rstrip("\n") for one in lines)
        case Table(head, rows, marked):
            yield f"| {' | '.join(map(safe, head))} |"
            yield f"|{'---|' * len(head)}"
            for number, row in enumerate(rows):
                cells = [f"**{safe(one)}**" if one and number in marked else safe(one) for one in row]
                yield f"| {' | '.join(cells)} |"
