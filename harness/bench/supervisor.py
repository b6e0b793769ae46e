"""Runs the trials of a benchmark: so many at a time, each in a process of its own, and keeps each as it ends.

The only one that writes to the store, and the only one that tells of progress. It has one thread: trials are forked from it,
with everything loaded that they need, and the worlds built that they begin in.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from askfirst.harness.bench.cells import CPU, Cell
from askfirst.harness.bench.children import Child, Ended, finished, start
from askfirst.harness.bench.memory import collapse
from askfirst.harness.bench.plan import ConcurrencyEntry
from askfirst.harness.bench.store import MOST, Store, Stored
from askfirst.harness.errors import WorldError

LOOK = 0.2
"""Real seconds between two looks at trials that say nothing."""


AGAIN = 500
"""After so many trials the memory is put into large pages again: what was written meanwhile is in small ones."""


class Telling(Protocol):
    """Who is told how it goes."""

    def started(self, child: Child) -> None:
        """Hear of a trial that begins."""
        ...

    def ended(self, ended: Ended, *, final: bool) -> None:
        """Hear of one that is kept now; `final` where it is not run again."""
        ...

    def look(self, running: Sequence[Child]) -> None:
        """See what runs; called again and again."""
        ...


class Supervisor:
    """One benchmark on this machine."""

    def __init__(self, store: Store, concurrency: ConcurrencyEntry, telling: Telling) -> None:
        """`store` is open for writing."""
        self._store = store
        self._limits = concurrency
        self._telling = telling
        self._running: dict[int, Child] = {}
        self._looked = 0.0
        self._started = 0

    def run(self, todo: Sequence[tuple[Cell, int]]) -> None:
        """Run trials, each with the number of its attempt, until every one is kept. What ends it early keeps what is kept."""
        waiting: dict[str, deque[tuple[Cell, int]]] = {}
        for cell, number in todo:
            waiting.setdefault(cell.group.pool, deque()).append((cell, number))
        with self._workplace() as work:
            try:
                while any(waiting.values()) or self._running:
                    self._fill(waiting, work)
                    for ended in self._wait():
                        self._keep(ended, waiting)
                    self._telling.look(list(self._running.values()))
            finally:
                for child in self._running.values():
                    child.kill()
                self._running.clear()

    @contextlib.contextmanager
    def _workplace(self) -> Generator[Path]:
        """Give a folder for trials; what an earlier process left there, which was killed, goes first."""
        work = self._store.path.with_name(self._store.path.name + ".work")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _fill(self, waiting: Mapping[str, deque[tuple[Cell, int]]], work: Path) -> None:
        """Start as many as may run; look in between, so that those that end do not wait for worlds to be built."""
        from askfirst.harness.aws.world import snapshot_of
        from askfirst.harness.rehearsal import rehearse, rehearse_judging

        for pool, queue in waiting.items():
            while queue and self._count(pool) < self._limit(pool):
                cell, number = queue.popleft()
                try:
                    snapshot = snapshot_of(cell.order.scenario, cell.seed)
                except WorldError as error:
                    msg = f"{error}\n`askfirst bench resume` goes on from here once that is mended."
                    raise WorldError(msg) from error
                rehearse()
                rehearse_judging()
                if self._started % AGAIN == 0:
                    collapse()
                self._started += 1
                child = start(cell, number, snapshot, work)
                self._running[child.pipe] = child
                self._telling.started(child)
                if len(self._running) % 8 == 0:
                    return

    def _count(self, pool: str) -> int:
        return sum(child.cell.group.pool == pool for child in self._running.values())

    def _limit(self, pool: str) -> int:
        if pool == CPU:
            return self._limits.cpu or os.cpu_count() or 1
        return self._limits.providers.get(pool, self._limits.model)

    def _wait(self) -> list[Ended]:
        """Wait for a trial to end, a little; give those that have."""
        ready: list[int] = []
        if self._running:
            ready = _readable(list(self._running), LOOK)
        now, ended = time.perf_counter(), []
        # What an agent has forked may hold the pipe: now and then every process is looked at.
        everyone = now - self._looked > LOOK
        self._looked = now if everyone else self._looked
        for pipe, child in list(self._running.items()):
            if pipe not in ready:
                child.hurry(now)
            if pipe not in ready and not everyone:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                del self._running[pipe]
                ended.append(finished(child, status))
        return ended

    def _keep(self, ended: Ended, waiting: dict[str, deque[tuple[Cell, int]]]) -> None:
        group = ended.cell.group
        price = (group.price.read, group.price.written) if group.price else None
        self._store.add(
            ended.cell.identity,
            group.label,
            ended.number,
            ended.began,
            ended.outcome,
            ended.summary,
            ended.history,
            faults=group.faults,
            price=price,
        )
        final = not ended.summary.again or ended.number >= MOST
        self._telling.ended(ended, final=final)
        if not final:
            waiting.setdefault(group.pool, deque()).append((ended.cell, ended.number + 1))


def to_run(cells: Sequence[Cell], known: Mapping[str, Stored], stale: Sequence[Stored] = ()) -> list[tuple[Cell, int]]:
    """Give what is not done yet, with the number of its attempt, trials of one world together.

    `stale` are stored trials of other identities that are let through where agent, scenario, arm, faults and seed fit.
    """
    let_through = {(one.label, *one.cell) for one in stale}
    found = []
    for cell in cells:
        stored = known.get(cell.key)
        group = cell.group
        name = (group.label, group.identity.scenario, group.identity.arm, group.faults, cell.seed)
        if stored is None and name not in let_through:
            found.append((cell, 1))
        elif stored is not None and not stored.ended:
            found.append((cell, stored.number + 1))
    found.sort(key=lambda one: (one[0].group.identity.scenario, one[0].seed))
    return found


def _readable(pipes: list[int], seconds: float) -> list[int]:
    if not hasattr(select, "poll"):
        return select.select(pipes, [], [], seconds)[0]
    poll = select.poll()
    for pipe in pipes:
        poll.register(pipe, select.POLLIN | select.POLLHUP)
    return [pipe for pipe, _ in poll.poll(seconds * 1000)]
