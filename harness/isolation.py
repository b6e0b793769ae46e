"""Where a trial runs: in this process, or in one of its own that is killed, with all it started, when its time is up."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from askfirst.harness.agent import is_served
from askfirst.harness.aws.world import Snapshot, snapshot_of
from askfirst.harness.errors import AskfirstError, UsageError, WorldError
from askfirst.harness.events import Entry, TrialEnded, Trouble, TroubleKind
from askfirst.harness.forking import fork
from askfirst.harness.history import History
from askfirst.harness.rehearsal import rehearse
from askfirst.harness.running import GRACE, Order, Run

ERROR = ".error"
"""What a child that could not run its trial leaves in its folder: the message for the reader."""

_forking = threading.Lock()
"""Held while a world is built and while a trial is forked: a child must not begin in the middle of a building."""

KILLING = 0.2
"""Real seconds between asking a forked trial to end and killing it."""


def place(order: Order, store: Path | None) -> tuple[int, Path | None]:
    """Give the number of this attempt and the file of its history; without a store it is attempt 1, in memory only."""
    if store is None:
        return 1, None
    store.mkdir(parents=True, exist_ok=True)
    name = order.identity().digest()[:12]
    attempt = 1
    while (store / f"{name}-{attempt}.jsonl").exists():
        attempt += 1
    return attempt, store / f"{name}-{attempt}.jsonl"


def inline(order: Order, path: Path | None) -> History:
    """Run the trial in this process."""
    return Run(order, snapshot_of(order.scenario, order.seed), path).go()


def forked(order: Order, path: Path | None) -> History:
    """Run the trial in a child process that is killed, with all it started, when it passes the limit of real time."""
    if not hasattr(os, "fork"):
        msg = 'isolation="fork" needs a system with fork(); use isolation="inline" here'
        raise UsageError(msg)
    # The parent owns the folder: a child that is killed cannot clean up.
    with (
        tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as home,
        tempfile.TemporaryDirectory(prefix="run-", ignore_cleanup_errors=True) as temporary,
    ):
        path = path or Path(home) / ".history" / "trial.jsonl"
        with _forking:
            snapshot = snapshot_of(order.scenario, order.seed)
            kernel()
            order.identity()  # reads the sources of scenario and agent, which are then at hand
            if is_served(order.agent):
                rehearse()
            sys.stdout.flush()
            sys.stderr.flush()
            child = fork()
            if child == 0:
                tempfile.tempdir = temporary
                _child(order, snapshot, path, Path(home))
        status = _wait(child, order.limits.seconds + GRACE)
        said = Path(home) / ERROR
        if said.exists():
            raise WorldError(said.read_text())
        return _read(path, status)


def _child(order: Order, snapshot: Snapshot, path: Path, folder: Path) -> None:
    """Be the child: run, and leave without the parent's clean-up."""
    code = 1
    try:
        gc.freeze()  # what the parent holds stays shared with it: a collection here would copy it all
        os.setsid()
        die_with_parent()
        Run(order, snapshot, path, folder).go()
        code = 0
    except AskfirstError as error:
        (folder / ERROR).write_text(str(error))
    except BaseException:  # noqa: BLE001 - nothing may get back into the parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def die_with_parent() -> None:
    """Let the kernel kill this process when the one that waits for it is gone; only Linux can."""
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        kernel().prctl(set_death_signal, signal.SIGKILL)


@functools.cache
def kernel() -> Any:  # noqa: ANN401 - ctypes has no type for a library's functions
    """Give the C library; it is loaded before a fork."""
    import ctypes

    return ctypes.CDLL(None)


def _wait(child: int, seconds: float) -> str:
    """Wait for the child; kill its group when time is up. Give '' for an orderly end, else what happened."""
    deadline = time.perf_counter() + seconds
    killed = ""
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.perf_counter() > deadline:
            killed = f"the trial did not end within {seconds:g} s of real time and was killed"
            signal_group(child, signal.SIGTERM)
            time.sleep(KILLING)
            signal_group(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return killed
        time.sleep(0.002)
    # The child leads a group of its own: whatever it started and left behind goes with it.
    signal_group(child, signal.SIGKILL)
    if os.WIFSIGNALED(status):
        return f"the process of the trial was ended by signal {os.WTERMSIG(status)}"
    if os.WEXITSTATUS(status) != 0:
        return f"the process of the trial ended with exit code {os.WEXITSTATUS(status)}"
    return ""


def signal_group(child: int, number: int) -> None:
    """Send a signal to a child and all it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, number)


def _read(path: Path, broken: str) -> History:
    """Read what the child wrote; where it broke off, say so at its end."""
    kind = TroubleKind.HANG if "killed" in broken else TroubleKind.CRASH
    history = read_broken(path, kind, broken)
    if broken:
        history.save(path)
    return history


def read_broken(path: Path, kind: TroubleKind, broken: str, most: int | None = None) -> History:
    """Read the history of a process that may have ended in the middle; what it lacks then is its end, and why.

    Of a file longer than `most` bytes the beginning is read. Raises `UsageError` where nothing was written.
    """
    if not path.exists():
        msg = (
            f"the trial left no history: {broken or 'the process wrote nothing'}. Run it again with --isolation inline."
        )
        raise UsageError(msg)
    history = History.load(path, most)
    if history.complete:
        return history
    last = history.entries[-1] if history.entries else Entry(0, history.header.started, TrialEnded())
    added = (
        Entry(last.seq + 1, last.at, Trouble(kind, broken or "the process of the trial ended in the middle")),
        Entry(last.seq + 2, last.at, TrialEnded()),
    )
    return replace(history, entries=(*history.entries, *added))
