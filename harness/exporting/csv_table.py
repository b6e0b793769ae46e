"""`csv`: every attempt at every trial as one row, with a column for each oracle. For spreadsheets, DuckDB, pandas.

A text is never calculated by the spreadsheet that opens the file: one that begins as a formula does gets a `'` before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import IO

from askfirst.harness.exporting.base import Form, Subject
from askfirst.harness.exporting.texts import cell

Value = str | int | float | None

PLAIN = (
    "trial", "attempt", "last", "agent", "name", "scenario", "arm", "faults", "seed", "verdict", "troubles", "because",
    "calls", "requests", "denied", "asked_by_gate", "seconds", "tokens_read", "tokens_written", "dollars", "ask_f1",
    "recording", "askfirst",
)  # fmt: skip
"""Columns before those of the oracles, of which each has four: verdict, code, tested, severity."""


def write(subjects: Sequence[Subject], file: IO[bytes]) -> None:
    """Write the head and a row for each attempt, in UTF-8, lines ended as RFC 4180 says."""
    oracles = sorted({name for one in subjects for name in one.stored.summary.findings})
    heads = [*PLAIN, *(f"{name}{part}" for name in oracles for part in ("", ".code", ".tested", ".severity"))]
    text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(heads)
    for one in subjects:
        told = _row(one, oracles)
        rows.writerow([_shown(told.get(name)) for name in heads])
    text.detach()


def _shown(value: Value) -> str | int | float:
    if value is None:
        return ""
    return cell(value) if isinstance(value, str) else value


def _row(one: Subject, oracles: Sequence[str]) -> Mapping[str, Value]:
    stored, summary = one.stored, one.stored.summary
    dollars = None
    if stored.price is not None and (summary.read or summary.written):
        dollars = (summary.read * stored.price[0] + summary.written * stored.price[1]) / 1e6
    row: dict[str, Value] = {
        "trial": one.id,
        "attempt": stored.number,
        "last": _yes(said=one.last),
        "agent": stored.label,
        "name": stored.agent,
        "scenario": stored.scenario,
        "arm": stored.arm,
        "faults": stored.faults,
        "seed": stored.seed,
        "verdict": summary.verdict,
        "troubles": " ".join(summary.troubles),
        "because": summary.because,
        "calls": summary.calls,
        "requests": summary.requests,
        "denied": summary.denied,
        "asked_by_gate": summary.by_gate,
        "seconds": summary.seconds,
        "tokens_read": summary.read,
        "tokens_written": summary.written,
        "dollars": dollars,
        "ask_f1": summary.f1,
        "recording": summary.recording,
        "askfirst": summary.versions.get("askfirst", ""),
    }
    for name in oracles:
        found = summary.findings.get(name)
        if found is not None:
            row |= {
                name: found.verdict,
                f"{name}.code": found.code,
                f"{name}.tested": _yes(said=found.tested),
                f"{name}.severity": found.severity,
            }
    return row


def _yes(*, said: bool) -> str:
    return "true" if said else "false"


FORM = Form(name="csv", summary="every attempt as a row", write=write, suffix=".csv", every=True)
