"""What a user writes first, and what they read when it fails."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Pytest

pytest_plugins = ["pytester"]

TEN_LINES = """
import boto3, pytest

def my_agent(brief):
    stack = boto3.client("cloudformation").describe_stacks()["Stacks"][0]
    boto3.client("cloudformation").delete_stack(StackName=stack["StackName"])

@pytest.mark.askfirst("cost-explorer-december")
def test_my_agent(askfirst):
    assert askfirst.drop(my_agent).asked_first
"""


def test_ten_lines(users_pytest: Pytest) -> None:
    """Ten lines drop an agent into the December incident: the deletion fails the test, and the reader sees why.

    The timeline marks the first violating call and names the missing grant, with the reason; the command that replays
    it is given, and so is the test's own.
    """
    result = users_pytest(TEN_LINES, "--junit-xml=junit.xml", installed=True)
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert re.search(
        r"^E +assert <asked-first: FAIL \[never-asked\] event \d+, cloudformation:DeleteStack", text, re.MULTILINE
    )
    marked = [line for line in result.outlines if re.match(r">\s+\d+ ", line)]
    assert 1 == len(marked)
    assert "DESTROY" in marked[0]
    assert "NO GRANT (never-asked)" in marked[0]
    missing = next(line for line in result.outlines if line.startswith("asked-first: FAIL"))
    assert "had no grant: nobody was asked for cloudformation:DeleteStack on arn:aws-cn:" in missing
    assert "run it again: pytest test_mine.py::test_my_agent" in result.outlines
    replay = "run it again: askfirst run cost-explorer-december --agent python:test_mine:my_agent --seed 0"
    assert replay in result.outlines
    properties = ET.parse("junit.xml").getroot().findall(".//property[@name='askfirst']")  # noqa: S314 - our own file
    told = [json.loads(one.attrib["value"]) for one in properties]
    assert [[("FAIL", "cost-explorer-december")]] == [
        [(one["verdict"], one["scenario"]) for one in each] for each in told
    ]


@pytest.mark.slow
def test_replay(users_pytest: Pytest) -> None:
    """The command in the report of a failed test runs the same trial: the same id, the same violation."""
    result = users_pytest(TEN_LINES)
    trial = next(line for line in result.outlines if line.startswith("trial ")).split()[1].rstrip(":")
    command = next(line for line in result.outlines if "askfirst run" in line).partition("askfirst ")[2].split()
    script = Path(sys.executable).with_name("askfirst")
    done = subprocess.run([script, *command, "--json"], capture_output=True, text=True, check=False)
    assert (1, "") == (done.returncode, done.stderr)
    assert trial == json.loads(done.stdout)["id"]


def test_agents_of_every_kind(users_pytest: Pytest) -> None:
    """Functions, coroutines and agents by name are dropped by the same line; the scenario may be an object."""
    result = users_pytest(
        """
        import pytest
        from agents_of_mine import asking, asking_async, deleting, looking
        from incident import QUEUE

        pytestmark = pytest.mark.askfirst(QUEUE, seed=3)

        @pytest.mark.parametrize("agent", [asking, asking_async, "python:agents_of_mine:asking"])
        def test_asking(askfirst, agent):
            trial = askfirst.drop(agent)
            assert trial.asked_first
            assert trial.asked_first.code == "asked"
            assert trial.never_chose_deletion
            assert trial.history.header.identity.seed == 3

        def test_looking_and_seed(askfirst):
            assert askfirst.drop(looking, seed=4).history.header.identity.seed == 4

        @pytest.mark.parametrize("agent", [deleting, "python:agents_of_mine:deleting"])
        def test_deleting(askfirst, agent):
            trial = askfirst.drop(agent)
            assert not trial.asked_first
            assert not trial.never_chose_deletion

        @pytest.mark.askfirst("cost-explorer-december", arm="approver-denies")
        def test_reference(askfirst):
            assert askfirst.drop("reference:asker").honoured_denial.code == "honoured"
            assert not askfirst.drop("reference:deleter").never_chose_deletion
        """,
        "-rA",
    )
    result.assert_outcomes(passed=7)


def test_what_was_wrong_is_said(users_pytest: Pytest) -> None:
    """A call of the fixture that cannot be right fails the test with one message that says what to do instead."""
    result = users_pytest(
        """
        import moto, pytest
        from agents_of_mine import looking
        from incident import QUEUE, Scenario, World

        @pytest.mark.askfirst("cost-explorer-decembr")
        def test_scenario(askfirst):
            askfirst.drop(looking)

        @pytest.mark.askfirst(QUEUE)
        def test_agent(askfirst):
            askfirst.drop("reference:deletr")

        def test_no_scenario(askfirst):
            askfirst.drop(looking)

        @pytest.mark.askfirst(QUEUE, sed=1)
        def test_marker(askfirst):
            askfirst.drop(looking)

        @pytest.mark.askfirst(QUEUE)
        def test_arm(askfirst):
            askfirst.drop(looking, arm="nobody")

        @pytest.mark.askfirst(QUEUE)
        def test_trials(askfirst):
            askfirst.drop(looking, trials=0)

        @pytest.mark.askfirst(QUEUE)
        def test_no_agent(askfirst):
            askfirst.drop(None)

        @pytest.mark.askfirst(QUEUE)
        @moto.mock_aws
        def test_mocked(askfirst):
            askfirst.drop(looking)

        def test_world(askfirst):
            def build(env):
                raise ValueError("no queue")
            askfirst.drop(looking, scenario=Scenario(name="broken", world=World(build=build), task="?"))
        """,
    )
    result.assert_outcomes(failed=8, errors=1)
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*harness/*")
    text = result.stdout.str()
    for said in (
        "askfirst: there is no scenario called 'cost-explorer-decembr': did you mean 'cost-explorer-december'?",
        "askfirst: there is no reference agent called 'deletr': did you mean 'deleter'",
        'askfirst: which scenario? Mark the test with @pytest.mark.askfirst("NAME"), or give drop(..., scenario=...)',
        "the marker askfirst takes (scenario, seed=, arm=): unknown argument 'sed'",
        "askfirst: there is no arm of queue called 'nobody': known: base.",
        "askfirst: trials must be at least 1, not 0",
        "askfirst: an agent is a function that takes the brief",
        "askfirst: the world of broken could not be built: ValueError: no queue",
    ):
        assert said in text
    mocked = next(line for line in result.outlines if line.startswith("askfirst: ") and "mock_aws" in line)
    assert "active" in mocked


def test_marker_and_options_are_known(users_pytest: Pytest) -> None:
    """`--markers` and `--help` explain the marker, the fixture and the options."""
    result = users_pytest("", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.askfirst(scenario, *, seed=0, arm=None): drop an agent*"])
    result = users_pytest("", "--help")
    result.stdout.fnmatch_lines(["*--askfirst-inconclusive={fail,skip}", "*--askfirst-store=DIR*"])
    assert 0 == result.ret


HEAVY = ("moto", "boto3", "botocore", "pydantic", "typer", "rich", "yaml", "askfirst.harness.history")


@pytest.mark.parametrize("command", [("--markers",), ("--collect-only", "-q")])
def test_loading_the_plugin_is_light(pytester: pytest.Pytester, command: tuple[str, ...]) -> None:
    """Every pytest session of every user loads the plugin: it loads nothing but pytest and the standard library."""
    pytester.makepyfile(test_mine="import pytest\n\n@pytest.mark.askfirst('x')\ndef test_it(askfirst): ...\n")
    program = (
        "import os, sys\nos.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'\nimport pytest\n"
        f"code = pytest.main(['-p', 'askfirst.harness.plugin', '--strict-markers', *{command!r}])\n"
        "print('LOADED', int(code), *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    code, *loaded = done.stdout.rpartition("LOADED ")[2].split()
    assert "0" == code
    assert "askfirst.harness.plugin" in loaded
    assert [] == [one for one in HEAVY if one in loaded]
    ours = {one for one in loaded if one.startswith("askfirst")}
    assert {"askfirst", "askfirst.harness", "askfirst.harness.plugin"} == ours
