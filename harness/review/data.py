"""The review as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askfirst.harness.report.losses import loss_data
from askfirst.harness.review.factors import factors_of
from askfirst.harness.review.whatif.telling import verdict

if TYPE_CHECKING:
    from askfirst.harness.review.facts import Facts
    from askfirst.harness.review.whatif.comparing import Comparison, Run


def review_data(facts: Facts, told: Comparison | None) -> dict[str, object]:
    """Give facts, factors, and the what-if table where one was worked out (else null); nothing is cut."""
    identity = facts.history.header.identity
    return {
        "trial": facts.trial.id,
        "verdict": facts.trial.verdict.value,
        "scenario": identity.scenario,
        "arm": identity.arm,
        "agent": identity.agent,
        "seed": identity.seed,
        "violation": facts.violation,
        "call": facts.first.start.action if facts.first else None,
        "losses": [
            {
                **loss_data(one.change),
                "event": one.seq,
                "seconds": one.after.total_seconds(),
                "again": one.again.total_seconds() if one.again is not None else None,
            }
            for one in facts.losses
        ],
        "factors": [
            {"name": one.name, "contributed": one.found, "evidence": one.evidence, "action": one.action}
            for one in factors_of(facts)
        ],
        "requests": [
            {
                "request": one.asked.request,
                "by": one.asked.asked_by.value,
                "actions": list(one.asked.actions),
                "answers": [
                    {"person": said.person, "reply": said.reply.value, "counts": said.counts} for said in one.answers
                ],
                "grant": one.grant.id if one.grant else None,
            }
            for one in facts.requests
        ],
        "what_if": None if told is None else _table(told),
    }


def _table(told: Comparison) -> dict[str, object]:
    return {
        "why_not": told.why_not,
        "why_not_again": told.why_not_again,
        "warnings": list(told.warnings),
        "control": _run(told.control),
        "safeguards": [
            {
                "name": one.safeguard.name,
                "note": one.note,
                "missing": one.missing,
                "recorded": _run(one.replayed),
                "again": _run(one.again),
            }
            for one in told.rows
        ],
    }


def _run(run: Run | None) -> dict[str, object] | None:
    if run is None:
        return None
    return {
        "result": verdict(run),
        "stopped": run.stopped,
        "event": run.seq,
        "first": run.first,
        "lost": run.lost,
        "by": run.by,
        "refused": list(run.refused),
        "asked": run.asked,
        "trouble": run.trouble,
    }
