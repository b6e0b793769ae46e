"""The one door to the mocked account: every AWS call of every transport goes through `Gateway.handle`.

The way of a call (DESIGN §3): what is asked of a model is handed over (step 0); resolve and classify, record, rights,
refusals the mock forgets, faults, apply, look at what changed, faults again, record. All but step 0 in one lock, so that what
changed between two looks was changed by the call.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from askfirst.harness.authorization.ledger import Ledger, made_by
from askfirst.harness.aws import backend, draw, wire
from askfirst.harness.aws.applying import Applier
from askfirst.harness.aws.attempts import Attempt, Attempts
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.disguise import Whose, answers_at, disguise
from askfirst.harness.aws.iam.judging import Judge
from askfirst.harness.aws.iam.sessions import barred
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.past import PastCalls
from askfirst.harness.aws.principals import Keyring, Principal, session_of
from askfirst.harness.aws.watching import Watcher
from askfirst.harness.aws.wire import CannotResolve, WireAnswer, WireRequest
from askfirst.harness.events import CallEnded, EgressRefused, Event, Trouble, TroubleKind
from askfirst.harness.faulting.reactions import Broken
from askfirst.harness.history import Recorder
from askfirst.harness.model.bedrock import is_call_of_a_model
from askfirst.harness.policy import Enforcement
from askfirst.harness.records import Answer, Author, Change, Effect, Outcome, Resource
from askfirst.harness.scenario import Rights

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.aws.barrier import Barrier
    from askfirst.harness.aws.gaps.base import Act
    from askfirst.harness.faulting.engine import Engine

MODEL_PLANE = {"bedrock-runtime", "bedrock-agent-runtime"}
UNKNOWN_KEY = {
    "query": ("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "rest-xml": ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
}
UNKNOWN_KEY_JSON = ("UnrecognizedClientException", "The security token included in the request is invalid.", 400)
TEMPLATES = {"cloudformation"}
"""Services whose calls change members of what they name: there only what is lost needs a grant of its own."""
UNRECORDED = {Author.BUILDER, Author.CHECK, Author.FAULT, Author.SERVICE}
"""Whose calls are the harness's own: they are applied as they are, and judged by nobody."""


class Dropped(Exception):
    """The connection breaks and no answer comes. The transport turns `how` into its own kind of error."""

    def __init__(self, message: str, how: Broken = Broken.UNREACHABLE, partial: WireAnswer | None = None) -> None:
        """`message` is for our own eyes, `partial` the answer of which a part arrives."""
        self.how = how
        self.partial = partial
        super().__init__(message)


class NotUnderstood(Dropped):
    """The request is no operation that can be named. That is recorded as trouble."""


class Closed(Exception):
    """The trial is over: nothing answers any more."""


@dataclass(frozen=True, slots=True)
class Served:
    """What became of an attempt: the account's own answer if it was asked, and what the caller gets if that differs.

    `broken` says how the connection ended where the caller gets nothing.
    """

    answer: WireAnswer | None
    changes: tuple[Change, ...] = ()
    applied: bool = False
    delivered: WireAnswer | None = None
    broken: Broken | None = None
    unknown: bool = False

    @property
    def seen(self) -> WireAnswer | None:
        """What the caller sees."""
        if self.broken is not None:
            return None
        return self.delivered if self.delivered is not None else self.answer


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
        safeguards: Mapping[str, Enforcement] = MappingProxyType({}),
        recorder: Recorder | None = None,
        ledger: Ledger | None = None,
        on_call: Callable[[], None] = lambda: None,
        model: Callable[[WireRequest], WireAnswer] | None = None,
    ) -> None:
        """`home` is the home account's id; `on_call` is told of every call of the agent, and may raise `LimitReached`.

        `model` answers what is asked of a model on Bedrock; None where no model is connected.
        """
        self._model = model
        self.lock = clock.lock
        self.late = False
        self.rights = rights
        self.engine: Engine | None = None
        self.barrier: Barrier | None = None
        self._seed = seed
        self._clock = clock
        self._keyring = keyring
        self._recorder = recorder
        self._ledger = ledger
        self._on_call = on_call
        self._closed = False
        self._held = 0.0
        self._home = home

        def state() -> Mapping[str, Resource]:
            return inventory.state  # another mapping after each look

        watched = None if recorder is None else state
        self._judge = Judge(
            partition=partition,
            home=home,
            backend=lambda service, account, region: backend.backend_of(service, account, region, partition),
            started=clock.now(),
        )
        self._attempts = Attempts(seed=seed, partition=partition, home=home, state=watched)
        self.watcher = Watcher(inventory, clock, seed, self._record)
        past = PastCalls()
        if recorder is not None:
            recorder.listen(past.observe)
        self.applier = Applier(
            seed=seed,
            partition=partition,
            clock=clock,
            later=self.watcher.later,
            trouble=self._trouble,
            modes=safeguards,
            past=past,
            acting=self._acting,
        )

    def _acting(self, account: str, region: str) -> Act:
        """Give what makes calls as a service of an account: they are applied, and are nobody's attempt."""

        def act(role: str, service: str, operation: str, parameters: Mapping[str, JsonValue]) -> None:
            from botocore import xform_name

            principal = self._keyring.issue(Author.SERVICE, account, role, self._seed, role)
            client = session_of(principal, region).client(service)
            getattr(client, xform_name(operation))(**parameters)

        return act

    def close(self) -> None:
        """Answer nothing from now on."""
        with self.lock:
            self._closed = True

    def handle(self, request: WireRequest) -> WireAnswer:
        """Serve one attempt at a call. Raises `Dropped` or `Closed` where no answer comes."""
        if self._model is not None and is_call_of_a_model(request) and not self._closed:
            return self._model(request)  # no call of the account: a model thinks, and others may call meanwhile
        with self.lock:
            if self._closed:
                msg = "the trial is over"
                raise Closed(msg)
            self._held = 0.0
            if not answers_at(request.url):
                host = urlsplit(request.url).netloc
                self._record(EgressRefused(host, aws=False))
                msg = f"nobody answers at {host}"
                raise Dropped(msg)
            try:
                resolved = wire.resolve(request)
            except CannotResolve as error:
                self._trouble(TroubleKind.UNRESOLVED, f"a call could not be understood: {error}")
                raise NotUnderstood(str(error)) from error
            principal = self._keyring.who(resolved.access_key)
            author = principal.author if principal else Author.AGENT
            if author is Author.AGENT:
                self._on_call()
            if resolved.service in MODEL_PLANE:
                because = f"{resolved.service} is a model's API, and no model is connected: name one by ASKFIRST_BEDROCK_PROFILE"
                self._trouble(TroubleKind.MODEL, because)
                msg = "no model is connected"
                raise Dropped(msg)
            own = author in UNRECORDED or self._recorder is None
            if not own:
                self._clock.wait_until(self._clock.now())  # what is due happens before the call, not in it
            principal = principal or Principal(Author.AGENT, "", "unknown key")
            attempt = self._attempts.begin(resolved, request, principal, late=self.late)
            if own:
                return self._outgoing(self._applied(attempt), attempt)
            return self._serve(self._foretold(attempt), known_key=principal.account != "")

    def _foretold(self, attempt: Attempt) -> Attempt:
        """Say of a call what it is going to take away beside what it names, and which stack its change set is of."""
        if attempt.resolved.service not in TEMPLATES or not attempt.principal.account:
            return attempt
        from askfirst.harness.aws.predicting import predictions, subject

        try:
            situation = self.applier.situation(attempt)
            stack = subject(situation)
            predicted = predictions(situation, self.watcher.state)
        except Exception as error:  # noqa: BLE001 - it looks into moto's objects
            why = f"what {attempt.name} is going to do cannot be foretold: {error.__class__.__name__}: {error}"
            self._trouble(TroubleKind.HARNESS, why, attempt.name)
            return attempt
        if not predicted and stack is None:
            return attempt
        started = attempt.started
        targets = started.targets if stack is None else (stack,)
        return replace(attempt, started=replace(started, targets=targets, predicted=(*started.predicted, *predicted)))

    def _outgoing(self, answer: WireAnswer, attempt: Attempt) -> WireAnswer:
        """Give an answer as AWS would send it, whoever made it."""
        stamped = wire.stamp(answer, attempt.request_id)
        whose = Whose(attempt.principal.account or self._home, attempt.request_id)
        return disguise(stamped, attempt.resolved, whose, self._clock.now())

    def _applied(self, attempt: Attempt) -> WireAnswer:
        """Apply without a word in the history; the builder of a world may do what AWS would refuse."""
        refused = None if attempt.author is Author.BUILDER else self.applier.refusal(attempt)
        return refused or self.applier.apply(attempt)

    # -- the way of a recorded call ----------------------------------------------------------------------------------

    def _serve(self, attempt: Attempt, *, known_key: bool) -> WireAnswer:
        if not self._clock.real:
            self._clock.advance(_latency(self._seed, attempt))
        recorder = self._required_recorder()
        barred = self._barred(attempt)  # before the call is made: it may wait for people
        recorded = recorder.record(attempt.started)
        refusal = self._refusal(attempt, known_key=known_key) or barred
        if refusal is not None:
            served = Served(wire.error_answer(attempt.resolved, *refusal))
        elif (refused := self.applier.refusal(attempt)) is not None:
            served = Served(refused)
        else:
            served = self._struck(attempt)
        answer = self._end(attempt, served, recorded.at)
        if answer is None:
            msg = f"a fault broke the connection of {attempt.name}"
            how = served.broken or Broken.RESET
            whole = served.answer if how is Broken.CUT else None
            raise Dropped(msg, how, None if whole is None else self._outgoing(whole, attempt))
        return replace(answer, held=self._held) if self._held else answer

    def _struck(self, attempt: Attempt) -> Served:
        """Carry the call out as the fault that strikes it wants, or plainly."""
        if self.engine is None or not self.engine.strikes_calls:
            return self.carry_out(attempt)
        strike = self.engine.strike(attempt.started, attempt.operation.iam, self._clock.now())
        if strike is None:
            served = self.carry_out(attempt)
            if not attempt.changes and served.answer is not None and served.answer.status < 300:
                self.engine.answered(attempt.started, served.answer)
            return served
        from askfirst.harness.aws.striking import struck

        return struck(self, attempt, strike)

    def carry_out(self, attempt: Attempt) -> Served:
        """Apply, and look at what changed."""
        before = self.watcher.before() if attempt.changes else self.watcher.state
        answer = self.applier.apply(attempt)
        changes: tuple[Change, ...] = ()
        if attempt.changes:
            changes = self.watcher.look(before, attempt.author, attempt.name)
        else:
            self.watcher.pass_over(attempt.name)
        return Served(answer, changes, applied=answer.status < 400 or bool(changes))

    def wait(self, seconds: float) -> None:
        """Let the trial's time pass in the middle of a call; where time is real, whoever waits for the answer waits."""
        if self._clock.real:
            self._held += seconds
        else:
            self._clock.advance(seconds)

    def earlier(self, attempt: Attempt) -> WireAnswer | None:
        """Give the answer the same call got before, if it is remembered."""
        return self.engine.earlier(attempt.started) if self.engine is not None else None

    def _barred(self, attempt: Attempt) -> tuple[str, str, int] | None:
        """Give the refusal of a barrier that lets no call of the agent through without an approval."""
        if self.barrier is None or self._ledger is None or attempt.author is not Author.AGENT:
            return None
        iam = attempt.operation.iam
        coverage = self._ledger.covers(attempt.started, self._changed(attempt, ()), self._clock.now(), iam)
        because = self.barrier.refuses(attempt.started, coverage, iam)
        if not because:
            return None
        from askfirst.harness.faulting import codes

        service, operation, targets = attempt.resolved.service, attempt.resolved.operation, attempt.started.targets
        resource = next((one.arn for one in targets if one.arn), "*")
        action = iam[0] if iam else attempt.name
        said = codes.access_denied(service, operation, attempt.principal.arn, action, resource, because)
        return said.code, said.message, said.status

    def _refusal(self, attempt: Attempt, *, known_key: bool) -> tuple[str, str, int] | None:
        """Give code, message and status where the caller has no right to the call."""
        protocol = attempt.resolved.protocol
        if not attempt.resolved.access_key:
            return self._judge.anonymous(attempt, self._clock.now())
        if not known_key:
            return UNKNOWN_KEY.get(protocol, UNKNOWN_KEY_JSON)
        if attempt.author is not Author.AGENT:
            return None
        return self._no_right(attempt)

    def _no_right(self, attempt: Attempt) -> tuple[str, str, int] | None:
        """Give the refusal of what the caller's policies, or the kind of its keys, do not allow."""
        service, operation, now = attempt.resolved.service, attempt.resolved.operation, self._clock.now()
        refused = barred(attempt.principal.session, service, operation, now)
        if refused is not None:
            return refused
        try:
            decision = self._judge.denial(attempt, self.rights, now)
        except Exception as error:  # noqa: BLE001 - it looks into moto's objects, and must let nothing through
            why = f"the right to {attempt.name} could not be judged: {error.__class__.__name__}: {error}"
            self._trouble(TroubleKind.HARNESS, why, attempt.name)
            return "InternalFailure", "An internal error has occurred", 500
        if decision is None:
            return None
        if decision.unknown:
            self._trouble(TroubleKind.GAP, str(decision), attempt.name)
        from askfirst.harness.faulting import codes

        said = codes.access_denied(
            service, operation, attempt.principal.arn, decision.action, decision.resource, decision.because
        )
        return said.code, said.message, said.status

    def _end(self, attempt: Attempt, served: Served, at: datetime) -> WireAnswer | None:
        recorder = self._required_recorder()
        answer = None if served.answer is None else self._outgoing(served.answer, attempt)
        seen = answer
        if served.seen is not served.answer:
            seen = None if served.seen is None else self._outgoing(served.seen, attempt)
        code, message = wire.error_of(attempt.resolved, seen) if seen is not None else ("", "")
        if served.broken is not None:
            code, message = served.broken.name, served.broken.value
        failed = seen is not None and seen.status >= 400
        changed = self._changed(attempt, served.changes)
        coverage = None
        if self._ledger is not None and attempt.operation.changes and attempt.author is Author.AGENT:
            made = made_by(served.changes)
            coverage = self._ledger.covers(attempt.started, changed, at, attempt.operation.iam, made)
        recorder.record(
            CallEnded(
                call=attempt.call,
                attempt=attempt.number,
                outcome=_outcome(served, failed=failed),
                applied=served.applied,
                error=code if failed or seen is None else "",
                message=message if failed or seen is None else "",
                answer=None if answer is None else _kept(answer, recorder),
                delivered=None if seen is None or served.delivered is None else _kept(seen, recorder),
                changes=served.changes,
                changed=changed,
                coverage=coverage,
            )
        )
        return seen

    def _changed(self, attempt: Attempt, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Give the resources that need a grant: what the call names, what it made, what it was to destroy, and did.

        What gets its id from AWS nobody can ask for beforehand: a task needs no grant beside its cluster's.
        """
        if not attempt.operation.changes and not changes:
            return ()
        named = [target.arn for target in attempt.started.targets if target.known]
        made = [
            change.arn
            for change in changes
            if change.effect is Effect.CREATED
            and (attempt.resolved.service not in TEMPLATES or change.kind == "cloudformation.stack")
            and (not named or _says(attempt, change.arn))
        ]
        doomed = [one.arn for one in attempt.started.predicted if one.arn and attempt.operation.changes]
        lost = [change.arn for change in changes if change.effect.destroys and not change.replaceable]
        return tuple(dict.fromkeys([*named, *made, *doomed, *lost]))

    # -- the history -------------------------------------------------------------------------------------------------

    def _record(self, event: Event) -> None:
        if self._recorder is not None:
            self._recorder.record(event)

    def _trouble(self, kind: TroubleKind, because: str, operation: str = "", *, safe_exit: bool = False) -> None:
        self._record(Trouble(kind, because, operation, safe_exit))

    def _required_recorder(self) -> Recorder:
        if self._recorder is None:
            msg = "a call is served without a recorder"
            raise RuntimeError(msg)
        return self._recorder


def _says(attempt: Attempt, arn: str) -> bool:
    """Say whether a call's parameters hold the name of something it made (the id of a stack follows its name)."""
    said = json.dumps(attempt.parameters, default=str)
    parts = re.split(r"[/:]", arn.split(":", 5)[-1])
    return any(json.dumps(one) in said for one in parts[-2 if ":stack/" in arn else -1 :])


def _outcome(served: Served, *, failed: bool) -> Outcome:
    if served.broken is not None or served.unknown:
        return Outcome.UNKNOWN
    return Outcome.FAIL if failed else Outcome.OK


def _latency(seed: object, attempt: Attempt) -> float:
    """Give the seconds a call takes: 40 to 160 ms by hash of the logical call."""
    return 0.04 + draw.number(seed, attempt.call, attempt.number, "latency") % 120 / 1000


def _kept(answer: WireAnswer, recorder: Recorder) -> Answer:
    try:
        return Answer(answer.status, recorder.keep(answer.body.decode()))
    except UnicodeDecodeError:
        return Answer(answer.status, recorder.keep(base64.b64encode(answer.body).decode()), encoded=True)
