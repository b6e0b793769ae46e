"""One process for each trial: forked with its world at hand, watched from outside, killed with all it started."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.bench.cells import Cell
from askfirst.harness.bench.packing import packed
from askfirst.harness.bench.summary import Summary, summary_of
from askfirst.harness.errors import AskfirstError, UsageError
from askfirst.harness.events import TroubleKind
from askfirst.harness.forking import fork
from askfirst.harness.isolation import KILLING, die_with_parent, read_broken, signal_group
from askfirst.harness.running import GRACE, Run
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.aws.world import Snapshot

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that a trial may write. One that goes on for ever must not fill the disk for all."""

READ = 64 * 1024 * 1024
"""Bytes of a history that broke off, from its beginning, that are judged."""

JUDGED, KILLED, LOST, BROKEN = "judged", "killed", "lost", "broken"
"""How an attempt ended: by itself; its time was up; the process was taken away; an error of ours or of the scenario."""


@dataclass(slots=True)
class Child:
    """A running trial. Its `pipe` ends when the process does."""

    cell: Cell
    number: int
    pid: int
    pipe: int
    folder: Path
    started: float
    began: str
    deadline: float
    killing: float | None = None

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.perf_counter() - self.started

    def hurry(self, now: float) -> None:
        """End it where its time is up: it is asked to, and a moment later made to."""
        if self.killing is None and now > self.deadline:
            signal_group(self.pid, signal.SIGTERM)
            self.killing = now + KILLING
        elif self.killing is not None and now > self.killing:
            signal_group(self.pid, signal.SIGKILL)
            self.killing = now + 1.0

    def kill(self) -> None:
        """End it at once; nothing of it is kept."""
        signal_group(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        os.close(self.pipe)
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of an attempt; `history` is as the store keeps it, b'' where there is none."""

    cell: Cell
    number: int
    began: str
    outcome: str
    summary: Summary
    history: bytes


def start(cell: Cell, number: int, snapshot: Snapshot, work: Path) -> Child:
    """Fork a trial. The caller has one thread, or other threads that hold no lock that a trial needs."""
    order = cell.order
    folder = Path(tempfile.mkdtemp(prefix="t-", dir=work))
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = fork()
    if pid == 0:
        os.close(reading)
        _work(cell, number, snapshot, folder)
    os.close(writing)
    now = time.perf_counter()
    began = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Child(cell, number, pid, reading, folder, now, began, now + order.limits.seconds + GRACE)


def _work(cell: Cell, number: int, snapshot: Snapshot, folder: Path) -> None:
    """Be the child: run the trial, judge it, leave what came of it, and go without the parent's clean-up."""
    try:
        gc.freeze()
        os.setsid()
        die_with_parent()
        _limit_files()
        said = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(said, stream)
        tempfile.tempdir = str(folder)
        began = time.perf_counter()
        home = folder / "home"
        home.mkdir()
        history = Run(cell.order, snapshot, folder / ".history" / "trial.jsonl", home).go()
        summary = summary_of(Trial(history, number), time.perf_counter() - began)
        half = folder / "record.half"
        half.write_bytes(summary.dumps().encode() + b"\n" + packed(history))
        half.replace(folder / "record")
        # Here, where nobody waits for it: the one that supervises has its hands full.
        for left in (".history", "home"):
            shutil.rmtree(folder / left, ignore_errors=True)
    except BaseException as error:  # noqa: BLE001 - nothing may get back into the parent's code
        _leave(folder, error)
    finally:
        os._exit(0)


def _limit_files() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, hard))


def _leave(folder: Path, error: BaseException) -> None:
    """Say what went wrong."""
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        because = f"the trial wrote a file of more than {LARGEST // 1024 // 1024} MB"
    elif isinstance(error, AskfirstError):
        because = str(error)
    else:
        because = "".join(traceback.format_exception(error))[-1000:]
    with contextlib.suppress(OSError):
        (folder / "error").write_text(because, encoding="utf-8")


def finished(child: Child, status: int) -> Ended:
    """Take in what a process left that has ended with `status` (of `os.waitpid`); its folder is gone then."""
    signal_group(child.pid, signal.SIGKILL)  # it led a group of its own: what it started and left behind goes with it
    os.close(child.pipe)
    try:
        record = child.folder / "record"
        if record.exists():
            line, _, history = record.read_bytes().partition(b"\n")
            return Ended(child.cell, child.number, child.began, JUDGED, Summary.loads(line.decode()), history)
        return _broken(child, status)
    finally:
        shutil.rmtree(child.folder, ignore_errors=True)


def _broken(child: Child, status: int) -> Ended:
    """Judge what there is of a trial that did not come to its end."""
    limit = child.cell.order.limits.seconds
    error = child.folder / "error"
    if child.killing is not None:
        outcome, kind = KILLED, TroubleKind.HANG
        because = f"the trial did not end within {limit:g} s of real time and was killed"
    elif error.exists():
        outcome, kind, because = BROKEN, TroubleKind.HARNESS, error.read_text(encoding="utf-8")
    elif os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL:
        outcome, kind = LOST, TroubleKind.CRASH
        because = f"the process of the trial was ended by signal {os.WTERMSIG(status)}"
    else:
        outcome, kind, because = LOST, TroubleKind.HARNESS, "the process of the trial was taken away"
    try:
        history = read_broken(child.folder / ".history" / "trial.jsonl", kind, because, READ)
    except UsageError:
        nothing = Summary(verdict=Verdict.INCONCLUSIVE.value, findings={}, troubles=(kind.value,), because=because)
        return Ended(child.cell, child.number, child.began, outcome, nothing, b"")
    summary = summary_of(Trial(history, child.number), child.seconds)
    if kind.value not in summary.troubles:
        summary = replace(summary, troubles=(*summary.troubles, kind.value), because=summary.because or because)
    return Ended(child.cell, child.number, child.began, outcome, summary, packed(history))
