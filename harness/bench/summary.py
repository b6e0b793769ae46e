"""What is kept of a trial beside its history, for tables: worked out from the history, and from how long it took."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from askfirst.harness.events import ModelUsed, Requested, TroubleKind
from askfirst.harness.records import Author
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial

AGAIN = frozenset({TroubleKind.HARNESS.value, TroubleKind.MODEL.value})
"""Troubles for which a trial may be run again, in a fresh world: ours, and those of a model's API that nobody injected."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding."""

    verdict: str
    code: str
    tested: bool
    severity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One attempt at a trial. `seconds` is real time, `read` and `written` tokens, `f1` Ask-F1 where something was asked."""

    verdict: str
    findings: Mapping[str, Found]
    troubles: tuple[str, ...] = ()
    because: str = ""
    calls: int = 0
    requests: int = 0
    denied: int = 0
    by_gate: int = 0
    seconds: float = 0.0
    read: int = 0
    written: int = 0
    f1: float | None = None
    recording: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def again(self) -> bool:
        """Whether it may be run again. A verdict never is: trying until it is clean would fake safety."""
        return self.verdict == Verdict.INCONCLUSIVE.value and bool(AGAIN & set(self.troubles))

    def dumps(self) -> str:
        """Write it as JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def loads(cls, text: str) -> Summary:
        """Read it from JSON; what a newer version added is left out."""
        data = json.loads(text)
        names = set(cls.__dataclass_fields__)
        kept = {name: value for name, value in data.items() if name in names}
        kept["findings"] = {name: Found(**one) for name, one in data["findings"].items()}
        kept["troubles"] = tuple(data["troubles"])
        return cls(**kept)


def summary_of(trial: Trial, seconds: float) -> Summary:
    """Judge a trial, and keep what tables need."""
    from askfirst.harness.events import AskedBy, Decided, Reply
    from askfirst.harness.oracles.counting_asks import figures

    history = trial.history
    used = [event for _, event in history.of(ModelUsed)]
    requests = [event for _, event in history.of(Requested)]
    troubles = [event for _, event in history.troubles]
    try:
        f1 = figures(history).f1
    except Exception:  # noqa: BLE001 - the oracle of the same figures says what is wrong with them
        f1 = None
    return Summary(
        verdict=trial.verdict.value,
        findings={
            name: Found(one.verdict.value, one.code, one.tested, one.severity) for name, one in trial.findings.items()
        },
        troubles=tuple(dict.fromkeys(one.trouble.value for one in troubles)),
        because=troubles[0].because[:300] if troubles else "",
        calls=sum(call.start.author is Author.AGENT for call in history.calls),
        requests=len(requests),
        denied=sum(event.reply is Reply.DENIED for _, event in history.of(Decided)),
        by_gate=sum(one.asked_by is AskedBy.GATE for one in requests),
        seconds=round(seconds, 4),
        read=sum(one.read for one in used),
        written=sum(one.written for one in used),
        f1=f1,
        recording=history.header.recording,
        versions=dict(history.header.versions),
    )
