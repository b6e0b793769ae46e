"""Every program that a shell text would run, however deep it is wrapped: what wrappers, shells, pipes and scripts hide."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence

from askfirst.harness.offwire.intents import Ran
from askfirst.harness.offwire.lexer import Word
from askfirst.harness.offwire.nested import output_of, texts_of
from askfirst.harness.offwire.shell import CLOSERS, Command, commands
from askfirst.harness.offwire.wrappers import ASSIGNMENT, of_xargs, wrapped

DEPTH = 32
"""Shells and wrappers within one another that are followed."""

LONGEST = 64 * 1024
"""Characters of a text that are read."""

VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)\}")


class Walker:
    """Goes through the programs of a text. Remembers variables and aliases the text itself sets."""

    def __init__(self) -> None:
        """Begin with no variables: what the surroundings set is not known."""
        self._variables: dict[str, str] = {}
        self._aliases: dict[str, str] = {}

    def text(self, text: str, depth: int = 0) -> Generator[Ran, None, str]:
        """Give the programs of a shell text; return what the last of them is known to write."""
        output = ""
        for command in commands(text[:LONGEST]) if depth <= DEPTH else []:
            output = yield from self._command(command, output if command.piped else "", depth)
        return output

    def program(
        self, words: Sequence[str], stdin: str = "", writes: Sequence[str] = (), depth: int = 0
    ) -> Iterator[Ran]:
        """Give a program, or those it would run in its turn."""
        if depth > DEPTH or not words:
            return
        name = words[0].rsplit("/", 1)[-1] or words[0]
        ran = Ran((name, *words[1:]), stdin, tuple(writes))
        behind = wrapped(ran.words)
        if behind is not None:
            yield from self.program(_without_assignments(behind), stdin, writes, depth + 1)
            return
        yield ran
        if name == "xargs":
            yield from self.program(of_xargs(ran.words, stdin.split()), depth=depth + 1)
        for text in texts_of(ran):
            yield from self.text(text, depth + 1)

    def _command(self, command: Command, piped: str, depth: int) -> Generator[Ran, None, str]:
        """Give the programs of one command; return what it is known to write."""
        words: list[str] = []
        for word in command.words:
            written = ""
            for inner in word.inner:
                written = yield from self.text(inner, depth + 1)
            words += self._expanded(word) if word.text or not written else [written]
        if words and words[0] in self._aliases:
            words = [*self._aliases[words[0]].split(), *words[1:]]
        rest = _without_assignments(words)
        if not rest:
            self._remember(words)
            if command.writes:
                yield Ran((), "", command.writes)
            return ""
        if rest[0] in CLOSERS:
            return ""
        if rest[0] in {"export", "alias", "readonly", "local", "declare"}:
            self._remember(rest[1:], alias=rest[0] == "alias")
        stdin = command.stdin or piped
        yield from self.program(rest, stdin, command.writes, depth)
        return output_of(rest, stdin)

    def _expanded(self, word: Word) -> list[str]:
        if word.literal or "$" not in word.text:
            return [word.text]

        def value(match: re.Match[str]) -> str:
            return self._variables.get(match.group(1) or match.group(2), match.group())

        text = VARIABLE.sub(value, word.text)
        return [text] if word.quoted or text == word.text else text.split()

    def _remember(self, words: Sequence[str], *, alias: bool = False) -> None:
        kept = self._aliases if alias else self._variables
        for word in words:
            name, mark, value = word.partition("=")
            if mark:
                kept[name] = value


def _without_assignments(words: Sequence[str]) -> list[str]:
    start = next((place for place, word in enumerate(words) if not ASSIGNMENT.match(word)), len(words))
    return list(words[start:])
