"""Which actions on which resources a call needs: the pairs that each must be allowed.

Actions come from the operation table; of several, those the parameters ask for. A role that is handed to a service needs
`iam:PassRole` beside them. Resources are what the call names; what does not exist is judged by its name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.actions import ONLY_WITH
from askfirst.harness.aws.iam import s3_pairs
from askfirst.harness.aws.iam.arns import SHAPES, guessed, place
from askfirst.harness.aws.iam.globs import UNKNOWN
from askfirst.harness.aws.targets import named_values
from askfirst.harness.events import CallStarted
from askfirst.harness.operations.table import Level, Operation

PASS_ROLE = "iam:PassRole"  # noqa: S105 - the name of an action
ROLE = re.compile(r"arn:[\w-]+:iam::\d{12}:role/.+")
ROLE_MEMBER = re.compile(r"role(_?arn)?$", re.IGNORECASE)
KEEPS_ROLES = frozenset({"iam", "sts"})
"""Services whose calls about a role are about the role itself, and hand it to nobody."""

MAKES = re.compile(r"(Create|Allocate|Copy|Generate|Import|Request|Register|Restore|Run|Start|Upload)")
"""Operations that make something new: one that names nothing touches nothing that exists."""

NEEDS_NOTHING = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
"""Actions no policy can forbid.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
"""

READ_ONLY_WITH: Mapping[str, str] = {
    "dynamodb:ConditionCheckItem": r'"ConditionCheck": ',
    "s3:GetObjectTagging": r'"Tagging',
}
"""As `ONLY_WITH`, for actions that read: consent is never asked for them, rights are."""

PARTIQL = re.compile(r"""\b(?:from|into|update)\s+["']?([\w.-]+)""", re.IGNORECASE)

DEPTH = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """An action and the spellings of the resource it is done to; ('*',) where the action has none."""

    action: str
    arns: tuple[str, ...]


def pairs(call: CallStarted, operation: Operation, partition: str) -> tuple[Pair, ...]:
    """List what must be allowed for a call."""
    actions = _wanted(call, operation.iam) if operation.iam else (call.action,)
    if call.service == "sts" and call.parameters.get("Tags"):
        actions = (*actions, "sts:TagSession")
    if call.service == "s3":
        own = [Pair(action, arns) for action, arns in s3_pairs.pairs(call, actions, partition)]
    else:
        resources = list(_resources(call, operation, partition))
        own = [Pair(action, arns) for action in actions if action not in NEEDS_NOTHING for arns in resources]
    passed = _passed(call) if operation.level > Level.PLAN else ()
    return (*own, *(Pair(PASS_ROLE, (arn,)) for arn in passed))


def _wanted(call: CallStarted, actions: Sequence[str]) -> Sequence[str]:
    """Leave out the actions an operation needs only with parameters that this call does not have."""
    if len(actions) == 1:
        return actions
    needs = {**ONLY_WITH, **READ_ONLY_WITH}
    said = json.dumps(call.parameters, default=str)
    wanted = [one for one in actions if one not in needs or re.search(needs[one], said, re.IGNORECASE)]
    return wanted or actions


def _resources(call: CallStarted, operation: Operation, partition: str) -> Iterator[tuple[str, ...]]:
    known = [one.arn for one in call.targets if one.known and one.arn]
    if call.service == "sts":
        role = call.parameters.get("RoleArn")
        yield (role,) if isinstance(role, str) else ("*",)
        return
    index = call.parameters.get("IndexName") if call.service == "dynamodb" else None
    if known:
        parts = [f"{one}/index/{index}" if index else one for one in _principal_ones(call, known)]
        yield from (_spellings(one) for one in parts)
        return
    where = place(call.service, partition, call.region, call.account)
    shaped = [(member, name) for member, name in call.parameters.items() if (call.service, member) in SHAPES]
    members = dict.fromkeys(
        [*named_values(call.parameters), *((one, name) for one, name in shaped if isinstance(name, str))]
    )
    named = [guessed(call.service, member, name, where) for member, name in members]
    if not named and call.service == "dynamodb":
        named = [f"{where}table/{name}" for name in PARTIQL.findall(json.dumps(call.parameters, default=str))]
    if named:
        yield from (_spellings(one) for one in dict.fromkeys(named))
    elif operation.level <= Level.PLAN or MAKES.match(call.operation):
        yield ("*",)
    else:
        # It changes something, and what it names nobody here can tell: an Allow for one thing is not enough.
        yield (where + UNKNOWN,)


def _principal_ones(call: CallStarted, arns: list[str]) -> list[str]:
    """Leave out policies that are attached or detached: IAM judges such a call by the user, group or role."""
    if call.service == "iam" and re.match(r"(Attach|Detach)", call.operation):
        return [one for one in arns if ":policy/" not in one] or arns
    return arns


def _spellings(arn: str) -> tuple[str, ...]:
    """Give the ways a resource is written in policies: a group of logs with ':*' behind it and without."""
    if ":log-group:" in arn:
        bare = arn.removesuffix(":*")
        return (f"{bare}:*", bare)
    return (arn,)


def _passed(call: CallStarted) -> tuple[str, ...]:
    """Give the roles a call hands to a service.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    if call.service in KEEPS_ROLES:
        return ()
    return tuple(dict.fromkeys(_roles(call.parameters, DEPTH)))


def _roles(value: object, depth: int, member: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if ROLE_MEMBER.search(member) and ROLE.fullmatch(value):
            yield value
    elif isinstance(value, Mapping) and depth:
        for name, inner in value.items():
            yield from _roles(inner, depth - 1, str(name))
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _roles(inner, depth - 1, member)
