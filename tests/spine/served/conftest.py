"""Agents at the endpoint: as functions of the brief, and as bare sockets."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from askfirst.harness.agent import CallableAgent, Served
from askfirst.harness.scenario import Scenario
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

FORM = "application/x-www-form-urlencoded; charset=utf-8"
REGION = "cn-northwest-1"


@dataclass(frozen=True)
class Got:
    """What came back: status, headers by small name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def code(self) -> str:
        """The error's code, in whichever form it came; '' for none."""
        found = re.search(rb"<Code>(.*?)</Code>", self.body) or re.search(rb'"__type": ?"(?:.*#)?(.*?)"', self.body)
        return found[1].decode() if found else ""


class Wire:
    """A client of HTTP and no more, which signs as SDKs do (the signature itself is nonsense)."""

    def __init__(self, brief: Brief) -> None:
        """Any program of the agent has what `brief.endpoint` says."""
        self.world = brief.endpoint
        self.place = urlsplit(self.world.url)

    def signed(self, service: str, region: str = REGION) -> dict[str, str]:
        """Give the header of a signed request."""
        key = self.world.environment["AWS_ACCESS_KEY_ID"]
        scope = f"{key}/20261126/{region}/{service}/aws4_request"
        return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}

    def ask(self, method: str, path: str, body: bytes | None = None, *, service: str = "", **headers: str) -> Got:
        """Send one request; underscores in the names of headers stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(str(self.place.hostname), self.place.port, timeout=20)
        try:
            connection.request(method, path, body, {**(self.signed(service) if service else {}), **named})
            answer = connection.getresponse()
            return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def query(self, service: str, action: str, version: str) -> Got:
        """Make a call of the protocols `query` and `ec2`."""
        body = f"Action={action}&Version={version}".encode()
        return self.ask("POST", "/", body, service=service, Content_Type=FORM)

    def json(self, service: str, target: str, parameters: Mapping[str, Any], version: str = "1.0") -> Got:
        """Make a call of the protocol `json`."""
        kind = f"application/x-amz-json-{version}"
        body = json.dumps(parameters).encode()
        return self.ask("POST", "/", body, service=service, Content_Type=kind, X_Amz_Target=target)

    def line(self) -> socket.socket:
        """Open a bare connection."""
        return socket.create_connection((str(self.place.hostname), self.place.port or 0), timeout=20)


@pytest.fixture
def serve(small: Scenario) -> Callable[..., Trial]:
    """Drop a function of the brief into the small scenario, at the endpoint."""

    def served(agent: Any, *faults: Any, clock: str = "virtual", **options: Any) -> Trial:
        scenario = options.pop("scenario", small)
        return run_trial(scenario, Served(CallableAgent(agent), clock), list(faults) or None, **options)

    return served


@pytest.fixture
def ask(serve: Callable[..., Trial]) -> Callable[..., tuple[Any, Trial]]:
    """Let a function of a `Wire` work in a trial; give what it returned, and the trial."""

    def asked(act: Callable[[Wire], Any], *faults: Any, **options: Any) -> tuple[Any, Trial]:
        found: list[Any] = []

        def agent(brief: Brief) -> str:
            wire = Wire(brief)
            wire.query("sts", "GetCallerIdentity", "2011-06-15")
            found.append(act(wire))
            return "done"

        trial = serve(agent, *faults, **options)
        assert found, trial.history.troubles
        return found[0], trial

    return asked
