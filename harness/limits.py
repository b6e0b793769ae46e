"""The limits of a trial: real time, calls, and the trial's own time."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Generator
from datetime import datetime, timedelta

from askfirst.harness.errors import LimitReached
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.policy import Limits


class Limiter:
    """Ends an agent that goes past a limit, by `LimitReached` in its own thread at a call, a sleep, or an alarm.

    The alarm needs the main thread and a system with `SIGALRM`; elsewhere an agent that computes for ever without a call
    or a sleep is ended only under `isolation="fork"`.
    """

    def __init__(self, limits: Limits, now: Callable[[], datetime]) -> None:
        """`now` gives the trial's time; both clocks start now."""
        self._limits = limits
        self._now = now
        self._last = now() + timedelta(hours=limits.world_hours)
        self._deadline = time.perf_counter() + limits.seconds
        self._calls = 0
        self._ringing = False
        self._trouble: Trouble | None = None

    @property
    def trouble(self) -> Trouble | None:
        """Which limit was reached first, or None."""
        return self._trouble

    @property
    def seconds_left(self) -> float:
        """Real seconds until the deadline, 0 when it has passed."""
        return max(0.0, self._deadline - time.perf_counter())

    def count_call(self) -> None:
        """Count a call of the agent, then check."""
        self._calls += 1
        self.check()

    def check(self) -> None:
        """Raise `LimitReached` if a limit has been reached."""
        if self._calls > self._limits.calls:
            self._reach(TroubleKind.CENSORED, f"the agent made more than {self._limits.calls} calls (limit `calls`)")
        if self._now() >= self._last:
            because = f"{self._limits.world_hours:g} hours of the trial's own time went by (limit `world_hours`)"
            self._reach(TroubleKind.CENSORED, because)
        if time.perf_counter() >= self._deadline:
            self._reach(TroubleKind.HANG, f"the agent was not done after {self._limits.seconds:g} s (limit `seconds`)")

    def _reach(self, kind: TroubleKind, because: str) -> None:
        if self._trouble is None:
            self._trouble = Trouble(kind, because)
        raise LimitReached(self._trouble.because)

    def interrupt(self) -> None:
        """Let the alarm ring now: a limit was reached in a thread that is not the agent's."""
        if self._ringing:
            signal.setitimer(signal.ITIMER_REAL, 0.001, 1.0)

    @contextlib.contextmanager
    def alarm(self) -> Generator[None]:
        """Interrupt the main thread at the deadline, and every second after it while it goes on."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
            yield
            return

        def ring(*_: object) -> None:
            self.check()

        previous = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, self._limits.seconds + 0.01, 1.0)
        self._ringing = True
        try:
            yield
        finally:
            self._ringing = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
