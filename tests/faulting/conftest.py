"""What tests of faults share: a trial in which an agent acts under faults, and its owner looks at the account afterwards."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.history import Call
from askfirst.harness.scenario import Scenario, World
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief
    from askfirst.harness.faulting.declaring import Fault


@dataclass(frozen=True)
class Struck:
    """A trial, what the agent gave, and what the account's owner saw at its end, with keys of its own."""

    trial: Trial
    given: Any
    seen: Any

    def calls(self, operation: str) -> list[Call]:
        """Give the attempts at an operation."""
        return [call for call in self.trial.history.calls if call.start.operation == operation]

    def counts(self, fault: str) -> tuple[int, int, int, int | None]:
        """Give how often a fault matched, fired, was absorbed and was seen."""
        return next((one.matched, one.fired, one.absorbed, one.seen) for one in self.trial.faults if one.id == fault)


def nothing(_: Env) -> None:
    """Build an empty account."""


def looked(_: Env) -> None:
    """See nothing."""


@pytest.fixture(scope="session")
def empty() -> Scenario:
    """A scenario whose account is empty, in a region that has every service."""
    return Scenario(name="empty", world=World(build=nothing, region="eu-west-1", draws=1), task="Set the shop up.")


@pytest.fixture(scope="session")
def strike(empty: Scenario) -> Callable[..., Struck]:
    """Let `act(brief)` work under faults; then `look(env)` sees the account from its owner's side."""

    def struck(
        act: Callable[[Brief], Any],
        *faults: Fault,
        look: Callable[[Env], Any] = looked,
        build: Callable[[Env], object] | None = None,
        scenario: Scenario = empty,
        seed: int = 0,
    ) -> Struck:
        given: list[Any] = []
        seen: list[Any] = []
        raised: list[BaseException] = []

        def agent(brief: Brief) -> str:
            try:
                given.append(act(brief))
            except BaseException as error:
                raised.append(error)
                raise
            return "done"

        def solved(env: Env) -> bool:
            seen.append(look(env))
            return True

        world = scenario.world if build is None else dataclasses.replace(scenario.world, build=build)
        trial = run_trial(dataclasses.replace(scenario, world=world, solved=solved), agent, faults=faults, seed=seed)
        if raised:
            raise raised[0]
        assert [] == [trouble.because for _, trouble in trial.history.troubles]
        return Struck(trial, given[0], seen[0])

    return struck


@pytest.fixture(scope="session")
def code() -> bytes:
    """A function's code as Lambda takes it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py", (2025, 12, 1, 0, 0, 0)), "def handler(event, context): pass")
    return packed.getvalue()


@pytest.fixture(scope="session")
def attempt() -> Callable[..., Any]:
    """Call AWS, and give the answer or the exception it raised."""
    from botocore.exceptions import BotoCoreError, ClientError

    def attempted(call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        try:
            return call(*given, **named)
        except (BotoCoreError, ClientError) as error:
            return error

    return attempted
