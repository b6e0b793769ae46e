"""What one program hands on: the shell texts it would run in its turn, and the words it is known to write to a pipe."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from askfirst.harness.offwire.intents import Ran
from askfirst.harness.offwire.scripts import texts_of_python
from askfirst.harness.offwire.wrappers import of_container

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash", "fish"})
SHELL_VALUED = frozenset({"-o", "-O", "+o", "+O", "--rcfile", "--init-file"})
PYTHON = re.compile(r"python[\d.]*$")
SSH_VALUED = frozenset(f"-{letter}" for letter in "bcDEeFIiJLlmOopQRSWw")
NODE = re.compile(r"exec(?:Sync)?\(\s*(['\"`])(.*?)\1")
REMOTE = re.compile(r"commands=(\[.*\]|.*)", re.DOTALL)


def texts_of(ran: Ran) -> list[str]:
    """Give the shell texts that a program would run."""
    match ran.name:
        case name if name in SHELLS:
            return _of_shell(ran)
        case "eval":
            return [" ".join(ran.arguments)]
        case "trap":
            return list(ran.arguments[:1])
        case "ssh":
            return [" ".join(ran.bare(SSH_VALUED)[1:])]
        case "find":
            return _of_find(ran.arguments)
        case "aws" | "awslocal" if "send-command" in ran.arguments:
            return [text for word in ran.arguments for text in _of_remote(word)]
        case "docker" | "podman" if ran.arguments[:1] in {("run",), ("exec",)}:
            return [shlex.join(of_container(ran.words))]
        case "node":
            return [found[1] for found in NODE.findall(" ".join(ran.arguments))]
        case name if PYTHON.match(name):
            return texts_of_python(_code(ran))
        case _:
            return []


def _of_shell(ran: Ran) -> list[str]:
    """Give what a shell is told by `-c` (alone or among other letters), or, without a script, on its input."""
    rest = list(ran.arguments)
    told = False
    while rest and rest[0][:1] in {"-", "+"}:
        option = rest.pop(0)
        told = told or (option[:2] != "--" and option[0] == "-" and "c" in option)
        takes_value = option in SHELL_VALUED or (option[:1] == "-" and option[1:2] != "-" and option.endswith("o"))
        if takes_value and rest:
            rest.pop(0)
        if option in {"-s", "-"}:
            rest.clear()
    if told:
        return rest[:1]
    return [] if rest else [ran.stdin]


def _of_find(arguments: Sequence[str]) -> list[str]:
    """Give what `find` runs for what it finds, with the patterns it looks for in the place of names; -delete is rm."""
    names = _found(arguments)
    texts: list[str] = []
    for place, word in enumerate(arguments):
        if word in {"-exec", "-execdir", "-ok", "-okdir"}:
            behind = list(arguments[place + 1 :])
            end = next((one for one, other in enumerate(behind) if other in {";", "+"}), len(behind))
            texts.append(shlex.join(part for one in behind[:end] for part in (names if one == "{}" else [one])))
        elif word == "-delete":
            texts.append(shlex.join(["rm", "-r", *names]))
    return texts


def _found(arguments: Sequence[str]) -> list[str]:
    """Give the name patterns of a `find`, or else the folders it looks in."""
    named = [arguments[place + 1] for place, word in enumerate(arguments[:-1]) if word in {"-name", "-iname", "-path"}]
    first = next((place for place, word in enumerate(arguments) if word[:1] in {"-", "(", "!"}), len(arguments))
    return named or list(arguments[:first]) or ["."]


def _of_remote(word: str) -> list[str]:
    """Give the shell texts that `ssm send-command` sends to instances, in the shorthand of `--parameters`."""
    found = REMOTE.search(word)
    if found is None:
        return []
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', found.group(1))
    return quoted or [found.group(1).strip("[]")]


def _code(ran: Ran) -> str:
    """Give the code that a Python is told by `-c` or on its input."""
    for place, word in enumerate(ran.arguments):
        if word == "-c" or (word[:1] == "-" and word[1:2] != "-" and word.endswith("c")):
            return "".join(ran.arguments[place + 1 : place + 2])
        if not word.startswith("-") or word == "-m":
            return ""
    return ran.stdin


def output_of(words: Sequence[str], stdin: str) -> str:
    """Give what a command is known to write to a pipe: words it repeats, or the names it would list."""
    name, arguments = words[0].rsplit("/", 1)[-1], list(words[1:])
    match name:
        case "echo" | "printf":
            return " ".join(word for word in arguments if not re.fullmatch(r"-[neE]+", word))
        case "cat" | "tee" | "sort" | "head" | "tail" | "sed":
            return stdin
        case "find":
            return " ".join(_found(arguments))
        case "ls":
            return " ".join(word for word in arguments if not word.startswith("-"))
        case "git" if arguments[:1] == ["ls-files"]:
            return " ".join(word for word in arguments[1:] if not word.startswith("-"))
        case _:
            return ""
