"""The trial's time, and what happens when it passes.

In *virtual* mode `time.time`, `datetime.now` and the like show the trial's time and `time.sleep`, SDK back-off, waiters
and `asyncio.sleep` cost nothing. Threads that were there before the trial keep real sleeps, and so does waiting for a program.

In *hybrid* mode the trial's time runs as fast as real time, sleeps are real, and it jumps ahead where somebody waits for a
person. This process shows the trial's time, for moto reads it there; programs of the agent show the real one, so their
dates lie far from those in answers. That harms no client: signatures are not compared with the time, and of the SDKs
those that correct their clock by the `Date` of an answer only sign otherwise from then on.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import sys
import threading
import time
import types
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from time_machine import Traveller

Act = Callable[[], None]


class Clock:
    """The time of a trial. It moves only when somebody moves it; what is due on the way happens on the way, in order.

    A `real` one moves by itself too, as real time does; what falls due then happens at the next `wait_until`.
    """

    def __init__(self, start: datetime, *, real: bool = False) -> None:
        """`start` is timezone-aware; the clock never goes back past it except by `set`."""
        self.real = real
        self._set_at = start, time.perf_counter()
        self._due: list[tuple[datetime, int, Act]] = []
        self._count = 0
        # Held while time moves and things happen; the gateway shares it, so that nothing happens in the middle of a call.
        self.lock = threading.RLock()
        # Held only to book: whoever books may hold other locks.
        self._booking = threading.Lock()
        self._watchers: list[Callable[[datetime], None]] = []
        self._before: list[Act] = []

    def now(self) -> datetime:
        """Give the trial's time."""
        when, since = self._set_at
        return when + timedelta(seconds=time.perf_counter() - since) if self.real else when

    def watch(self, watcher: Callable[[datetime], None]) -> None:
        """Tell `watcher` every new time, before what is due then happens."""
        self._watchers.append(watcher)

    def before(self, look: Act) -> None:
        """Let `look` happen whenever time may pass: before every call and every wait, with the lock held."""
        self._before.append(look)

    def at(self, when: datetime, act: Act) -> None:
        """Let `act` happen when the clock reaches `when`; acts due at the same time keep the order of their booking."""
        with self._booking:
            self._count += 1
            heapq.heappush(self._due, (when, self._count, act))

    def wait_until(self, when: datetime) -> None:
        """Move to `when`, if it lies ahead, doing on the way what falls due. Acts may book further acts."""
        with self.lock:
            for look in self._before:
                look()
            while (following := self._next(max(when, self.now()))) is not None:
                due, act = following
                self._set(max(due, self.now()))
                act()
            if not self.real or when > self.now():
                self._set(max(when, self.now()))

    def _next(self, until: datetime) -> tuple[datetime, Act] | None:
        with self._booking:
            if not self._due or self._due[0][0] > until:
                return None
            due, _, act = heapq.heappop(self._due)
            return due, act

    def advance(self, seconds: float) -> None:
        """Move `seconds` ahead."""
        self.wait_until(self.now() + timedelta(seconds=max(0.0, seconds)))

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of the trial's time pass; `time.sleep` does the same."""
        time.sleep(seconds)

    def set(self, when: datetime) -> None:
        """Put the clock to `when`, backwards too. Only for building a world with a past."""
        with self.lock:
            self._set(when)

    def _set(self, when: datetime) -> None:
        self._set_at = when, time.perf_counter()
        for watcher in self._watchers:
            watcher(when)


Slept = Callable[[float], None]


@contextlib.contextmanager
def virtual_time(clock: Clock, slept: Slept, check: Act) -> Generator[None]:
    """Show the clock's time to the whole process and make sleeps of the trial's threads move it instead of waiting.

    `slept` hears of every sleep the agent chose itself (not of SDK back-off); `check` may raise `LimitReached` after it.
    """
    import time_machine

    foreign = {thread.ident for thread in threading.enumerate() if thread is not threading.current_thread()}
    real_sleep, real_asyncio_sleep = time.sleep, asyncio.sleep
    over = threading.Event()

    def pass_time(seconds: float, caller: str) -> None:
        clock.advance(seconds)
        if not caller.startswith("botocore"):
            slept(seconds)
        check()

    def sleep(seconds: float) -> None:
        callers = _callers()
        if over.is_set():  # whoever imported this one by its name keeps it
            (time.sleep if time.sleep is not sleep else real_sleep)(seconds)
        elif threading.get_ident() in foreign or _wait_for_a_program(callers):
            real_sleep(seconds)
        elif seconds < 0:
            msg = "sleep length must be non-negative"
            raise ValueError(msg)
        else:
            pass_time(seconds, callers[0])

    async def async_sleep(delay: float, result: Any = None) -> Any:  # noqa: ANN401 - asyncio's own signature
        if over.is_set() and asyncio.sleep is not async_sleep:
            return await asyncio.sleep(delay, result)
        if over.is_set() or threading.get_ident() in foreign or delay <= 0 or _wait_for_a_program(_callers()):
            return await real_asyncio_sleep(delay, result)
        # Tasks that are ready run first, so that sleeping tasks wake in the order of their times.
        until = clock.now() + timedelta(seconds=delay)
        await real_asyncio_sleep(0)
        pass_time((until - clock.now()).total_seconds(), "agent")
        return await real_asyncio_sleep(0, result)

    class PatientCondition(threading.Condition):
        """In the retry mode `adaptive` botocore waits on a condition until its rate allows the next call."""

        def wait(self, timeout: float | None = None) -> bool:
            if timeout is None or threading.get_ident() in foreign:
                return super().wait(timeout)
            pass_time(max(timeout, 0.001), "botocore")  # a smaller step than a microsecond would be none
            return False

    patient = types.SimpleNamespace(Lock=threading.Lock, Condition=PatientCondition)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        clock.watch(_mover(traveller, tick=False))
        with (
            mock.patch("time.sleep", sleep),
            mock.patch("asyncio.sleep", async_sleep),
            mock.patch("botocore.retries.bucket.threading", patient),
        ):
            try:
                yield
            finally:
                over.set()


def _callers() -> list[str]:
    """Give the modules of the functions that called into this one, the nearest first."""
    found: list[str] = []
    frame: types.FrameType | None = sys._getframe(1)  # noqa: SLF001 - who sleeps decides
    while frame is not None and len(found) < 4:
        module = str(frame.f_globals.get("__name__", ""))
        if found or module != __name__:
            found.append(module)
        frame = frame.f_back
    return found


def _wait_for_a_program(callers: list[str]) -> bool:
    """Tell whether a sleep is a look at whether another program is done: that takes the time it takes."""
    return callers[0] == "subprocess" or any(one.startswith(("mcp.client.stdio", "mcp.os.")) for one in callers)


@contextlib.contextmanager
def hybrid_time(clock: Clock) -> Generator[None]:
    """Show the clock's time to the whole process, running; sleeps are real."""
    import time_machine

    with time_machine.travel(clock.now(), tick=True) as traveller:
        clock.watch(_mover(traveller, tick=True))
        yield


def _mover(traveller: Traveller, *, tick: bool) -> Callable[[datetime], None]:
    return lambda when: traveller.move_to(when, tick=tick)
