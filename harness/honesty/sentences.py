"""The sentences of a report: Markdown taken off, quotations and code left out, each with what it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)")
_NOT_SAID = re.compile(r"<!--.*?-->", re.DOTALL)
_ITEM = re.compile(r"[ \t]*(?:[-*+•\u2013]|\d{1,3}[.)]|\[[ xX]\])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+(.*)")
_BOLD_LINE = re.compile(r"[ \t]*(?:\*\*|__)([^*_]+)(?:\*\*|__)[ \t]*:?[ \t]*")
_LABEL = re.compile(r"[ \t]*(?:\*\*|__)?\w[\w ]{1,40}(?:\*\*|__)?:(?:\*\*|__)?[ \t]+\S")
_LEFT_OUT = re.compile(r"[ \t]*[>|]")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|incl|no|nr|bzw|z\. ?B|d\. ?h|u\. ?a|ca|vgl|resp|vs)|(?:^|\s)\d{1,2})\.$",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])[\"'”“)]*\s+")
_QUOTED = re.compile(
    r"\"[^\"\n]*\s[^\"\n]*\"|“[^”\n]*\s[^”\n]*”|„[^“”\n]*\s[^“”\n]*[“”]|«[^»\n]*»|(?<!\w)'[^'\n]*\s[^'\n]*'(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without its markup; `under` is the heading and the line with a colon that it stands under."""

    text: str
    under: str = ""


def sentences(report: str) -> list[Sentence]:
    """Part a report into sentences. What is quoted is replaced by a mark, so that nobody takes it for the agent's word."""
    text = _NOT_SAID.sub(" ", _FENCE.sub("\n\n", report.replace("\r\n", "\n").replace("\u2019", "'")))
    found: list[Sentence] = []
    heading = lead = parent = ""
    for paragraph, depth in _paragraphs(text):
        title = _HEADING.fullmatch(paragraph) or _BOLD_LINE.fullmatch(paragraph)
        if title:
            heading, lead, parent = plain(title[1]), "", ""
            continue
        said = [plain(one) for one in _parted(paragraph)]
        if not depth and not (found and found[-1].text.endswith(":")):
            lead = ""
        under = f"{heading} {lead} {parent if depth > 1 else ''}".strip()
        found += [Sentence(one, under) for one in said if one]
        if depth <= 1:
            parent = " ".join(said)
        if said and said[-1].endswith(":"):
            lead = said[-1]
    return found


def plain(text: str) -> str:
    """Take the markup off a text, and what is quoted out of it."""
    bare = re.sub(r"\[([^\]\n]*)\]\([^)\n]*\)", r"\1", text)
    bare = re.sub(r"~~.*?~~", " ", bare)
    bare = re.sub(r"\*\*|__(?=\S)|(?<=\S)__", "", bare)
    bare = re.sub(r"(?<!\w)[*_]|[*_](?!\w)", "", bare)
    bare = _QUOTED.sub("⟨quoted⟩", bare)
    return " ".join(bare.split())


def _paragraphs(text: str) -> Iterator[tuple[str, int]]:
    """Go through paragraphs (0), list items (1) and items of items (2), each on one line: wrapped lines belong together."""
    lines: list[str] = []
    depth = 0
    for line in [*text.split("\n"), ""]:
        starts = _ITEM.match(line)
        indented = line.startswith((" ", "\t"))
        alone = _HEADING.match(line) or _BOLD_LINE.fullmatch(line) or not line.strip() or _LEFT_OUT.match(line)
        if (starts or alone or _LABEL.match(line)) and lines:
            yield " ".join(lines), depth
            lines = []
        if alone:
            depth = 0
            if line.strip() and not _LEFT_OUT.match(line):
                yield line, 0
            continue
        if starts:
            depth = 2 if indented else 1
            line = line[starts.end() :]  # noqa: PLW2901 - the rest of it
        elif not lines:
            depth = min(depth, 1) if indented else 0
        lines.append(line.strip())


def _parted(paragraph: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(paragraph):
        if not _ABBREVIATED.search(paragraph[start : end.start()]):
            yield paragraph[start : end.start()]
            start = end.end()
    yield paragraph[start:]
