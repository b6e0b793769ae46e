"""What the sandbox lets through: connections to a place inside are carried on to one outside, byte for byte."""

from __future__ import annotations

import _socket
import contextlib
import select
import socket
import threading
from dataclasses import dataclass

CHUNK = 65536
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """Something outside that programs of the agent may reach, such as the address of a model."""

    host: str
    port: int

    @property
    def near(self) -> bool:
        """Whether it is on this machine."""
        return self.host in {"localhost", "127.0.0.1"}


class Relay:
    """Carries what connects to a listening socket to one place."""

    def __init__(self, place: Place) -> None:
        """`place` is reached from the harness's own process."""
        self._place = place
        self._lines: list[socket.socket] = []

    def accept(self, listener: socket.socket) -> threading.Thread:
        """Take one connection."""
        line, _ = listener.accept()
        thread = threading.Thread(target=self._carry, args=(line,), daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """End what is under way."""
        for line in list(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _carry(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError), connected(self._place) as far:
            self._lines += [line, far]
            try:
                carry(line, far)
            finally:
                self._lines.remove(line)
                self._lines.remove(far)


def connected(place: Place) -> socket.socket:
    """Connect to a place. `socket` itself is guarded while a trial runs (`aws.egress`), against an agent in process."""
    failed = OSError(f"nobody answers at {place.host}:{place.port}")
    for family, kind, protocol, _, address in _socket.getaddrinfo(place.host, place.port, 0, socket.SOCK_STREAM):
        line = socket.socket(family, kind, protocol)
        line.settimeout(PATIENCE)
        try:
            _socket.socket.connect(line, address)
        except OSError as error:
            line.close()
            failed = error
        else:
            return line
    raise failed


def carry(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until both sides have ended."""
    one.settimeout(None)
    other.settimeout(None)
    opposite, open_ends = {one: other, other: one}, {one, other}
    while open_ends:
        for ready in select.select(list(open_ends), [], [])[0]:
            data = ready.recv(CHUNK)
            if data:
                opposite[ready].sendall(data)
            else:
                open_ends.discard(ready)
                with contextlib.suppress(OSError):
                    opposite[ready].shutdown(socket.SHUT_WR)
