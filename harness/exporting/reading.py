"""Where the trials of an export come from: a benchmark (.sqlite), or the history of one trial (.jsonl)."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from askfirst.harness.bench.store import Store, Stored
from askfirst.harness.bench.summary import summary_of
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.exporting.base import Form, Subject
from askfirst.harness.history import History
from askfirst.harness.trial import Trial


@contextlib.contextmanager
def subjects(path: Path, form: Form, wanted: str = "") -> Generator[list[Subject]]:
    """Give the trials of a file, for as long as the context lasts; `wanted` is the id of one, or how it begins.

    Raises `UsageError` where the file, the id and the form do not go together, with what would.
    """
    if path.suffix == ".jsonl":
        yield [_alone(path, wanted)]
        return
    with Store(path) as store:
        found = list(_kept(store, every=form.every or bool(wanted)))
        if not found:
            msg = f"there is no trial in {path}: `askfirst bench run PLAN` runs some"
            raise UsageError(msg)
        if wanted:
            found = [_fitting(found, wanted, path)]
        if form.single and len(found) > 1:
            msg = f"{form.name} is about one trial, and {path} holds {len(found)}: name one by --trial, such as {found[0].id}"
            raise UsageError(msg)
        yield found


def _alone(path: Path, wanted: str) -> Subject:
    if not path.is_file():
        msg = f"there is no file {path}: give a benchmark (.sqlite), or the history of a trial (.jsonl)"
        raise UsageError(msg)
    history = History.load(path)
    identity = history.header.identity
    digest = identity.digest()
    before, _, attempt = path.stem.rpartition("-")
    number = int(attempt) if before == digest[:12] and attempt.isdigit() else 1
    summary = summary_of(Trial(history, number), 0.0)
    stored = Stored(
        digest, identity.agent, identity.agent, identity.scenario, identity.arm, identity.plan[:12], identity.seed, number,
        None, summary,
    )  # fmt: skip
    found = Subject(stored, lambda: history)
    if wanted and not found.id.startswith(wanted):
        what = f"trial in {path}"
        raise UnknownName(what, wanted, [found.id])
    return found


def _kept(store: Store, *, every: bool) -> Generator[Subject]:
    """Go through the last attempt at each trial, or through all of them."""
    last = store.last()
    if not every:
        for one in last.values():
            yield Subject(one, functools.partial(store.history, one.key, one.number))
        return
    earlier: dict[str, list[Stored]] = {}
    for key, number, _, summary in store.attempts():
        earlier.setdefault(key, []).append(replace(last[key], number=number, summary=summary))
    for key, final in last.items():
        for one in earlier[key]:
            yield Subject(one, functools.partial(store.history, key, one.number), one.number == final.number)


def _fitting(found: list[Subject], wanted: str, path: Path) -> Subject:
    fitting = [one for one in found if one.id.startswith(wanted)]
    whole = [one for one in fitting if one.id == wanted] or [one for one in fitting if one.last]
    if not fitting:
        what = f"trial in {path}"
        raise UnknownName(what, wanted, [one.id for one in found])
    if len(whole) > 1:
        msg = f"{len(whole)} trials in {path} begin with {wanted!r}: give one whole id, such as {whole[0].id}"
        raise UsageError(msg)
    return whole[0] if whole else fitting[0]
