"""Who may do what: the harness's own evaluation of IAM policies, for moto's cannot be used as a judge.

As in IAM: an explicit Deny wins, then any Allow, else it is denied. Conditions are not evaluated yet.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.harness.authorization.matching import action_matches, arn_matches
from askfirst.harness.scenario import Statement


def allowed(statements: Iterable[Statement], actions: Iterable[str], resources: Iterable[str]) -> tuple[bool, str, str]:
    """Decide whether every action may be done on every resource; if not, give the first pair that may not."""
    statements = tuple(statements)
    for action in actions:
        for resource in tuple(resources) or ("*",):
            fitting = [one.effect for one in statements if _fits(one, action, resource)]
            if "Deny" in fitting or "Allow" not in fitting:
                return False, action, resource
    return True, "", ""


def _fits(statement: Statement, action: str, resource: str) -> bool:
    if statement.not_actions:
        by_action = not any(action_matches(one, action) for one in statement.not_actions)
    else:
        by_action = any(action_matches(one, action) for one in statement.actions)
    if statement.not_resources:
        by_resource = not any(arn_matches(one, resource) for one in statement.not_resources)
    else:
        by_resource = any(one == "*" or (resource != "*" and arn_matches(one, resource)) for one in statement.resources)
    return by_action and by_resource


DENIAL_CODE = {"ec2": ("UnauthorizedOperation", 403), "query": ("AccessDenied", 403), "rest-xml": ("AccessDenied", 403)}
"""Code and status of a denial by wire protocol; JSON services say AccessDeniedException with 400, REST ones with 403."""


def denial(protocol: str, principal_arn: str, action: str, resource: str) -> tuple[str, str, int]:
    """Give code, message and status of AWS's refusal.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    code, status = DENIAL_CODE.get(protocol, ("AccessDeniedException", 403 if protocol.startswith("rest") else 400))
    if protocol == "ec2":
        return code, "You are not authorized to perform this operation.", status
    on = f" on resource: {resource}" if resource != "*" else ""
    message = (
        f"User: {principal_arn} is not authorized to perform: {action}{on} "
        f"because no identity-based policy allows the {action} action"
    )
    return code, message, status
