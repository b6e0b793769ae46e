"""What tests of rights share: a request put to the evaluator, and a scenario whose agent makes calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from askfirst.harness.aws.iam.decisions import Decision, PolicyKind
from askfirst.harness.aws.iam.documents import Policy, read
from askfirst.harness.aws.iam.evaluating import Policies, evaluate
from askfirst.harness.aws.iam.fitting import Request
from askfirst.harness.aws.iam.principals import Caller
from askfirst.harness.aws.iam.variables import Values

Document = Mapping[str, Any]
CALLER = Caller("arn:aws:iam::111122223333:user/carlos", "111122223333")


@dataclass(frozen=True)
class Given:
    """Condition keys as a case gives them; what it does not name is not in the request, None is not known."""

    facts: Mapping[str, Sequence[str] | str | None] = field(default_factory=dict)

    def values(self, key: str) -> Values:
        """Give the values of a key, whatever its case."""
        found = {name.lower(): value for name, value in self.facts.items()}.get(key.lower(), ())
        return (found,) if isinstance(found, str) else None if found is None else tuple(found)


def policy(statements: Sequence[Document] | Document, version: str = "2012-10-17") -> Policy:
    """Read a policy of statements; a whole document is taken as it is."""
    if isinstance(statements, Mapping) and "Statement" in statements:
        return read(statements)
    return read({"Version": version, "Statement": statements})


@pytest.fixture(scope="session")
def decide() -> Callable[..., Decision]:
    """Evaluate one action on one resource; each kind of policy is a list of statements."""

    def decided(  # noqa: PLR0913 - as many as there are kinds of policies
        action: str,
        resource: str | Sequence[str] = "*",
        *,
        identity: Any = (),
        boundary: Any = None,
        scps: Sequence[Any] = (),
        session: Any = None,
        own: Any = None,
        must: bool = False,
        trust: bool = False,
        elsewhere: bool = False,
        caller: Caller = CALLER,
        context: Mapping[str, Any] | None = None,
        version: str = "2012-10-17",
    ) -> Decision:
        policies = Policies(
            identity=(policy(identity, version),),
            boundary=None if boundary is None else policy(boundary),
            scps=tuple((policy(level),) for level in scps),
            session=None if session is None else (policy(session),),
            resource=None if own is None else policy(own),
            resource_kind=PolicyKind.TRUST if trust else PolicyKind.RESOURCE,
            resource_must=must or trust,
        )
        arns = (resource,) if isinstance(resource, str) else tuple(resource)
        request = Request(action=action, arns=arns, caller=caller, keys=Given(context or {}), elsewhere=elsewhere)
        return evaluate(request, policies)

    return decided
