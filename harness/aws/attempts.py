"""Who calls what: a resolved request becomes an attempt at a logical call, with a name that no order of calls changes.

A logical call is (caller, account, region, service, operation, parameters without tokens, how many such before); ids,
tokens and draws derive by hash from the seed and the logical call (DESIGN rule 8).
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from askfirst.harness.aws import draw, wire
from askfirst.harness.aws.principals import Principal
from askfirst.harness.aws.targets import Finder
from askfirst.harness.aws.wire import Resolved, WireRequest
from askfirst.harness.events import CallStarted
from askfirst.harness.operations.rules import Before, ruling_on
from askfirst.harness.operations.table import Level, Operation, classify
from askfirst.harness.records import ANYTHING, Author, Effect, Parameters, Prediction, Resource, Target

_ENCODER = json.JSONEncoder(sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a call on its way through the gateway. `wire` is the request as it came, its tokens derived."""

    wire: WireRequest
    resolved: Resolved
    principal: Principal
    operation: Operation
    parameters: Parameters
    call: str
    number: int
    request_id: str
    started: CallStarted

    @property
    def name(self) -> str:
        """'service:Operation'."""
        return self.started.action

    @property
    def author(self) -> Author:
        """Who makes it."""
        return self.principal.author

    @property
    def changes(self) -> bool:
        """Whether it may change something: by its level, or because nobody knows."""
        return self.operation.level > Level.PLAN or not self.operation.known


class Attempts:
    """Names the attempts of one trial, or of one building of a world."""

    def __init__(
        self, *, seed: object, partition: str, home: str, state: Callable[[], Mapping[str, Resource]] | None
    ) -> None:
        """`home` is the home account's id, `state` the account by ARN; without it targets are not looked for."""
        self._seed = seed
        self._partition = partition
        self._home = home
        self._state = state
        self._finder = Finder()
        self._ordinals: dict[str, int] = {}
        self._invocations: dict[str, tuple[str, int]] = {}
        self._tokens: dict[str, str] = {}

    def begin(self, resolved: Resolved, request: WireRequest, principal: Principal, *, late: bool) -> Attempt:
        """Make the attempt that a request is."""
        operation = classify(resolved.service, resolved.operation)
        invented = wire.invented_tokens(resolved)
        visible = {name: value for name, value in resolved.parameters.items() if name not in invented}
        parameters = {name: wire.jsonable(value) for name, value in visible.items()}
        region = resolved.region or self._partition
        call, number = self._logical(resolved, principal, region, parameters)
        if invented:
            request = self._derive_tokens(request, call, invented)
            resolved = wire.resolve(request)
        account = principal.account
        # An unknown key names what it names in the home account: an attempt is one, whoever would refuse it.
        targets = self._targets(operation, region, account or self._home, parameters)
        # A call may change whatever its operation may; its parameters say only what it is about.
        operation, ruling, predicted = self._ruled(operation, parameters, targets, visible)
        started = CallStarted(
            call=call,
            attempt=number,
            author=principal.author,
            principal=principal.arn,
            # A key that is not of this world is somebody's real one: it must not get into a file.
            access_key=resolved.access_key if principal.account else resolved.access_key[:4],
            service=resolved.service,
            operation=resolved.operation,
            region=region,
            account=account,
            parameters=parameters,
            level=operation.level.word,
            operation_class=operation.operation_class.value,
            severity=operation.severity.value,
            known=operation.known,
            request_id=draw.uuid(self._seed, call, number, "request"),
            targets=targets,
            user_agent=_client(resolved.user_agent),
            late=late,
            domain=operation.domain.value,
            ruling=ruling,
            predicted=predicted,
        )
        return Attempt(request, resolved, principal, operation, parameters, call, number, started.request_id, started)

    def _targets(self, operation: Operation, region: str, account: str, parameters: Parameters) -> tuple[Target, ...]:
        if self._state is None:
            return ()
        return self._finder.targets(operation.service, operation.name, region, account, parameters, self._state())

    def _ruled(
        self, operation: Operation, parameters: Parameters, targets: tuple[Target, ...], sent: Mapping[str, object]
    ) -> tuple[Operation, str, tuple[Prediction, ...]]:
        """Give the operation as this call does it, the rule that says so, and what it sets up to be taken away."""
        state = self._state() if self._state is not None else {}
        named = tuple(state[one.arn] for one in targets if one.arn in state)
        ruling = ruling_on(operation, Before(parameters, named, state, operation.id, sent))
        if ruling is None:
            return operation, "", ()
        sure = bool(ruling.about)
        arns = () if ruling.about is None else ruling.about or tuple(one.arn for one in named) or (ANYTHING,)
        predicted = tuple(Prediction(arn, "", Effect.GONE, ruling.because, sure) for arn in arns)
        return ruling.over(operation), ruling.because, predicted

    def _logical(
        self, resolved: Resolved, principal: Principal, region: str, parameters: Parameters
    ) -> tuple[str, int]:
        """Give the logical call and the number of the attempt. Attempts of one SDK call carry one invocation id."""
        if resolved.invocation in self._invocations:
            call, number = self._invocations[resolved.invocation]
            self._invocations[resolved.invocation] = (call, number + 1)
            return call, number + 1
        text = _ENCODER.encode(parameters)
        key = f"{principal.author.value}|{principal.account}|{region}|{resolved.service}|{resolved.operation}|{text}"
        ordinal = self._ordinals[key] = self._ordinals.get(key, 0) + 1
        call = "c-" + hashlib.sha256(f"{self._seed}|{key}|{ordinal}".encode()).hexdigest()[:12]
        if resolved.invocation:
            self._invocations[resolved.invocation] = (call, 1)
        return call, 1

    def _derive_tokens(self, request: WireRequest, call: str, invented: Mapping[str, str]) -> WireRequest:
        """Replace the idempotency tokens the SDK drew at random by ones that depend on the logical call alone."""
        url, headers, body = request.url, dict(request.headers), request.body
        for name, value in invented.items():
            derived = self._tokens.setdefault(value, draw.uuid(self._seed, call, name))
            url = url.replace(value, derived)
            body = body.replace(value.encode(), derived.encode())
            headers = {one: text.replace(value, derived) for one, text in headers.items()}
        return replace(request, url=url, headers=headers, body=body)


@functools.lru_cache(maxsize=256)
def _client(user_agent: str) -> str:
    """Give the first word of a user agent ('Boto3/1.44.5'): the rest holds versions of the machine it ran on."""
    return user_agent.split(" ", 1)[0]
