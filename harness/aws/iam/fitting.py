"""Whether one statement fits one request: its actions, its resources, its conditions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.harness.authorization.matching import action_matches
from askfirst.harness.aws.iam.conditions import FAILS, HOLDS, Fit, Held, hold
from askfirst.harness.aws.iam.documents import Rule
from askfirst.harness.aws.iam.globs import UNKNOWN, perhaps, shown, surely
from askfirst.harness.aws.iam.principals import Caller
from askfirst.harness.aws.iam.variables import Keys, NotKnown, Unresolved, expand


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One action on one resource by somebody.

    `arns` are the spellings of the resource ('*' where the action has none); where it is not known exactly, they hold
    `globs.UNKNOWN`. `elsewhere` says that it belongs to another account than the caller.
    """

    action: str
    arns: tuple[str, ...]
    caller: Caller
    keys: Keys
    elsewhere: bool = False

    @property
    def resource(self) -> str:
        """The resource as people read it."""
        return shown(self.arns[0])


def fitting(rule: Rule, request: Request) -> Held:
    """Say whether a statement fits; not whom it is about.

    A resource that is only perhaps meant makes it `UNSURE`, with nothing unknown to tell: an Allow must not hang on
    that, and a Deny must not be lost.
    """
    if not _about(rule, request.action):
        return FAILS
    try:
        resources = _resources(rule, request)
    except Unresolved:
        return FAILS
    except NotKnown as error:
        resources = Held(Fit.UNSURE, (f"the policy variable {error}",))
    if resources.fit is Fit.NO:
        return FAILS
    conditions = hold(rule.conditions, request.keys, variables=rule.variables) if rule.conditions else HOLDS
    if conditions.fit is Fit.NO:
        return FAILS
    unknown = (*rule.odd, *resources.unknown, *conditions.unknown)
    sure = not unknown and resources.fit is Fit.YES
    return HOLDS if sure else Held(Fit.UNSURE, unknown)


def _about(rule: Rule, action: str) -> bool:
    if rule.not_actions:
        return not any(action_matches(one, action) for one in rule.not_actions)
    return any(action_matches(one, action) for one in rule.actions)


def _resources(rule: Rule, request: Request) -> Held:
    """Compare the resources; spellings of one thing are tried in turn."""
    if not rule.resources and not rule.not_resources:
        return HOLDS  # a trust policy names no resource: it is the role's own
    patterns = [_expanded(one, rule, request.keys) for one in rule.not_resources or rule.resources]
    inside = any(surely(one, arn) for one in patterns for arn in request.arns)
    near = inside or any(perhaps(one, arn) for one in patterns for arn in request.arns if UNKNOWN in arn)
    if rule.not_resources:
        return FAILS if inside else Held(Fit.UNSURE) if near else HOLDS
    return HOLDS if inside else Held(Fit.UNSURE) if near else FAILS


def _expanded(pattern: str, rule: Rule, keys: Keys) -> str:
    return expand(pattern, keys) if rule.variables else pattern
