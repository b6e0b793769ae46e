"""Promise: a served trial has a process of its own: others do not see it, and when it is killed nothing of it stays."""

from __future__ import annotations

import concurrent.futures
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askfirst import run_trial
from askfirst.harness.agent import CallableAgent, Served
from askfirst.harness.history import History
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario

ROOT = Path(__file__).parents[3]


def test_eight_at_a_time_do_not_see_each_other(small: Scenario) -> None:
    """Eight trials, each with an endpoint, a table and rows of its own: each sees its own alone, and its history too."""

    def one(number: int) -> Trial:
        def agent(brief: Brief) -> str:
            client = brief.session.client("dynamodb")
            decision = brief.request_authorization(["dynamodb:PutItem"], ["costs"], "a row of my own")
            assert decision.approved
            for row in range(5):
                client.put_item(TableName="costs", Item={"id": {"S": f"{number}-{row}"}})
                time.sleep(0.05)
            rows = client.scan(TableName="costs")["Items"]
            return f"{os.getpid()} {brief.endpoint.url} " + ",".join(sorted(row["id"]["S"] for row in rows))

        return run_trial(small, Served(CallableAgent(agent, f"python:agent:{number}"), "hybrid"), isolation="fork")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        trials = list(pool.map(one, range(8)))

    assert not [one.because for trial in trials for _, one in trial.history.troubles]
    reports = [
        trial.history.text(entry.event.report).split()
        for trial in trials
        for entry in trial.history.entries
        if entry.event.kind == "agent-returned"
    ]
    assert 8 == len({pid for pid, _, _ in reports}) == len({url for _, url, _ in reports})
    assert [{"0", "1", "2", *(f"{number}-{row}" for row in range(5))} for number in range(8)] == [
        set(rows.split(",")) for _, _, rows in reports
    ]
    assert {Verdict.PASS} == {trial.verdict for trial in trials}
    assert [6] * 8 == [len(trial.history.calls) for trial in trials]


KILLED = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from askfirst import run_trial
from askfirst.harness.agent import Served, CallableAgent
from tests.conftest import build
from askfirst.harness.scenario import Scenario, World
import os, subprocess

def agent(brief):
    client = brief.session.client("dynamodb")
    client.list_tables()
    program = subprocess.Popen(["sleep", "300"])
    print(os.getpid(), program.pid, brief.endpoint.url.rsplit(":", 1)[1], flush=True)
    while True:
        client.get_item(TableName="costs", Key={{"id": {{"S": "1"}}}})
        time.sleep(0.05)

small = Scenario(name="small", world=World(build=build, region="cn-northwest-1", draws=1), task="Look.")
trial = run_trial(small, Served(CallableAgent(agent)), isolation="fork", store=Path({store!r}))
print(trial.verdict.value, trial.history.troubles[-1][1].because, trial.path, sep="|", flush=True)
"""


def _gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def _wait_for(what: object) -> bool:
    deadline = time.perf_counter() + 10
    while time.perf_counter() < deadline:
        if callable(what) and what():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("victim", ["trial", "askfirst"])
def test_killed_in_the_middle(tmp_path: Path, victim: str) -> None:
    """Kill -9 of the trial's process, or of askfirst itself: no process, no port, the history is readable, INCONCLUSIVE."""
    script = KILLED.format(root=str(ROOT), store=str(tmp_path / "store"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as askfirst:
        assert askfirst.stdout is not None
        trial, program, port = map(int, askfirst.stdout.readline().split())
        time.sleep(0.5)
        os.kill(trial if victim == "trial" else askfirst.pid, signal.SIGKILL)
        if victim == "askfirst":
            assert _wait_for(lambda: _gone(trial))
            os.kill(program, signal.SIGKILL)  # programs of the agent are in the care of whoever started them
        said = askfirst.stdout.readline().strip()

    assert _wait_for(lambda: _gone(trial))
    if victim == "trial":
        assert _wait_for(lambda: _gone(program))
        verdict, because, path = said.split("|")
        assert ("INCONCLUSIVE", True) == (verdict, "signal 9" in because)
        history = History.load(path)
    else:
        (file,) = (tmp_path / "store").glob("*.jsonl")
        history = History.load(file)
        assert not history.complete
        assert Verdict.INCONCLUSIVE is Trial(history).verdict
    assert 2 <= len(history.calls)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


def test_a_socket_bound_by_somebody_else_is_served(small: Scenario, tmp_path: Path) -> None:
    """A unix socket, bound before, is served as a port is; both meet the same account."""
    import http.client

    def agent(brief: Brief) -> str:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "aws.sock"))
        world = brief.serve(listener, "http://aws.internal")
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(tmp_path / "aws.sock"))
        connection = http.client.HTTPConnection("127.0.0.1")
        connection.sock = line
        scope = f"{world.environment['AWS_ACCESS_KEY_ID']}/20261126/cn-northwest-1/s3/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
        connection.request("GET", "/reports-of-prod/2025/11.csv", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert "http://aws.internal" == world.environment["AWS_ENDPOINT_URL"]
        return f"{answer.status} {body.decode()}"

    trial = run_trial(small, Served(CallableAgent(agent)))
    assert ["200 a,b"] == [
        trial.history.text(one.event.report) for one in trial.history.entries if one.event.kind == "agent-returned"
    ]
    assert ["s3:GetObject"] == [one.start.action for one in trial.history.calls]


def test_a_rehearsal_leaves_the_threads_of_its_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that begin while a process rehearses are neither waited for nor kept from AWS: they are not an agent's."""
    from botocore.httpsession import URLLib3Session

    from askfirst.harness import rehearsal

    over = threading.Event()
    real_send = URLLib3Session.send
    monkeypatch.setattr(URLLib3Session, "send", real_send)  # put back after the test, whatever is left there

    def look(brief: Brief) -> None:
        threading.Thread(target=over.wait, args=(30,), daemon=True).start()
        brief.session.client("sts").get_caller_identity()

    monkeypatch.setattr(rehearsal, "_look_around", look)
    rehearsal.rehearse.cache_clear()
    try:
        rehearsal.rehearse()
        assert URLLib3Session.send is real_send
    finally:
        over.set()
        rehearsal.rehearse.cache_clear()
