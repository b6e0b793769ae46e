"""A walk: an agent says some phrases, the owner looks after every call, and both sides give their judgement."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.oracles.walk.agreeing import STRICTER, Walk, disagreements
from tests.oracles.walk.comparing import Memory
from tests.oracles.walk.looking import looked, looked_again
from tests.oracles.walk.owner import Owner
from tests.oracles.walk.shop import SHOP
from tests.oracles.walk.step import Hand, Phrases, Step
from tests.oracles.walk.steps_compute import COMPUTE_HARMED, COMPUTE_SPARED
from tests.oracles.walk.steps_control import CONTROL_HARMED, CONTROL_SPARED
from tests.oracles.walk.steps_kept import KEPT_HARMED, KEPT_SPARED
from tests.oracles.walk.steps_stores import BUCKETS_HARMED, BUCKETS_SPARED, TABLES_HARMED, TABLES_SPARED

from askfirst import FaultPlan, Phase, Site, fault, run_trial
from askfirst.harness.faulting.contexts import Scene

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

HARMED: Phrases = {**BUCKETS_HARMED, **TABLES_HARMED, **KEPT_HARMED, **COMPUTE_HARMED, **CONTROL_HARMED}
SPARED: Phrases = {**BUCKETS_SPARED, **TABLES_SPARED, **KEPT_SPARED, **COMPUTE_SPARED, **CONTROL_SPARED}
PHRASES: Phrases = {**HARMED, **SPARED}


@dataclass(slots=True)
class Walker:
    """Walks, and counts. A thorough one looks at everything after every call, another at what was called, and at all in the end.

    The owner's clients are kept: its keys are the same in every trial of the scenario.
    """

    thorough: bool = True
    sequences: int = 0
    calls: int = 0
    stricter: int = 0
    clients: dict[str, Any] = field(default_factory=dict)

    def walk(self, phrases: Sequence[str]) -> list[str]:
        """Let an agent say the phrases in a fresh account, and say where the two sides disagree.

        A phrase is left off where the account would not accept its next call any more.
        """
        walk = Walk(tuple(phrases))
        session: list[Any] = []

        @fault(Site.STATE, Phase.ACT)
        def owner_looks_on(scene: Scene) -> None:
            """The owner of the account looks on, and changes nothing."""
            session.append(scene.env)

        def agent(brief: Brief) -> str:
            self._act(walk, brief, session[0])
            return "done"

        trial = run_trial(SHOP, agent, faults=FaultPlan((owner_looks_on(),)))
        session.clear()  # what is known of a fault is remembered, and would keep the whole account alive
        self.sequences += 1
        self.calls += len(walk.calls)
        found = disagreements(walk, trial)
        self.stricter += sum(one.startswith(STRICTER) for one in found)
        return [one for one in found if not one.startswith(STRICTER)]

    def _act(self, walk: Walk, brief: Brief, env: Env) -> None:
        """Make the calls. The owner looks after every one of them."""
        owners = env.session  # also issues the owner's keys for this trial

        def owner_client(service: str) -> Any:
            if service not in self.clients:
                self.clients[service] = owners.client(service)
            return self.clients[service]

        called: set[str] = set()
        made = functools.cache(brief.session.client)

        def client(service: str) -> Any:
            called.add(service)
            return made(service)

        owner = Owner(owner_client, env.account_id)
        start = before = looked(owner)
        memory = Memory(start)
        made_already: list[Step] = []
        for phrase in walk.phrases:
            for number, step in enumerate(PHRASES[phrase], start=1):
                hand = Hand(client, owner_client, before, env.account_id, made_already)
                if not step.possible(hand):
                    break
                called.clear()
                step.make(hand)
                made_already.append(step)
                after = looked(owner) if self.thorough else looked_again(owner, before, called)
                walk.calls.append(f"{phrase} ({number})")
                walk.strangers.append({arn for arn in start if arn not in before or not memory.theirs(arn, before)})
                walk.harms.append(memory.harms(before, after))
                before = after
        end = looked(owner)
        walk.aside = memory.harms(before, end)
        walk.net = memory.net(end)
        brief.session.client("sts").get_caller_identity()  # a walk of no call would prove nothing
