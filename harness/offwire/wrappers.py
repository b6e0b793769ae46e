"""Programs that run another program: which words of theirs are the other's command line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*\+?=")

WRAPPERS: Final[Mapping[str, tuple[frozenset[str], int]]] = MappingProxyType(
    {
        name: (frozenset(valued.split()), positional)
        for name, valued, positional in (
            ("sudo", "-u -g -h -p -C -T -D -R -U -r -t --user --group --host --prompt --chdir", 0),
            ("doas", "-u -C", 0),
            ("env", "-u -C --unset --chdir", 0),
            ("nohup", "", 0),
            ("setsid", "", 0),
            ("command", "", 0),
            ("builtin", "", 0),
            ("exec", "-a", 0),
            ("time", "-f -o --format --output", 0),
            ("nice", "-n --adjustment", 0),
            ("ionice", "-c -n -p", 0),
            ("timeout", "-s -k --signal --kill-after", 1),
            ("stdbuf", "-i -o -e", 0),
            ("chronic", "", 0),
            ("unbuffer", "", 0),
            ("npx", "-p --package", 0),
            ("bunx", "", 0),
            ("watch", "-n --interval", 0),
        )
    }
)
"""By name: the options that take a value, and how many words stand before the command."""

RUNNERS: Final[Mapping[tuple[str, str], int]] = MappingProxyType(
    {
        ("aws-vault", "exec"): 1,
        ("bundle", "exec"): 0,
        ("chamber", "exec"): 1,
        ("direnv", "exec"): 1,
        ("doppler", "run"): 0,
        ("hatch", "run"): 0,
        ("mise", "exec"): 0,
        ("npm", "exec"): 0,
        ("op", "run"): 0,
        ("pipenv", "run"): 0,
        ("pnpm", "dlx"): 0,
        ("pnpm", "exec"): 0,
        ("poetry", "run"): 0,
        ("uv", "run"): 0,
        ("yarn", "exec"): 0,
    }
)
"""By name and verb: how many words stand before the command."""

ONLY_LOOK: Final = frozenset({"-v", "-V", "-h", "--help", "--version", "-l", "--list"})
XARGS_VALUED: Final = frozenset(
    [
        "-a",
        "-d",
        "-E",
        "-I",
        "-L",
        "-n",
        "-P",
        "-s",
        "--max-args",
        "--max-procs",
        "--replace",
        "--delimiter",
        "--arg-file",
    ]
)


CONTAINER_VALUED: Final = frozenset(
    {
        "-v",
        "-w",
        "-e",
        "-u",
        "-p",
        "-h",
        "-l",
        "-m",
        "--name",
        "--network",
        "--env",
        "--env-file",
        "--mount",
        "--volume",
    }
    | {"--workdir", "--user", "--platform", "--entrypoint", "--publish", "--pull"}
)
IMAGES: Final = re.compile(r"(?:^|/)(terraform|opentofu|aws-cli|pulumi|kubectl|helm|terragrunt)(?:[:@]|$)")
IMAGE_TOOLS: Final = MappingProxyType({"aws-cli": "aws", "opentofu": "tofu"})


def of_container(words: Sequence[str]) -> tuple[str, ...]:
    """Give the command line of `docker run` or `exec`; an image that is a tool's own runs the tool."""
    rest = list(words[2:])
    while rest and rest[0].startswith("-"):
        if rest.pop(0) in CONTAINER_VALUED and rest:
            rest.pop(0)
    image, *behind = rest or [""]
    tool = IMAGES.search(image) if words[1] == "run" else None
    return (IMAGE_TOOLS.get(tool.group(1), tool.group(1)), *behind) if tool else tuple(behind)


def wrapped(words: Sequence[str]) -> tuple[str, ...] | None:
    """Give the command line that a wrapper would run; None where the words are no wrapper's, () where it runs nothing."""
    if words[0] in WRAPPERS:
        valued, positional = WRAPPERS[words[0]]
        if words[1:2] and words[1] in ONLY_LOOK and words[0] in {"command", "sudo"}:
            return ()
        return _behind(words[1:], valued, positional)
    verb = tuple(words[:2])
    if len(verb) == 2 and (verb[0], verb[1]) in RUNNERS:
        rest = list(words[2:])
        if "--" in rest:
            return tuple(rest[rest.index("--") + 1 :])
        return _behind(rest, frozenset(), RUNNERS[verb[0], verb[1]])
    return None


def of_xargs(words: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    """Give the command line that xargs would run with the words it is given."""
    place = next((words[index + 1] for index, word in enumerate(words[:-1]) if word in {"-I", "--replace"}), "")
    place = place or next((word[2:] for word in words if word.startswith("-I") and len(word) > 2), "")
    behind = _behind(words[1:], XARGS_VALUED, 0)
    if place:
        filler = " ".join(given) or place
        return tuple(word.replace(place, filler) for word in behind)
    return (*behind, *given)


def _behind(words: Sequence[str], valued: frozenset[str], positional: int) -> tuple[str, ...]:
    """Leave out a wrapper's options, assignments and own words."""
    rest = list(words)
    while rest and (rest[0].startswith("-") or ASSIGNMENT.match(rest[0])):
        option = rest.pop(0)
        if option == "--":
            break
        if option in valued and rest:
            rest.pop(0)
    return tuple(rest[positional:])
