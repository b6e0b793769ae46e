"""Requests written as lines of the AWS command line: the operation, and what its options name.

The commands under `aws s3` are no operations of S3; they are read as the operations they send.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.actions import COMMANDS, by_id, spelled
from askfirst.harness.authorization.places import by_name, narrow, partition_of, place, service_of
from askfirst.harness.authorization.words import words_of
from askfirst.harness.records import Resource

VALUED = words_of("""
    --ca-bundle --cli-binary-format --cli-connect-timeout --cli-read-timeout --color --endpoint-url --output --profile
    --query --region
    """)
"""Options of every command that take a value; none of them names a resource."""

NAMING = re.compile(r"-(name|names|id|ids|identifier|identifiers|arn|arns|url)$|^--(bucket|cluster|service|services)$")
"""Options whose values name something."""

REFERRING = re.compile(r"role|policy|token|kms|principal|subnet|security-group|template|logical|parameter|snapshot")
"""Options whose values name what a command refers to, not what it changes; those that exist are still looked at."""

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """What a command says: actions, ARNs, and the words that could not be understood."""

    actions: tuple[str, ...] = ()
    resources: Place = ()
    unknown: tuple[str, ...] = ()


def commands(text: str) -> list[str]:
    """Find the command lines in a text: all of it, or what stands in backticks; none if other words say something."""
    quoted = re.findall(r"`+\s*(\$?\s*aws\s[^`]+)`+", text)
    if quoted:
        left = re.sub(r"`+[^`]*`+", " ", text).lower()
        said = set(re.findall(r"[a-z]+", left)) - {
            "run",
            "execute",
            "please",
            "the",
            "command",
            "and",
            "then",
            "to",
            "i",
            "want",
        }
        return [] if said else [line.strip("$ \n") for line in quoted]
    plain = text.strip().lstrip("$ ")
    if not re.match(r"aws\s", plain):
        return []
    lines = re.split(r"\s*(?:&&|;|\n)\s*(?=\$?\s*aws\s)", plain.replace("\\\n", " "))
    return [line.strip("$ ;\n") for line in lines]


def read(line: str, world: Sequence[Resource]) -> Command:
    """Read one command line."""
    try:
        words = shlex.split(line)[1:]
    except ValueError:
        return Command(unknown=(line,))
    if any(one in {"|", "||", "&", ">", "<"} or one.startswith("$(") for one in words):
        return Command(unknown=(line,))
    names, options = _split(words)
    region = next((value for option, value in options if option == "--region" and value), "")
    options = [(option, value) for option, value in options if option not in VALUED]
    if names[:1] == ["s3"]:
        return _s3(line, names[1:], {option for option, _ in options}, world)
    if names[1:2] == ["wait"]:  # only looks
        return Command()
    actions = _actions(names)
    if not actions:
        return Command(unknown=(line,))
    service = COMMANDS.get(names[0], names[0])
    found: dict[str, None] = {}
    unknown: list[str] = []
    for option, value in options:
        if not value:
            continue
        arns = _named(value, service, region, world)
        found.update(dict.fromkeys(arns))
        if not arns and NAMING.search(option) and not REFERRING.search(option) and not value.startswith("arn:"):
            unknown.append(value)
    return Command(actions, tuple(found), () if found else tuple(unknown))


def _split(words: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Part the words that stand alone from the options, each with each of its values ('' for none)."""
    names: list[str] = []
    options: list[tuple[str, str]] = []
    option, room = "", 0
    for word in words:
        if word.startswith("--"):
            option, mark, value = word.partition("=")
            options.append((option, value))
            s3_or_early = len(names) < 2 or names[0] == "s3"
            room = 0 if mark else 1 if option in VALUED else 0 if s3_or_early else len(words)
        elif room:
            room -= 1
            options.append((option, word))
        else:
            names.append(word)
    return names, options


def _actions(names: Sequence[str]) -> tuple[str, ...]:
    if list(names) == ["cloudformation", "deploy"]:
        return ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet")
    operation = by_id(":".join(names)) if len(names) == 2 else None
    return (spelled(operation),) if operation else ()


def _named(value: str, service: str, region: str, world: Sequence[Resource]) -> Place:
    """Give the ARNs that the value of an option names among what belongs to the service of the command."""
    if value.startswith("arn:"):
        known = [one for one in world if one.arn == value]
        mine = service_of(known[0]) == service if known else value.split(":")[2:3] == [service]
        return place(value, world) if mine else ()
    if value.startswith(("http://", "https://")):
        value = value.rstrip("/").rsplit("/", 1)[-1] if not by_name(value, world) else value
    mine_too = [one for one in by_name(value, world) if service_of(one) == service]
    return tuple(sorted({one.arn for one in narrow(mine_too, (), region)}))


def _s3(line: str, names: Sequence[str], flags: set[str], world: Sequence[Resource]) -> Command:
    """Read a command of `aws s3`: which operations it sends to which bucket and which keys."""
    verb, paths = (names[0] if names else ""), list(names[1:])
    urls = [one for one in paths if one.startswith("s3://")]
    below = "--recursive" in flags or verb == "sync"
    target = paths[-1] if paths else ""
    match verb:
        case "rm" if len(urls) == 1:
            return _on(("s3:DeleteObject",), urls[0], world, below=below)
        case "rb" if len(urls) == 1 and "--force" not in flags:
            return _on(("s3:DeleteBucket",), urls[0], world)
        case "rb" if len(urls) == 1:
            whole = _on(("s3:DeleteBucket", "s3:DeleteObject"), urls[0], world)
            return Command(whole.actions, (*whole.resources, *(f"{one}/*" for one in whole.resources)), whole.unknown)
        case "mb" if len(urls) == 1:
            return Command(("s3:CreateBucket",), (f"arn:{partition_of(world)}:s3:::{urls[0][5:].strip('/')}",))
        case "cp" | "sync" if target in urls:
            deletes = ("s3:DeleteObject",) if verb == "sync" and "--delete" in flags else ()
            folder = target.endswith("/") or target.count("/") == 2  # s3://bucket
            return _on(("s3:PutObject", *deletes), target, world, below=below or folder)
        case "cp" | "sync" | "ls" | "presign" if len(urls) == 1:
            return _on(("s3:ListBucket" if verb == "ls" else "s3:GetObject",), urls[0], world, below=below)
        case "mv" if len(urls) == 1:
            return _on(("s3:PutObject" if target in urls else "s3:DeleteObject",), urls[0], world, below=below)
        case _:
            return Command(unknown=(line,))


def _on(actions: tuple[str, ...], url: str, world: Sequence[Resource], *, below: bool = False) -> Command:
    arns = place(url, world)
    if not arns:
        return Command(actions, (), (url,))
    arn = arns[0]
    return Command(actions, (f"{arn.rstrip('/')}/*" if below else arn,))


def lines(text: str, world: Sequence[Resource]) -> Iterator[Command]:
    """Read every command line of a text."""
    for line in commands(text):
        yield read(line, world)
