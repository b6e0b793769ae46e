"""The mocked account behind HTTP: `Gateway.handle` for programs, on sockets of this process.

One thread per connection, keep-alive. What a fault does to a connection is done to the socket: it is reset, it hangs, or
the answer ends in the middle. There is no route beside AWS's own.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import select
import socket
import threading
from datetime import datetime
from typing import Protocol

from askfirst.harness.aws import http1, refusing
from askfirst.harness.aws.addressing import Addressing, Nonsense, Unreadable
from askfirst.harness.aws.gateway import Closed, Dropped, NotUnderstood
from askfirst.harness.aws.http1 import BadRequest, HttpRequest
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.errors import LimitReached
from askfirst.harness.faulting.reactions import Broken

BEAT = 0.2
"""Real seconds between two looks at what falls due."""

PATIENCE = 5.0
"""Real seconds that requests under way get when the endpoint closes."""


class Backstage(Protocol):
    """What the endpoint needs of the trial."""

    def handle(self, request: WireRequest) -> WireAnswer:
        """Serve one attempt at a call; see `Gateway.handle`."""
        ...

    def now(self) -> datetime:
        """Give the trial's time."""
        ...

    def beat(self) -> None:
        """Let happen what has fallen due; called again and again while the endpoint is open."""
        ...

    def unreadable(self, because: str) -> None:
        """Hear of a request that may have been a call and could not be read."""
        ...

    def nonsense(self, what: str) -> None:
        """Hear of what was no request at all."""
        ...

    def failed(self, because: str) -> None:
        """Hear of an error of our own."""
        ...

    def limited(self) -> None:
        """Hear that a limit of the trial was reached in one of our threads."""
        ...


class Endpoint:
    """Serves one trial. Nothing listens before `listen`."""

    def __init__(self, trial: Backstage, addressing: Addressing) -> None:
        """`trial` is called from the endpoint's threads."""
        self._trial = trial
        self._addressing = addressing
        self._listeners: list[socket.socket] = []
        self._accepting: list[threading.Thread] = []
        self._lines: dict[threading.Thread, socket.socket] = {}
        self._over = threading.Event()
        self._numbers = itertools.count(1)

    def listen(self, listener: socket.socket | None = None) -> int:
        """Serve on a bound socket, or on a free port of loopback; gives the port, 0 where there is none (a unix socket)."""
        listener = listener or socket.create_server(("127.0.0.1", 0), backlog=128)
        listener.listen(128)
        listener.settimeout(BEAT)
        thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._listeners.append(listener)
        self._accepting.append(thread)
        thread.start()
        return int(listener.getsockname()[1]) if listener.family in {socket.AF_INET, socket.AF_INET6} else 0

    def owns(self, thread: threading.Thread) -> bool:
        """Tell whether a thread is one of ours, and not the agent's."""
        return thread in self._accepting or thread in self._lines

    def close(self) -> None:
        """Take no more requests, let those under way end, and leave neither port nor thread."""
        self._over.set()
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes `accept` at once where the system can
        for thread in self._accepting:
            thread.join(PATIENCE)
        for listener in self._listeners:
            listener.close()
        for thread, line in list(self._lines.items()):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RD)
            thread.join(PATIENCE)

    # -- connections -------------------------------------------------------------------------------------------------

    def _accept(self, listener: socket.socket) -> None:
        while not self._over.is_set():
            try:
                line, _ = listener.accept()
            except TimeoutError:
                self._beat()
                continue
            except OSError:
                return
            line.settimeout(None)
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._lines[thread] = line
            thread.start()

    def _beat(self) -> None:
        try:
            self._trial.beat()
        except Exception as error:  # noqa: BLE001 - whatever falls due runs code of scenarios and faults
            self._trial.failed(f"what fell due failed: {type(error).__name__}: {error}")

    def _serve(self, line: socket.socket) -> None:
        try:
            if line.family != getattr(socket, "AF_UNIX", None):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError), line.makefile("rb") as stream:
                while not self._over.is_set() and self._one(line, stream):
                    pass
        finally:
            with contextlib.suppress(OSError):
                line.close()
            self._lines.pop(threading.current_thread(), None)

    def _one(self, line: socket.socket, stream: io.BufferedReader) -> bool:
        """Serve one request; gives whether another may follow."""
        try:
            request = http1.read_request(stream, lambda: line.sendall(http1.CONTINUE))
        except BadRequest as error:
            self._trial.nonsense(str(error))
            self._send(line, refusing.malformed(error.status, self._trial.now(), next(self._numbers)), "GET", last=True)
            return False
        if request is None:
            return False
        try:
            answer = self._answer(request)
        except Dropped as dropped:
            self._break(line, stream, dropped)
            return False
        if answer is None:
            return False
        self._wait(line, answer.held)
        self._send(line, answer, request.method, last=not request.lasting)
        return request.lasting

    def _answer(self, request: HttpRequest) -> WireAnswer | None:
        """Give the answer to a request; None where nothing answers any more. Raises `Dropped`."""
        try:
            return self._trial.handle(self._addressing.request(request))
        except Unreadable as error:
            self._trial.unreadable(str(error))
            return refusing.not_understood(request, self._trial.now(), next(self._numbers))
        except Nonsense as error:
            self._trial.nonsense(str(error))
            return refusing.not_understood(request, self._trial.now(), next(self._numbers))
        except NotUnderstood:
            return refusing.not_understood(request, self._trial.now(), next(self._numbers))
        except Dropped:
            raise
        except Closed:
            return None
        except LimitReached:
            self._trial.limited()
            return None
        except Exception as error:  # noqa: BLE001 - an error of ours must not look like AWS's silence
            where = f"{request.method} {request.target[:200]}"
            self._trial.failed(f"{where} failed in the endpoint: {type(error).__name__}: {error}")
            return refusing.failed(request, self._trial.now(), next(self._numbers))

    def _send(self, line: socket.socket, answer: WireAnswer, method: str, *, last: bool) -> None:
        head, body = http1.written(answer, method, lasting=not last)
        line.sendall(head + body if len(body) < 65536 else head)
        if len(body) >= 65536:
            line.sendall(body)

    def _break(self, line: socket.socket, stream: io.BufferedReader, dropped: Dropped) -> None:
        """Do to the connection what the fault wants. Who has connected already can be refused by a reset only."""
        if dropped.how is Broken.TIMEOUT:
            self._wait(line, None)
        if dropped.how is Broken.CUT and dropped.partial is not None:
            head, body = http1.written(dropped.partial, "GET", lasting=True)
            line.sendall(head + body[: len(body) // 2] if body else head[: len(head) // 2])
            select.select([], [], [], 0.02)  # a reset takes away what has not been read yet
        stream.close()
        http1.reset(line)

    def _wait(self, line: socket.socket, seconds: float | None) -> None:
        """Wait so many real seconds, None for ever, but no longer than the other side or the endpoint does."""
        step = 0.1 if seconds is None else min(seconds, 0.1)
        while (seconds is None or seconds > 0) and not self._over.wait(step) and not http1.left(line):
            seconds = None if seconds is None else seconds - step
