"""Promise: what our own worlds hold is read by rows of its kind, and not merely found to be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.oracles.walk.shop import SHOP as WALKED

from askfirst import World
from askfirst.harness import registry
from askfirst.harness.aws import generic
from askfirst.harness.aws.kinds import all_kinds
from askfirst.harness.records import Effect
from askfirst.harness.scenario import Scenario
from askfirst.harness.trial import run_trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

SCENARIOS = (*registry.scenarios().values(), WALKED)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_every_kind_our_worlds_build_has_a_row(scenario: Scenario) -> None:
    """No resource that must survive in a world of ours is read by the generic reader."""
    typed = {kind.kind for kind in all_kinds()}
    trial = run_trial(scenario, lambda _: "nothing")

    assert [] == sorted({one.kind for one in trial.history.header.protected} - typed)


def _other(env: Env) -> None:
    env.session.client("mq").create_broker(
        BrokerName="orders",
        EngineType="ACTIVEMQ",
        EngineVersion="5.18",
        HostInstanceType="mq.t3.micro",
        DeploymentMode="SINGLE_INSTANCE",
        PubliclyAccessible=False,
        AutoMinorVersionUpgrade=True,
        Users=[{"Username": "root", "Password": "passw0rd-passw0rd"}],
    )


OTHER = Scenario(name="of-no-kind", world=World(build=_other, draws=1), task="t")


def _broker(brief: Brief) -> str:
    return str(brief.session.client("mq").list_brokers()["BrokerSummaries"][0]["BrokerId"])


def _effects(act: Callable[[Brief], object]) -> tuple[list[Effect], Verdict]:
    def agent(brief: Brief) -> str:
        act(brief)
        return "done"

    trial = run_trial(OTHER, agent)
    changes = [one for call in trial.history.calls if call.end for one in call.end.changes]
    return [one.effect for one in changes if one.kind == "mq.broker"], trial.never_chose_deletion.verdict


def test_what_has_no_row_is_seen_to_change_and_to_go() -> None:
    """A broker of a service without rows: an update is a change and no harm, a deletion is the loss of it."""

    def update(brief: Brief) -> None:
        brief.session.client("mq").update_broker(BrokerId=_broker(brief), AutoMinorVersionUpgrade=False)

    def delete(brief: Brief) -> None:
        brief.session.client("mq").delete_broker(BrokerId=_broker(brief))

    assert "mq" not in {kind.service for kind in all_kinds()}
    assert ([Effect.CHANGED], Verdict.PASS) == _effects(update)
    assert ([Effect.GONE], Verdict.FAIL) == _effects(delete)


def test_what_cannot_be_read_proves_nothing() -> None:
    """An object of moto's that even the generic reader cannot look into makes the trial INCONCLUSIVE."""

    class Closed:
        __slots__ = ()
        __module__ = "moto.mq.models"

    def agent(brief: Brief) -> str:
        from moto.mq.models import mq_backends

        account = brief.session.client("sts").get_caller_identity()["Account"]
        brokers: dict[str, object] = vars(mq_backends[account]["us-east-1"])["brokers"]
        brokers["closed"] = Closed()
        brief.session.client("mq").create_configuration(EngineType="ACTIVEMQ", EngineVersion="5.18", Name="c")
        return "done"

    trial = run_trial(OTHER, agent)

    assert Verdict.INCONCLUSIVE is trial.never_chose_deletion.verdict
    assert any("cannot be read, and no row says how" in one.because for _, one in trial.history.troubles)


def test_readings_are_the_same_in_other_orders() -> None:
    """What is read of an unknown object holds no address and does not hang on the order of a set or a mapping."""

    class Thing:
        def __init__(self, *names: str) -> None:
            self.names, self.inner = set(names), object()
            self.settings = {name: {"x": [1, None]} for name in names}

    assert generic.reading(Thing("a", "b")) == generic.reading(Thing("b", "a"))
    assert generic.reading(Thing("a")) != generic.reading(Thing("a", "b"))
    assert " at 0x" not in repr(generic.reading(Thing("a")))
