"""The name server of the sandbox: every name has an address, and nobody lives there."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Mapping

from askfirst.harness.sandbox.attempts import Attempts

A, AAAA = 1, 28
NO_SUCH_NAME = 3


class NameServer:
    """Answers the questions that arrive at a socket of the sandbox, and records what was asked."""

    def __init__(self, attempts: Attempts, known: Mapping[str, str]) -> None:
        """`known` are the names of relays with their addresses."""
        self._attempts = attempts
        self._known = known

    def answer(self, line: socket.socket) -> None:
        """Answer one question; what is none is left alone."""
        packet, extra, _, sender = line.recvmsg(4096, 512)
        with contextlib.suppress(ValueError, IndexError, struct.error, UnicodeDecodeError):
            reply = self._reply(packet)
            # The answer must come from the address that was asked.
            asked = [(level, kind, _source(level, data)) for level, kind, data in extra]
            with contextlib.suppress(OSError):
                line.sendmsg([reply], asked, 0, sender)

    def _reply(self, packet: bytes) -> bytes:
        number, flags, questions = struct.unpack_from("!HHH", packet)
        if questions != 1 or flags & 0x8000:
            raise ValueError
        name, end = _name(packet, 12)
        kind = struct.unpack_from("!H", packet, end)[0]
        question = packet[12 : end + 4]
        address = self._find(name, kind)
        code = 0 if kind in {A, AAAA} else NO_SUCH_NAME
        head = struct.pack("!HHHHHH", number, 0x8180 | code, 1, 1 if address else 0, 0, 0)
        answer = struct.pack("!HHHIH", 0xC00C, A, 1, 60, 4) + socket.inet_aton(address) if address else b""
        return head + question + answer

    def _find(self, name: str, kind: int) -> str:
        """Give the address of a name, '' where this kind of question has no answer."""
        name = name.lower().rstrip(".")
        if name == "localhost" or name.endswith(".localhost"):
            return "127.0.0.1" if kind == A else ""
        if name in self._known:
            return self._known[name] if kind == A else ""
        self._attempts.tried(name)
        return self._attempts.address_for(name) if kind == A else ""


def _name(packet: bytes, at: int) -> tuple[str, int]:
    labels: list[str] = []
    while length := packet[at]:
        if length > 63 or at > 255 + 12:
            raise ValueError
        labels.append(packet[at + 1 : at + 1 + length].decode("ascii", "backslashreplace"))
        at += length + 1
    return ".".join(labels), at + 1


def _source(level: int, data: bytes) -> bytes:
    """Make of 'it was sent to' a 'send it from'."""
    if level == socket.IPPROTO_IP:  # struct in_pktinfo: interface, local address, address in the header
        return data[:4] + data[8:12] + b"\0\0\0\0"
    return data
