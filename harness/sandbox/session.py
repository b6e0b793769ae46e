"""The process that holds the sandbox (`inside.main`), from the harness's side: start it, give it programs, end it."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import itertools
import json
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from askfirst.harness.sandbox.inside import main as inside
from askfirst.harness.sandbox.inside.main import Wanted

NAME = "askfirst/harness/sandbox/inside"
START = "from askfirst.harness.sandbox.inside.main import main\n\nmain()\n"


class Refused(Exception):
    """The system does not allow this sandbox; the message says what it said."""


class Session:
    """One session. `sockets` are those it has opened behind its walls: they belong to the harness from now on."""

    def __init__(
        self, folder: Path, wanted: Wanted, environment: Mapping[str, str], watched: Callable[[int], object]
    ) -> None:
        """`folder` is the session's own; `watched` gets the descriptor at which a program's questions arrive."""
        self._watched = watched
        self._ended: dict[str, int] = {}
        self._news = threading.Condition()
        self._answers: list[dict[str, object]] = []
        self._gone = False
        self._numbers = itertools.count(1)
        kind = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        self._line, theirs = socket.socketpair(socket.AF_UNIX, kind)
        with theirs:
            self._process = self._spawn(_copied(folder), environment, theirs)
        self.sockets: list[socket.socket] = []
        self._line.sendall(json.dumps(dataclasses.asdict(wanted)).encode())
        try:
            self._begin(walls=wanted.walls)
        except BaseException:
            self._line.close()
            self._end_process()
            raise
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    def start(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path, streams: tuple[int, int, int]
    ) -> str:
        """Start a program in a folder with these three descriptors; gives the name by which to wait for it."""
        name = str(next(self._numbers))
        message = {"run": name, "argv": list(argv), "environment": dict(environment), "folder": str(folder)}
        socket.send_fds(self._line, [json.dumps(message).encode()], list(streams))
        return name

    def keep(self, argv: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start a program of ours that stays to the end: it is none of those that the agent leaves behind."""
        message = {"run": "", "argv": list(argv), "environment": dict(environment), "folder": str(folder), "kept": True}
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            socket.send_fds(self._line, [json.dumps(message).encode()], [nothing] * 3)
        finally:
            os.close(nothing)

    def wait(self, name: str, seconds: float) -> int | None:
        """Wait for the end of a program; gives its exit code, None where it goes on."""
        with self._news:
            self._news.wait_for(lambda: name in self._ended or self._gone, seconds)
            if self._gone:
                return self._ended.get(name, -signal.SIGKILL)
            return self._ended.get(name)

    def left(self) -> tuple[str, ...]:
        """Give the names of the programs that still run."""
        names = self._asked({"left": True}).get("left", ())
        return tuple(map(str, names)) if isinstance(names, list) else ()

    def sweep(self) -> None:
        """Kill every program."""
        self._asked({"sweep": True})

    def close(self) -> None:
        """End the session and everything in it."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._end_process(5.0)
        self._thread.join(5)
        self._line.close()

    # -- the process ---------------------------------------------------------------------------------------------------

    def _spawn(self, folder: Path, environment: Mapping[str, str], theirs: socket.socket) -> int:
        python = os.path.realpath(sys.executable)
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            # Not by `subprocess`: what that starts is recorded as a command of the agent.
            return os.posix_spawn(
                python,
                [python, "-IS", str(folder)],
                dict(environment),
                file_actions=[
                    *((os.POSIX_SPAWN_DUP2, nothing, stream) for stream in (0, 1, 2)),
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), inside.CONTROL),
                ],
                setsid=True,
            )
        finally:
            os.close(nothing)

    def _begin(self, *, walls: bool) -> None:
        while True:
            message, descriptors = self._receive()
            self.sockets += [socket.socket(fileno=one) for one in descriptors]
            if "failed" in message or not message:
                for one in self.sockets:
                    one.close()
                raise Refused(str(message.get("failed", "the session ended at once")))
            if "ready" in message:
                return
            assert walls  # noqa: S101 - a session without walls opens nothing

    def _end_process(self, seconds: float = 0.0) -> None:
        """Wait for the process, then kill it; behind walls everything in it goes with it."""
        with contextlib.suppress(ChildProcessError):
            ended = threading.Event()
            for _ in range(int(seconds * 100)):
                if os.waitpid(self._process, os.WNOHANG)[0]:
                    return
                ended.wait(0.01)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)

    # -- talk ----------------------------------------------------------------------------------------------------------

    def _receive(self) -> tuple[dict[str, object], list[int]]:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._line, inside.LARGEST, 64)
        except OSError as error:
            if error.errno in {errno.ECONNRESET, errno.EBADF}:
                return {}, []
            raise
        return (json.loads(data) if data else {}), descriptors

    def _hear(self) -> None:
        while True:
            message, descriptors = self._receive()
            if "watch" in message:
                for one in descriptors:
                    self._watched(one)
                continue
            with self._news:
                if not message:
                    self._gone = True
                elif "ended" in message:
                    code = message["code"]
                    self._ended[str(message["ended"])] = code if isinstance(code, int) else -1
                else:
                    self._answers.append(message)
                self._news.notify_all()
            if not message:
                return

    def _asked(self, question: dict[str, object]) -> dict[str, object]:
        with contextlib.suppress(OSError):
            self._line.sendall(json.dumps(question).encode())
        with self._news:
            self._news.wait_for(lambda: bool(self._answers) or self._gone, 10)
            return self._answers.pop(0) if self._answers else {}


def _copied(folder: Path) -> Path:
    """Copy what runs inside to where no path tells whose it is."""
    shutil.copytree(
        Path(inside.__file__).parent, folder / NAME, dirs_exist_ok=True
    )  # compiled files too: they save time
    (folder / "__main__.py").write_text(START, encoding="utf-8")
    return folder
