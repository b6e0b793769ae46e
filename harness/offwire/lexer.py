"""Shell text cut into words and operators, as a POSIX shell does it, with what bash adds.

`shlex` cannot do it: it gives quoted operators and real ones the same shape, takes a '#' within a word for a comment,
and knows neither `$(...)` nor here-documents (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html).
Text that breaks off (an open quote) is read to its end: a shell would refuse it, a reader for intents need not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

OPERATORS = re.compile(r"&&|\|\||;;&|;;|;&|\|&|&>>|&>|<<<|<<-|<<|>>|>\||>&|<&|<>|[;|&()<>\n]")
DEEPEST = 32
"""Substitutions within substitutions that are read; deeper ones are taken as they are."""

WORD_ENDS = frozenset(" \t\n;|&()<>")


@dataclass(frozen=True, slots=True)
class Word:
    """One word without its quotes. `inner` are the texts of the command substitutions in it, which run as well.

    `quoted` tells whether any of it was quoted, `literal` whether variables in it stay as they are.
    """

    text: str
    quoted: bool = False
    literal: bool = False
    inner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operator:
    """A control or redirection operator."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a here-document, in the place of its redirection."""

    text: str


Token = Word | Operator | Document


@dataclass(slots=True)
class _Draft:
    """A word being read."""

    text: list[str] = field(default_factory=list)
    quoted: bool = False
    literal: bool = False
    inner: list[str] = field(default_factory=list)


class Lexer:
    """Reads one text from a place on. `place` is where reading has come to."""

    def __init__(self, text: str, place: int = 0, depth: int = 0) -> None:
        """Begin at `place`, `depth` substitutions deep."""
        self._text = text
        self.place = place
        self._depth = depth
        self._waiting: list[tuple[int, str, bool]] = []
        self._tokens: list[Token] = []

    def tokens(self, *, inside: bool = False) -> list[Token]:
        """Give all tokens; `inside` a substitution only those before the parenthesis that ends it."""
        depth = 0
        while self.place < len(self._text):
            char = self._text[self.place]
            if char in " \t" or self._text.startswith("\\\n", self.place):
                self.place += 1 if char in " \t" else 2
            elif char == "#":
                self._skip_comment()
            elif self._text[self.place : self.place + 2] in {"<(", ">("}:
                self._tokens.append(Word("/dev/fd/63", inner=(self._substitution(2),)))
            elif operator := OPERATORS.match(self._text, self.place):
                depth += {"(": 1, ")": -1}.get(operator.group(), 0)
                if inside and depth < 0:
                    break
                self._operator(operator.group())
            else:
                self._word()
        self._documents()
        return self._tokens

    def _skip_comment(self) -> None:
        end = self._text.find("\n", self.place)
        self.place = len(self._text) if end < 0 else end

    def _operator(self, text: str) -> None:
        self.place += len(text)
        if text in {"<<", "<<-"}:
            self._heredoc(strip=text == "<<-")
            return
        self._tokens.append(Operator(text))
        if text == "\n":
            self._documents()

    def _heredoc(self, *, strip: bool) -> None:
        """Remember a here-document: its text begins after the end of this line."""
        while self._text[self.place : self.place + 1] in {" ", "\t"}:
            self.place += 1
        if self._text[self.place : self.place + 1] in WORD_ENDS | {""}:
            return
        self._word()
        end = self._tokens.pop()
        self._waiting.append((len(self._tokens), end.text, strip))
        self._tokens.append(Document(""))

    def _documents(self) -> None:
        for where, end, strip in self._waiting:
            lines: list[str] = []
            while self.place < len(self._text):
                stop = self._text.find("\n", self.place)
                stop = len(self._text) if stop < 0 else stop
                line = self._text[self.place : stop]
                self.place = min(stop + 1, len(self._text))
                line = line.lstrip("\t") if strip else line
                if line == end:
                    break
                lines.append(line)
            self._tokens[where] = Document("\n".join(lines))
        self._waiting.clear()

    # -- words -------------------------------------------------------------------------------------------------------

    def _word(self) -> None:
        draft = _Draft()
        while self.place < len(self._text) and self._text[self.place] not in WORD_ENDS:
            char = self._text[self.place]
            if char == "'":
                self._single(draft)
            elif char == '"':
                self._double(draft)
            elif char == "\\":
                self._escaped(draft)
            elif char in "$`":
                self._dollar(draft)
            else:
                draft.text.append(char)
                self.place += 1
        text = "".join(draft.text)
        if text.isdigit() and not draft.quoted and self._text[self.place : self.place + 1] in {"<", ">"}:
            return  # the number of a file descriptor
        self._tokens.append(Word(text, draft.quoted, draft.literal, tuple(draft.inner)))

    def _single(self, draft: _Draft) -> None:
        end = self._text.find("'", self.place + 1)
        end = len(self._text) if end < 0 else end
        draft.text.append(self._text[self.place + 1 : end])
        draft.quoted = draft.literal = True
        self.place = end + 1

    def _escaped(self, draft: _Draft) -> None:
        following = self._text[self.place + 1 : self.place + 2]
        if following != "\n":
            draft.text.append(following)
            draft.quoted = True
            draft.literal = draft.literal or following == "$"
        self.place += 2

    def _double(self, draft: _Draft) -> None:
        draft.quoted = True
        self.place += 1
        while self.place < len(self._text) and self._text[self.place] != '"':
            char = self._text[self.place]
            following = self._text[self.place + 1 : self.place + 2]
            if char == "\\" and following in {"$", "`", '"', "\\", "\n"}:
                draft.text.append("" if following == "\n" else following)
                self.place += 2
            elif char in "$`":
                self._dollar(draft)
            else:
                draft.text.append(char)
                self.place += 1
        self.place += 1

    def _dollar(self, draft: _Draft) -> None:
        """Read what begins with a dollar sign or a backtick."""
        rest = self._text[self.place : self.place + 3]
        if rest.startswith("`"):
            end = self._text.find("`", self.place + 1)
            end = len(self._text) if end < 0 else end
            draft.inner.append(self._text[self.place + 1 : end])
            self.place = end + 1
        elif rest.startswith("$((") and (end := self._text.find("))", self.place)) > 0:
            self.place = end + 2
        elif rest.startswith("$("):
            draft.inner.append(self._substitution(2))
        elif rest.startswith("$'"):
            self.place += 1
            self._single(draft)
        elif rest.startswith("${") and (end := self._text.find("}", self.place)) > 0:
            draft.text.append(self._text[self.place : end + 1])
            self.place = end + 1
        else:
            draft.text.append("$")
            self.place += 1

    def _substitution(self, opening: int) -> str:
        """Give the text in a substitution's parentheses, and go behind it."""
        start = self.place + opening
        if self._depth >= DEEPEST:
            self.place = len(self._text)
            return self._text[start:]
        within = Lexer(self._text, start, self._depth + 1)
        within.tokens(inside=True)
        self.place = within.place + 1
        return self._text[start : within.place]
