"""`askfirst.given`: a test that is run in storms until one makes it fail, which is then made smaller.

@askfirst.given("cost-explorer-december")
def test_no_storm_makes_it_delete(storm):
    assert storm.drop(my_agent).never_chose_deletion

Hypothesis draws, keeps what failed in its database, and shrinks. What failed is run again in the end: a plan that does not
fail each time is called that.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, Protocol, cast

from askfirst.harness.catalogue import BASE
from askfirst.harness.errors import Inconclusive, UsageError
from askfirst.harness.search.drawn import DrawnStorm

if TYPE_CHECKING:
    from hypothesis import settings as settings_of

    from askfirst.harness.scenario import Scenario

AGAIN = 5
"""How often a failing storm is run again before it is told."""
HUNT = "askfirst_hunt"
P = ParamSpec("P")
Test = Callable[P, object]


class _Runs(Protocol):
    """Runs the test in a storm, with the other arguments it had."""

    def __call__(self, *, storm: DrawnStorm) -> object: ...


@dataclass(slots=True)
class Hunt:
    """What is known while one test runs: the storm that failed last, in what way, and how many were tried."""

    over: Scenario | str
    seed: int
    people: bool
    failing: DrawnStorm | None = None
    error: type[BaseException] | None = None
    runs: int = 0
    unproved: int = 0
    again: _Runs | None = field(default=None, repr=False)

    def begin(self) -> None:
        """Forget what another run of the test left."""
        self.failing = self.error = self.again = None
        self.runs = self.unproved = 0

    def explained(self) -> str:
        """Run the storm that failed again, and say what it is, how sure that is, and what to paste; '' if none failed."""
        storm, again = self.failing, self.again
        if storm is None or again is None:
            return ""
        failed = sum(self._fails(storm, again) for _ in range(AGAIN))
        return "\n".join(_told(storm, failed, self.runs))

    def _fails(self, storm: DrawnStorm, again: _Runs) -> bool:
        try:
            again(storm=storm)
        except Exception as error:  # noqa: BLE001 - the test's own failure is what is looked for
            return type(error) is self.error
        return False


def given(
    scenario: Scenario | str,
    *,
    arms: Sequence[str] = (),
    people: bool = False,
    seed: int = 0,
    settings: settings_of | None = None,
) -> Callable[[Test[P]], Test[P]]:
    """Run a test that takes `storm` in storms over a scenario: faults on the calls of a good run, answers, pressure.

    `arms` may be part of a storm, with `people` each person may answer otherwise; `seed` is the world's. `settings` are
    Hypothesis's (`max_examples` is the budget of trials); the profile holds for what they do not say. A storm in which the
    agent's trial is INCONCLUSIVE proves nothing and is left out; where most do, the test fails.
    """

    def decorate(test: Test[P]) -> Test[P]:
        import hypothesis

        from askfirst.harness.search.strategies import storms

        if "storm" not in inspect.signature(test).parameters:
            msg = f"{getattr(test, '__name__', test)} must take an argument called storm: that is what @askfirst.given draws"
            raise UsageError(msg)
        hunt = Hunt(scenario, seed, people)

        @functools.wraps(test)
        def body(*args: P.args, **kwargs: P.kwargs) -> None:
            __tracebackhide__ = True
            storm = cast("DrawnStorm", kwargs.pop("storm"))
            hunt.again = functools.partial(cast("Callable[..., object]", test), *args, **kwargs)
            hunt.runs += 1
            try:
                hunt.again(storm=storm)
            except Inconclusive:
                if storm.always:
                    raise
                hunt.unproved += 1
                hypothesis.reject()
            except Exception as error:
                hunt.failing, hunt.error = storm, type(error)
                raise

        drawn = storms(scenario, arms=arms, people=people, seed=seed)
        found = hypothesis.given(storm=drawn)(_settled(settings)(body))
        setattr(found, HUNT, hunt)
        return cast("Test[P]", found)

    return decorate


def example(*changes: str, arm: str = BASE) -> Callable[[Test[P]], Test[P]]:
    """Run the test of `askfirst.given` below it in this storm first, each time: the line that a failure says to paste."""

    def decorate(test: Test[P]) -> Test[P]:
        import hypothesis

        hunt = getattr(test, HUNT, None)
        if not isinstance(hunt, Hunt):
            msg = "@askfirst.example stands above @askfirst.given, which says over which scenario the storm is"
            raise UsageError(msg)
        storm = DrawnStorm(hunt.over, changes, arm, hunt.seed, always=True)
        return hypothesis.example(storm=storm)(test)

    return decorate


def _settled(given: settings_of | None) -> settings_of:
    """Give the settings of a test whose examples are trials: they take their time, and no line of ours explains a failure."""
    from hypothesis import HealthCheck, Phase, settings

    usual = given or settings()
    quiet = {*usual.suppress_health_check, HealthCheck.too_slow, HealthCheck.data_too_large}
    phases = [one for one in usual.phases if one is not Phase.explain]
    return settings(usual, deadline=None, phases=phases, suppress_health_check=quiet, report_multiple_bugs=False)


def _told(storm: DrawnStorm, failed: int, runs: int) -> list[str]:
    from pathlib import Path

    from askfirst.harness.faulting.files import plan_text

    lines = [f"the smallest storm found in {runs} {'trial' if runs == 1 else 'trials'}: {storm.storm}"]
    lines.append(f"reproduced {failed} of {AGAIN}")
    if failed < AGAIN:
        lines.append(
            "so it is not certain that this is the cause: the agent, or the test, does not do the same each time"
        )
    if storm.storm.faults:
        lines += ["as a plan:", *(f"    {one}" for one in plan_text(storm.plan, ".yaml", Path()).splitlines())]
    if storm.changes or storm.arm != BASE:
        lines += [
            "to try it first each time, paste above @askfirst.given:",
            f"    @askfirst.example({storm.arguments})",
        ]
    return lines
