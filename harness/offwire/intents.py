"""How the readers of command lines say what a command would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askfirst.harness.operations.table import Domain, OperationClass, Severity
from askfirst.harness.records import Intent

SHOWN = 200
"""Characters of a command that an intent quotes."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One program with its arguments, `words[0]` without its folder, and what it would read where that is known."""

    words: tuple[str, ...]
    stdin: str = ""
    writes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The program; '' for a bare redirection."""
        return self.words[0] if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Everything behind the program."""
        return self.words[1:]

    @property
    def flags(self) -> frozenset[str]:
        """The options, without their values."""
        return frozenset(word.partition("=")[0] for word in self.arguments if word.startswith("-"))

    def short(self, letter: str) -> bool:
        """Tell whether a one-letter flag is given, alone or among others ('-rf' holds 'f')."""
        return any(word[0] == "-" and word[1:2] != "-" and letter in word[1:] for word in self.arguments if word)

    def bare(self, valued: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Give the words that are no options; `valued` are the options whose next word is their value."""
        found: list[str] = []
        skipping = False
        for word in self.arguments:
            if skipping:
                skipping = False
            elif word.startswith("-") and word != "-":
                skipping = word in valued
            else:
                found.append(word)
        return tuple(found)


Reader = Callable[[Ran], Sequence[Intent]]


def destroys(
    what: str, ran: Ran, domain: Domain, severity: Severity = Severity.IRREVERSIBLE, names: Sequence[str] = ()
) -> list[Intent]:
    """Say that a command destroys."""
    return [_intent(what, OperationClass.DELETE, domain, severity, ran, names)]


def changes(
    what: str,
    ran: Ran,
    domain: Domain = Domain.CONFIGURATION,
    kind: OperationClass = OperationClass.OVERWRITE,
    names: Sequence[str] = (),
) -> list[Intent]:
    """Say that a command changes or stops something, and destroys nothing by what its words say."""
    return [_intent(what, kind, domain, Severity.RECOVERABLE, ran, names)]


def _intent(
    what: str, kind: OperationClass, domain: Domain, severity: Severity, ran: Ran, names: Sequence[str]
) -> Intent:
    words = " ".join((*ran.words, *(f"> {one}" for one in ran.writes)))
    return Intent(what, kind.value, domain.value, severity.value, words[:SHOWN], tuple(names))
