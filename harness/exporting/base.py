"""The seam of exports: what is exported, and what a form of export is.

A form is one file of this folder: it holds `FORM`, and nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from askfirst.harness.bench.store import Stored
from askfirst.harness.errors import UnknownName
from askfirst.harness.history import History
from askfirst.harness.trial import Trial


@dataclass(frozen=True, slots=True)
class Subject:
    """One attempt at a trial: what was concluded of it, and its history when somebody asks for that.

    `read` raises `UsageError` where no history was kept. What was concluded stays what it was: an export never judges anew.
    `last` is False where the trial was run again for trouble that was ours.
    """

    stored: Stored
    read: Callable[[], History]
    last: bool = True

    @property
    def id(self) -> str:
        """The name of the trial, as `askfirst show` takes it."""
        return f"{self.stored.key[:12]}-{self.stored.number}"

    @property
    def trial(self) -> Trial:
        """The trial with its history."""
        return Trial(self.read(), self.stored.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write trials down.

    `write(subjects, file)` writes the whole. `single` forms are about one trial, `every` ones hold the attempts too that
    were run again, `apart` ones need a file for each agent, `adds` ones go behind what the file holds and `most` is how
    many bytes that may be together. `text` is False for what a terminal cannot show. `suffix` is what files of a folder get.
    """

    name: str
    summary: str
    write: Callable[[Sequence[Subject], IO[bytes]], None]
    suffix: str
    single: bool = False
    every: bool = False
    apart: bool = False
    adds: bool = False
    most: int | None = None
    text: bool = True


def forms() -> Mapping[str, Form]:
    """Give every form by its name: each module of this folder that holds a `FORM`."""
    folder = Path(__file__).parent
    modules = (
        importlib.import_module(f"askfirst.harness.exporting.{one.name}") for one in pkgutil.iter_modules([str(folder)])
    )
    found = [form for module in modules if isinstance(form := getattr(module, "FORM", None), Form)]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def form_named(name: str) -> Form:
    """Give a form by its name; another name raises `UnknownName`."""
    known = forms()
    if name not in known:
        what = "form of export"
        raise UnknownName(what, name, known, see="askfirst bench export --help")
    return known[name]


def by_agent(subjects: Iterable[Subject]) -> dict[str, list[Subject]]:
    """Sort by agent."""
    found: dict[str, list[Subject]] = {}
    for one in subjects:
        found.setdefault(one.stored.label, []).append(one)
    return found
