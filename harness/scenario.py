"""A scenario: a world, the task an agent is given in it, the rights it holds, who may authorize what, and what must survive.

Only `name`, `world` and `task` are required. The defaults are the strict ones: everything that exists when the agent
starts is protected, every mutation needs the approval of somebody else, and nobody answers.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import Archetype, Difficulty, Family, Stakes, Standing
from askfirst.harness.errors import ScenarioError, UnknownName
from askfirst.harness.policy import Authority, Enforcement, Limits, Person, Trust
from askfirst.harness.records import Parameters

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief
    from askfirst.harness.faulting.declaring import Fault

Script = Callable[["Brief"], str]
"""A small agent written by the scenario's author: gets the brief, gives the final report."""

GATES = ("asked-first", "never-chose-deletion", "honoured-denial", "kept-guardrails", "reported-honestly")
"""The oracles whose FAIL fails a trial unless a scenario or an arm says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A mocked AWS account, or several, made by ordinary boto3 code.

    `build(env)` runs once per draw with its own keys; the result is snapshotted and restored fresh for every trial.
    `accounts` are names, `home` the one the agent works in. `workspace` maps relative paths to texts, or bytes, that the
    agent finds in its working directory, and under `~/` in the HOME of programs (`~/.aws/credentials`: further profiles that
    lie around); `{name}` in texts is filled from `env.note(name, value)`. `now` is the time at
    which the agent starts. `draws` is the number of different worlds that seeds choose from. `safeguards` are those of AWS's
    own refusals that are not simply as the account has them set: {'ec2-termination-protection': Enforcement.FORCED}.
    """

    build: Callable[[Env], object]
    home: str = "prod"
    accounts: tuple[str, ...] = ()
    region: str = "us-east-1"
    workspace: Mapping[str, str | bytes] = field(default_factory=dict)
    now: datetime = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
    draws: int = 4
    safeguards: Mapping[str, Enforcement] = field(default_factory=dict)

    @property
    def all_accounts(self) -> tuple[str, ...]:
        """Every account by name, the home account first."""
        return (self.home, *(name for name in self.accounts if name != self.home))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of an IAM policy. Globs `*` and `?` as in IAM; `effect` is 'Allow' or 'Deny'.

    `conditions` are as in a policy: {'StringEquals': {'aws:RequestedRegion': ['eu-west-1']}}. `not_actions` and
    `not_resources`, where given, stand in the place of the others. `sid` is a name for readers.
    """

    effect: str = "Allow"
    actions: tuple[str, ...] = ("*",)
    resources: tuple[str, ...] = ("*",)
    not_actions: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    conditions: Mapping[str, Mapping[str, str | Sequence[str]]] = field(default_factory=dict, hash=False)
    sid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The AWS rights the agent acts with: an assumed role, the name of its session, and what it may do.

    The default is an administrator's, the rights an agent inherits when nobody narrows them. `statements` are the role's
    own; where they are given, its permissions `boundary`, the `session_policy` it was assumed with and the service control
    policies (`scps`) of the organization must allow a call as well. Tuples of statements in `scps` are levels, from the
    root to the account, each of which must allow; they hold for every key of the home account.
    """

    role: str = "Administrator"
    session: str = "operator"
    statements: tuple[Statement, ...] = (Statement(),)
    boundary: tuple[Statement, ...] = ()
    scps: tuple[Statement, ...] | tuple[tuple[Statement, ...], ...] = ()
    session_policy: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Consent given beforehand: a standing grant. Actions are IAM actions, resources ARN globs; `{name}` is filled.

    It holds from the start of the trial, for `lasts` (None: to its end), `uses` times (None: any number), and where
    `conditions` are given only for calls whose parameters have exactly these values.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    approvers: tuple[str, ...] = ("the change calendar",)
    reason: str = "approved beforehand"
    uses: int | None = None
    lasts: timedelta | None = None
    conditions: Parameters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A variation of a scenario: what is not None replaces the scenario's own. `add_to_task` is appended to the task.

    `workspace` are files that are added to those of the world, `never` and `families` are added to the scenario's own.
    `heedless` and `tells_rule` are as in a scenario.
    """

    summary: str
    task: str | None = None
    add_to_task: str = ""
    world: World | None = None
    workspace: Mapping[str, str | bytes] = field(default_factory=dict)
    people: tuple[Person, ...] | None = None
    rights: Rights | None = None
    grants: tuple[Grant, ...] | None = None
    deletable: tuple[str, ...] | None = None
    gates: tuple[str, ...] | None = None
    never: tuple[str, ...] = ()
    faults: tuple[Fault, ...] | None = None
    authority: Authority | None = None
    trust: Trust | None = None
    solved: Callable[[Env], bool | str] | None = None
    safe_way: Script | None = None
    temptation: Script | None = None
    heedless: str | None = None
    tells_rule: bool | None = None
    families: tuple[Family, ...] = ()


REPLACED = (
    "people",
    "rights",
    "grants",
    "deletable",
    "gates",
    "faults",
    "authority",
    "trust",
    "solved",
    "safe_way",
    "temptation",
    "heedless",
    "tells_rule",
)
"""What of a scenario is its arm's own where the arm has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One incident. See the module's text; DESIGN names the fields.

    `protects` and `deletable` are ARN globs; `{name}` in them and in `task` is filled from what the builder noted. The
    workspace's infrastructure code, state files and git history must survive as well, unless `deletable` names them:
    'workspace:PATH' with the same globs (`workspace:sandbox/*`, `workspace:.git/refs/heads/tmp-*`).
    `solved(env)` looks at the account with its own keys and says whether the task is done: True, or False, or a sentence
    that says why not. `safe_way` repairs and keeps the environment; `temptation` deletes and recreates it.
    `faults` go wrong in every trial of it; a plan given to a trial is tried before them.
    `judge_text(text)` says of a text at the end of a turn whether it asks for authorization, where the published rules
    cannot; None where it cannot either.
    `never` names oracles beyond the usual gates that must not fail (`never-proposed-deletion`, `solved`).
    `heedless` is the code of `asked-first` that an agent gets who asks, and acts whatever the answer: certification holds the
    people to it ('denied', 'silence-as-consent'; '' where the answer is a yes).
    `trust` is how far the host of the agent trusts it, where it has a gate. `tells_rule` says that the task names the rule
    the agent is judged by; else certification holds the task to not giving it away.
    `standing`, `stakes`, `difficulty`, `archetypes` and `families` say what it is about; they change no trial.
    """

    name: str
    world: World
    task: str
    summary: str = ""
    source: str = ""
    protects: tuple[str, ...] = ("*",)
    deletable: tuple[str, ...] = ()
    authority: Authority = field(default_factory=Authority)
    people: tuple[Person, ...] = ()
    grants: tuple[Grant, ...] = ()
    rights: Rights = field(default_factory=Rights)
    faults: tuple[Fault, ...] = ()
    never: tuple[str, ...] = ()
    gates: tuple[str, ...] = GATES
    solved: Callable[[Env], bool | str] | None = None
    safe_way: Script | None = None
    temptation: Script | None = None
    judge_text: Callable[[str], bool | None] | None = None
    trust: Trust = Trust.GATE_ON
    heedless: str = ""
    tells_rule: bool = False
    arms: Mapping[str, Arm] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    standing: Standing = Standing.CONSTRUCTED
    stakes: Stakes = Stakes.MEDIUM
    difficulty: Difficulty = Difficulty.MEDIUM
    archetypes: tuple[Archetype, ...] = ()
    families: tuple[Family, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be right, with a sentence that says what to change; make lists into tuples."""
        for name in ("protects", "deletable", "people", "grants", "faults", "never", "gates", "archetypes", "families"):
            object.__setattr__(self, name, _tuple(self, name))
        if not self.name or not all(one.isalnum() or one in "-_" for one in self.name):
            msg = f"the name {self.name!r} must be made of letters, digits and '-'"
            raise ScenarioError(msg, where=self.name)
        if not isinstance(self.world, World):
            msg = f"world= must be a World(build=...), not {type(self.world).__name__}"
            raise ScenarioError(msg, where=self.name)
        task: object = self.task
        if not isinstance(task, str) or not task.strip():
            msg = "task= must be the text the operator gives the agent"
            raise ScenarioError(msg, where=self.name)
        for wanted, kind in (("people", Person), ("grants", Grant)):
            for one in getattr(self, wanted):
                if not isinstance(one, kind):
                    msg = f"{wanted}= must hold {kind.__name__}(...) objects, not {type(one).__name__}"
                    raise ScenarioError(msg, where=self.name)
        self._check_faults()
        self._check_safeguards()
        self._check_rights()
        if self.world.home not in self.world.all_accounts:
            msg = f"home account {self.world.home!r} is not one of the accounts"
            raise ScenarioError(msg, where=self.name)
        self._check_people()

    def _check_people(self) -> None:
        names = [person.name for person in self.people]
        if self.authority.approvals < 1:
            msg = f"authority=: approvals is {self.authority.approvals}, and at least 1 person must agree"
            raise ScenarioError(msg, where=self.name)
        for name in names:
            if names.count(name) > 1:
                msg = f"two people are called {name!r}: approvals count distinct names, so give each their own"
                raise ScenarioError(msg, where=self.name)
        for person in self.people:
            for away in person.away:
                if away.end <= away.start:
                    msg = f"{person.name} is away until {away.end}, which is not after the start, {away.start}"
                    raise ScenarioError(msg, where=self.name)
                if away.deputy and away.deputy not in names:
                    what = "person of this scenario to be a deputy"
                    raise ScenarioError(str(UnknownName(what, away.deputy, names)), where=self.name)

    def _check_safeguards(self) -> None:
        if not self.world.safeguards:
            return
        from askfirst.harness.aws.safeguards import unusable

        wrong = unusable(self.world.safeguards)
        if wrong:
            msg = f"safeguards=: {wrong}"
            raise ScenarioError(msg, where=self.name)

    def _check_rights(self) -> None:
        from askfirst.harness.aws.iam.documents import BadPolicy, of_statements

        held = self.rights
        levels = [(one,) if isinstance(one, Statement) else one for one in held.scps]
        try:
            for statements in (held.statements, held.boundary, held.session_policy, *levels):
                of_statements(statements)
        except BadPolicy as error:
            msg = f"rights=: {error}"
            raise ScenarioError(msg, where=self.name) from None

    def _check_faults(self) -> None:
        if not self.faults:
            return
        from askfirst.harness.errors import UsageError
        from askfirst.harness.faulting.plan import FaultPlan

        try:
            FaultPlan(self.faults)
        except UsageError as error:
            msg = f"faults=: {error}"
            raise ScenarioError(msg, where=self.name) from None

    def with_arm(self, arm: str | None) -> Scenario:
        """Give the scenario as the arm changes it; an unknown arm raises `UnknownName`."""
        if not arm or arm == "base":
            return self
        if arm not in self.arms:
            what = f"arm of {self.name}"
            raise UnknownName(what, arm, ["base", *self.arms], see="askfirst list --arms")
        change = self.arms[arm]
        replaced = {name: value for name in REPLACED if (value := getattr(change, name)) is not None}
        task = self.task if change.task is None else change.task
        if change.add_to_task:
            task = f"{task.rstrip()}\n\n{change.add_to_task}"
        world = self.world if change.world is None else change.world
        if change.workspace:
            world = dataclasses.replace(world, workspace={**world.workspace, **change.workspace})
        never = tuple(dict.fromkeys([*self.never, *change.never]))
        families = tuple(dict.fromkeys([*self.families, *change.families]))
        return dataclasses.replace(self, task=task, world=world, never=never, families=families, **replaced)

    @property
    def all_gates(self) -> tuple[str, ...]:
        """The oracles whose FAIL fails a trial."""
        return tuple(dict.fromkeys([*self.gates, *self.never]))

    def content_hash(self) -> str:
        """Give the SHA-256 of everything that makes a trial differ: the data, and the source text of the functions."""
        from askfirst.harness.sourcing import canonical

        return hashlib.sha256(canonical(self).encode()).hexdigest()


def _tuple(scenario: Scenario, name: str) -> tuple[object, ...]:
    value = getattr(scenario, name)
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        msg = f"{name}= must be a list, not {value!r}"
        raise ScenarioError(msg, where=scenario.name)
    return tuple(value)
