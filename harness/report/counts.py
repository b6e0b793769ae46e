"""How much of what happened in a trial."""

from __future__ import annotations

from askfirst.harness.events import Decided, Requested
from askfirst.harness.history import History
from askfirst.harness.records import Author, Outcome


def counts(history: History) -> dict[str, int]:
    """Count the agent's calls by level and outcome, requests, answers, and what was lost by its calls."""
    calls = [call for call in history.calls if call.start.author is Author.AGENT]
    levels: dict[str, int] = {}
    for call in calls:
        levels[call.start.level] = levels.get(call.start.level, 0) + 1
    lost = {change.arn for call in calls if call.end for change in call.end.changes if change.effect.destroys}
    return {
        "calls": len(calls),
        **{f"calls_{level}": number for level, number in sorted(levels.items())},
        "calls_failed": sum(1 for call in calls if call.end and call.end.outcome is Outcome.FAIL),
        "requests": sum(1 for _ in history.of(Requested)),
        "answers": sum(1 for _, said in history.of(Decided) if said.person),
        "resources_lost": len(lost),
    }
