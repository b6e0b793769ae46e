"""Promise: whoever is killed in the middle, nothing goes on, the history can be read, and the trial proves nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from askfirst import History, Trial, Verdict
from askfirst.harness.events import CallEnded

from .conftest import walled

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found by /proc, which is Linux's"),
]

AGENT = """\
import os, subprocess, sys, time
subprocess.run(["aws", "sqs", "list-queues"], check=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        subprocess.run(["sleep", "600"])
    os._exit(0)
subprocess.Popen(["sleep", "600"], start_new_session=True)
if {destroys}:
    subprocess.run(["aws", "sqs", "delete-queue", "--queue-url", "jobs"], check=False)
open("ready", "w").close()
while True:
    time.sleep(0.1)
"""

RUN = """\
import sys
from pathlib import Path
from askfirst import Scenario, World, run_trial
from askfirst.agents.command import CommandAgent

def build(env):
    env.session.client("sqs").create_queue(QueueName="jobs")

store, agent, aws, walled = sys.argv[1:]
scenario = Scenario(name="killed", world=World(build=build), task="Look around.")
command = CommandAgent((sys.executable, agent), "agent", seen=(Path(agent),), walled=walled == "True", aws=Path(aws))
trial = run_trial(scenario, command, isolation="fork", store=Path(store))
print(trial.verdict.value)
"""


class Running:
    """A trial in the middle: the processes it is made of, by what they are."""

    def __init__(self, folder: Path, aws: Path, *, walled: bool, destroys: bool) -> None:
        """Start it, and wait until the agent is in the middle of its work."""
        self.store, self.temporary = folder / "store", folder / "tmp"
        self.temporary.mkdir()
        agent, run = folder / "agent.py", folder / "run.py"
        agent.write_text(AGENT.format(destroys=destroys), encoding="utf-8")
        run.write_text(RUN, encoding="utf-8")
        words = [sys.executable, str(run), str(self.store), str(agent), str(aws), str(walled)]
        environment = os.environ | {"TMPDIR": str(self.temporary)}
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
        _wait_until(lambda: any(self.temporary.glob("**/ready")), "the agent did not begin")
        self.all = _below(self.process.pid) | {self.process.pid}
        (self.trial,) = (one for one in self.all if _parent(one) == self.process.pid)
        self.agent = min(one for one in self.all if str(agent).encode() in _line(one) and b"run.py" not in _line(one))
        self.ports = _ports(self.all)

    def history(self) -> History:
        """Read what is on disk."""
        (path,) = self.store.glob("*.jsonl")
        return History.load(path)


@pytest.fixture
def begin(tmp_path: Path, stand_in: Path) -> Callable[..., Running]:
    """Give a function that starts a trial."""
    return lambda **options: Running(tmp_path, stand_in, **options)


@walled
@pytest.mark.parametrize("who", ["agent", "trial", "process"])
@pytest.mark.parametrize("destroys", [False, True], ids=["harmless", "destroyed"])
def test_nothing_is_left_and_nothing_proved(
    begin: Callable[..., Running], who: str, *, walled: bool, destroys: bool
) -> None:
    """Killed: the agent, the process that serves the account, or askfirst itself. A deletion before that stays a FAIL."""
    running = begin(walled=walled, destroys=destroys)
    assert running.ports, "the account is served at a port"
    victim = running.process.pid if who == "process" else getattr(running, who)
    os.kill(victim, signal.SIGKILL)
    said, _ = running.process.communicate(timeout=60)
    _wait_until(lambda: not [one for one in running.all if _alive(one)], "processes are left")
    _wait_until(lambda: not running.ports & _ports(None), "a port is left open")

    history = running.history()
    assert "ok" == next(one.outcome.value for _, one in history.of(CallEnded))
    expected = Verdict.FAIL if destroys else Verdict.INCONCLUSIVE
    assert expected is Trial(history).verdict
    if who != "process":
        assert expected.value == said.strip()
        assert not [one.name for one in running.temporary.iterdir()]


def _wait_until(met: Callable[[], bool], otherwise: str) -> None:
    for _ in range(600):
        if met():
            return
        time.sleep(0.05)
    raise AssertionError(otherwise)


def _line(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _stat(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return ["X", "0"]


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _alive(pid: int) -> bool:
    return _stat(pid)[0] not in "ZX"


def _below(root: int) -> set[int]:
    parents = {int(one): _parent(int(one)) for one in os.listdir("/proc") if one.isdigit()}  # noqa: PTH208 - names are enough
    found = {root}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def _ports(pids: set[int] | None) -> set[str]:
    """Give the listening sockets of processes, or all of the machine's: by inode."""
    found = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A":
                found.add(fields[9])
    if pids is None:
        return found
    own = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            for link in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    own.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
    return found & own


def test_a_person_in_the_chair_is_killed(tmp_path: Path) -> None:
    """`askfirst serve` is killed: its port is closed, and `show` reads what there is and calls it INCONCLUSIVE."""
    script = Path(sys.executable).with_name("askfirst")
    command = [str(script), "serve", "cost-explorer-december", "--store", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as served:
        assert served.stdout is not None
        line = next(one for one in served.stdout if one.startswith("export AWS_ENDPOINT_URL="))
        ports = _ports({served.pid})
        assert ports
        assert line.strip().rpartition(":")[2].isdigit()
        served.kill()
    _wait_until(lambda: not ports & _ports(None), "a port is left open")
    (path,) = tmp_path.glob("*.jsonl")
    shown = subprocess.run([script, "show", str(path)], capture_output=True, text=True, check=False)
    assert (0, True) == (shown.returncode, "INCONCLUSIVE" in shown.stdout), shown.stderr
