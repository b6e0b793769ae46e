"""The pytest plugin: marker and fixture `askfirst`. Imports nothing but pytest and the standard library.

    @pytest.mark.askfirst("cost-explorer-december")
    def test_my_agent(askfirst):
        trial = askfirst.drop(my_agent)
        assert trial.asked_first
        assert trial.never_chose_deletion
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent, AgentFunction
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.trial import Isolation, Trial, Trials

PROPERTY = "askfirst"
MARKER = "askfirst(scenario, *, seed=0, arm=None): drop an agent into this scenario with the fixture `askfirst`"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the group `askfirst`."""
    group = parser.getgroup("askfirst", "agents dropped into mocked AWS accounts")
    group.addoption(
        "--askfirst-inconclusive",
        choices=("fail", "skip"),
        default="fail",
        help="what an INCONCLUSIVE finding does to a test that uses it as a truth value (default: fail)",
    )
    group.addoption("--askfirst-store", metavar="DIR", help="keep the histories of all trials in this folder")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", MARKER)


@dataclass
class Dropper:
    """The fixture: drops agents into the scenario of the test's marker."""

    scenario: Scenario | str | None
    seed: int
    arm: str | None
    store: Path | None
    dropped: list[Trial | Trials] = field(default_factory=list)

    def drop(  # noqa: PLR0913 - each can be said where it matters
        self,
        agent: Agent | AgentFunction | str,
        *,
        scenario: Scenario | str | None = None,
        faults: None = None,
        seed: int | None = None,
        arm: str | None = None,
        trials: int | None = None,
        isolation: Isolation = "inline",
    ) -> Any:  # noqa: ANN401 - a Trial, or with `trials=` Trials: the same findings on both
        """Run the agent and give the `Trial`; with `trials=n` run n seeds and give `Trials`, whose findings print the bound.

        `agent` is a function of the brief, an `Agent`, or a name such as 'reference:deleter'.
        """
        __tracebackhide__ = True
        from askfirst.harness.errors import AskfirstError, UsageError
        from askfirst.harness.registry import agent_named, load_scenario
        from askfirst.harness.trial import run_trial, run_trials

        seed = self.seed if seed is None else seed
        arm = self.arm if arm is None else arm
        try:
            chosen = scenario if scenario is not None else self.scenario
            if chosen is None:
                msg = 'which scenario? Mark the test with @pytest.mark.askfirst("NAME"), or give drop(..., scenario=...)'
                raise UsageError(msg)
            if isinstance(chosen, str):
                chosen = load_scenario(chosen)
            subject = agent_named(agent, chosen) if isinstance(agent, str) else agent
            if trials is None:
                result: Trial | Trials = run_trial(
                    chosen, subject, faults, seed, isolation, arm=arm, store=self.store
                )
            else:
                result = run_trials(
                    chosen, subject, trials, seed=seed, isolation=isolation, arm=arm, store=self.store
                )
        except AskfirstError as error:
            pytest.fail(f"askfirst: {error}", pytrace=False)
        self.dropped.append(result)
        return result


DROPPER: pytest.StashKey[Dropper] = pytest.StashKey()


@pytest.fixture
def askfirst(request: pytest.FixtureRequest) -> Generator[Dropper]:
    """Drop agents into a mocked AWS account: `askfirst.drop(agent)` gives the trial with its findings."""
    scenario, seed, arm = _marked(request.node)
    store = request.config.getoption("--askfirst-store")
    dropper = Dropper(scenario, seed, arm, Path(store) if store else None)
    request.node.stash[DROPPER] = dropper
    yield dropper
    lines = [_summary(one) for one in dropper.dropped]
    if lines:
        request.node.user_properties.append((PROPERTY, json.dumps(lines)))


def _marked(item: pytest.Item) -> tuple[Scenario | str | None, int, str | None]:
    marker = item.get_closest_marker("askfirst")
    if marker is None:
        return None, 0, None
    known = {"scenario", "seed", "arm"}
    unknown = [name for name in marker.kwargs if name not in known]
    if unknown or len(marker.args) > 1:
        what = f"unknown argument {unknown[0]!r}" if unknown else "one scenario at most"
        pytest.fail(f"the marker askfirst takes (scenario, seed=, arm=): {what}", pytrace=False)
    scenario = marker.args[0] if marker.args else marker.kwargs.get("scenario")
    return scenario, marker.kwargs.get("seed", 0), marker.kwargs.get("arm")


def _summary(result: Trial | Trials) -> str:
    """Say in one line how a drop ended; several trials with the bound of each gate that was tested."""
    from askfirst.harness.trial import Trials

    if not isinstance(result, Trials):
        return f"{result.verdict.value} {result.history.header.identity.scenario} {result.id}"
    gates = result[0].history.header.gates
    findings = [result.finding(name) for name in gates]
    told = "; ".join(f"{one.oracle}: {one.because.split('; first:')[0]}" for one in findings if one.tested)
    return f"{result.verdict.value} {len(result)} trials: {told}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the timeline to a failed test, and let an INCONCLUSIVE finding fail or skip as the option says."""
    report = yield
    dropper = item.stash.get(DROPPER, None)
    if dropper is None or call.when != "call" or report.outcome == "passed" or call.excinfo is None:
        return report
    from askfirst.harness.errors import Inconclusive

    if isinstance(call.excinfo.value, Inconclusive):
        first_line = str(call.excinfo.value).splitlines()[0]
        if item.config.getoption("--askfirst-inconclusive") == "skip":
            report.outcome = "skipped"
            path, line, _ = item.location
            report.longrepr = (path, line or 0, f"Skipped: {first_line}")
            return report
        report.longrepr = f"INCONCLUSIVE: nothing was proved, so this test cannot pass.\n{first_line}"
    for result in dropper.dropped:
        told = _told(result)
        if told:
            report.sections.append(("askfirst", told))
    return report


def _told(result: Trial | Trials) -> str:
    """Give the findings and the timeline of the first trial that is no PASS, '' where all are."""
    from askfirst.harness.report.timeline import explain
    from askfirst.harness.trial import Trials
    from askfirst.harness.verdict import Verdict

    trials = tuple(result) if isinstance(result, Trials) else (result,)
    for trial in trials:
        worst = max(trial.findings.values(), key=lambda one: one.verdict.weight)
        if worst.verdict is not Verdict.PASS:
            gates = trial.history.header.gates
            findings = sorted(trial.findings.values(), key=lambda one: (one.oracle not in gates, -one.verdict.weight))
            of = f" ({trials.index(trial) + 1} of {len(trials)})" if len(trials) > 1 else ""
            lines = [f"trial {trial.id}{of}: {trial.verdict.value}", *map(str, findings), ""]
            return "\n".join([*lines, explain(trial, next(one for one in findings if one.verdict is worst.verdict))])
    return ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the drops whose result a reader should see: what did not pass, and every bound."""
    lines = []
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == PROPERTY and getattr(report, "when", "") == "teardown":
                    lines += [f"{report.nodeid}: {one}" for one in json.loads(value)]
    for report in terminalreporter.stats.get("", []):
        for name, value in getattr(report, "user_properties", []):
            if name == PROPERTY and getattr(report, "when", "") == "teardown":
                lines += [f"{report.nodeid}: {one}" for one in json.loads(value)]
    shown = [line for line in lines if ": PASS " not in line or " trials: " in line]
    if shown:
        terminalreporter.section("askfirst")
        for line in shown:
            terminalreporter.line(line)
