"""The evaluation of one request: which policies deny it, and whether every kind that must allow it does.

An explicit deny anywhere wins. Then every level of service control policies must allow, then an identity-based or a
resource-based policy, then the permissions boundary and the session policies, where there are some.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from askfirst.harness.aws.iam.conditions import Fit
from askfirst.harness.aws.iam.decisions import Decision, PolicyKind, Reason
from askfirst.harness.aws.iam.documents import Policy, Rule
from askfirst.harness.aws.iam.fitting import Request, fitting
from askfirst.harness.aws.iam.principals import Meant, meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Every policy that has a say in a request.

    `scps` are levels from the organization's root to the account, each of which must allow; `boundary` and `session` are
    None where there is none (an empty one allows nothing). `resource` is the policy of the resource itself; where
    `resource_must` is set it has to allow whatever others say, as a role's trust policy and a key's policy do.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    scps: tuple[tuple[Policy, ...], ...] = ()
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None
    resource_kind: PolicyKind = PolicyKind.RESOURCE
    resource_must: bool = False

    @property
    def unlimited(self) -> bool:
        """Whether they allow everything, so that no request needs a look."""
        limited = (
            self.boundary is not None
            or self.scps
            or self.session is not None
            or self.resource is not None
            or self.resource_must
        )
        rules = [rule for policy in self.identity for rule in policy.rules]
        return not limited and all(one.allows for one in rules) and any(one.unconditional for one in rules)

    def layers(self) -> Iterator[tuple[PolicyKind, Policy]]:
        """Go through all of them, in the order in which a denial is told."""
        for level in self.scps:
            for one in level:
                yield PolicyKind.SCP, one
        if self.resource is not None:
            yield self.resource_kind, self.resource
        for one in self.identity:
            yield PolicyKind.IDENTITY, one
        if self.boundary is not None:
            yield PolicyKind.BOUNDARY, self.boundary
        for one in self.session or ():
            yield PolicyKind.SESSION, one


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decide one request."""
    return _Evaluation(request, policies).decision()


class _Evaluation:
    """One request under its policies; remembers what nobody could judge."""

    def __init__(self, request: Request, policies: Policies) -> None:
        self._request = request
        self._policies = policies
        self._unknown: dict[str, None] = {}

    def decision(self) -> Decision:
        """Decide; a denial that is sure is told before one that is for safety."""
        denied = self._denied()
        if denied is not None and not denied.unknown:
            return denied
        missing = self._missing()
        if denied is not None and missing is None:
            return denied
        if missing is None:
            return Decision(reason=Reason.ALLOWED, action=self._request.action, resource=self._request.resource)
        return Decision(
            reason=Reason.NO_ALLOW,
            action=self._request.action,
            resource=self._request.resource,
            kind=missing,
            unknown=tuple(self._unknown),
        )

    def _denied(self) -> Decision | None:
        """Give the explicit deny, one that is sure before one that is for safety."""
        careful: Decision | None = None
        for kind, policy in self._policies.layers():
            for rule in policy.rules:
                if rule.allows or not self._means(kind, rule):
                    continue
                found = fitting(rule, self._request)
                if found.fit is Fit.NO:
                    continue
                denial = Decision(
                    reason=Reason.EXPLICIT_DENY,
                    action=self._request.action,
                    resource=self._request.resource,
                    kind=kind,
                    policy=policy.name,
                    sid=rule.sid,
                    unknown=found.unknown,
                )
                if not found.unknown:
                    return denial
                careful = careful or denial
        return careful

    def _missing(self) -> PolicyKind | None:
        """Give the kind of policy that should allow and does not; None where all do."""
        policies = self._policies
        for level in policies.scps:
            if not self._allowed(level):
                return PolicyKind.SCP
        by_resource = self._granted()
        if self._request.elsewhere or policies.resource_must:
            if by_resource is Meant.NOT:
                return policies.resource_kind
            if self._request.elsewhere:
                by_resource = Meant.ACCOUNT  # both accounts must allow: the other one has
        if by_resource is Meant.DIRECTLY:
            return None
        if by_resource is not Meant.ENTITY and not self._request.caller.root and not self._allowed(policies.identity):
            return PolicyKind.IDENTITY
        if policies.boundary is not None and not self._allowed((policies.boundary,)):
            return PolicyKind.BOUNDARY
        if policies.session is not None and not self._allowed(policies.session):
            return PolicyKind.SESSION
        return None

    def _granted(self) -> Meant:
        """Say how directly the resource's own policy allows the caller."""
        resource = self._policies.resource
        ways = [Meant.NOT]
        for rule in resource.rules if resource is not None else ():
            way = meant(rule, self._request.caller) if rule.allows else Meant.NOT
            if way is not Meant.NOT and self._fits(rule):
                ways.append(way)
        return max(ways)

    def _allowed(self, policies: Iterable[Policy]) -> bool:
        return any(rule.allows and self._fits(rule) for policy in policies for rule in policy.rules)

    def _fits(self, rule: Rule) -> bool:
        found = fitting(rule, self._request)
        self._unknown |= dict.fromkeys(found.unknown)
        return found.fit is Fit.YES

    def _means(self, kind: PolicyKind, rule: Rule) -> bool:
        if kind in {PolicyKind.RESOURCE, PolicyKind.TRUST} and not rule.odd:
            return meant(rule, self._request.caller) is not Meant.NOT
        return True
