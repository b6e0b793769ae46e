"""How a trial runs: set the world up, let the agent work, wait for what is still going on, check, put everything back."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import platform
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from askfirst.harness.agent import Agent, WrongReport, clock_of, configuration_hash, is_served, recording_of
from askfirst.harness.authorization.channels.files import ChangeRequests
from askfirst.harness.authorization.channels.office import Office
from askfirst.harness.authorization.channels.shell import Shell
from askfirst.harness.authorization.desk import HOST, Desk
from askfirst.harness.authorization.ledger import Ledger
from askfirst.harness.authorization.matching import arn_matches
from askfirst.harness.authorization.people import Answer, ChannelDown
from askfirst.harness.authorization.turns import Turns
from askfirst.harness.aws import surroundings, unsent
from askfirst.harness.aws.access import Access
from askfirst.harness.aws.barrier import Barrier
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.egress import guarded
from askfirst.harness.aws.env import Env
from askfirst.harness.aws.gateway import Gateway
from askfirst.harness.aws.hook import bar
from askfirst.harness.aws.inventory import Inventory, UnreadableState, is_gone
from askfirst.harness.aws.principals import Keyring, Principal
from askfirst.harness.aws.snapshot import restore
from askfirst.harness.aws.world import Snapshot, filled
from askfirst.harness.brief import Brief
from askfirst.harness.ended import Ended
from askfirst.harness.errors import LimitReached, WorldError
from askfirst.harness.events import (
    AgentReturned,
    AgentStarted,
    CallStarted,
    Checked,
    CommandStarted,
    EgressRefused,
    Entry,
    Event,
    MessageRefused,
    ModelTurn,
    Requested,
    Slept,
    TrialEnded,
    Trouble,
    TroubleKind,
)
from askfirst.harness.faulting.accounting import unstruck
from askfirst.harness.faulting.acts import Acts
from askfirst.harness.faulting.contexts import Asked
from askfirst.harness.faulting.engine import Engine
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.history import SCHEMA, Header, History, Identity, Recorder
from askfirst.harness.limits import Limiter
from askfirst.harness.model.bedrock import REPLAYED, USUAL_PATIENCE, ModelPlane, Upstream
from askfirst.harness.model.turns import ModelTurns
from askfirst.harness.offwire.workspace import WorkspaceWatch
from askfirst.harness.policy import Limits, Person
from askfirst.harness.records import Author, Resource
from askfirst.harness.sandbox import repository
from askfirst.harness.scenario import Scenario
from askfirst.harness.staging import Staging
from askfirst.harness.witness import Witness

SETTLING = timedelta(minutes=30)
"""How much of the trial's time passes after the agent returned, for services to finish what they had begun."""

GRACE = 5.0
"""Real seconds that threads of the agent may go on after it returned; their calls are recorded and judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything that makes one trial."""

    scenario: Scenario
    arm: str
    agent: Agent
    seed: int
    limits: Limits
    plan: FaultPlan = field(default_factory=FaultPlan)
    model_hosts: tuple[str, ...] = ()
    bedrock: Upstream | None = None
    barrier: Callable[[], Barrier] | None = None
    """Makes a control that the scenario does not have; one for each run. No part of the identity: see `review.whatif`."""

    @property
    def faults(self) -> FaultPlan:
        """Every fault of the trial: the plan's are tried before the scenario's own."""
        return self.plan + FaultPlan(self.scenario.faults)

    def identity(self) -> Identity:
        """Give the identity by which the trial is named, found again, and compared."""
        return Identity(
            agent=self.agent.name,
            agent_hash=configuration_hash(self.agent),
            scenario=self.scenario.name,
            scenario_hash=self.scenario.content_hash(),
            arm=self.arm,
            plan=self.plan.digest(),
            seed=self.seed,
            limits=self.limits,
        )


class Run:
    """One trial from set-up to clean-up."""

    def __init__(self, order: Order, snapshot: Snapshot, path: Path | None, folder: Path | None = None) -> None:
        """`folder` is where the workspace is made; None for the system's place for temporary files."""
        self._folder = folder
        self._hidden = (path.parent,) if path is not None else ()
        scenario = order.scenario
        self._order = order
        self._over = False
        self._scenario = scenario
        self._snapshot = snapshot
        self._time = clock_of(order.agent)
        self._clock = Clock(scenario.world.now, real=self._time == "hybrid")
        self._recorder = Recorder(self._clock.now, path)
        self._ledger = Ledger(scenario.authority)
        self._recorder.listen(self._ledger.observe)
        self._keyring = Keyring(snapshot.partition)
        self._inventory = Inventory(snapshot.accounts.values())
        self._limiter = Limiter(order.limits, self._clock.now)
        # Draws, ids and keys depend on the scenario and the seed; never on the agent.
        self._seed = f"{scenario.name}/{order.seed}"
        self._agent = self._principal()
        self._plan = order.faults
        self._model_turns = ModelTurns(
            self._plan, seed=self._seed, now=self._clock.now, record=self._recorder.record, resources=self._resources
        )
        self._recorder.listen(self._model_turns.observe)
        self._gateway = Gateway(
            seed=self._seed,
            clock=self._clock,
            keyring=self._keyring,
            inventory=self._inventory,
            rights=scenario.rights,
            partition=snapshot.partition,
            home=snapshot.accounts[scenario.world.home],
            safeguards=scenario.world.safeguards,
            recorder=self._recorder,
            ledger=self._ledger,
            on_call=self._limiter.count_call,
            model=self._bedrock(),
        )
        self._access = Access(
            handle=self._gateway.handle,
            clock=self._clock,
            record=self._recorder.record,
            limiter=self._limiter,
            principal=self._agent,
            region=scenario.world.region,
            served=is_served(order.agent),
        )
        self._desk = Desk(
            authority=scenario.authority,
            people=scenario.people,
            clock=self._clock,
            recorder=self._recorder,
            world=self._resources,
            meddle=self._replies,
        )
        self._turns = Turns(self._desk, self._recorder, self._resources, scenario.judge_text)
        self._watch = WorkspaceWatch(self._recorder.record)
        self._requests = ChangeRequests(self._desk, self._clock, self._watch.look)
        self._recorder.listen(self._requests.observe)
        self._clock.before(self._requests.look)
        self._shell = Shell(Office(self._desk, self._limiter.check), folder, self._harness_error, self._no_request)
        self._place = ""
        self._staging = Staging(
            scenario,
            snapshot,
            seed=order.seed,
            clock=self._clock,
            keyring=self._keyring,
            gateway=self._gateway,
            inventory=self._inventory,
            desk=self._desk,
            watch=self._watch,
            requests=self._requests,
        )
        self._engine, self._acts = self._faults()
        if order.barrier is not None:
            self._gateway.barrier = order.barrier()
            self._gateway.barrier.open(self._desk)
            self._recorder.listen(self._gateway.barrier.observe)

    def _bedrock(self) -> ModelPlane | None:
        """Give what answers for a model on Bedrock: nothing, where none is named and none was recorded."""
        where = Upstream(REPLAYED) if recording_of(self._order.agent) else self._order.bedrock
        if where is None:
            return None
        # Whoever waits for an answer that never comes gives up after a time; here that time passes at once.
        wait = None if self._clock.real else lambda seconds: self._clock.advance(min(seconds, USUAL_PATIENCE))
        return ModelPlane(where, self._model_turns, self._ended, wait)

    def _ended(self) -> bool:
        return self._over or self._limiter.trouble is not None

    def _faults(self) -> tuple[Engine | None, Acts | None]:
        """Arm the faults of the plan; without any, nothing listens."""
        if not self._plan.faults:
            return None, None
        engine = Engine(
            self._plan,
            seed=self._seed,
            started=self._clock.now(),
            recorder=self._recorder,
            resources=self._resources,
        )
        acts = Acts(self._plan, seed=self._seed, clock=self._clock, recorder=self._recorder, stage=self._staging)
        self._gateway.engine = engine
        self._recorder.listen(engine.observe)
        self._recorder.listen(acts.observe)
        return engine, acts

    def _resources(self) -> tuple[Resource, ...]:
        return tuple(self._inventory.state.values())

    def _replies(self, request: Requested, replies: tuple[Answer, ...]) -> tuple[Answer, ...] | ChannelDown:
        """Give what the people answer to a request, as the faults have it."""
        if self._engine is None:
            return replies
        asked = Asked(
            request=request.request,
            actions=request.actions,
            resources=request.resources,
            reason=request.reason,
            scope=request.scope,
            people=self._scenario.people,
            authority=self._scenario.authority,
            answers=replies,
            earlier=self._desk.grants,
            draw=lambda _: 0,
        )
        return self._engine.replies(asked, request, self._clock.now())

    def listen(self, listener: Callable[[Entry], object]) -> None:
        """Tell `listener` every entry of the history as it is recorded."""
        self._recorder.listen(listener)

    @property
    def header(self) -> Header:
        """The head of the history; there is one once the agent works."""
        return self._recorder.history().header

    def go(self) -> History:
        """Run everything; give the history."""
        before = set(threading.enumerate())
        with self._world(), self._workspace(self._folder) as workspace:
            self._begin()
            self._work(workspace)
            self._drain(before)
            self._settle()
            self._gateway.close()
            self._access.close()
            self._over = True
        bar(one for one in threading.enumerate() if one not in before)
        self._recorder.record(TrialEnded())
        self._recorder.close()
        return self._recorder.history()

    def rehearse(self) -> None:
        """Let the agent work, and no more: nothing is waited for, and no thread of this process is taken for the agent's."""
        with self._world(), self._workspace(self._folder) as workspace:
            self._begin()
            self._work(workspace)
            self._gateway.close()
        self._recorder.close()

    @contextlib.contextmanager
    def _world(self) -> Generator[None]:
        def slept(seconds: float) -> None:
            self._recorder.record(Slept(seconds, self._time))

        with (
            surroundings.mocked_account(
                handle=self._gateway.handle,
                clock=self._clock,
                principal=self._agent,
                region=self._scenario.world.region,
                seed=self._seed,
                slept=slept,
                check=self._limiter.check,
                served=self._access.serves,
            ),
            guarded(self._refused, self._started, self._order.model_hosts),
            unsent.noticed(self._never_sent),
        ):
            restore(self._snapshot.blob)
            try:
                self._inventory.look()
            except UnreadableState as error:
                msg = f"the world of {self._scenario.name} holds something that cannot be watched: {error}"
                raise WorldError(msg) from error
            if self._acts is not None:
                self._acts.before_the_agent()
            yield

    @contextlib.contextmanager
    def _workspace(self, inside: Path | None) -> Generator[Path]:
        folder = Path(tempfile.mkdtemp(prefix="work-", dir=inside))
        try:
            self._staging.open(folder)
            if self._clock.real:  # programs work on it, and people keep such files in a repository
                author = [one.name for one in self._scenario.people[:1]]
                repository.commit(folder, self._scenario.world.now, *author)
            self._watch.open(folder)
            self._requests.open(folder)
            self._place = str(folder)
            yield folder
        finally:
            self._shell.close()
            self._access.close()
            shutil.rmtree(folder, ignore_errors=True)

    def _principal(self) -> Principal:
        account = self._snapshot.accounts[self._scenario.world.home]
        rights = self._scenario.rights
        arn = f"arn:{self._snapshot.partition}:sts::{account}:assumed-role/{rights.role}/{rights.session}"
        return self._keyring.issue(Author.AGENT, account, arn, self._seed)

    def _witness(self) -> Witness:
        account = self._snapshot.accounts[self._scenario.world.home]
        arn = f"arn:{self._snapshot.partition}:iam::{account}:root"
        look = self._keyring.issue(Author.CHECK, account, arn, self._seed, "the sandbox")
        keys = surroundings.environment(look, self._scenario.world.region)
        return Witness(
            refused=self._refused,
            started=self._started,
            record=self._recorder.record,
            turned_away=self._desk.turned_away,
            keys={name: keys[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")},
            accounts=self._snapshot.accounts,
            home=self._scenario.world.home,
            role=self._scenario.rights.role,
            partition=self._snapshot.partition,
            in_home=self._staging.home,
            hidden=self._hidden,
            seconds_left=lambda: self._limiter.seconds_left,
            keep=self._recorder.keep,
            authority=self._scenario.authority,
            understood=self._desk.understood,
            grants=lambda: self._desk.grants,
        )

    def _model(self, upstream: str, always: bool) -> contextlib.AbstractContextManager[str]:  # noqa: FBT001 - a callback
        from askfirst.harness.model.connecting import connected

        return connected(upstream, self._model_turns, self._ended, always=always)

    def _fill(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(filled(one, self._snapshot.facts) for one in texts)

    def _begin(self) -> None:
        scenario, order = self._scenario, self._order
        self._task = filled(scenario.task, self._snapshot.facts)
        if self._acts is not None:
            self._task = self._acts.task(self._task, dict(self._snapshot.facts))
        protects, deletable = self._fill(scenario.protects), self._fill(scenario.deletable)
        self._recorder.open(
            Header(
                schema=SCHEMA,
                identity=order.identity(),
                versions=versions(),
                clock=self._time,
                started=self._clock.now(),
                home=scenario.world.home,
                region=scenario.world.region,
                accounts=self._snapshot.accounts,
                principal=self._agent.arn,
                authority=replace(scenario.authority, production=self._fill(scenario.authority.production)),
                people=tuple(map(_nameable, scenario.people)),
                protected=tuple(
                    resource
                    for arn, resource in sorted(self._inventory.state.items())
                    if any(arn_matches(one, arn) for one in protects)
                    and not any(arn_matches(one, arn) for one in deletable)
                    and not is_gone(resource)
                ),
                deletable=deletable,
                gates=scenario.all_gates,
                retry_mode=surroundings.RETRY_MODE,
                retry_attempts=surroundings.RETRY_ATTEMPTS,
                plan=tuple(one.data for one in order.plan),
                own_faults=tuple(one.data for one in scenario.faults),
                workspace=self._watch.protected(deletable),
                recording=recording_of(order.agent),
            )
        )
        grants = [
            replace(one, actions=self._fill(one.actions), resources=self._fill(one.resources))
            for one in scenario.grants
        ]
        self._desk.grant_standing(grants)
        if self._acts is not None:
            self._acts.begin()

    def _work(self, workspace: Path) -> None:
        """Let the agent work; record how it ended."""
        task = self._task
        self._recorder.record(AgentStarted(task))
        brief = Brief(
            model=self._model,
            task=task,
            access=self._access,
            workspace=workspace,
            clock=self._clock,
            desk=self._desk,
            turns=self._turns,
            shell=self._shell,
            witness=self._witness(),
            check=self._limiter.check,
        )
        try:
            with self._limiter.alarm():
                report = self._order.agent.run(brief)
            self._clock.wait_until(self._clock.now())  # what it left for people to read was left before it returned
        except LimitReached:
            self._recorder.record(self._limiter.trouble or Trouble(TroubleKind.CENSORED, "a limit was reached"))
        except Ended as error:
            self._recorder.record(self._whose(error.trouble))
        except WrongReport as error:
            self._recorder.record(Trouble(TroubleKind.CRASH, str(error)))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever an agent raises is its crash, not ours
            self._recorder.record(Trouble(TroubleKind.CRASH, _crash(error)))
        else:
            if self._limiter.trouble is not None:
                self._recorder.record(self._limiter.trouble)
            self._recorder.record(AgentReturned(self._recorder.keep(report)))
            self._turns.last(report, [one for _, one in self._recorder.history().of(Requested)])
        self._gateway.late = True

    def _whose(self, trouble: Trouble) -> Trouble:
        """Tell a model that failed because the plan says so: an agent that cannot go on then has ended by itself."""
        last = next((one for _, one in reversed(list(self._recorder.history().of(ModelTurn)))), None)
        if trouble.trouble is TroubleKind.MODEL and last is not None and last.fault:
            because = f"the agent did not get over the fault {last.fault!r} of its model's API: {trouble.because}"
            return Trouble(TroubleKind.CRASH, because)
        return trouble

    def _drain(self, before: set[threading.Thread]) -> None:
        """Wait for threads the agent left behind; what they do now is recorded as done after its return."""
        deadline = time.perf_counter() + GRACE
        left = [one for one in threading.enumerate() if one not in before and not _idle(one) and not self._ours(one)]
        for thread in left:
            patience = 1.0 if thread.daemon else GRACE
            thread.join(max(0.0, min(patience, deadline - time.perf_counter())))
        still = [one.name for one in left if one.is_alive() and not one.daemon and not _idle(one)]
        if still:
            because = (
                f"threads of the agent were still running {GRACE:g} s after it returned: {', '.join(sorted(still))}"
            )
            self._recorder.record(Trouble(TroubleKind.HANG, because))
        self._shell.close()

    def _ours(self, thread: threading.Thread) -> bool:
        return self._shell.owns(thread) or self._access.owns(thread)

    def _settle(self) -> None:
        """Let services finish, look once more, ask the scenario's check, and notice an agent that did nothing."""
        self._clock.wait_until(self._clock.now() + SETTLING)
        self._gateway.watcher.look_again("the trial has drained")
        self._watch.look(Author.AGENT, "the trial has drained")
        history = self._recorder.history()
        acted = any(event.author is Author.AGENT for _, event in history.of(CallStarted))
        asked = any(event.channel != HOST for _, event in history.of(Requested))
        if not acted and not asked and not history.troubles:
            because = "the agent made no AWS call and asked for nothing: that proves nothing"
            self._recorder.record(Trouble(TroubleKind.IDLE, because))
        for because in unstruck(history):
            self._recorder.record(Trouble(TroubleKind.FAULT, because))
        if self._scenario.solved is not None:
            self._recorder.record(self._check(self._scenario.solved))

    def _check(self, solved: Callable[[Env], bool | str]) -> Event:
        env = self._staging.env(Author.CHECK, {})
        try:
            answer = solved(env)
        except Exception as error:  # noqa: BLE001 - a check is the scenario author's code
            return Trouble(TroubleKind.ORACLE, f"the scenario's own check failed: {_crash(error)}")
        if answer is True:
            return Checked(solved=True, because="the scenario's check says it is done")
        return Checked(
            solved=False, because=answer if isinstance(answer, str) else "the scenario's check says it is not"
        )

    def _refused(self, address: str, aws: bool) -> None:  # noqa: FBT001 - a callback
        self._recorder.record(EgressRefused(address, aws))
        if aws:
            because = f"the agent tried to reach {address} past the account's clients: what it wanted there is unknown"
            self._recorder.record(Trouble(TroubleKind.UNRESOLVED, because))

    def _started(self, arguments: tuple[str, ...]) -> None:
        from askfirst.harness.offwire import read

        if self._place:  # the folder has another name each time
            arguments = tuple(self._shell.plain(one.replace(self._place, ".")) for one in arguments)
        reading = read(arguments)
        self._recorder.record(CommandStarted(arguments, reading.aws, reading.destroys, reading.intents))
        if reading.aws and not is_served(self._order.agent):  # what a served one's programs call comes by the endpoint
            line = " ".join(arguments)[:200]
            because = f"the agent started a program that speaks to AWS ({line}): it cannot be seen from in process"
            self._recorder.record(Trouble(TroubleKind.UNRESOLVED, because))

    def _harness_error(self, because: str) -> None:
        self._recorder.record(Trouble(TroubleKind.HARNESS, because))

    def _no_request(self, channel: str, because: str, text: str) -> None:
        self._recorder.record(MessageRefused(channel, because, self._shell.plain(text)))

    def _never_sent(self, call: unsent.Unsent) -> None:
        """Record a call that the agent's own client refused; whose call it is, its key tells."""
        with self._clock.lock:
            principal = self._keyring.who(call.access_key)
            author = principal.author if principal else Author.AGENT
            if author is Author.AGENT and not self._over:
                account = principal.account if principal else self._snapshot.accounts[self._scenario.world.home]
                self._recorder.record(unsent.event_of(call, author, account, self._resources()))


def _nameable(person: Person) -> Person:
    """Give a person as a history can hold it: a function by its name."""
    if not callable(person.decides):
        return person
    return replace(person, decides=getattr(person.decides, "__qualname__", type(person.decides).__qualname__))


def _idle(thread: threading.Thread) -> bool:
    """Tell whether a thread is a pool's worker that waits for work."""
    frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001 - the only way to see what a thread does
    return frame is not None and frame.f_code.co_name == "_worker" and "concurrent" in frame.f_code.co_filename


def _crash(error: BaseException) -> str:
    """Say in one line what an agent or a check raised, and where in its own code."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if "askfirst" not in one.filename and "site-packages" not in one.filename]
    where = f" at {Path(own[-1].filename).name}:{own[-1].lineno} in {own[-1].name}" if own else ""
    return f"{type(error).__name__}: {str(error)[:500]}{where}"


@functools.cache
def versions() -> dict[str, str]:
    """Give the versions that a history depends on."""
    found = {name: importlib.metadata.version(name) for name in ("askfirst", "moto", "boto3", "botocore")}
    return {**found, "python": platform.python_version()}
