"""Promise: `aws` by the process that has it loaded is the same `aws`, only sooner."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING

import pytest

from .conftest import Inside, walled

if TYPE_CHECKING:
    from pathlib import Path

    from askfirst.harness.brief import Brief
    from askfirst.harness.sandbox.sandbox import Finished, Sandbox

LINES = (
    "aws --version",
    "aws sts get-caller-identity",
    "aws sts get-caller-identity --query Account --output text",
    "aws dynamodb list-tables --output table",
    "aws sqs list-queues --output yaml || true",
    "aws s3api create-bucket --bucket some-words-of-text",
    "echo hello | aws s3 cp - s3://some-words-of-text/hello.txt && aws s3 cp s3://some-words-of-text/hello.txt - | cat",
    "aws s3api list-objects-v2 --bucket some-words-of-text --query 'Contents[].Key'",
    "aws s3api head-bucket --bucket not-there-at-all; echo $?",
    "aws dynamodb describe-table; echo $?",
    "aws dynamodb describe-table --table-name nothing; echo $?",
    "aws no-such-service do-it; echo $?",
    "aws dynamodb put-item --table-name small --item file://no/such/file; echo $?",
    "AWS_PROFILE=nobody aws sts get-caller-identity; echo $?",
    "AWS_REGION=eu-west-3 aws configure list | cut -c 1-60 | grep region",
    "cd / && umask 077 && aws s3 cp s3://some-words-of-text/hello.txt /tmp/got --quiet && stat -c %a /tmp/got && rm /tmp/got",
    "aws --endpoint-url=http://127.0.0.1:9 --cli-connect-timeout 1 sts get-caller-identity 2>&1 | tail -1",
    "aws sts get-caller-identity >&- ; echo $?",
    "AWS_DATA_PATH=/tmp aws sts get-caller-identity --query Account",
    "aws s3api list-objects-v2 --bucket some-words-of-text --debug 2>&1 | grep -c . | awk '{print ($1 > 20)}'",
)


@pytest.mark.slow
@walled
def test_it_says_and_does_the_same(inside: Inside, real_aws: Path, *, walled: bool) -> None:
    """Twenty lines, loaded beforehand and started anew: output, errors and exit codes are equal, files too."""
    found: dict[bool, list[tuple[int, str, str]]] = {}
    for warm in (True, False):

        def act(_: Brief, sandbox: Sandbox, *, warm: bool = warm) -> None:
            found[warm] = [_plain(sandbox.run(["bash", "-c", line])) for line in LINES]

        inside(act, aws=real_aws, warm=warm, walled=walled)
    for line, one, other in zip(LINES, found[True], found[False], strict=True):
        assert (line, other) == (line, one)


def _plain(done: Finished) -> tuple[int, str, str]:
    return done.code, done.stdout, done.stderr


@walled
def test_it_is_soon_there_and_recorded(inside: Inside, real_aws: Path, *, walled: bool) -> None:
    """Commands run in the process that is loaded, not in one that is started; calls and command lines are in the history."""
    seen: list[Finished] = []
    anew: list[str] = []

    def act(_: Brief, sandbox: Sandbox) -> None:
        anew.append(
            f"{real_aws} --endpoint-url {sandbox.world.url}"
        )  # others run at the same time, without walls to be seen
        tell = "aws sqs list-queues; aws sts get-caller-identity --query Account --output text & sleep 0.01; ps -eo args; wait"
        seen.append(sandbox.run(["bash", "-c", tell]))

    trial = inside(act, aws=real_aws, walled=walled)
    assert 0 == seen[0].code, seen[0].stderr
    calls = [call.start.operation for call in trial.history.calls]
    assert ["ListQueues", "GetCallerIdentity"] == calls
    assert (".aws-server.py" in seen[0].stdout, anew[0] in seen[0].stdout) == (True, False)
    assert not seen[0].left


def test_without_the_loaded_process_it_starts_anew(inside: Inside, real_aws: Path) -> None:
    """Where the loaded process was killed, the command starts the CLI itself."""
    seen: list[Finished] = []

    def act(_: Brief, sandbox: Sandbox) -> None:
        sandbox.run(["pkill", "-9", "-f", "aws-server"])
        seen.append(sandbox.run(["aws", "sts", "get-caller-identity"]))

    trial = inside(act, aws=real_aws)
    assert (0, 12) == (seen[0].code, len(json.loads(seen[0].stdout)["Account"]))
    assert ["GetCallerIdentity"] == [call.start.operation for call in trial.history.calls]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_killing_the_command_ends_what_it_does(inside: Inside, real_aws: Path, number: signal.Signals) -> None:
    """A signal to the command reaches what works for it; nothing of it goes on."""
    seen: list[tuple[Finished, float]] = []

    def act(_: Brief, sandbox: Sandbox) -> None:
        wait = (
            "aws cloudformation wait stack-create-complete --stack-name never & sleep 1; kill -$0 $!; wait $!; echo $?"
        )
        began = time.perf_counter()
        done = sandbox.run(["bash", "-c", "aws --version; " + wait, str(int(number))])
        seen.append((done, time.perf_counter() - began))

    inside(act, aws=real_aws)
    (done, took), *_ = seen
    assert not done.left
    assert took < 20
    assert done.stdout.split()[-1] in {"255", str(128 + number), "130", "1"}, done
