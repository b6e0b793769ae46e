"""The three streams of a program: what it reads is written to it, what it writes is kept, up to a bound."""

from __future__ import annotations

import contextlib
import os
import threading
from types import TracebackType
from typing import Self

MOST = 4 * 1024 * 1024
"""Bytes kept of each stream; what comes after is read and dropped."""

PATIENCE = 2.0


class Streams:
    """Pipes for one program. `theirs` are the ends that it gets."""

    def __init__(self, stdin: str) -> None:
        """`stdin` is what the program reads; '' for nothing at all, not even a pipe."""
        self._stdin = stdin.encode()
        self._kept: dict[int, bytearray] = {}
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Make the pipes."""
        self._out, out = os.pipe()
        self._err, err = os.pipe()
        if self._stdin:
            read, self._into = os.pipe()
        else:
            read, self._into = os.open(os.devnull, os.O_RDONLY), -1
        self.theirs = (read, out, err)
        self._given = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is open."""
        self._let_go()
        for thread in self._threads:
            thread.join(PATIENCE)

    def begin(self) -> None:
        """Read and write from now on; the program has its ends."""
        self._let_go()
        for number in (self._out, self._err):
            self._kept[number] = bytearray()
            self._run(self._read, number)
        if self._into >= 0:
            self._run(self._write)

    def end(self) -> tuple[str, str]:
        """Give what was written."""
        for thread in self._threads:
            thread.join(PATIENCE)
        out, err = (self._kept[one].decode(errors="replace") for one in (self._out, self._err))
        return out, err

    def _run(self, target: object, *arguments: object) -> None:
        assert callable(target)  # noqa: S101 - for the type checker
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _read(self, number: int) -> None:
        kept = self._kept[number]
        with contextlib.suppress(OSError):
            while data := os.read(number, 65536):
                kept += data[: max(0, MOST - len(kept))]
        os.close(number)

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            view = memoryview(self._stdin)
            while view:
                view = view[os.write(self._into, view) :]
        os.close(self._into)

    def _let_go(self) -> None:
        if not self._given:
            self._given = True
            for one in self.theirs:
                os.close(one)
