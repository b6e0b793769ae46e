"""Where the keys and items of a text stand: the line numbers in messages about a user's document.

YAML's own parser tells where things are. For JSON and TOML, whose parsers do not, a scanner walks the text after the
parser has found it right, so it has to know what ends a text, a list and a table, and nothing about what is wrong.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable

from askfirst.harness.errors import AskfirstError

Place = tuple[str | int, ...]
"""The way to a value: names of keys and positions in lists, from the top. `()` is the top itself."""

JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
TOML_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'  # a text may end in one or two quotes before its closing three
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'"
    r"|\#[^\n]*"
    r"|[\[\]{}=,.\n]"
    r"|[^\s\[\]{}=,.\#\"']+",
    re.DOTALL,
)


class Unreadable(AskfirstError):
    """A text cannot be read as a document. `line` counts from 1, None where it is not known; `sentence` says why."""

    def __init__(self, line: int | None, sentence: str) -> None:
        """`sentence` says what to change."""
        self.line = line
        self.sentence = sentence
        super().__init__(sentence)


class Text:
    """A text whose lines are counted as editors do: by line feeds alone. YAML's parser counts U+2028 and U+0085 too."""

    def __init__(self, text: str) -> None:
        """`text` has line feeds only, no carriage returns."""
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def line(self, index: int) -> int:
        """Give the line of a character, from 1."""
        return bisect.bisect_right(self._starts, index)

    def column(self, index: int) -> int:
        """Give the place of a character in its line, from 1."""
        return index - self._starts[self.line(index) - 1] + 1

    def index(self, line: int, column: int) -> int:
        """Give the character that stands at a line and column, both from 1."""
        return self._starts[line - 1] + column - 1

    def trouble(self, index: int, sentence: str) -> Unreadable:
        """Make the error that names line and column of a character, or of the last one that shows."""
        index = min(index, len(self.text.rstrip()))
        return Unreadable(self.line(index), f"at column {self.column(index)}: {sentence}")


def json_lines(text: Text) -> dict[Place, int]:
    """Give the line of every key and item of a JSON text that `json` can read.

    Raises `Unreadable` for a key that stands twice in one mapping, which `json` accepts.
    """
    import json

    scanner = _Scanner(text, JSON_TOKEN, json.loads)
    scanner.lines[()] = scanner.line
    scanner.value(())
    return scanner.lines


def toml_lines(text: Text) -> dict[Place, int]:
    """Give the line of every table, key and item of a TOML text that `tomllib` can read."""
    import tomllib

    def unquoted(token: str) -> str:
        return next(iter(tomllib.loads(f"{token} = 0"))) if token[0] in "\"'" else token

    scanner = _Scanner(text, TOML_TOKEN, unquoted)
    scanner.lines[()] = 1
    scanner.statements()
    return scanner.lines


class _Scanner:
    """Walks the tokens of a right text and notes where keys and items begin."""

    def __init__(self, text: Text, token: re.Pattern[str], unquoted: Callable[[str], str]) -> None:
        self.lines: dict[Place, int] = {}
        self._unquoted = unquoted
        self._at = 0
        found = [(one.group(), text.line(one.start())) for one in token.finditer(text.text)]
        self._tokens = [one for one in found if not one[0].startswith("#")]
        self._last: dict[Place, int] = {}  # of each array of tables, the place of its latest table

    @property
    def ahead(self) -> str:
        """The next token, '' at the end."""
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    @property
    def line(self) -> int:
        """The line of the next token."""
        return self._tokens[min(self._at, len(self._tokens) - 1)][1]

    def take(self) -> str:
        """Give the next token and go on to the one after it."""
        taken = self.ahead
        self._at += 1
        return taken

    def value(self, place: Place) -> None:
        """Walk over one value and note the keys and items in it."""
        opening = self.ahead
        if opening not in {"[", "{"}:
            while self.ahead not in {"", ",", "]", "}", "\n"}:  # a date and its time are two tokens
                self.take()
            return
        self.take()
        index = 0
        while self._filled() not in {"", "]", "}"}:
            if opening == "[":
                self.lines[(*place, index)] = self.line
                self.value((*place, index))
                index += 1
            else:
                self._key(place)
            if self._filled() == ",":
                self.take()
        self.take()

    def statements(self) -> None:
        """Walk over the lines of TOML: `[table]`, `[[array of tables]]` and `key = value`."""
        table: Place = ()
        while self._filled():
            if self.ahead == "[":
                table = self._header()
            else:
                self._key(table)

    def _filled(self) -> str:
        """Go over ends of lines; give the token after them."""
        while self.ahead == "\n":
            self.take()
        return self.ahead

    def _names(self) -> list[str]:
        names = [self._unquoted(self.take())]
        while self.ahead == ".":
            self.take()
            names.append(self._unquoted(self.take()))
        return names

    def _key(self, table: Place) -> None:
        line = self.line
        names = self._names()
        place = (*table, *names)
        if self.take() == ":" and place in self.lines:  # with an equals sign it is TOML, whose parser has refused it
            first = self.lines[place]
            raise Unreadable(
                line, f"the key {names[0]!r} stands twice in one mapping: on line {first} and on line {line}."
            )
        for depth in range(len(names)):
            self.lines.setdefault(place[: len(place) - depth], line)
        self.value(place)

    def _header(self) -> Place:
        line = self.line
        self.take()
        many = self.ahead == "["
        if many:
            self.take()
        place: Place = ()
        names = self._names()
        for depth, name in enumerate(names, 1):
            place = (*place, name)
            self.lines.setdefault(place, line)
            if many and depth == len(names):
                self._last[place] = self._last.get(place, -1) + 1
            if place in self._last:
                place = (*place, self._last[place])
                self.lines.setdefault(place, line)
        while self.ahead not in {"", "\n"}:
            self.take()
        return place
