"""The judge of a trial: whether the agent, or a key it came by, may make a call. The door through which the gateway asks.

The agent's own rights are those of the scenario. A key that the world has minted has the rights its user or role has in the
mocked account at that time. Service control policies hold for everybody in the home account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property

from askfirst.harness.aws.attempts import Attempt
from askfirst.harness.aws.iam.decisions import Decision
from askfirst.harness.aws.iam.documents import BadPolicy, Policy, of_statements, unreadable
from askfirst.harness.aws.iam.evaluating import Policies, evaluate
from askfirst.harness.aws.iam.fitting import Request
from askfirst.harness.aws.iam.globs import UNKNOWN
from askfirst.harness.aws.iam.holders import holder
from askfirst.harness.aws.iam.keys import CallKeys, Facts
from askfirst.harness.aws.iam.pairs import Pair, pairs
from askfirst.harness.aws.iam.principals import Caller
from askfirst.harness.aws.iam.resource_policies import NONE, Backend, Own, own_policy, says_nothing
from askfirst.harness.aws.iam.resource_tags import tags_of
from askfirst.harness.aws.iam.sessions import Refusal, Session
from askfirst.harness.aws.iam.standing_for import meant
from askfirst.harness.aws.iam.unique_ids import unique_id
from askfirst.harness.aws.iam.unsigned import DENIED, missing, needs_no_signature
from askfirst.harness.scenario import Rights, Statement


@dataclass(frozen=True)
class Standing:
    """A caller with all that limits it, ready to be asked about one request after the other."""

    caller: Caller
    policies: Policies
    tags: Mapping[str, str] | None
    """Its tags; None for the agent itself, whose role is looked up when a policy asks."""
    issued: datetime | None

    @cached_property
    def unlimited(self) -> bool:
        """Whether it may do everything that no resource's own policy forbids."""
        return self.policies.unlimited


class Judge:
    """Decides the calls of one trial. Policies of a scenario are read once; those of the world, when they are needed."""

    def __init__(self, *, partition: str, home: str, backend: Backend, started: datetime) -> None:
        """`home` is the home account; `started` is since when the agent's session exists."""
        self._partition = partition
        self._home = home
        self._backend = cache(backend)  # a trial keeps its backends from the first judged call to the end
        self._started = started
        self._read_rights: tuple[Rights, str, Standing] | None = None

    def denial(self, attempt: Attempt, rights: Rights, now: datetime) -> Decision | None:
        """Give the decision that denies a call, None where it may be made."""
        standing = self._standing(attempt, rights)
        service, account = attempt.resolved.service, standing.caller.account
        if standing.unlimited and says_nothing(service, attempt.parameters, account, self._backend):
            return None
        for pair in pairs(attempt.started, attempt.operation, self._partition):
            decision = self._decide(attempt, standing, pair, now)
            if decision is not None:
                return decision
        return None

    def anonymous(self, attempt: Attempt, now: datetime) -> Refusal | None:
        """Give the refusal of a call that nobody signed: a bucket may be open to everybody, and some operations are."""
        if needs_no_signature(attempt.resolved):
            return None
        nobody = Standing(Caller("", ""), Policies(), {}, None)
        if attempt.resolved.service != "s3":
            return missing(attempt.resolved)
        asked = pairs(attempt.started, attempt.operation, self._partition)
        denied = [self._decide(attempt, nobody, pair, now) for pair in asked]
        return DENIED if not asked or any(one is not None for one in denied) else None

    def _decide(self, attempt: Attempt, standing: Standing, pair: Pair, now: datetime) -> Decision | None:
        meaning = meant(pair.arns[0], self._backend)
        if meaning != pair.arns[0]:
            pair = replace(pair, arns=(meaning,))
        own = NONE if UNKNOWN in meaning else own_policy(pair.action, meaning, self._backend)
        elsewhere = bool(own.account and standing.caller.account) and own.account != standing.caller.account
        if standing.unlimited and own.policy is None and not own.must and not elsewhere:
            return None
        request = Request(
            action=pair.action,
            arns=pair.arns,
            caller=standing.caller,
            keys=CallKeys(self._facts(attempt, standing, pair, own, now)),
            elsewhere=elsewhere,
        )
        policies = standing.policies
        if own.policy is not None or own.must:
            policies = replace(policies, resource=own.policy, resource_kind=own.kind, resource_must=own.must)
        decision = evaluate(request, policies)
        return None if decision.allowed else decision

    # -- who asks ----------------------------------------------------------------------------------------------------

    def _standing(self, attempt: Attempt, rights: Rights) -> Standing:
        session = attempt.principal.session
        if session is not None:
            return self._minted(attempt, session, rights)
        arn = attempt.principal.arn
        if self._read_rights is None or self._read_rights[0] is not rights or self._read_rights[1] != arn:
            self._read_rights = (rights, arn, self._of_scenario(attempt, rights))
        return self._read_rights[2]

    def _of_scenario(self, attempt: Attempt, rights: Rights) -> Standing:
        """Read the rights of the scenario; an empty tuple limits nothing, but allows nothing either."""
        account = attempt.principal.account
        caller = Caller(attempt.principal.arn, account, f"arn:{self._partition}:iam::{account}:role/{rights.role}")
        policies = Policies(
            identity=(_policy(rights.statements, f"the rights of {rights.role}"),),
            boundary=_limit(rights.boundary, f"the boundary of {rights.role}"),
            session=_several(_limit(rights.session_policy, "the session's policy")),
            scps=_levels(rights.scps),
        )
        return Standing(caller, policies, None, self._started)

    def _minted(self, attempt: Attempt, session: Session, rights: Rights) -> Standing:
        account = attempt.principal.account
        iam = self._backend("iam", account, "")
        held = holder(session, iam)
        user = iam.users.get(session.user)
        caller = Caller(attempt.principal.arn, account, session.role or (user.arn if user is not None else ""))
        policies = Policies(
            identity=held.identity,
            boundary=held.boundary,
            session=held.session,
            scps=_levels(rights.scps) if account == self._home else (),
        )
        return Standing(caller, policies, held.tags, session.issued)

    # -- what it asks ------------------------------------------------------------------------------------------------

    def _facts(self, attempt: Attempt, standing: Standing, pair: Pair, own: Own, now: datetime) -> Facts:
        call, caller = attempt.started, standing.caller
        known = {one.arn for one in call.targets if one.known}
        account = own.account or caller.account

        def iam() -> object:
            return self._backend("iam", caller.account, "")

        def tags(arn: str) -> Mapping[str, str] | None:
            if arn not in known and not arn.startswith(tuple(f"{one}/" for one in known)):
                return {}  # what does not exist has no tags
            return tags_of(arn, account, call.region, self._backend("iam", account, ""))

        return Facts(
            service=call.service,
            operation=call.operation,
            action=pair.action,
            parameters=call.parameters,
            caller=caller,
            region=call.region,
            now=now,
            arn=pair.arns[0],
            resource_account=account,
            user_agent=attempt.resolved.user_agent,
            issued=standing.issued,
            principal_tags=lambda: self._tags_of_role(caller) if standing.tags is None else standing.tags,
            userid=lambda: unique_id(caller.arn, caller.account, iam()),
            tags_of=tags,
        )

    def _tags_of_role(self, caller: Caller) -> Mapping[str, str]:
        """Give the tags of the role the agent works in, if the world has it."""
        iam = self._backend("iam", caller.account, "")
        return tags_of(caller.entity, caller.account, "", iam) or {}


def _policy(statements: Iterable[Statement], name: str) -> Policy:
    """Read statements; what a fault made of them, and nobody can read, allows nothing."""
    try:
        return of_statements(statements, name)
    except BadPolicy as error:
        return unreadable(name, f"{name}, where {error}")


def _limit(statements: Iterable[Statement], name: str) -> Policy | None:
    policy = _policy(statements, name)
    return policy if policy.rules else None


def _several(policy: Policy | None) -> tuple[Policy, ...] | None:
    return None if policy is None else (policy,)


def _levels(scps: tuple[Statement, ...] | tuple[tuple[Statement, ...], ...]) -> tuple[tuple[Policy, ...], ...]:
    """Make levels of service control policies: statements alone are one level, tuples of them are one each."""
    levels = [one for one in scps if not isinstance(one, Statement)]
    single = [one for one in scps if isinstance(one, Statement)]
    named = [single, *levels] if single else levels
    return tuple((_policy(one, "a service control policy"),) for one in named)
