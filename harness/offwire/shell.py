"""Shell text read as the simple commands it would run: their words, what they read, and which files they truncate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from askfirst.harness.offwire.lexer import Document, Lexer, Operator, Token, Word

OPENERS = frozenset({"if", "then", "elif", "else", "while", "until", "do", "{", "!", "coproc"})
"""Reserved words after which a command begins; only in the place of a command (POSIX 2.4)."""

CLOSERS = frozenset({"}", "done", "fi", "esac", ")"})
TRUNCATING = frozenset({">", ">|", "&>", ">&"})
REDIRECTIONS = TRUNCATING | {">>", "&>>", "<", "<&", "<>", "<<<"}


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command. `piped` tells whether it reads what the command before it writes.

    A command whose first word is a closer stands for a compound one: only its redirections are its own.
    """

    words: tuple[Word, ...]
    writes: tuple[str, ...] = ()
    stdin: str = ""
    piped: bool = False


@dataclass(slots=True)
class _Draft:
    """A command being read."""

    words: list[Word] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    stdin: str = ""
    piped: bool = False


def commands(text: str) -> list[Command]:
    """Give the simple commands of a text in their order, whether or not they would run."""
    found: list[Command] = []
    draft = _Draft()
    waiting = iter(Lexer(text).tokens())
    for token in waiting:
        if isinstance(token, Document):
            draft.stdin = token.text
        elif isinstance(token, Word):
            _word(draft, token, found)
        elif token.text in REDIRECTIONS and not (draft.words and draft.words[0].text == "[["):
            _redirect(draft, token.text, waiting)
        elif token.text in REDIRECTIONS:
            draft.words.append(Word(token.text))
        else:
            _end(draft, found)
            draft = _Draft(piped=token.text in {"|", "|&"})
            if token.text == ")":
                draft.words.append(Word(")"))
    _end(draft, found)
    return found


def _word(draft: _Draft, word: Word, found: list[Command]) -> None:
    if not draft.words and not word.quoted and word.text in OPENERS:
        return
    if word.text == "{" and draft.words and draft.words[0].text == "function":
        _end(draft, found)
        draft.words.clear()
        return
    if draft.words and draft.words[0].text == ")":  # 'name() { ...', or a case's pattern: what follows is a command
        draft.words.clear()
        if word.text in OPENERS:
            return
    draft.words.append(word)


def _redirect(draft: _Draft, operator: str, waiting: Iterator[Token]) -> None:
    target = next(waiting, None)
    if isinstance(target, Operator) or target is None:
        return
    if operator == "<<<":
        draft.stdin = target.text
    elif operator in TRUNCATING and not target.text.isdigit() and target.text != "-":
        draft.writes.append(target.text)
    if isinstance(target, Word) and target.inner:
        draft.words.append(Word("", inner=target.inner))


def _end(draft: _Draft, found: list[Command]) -> None:
    if draft.words or draft.writes:
        found.append(Command(tuple(draft.words), tuple(draft.writes), draft.stdin, draft.piped))
