"""What a program of the agent says in a system call, read from its memory while it waits for the answer."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

MOST_WORDS = 2000
LONGEST = 131072
"""Bytes of one argument; Linux allows no more."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connection would go. A unix socket has a path and no port."""

    family: int
    host: str
    port: int = 0


class Memory:
    """The memory of a process that stands still."""

    def __init__(self, pid: int) -> None:
        """Raises `OSError` where it may not be read."""
        self.pid = pid
        self._file = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)

    def close(self) -> None:
        """Let go of it."""
        os.close(self._file)

    def bytes_at(self, where: int, size: int) -> bytes:
        """Give some bytes; fewer where the memory ends."""
        return os.pread(self._file, size, where)

    def text_at(self, where: int) -> str:
        """Give a text that ends with a zero."""
        found = b""
        while len(found) < LONGEST:
            size = 4096 - (where + len(found)) % 4096  # never over the end of a page, behind which may be nothing
            piece = self.bytes_at(where + len(found), size)
            end = piece.find(b"\0")
            found += piece if end < 0 else piece[:end]
            if end >= 0 or not piece:
                break
        return os.fsdecode(found)

    def texts_at(self, where: int) -> tuple[str, ...]:
        """Give a list of texts, such as the arguments of a program."""
        found: list[str] = []
        while where and len(found) < MOST_WORDS:
            pointer = struct.unpack("Q", self.bytes_at(where + 8 * len(found), 8))[0]
            if not pointer:
                break
            found.append(self.text_at(pointer))
        return tuple(found)

    def address_at(self, where: int, size: int) -> Address | None:
        """Give an address of a socket; None for a family that leads nowhere."""
        data = self.bytes_at(where, min(size, 128)) if where else b""
        if len(data) < 2:
            return None
        family = struct.unpack_from("H", data)[0]
        if family == socket.AF_INET and len(data) >= 8:
            return Address(family, socket.inet_ntoa(data[4:8]), struct.unpack_from("!H", data, 2)[0])
        if family == socket.AF_INET6 and len(data) >= 24:
            host = socket.inet_ntop(socket.AF_INET6, data[8:24])
            host = host.removeprefix("::ffff:") if "." in host else host
            return Address(family, host, struct.unpack_from("!H", data, 2)[0])
        if family == socket.AF_UNIX:
            path = data[2:]
            if path[:1] == b"\0":  # a name and no file; a leading '@' is how tools write that
                return Address(family, "@" + os.fsdecode(path[1:].rstrip(b"\0")))
            return Address(family, os.fsdecode(path.split(b"\0")[0]))
        return None

    def message_addresses(self, where: int, count: int) -> list[Address]:
        """Give the addresses of messages (`struct mmsghdr`, 64 bytes each)."""
        found = []
        for number in range(min(count, 1024)):
            name, size = struct.unpack("QI", self.bytes_at(where + 64 * number, 12))
            address = self.address_at(name, size)
            if address is not None:
                found.append(address)
        return found

    def folder(self, descriptor: int) -> Path:
        """Give the folder a relative path begins at."""
        name = "cwd" if descriptor < 0 or descriptor >= 1 << 31 else f"fd/{descriptor}"
        return Path(f"/proc/{self.pid}/{name}")

    def exists(self, path: str, descriptor: int = -100) -> bool:
        """Tell whether the process would find a file."""
        if path.startswith("/"):
            return Path(f"/proc/{self.pid}/root{path}").exists()
        return (self.folder(descriptor) / path).exists()
