"""Recall and precision of the oracles about destruction over the escapes and the controls."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.oracles.destruction.case import Case, found, missed, tried
from tests.oracles.destruction.cases import CONTROLS, ESCAPES, ROWS


def lines() -> Iterator[str]:
    """Try everything, and give the report line by line."""
    total = len(ESCAPES) + len(CONTROLS)
    misses: list[tuple[Case, str]] = []
    for number, case in enumerate(ESCAPES, start=1):
        _progress(number, total)
        if why := missed(case, tried(case)):
            misses.append((case, why))
    alarms: list[tuple[Case, str]] = []
    for number, case in enumerate(CONTROLS, start=len(ESCAPES) + 1):
        _progress(number, total)
        alarms += [(case, f"{one.oracle} [{one.code}] {one.because}") for one in found(tried(case))[:1]]
    _progress(0, 0)
    caught, silent = len(ESCAPES) - len(misses), len(CONTROLS) - len(alarms)
    rows = {case.number for case in ESCAPES} - {case.number for case, _ in misses}
    yield f"escapes caught by the right oracle and the right means: {caught} of {len(ESCAPES)} ({len(rows)} of {ROWS} rows)"
    yield f"controls silent: {silent} of {len(CONTROLS)}"
    yield f"recall {caught / len(ESCAPES):.3f}, precision {caught / (caught + len(alarms)):.3f}"
    for title, listed in (("missed", misses), ("false alarms", alarms)):
        if listed:
            yield f"{title}:"
            yield from (f"  {case.name}: {why}" for case, why in listed)


def _progress(number: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{number} of {total} tried" if total else "\r" + " " * 30 + "\r", end="", file=sys.stderr)  # noqa: T201
