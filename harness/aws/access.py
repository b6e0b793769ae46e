"""How an agent reaches the account: by a session in this process, or at an address where the endpoint serves it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from askfirst.harness.aws import surroundings
from askfirst.harness.aws.addressing import Addressing
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.endpoint import Endpoint
from askfirst.harness.aws.hook import Handle
from askfirst.harness.aws.principals import Principal, session_of
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.errors import UsageError
from askfirst.harness.events import EgressRefused, Event, Trouble, TroubleKind
from askfirst.harness.limits import Limiter

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True, slots=True)
class ServedWorld:
    """Where programs find the account. `environment` is all that an SDK or the AWS CLI needs to go there and sign."""

    url: str
    environment: Mapping[str, str]


class Access:
    """Made by the trial. An agent that is not served has its session alone: one trial, one transport."""

    def __init__(
        self,
        *,
        handle: Handle,
        clock: Clock,
        record: Callable[[Event], object],
        limiter: Limiter,
        principal: Principal,
        region: str,
        served: bool,
    ) -> None:
        """`handle` is the gateway's, `principal` the agent's."""
        self.region = region
        self._handle = handle
        self._clock = clock
        self._record = record
        self._limiter = limiter
        self._principal = principal
        self._served = served
        self._urls: list[str] = []
        self._endpoint: Endpoint | None = None
        self._world: ServedWorld | None = None
        self._nearby: ServedWorld | None = None
        self._session: boto3.Session | None = None
        self._lock = threading.RLock()
        self._closed = False

    @property
    def session(self) -> boto3.Session:
        """A boto3 session with the agent's keys."""
        with self._lock:
            if self._session is None:
                self._session = session_of(self._principal, self.region)
                if self._served:  # from this process: what is served behind walls cannot be reached from here
                    _lead(self._session, self._near().url)
            return self._session

    @property
    def endpoint(self) -> ServedWorld:
        """The account on a port of loopback, from now on."""
        with self._lock:
            if self._world is None:
                self._world = self._near()
            return self._world

    def _near(self) -> ServedWorld:
        if self._nearby is None:
            port = self._open().listen()
            self._nearby = self._serving(f"http://127.0.0.1:{port}")
        return self._nearby

    def serve(self, listener: socket.socket, url: str) -> ServedWorld:
        """Serve on a bound socket, which programs reach at `url`."""
        with self._lock:
            self._open().listen(listener)
            world = self._serving(url.rstrip("/"))
            self._world = self._world or world
            return world

    def serves(self, url: str) -> bool:
        """Tell whether an address is the endpoint's."""
        return bool(self._urls) and f"http://{urlsplit(url).netloc}" in self._urls

    def owns(self, thread: threading.Thread) -> bool:
        """Tell whether a thread is one of ours, and not the agent's."""
        return self._endpoint is not None and self._endpoint.owns(thread)

    def close(self) -> None:
        """Leave neither port nor thread."""
        with self._lock:
            self._closed = True
            endpoint = self._endpoint
        if endpoint is not None:
            endpoint.close()

    def _open(self) -> Endpoint:
        if not self._served or self._closed:
            msg = (
                "the trial is over: its endpoint is gone"
                if self._closed
                else "this agent works in process and has brief.session: an agent that starts programs which call AWS says "
                "so by an attribute served = True, or is wrapped in askfirst.harness.agent.Served"
            )
            raise UsageError(msg)
        if self._endpoint is None:
            suffix = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
            self._endpoint = Endpoint(self, Addressing(self.region, suffix))
        return self._endpoint

    def _serving(self, url: str) -> ServedWorld:
        self._urls.append(url)
        known = surroundings.environment(self._principal, self.region)
        return ServedWorld(url, MappingProxyType({**known, "AWS_ENDPOINT_URL": url, "AWS_PAGER": ""}))

    # -- backstage of the endpoint -----------------------------------------------------------------------------------

    def handle(self, request: WireRequest) -> WireAnswer:
        """Let the gateway serve a call."""
        return self._handle(request)

    def now(self) -> datetime:
        """Give the trial's time."""
        return self._clock.now()

    def beat(self) -> None:
        """Where time is real, let happen what has fallen due."""
        if self._clock.real:
            self._clock.wait_until(self._clock.now())

    def unreadable(self, because: str) -> None:
        """Record what may have been a call."""
        self._record(Trouble(TroubleKind.UNRESOLVED, f"a call could not be understood: {because}"))

    def nonsense(self, what: str) -> None:
        """Record what was no request at all."""
        self._record(EgressRefused(f"the endpoint: {what}", aws=False))

    def failed(self, because: str) -> None:
        """Record an error of ours."""
        self._record(Trouble(TroubleKind.HARNESS, because))

    def limited(self) -> None:
        """Wake the agent, whose calls reach a limit in threads of ours."""
        self._limiter.interrupt()


def _lead(session: boto3.Session, url: str) -> None:
    """Let every client of a session go to an address, unless its maker names another one."""
    client: Callable[..., Any] = session.client

    def led(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - boto3's signature
        if len(given) < 6:  # the sixth is the address
            named["endpoint_url"] = named.get("endpoint_url") or url
        return client(*given, **named)

    session.client = led  # type: ignore[method-assign]
