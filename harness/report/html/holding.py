"""The trials of a benchmark inside its page: compressed, in blocks that are unpacked when one of their trials is opened."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from askfirst.harness.bench.comparing import FAIL, INCONCLUSIVE, PASS
from askfirst.harness.bench.store import Store, Stored
from askfirst.harness.errors import UsageError
from askfirst.harness.report.html.texts import BRIEF
from askfirst.harness.report.html.trials import trial_part
from askfirst.harness.report.terminal import deciding
from askfirst.harness.report.timeline import plain, replay_command
from askfirst.harness.trial import Trial

ROOM = 2_500_000
"""Characters of a page that trials may take up, unless all are wanted."""
BLOCK = 48
"""Trials a block: one is unpacked as a whole when a trial of it is opened."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the page of a trial is (block -1: left out), and why its verdict is what it is."""

    block: int
    place: int
    because: str
    codes: tuple[str, ...]


@dataclass(slots=True)
class Held:
    """What became of the trials: blocks as text, where each trial is, and how many had no room."""

    blocks: list[str] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    left_out: int = 0


def packed(value: object) -> str:
    """Give a value as gzipped JSON in base64: nothing in it can end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return base64.b64encode(gzip.compress(text, 9, mtime=0)).decode()


def held(store: Store, trials: Sequence[Stored], told: Callable[[str], object], room: int | None = ROOM) -> Held:
    """Make the pages: failed trials first, then inconclusive ones, then the others, until `room` is used up (None: all)."""
    found, used = Held(), 0
    pages: list[str] = []
    for one in sorted(trials, key=_order):
        if room is not None and used >= room:
            found.left_out += 1
            found.kept[one.key] = Kept(-1, -1, plain(one.summary.because), _codes(one))
        else:
            html, because, codes = _page(store, one)
            found.kept[one.key] = Kept(len(found.blocks), len(pages), because, codes)
            pages.append(html)
        if len(pages) == BLOCK:
            used += _close(found, pages)
        told(one.key[:12])
    if pages:
        _close(found, pages)
    return found


def _close(found: Held, pages: list[str]) -> int:
    found.blocks.append(packed(pages))
    pages.clear()
    return len(found.blocks[-1])


def _order(one: Stored) -> tuple[object, ...]:
    # Alike stands beside alike: the world of a seed, and then the agents in it. It compresses to less.
    return (
        (FAIL, INCONCLUSIVE, PASS).index(one.summary.verdict),
        one.scenario,
        one.arm,
        one.faults,
        one.seed,
        one.label,
    )


def _page(store: Store, one: Stored) -> tuple[str, str, tuple[str, ...]]:
    try:
        trial = Trial(store.history(one.key, one.number), one.number)
    except UsageError as error:
        return "", plain(str(error)), _codes(one)
    html = trial_part(trial, again=replay_command(trial.history, plan=one.faults), detail=BRIEF)
    decisive = deciding(trial)
    codes = tuple(dict.fromkeys(each.code for each in decisive))
    return html, plain(decisive[0].because) if decisive else "", codes


def _codes(one: Stored) -> tuple[str, ...]:
    """Give the codes where the history was not looked at: of the findings that are like the verdict."""
    if one.summary.verdict == PASS:
        return ()
    told = (each.code for each in one.summary.findings.values() if each.verdict == one.summary.verdict)
    return tuple(dict.fromkeys(told))


def index_of(trials: Sequence[Stored], found: Held, differing: set[tuple[str, str, str, int]]) -> Mapping[str, object]:
    """Give what the list shows of every trial, names by number, in the order of the list: what went wrong first."""
    names: dict[str, dict[str, int]] = {part: {} for part in ("agents", "scenarios", "arms", "faults", "codes")}

    def number(part: str, name: str) -> int:
        return names[part].setdefault(name, len(names[part]))

    def lines() -> Iterator[list[object]]:
        for one in sorted(trials, key=_order):
            kept = found.kept[one.key]
            yield [
                number("agents", plain(one.label, 60)),
                number("scenarios", one.scenario),
                number("arms", one.arm),
                number("faults", plain(one.faults, 60)),
                one.seed,
                one.summary.verdict[0],
                [number("codes", code) for code in kept.codes],
                int(one.cell in differing),
                kept.block,
                kept.place,
                kept.because,
            ]

    listed = list(lines())
    return {
        **{part: list(known) for part, known in names.items()},
        "trials": listed,
        "left_out": "There was no room for this trial's timeline. `bench report --full` keeps all of them.",
    }
