"""What of the agent still runs: all that descends from the session, which orphans come back to."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Collection, Iterable

ROUNDS = 200


def names(root: int, but: Collection[int] = ()) -> list[str]:
    """Give the names of the programs that run below a process, without some."""
    return sorted(name for number, (name, _) in descendants(root).items() if number not in but)


def end(root: int, leaders: Iterable[int] = (), but: Collection[int] = ()) -> None:
    """Kill everything below a process but some, again and again: who is being killed may be starting others."""
    for _ in range(ROUNDS):
        for leader in leaders:
            with contextlib.suppress(OSError):
                os.killpg(leader, signal.SIGKILL)
        found = descendants(root).keys() - but
        if not found:
            return
        for child in found:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
        time.sleep(0.005)


def descendants(root: int) -> dict[int, tuple[str, int]]:
    """Give what lives below a process: by number its name and its parent's number. Nothing where there is no /proc."""
    table: dict[int, tuple[str, int]] = {}
    with contextlib.suppress(OSError):
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    with open(f"/proc/{entry}/stat", errors="replace") as file:
                        head, _, tail = file.read().rpartition(")")
                    state, parent = tail.split()[:2]
                    if state not in "ZX":
                        table[int(entry)] = head.partition("(")[2], int(parent)
    found = {root}
    while more := {one for one, (_, parent) in table.items() if parent in found} - found:
        found |= more
    return {one: table[one] for one in found - {root} if one in table}
