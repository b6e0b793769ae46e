"""Histories that are judged again, or for the first time: the agent is not run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.bench.children import JUDGED
from askfirst.harness.bench.packing import packed
from askfirst.harness.bench.summary import Found, Summary, summary_of
from askfirst.harness.errors import UsageError
from askfirst.harness.history import History
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.bench.store import Store


@dataclass(frozen=True, slots=True)
class Changed:
    """What today's oracles see otherwise in an attempt: the parts that differ, before and now."""

    trial: str
    parts: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        """One line."""
        return f"{self.trial}: " + "; ".join(f"{name} was {old}, is {new}" for name, old, new in self.parts)

    @property
    def data(self) -> dict[str, object]:
        """As plain data."""
        return {"trial": self.trial, "parts": [{"part": name, "was": old, "is": new} for name, old, new in self.parts]}


def judged_again(store: Store, *, write: bool, told: Callable[[str], object] = lambda _: None) -> list[Changed]:
    """Judge every stored attempt that has a history; give what came out otherwise."""
    found = []
    for key, number, outcome, before in list(store.attempts()):
        try:
            history = store.history(key, number)
        except UsageError:
            continue  # there was none to keep
        now = summary_of(Trial(history, number), before.seconds)
        if outcome != JUDGED:  # why it broke off stands in no event of its own where the history was cut
            now = replace(now, troubles=tuple(dict.fromkeys((*now.troubles, *before.troubles))))
        name = f"{key[:12]}-{number}"
        told(name)
        parts = _differing(before, now)
        if parts:
            found.append(Changed(name, parts))
            if write:
                store.rejudge(key, number, now)
    return found


def _differing(before: Summary, now: Summary) -> tuple[tuple[str, str, str], ...]:
    parts = [("the verdict", before.verdict, now.verdict)] if before.verdict != now.verdict else []
    for name in sorted({*before.findings, *now.findings}):
        old, new = before.findings.get(name), now.findings.get(name)
        if old != new:
            parts.append((name, _said(old), _said(new)))
    return tuple(parts)


def _said(found: Found | None) -> str:
    return f"{found.verdict} [{found.code}]" if found else "not there"


def imported(store: Store, path: Path) -> str:
    """Take in a history that `run` wrote; give what became of it in words. Raises `UsageError` for what is none."""
    if not path.is_file():
        msg = f"there is no file {path}: give the .jsonl files that `askfirst run` wrote"
        raise UsageError(msg)
    history = History.load(path)
    if not history.complete:
        return "left out: it was cut off in the middle"
    identity = history.header.identity
    known = store.last().get(identity.digest())
    if known is not None:
        return f"left out: {identity.digest()[:12]} is there already"
    took = history.entries[-1].at - history.header.started
    seconds = took.total_seconds() if history.header.clock == "hybrid" else 0.0
    began = f"{history.header.started:%Y-%m-%dT%H:%M:%SZ}"
    store.add(identity, identity.agent, 1, began, JUDGED, summary_of(Trial(history), seconds), packed(history))
    return f"taken in as {identity.digest()[:12]}-1"
