"""What a call costs on its way through the gateway, layer by layer, against moto alone."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst import run_trial
from askfirst.harness.aws import backend, wire
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.gateway import Gateway
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.principals import Keyring
from askfirst.harness.aws.wire import WireAnswer, WireRequest
from askfirst.harness.aws.world import Snapshot, snapshot_of
from askfirst.harness.history import Recorder
from askfirst.harness.scenario import Rights
from tests.performance import account
from tests.performance.measuring import Row, in_turns, median_cpu, ms, ratio

if TYPE_CHECKING:
    import boto3

    from askfirst.harness.brief import Brief

Costs = Mapping[str, float]
BARE, TRANSPORT, RESOLVED = "bare moto", "our transport", "+ resolved"
RECORDED, COMPARED, EVERYTHING = "+ recorded", "+ state compared", "everything on, as in a trial"
TARGETS = {RECORDED: 1.25, EVERYTHING: 1.5}


def rows(rounds: int, times: int) -> Iterator[Row]:
    """Give a row for each layer, the mean of all operations, and for the layers with a target one for each operation."""
    world = snapshot_of(account.scenario(), 0)
    found = in_turns({name: _layer(name, world, times) for name in (BARE, *LAYERS)}, rounds)
    for layer in LAYERS:
        single = [_row(f"call, {layer}: {one}", one, found, layer) for one in found[BARE][0]]
        mean = statistics.geometric_mean(one.ratio for one in single)
        means = [
            ms(statistics.mean(map(statistics.mean, (one.values() for one in found[name])))) for name in (layer, BARE)
        ]
        yield Row(f"call, {layer}: all operations", *means, mean, TARGETS.get(layer))
        if layer in TARGETS:
            yield from single


def _row(name: str, operation: str, found: Mapping[str, list[Costs]], layer: str) -> Row:
    ours, reference = ([one[operation] for one in found[name]] for name in (layer, BARE))
    return Row(name, ms(statistics.median(ours)), ms(statistics.median(reference)), ratio(ours, reference))


def _layer(name: str, world: Snapshot, times: int) -> Callable[[], Costs]:
    return (lambda: _bare(world, times)) if name == BARE else (lambda: LAYERS[name](world, times))


def _measure(session: boto3.Session, times: int) -> Costs:
    return {name: median_cpu(call, times) for name, call in account.calls(session).items()}


def _bare(world: Snapshot, times: int) -> Costs:
    with account.bare(world) as session:
        return _measure(session, times)


def _transport(world: Snapshot, times: int) -> Costs:
    from moto.core.request import Request

    def handle(request: WireRequest) -> WireAnswer:
        made = Request.from_primitives(request.method, request.url, request.headers, request.body)
        return backend.apply(made, world.accounts["prod"], 0)

    with account.mocked(world, handle, _clock()) as session:
        return _measure(session, times)


def _resolved(world: Snapshot, times: int) -> Costs:
    def handle(request: WireRequest) -> WireAnswer:
        return backend.apply(wire.resolve(request).request, world.accounts["prod"], 0)

    with account.mocked(world, handle, _clock()) as session:
        return _measure(session, times)


def _recorded(world: Snapshot, times: int) -> Costs:
    return _through_gateway(world, times, Inventory(()))


def _compared(world: Snapshot, times: int) -> Costs:
    return _through_gateway(world, times, Inventory(world.accounts.values()))


def _through_gateway(world: Snapshot, times: int, inventory: Inventory) -> Costs:
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
    with account.mocked(world, gateway.handle, clock) as session:
        inventory.look()
        return _measure(session, times)


def _everything(_: Snapshot, times: int) -> Costs:
    found: dict[str, float] = {}

    def agent(brief: Brief) -> str:
        found.update(_measure(brief.session, times))
        return "done"

    with tempfile.TemporaryDirectory() as folder:
        trial = run_trial(account.scenario(), agent, store=Path(folder))
    if trial.history.troubles:
        msg = str(trial.history.troubles)
        raise RuntimeError(msg)
    return found


def _clock() -> Clock:
    return Clock(account.scenario().world.now)


LAYERS: Mapping[str, Callable[[Snapshot, int], Costs]] = {
    TRANSPORT: _transport,
    RESOLVED: _resolved,
    RECORDED: _recorded,
    COMPARED: _compared,
    EVERYTHING: _everything,
}
