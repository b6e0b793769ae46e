"""A proxy that hears where programs want to go, says no, and records it: HTTP, CONNECT and SOCKS. Relays it lets through."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
from collections.abc import Sequence

from askfirst.harness.sandbox.attempts import Attempts
from askfirst.harness.sandbox.relaying import Place, carry, connected

PATIENCE = 5.0
"""Real seconds that who has connected gets to say where it wants to go."""

REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 14\r\nConnection: close\r\n\r\naccess denied\n"

TARGET = re.compile(rb"^(?:CONNECT\s+|[A-Z]+\s+[a-z]+://(?:[^/@\s]*@)?)(\[[^\]\s]+\]|[^:/\s]+)(?::(\d+))?")


class RefusingProxy:
    """Serves what connects to a listening socket, each in a thread of its own that ends soon."""

    def __init__(self, attempts: Attempts, relays: Sequence[Place] = ()) -> None:
        """Every place that is asked for is told to `attempts`, save `relays`, which CONNECT reaches."""
        self._attempts = attempts
        self._relays = frozenset(relays)

    def accept(self, listener: socket.socket) -> threading.Thread:
        """Take one connection."""
        line, _ = listener.accept()
        line.settimeout(PATIENCE)
        thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
        thread.start()
        return thread

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError, struct.error, IndexError):
            first = line.recv(4096)
            if first[:1] == b"\x05":
                self._socks5(line)
            elif first[:1] == b"\x04":
                self._socks4(line, first)
            else:
                while b"\n" not in first and len(first) < 4096 and (more := line.recv(4096)):
                    first += more
                self._http(line, first)

    def _http(self, line: socket.socket, request: bytes) -> None:
        found = TARGET.match(request)
        if found:
            host = found[1].decode("ascii", "backslashreplace").strip("[]")
            secure = request.startswith(b"CONNECT") or b"https://" in request[:40]
            place = Place(host, int(found[2] or (443 if secure else 80)))
            if place in self._relays and request.startswith(b"CONNECT"):
                with connected(place) as far:
                    line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    carry(line, far)
                return
            self._attempts.tried(place.host, place.port)
        line.sendall(REFUSAL)

    def _socks5(self, line: socket.socket) -> None:
        line.sendall(b"\x05\x00")
        request = line.recv(512)
        kind = request[3]
        if kind == 3:
            length = request[4]
            host, rest = request[5 : 5 + length].decode("ascii", "backslashreplace"), request[5 + length :]
        else:
            family, size = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
            host, rest = socket.inet_ntop(family, request[4 : 4 + size]), request[4 + size :]
        self._attempts.tried(host, struct.unpack("!H", rest[:2])[0])
        line.sendall(b"\x05\x02\x00\x01\0\0\0\0\0\0")  # not allowed by the rules

    def _socks4(self, line: socket.socket, request: bytes) -> None:
        host = socket.inet_ntoa(request[4:8])
        if host.startswith("0.0.0."):  # 4a: the name stands behind the user
            host = request[8:].split(b"\0")[1].decode("ascii", "backslashreplace")
        self._attempts.tried(host, struct.unpack_from("!H", request, 2)[0])
        line.sendall(b"\x00\x5b" + b"\0" * 6)
