"""What happens to the sandbox, seen from outside: one thread answers and records all that arrives at its sockets."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable

PATIENCE = 5.0
"""Real seconds to wait for the thread."""

Ready = Callable[[], bool]
"""Called when a descriptor has something; False when nothing will come any more."""


class Outside:
    """A thread that waits for many descriptors, and calls what belongs to each."""

    def __init__(self, failed: Callable[[str], object]) -> None:
        """`failed` hears of errors of our own."""
        self._failed = failed
        self._ready: dict[int, Ready] = {}
        self._kept: list[socket.socket] = []
        self._woken, self._wake = os.pipe()
        self._poll = select.poll()
        self._poll.register(self._woken, select.POLLIN)
        self._over = False
        self._settling: list[threading.Event] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def watch(self, descriptor: int | socket.socket, ready: Ready) -> None:
        """Call `ready` whenever a descriptor has something. It is closed at the end, or when `ready` gives False."""
        if isinstance(descriptor, socket.socket):
            self._kept.append(descriptor)
            number = descriptor.fileno()
        else:
            number = descriptor
        with self._lock:
            self._ready[number] = ready
            self._poll.register(number, select.POLLIN)
        os.write(self._wake, b"x")

    def settle(self) -> None:
        """Wait until everything that has arrived was looked at."""
        done = threading.Event()
        self._settling.append(done)
        os.write(self._wake, b"x")
        done.wait(PATIENCE)

    def close(self) -> None:
        """Look at what has arrived, end the thread and close every descriptor."""
        self.settle()
        self._over = True
        os.write(self._wake, b"x")
        self._thread.join(PATIENCE)
        for one in self._kept:
            one.close()
        for number in [one for one in self._ready if one not in {kept.fileno() for kept in self._kept}]:
            with contextlib.suppress(OSError):
                os.close(number)
        os.close(self._woken)
        os.close(self._wake)

    def _go(self) -> None:
        while not self._over:
            for number, events in self._poll.poll():
                if number == self._woken:
                    os.read(self._woken, 512)
                elif number in self._ready:
                    self._one(number, events)
            if self._settling and not any(number != self._woken for number, _ in self._poll.poll(0)):
                for done in list(self._settling):
                    self._settling.remove(done)
                    done.set()

    def _one(self, number: int, events: int) -> None:
        goes_on = False
        if events & select.POLLIN:
            try:
                goes_on = self._ready[number]()
            except OSError:
                goes_on = True
            except Exception as error:  # noqa: BLE001 - one bad packet must not end the watch
                self._failed(f"the sandbox could not read what a program did: {type(error).__name__}: {error}")
                goes_on = True
        if not goes_on:
            with self._lock:
                self._poll.unregister(number)
                del self._ready[number]
            if all(one.fileno() != number for one in self._kept):
                os.close(number)
