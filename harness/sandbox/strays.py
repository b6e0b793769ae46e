"""Programs that got away from their session: found by a mark in their environment, and ended."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def end_strays(name: str, value: str) -> int:
    """Kill every process whose environment holds the mark; gives how many there were. Nothing where there is no /proc."""
    mark = f"{name}={value}".encode()
    ended = 0
    with contextlib.suppress(OSError):
        for entry in os.listdir("/proc"):  # noqa: PTH208 - names are enough
            if not entry.isdigit() or int(entry) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                if mark in Path(f"/proc/{entry}/environ").read_bytes().split(b"\0"):
                    os.kill(int(entry), signal.SIGKILL)
                    ended += 1
    return ended
