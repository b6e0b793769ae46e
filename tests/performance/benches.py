"""What a benchmark costs: trials a second against one at a time, waiting for models, memory, and whether it grows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.performance import account
from tests.performance.measuring import Row, ms

from askfirst.harness.agent import CallableAgent
from askfirst.harness.aws.world import snapshot_of
from askfirst.harness.bench.cells import CPU, Cell, Group
from askfirst.harness.bench.children import Child, Ended
from askfirst.harness.bench.packing import packed
from askfirst.harness.bench.plan import ConcurrencyEntry
from askfirst.harness.bench.store import Store
from askfirst.harness.bench.summary import summary_of
from askfirst.harness.bench.supervisor import Supervisor, to_run
from askfirst.harness.rehearsal import rehearse, rehearse_judging
from askfirst.harness.trial import Trial, order_of, run_trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

FEW, MANY = 100, 10_000
WAITING, EACH = 300, 1.0
CALLS = 30


def rows(rounds: int) -> Iterator[Row]:
    """Give the rows; with one round of everything less of it is done."""
    quick = rounds <= 1
    yield from _scripted(12 if quick else FEW)
    yield _waiting(20 if quick else WAITING)
    yield from _growing(200 if quick else MANY)


class _Silent:
    """Hears how it goes, and how much memory a trial takes."""

    def __init__(self) -> None:
        self.private: list[int] = []
        self.most = 0

    def started(self, child: Child) -> None:
        """Nothing."""

    def ended(self, ended: Ended, *, final: bool) -> None:
        """Nothing."""

    def look(self, running: Sequence[Child]) -> None:
        """Look at the memory of trials that have run for a while."""
        self.most = max(self.most, len(running))
        for one in running:
            if one.seconds > EACH / 2 and len(self.private) < 8 and (taken := _private(one.pid)):
                self.private.append(taken)


def _calls(brief: Brief) -> str:
    client = brief.session.client("sqs")
    for _ in range(CALLS):
        client.list_queues()
    return "Looked."


def _waits(brief: Brief) -> str:
    brief.session.client("sqs").list_queues()
    threading.Event().wait(EACH)
    return "Waited."


def _run(cells: Sequence[Cell], concurrency: ConcurrencyEntry) -> tuple[float, _Silent, Path]:
    """Run them with everything loaded and the worlds built, as it is after the first trials of a benchmark."""
    heard = _Silent()
    for cell in cells:
        snapshot_of(cell.order.scenario, cell.seed)
    rehearse()
    rehearse_judging()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.sqlite"
        with Store(path, write=True) as store:
            began = time.perf_counter()
            Supervisor(store, concurrency, heard).run(to_run(cells, {}))
            took = time.perf_counter() - began
            if len(store.last()) != len(cells):
                msg = f"{len(cells)} trials were to be kept, {len(store.last())} are"
                raise RuntimeError(msg)
    return took, heard, path


def _cells(agent: CallableAgent, number: int, pool: str) -> list[Cell]:
    order = order_of(account.scenario(account.things), agent)
    group = Group(agent.label, order, order.identity(), pool)
    found = [Cell("", seed, group) for seed in range(number)]
    return [Cell(one.identity.digest(), one.seed, group) for one in found]


def _scripted(number: int) -> Iterator[Row]:
    agent = CallableAgent(_calls, "calls")
    scenario = account.scenario(account.things)
    run_trial(scenario, agent)
    began = time.perf_counter()
    for seed in range(number):
        run_trial(scenario, agent, seed=seed)
    single = (time.perf_counter() - began) / number
    took, _, _ = _run(_cells(agent, number, CPU), ConcurrencyEntry())
    ours = took / number
    name = f"bench: a scripted trial of {CALLS} calls, {os.cpu_count()} at a time, against one at a time"
    yield Row(name, ms(ours), ms(single), ours / single)
    theirs = _inspect(min(number, 40))
    if theirs:
        name = f"bench: a trial of {CALLS} AWS calls against a sample of Inspect with {CALLS} calls of its mock"
        yield Row(name, ms(single), ms(theirs), single / theirs)


def _inspect(samples: int) -> float:
    """Give what Inspect takes for a sample, by the interpreter that ASKFIRST_INSPECT names; 0 where it names none."""
    python = os.environ.get("ASKFIRST_INSPECT")
    if not python:
        sys.stderr.write("Inspect's figures are left out: ASKFIRST_INSPECT names no interpreter that has inspect-ai\n")
        return 0.0
    script = str(Path(__file__).with_name("inspect_peer.py"))
    done = subprocess.run([python, script, str(samples), str(CALLS)], capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"Inspect did not run: {done.stderr.strip()[-500:]}"
        raise RuntimeError(msg)
    return float(done.stdout.split()[-1])


def _waiting(number: int) -> Row:
    took, heard, _ = _run(_cells(CallableAgent(_waits, "waits"), number, "model"), ConcurrencyEntry(model=number))
    if heard.private:
        middle = sorted(heard.private)[len(heard.private) // 2]
        sys.stderr.write(f"memory of a waiting trial that is its own: {middle / 1024:.0f} MB, {heard.most} at a time\n")
    name = f"bench: {number} trials that wait {EACH:g} s each for a model, in 10 s"
    return Row(name, f"{took:.2f} s", "10.00 s", took / 10, 1)


def _growing(number: int) -> Iterator[Row]:
    """Keep many trials: what one costs in the beginning, and at the end."""
    trial: Trial = run_trial(account.scenario(account.things), CallableAgent(_calls, "calls"))
    blob, summary = packed(trial.history), summary_of(trial, 0.1)
    cells = _cells(CallableAgent(_calls, "calls"), number, CPU)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "b.sqlite", write=True) as store:
        times = []
        for cell in cells:
            began = time.process_time()
            store.add(cell.identity, "calls", 1, "2026-01-01T00:00:00Z", "judged", summary, blob)
            times.append(time.process_time() - began)
        tenth = max(1, number // 10)
        first, last = (sum(part) / len(part) for part in (times[:tenth], times[-tenth:]))
        name = f"bench: keeping a trial, the last {tenth} of {number:,} against the first"
        yield Row(name, ms(last), ms(first), last / first, 1.5)
        began = time.perf_counter()
        store.last()
        yield Row(f"bench: reading what {number:,} trials came to", ms(time.perf_counter() - began), "", number)


def _private(pid: int) -> int:
    """Give the kilobytes of a process that it shares with nobody; 0 where nobody can tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
