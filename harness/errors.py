"""Every error askfirst raises on purpose, and what its reader should do.

AskfirstError
├── UsageError            a name, option or argument that cannot be right; nothing was run
│   └── UnknownName       a scenario, agent, oracle or arm nobody registered; carries `suggestions`
├── ScenarioError         a scenario file or object that contradicts itself; carries `where`
├── WorldError            the builder of a world failed, or moto cannot hold what it made
├── AlreadyMocked         `mock_aws` or another trial is active in this process
└── Inconclusive          a finding was used as a truth value though nothing was proved

LimitReached (a BaseException) ends an agent that ran past a limit of its trial.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AskfirstError(Exception):
    """Root of all errors that askfirst raises on purpose. The message says what the reader should do."""


class UsageError(AskfirstError):
    """An argument or option cannot be right. Nothing was run; correct the call."""


class UnknownName(UsageError, LookupError):
    """Nobody registered that name. `suggestions` holds the nearest known ones, best first."""

    def __init__(self, what: str, name: str, known: Iterable[str], *, see: str = "") -> None:
        """`what` is the kind of thing ('scenario'), `known` all names of that kind, `see` a command that lists them."""
        names = sorted(known)
        self.name = name
        self.suggestions = tuple(difflib.get_close_matches(name, names, n=3, cutoff=0.5))
        if self.suggestions:
            hint = f"did you mean {' or '.join(repr(one) for one in self.suggestions)}?"
        elif len(names) <= 12:
            hint = f"known: {', '.join(names) or 'none'}."
        else:
            hint = f"{len(names)} are known."
        super().__init__(f"there is no {what} called {name!r}: {hint}{f' `{see}` lists them.' if see else ''}")


class ScenarioError(AskfirstError):
    """A scenario contradicts itself or cannot be read. `where` names the file or the scenario to correct."""

    def __init__(self, message: str, *, where: str = "") -> None:
        """`message` says what to change."""
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)


class WorldError(AskfirstError):
    """The world could not be built. No trial was run; correct the scenario's `build` function."""


class AlreadyMocked(UsageError):
    """AWS is already mocked in this process. Stop the other mock (`mock_aws`, another trial) before the trial."""


class Inconclusive(AskfirstError):
    """Nothing was proved, so the finding is neither true nor false.

    Raised by `bool(finding)` so that neither `assert finding` nor `assert not finding` can look like success.
    Read `str(finding)` for the reason, mend it, and run the trial again.
    """


class LimitReached(BaseException):
    """A limit of the trial was reached. Raised inside the agent; not an `Exception`, so that agents do not swallow it."""
