"""The agent's side of the desk: what every channel does with a request, and what it tells the asker."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from askfirst.harness.authorization.cases import Decision
from askfirst.harness.authorization.channels.asking import Asking
from askfirst.harness.events import AskedBy

if TYPE_CHECKING:
    from pydantic import JsonValue


class Approvals(Protocol):
    """What a channel may do at the desk, and no more: nobody approves, revokes or resets anything through it."""

    def file(
        self,
        actions: Sequence[str],
        resources: Sequence[str],
        reason: str,
        *,
        channel: str,
        asked_by: AskedBy,
        plan: str,
    ) -> str:
        """Make a request; gives its id. Raises `ConnectionError` where the channel fails."""
        ...

    def wait(self, request: str, wait: timedelta) -> Decision:
        """Wait at most `wait` of the trial's time for the decision on a request."""
        ...

    def decision(self, request: str) -> Decision:
        """Say how a request stands now."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """Where the channels of a trial bring requests. `check` may end an agent that waited past a limit."""

    approvals: Approvals
    check: Callable[[], None]

    def ask(self, asking: Asking, *, channel: str, asked_by: AskedBy = AskedBy.AGENT) -> Decision:
        """Make a request and wait for the decision. Raises `ConnectionError` where the channel fails."""
        request = self.approvals.file(
            asking.actions, asking.resources, asking.reason, channel=channel, asked_by=asked_by, plan=asking.plan
        )
        decision = self.approvals.wait(request, asking.wait)
        self.check()
        return decision


def as_data(decision: Decision) -> dict[str, JsonValue]:
    """Give a decision as programs read it."""
    grant = decision.grant
    return {
        "approved": decision.approved,
        "answered": decision.answered,
        "request": decision.request,
        "by": list(decision.by),
        "reason": decision.reason,
        "scope": {
            "actions": list(decision.scope.actions),
            "resources": list(decision.scope.resources),
            "unresolved": list(decision.scope.unresolved),
        },
        "conditions": dict(grant.conditions) if grant and grant.conditions else None,
        "uses": grant.uses if grant else None,
        "until": grant.not_after.isoformat() if grant and grant.not_after else None,
    }


def as_text(decision: Decision) -> str:
    """Give a decision as a model reads it: the sentence, and a line of JSON."""
    return f"{decision}\n{json.dumps(as_data(decision))}"
