"""What a call costs on its way through the gateway, layer by layer, against moto alone."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tests.performance import account
from tests.performance.measuring import Row, in_turns, median_cpu, ms, ratio

from askfirst import run_trial
from askfirst.faults.api import latency
from askfirst.harness.aws import backend, wire
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.gateway import Gateway
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.principals import Keyring
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.aws.world import Snapshot, snapshot_of
from askfirst.harness.history import Recorder
from askfirst.harness.scenario import Rights

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Costs = Mapping[str, float]
Measure = Callable[[], Costs]
BARE, TRANSPORT, RESOLVED = "bare moto", "our transport", "+ resolved"
RECORDED, COMPARED, EVERYTHING = "+ recorded", "+ state compared", "everything on, as in a trial"
TARGETS = {RECORDED: 1.25, EVERYTHING: 1.5}


def rows(rounds: int, times: int) -> Iterator[Row]:
    """Give a row for each layer, the mean of all operations, and for the layers with a target one for each operation."""
    world = snapshot_of(account.scenario(), 0)
    with account.bare(world) as session:
        calls = account.calls(session)

    def act(layer: str) -> Callable[[], Costs]:
        return lambda: LAYERS[layer](world, lambda: {name: _median(call, times) for name, call in calls.items()})

    found = in_turns({layer: act(layer) for layer in LAYERS}, rounds)
    for layer in [one for one in LAYERS if one != BARE]:
        single = [_row(f"call, {layer}: {one}", one, found, layer) for one in found[BARE][0]]
        mean = statistics.geometric_mean(one.ratio for one in single)
        ours, bare = (
            ms(statistics.mean(map(statistics.mean, (one.values() for one in found[name])))) for name in (layer, BARE)
        )
        yield Row(f"call, {layer}: all operations", ours, bare, mean, TARGETS.get(layer))
        if layer in TARGETS:
            yield from single


def _row(name: str, operation: str, found: Mapping[str, list[Costs]], layer: str) -> Row:
    ours, reference = ([one[operation] for one in found[name]] for name in (layer, BARE))
    return Row(name, ms(statistics.median(ours)), ms(statistics.median(reference)), ratio(ours, reference))


def _median(call: Callable[[], object], times: int) -> float:
    """Give the median cost of a call that is not the first of its kind in the account."""
    call()
    return median_cpu(call, times)


def _bare(world: Snapshot, measure: Measure) -> Costs:
    with account.bare(world):
        return measure()


def _transport(world: Snapshot, measure: Measure) -> Costs:
    from moto.core.request import Request

    def handle(request: WireRequest) -> WireAnswer:
        made = Request.from_primitives(request.method, request.url, request.headers, request.body)
        return backend.apply(made, world.accounts["prod"], 0)

    with account.mocked(world, handle, _clock()):
        return measure()


def _resolved(world: Snapshot, measure: Measure) -> Costs:
    def handle(request: WireRequest) -> WireAnswer:
        return backend.apply(wire.resolve(request).request, world.accounts["prod"], 0)

    with account.mocked(world, handle, _clock()):
        return measure()


def _recorded(world: Snapshot, measure: Measure) -> Costs:
    return _through_gateway(world, measure, Inventory(()))


def _compared(world: Snapshot, measure: Measure) -> Costs:
    return _through_gateway(world, measure, Inventory(world.accounts.values()))


def _through_gateway(world: Snapshot, measure: Measure, inventory: Inventory) -> Costs:
    clock, keyring = _clock(), Keyring(world.partition)
    account.issue(keyring, world)
    gateway = Gateway(
        seed="speed",
        clock=clock,
        keyring=keyring,
        inventory=inventory,
        rights=Rights(),
        partition=world.partition,
        home=world.accounts["prod"],
        recorder=Recorder(clock.now),
    )
    with account.mocked(world, gateway.handle, clock):
        inventory.look()
        return measure()


def _everything(_: Snapshot, measure: Measure) -> Costs:
    found: dict[str, float] = {}

    def agent(_: Brief) -> str:
        found.update(measure())
        return "done"

    # Faults that are looked at for each call, and strike none of them.
    plan = [
        latency().on("*", region="eu-west-3").named("elsewhere"),
        latency().on("glue:*").named("of another service"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        trial = run_trial(account.scenario(), agent, plan, store=Path(folder))
    if trial.history.troubles:
        msg = str(trial.history.troubles)
        raise RuntimeError(msg)
    return found


def _clock() -> Clock:
    return Clock(account.scenario().world.now)


LAYERS: Mapping[str, Callable[[Snapshot, Measure], Costs]] = {
    BARE: _bare,
    TRANSPORT: _transport,
    RESOLVED: _resolved,
    RECORDED: _recorded,
    COMPARED: _compared,
    EVERYTHING: _everything,
}
