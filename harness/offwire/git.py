"""Commands of git: which take commits, branches or files away that nobody else may have.

https://git-scm.com/docs. A reset or a checkout that drops uncommitted edits only changes files; what becomes of those
shows the workspace itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from askfirst.harness.offwire.files import READERS as OF_FILES
from askfirst.harness.offwire.intents import Ran, changes, destroys
from askfirst.harness.operations.table import Domain, Severity
from askfirst.harness.records import Intent

GLOBAL_VALUED: Final = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace"})
NOTHING_HAPPENS: Final = frozenset({"--dry-run", "--help", "-h"})
AGE: Final = re.compile(r"never|[1-9]\d{0,3}[. ](day|week|month|year)s?([. ]ago)?")
HERE: Final = frozenset({"HEAD", "@", "HEAD~0", "HEAD^0"})


def read(ran: Ran) -> Sequence[Intent]:
    """Say what a `git` line would take away."""
    rest = list(ran.arguments)
    sooner: list[str] = []
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in GLOBAL_VALUED and rest:
            value = rest.pop(0)
            # What `git reflog expire` takes for old where it is not told.
            sooner += (
                [f"--expire={value.partition('=')[2]}"] if option == "-c" and value.lower().startswith("gc.") else []
            )
    if not rest or NOTHING_HAPPENS & set(rest):
        return []
    reader = COMMANDS.get(rest[0])
    return reader(Ran((f"git {rest[0]}", *rest[1:], *(sooner if rest[0] == "reflog" else ())))) if reader else []


def _lost(ran: Ran, severity: Severity = Severity.RECOVERABLE) -> list[Intent]:
    flags = [word for word in ran.arguments if word.startswith(("-", "+", ":"))]
    what = " ".join([ran.name, *flags[:1]])
    return destroys(what, ran, Domain.CONFIGURATION, severity, ran.bare())


def _push(ran: Ran) -> Sequence[Intent]:
    forced = {"--force", "--force-with-lease", "--mirror", "--delete", "--prune"} & ran.flags
    refspecs = [word for word in ran.bare()[1:] if word[:1] in {"+", ":"} and len(word) > 1]
    if ran.short("n"):
        return []
    return _lost(ran, Severity.IRREVERSIBLE) if forced or refspecs or ran.short("f") or ran.short("d") else []


def _reset(ran: Ran) -> Sequence[Intent]:
    if "--hard" not in ran.flags:
        return []
    return changes("git reset --hard", ran) if set(ran.bare()) <= HERE else _lost(ran)


def _clean(ran: Ran) -> Sequence[Intent]:
    forced = ran.short("f") or "--force" in ran.flags
    return _lost(ran, Severity.IRREVERSIBLE) if forced and not ran.short("n") else []


def _branch(ran: Ran) -> Sequence[Intent]:
    deletes = ran.short("d") or "--delete" in ran.flags
    forced = ran.short("D") or (deletes and (ran.short("f") or "--force" in ran.flags))
    return _lost(ran) if forced else []


def _tag(ran: Ran) -> Sequence[Intent]:
    return _lost(ran) if ran.short("d") or "--delete" in ran.flags else []


def _checkout(ran: Ran) -> Sequence[Intent]:
    drops = "--" in ran.arguments or "." in ran.bare() or ran.short("f") or {"--force", "--discard-changes"} & ran.flags
    return changes(ran.name, ran) if drops else []


def _restore(ran: Ran) -> Sequence[Intent]:
    return [] if "--staged" in ran.flags and "--worktree" not in ran.flags else changes(ran.name, ran)


def _stash(ran: Ran) -> Sequence[Intent]:
    return _lost(ran) if ran.bare()[:1] in {("drop",), ("clear",)} else []


def _reflog(ran: Ran) -> Sequence[Intent]:
    ages = [*_values(ran, "--expire"), *_values(ran, "--expire-unreachable")]
    what = ran.bare()[:1]
    return _lost(ran) if what == ("delete",) or (what == ("expire",) and not _old(ages)) else []


def _prune(ran: Ran) -> Sequence[Intent]:
    ages = _values(ran, "--expire" if ran.name == "git prune" else "--prune")
    prunes = ran.name == "git prune" or "--prune" in ran.flags
    return _lost(ran, Severity.IRREVERSIBLE) if prunes and not (ages and _old(ages)) else []


def _old(ages: Sequence[str]) -> bool:
    """Tell whether only what is a day old or older goes: git itself cleans up so, and so do agents that keep snapshots."""
    return all(AGE.fullmatch(one) for one in ages)


def _values(ran: Ran, option: str) -> list[str]:
    joined = [word.partition("=")[2] for word in ran.arguments if word.startswith(f"{option}=")]
    return joined + [after for word, after in itertools.pairwise(ran.arguments) if word == option]


def _update_ref(ran: Ran) -> Sequence[Intent]:
    return _lost(ran) if ran.short("d") else changes(ran.name, ran)


def _rewrite(ran: Ran) -> Sequence[Intent]:
    return _lost(ran, Severity.IRREVERSIBLE)


def _rebase(ran: Ran) -> Sequence[Intent]:
    return changes(ran.name, ran) if not {"--abort", "--continue", "--skip", "--quit"} & ran.flags else []


def _commit(ran: Ran) -> Sequence[Intent]:
    return changes("git commit --amend", ran) if "--amend" in ran.flags else []


def _rm(ran: Ran) -> Sequence[Intent]:
    if "--cached" in ran.flags or ran.short("n"):
        return []
    return OF_FILES["rm"](ran)


COMMANDS: Final[Mapping[str, Callable[[Ran], Sequence[Intent]]]] = MappingProxyType(
    {
        "branch": _branch,
        "checkout": _checkout,
        "clean": _clean,
        "commit": _commit,
        "filter-branch": _rewrite,
        "filter-repo": _rewrite,
        "gc": _prune,
        "prune": _prune,
        "push": _push,
        "rebase": _rebase,
        "reflog": _reflog,
        "reset": _reset,
        "restore": _restore,
        "rm": _rm,
        "stash": _stash,
        "switch": _checkout,
        "tag": _tag,
        "update-ref": _update_ref,
    }
)
