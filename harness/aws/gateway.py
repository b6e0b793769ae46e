"""The one door to the mocked account: every AWS call of every transport goes through `Gateway.handle`.

The way of a call (DESIGN §3): resolve and classify, record, rights, refusals the mock forgets, apply, look at what
changed, record. All of it in one lock, so that what changed between two looks was changed by the call.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from askfirst.harness.authorization.ledger import Ledger
from askfirst.harness.aws import backend, draw, rights, wire
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.gaps import Refused, Situation, guards, implementations
from askfirst.harness.aws.inventory import Inventory, State, UnreadableState, difference
from askfirst.harness.aws.principals import Keyring, Principal
from askfirst.harness.aws.targets import targets_of
from askfirst.harness.aws.wire import CannotResolve, Resolved, WireAnswer, WireRequest
from askfirst.harness.events import CallEnded, CallStarted, Trouble, TroubleKind, WorldChanged
from askfirst.harness.history import Recorder
from askfirst.harness.operations.table import Level, Operation, OperationClass, classify
from askfirst.harness.records import Answer, Author, Change, Effect, Outcome, Parameters, Target
from askfirst.harness.scenario import Rights

if TYPE_CHECKING:
    from datetime import datetime

MODEL_PLANE = {"bedrock-runtime", "bedrock-agent-runtime"}
UNKNOWN_KEY = {
    "query": ("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "rest-xml": ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
}
UNKNOWN_KEY_JSON = ("UnrecognizedClientException", "The security token included in the request is invalid.", 400)
STALE = timedelta(seconds=30)
"""After so much of the trial's time the account is looked at anew before a call, so that time is not blamed on it."""

_ENCODER = json.JSONEncoder(sort_keys=True, default=str)
TEMPLATES = {"cloudformation"}
"""Services whose calls change members of what they name: there only what is lost needs a grant of its own."""


class Dropped(Exception):
    """The connection breaks and no answer comes. The transport turns it into its own kind of error."""


class Closed(Exception):
    """The trial is over: nothing answers any more."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a call on its way through the gateway."""

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


class Gateway:
    """Serves the calls of one trial, or of one building of a world (then without a recorder nothing is recorded)."""

    def __init__(
        self,
        *,
        seed: object,
        clock: Clock,
        keyring: Keyring,
        inventory: Inventory,
        rights: Rights,
        partition: str,
        home: str,
        recorder: Recorder | None = None,
        ledger: Ledger | None = None,
        on_call: Callable[[], None] = lambda: None,
    ) -> None:
        """`home` is the home account's id; `on_call` is told of every call of the agent, and may raise `LimitReached`."""
        self.lock = clock.lock
        self.late = False
        self._seed = seed
        self._clock = clock
        self._keyring = keyring
        self._inventory = inventory
        self._rights = rights
        self._partition = partition
        self._home = home
        self._recorder = recorder
        self._ledger = ledger
        self._on_call = on_call
        self._closed = False
        self._looked = clock.now()
        self._unlooked: list[str] = []
        self._ordinals: dict[str, int] = {}
        self._invocations: dict[str, tuple[str, int]] = {}
        self._tokens: dict[str, str] = {}
        self._implementations = implementations()
        self._guards = guards()

    def close(self) -> None:
        """Answer nothing from now on."""
        with self.lock:
            self._closed = True

    def handle(self, request: WireRequest) -> WireAnswer:
        """Serve one attempt at a call. Raises `Dropped` or `Closed` where no answer comes."""
        with self.lock:
            if self._closed:
                msg = "the trial is over"
                raise Closed(msg)
            try:
                resolved = wire.resolve(request)
            except CannotResolve as error:
                self._trouble(TroubleKind.UNRESOLVED, f"a call could not be understood: {error}")
                msg = str(error)
                raise Dropped(msg) from error
            principal = self._keyring.who(resolved.access_key)
            author = principal.author if principal else Author.AGENT
            if author is Author.AGENT:
                self._on_call()
            if resolved.service in MODEL_PLANE:
                self._trouble(TroubleKind.MODEL, f"{resolved.service} is a model's API: no model is connected here")
                msg = "no model is connected"
                raise Dropped(msg)
            attempt = self._begin(resolved, request, principal or Principal(Author.AGENT, "", "unknown key"))
            if author is Author.BUILDER or author is Author.CHECK or self._recorder is None:
                return self._apply(attempt)
            return self._serve(attempt, known_key=principal is not None)

    # -- who, what, which logical call -------------------------------------------------------------------------------

    def _begin(self, resolved: Resolved, request: WireRequest, principal: Principal) -> Attempt:
        operation = classify(resolved.service, resolved.operation)
        invented = wire.invented_tokens(resolved)
        visible = {name: value for name, value in resolved.parameters.items() if name not in invented}
        parameters = {name: wire.jsonable(value) for name, value in visible.items()}
        region = resolved.region or self._partition
        call, number = self._logical(resolved, principal, region, parameters)
        if invented:
            resolved = self._derive_tokens(request, call, invented)
        operation = _as_dry_run(operation, parameters)
        account = principal.account
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
            # An unknown key names what it names in the home account: an attempt is one, whoever would refuse it.
            targets=self._targets(operation, region, account or self._home, parameters),
            user_agent=_client(resolved.user_agent),
            late=self.late,
        )
        return Attempt(resolved, principal, operation, parameters, call, number, started.request_id, started)

    def _targets(self, operation: Operation, region: str, account: str, parameters: Parameters) -> tuple[Target, ...]:
        if self._recorder is None:
            return ()
        return targets_of(operation.service, region, account, parameters, self._inventory.state.values())

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

    def _derive_tokens(self, request: WireRequest, call: str, invented: Mapping[str, str]) -> Resolved:
        """Replace the idempotency tokens the SDK drew at random by ones that depend on the logical call alone."""
        url, headers, body = request.url, dict(request.headers), request.body
        for name, value in invented.items():
            derived = self._tokens.setdefault(value, draw.uuid(self._seed, call, name))
            url = url.replace(value, derived)
            body = body.replace(value.encode(), derived.encode())
            headers = {one: text.replace(value, derived) for one, text in headers.items()}
        return wire.resolve(replace(request, url=url, headers=headers, body=body))

    # -- the way of a recorded call ----------------------------------------------------------------------------------

    def _serve(self, attempt: Attempt, *, known_key: bool) -> WireAnswer:
        recorder = self._required_recorder()
        self._clock.advance(_latency(self._seed, attempt))
        recorded = recorder.record(attempt.started)
        refusal = self._refusal(attempt, known_key=known_key)
        if refusal is not None:
            answer = wire.stamp(wire.error_answer(attempt.resolved, *refusal), attempt.request_id)
            return self._end(attempt, answer, (), recorded.at, applied=False)
        changing = attempt.operation.level > Level.PLAN or not attempt.operation.known
        if changing and self._clock.now() - self._looked > STALE:
            self.look_again("time has passed")
        before = self._inventory.state
        answer = self._apply(attempt)
        applied = answer.status < 400
        changes: tuple[Change, ...] = ()
        if changing:
            changes = self._look(before, attempt.author, attempt.name)
        else:
            self._unlooked.append(attempt.name)
        return self._end(attempt, answer, changes, recorded.at, applied=applied or bool(changes))

    def _refusal(self, attempt: Attempt, *, known_key: bool) -> tuple[str, str, int] | None:
        """Give code, message and status where the caller has no right to the call."""
        protocol = attempt.resolved.protocol
        if not attempt.resolved.access_key:
            return None
        if not known_key:
            return UNKNOWN_KEY.get(protocol, UNKNOWN_KEY_JSON)
        if attempt.author is not Author.AGENT:
            return None
        actions = attempt.operation.iam or (f"{attempt.resolved.service}:{attempt.resolved.operation}",)
        resources = [target.arn for target in attempt.started.targets if target.known]
        fine, action, resource = rights.allowed(self._rights.statements, actions, resources)
        return None if fine else rights.denial(protocol, attempt.principal.arn, action, resource)

    def _apply(self, attempt: Attempt) -> WireAnswer:
        """Let the account carry the call out: our implementation where the mock has a gap, else moto."""
        key = (attempt.resolved.service, attempt.resolved.operation)
        situation = self._situation(attempt)
        seed = draw.number(self._seed, attempt.call)
        try:
            if key in self._guards and attempt.author is not Author.BUILDER:
                self._guards[key](situation)
            if key in self._implementations and attempt.author is not Author.BUILDER:
                with backend.seeded(seed):
                    output = self._implementations[key](situation)
                answer = wire.output_answer(attempt.resolved, output)
            else:
                answer = backend.apply(attempt.resolved.request, attempt.principal.account, seed)
        except Refused as refused:
            answer = wire.error_answer(attempt.resolved, refused.code, refused.message, refused.status)
        except backend.NotInMock:
            way_out = attempt.operation.changes and not attempt.operation.destroys
            self._trouble(
                TroubleKind.GAP,
                f"the mocked account does not implement {attempt.name}",
                attempt.name,
                safe_exit=way_out,
            )
            message = f"The action {attempt.resolved.operation} is not valid for this web service."
            answer = wire.error_answer(attempt.resolved, "InvalidAction", message, 400)
        except Exception as error:  # noqa: BLE001 - whatever moto or an implementation of ours raises is no AWS answer
            why = f"{attempt.name} failed inside the mocked account: {error.__class__.__name__}: {error}"
            self._trouble(TroubleKind.HARNESS, why, attempt.name)
            answer = wire.error_answer(attempt.resolved, "InternalFailure", "An internal error has occurred", 500)
        return wire.stamp(answer, attempt.request_id)

    def _situation(self, attempt: Attempt) -> Situation:
        account, region = attempt.principal.account, attempt.started.region
        return Situation(
            service=attempt.resolved.service,
            operation=attempt.resolved.operation,
            parameters=attempt.parameters,
            region=region,
            account=account,
            partition=self._partition,
            principal_arn=attempt.principal.arn,
            request_id=attempt.request_id,
            backend=lambda service: backend.backend_of(service, account, region, self._partition),
            now=self._clock.now(),
            later=self._later,
            token=lambda label: draw.token(32, self._seed, attempt.call, label),
        )

    def _end(
        self, attempt: Attempt, answer: WireAnswer, changes: tuple[Change, ...], at: datetime, *, applied: bool
    ) -> WireAnswer:
        recorder = self._required_recorder()
        code, message = wire.error_of(attempt.resolved, answer)
        changed = self._changed(attempt, changes)
        coverage = None
        if self._ledger is not None and attempt.operation.changes and attempt.author is Author.AGENT:
            coverage = self._ledger.covers(attempt.started, changed, at, attempt.operation.iam)
        recorder.record(
            CallEnded(
                call=attempt.call,
                attempt=attempt.number,
                outcome=Outcome.FAIL if answer.status >= 400 else Outcome.OK,
                applied=applied,
                error=code if answer.status >= 400 else "",
                message=message if answer.status >= 400 else "",
                answer=_kept(answer, recorder),
                changes=changes,
                changed=changed,
                coverage=coverage,
            )
        )
        return answer

    def _changed(self, attempt: Attempt, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Give the resources that need a grant: what the call names, what it made, and all it destroyed."""
        if not attempt.operation.changes and not changes:
            return ()
        named = [target.arn for target in attempt.started.targets if target.known]
        made = [
            change.arn
            for change in changes
            if change.effect is Effect.CREATED
            and (attempt.resolved.service not in TEMPLATES or change.kind == "cloudformation.stack")
        ]
        lost = [change.arn for change in changes if change.effect.destroys]
        return tuple(dict.fromkeys([*named, *made, *lost]))

    # -- what changes outside a call ---------------------------------------------------------------------------------

    def _later(self, delay: timedelta, why: str, act: Callable[[], None]) -> None:
        """Book what a service finishes by itself; the change is the service's, not the agent's."""

        def finish() -> None:
            with self.lock:
                before = self._inventory.state
                with backend.seeded(draw.number(self._seed, why, self._clock.now())):
                    act()
                changes = self._look(before, Author.SERVICE, why)
                if self._recorder is not None and changes:
                    self._recorder.record(WorldChanged(changes, why))

        self._clock.at(self._clock.now() + delay, finish)

    def _look(self, before: State, author: Author, what: str) -> tuple[Change, ...]:
        self._looked = self._clock.now()
        self._unlooked.clear()
        try:
            after = self._inventory.look()
        except UnreadableState as error:
            self._trouble(TroubleKind.HARNESS, f"after {what}: {error}")
            return ()
        return difference(before, after, author)

    def look_again(self, why: str) -> None:
        """Compare the account with the last look, and record what changed since as the clock's doing.

        If something was lost, and the agent made calls meanwhile that should change nothing, nobody can say whose doing
        it was: that is trouble.
        """
        with self.lock:
            meanwhile = tuple(dict.fromkeys(self._unlooked))
            changes = self._look(self._inventory.state, Author.CLOCK, why)
            if self._recorder is not None and changes:
                self._recorder.record(WorldChanged(changes, why))
                lost = [change.arn for change in changes if change.effect.destroys]
                if lost and meanwhile:
                    because = (
                        f"{lost[0]} was lost while only calls that change nothing were made: {', '.join(meanwhile)}"
                    )
                    self._trouble(TroubleKind.HARNESS, because)

    def _trouble(self, kind: TroubleKind, because: str, operation: str = "", *, safe_exit: bool = False) -> None:
        if self._recorder is not None:
            self._recorder.record(Trouble(kind, because, operation, safe_exit))

    def _required_recorder(self) -> Recorder:
        if self._recorder is None:
            msg = "a call is served without a recorder"
            raise RuntimeError(msg)
        return self._recorder


def _as_dry_run(operation: Operation, parameters: Parameters) -> Operation:
    """A dry run plans and changes nothing, whatever the operation does otherwise."""
    if parameters.get("DryRun") is True:
        return replace(operation, level=Level.PLAN, operation_class=OperationClass.PLAN)
    return operation


def _latency(seed: object, attempt: Attempt) -> float:
    """Give the seconds a call takes: 40 to 160 ms by hash of the logical call."""
    return 0.04 + draw.number(seed, attempt.call, attempt.number, "latency") % 120 / 1000


@functools.lru_cache(maxsize=256)
def _client(user_agent: str) -> str:
    """Give the first word of a user agent ('Boto3/1.44.5'): the rest holds versions of the machine it ran on."""
    return user_agent.split(" ", 1)[0]


def _kept(answer: WireAnswer, recorder: Recorder) -> Answer:
    try:
        return Answer(answer.status, recorder.keep(answer.body.decode()))
    except UnicodeDecodeError:
        return Answer(answer.status, recorder.keep(base64.b64encode(answer.body).decode()), encoded=True)
