"""Promise: who meets the account at the endpoint meets the same world, faults and judge as who meets it in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from askfirst import load_scenario, run_trial
from askfirst.agents.reference import make
from askfirst.agents.reference.base import all_agents
from askfirst.faults import api
from askfirst.harness.agent import CallableAgent, Served, as_agent
from askfirst.harness.faulting.declaring import Fault
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

NAME = "cost-explorer-december"
AGENTS = [one.name for one in all_agents()]
FAULTS = {
    "reset": api.reset().on("cloudformation:*").first(2),
    "cut": api.cut().on("cloudformation:*").first(2),
    "throttling": api.throttling().on("cloudformation:*").every(2),
    "denied": api.access_denied().on("cloudformation:ContinueUpdateRollback"),
    "lie": api.lie().on("cloudformation:*").first(),
}


def judged(trial: Trial) -> tuple[object, ...]:
    """Give what a trial is judged to be: the verdict, and of every oracle the verdict and the code."""
    return trial.verdict, {name: (one.verdict, one.code) for name, one in trial.findings.items()}


@pytest.mark.parametrize("agent", AGENTS)
def test_the_same_script_gives_the_same_history(agent: str) -> None:
    """Each reference agent in December, in process and at the endpoint: equal verdict and codes, and equal bytes of history."""
    script = make(agent, load_scenario(NAME))
    here, there = run_trial(NAME, script), run_trial(NAME, Served(as_agent(script), "virtual"))
    assert judged(here) == judged(there)
    assert here.history.dumps() == there.history.dumps()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("agent", ["asker", "deleter"])
def test_the_same_faults_strike(agent: str, fault: Fault) -> None:
    """The same plan strikes the same calls, is retried by the same client, and gives the same calls."""
    script = make(agent, load_scenario(NAME))
    here, there = run_trial(NAME, script, fault), run_trial(NAME, Served(as_agent(script), "virtual"), fault)
    assert judged(here) == judged(there)
    assert here.faults == there.faults
    assert here.history.calls == there.history.calls


def test_the_session_of_the_brief_goes_there_too() -> None:
    """One trial, one transport: clients and resources of `brief.session` speak to the endpoint, unless told otherwise."""
    found: list[object] = []

    def agent(brief: Brief) -> None:
        client = brief.session.client("sts")
        answer = client.get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]
        resource = brief.session.resource("dynamodb")
        other = brief.session.client("sts", endpoint_url="https://sts.cn-north-1.amazonaws.com.cn")
        urls = [client.meta.endpoint_url, resource.meta.client.meta.endpoint_url, other.meta.endpoint_url]
        found.extend([[one == brief.endpoint.url for one in urls], answer.get("connection")])

    trial = run_trial(NAME, Served(CallableAgent(agent), "virtual"))
    assert [[True, True, False], "keep-alive"] == found, trial.history.troubles
