"""Approval that is enforced: barriers that refuse a call until people have agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from askfirst.harness.authorization.desk import Desk
from askfirst.harness.events import AskedBy, CallStarted, Decided, Entry, Granted, Reply, Void
from askfirst.harness.operations.table import Level
from askfirst.harness.records import Coverage

PATIENCE = timedelta(hours=4)
"""How long a gate waits for people, in the trial's time."""


def destroys(call: CallStarted) -> bool:
    """Tell whether a call deletes, or is foretold to take something away."""
    return Level[call.level.upper()] is Level.DESTROY or any(one.sure for one in call.predicted)


def changes(call: CallStarted) -> bool:
    """Tell whether a call may change something; who does not know an operation must hold it."""
    return Level[call.level.upper()] >= Level.EXECUTE or not call.known


@dataclass(slots=True)
class Approved:
    """Refuses what no grant covers, or what fewer than `approvals` people agreed to; only deletions, or every change."""

    approvals: int
    only_deletions: bool
    _agreed: dict[str, set[str]] = field(default_factory=dict)
    _request: dict[str, str] = field(default_factory=dict)

    def open(self, desk: Desk) -> None:
        """Nobody is asked: the agent has to."""

    def observe(self, entry: Entry) -> None:
        """Count who agreed to what: a person who agrees after the first is counted, too."""
        match entry.event:
            case Decided(reply=Reply.APPROVED, void=None | Void.SETTLED) as said if said.person:
                self._agreed.setdefault(said.request, set()).add(said.person)
            case Granted(grant=grant):
                self._request[grant.id] = grant.request
                self._agreed.setdefault(grant.request or grant.id, set()).update(grant.approvers)
            case _:
                pass

    def refuses(self, call: CallStarted, coverage: Coverage, iam: Sequence[str]) -> str:
        """Say what is missing."""
        del iam
        if not (destroys(call) if self.only_deletions else changes(call)):
            return ""
        if not coverage.covered:
            return "because a control that waits for approval has none that covers it"
        people = [self._agreed.get(self._request.get(one) or one, set()) for one in coverage.grants]
        if any(len(one) < self.approvals for one in people):
            return f"because a control wants the approval of {self.approvals} people"
        return ""


@dataclass(slots=True)
class Asking:
    """Asks the people of the scenario about every change, in the agent's place, and lets through what they approve."""

    _desk: list[Desk] = field(default_factory=list)

    def open(self, desk: Desk) -> None:
        """Keep the desk."""
        self._desk.append(desk)

    def observe(self, entry: Entry) -> None:
        """Nothing has to be remembered: the grants say it."""

    def refuses(self, call: CallStarted, coverage: Coverage, iam: Sequence[str]) -> str:
        """Ask, and wait; what was agreed to before passes at once."""
        if not changes(call) or coverage.covered:
            return ""
        resources = [one.arn for one in call.targets if one.arn] or [one.name for one in call.targets] or ["*"]
        actions = list(iam) or [call.action]
        reason = "The gate in front of the account asks about this call before it is made."
        try:
            decision = self._desk[0].ask(
                actions, resources, reason, wait=PATIENCE, channel="gate", asked_by=AskedBy.GATE
            )
        except ConnectionError:
            return "because the gate could reach nobody"
        return "" if decision.approved else "because the gate asked people, and they did not approve"
