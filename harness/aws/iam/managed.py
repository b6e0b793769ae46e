"""The few policies of AWS that worlds use, by name. moto holds none of them, for loading all takes seconds.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping

from askfirst.harness.aws.iam.documents import Policy, Rule, unreadable
from askfirst.harness.operations.table import Level, operations_of, services

ARN = re.compile(r"arn:[\w-]+:iam::aws:policy/(?:[\w+=,.@-]+/)*([\w+=,.@-]+)\Z")


def of_aws(arn: str) -> bool:
    """Say whether a policy is one of AWS's own."""
    return bool(ARN.match(arn))


def managed(arn: str) -> Policy:
    """Give a policy of AWS; one that is not known here allows nothing, and says so.

    Only those that say so in their names deny anything.
    """
    found = ARN.match(arn)
    name = found[1] if found else arn
    if name in _RULES:
        return Policy(_RULES[name](), arn)
    because = f"the policy {arn}, whose text is not known here"
    if re.search(r"Deny|Quarantine", name):
        return unreadable(arn, because)
    return Policy((Rule(allows=True, actions=("*",), resources=("*",), odd=(because,)),), arn)


def _administrator() -> tuple[Rule, ...]:
    return (Rule(allows=True, actions=("*",), resources=("*",)),)


def _power_user() -> tuple[Rule, ...]:
    """Everything but identities and the account itself, with the few reads of these that tools need."""
    return (
        Rule(allows=True, not_actions=("iam:*", "organizations:*", "account:*"), resources=("*",)),
        Rule(
            allows=True,
            actions=(
                "account:GetAccountInformation",
                "account:GetPrimaryEmail",
                "account:ListRegions",
                "iam:CreateServiceLinkedRole",
                "iam:DeleteServiceLinkedRole",
                "iam:ListRoles",
                "organizations:DescribeOrganization",
            ),
            resources=("*",),
        ),
    )


@functools.cache
def _read_only() -> tuple[Rule, ...]:
    """Every action that only reads, by the operation table: AWS's own text lists some thousand of them."""
    reading: dict[str, bool] = {}
    for service in services():
        for operation in operations_of(service):
            for action in operation.iam:
                reads = len(operation.iam) == 1 and operation.level is Level.READ
                reading[action] = reading.get(action, True) and reads
    actions = tuple(sorted(action for action, reads in reading.items() if reads and not _confidential(action)))
    return (Rule(allows=True, actions=actions, resources=("*",)),)


def _confidential(action: str) -> bool:
    """Leave out what AWS's own list leaves out: contents of secrets, and passing or assuming roles."""
    return action.startswith(("sts:Assume", "secretsmanager:GetSecret", "kms:Decrypt")) or action == "iam:PassRole"


_RULES: Mapping[str, Callable[[], tuple[Rule, ...]]] = {
    "AdministratorAccess": _administrator,
    "PowerUserAccess": _power_user,
    "ReadOnlyAccess": _read_only,
}
