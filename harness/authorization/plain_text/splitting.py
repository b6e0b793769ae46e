"""A text parted into what is said in it: sentences, lines of lists and code, without decoration and without quotations."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from askfirst.harness.authorization.plain_text.vocabulary import mistyped, spellings

LONGEST = 1200
"""Characters of one sentence that are read: half of them from its beginning, half from its end."""

QUOTE = "<quote>"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: as it stands, and as the rules read it. `item`: it is a line of a list, `code`: of a code block."""

    words: str
    plain: str
    item: bool = False
    code: bool = False

    @property
    def question(self) -> bool:
        """Whether it ends as a question does."""
        return "?" in self.words[-12:]


_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r"\s*[-=*_]{3,}\s*")
_ITEM = re.compile(
    r"^\s*(?:#{1,6}\s+)?(?:\*\*|__|[*_](?=\w))?(?:(?:[-*+•⏺●▪◦]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+(?:\[[ xX]?\]\s+)?){1,3}"
)
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_ENDS = re.compile(r"(?i)(?<=[.?!…;])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bz\.)(?<!\bB\.)[)\]*_\"'”“»]{0,4}\s+")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,4}(?=\w)|(?<=[\w?.!])_{1,4}(?!\w)|~~")
_QUOTED = re.compile(
    r"\"([^\"\n]{1,400})\"|(?<!\w)'([^'\n]{1,400})'(?!\w)|[“”„]([^“”„\n]{1,400})[“”]|«([^«»\n]{1,400})»|»([^«»\n]{1,400})«"
)
_CODE = re.compile(r"(`{1,3})([^`\n]{1,400})\1")


def plain(text: str) -> str:
    """Bring a sentence to the spelling the rules are written in: small letters, no umlauts, no short forms."""
    text = unicodedata.normalize("NFKC", text).casefold()
    for letter, letters in (("\u00e4", "ae"), ("\u00f6", "oe"), ("\u00fc", "ue"), ("\u2019", "'"), ("\u2018", "'")):
        text = text.replace(letter, letters)
    text = re.sub(r"[a-z]{4,}", lambda found: mistyped().get(found[0], found[0]), text)
    for pattern, word in spellings():
        text = pattern.sub(word, text)
    return re.sub(r"\s+", " ", text).strip()


def split(text: str, last: int = 60) -> list[Said]:
    """Give the last sentences of a text. What stands in quotation marks or in a quoted block is somebody else's, and left out."""
    sentences = (one for line, item, code in _lines(text) for one in _sentences(line, item=item, code=code))
    return [Said(words, plain(words), item, code) for words, item, code in deque(sentences, maxlen=last)]


def _lines(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Give the lines with whether they are of a list and of code; what was wrapped is joined again."""
    fenced = False
    held, held_item = "", False
    for line in text.splitlines():
        bare = line.strip()
        fence = _FENCE.match(line) is not None
        item = _ITEM.match(line) is not None
        joins = bool(held) and len(held) > 50 and held[-1] not in ".?!:;…*_)]`" and bool(bare) and not (fence or fenced)
        if joins and not item and not _HEADING.match(line) and bare[0] not in ">|":
            held = f"{held[-10 * LONGEST :]} {bare}"
            continue
        if held:
            yield held, held_item, False
        held, held_item = "", False
        if fence:
            fenced = not fenced
        elif fenced:
            yield bare, False, True
        elif bare and bare[0] != ">" and not _RULE.fullmatch(line):
            held, held_item = _HEADING.sub("", _ITEM.sub("", line, count=1), count=1).strip(), item
    if held:
        yield held, held_item, False


def _sentences(line: str, *, item: bool, code: bool) -> Iterator[tuple[str, bool, bool]]:
    if code:
        if line:
            yield line[:LONGEST], False, True
        return
    for index, words in enumerate(_ENDS.split(_EMPHASIS.sub("", _without_quotes(line[-20 * LONGEST :])))):
        bare = words.strip()
        if bare:
            short = bare if len(bare) <= LONGEST else f"{bare[: LONGEST // 2]} {bare[-LONGEST // 2 :]}"
            yield short, item and not index, False


def _without_quotes(line: str) -> str:
    """Take quotations out. A word or a name in quotation marks or code quotes is none, a command in code quotes neither."""
    line = _CODE.sub(lambda found: QUOTE if _speaks(found[2]) else found[2], line)
    return _QUOTED.sub(lambda found: _kept(next(one for one in found.groups() if one is not None)), line)


def _kept(quoted: str) -> str:
    return QUOTE if _speaks(quoted) or len(quoted.split()) > 2 else quoted


def _speaks(quoted: str) -> bool:
    return "?" in quoted or "[y" in quoted.lower() or "[j" in quoted.lower()
