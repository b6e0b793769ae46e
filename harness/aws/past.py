"""The calls of a trial as the account's owner may know them: who asked for what, and what AWS made of it.

Nothing in it tells of the injector: calls of faults and checks are not recorded, an answer that was lost on its way was
given, and a request that never arrived is not there.
"""

from __future__ import annotations

from collections.abc import Iterator

from askfirst.harness.aws.gaps.base import PastCall
from askfirst.harness.events import CallEnded, CallStarted, Entry
from askfirst.harness.operations.table import Level
from askfirst.harness.records import Outcome


class PastCalls:
    """Listens to a trial's recorder; called, it gives the calls that have ended, in the order of their beginning."""

    def __init__(self) -> None:
        self._started: dict[tuple[str, int], Entry] = {}
        self._ended: dict[tuple[str, int], CallEnded] = {}

    def observe(self, entry: Entry) -> None:
        """Take in an entry of the history."""
        event = entry.event
        if isinstance(event, CallStarted):
            self._started[event.call, event.attempt] = entry
        elif isinstance(event, CallEnded):
            self._ended[event.call, event.attempt] = event

    def __call__(self) -> Iterator[PastCall]:
        """Go through the calls that reached AWS."""
        for key, entry in self._started.items():
            end, start = self._ended.get(key), entry.event
            if end is None or not isinstance(start, CallStarted) or _never_arrived(end):
                continue
            lost = end.outcome is Outcome.UNKNOWN
            yield PastCall(
                at=entry.at,
                service=start.service,
                operation=start.operation,
                parameters=start.parameters,
                region=start.region,
                account=start.account,
                principal_arn=start.principal,
                access_key=start.access_key,
                user_agent=start.user_agent,
                request_id=start.request_id,
                reads=start.level == Level.READ.word,
                targets=start.targets,
                error="" if lost else end.error,
                message="" if lost else end.message,
            )


def _never_arrived(end: CallEnded) -> bool:
    return end.outcome is Outcome.UNKNOWN and not end.applied
