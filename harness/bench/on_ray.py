"""A benchmark on the machines of a Ray cluster (extra `ray`): one supervisor on each, as a process of its own.

Ray only places the supervisors and carries their results. It tries nothing again: what a lost machine had not delivered is
named, and `askfirst bench resume` runs it. Each machine needs the same askfirst and the same files at the same place.
"""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askfirst.harness.bench.cells import Cell
from askfirst.harness.bench.store import Row, Store
from askfirst.harness.errors import UsageError

WAIT = 0.5
"""Seconds between two looks at machines that say nothing."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A machine that is gone, and how many trials it had not delivered."""

    node: str
    because: str
    missing: int

    def __str__(self) -> str:
        """One line."""
        return f"{self.node} was lost ({self.because}) with {self.missing} trials that it had not delivered"


def run_on_ray(address: str, plan: Path, todo: Sequence[tuple[Cell, int]], store: Store) -> Iterator[Row | Lost]:
    """Run trials on every machine of a cluster; gives each as it is kept here, and each machine that is lost.

    Raises `UsageError` where there is no cluster at the address.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray: Any = importlib.import_module("ray")
        placing: Any = importlib.import_module("ray.util.scheduling_strategies")
    except ImportError:
        msg = "--ray needs the package ray: pip install 'askfirst[ray]'"
        raise UsageError(msg) from None
    _look(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except ConnectionError as error:
        msg = f"there is no Ray cluster at {address!r}: {error}"
        raise UsageError(msg) from error
    try:
        nodes = [one for one in ray.nodes() if one["Alive"]]
        run = ray.remote(num_cpus=0, max_retries=0, num_returns="streaming")(_on_node)
        parts = [[(cell.key, number) for cell, number in todo[at :: len(nodes)]] for at in range(len(nodes))]
        open_: dict[Any, tuple[str, set[str]]] = {}
        for node, part in zip(nodes, parts, strict=True):
            place = placing.NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            if part:
                stream = run.options(scheduling_strategy=place).remote(str(plan.absolute()), os.getcwd(), part)  # noqa: PTH109 - a text
                name = f"{node['NodeManagerHostname']} ({node['NodeID'][:8]})"
                open_[stream] = name, {key for key, _ in part}
        yield from _taken(ray, open_, store)
    finally:
        ray.shutdown()


def _look(address: str) -> None:
    """See whether anything is at an address: Ray itself waits for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()
    except OSError as error:
        msg = f"there is no Ray cluster at {address!r}: {error}"
        raise UsageError(msg) from error


def _taken(ray: Any, open_: dict[Any, tuple[str, set[str]]], store: Store) -> Iterator[Row | Lost]:  # noqa: ANN401 - Ray has no types for it
    while open_:
        ready, _ = ray.wait(list(open_), num_returns=1, timeout=WAIT)
        for stream in ready:
            name, missing = open_[stream]
            try:
                row: Row = ray.get(next(stream))
            except StopIteration:
                del open_[stream]
                if missing:
                    yield Lost(name, "its supervisor ended early", len(missing))
                continue
            except Exception as error:  # noqa: BLE001 - whatever Ray raises for a machine or a task that is gone
                del open_[stream]
                yield Lost(name, _told(error), len(missing))
                continue
            store.take(row)
            missing.discard(row.key)
            yield row


def _told(error: Exception) -> str:
    lines = [one for one in str(error).splitlines() if one.strip()]
    return f"{type(error).__name__}: {lines[-1].strip()[:200]}" if lines else type(error).__name__


def _on_node(plan: str, folder: str, part: Sequence[tuple[str, int]]) -> Iterator[Row]:
    """Be on a machine: run the part in a process of its own, and hand over what is on disk."""
    with tempfile.TemporaryDirectory(prefix="askfirst-") as place:
        path = Path(place) / "node.sqlite"
        running = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "askfirst.harness.bench.node", plan, str(path)],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.stdin is not None  # noqa: S101 - for the type checker
        assert running.stdout is not None  # noqa: S101 - for the type checker
        assert running.stderr is not None  # noqa: S101 - for the type checker
        try:
            running.stdin.write("".join(f"{key} {number}\n" for key, number in part))
            running.stdin.close()
            for line in running.stdout:
                key, number = line.split()
                with Store(path) as own:
                    yield own.row(key, int(number))
            if running.wait():
                msg = running.stderr.read().strip()[-500:] or f"the supervisor ended with {running.returncode}"
                raise RuntimeError(msg)
        finally:
            running.kill()
            running.wait()
