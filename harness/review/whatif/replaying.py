"""An agent that makes recorded calls again, word for word and at their times, and asks again what was asked."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askfirst.harness.authorization.desk import HOST
from askfirst.harness.events import AgentReturned, CallStarted, Entry, Requested
from askfirst.harness.history import History
from askfirst.harness.records import Author

if TYPE_CHECKING:
    import boto3

    from askfirst.harness.brief import Brief


@dataclass(frozen=True)
class Replay:
    """Makes the calls of a history again. What it is answered changes nothing of what it does next."""

    history: History

    @property
    def name(self) -> str:
        """Its name in the history it makes."""
        return "the recorded calls"

    @property
    def configuration(self) -> str:
        """What it does is what the history says."""
        return self.history.header.identity.digest()

    def run(self, brief: Brief) -> str:
        """Go through the calls and requests in their order; give the report that was given then."""
        began = brief.clock.now()
        key = next((one.event.access_key for one in self._acts() if isinstance(one.event, CallStarted)), "")
        for entry in self._acts():
            ahead = (entry.at - self.history.header.started) - (brief.clock.now() - began)
            if ahead.total_seconds() > 1:  # it waited then; what a call takes is the same now
                time.sleep(ahead.total_seconds())
            if isinstance(entry.event, CallStarted):
                own = entry.event.access_key == key
                session = brief.session if own else _other(brief.session, entry.event.access_key)
                with contextlib.suppress(Exception):  # the gateway has recorded what became of it
                    _send(session, entry.event)
            elif isinstance(entry.event, Requested):
                with contextlib.suppress(ConnectionError):
                    _ask(brief, entry.event)
        said = next((one.report for _, one in self.history.of(AgentReturned)), "")
        return self.history.text(said)

    def _acts(self) -> Iterator[Entry]:
        """Go through what is to be done again; attempts of one call are one call: the SDK makes the others itself."""
        returned = False
        for entry in self.history.entries:
            match entry.event:
                case AgentReturned():
                    returned = True
                case CallStarted(author=Author.AGENT, attempt=1):
                    yield entry
                case Requested(channel=channel) if channel != HOST and not returned:  # a report that asks asks again
                    yield entry
                case _:
                    pass


def _ask(brief: Brief, asked: Requested) -> None:
    """Make a request as it was made; the answer comes in its own time."""
    office = brief.office.approvals
    office.file(
        asked.actions, asked.resources, asked.reason, channel=asked.channel, asked_by=asked.asked_by, plan=asked.plan
    )


def _other(session: boto3.Session, key: str) -> boto3.Session:
    """Give a session with another key that the agent had come by; nobody checks its secret here."""
    import boto3

    unchecked = "of the recording"
    token = unchecked if key.startswith("ASIA") else None
    return boto3.Session(key, unchecked, token, region_name=session.region_name)


def _send(session: boto3.Session, call: CallStarted) -> None:
    from botocore import xform_name
    from botocore.config import Config

    # What was sent then is sent again, right or wrong.
    config = Config(parameter_validation=False)
    region = call.region if call.region.count("-") > 1 else session.region_name
    client: Any = session.client(call.service, region_name=region, config=config)
    shape = client.meta.service_model.operation_model(call.operation).input_shape
    parameters = {} if shape is None else _given(shape, dict(call.parameters))
    getattr(client, xform_name(call.operation))(**parameters)


def _given(shape: Any, value: Any) -> Any:  # noqa: ANN401 - botocore is untyped
    """Give a recorded parameter as the SDK takes it: bytes are base64 in a history."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _given(shape.members[name], one) for name, one in value.items() if name in shape.members}
    if shape.type_name == "list" and isinstance(value, list):
        return [_given(shape.member, one) for one in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: _given(shape.value, one) for name, one in value.items()}
    if shape.type_name == "blob" and isinstance(value, str):
        with contextlib.suppress(binascii.Error, ValueError):
            return base64.b64decode(value, validate=True)
        return value.encode()
    return value


def inexact(history: History) -> int:
    """Count the calls of which the history keeps a parameter by digest only: they cannot be made word for word."""
    calls = [one.start for one in history.calls if one.start.author is Author.AGENT]
    return sum(" bytes, sha256 " in json.dumps(dict(one.parameters), default=str) for one in calls)
