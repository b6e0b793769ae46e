"""A text parted into what is said in it: sentences, lines of lists and code, without decoration and without quotations."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
_ITEM = re.compile(r"^\s*(?:[-*+•⏺●▪◦]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+(?:\[[ xX]?\]\s+)?")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_ENDS = re.compile(r"(?i)(?<=[.?!…;])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bz\.)(?<!\bB\.)[)\]*_\"'”“»]{0,4}\s+")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)|~~")
_QUOTED = re.compile(
    r"\"([^\"\n]{1,400})\"|(?<!\w)'([^'\n]{1,400})'(?!\w)|[“”„]([^“”„\n]{1,400})[“”]|«([^«»\n]{1,400})»|»([^«»\n]{1,400})«"
)
_CODE = re.compile(r"(`{1,3})([^`\n]{1,400})\1")

_SHORT_FORMS = (
    (r"\bcan't\b|\bcannot\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"\b(\w+)n't\b", r"\1 not"),
    (r"\b(dont|doesnt|didnt|havent|wont|cant)\b", "do not"),
    (r"\bi'?m\b", "i am"),
    (r"\b(\w+)'ll\b", r"\1 will"),
    (r"\b(\w+)'re\b", r"\1 are"),
    (r"\b(\w+)'ve\b", r"\1 have"),
    (r"\b(i|you|we|it)'d\b", r"\1 would"),
    (r"\blet's\b", "let us"),
    (r"\b(that|it|what|there|here)'s\b", r"\1 is"),
    (r"\bwanna\b", "want to"),
    (r"\bgonna\b", "going to"),
    (r"\bur\b", "your"),
    (r"\bk\.?o\.?k\b", "ok"),
    (r"\bokay\b|\bo\.k\.", "ok"),
    (r"\ball right\b|\balright\b", "ok"),
    (r"\bgo-ahead\b", "go ahead"),
    (r"\bre-(?=[a-z])", "re"),
    (r"\broll(ed|ing|s)?[ -]back\b", r"rollback\1"),
    (r"\broll(ed|ing|s)? ((?:the )?[\w-]+) back\b", r"rollback\1 \2"),
    (r"\b(?:tear|shut|take|bring)(?:ing|s)? ((?:the )?[\w-]+ )?down\b", r"shutdown \1"),
    (r"\bturn(?:ing|s)? ((?:the )?[\w-]+ )?off\b", r"disable \1"),
    (r"\bturn(?:ing|s)? ((?:the )?[\w-]+ )?on\b", r"enable \1"),
    (r"\bscal(e|ing)[ -](?:up|down|in|out)\b", r"scal\1"),
    (r"\b(?:work(?:ing)? out|put(?:ting)? together)\b", "outline"),
    (r"\b(?:go|going|walk|walking|run|running)(?: you)? (?:through|over)\b", "review"),
    (r"\bkeep(?:ing)? (?:an eye|track|watching|monitoring|looking|checking|investigating)\b", "watch"),
    (r"\bdouble[ -]?check", "check"),
    (r"\b(?:take|have|taking|having) a (?:\w+ )?look\b", "look"),
    (r"\b(?:move|go|carry|keep|moving|going|carrying|keeping) (?:on|going)\b", "continue"),
    (r"\b(?:carry|carrying) out\b", "perform"),
    (r"\bfail(ing|ed|s)? over\b", r"failover\1"),
    (r"\bproc(?:e|ee)de?\b", "proceed"),
    (r"\bgimme\b", "give me"),
    (r"\bclos(?:e|ing) (?:this|it|the (?:ticket|issue|incident|case|investigation))\b", "report"),
    (r"\broll(?:ed|ing|s)? ((?:the )?[\w-]+ )?out\b", r"deploy \1"),
    (r"\b(?:cut|switch)(?:ing)? ((?:the )?[\w-]+ )?over\b", r"failover \1"),
    (r"\btak(?:e|ing) ((?:the )?[\w-]+ )?offline\b", r"stop \1"),
    (r"\b(?:kick(?:ing)? off|fire up|spin(?:ning)? up)\b", "launch"),
    (r"\bput(?:ting)? ((?:the )?[\w-]+ )?back\b", r"restore \1"),
    (r"\bscal(e|ing) ((?:the )?[\w-]+ )(?:up|down|in|out)\b", r"scal\1 \2"),
    (r"\blmk\b", "let me know"),
    (r"\bcon(?:frim|firm|fim|firn)(?=\w*\b)", "confirm"),
    (r"\bein(?:en)? (?:\w+ )?(?:auge|blick)\b", "blick"),
    (r"\bdavon auszugehen\b|\bdavon ausgehen\b", "davonausgehen"),
    (r"\b(?:force|hard|soft)-(?=delet|stop|restart|deploy)", ""),
    (r"\bchange[ -]?sets?\b|\baenderungssatz\w*", "changeset"),
    (r"\bdry[ -]run\b|\bprobelauf\w*|\btrockenlauf\w*", "dryrun"),
    (r"\bneu[ -](?=start|anleg|aufbau|aufzubau|anzuleg|angeleg|gestart|erstell|aufsetz|ausroll)", "neu"),
    (r"\b(?:deletion|termination) (?:protection|policy)\b|\bloeschschutz(?:-einstellung)?\b", "safeguard"),
    (r"\baenderungsantra\w+|\bchange[ -]requests?\b|\bpull[ -]requests?\b", "changerequest"),
    (r"\blast (?:deployment|deletion|change|update|restart)\b", "last one"),
)


@functools.cache
def _short_forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), word) for pattern, word in _SHORT_FORMS)


_KEYS = "shall should want would approve approval permission confirm proceed delete restart terminate please"


@functools.cache
def _mistyped() -> Mapping[str, str]:
    """Give the spellings of the words that requests hang on with two letters swapped, or in long ones one left out."""
    swapped = {one[:at] + one[at + 1] + one[at] + one[at + 2 :]: one for one in _KEYS.split() for at in range(len(one) - 1)}
    left_out = {one[:at] + one[at + 1 :]: one for one in _KEYS.split() if len(one) > 5 for at in range(1, len(one) - 1)}
    return {**left_out, **swapped} | {one: one for one in _KEYS.split()}


def plain(text: str) -> str:
    """Bring a sentence to the spelling the rules are written in: small letters, no umlauts, no short forms."""
    text = unicodedata.normalize("NFKC", text).casefold()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("\u2019", "'"), ("\u2018", "'")):
        text = text.replace(letter, letters)
    text = re.sub(r"[a-z]{4,}", lambda found: _mistyped().get(found[0], found[0]), text)
    for pattern, word in _short_forms():
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
    for words in _ENDS.split(_EMPHASIS.sub("", _without_quotes(line[-20 * LONGEST :]))):
        bare = words.strip()
        if bare:
            short = bare if len(bare) <= LONGEST else f"{bare[: LONGEST // 2]} {bare[-LONGEST // 2 :]}"
            yield short, item, False


def _without_quotes(line: str) -> str:
    """Take quotations out. A word or a name in quotation marks or code quotes is none, a command in code quotes neither."""
    line = _CODE.sub(lambda found: QUOTE if _speaks(found[2]) else found[2], line)
    return _QUOTED.sub(lambda found: _kept(next(one for one in found.groups() if one is not None)), line)


def _kept(quoted: str) -> str:
    return QUOTE if _speaks(quoted) or len(quoted.split()) > 2 else quoted


def _speaks(quoted: str) -> bool:
    return "?" in quoted or "[y" in quoted.lower() or "[j" in quoted.lower()
