"""`inspect`: an Inspect log (`.eval`) for `inspect view` and `inspect log dump`, written without Inspect. One log an agent.

A log is a zip: `_journal/start.json`, a file for each sample, `summaries.json`, `header.json`
(https://inspect.aisi.org.uk/eval-logs.html). A sample is a scenario with arm and faults, its epoch is the seed. PASS is scored
`C`, FAIL `I`, INCONCLUSIVE `N` (no answer): Inspect counts the last two alike, as 0. A finding that had nothing to judge
is no score at all.
"""

from __future__ import annotations

import json
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from askfirst.harness.errors import UsageError
from askfirst.harness.exporting.base import Form, Subject
from askfirst.harness.exporting.inspect_events import events, messages
from askfirst.harness.exporting.texts import reasons
from askfirst.harness.report.timeline import plain
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from pydantic import JsonValue

SCHEMA = 2
SCORE = {Verdict.PASS.value: "C", Verdict.FAIL.value: "I", Verdict.INCONCLUSIVE.value: "N"}
VERDICT = "verdict"
Told = dict[str, "JsonValue"]


def write(subjects: Sequence[Subject], file: IO[bytes]) -> None:
    """Write the log of one agent."""
    made = datetime.now(UTC).isoformat()
    names = _names(subjects)
    spec = _spec(subjects, names, made)
    plan: Told = {"name": "plan", "steps": [{"solver": plain(subjects[0].stored.agent)}]}
    summaries: list[JsonValue] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as log:
        _put(log, "_journal/start.json", {"version": SCHEMA, "eval": spec, "plan": plan})
        for one, name in zip(subjects, names, strict=True):
            sample, summary = _sample(one, name)
            _put(log, f"samples/{name}_epoch_{one.stored.seed}.json", sample)
            summaries.append(summary)
        _put(log, "summaries.json", summaries)
        head: Told = {
            "version": SCHEMA,
            "status": "success",
            "eval": spec,
            "plan": plan,
            "results": _results(subjects),
            "stats": {"started_at": made, "completed_at": made},
        }
        _put(log, "header.json", head)


def _put(log: zipfile.ZipFile, name: str, value: JsonValue) -> None:
    # Plain ASCII: half characters that an agent wrote are escapes here, and the reader's business.
    log.writestr(name, json.dumps(value))


def _names(subjects: Sequence[Subject]) -> list[str]:
    """Give the id of each sample: it becomes the name of a file, and is there once for each seed."""
    found: list[str] = []
    taken: set[tuple[str, int]] = set()
    for one in subjects:
        stored = one.stored
        words = [stored.scenario, *([stored.arm] if stored.arm != "base" else []), *filter(None, [stored.faults])]
        name = re.sub(r"[^A-Za-z0-9._|+-]+", "-", "|".join(words)).strip(".")[:120] or "trial"
        if (name, stored.seed) in taken:
            name = f"{name}|{stored.key[:12]}"
        taken.add((name, stored.seed))
        found.append(name)
    return found


def _spec(subjects: Sequence[Subject], names: Sequence[str], made: str) -> Told:
    first = subjects[0].stored
    unique = sorted(set(names))
    return {
        "eval_id": first.key[:22],
        "run_id": first.key[22:44],
        "created": made,
        "task": "askfirst",
        "task_id": first.key[:22],
        "dataset": {"name": "askfirst", "samples": len(unique), "sample_ids": [*unique], "shuffled": False},
        "model": plain(first.label),
        "config": {"epochs": len({one.stored.seed for one in subjects})},
        "packages": {name: plain(said) for name, said in first.summary.versions.items()},
        "metadata": {"agent": plain(first.agent), "exported_by": "askfirst bench export"},
    }


def _sample(one: Subject, name: str) -> tuple[Told, Told]:
    """Give a sample and its summary."""
    stored, summary = one.stored, one.stored.summary
    told = {oracle: f"[{code}] {because}" for oracle, code, because in reasons(one)}
    scores: Told = {VERDICT: _score(summary.verdict, "; ".join(f"{oracle} {why}" for oracle, why in told.items()))}
    untested: list[JsonValue] = []
    for oracle, found in summary.findings.items():
        if found.tested:
            scores[oracle] = _score(found.verdict, told.get(oracle, f"[{found.code}]"))
        else:
            untested.append(oracle)
    facts: Mapping[str, JsonValue] = {
        "trial": one.id,
        "scenario": stored.scenario,
        "arm": stored.arm,
        "faults": stored.faults,
        "seed": stored.seed,
        "troubles": [*summary.troubles],
        "nothing_to_test": untested,
    }
    common: Told = {
        "id": name,
        "epoch": stored.seed,
        "target": "PASS",
        "scores": scores,
        "metadata": dict(facts),
        "total_time": summary.seconds,
        "uuid": one.id,
    }
    try:
        history = one.read()
    except UsageError:  # the trial was killed before anything was written
        sample: Told = {"input": "", "messages": [], "events": [], **common}
        return sample, {"input": "", "message_count": 0, "completed": True, **common}
    talk = messages(history)
    asked = str(talk[0]["content"]) if talk else ""
    last: Told = talk[-1] if talk and talk[-1]["role"] == "assistant" else {"role": "assistant", "content": ""}
    times: Told = {"started_at": _time(history.header.started)}
    if history.entries:
        times["completed_at"] = _time(history.entries[-1].at)
    output: Told = {"model": plain(stored.label), "choices": [{"message": last, "stop_reason": "stop"}]}
    talked: list[JsonValue] = [*talk]
    seen: list[JsonValue] = [*events(history)]
    sample = {"input": asked, "messages": talked, "output": output, "events": seen, **common, **times}
    return sample, {"input": asked[:500], "message_count": len(talk), "completed": True, **common, **times}


def _score(verdict: str, because: str) -> Told:
    return {"value": SCORE.get(verdict, "N"), "answer": verdict, "explanation": plain(because, 2000)}


def _results(subjects: Sequence[Subject]) -> Told:
    """Give accuracy and its standard error for the verdict and each oracle, over what was tested: what proved nothing is 0."""
    values: dict[str, list[float]] = {VERDICT: []}
    for one in subjects:
        summary = one.stored.summary
        values[VERDICT].append(float(summary.verdict == Verdict.PASS.value))
        for oracle, found in summary.findings.items():
            if found.tested:
                values.setdefault(oracle, []).append(float(found.verdict == Verdict.PASS.value))
    total = len(subjects)
    scores: list[JsonValue] = [
        {
            "name": name,
            "scorer": name,
            "scored_samples": len(held),
            "unscored_samples": total - len(held),
            "metrics": {
                "accuracy": {"name": "accuracy", "value": sum(held) / len(held)},
                "stderr": {"name": "stderr", "value": _stderr(held)},
            },
        }
        for name, held in values.items()
    ]
    return {"total_samples": total, "completed_samples": total, "logged_samples": total, "scores": scores}


def _stderr(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(mean * (1 - mean) / (len(values) - 1)) if len(values) > 1 else 0.0


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


FORM = Form(
    name="inspect", summary="an Inspect log for each agent", write=write, suffix=".eval", apart=True, text=False
)
