"""Answers the kernel's questions: every program that is started is read first; connections that lead away are refused.

It sees what is started, whoever starts it: not what a shell does by itself (`: > file`), nor lines it never comes to.
"""

from __future__ import annotations

import errno
import fcntl
import socket
import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass

from askfirst.harness.sandbox.attempts import Attempts
from askfirst.harness.sandbox.inside.watching import numbers
from askfirst.harness.sandbox.memory import Address, Memory

RECEIVE, SEND, VALID = 0xC0502100, 0xC0182101, 0x40082102
GO_ON = 1


@dataclass(frozen=True, slots=True)
class Question:
    """What a program is about to do."""

    id: int
    pid: int
    number: int
    arguments: tuple[int, ...]


class Watcher:
    """Answers questions of one filter. Every question is answered, whatever goes wrong: its program waits."""

    def __init__(
        self,
        attempts: Attempts,
        started: Callable[[int, tuple[str, ...]], object],
        *,
        allowed: Callable[[Address], bool],
        failed: Callable[[str], object],
    ) -> None:
        """`started` hears of each program and its number; `allowed` judges addresses where connections are asked about."""
        self._attempts = attempts
        self._started = started
        self._allowed = allowed
        self._failed = failed
        self._calls = {number: name for name, number in numbers().items()}

    def answer(self, listener: int) -> bool:
        """Answer one question; False where nobody will ask any more."""
        buffer = bytearray(80)
        try:
            fcntl.ioctl(listener, RECEIVE, buffer)
        except OSError as error:
            return error.errno in {errno.EINTR, errno.ENOENT}
        number, pid, _, call, _, _, *arguments = struct.unpack("QIIiIQ6Q", buffer)
        question = Question(number, pid, call, tuple(arguments))
        refusal = 0
        try:
            refusal = self._judge(question, listener)
        except (OSError, struct.error):
            refusal = 0 if self._calls.get(call) in {"execve", "execveat"} else errno.EPERM
        except Exception as error:  # noqa: BLE001 - the program must not wait for ever
            self._failed(f"a program of the agent could not be watched: {type(error).__name__}: {error}")
        flags = 0 if refusal else GO_ON
        try:
            fcntl.ioctl(listener, SEND, struct.pack("QqiI", question.id, 0, -refusal, flags))
        except OSError as error:  # it was killed meanwhile
            return error.errno == errno.ENOENT
        return True

    def _judge(self, question: Question, listener: int) -> int:
        """Give the error a call is refused with, 0 to let it go on."""
        name = self._calls.get(question.number, "")
        memory = Memory(question.pid)
        try:
            if name in {"execve", "execveat"}:
                self._program(name, question, memory, listener)
                return 0
            return self._connection(name, question, memory)
        finally:
            memory.close()

    def _program(self, name: str, question: Question, memory: Memory, listener: int) -> None:
        first = 0 if name == "execve" else 1
        path = memory.text_at(question.arguments[first])
        words = memory.texts_at(question.arguments[first + 1])
        found = memory.exists(path, question.arguments[0] if first else -100) if path else True
        fcntl.ioctl(listener, VALID, struct.pack("Q", question.id))  # else what was read is another's memory
        if found and words:  # shells try every folder of PATH
            self._started(question.pid, (path.rpartition("/")[2] or words[0], *words[1:]))

    def _connection(self, name: str, question: Question, memory: Memory) -> int:
        arguments = question.arguments
        if name == "connect":
            found = [memory.address_at(arguments[1], arguments[2])]
        elif name == "sendto":
            found = [memory.address_at(arguments[4], arguments[5])]
        else:
            found = list(memory.message_addresses(arguments[1], arguments[2] if name == "sendmmsg" else 1))
        for address in found:
            if address is not None and not self._allowed(address):
                if address.family == socket.AF_UNIX:
                    self._attempts.tried(address.host, "unix")
                    return errno.EACCES
                self._attempts.tried(address.host, address.port)
                return errno.ENETUNREACH
        return 0


class Lines:
    """Tells of command lines, each intent once: of `bash -c 'aws ...'`, of `aws ...`, and of what that starts."""

    def __init__(self, started: Callable[[tuple[str, ...]], object]) -> None:
        """`started` hears of the lines that count: those that mean something, and what shells are given to do."""
        self._started = started
        self._said: dict[tuple[int, int], frozenset[str]] = {}
        self._plain = 0

    def heard(self, pid: int, words: tuple[str, ...]) -> None:
        """Hear of a program that is being started."""
        from askfirst.harness.offwire import read

        reading = read(words)
        before = self._of_ancestors(pid)
        said = frozenset(f"{intent.what} {intent.names}" for intent in reading.intents)
        if reading.aws:
            said |= {"speaks to AWS"}
        self._said[pid, _parent_and_start(pid)[1]] = before | said
        if not said:
            self._plain += _is_line(words)
        if said - before or (not said and _is_line(words) and self._plain <= MOST_LINES):
            self._started(words)

    def _of_ancestors(self, pid: int) -> frozenset[str]:
        """Give what the processes above have said, and this one before it became another program."""
        found = frozenset[str]()
        for _ in range(64):
            parent, start = _parent_and_start(pid)
            found |= self._said.get((pid, start), frozenset())
            pid = parent
            if pid <= 1:
                break
        return found


SHELLS: Collection[str] = frozenset({"sh", "bash", "dash", "zsh", "ash", "ksh"})
MOST_LINES = 1000
"""Lines without any meaning of their own that are recorded in one trial."""


def _is_line(words: tuple[str, ...]) -> bool:
    options = [one for one in words[1:4] if one.startswith("-") and not one.startswith("--")]
    return words[0] in SHELLS and any("c" in one for one in options)


def _parent_and_start(pid: int) -> tuple[int, int]:
    """Give the parent of a process and when it began, by which it is told from others of its number; zeros if it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - thousands of times
            fields = file.read().rpartition(")")[2].split()
        return int(fields[1]), int(fields[19])
    except (OSError, ValueError, IndexError):
        return 0, 0
