"""Commands on files: what they would take of the code, the state and the history an environment is rebuilt from.

Of other files nothing is said here: whether they mattered shows the workspace itself (`workspace.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from askfirst.harness.offwire.intents import Ran, Reader, changes, destroys
from askfirst.harness.offwire.roles import must_survive
from askfirst.harness.operations.table import Domain, Severity
from askfirst.harness.records import Intent

EMPTYING: Final = frozenset({"", ":", "true", "cat /dev/null", "echo -n", "printf ''", "printf ", "cp /dev/null"})
"""Commands that write nothing into the file their output goes to."""

FILES: Final = (Domain.CONFIGURATION, Severity.IRREVERSIBLE)


def _of(paths: Sequence[str]) -> list[str]:
    return [path for path in paths if must_survive(path)]


def _named(paths: Sequence[str]) -> list[str]:
    """Name files as what they are: parts of the workspace, in whichever folder the command runs."""
    return [f"workspace:{path}" for path in paths]


def _rm(ran: Ran) -> Sequence[Intent]:
    lost = _of(ran.bare())
    return destroys(f"{ran.name} {lost[0]}", ran, *FILES, _named(lost)) if lost and "--help" not in ran.flags else []


def _truncate(ran: Ran) -> Sequence[Intent]:
    size = next((ran.words[place + 1] for place, word in enumerate(ran.words[:-1]) if word in {"-s", "--size"}), "")
    size = size or next((word.partition("=")[2] or word[2:] for word in ran.words if word[:2] == "-s"), "")
    size = size or next((word.partition("=")[2] for word in ran.words if word.startswith("--size=")), "")
    lost = _of(ran.bare(frozenset({"-s", "--size", "-r", "--reference"})))
    return destroys(f"truncate {lost[0]}", ran, *FILES, _named(lost)) if lost and size == "0" else []


def _dd(ran: Ran) -> Sequence[Intent]:
    lost = _of([word[3:] for word in ran.arguments if word.startswith("of=")])
    return destroys(f"dd of={lost[0]}", ran, *FILES, _named(lost)) if lost else []


def _mv(ran: Ran) -> Sequence[Intent]:
    *sources, target = ran.bare(frozenset({"-S", "--suffix"})) or ("",)
    lost = _of(sources)
    if target == "/dev/null" and lost:
        return destroys(f"mv {lost[0]}", ran, *FILES, _named(lost))
    if lost and target.startswith(("/", "..")):
        return changes(f"mv {lost[0]}", ran, names=_named(lost))
    over = _of([target])
    return changes(f"mv over {target}", ran, names=_named(over)) if over and not target.endswith("/") else []


def _cp(ran: Ran) -> Sequence[Intent]:
    *sources, target = ran.bare(frozenset({"-S", "--suffix"})) or ("",)
    over = _of([target])
    if not over or target.endswith("/"):
        return []
    if sources == ["/dev/null"]:
        return destroys(f"cp /dev/null {target}", ran, *FILES, _named(over))
    return changes(f"cp over {target}", ran, names=_named(over))


def _tee(ran: Ran) -> Sequence[Intent]:
    over = _of(ran.bare()) if not (ran.short("a") or "--append" in ran.flags) else []
    return changes(f"tee {over[0]}", ran, names=_named(over)) if over else []


def _rsync(ran: Ran) -> Sequence[Intent]:
    deletes = any(flag.startswith("--delete") for flag in ran.flags) and not (
        ran.short("n") or "--dry-run" in ran.flags
    )
    lost = _of(ran.bare()[-1:])
    return destroys("rsync --delete", ran, *FILES, _named(lost)) if deletes and lost else []


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **dict.fromkeys(("rm", "rmdir", "unlink", "shred"), _rm),
        "truncate": _truncate,
        "dd": _dd,
        "mv": _mv,
        "cp": _cp,
        "rsync": _rsync,
        "tee": _tee,
    }
)


def of_redirections(ran: Ran) -> Sequence[Intent]:
    """Say what the redirections of a command empty or write over."""
    over = _of(ran.writes)
    if not over:
        return []
    if " ".join(ran.words) in EMPTYING:
        return destroys(f"> {over[0]}", ran, *FILES, _named(over))
    return changes(f"> {over[0]}", ran, names=_named(over))
