"""Carrying a call out: what refuses before moto is asked, our implementation where moto has a gap, else moto."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Protocol

from askfirst.harness.aws import backend, draw, wire
from askfirst.harness.aws.attempts import Attempt
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.gaps import Refused, Situation, afterwards, for_builders, guards, implementations
from askfirst.harness.aws.gaps.base import Act, PastCall
from askfirst.harness.aws.gaps.misrouted import MISROUTED
from askfirst.harness.aws.safeguards import Enforcement, checks, remembering
from askfirst.harness.aws.wire import WireAnswer
from askfirst.harness.events import TroubleKind
from askfirst.harness.faulting.codes import not_supported
from askfirst.harness.forking import fork
from askfirst.harness.records import Author


class Report(Protocol):
    """Where trouble is told."""

    def __call__(self, kind: TroubleKind, because: str, operation: str = "", *, safe_exit: bool = False) -> None:
        """Record trouble."""
        ...


class Later(Protocol):
    """Where something that goes on by itself is booked, see `Watcher.later`."""

    def __call__(self, delay: timedelta, why: str, act: Callable[[], None], author: Author, cause: str) -> None:
        """Book it."""
        ...


class Applier:
    """Applies the calls of one trial to the mocked account."""

    def __init__(
        self,
        *,
        seed: object,
        partition: str,
        clock: Clock,
        later: Later,
        trouble: Report,
        past: Callable[[], Iterable[PastCall]],
        acting: Callable[[str, str], Act],
        modes: Mapping[str, Enforcement] = MappingProxyType({}),
    ) -> None:
        """`later` books what a service finishes by itself, `past` gives the earlier calls, see `Situation`.

        `acting(account, region)` gives `Situation.act`, `modes` are the world's safeguards.
        """
        self._seed = seed
        self._partition = partition
        self._clock = clock
        self._later = later
        self._trouble = trouble
        self._past = past
        self._acting = acting
        self._implementations = implementations()
        self._guards = guards()
        self._modes = modes
        self._checks = checks(modes)
        self._remembering = remembering()
        self._afterwards = afterwards()

    def refusal(self, attempt: Attempt) -> WireAnswer | None:
        """Give the service's own refusal where moto forgets it, or a safeguard's, else None."""
        guard = self._guards.get((attempt.resolved.service, attempt.resolved.operation))
        safeguards = self._checks.get(attempt.name, ())
        if guard is None and not safeguards:
            return None
        try:
            situation = self.situation(attempt)
            for check, forced in safeguards:
                check(situation, forced)
            if guard is not None:
                guard(situation)
        except Refused as refused:
            return wire.error_answer(attempt.resolved, refused.code, refused.message, refused.status)
        except Exception as error:  # noqa: BLE001 - a guard looks into moto's objects
            return self._failed(attempt, error)
        return None

    def apply(self, attempt: Attempt) -> WireAnswer:
        """Let the account carry the call out. Whatever goes wrong inside the mock is trouble, and an answer."""
        try:
            return self._carried_out(attempt)
        except Refused as refused:
            return wire.error_answer(attempt.resolved, refused.code, refused.message, refused.status)
        except backend.NotInMock:
            way_out = attempt.operation.changes and not attempt.operation.destroys
            because = f"the mocked account does not implement {attempt.name}"
            self._trouble(TroubleKind.GAP, because, attempt.name, safe_exit=way_out)
            said = not_supported(attempt.resolved.service, attempt.resolved.operation)
            return wire.error_answer(attempt.resolved, said.code, said.message, said.status)
        except Exception as error:  # noqa: BLE001 - whatever moto or an implementation of ours raises is no AWS answer
            return self._failed(attempt, error)

    def _carried_out(self, attempt: Attempt) -> WireAnswer:
        """Let ours or moto's do it. The builder of a world gets moto's, and ours where moto has nothing."""
        key = (attempt.resolved.service, attempt.resolved.operation)
        seed = draw.number(self._seed, attempt.call)
        ours = self._implementations.get(key)
        if ours is None or (attempt.author is Author.BUILDER and key not in for_builders()):
            try:
                if key in MISROUTED:
                    raise backend.NotInMock(attempt.name)  # noqa: TRY301 - the same gap, found before moto is asked
                answer = backend.apply(attempt.resolved.request, attempt.principal.account, seed)
            except backend.NotInMock:
                if ours is None:
                    raise
            else:
                self._complete(attempt, answer)
                return answer
        with backend.seeded(seed):
            situation = self.situation(attempt)
            output = ours(situation)
            if key in self._afterwards:
                self._afterwards[key](situation, output)
        return wire.output_answer(attempt.resolved, output)

    def _complete(self, attempt: Attempt, answer: WireAnswer) -> None:
        """Keep the settings that moto drops, for the safeguards that rest on them, and do what it leaves undone."""
        after = self._afterwards.get((attempt.resolved.service, attempt.resolved.operation))
        remembering = self._remembering.get(attempt.name, ())
        if answer.status >= 300 or not (remembering or after):
            return
        situation, output = self.situation(attempt), wire.parsed_output(attempt.resolved, answer)
        for one in (*remembering, *([after] if after else [])):
            one(situation, output)

    def foresee(self, attempt: Attempt) -> WireAnswer:
        """Give the answer the call would get, and leave the account as it is: a forked copy of this process applies it."""
        if not hasattr(os, "fork"):
            because = "a fault that answers without applying needs a system with fork()"
            self._trouble(TroubleKind.HARNESS, because, attempt.name)
            return wire.error_answer(attempt.resolved, "InternalFailure", "An internal error has occurred", 500)
        reading, writing = os.pipe()
        child = fork()
        if child == 0:
            self._foretell(attempt, reading, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
        if told:
            answer, troubles = pickle.loads(told)  # noqa: S301 - our own child's words
            for kind, because, operation, safe_exit in troubles:
                self._trouble(kind, because, operation, safe_exit=safe_exit)
            if isinstance(answer, WireAnswer):
                return answer
        return self._failed(attempt, RuntimeError("the copy that should apply it gave no answer"))

    def _foretell(self, attempt: Attempt, reading: int, writing: int) -> None:
        """Be the copy: apply, say what came, and leave without the parent's clean-up."""
        try:
            os.close(reading)
            troubles: list[tuple[TroubleKind, str, str, bool]] = []

            def told(kind: TroubleKind, because: str, operation: str = "", *, safe_exit: bool = False) -> None:
                troubles.append((kind, because, operation, safe_exit))

            self._trouble = told
            answer = self.apply(attempt)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(pickle.dumps((answer, troubles)))
        finally:
            os._exit(0)

    def situation(self, attempt: Attempt) -> Situation:
        """Give what an implementation of ours may use. In a world that is being built nothing is left for later."""
        account, region = attempt.principal.account, attempt.started.region
        agents = attempt.author is Author.AGENT

        def later(delay: timedelta, why: str, act: Callable[[], None]) -> None:
            if agents:
                self._later(delay, why, act, Author.SET_IN_MOTION, attempt.call)
            else:
                self._later(delay, why, act, Author.SERVICE, "")

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
            later=_at_once if attempt.author is Author.BUILDER else later,
            token=lambda label: draw.token(32, self._seed, attempt.call, label),
            past=self._past,
            modes=self._modes,
            act=None if attempt.author is Author.BUILDER else self._acting(account, region),
        )

    def _failed(self, attempt: Attempt, error: Exception) -> WireAnswer:
        why = f"{attempt.name} failed inside the mocked account: {error.__class__.__name__}: {error}"
        self._trouble(TroubleKind.HARNESS, why, attempt.name)
        return wire.error_answer(attempt.resolved, "InternalFailure", "An internal error has occurred", 500)


def _at_once(_delay: timedelta, _why: str, act: Callable[[], None]) -> None:
    """Finish what a service began while a world is built: a snapshot holds no bookings."""
    act()
