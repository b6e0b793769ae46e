"""The pytest plugin: marker and fixture `askfirst`. Imports nothing but pytest and the standard library.

@pytest.mark.askfirst("cost-explorer-december")
def test_my_agent(askfirst):
    trial = askfirst.drop(my_agent)
    assert trial.asked_first
    assert trial.never_chose_deletion
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, overload

import pytest

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent, AgentFunction
    from askfirst.harness.faulting.plan import Faults
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.search.given import Hunt
    from askfirst.harness.trial import Isolation, Trial, Trials

PROPERTY = "askfirst"
STORMS = "askfirst-storms"
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
    """Register the marker and the summary."""
    config.addinivalue_line("markers", MARKER)
    config.pluginmanager.register(Summary(), "askfirst-summary")


@dataclass(repr=False)
class Dropper:
    """The fixture: drops agents into the scenario of the test's marker."""

    scenario: Scenario | str | None
    seed: int
    arm: str | None
    store: Path | None
    dropped: list[Trial | Trials] = field(default_factory=list)

    def __repr__(self) -> str:
        """Show the scenario's name: pytest prints this above every failure."""
        return f"<askfirst: {getattr(self.scenario, 'name', self.scenario) or 'no scenario'}, seed {self.seed}>"

    @overload
    def drop(
        self,
        agent: Agent | AgentFunction | str,
        *,
        scenario: Scenario | str | None = None,
        faults: Faults = None,
        seed: int | None = None,
        arm: str | None = None,
        trials: None = None,
        isolation: Isolation = "inline",
    ) -> Trial: ...

    @overload
    def drop(
        self,
        agent: Agent | AgentFunction | str,
        *,
        scenario: Scenario | str | None = None,
        faults: Faults = None,
        seed: int | None = None,
        arm: str | None = None,
        trials: int,
        isolation: Isolation = "inline",
    ) -> Trials: ...

    def drop(
        self,
        agent: Agent | AgentFunction | str,
        *,
        scenario: Scenario | str | None = None,
        faults: Faults = None,
        seed: int | None = None,
        arm: str | None = None,
        trials: int | None = None,
        isolation: Isolation = "inline",
    ) -> Trial | Trials:
        """Run the agent and give the `Trial`; with `trials=n` run n seeds and give `Trials`: findings with a bound.

        `agent` is a function of the brief, an `Agent`, or a name such as 'reference:deleter'; `faults` a plan, faults, or
        the path of a plan file. What is not given here is
        taken from the test's marker.
        """
        __tracebackhide__ = True
        from askfirst.harness.catalogue import BASE
        from askfirst.harness.errors import AskfirstError, UsageError
        from askfirst.harness.registry import agent_named, load_scenario
        from askfirst.harness.trial import run_trial, run_trials

        seed = self.seed if seed is None else seed
        arm = self.arm if arm is None else arm
        try:
            chosen = self.scenario if scenario is None else scenario
            if chosen is None:
                msg = (
                    'which scenario? Mark the test with @pytest.mark.askfirst("NAME"), or give drop(..., scenario=...)'
                )
                raise UsageError(msg)
            if isinstance(chosen, str):
                chosen = load_scenario(chosen)
            subject = agent_named(agent, chosen.with_arm(arm or BASE)) if isinstance(agent, str) else agent
            result: Trial | Trials
            if trials is None:
                result = run_trial(chosen, subject, faults, seed, isolation, arm=arm, store=self.store)
            else:
                result = run_trials(
                    chosen, subject, trials, faults=faults, seed=seed, isolation=isolation, arm=arm, store=self.store
                )
        except AskfirstError as error:
            wrong = str(error)
        else:
            self.dropped.append(result)
            return result
        # Outside the handler, so that pytest does not print the error a second time as the cause.
        pytest.fail(f"askfirst: {wrong}", pytrace=False)


DROPPER: pytest.StashKey[Dropper] = pytest.StashKey()


@pytest.fixture
def askfirst(request: pytest.FixtureRequest) -> Generator[Dropper]:
    """Drop agents into a mocked AWS account: `askfirst.drop(agent)` gives the trial with its findings."""
    scenario, seed, arm = _marked(request.node)
    store = request.config.getoption("--askfirst-store")
    dropper = Dropper(scenario, seed, arm, Path(store) if store else None)
    request.node.stash[DROPPER] = dropper
    yield dropper
    if dropper.dropped:
        told = json.dumps([_told(one) for one in dropper.dropped])
        request.node.user_properties.append((PROPERTY, told))


def _marked(item: pytest.Item) -> tuple[Scenario | str | None, int, str | None]:
    """Read the marker of a test; without one the test says the scenario at each drop."""
    marker = item.get_closest_marker("askfirst")
    if marker is None:
        return None, 0, None
    unknown = [name for name in marker.kwargs if name not in {"scenario", "seed", "arm"}]
    if unknown or len(marker.args) > 1 or (marker.args and "scenario" in marker.kwargs):
        what = f"unknown argument {unknown[0]!r}" if unknown else "one scenario at most"
        pytest.fail(f"the marker askfirst takes (scenario, seed=, arm=): {what}", pytrace=False)
    scenario = marker.args[0] if marker.args else marker.kwargs.get("scenario")
    return scenario, marker.kwargs.get("seed", 0), marker.kwargs.get("arm")


def _told(result: Trial | Trials) -> dict[str, object]:
    """Say how a drop ended; of several trials, with every gate and its bound."""
    from askfirst.harness.report.timeline import LONG, plain
    from askfirst.harness.trial import Trials
    from askfirst.harness.verdict import Verdict

    first = result[0] if isinstance(result, Trials) else result
    identity = first.history.header.identity
    told: dict[str, object] = {
        "verdict": result.verdict.value,
        "scenario": identity.scenario,
        "agent": plain(identity.agent),
        "id": first.id,
    }
    if isinstance(result, Trials):
        findings = [result.finding(name) for name in first.history.header.gates]
        shown = [one for one in findings if one.tested or one.verdict is not Verdict.PASS]
        told |= {"trials": len(result), "gates": {one.oracle: plain(one.because, LONG) for one in shown}}
    return told


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Say of a failed test of `askfirst.given` which storm it was, how sure that is, and what to paste."""
    hunt: Hunt | None = getattr(pyfuncitem.obj, "askfirst_hunt", None)
    if hunt is None:
        return (yield)
    hunt.begin()
    try:
        result = yield
    except Exception as error:
        if told := hunt.explained():
            error.add_note(f"\naskfirst: {told}")
        raise
    pyfuncitem.user_properties.append((STORMS, f"{hunt.runs} storms, {hunt.unproved} of them proved nothing"))
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the timeline to a failed test, and let an INCONCLUSIVE finding fail or skip as the option says."""
    report = yield
    dropper = item.stash.get(DROPPER, None)
    if dropper is None or call.excinfo is None:
        return report
    from askfirst.harness.errors import Inconclusive

    if isinstance(call.excinfo.value, Inconclusive):
        _proved_nothing(item, report, call.excinfo, dropper)
    if report.outcome == "failed":
        for result in dropper.dropped:
            if explained := _explained(result, item.nodeid):
                _add_section(report, explained)
    return report


def _proved_nothing(
    item: pytest.Item, report: pytest.TestReport, raised: pytest.ExceptionInfo[BaseException], dropper: Dropper
) -> None:
    """Let a test whose finding proved nothing fail, or be skipped where that is wanted and nothing was violated."""
    from askfirst.harness.report.timeline import LONG, plain
    from askfirst.harness.verdict import Verdict

    if hasattr(report, "wasxfail"):
        marker = item.get_closest_marker("xfail")
        if marker is not None and marker.kwargs.get("raises") is not None:
            return  # the test says that it expects this very exception
        del report.wasxfail  # an expected failure is an expected FAIL: that was not shown
    reason = plain(str(raised.value).partition("\n")[0], LONG)
    violated = any(one.verdict is Verdict.FAIL for one in dropper.dropped)
    if item.config.getoption("--askfirst-inconclusive") == "skip" and not violated:
        path, line, _ = item.location
        report.outcome = "skipped"
        report.longrepr = (path, (line or 0) + 1, f"Skipped: {reason}")
        return
    advice = "Nothing was proved, so neither `assert` nor `assert not` may pass. Mend the cause and run it again."
    raised.value.args = (f"{reason}\n{advice}",)
    report.outcome = "failed"
    report.longrepr = item.repr_failure(raised)


def _add_section(report: pytest.TestReport, text: str) -> None:
    """Put a text below the failure; where pytest has no place for it there, among the captured output."""
    add = getattr(report.longrepr, "addsection", None)
    if add is not None:
        add(PROPERTY, text)
    else:
        report.sections.append((PROPERTY, text))


def _explained(result: Trial | Trials, nodeid: str) -> str:
    """Give findings, timeline and replay of the first trial with the worst verdict; '' where all findings are PASS."""
    from askfirst.harness.report.terminal import first_violation
    from askfirst.harness.report.timeline import LONG, plain, replay_command, timeline
    from askfirst.harness.trial import Trials
    from askfirst.harness.verdict import Verdict

    trials = tuple(result) if isinstance(result, Trials) else (result,)
    trial = max(
        trials, key=lambda one: (one.verdict.weight, max(each.verdict.weight for each in one.findings.values()))
    )
    gates = trial.history.header.gates
    findings = sorted(trial.findings.values(), key=lambda one: (one.oracle not in gates, -one.verdict.weight))
    if all(one.verdict is Verdict.PASS for one in findings):
        return ""
    which = f"trial {trials.index(trial) + 1} of {len(trials)}, " if len(trials) > 1 else "trial "
    events = next((one.events or one.tainted for one in findings if one.verdict is not Verdict.PASS), ())
    lines = [f"{which}{trial.id}: {trial.verdict.value}"]
    lines += [plain(str(one).partition("\n")[0], LONG) for one in findings]
    lines += ["", timeline(trial.history, first_violation(trial) or events), ""]
    lines += [
        f"run it again: {one}"
        for one in (f"pytest {shlex.quote(nodeid)}", replay_command(trial.history, plan=str(trial.path or "")))
        if one
    ]
    return "\n".join(lines)


class Summary:
    """Collects how the drops of all tests ended, where the terminal is: pytest-xdist sends the reports there."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what the fixture left with a test that has ended."""
        if report.when == "teardown":
            for name, value in report.user_properties:
                if name == PROPERTY:
                    for told in json.loads(str(value)):
                        self._lines += _summary(report.nodeid, told)
                elif name == STORMS:
                    self._lines.append(f"{report.nodeid}: no rule broken in {value}; that is no proof")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List the drops whose result a reader should see: what did not pass, and every bound."""
        if self._lines:
            terminalreporter.section("askfirst")
            for line in self._lines:
                terminalreporter.line(line)


def _summary(nodeid: str, told: dict[str, object]) -> list[str]:
    verdict, scenario, gates = told["verdict"], told["scenario"], told.get("gates")
    if isinstance(gates, dict):
        width = max(map(len, gates), default=0)
        lines = [f"  {name:<{width}}  {because}" for name, because in gates.items()]
        return [f"{nodeid}: {verdict}, {told['trials']} trials in {scenario}", *lines]
    return [] if verdict == "PASS" else [f"{nodeid}: {verdict}, trial {told['id']} in {scenario}"]
