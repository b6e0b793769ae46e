"""Worlds: built once per draw by the scenario's own code, kept as a snapshot, restored for every trial."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from askfirst.harness.aws import draw, snapshot
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.env import Env
from askfirst.harness.aws.gateway import Gateway
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.principals import Keyring, Principal
from askfirst.harness.aws.surroundings import mocked_account
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.errors import AskfirstError, WorldError
from askfirst.harness.records import Author
from askfirst.harness.scenario import Rights, Scenario, World
from askfirst.harness.sourcing import canonical


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A built world: its state, the accounts by name and id, the facts and files its builder published."""

    blob: bytes
    accounts: Mapping[str, str]
    partition: str
    facts: Mapping[str, str]
    files: Mapping[str, str]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Fill `{name}` by the facts a builder noted; other braces stay as they are."""
    for name, value in facts.items():
        text = text.replace("{" + name + "}", value)
    return text


def partition_of(region: str) -> str:
    """Give the AWS partition of a region."""
    from moto.utilities.utils import get_partition

    return get_partition(region)


def which_draw(world: World, seed: int) -> int:
    """Give the number of the world that a seed chooses."""
    return draw.number("which world", seed) % world.draws


def snapshot_of(scenario: Scenario, seed: int) -> Snapshot:
    """Give the world of a scenario for a seed, built now or remembered; raises `WorldError` where building fails."""
    world = scenario.world
    return _remembered(_Order(scenario.name, which_draw(world, seed), canonical(world), world))


@dataclass(frozen=True, slots=True)
class _Order:
    """One world to build; worlds of equal content are built once in a process."""

    name: str
    number: int
    content: str
    world: World = field(compare=False)


@functools.lru_cache(maxsize=32)
def _remembered(order: _Order) -> Snapshot:
    return build(order.world, order.name, order.number)


Handle = Callable[[WireRequest], WireAnswer]
"""What answers a builder's calls."""


def _unwatched(handle: Handle, inventory: Inventory) -> Handle:
    del inventory
    return handle


def build(
    world: World, name: str, number: int, watched: Callable[[Handle, Inventory], Handle] = _unwatched
) -> Snapshot:
    """Run a builder against an empty mocked account and keep what it made; `watched` may look at each of its calls."""
    partition = partition_of(world.region)
    accounts = {one: draw.account_id(name, number, one) for one in world.all_accounts}
    clock = Clock(world.now)
    keyring = Keyring(partition)

    def owner(account: str) -> Principal:
        arn = f"arn:{partition}:iam::{accounts[account]}:root"
        return keyring.issue(Author.BUILDER, accounts[account], arn, name, number)

    inventory = Inventory(accounts.values())
    gateway = Gateway(
        seed=f"{name}/{number}",
        clock=clock,
        keyring=keyring,
        inventory=inventory,
        rights=Rights(),
        partition=partition,
        home=accounts[world.home],
    )
    env = Env(world.home, accounts, world.region, partition, draw.Draw(name, number), {}, {}, clock, owner)
    with mocked_account(
        handle=watched(gateway.handle, inventory),
        clock=clock,
        principal=owner(world.home),
        region=world.region,
        seed=name,
        slept=lambda _: None,
        check=lambda: None,
    ):
        try:
            world.build(env)
        except AskfirstError:
            raise
        except (Exception, SystemExit) as error:
            where = traceback.extract_tb(error.__traceback__)
            own = next(
                (one for one in reversed(where) if one.name != "_make_api_call" and "botocore" not in one.filename),
                where[-1],
            )
            msg = (
                f"the world of {name} could not be built: {error.__class__.__name__}: {error}\n"
                f"  at {own.filename}:{own.lineno} in {own.name}: {own.line}\n"
                f"Correct the build function of the scenario; no trial was run."
            )
            raise WorldError(msg) from error
        clock.set(world.now)
        return Snapshot(snapshot.take(), accounts, partition, dict(env.facts), dict(env.files))
