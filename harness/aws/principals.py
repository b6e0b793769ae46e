"""Who signs: the keys of the agent, the people, the builder and the checks, and keys minted inside the world."""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws import draw
from askfirst.harness.aws.iam.sessions import Made, Session
from askfirst.harness.aws.iam.sessions import session_of as what_a_key_is
from askfirst.harness.records import Author

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True, slots=True)
class Principal:
    """Who stands behind an access key: author of its calls, account, and ARN as AWS shows it.

    `session` is what the world knows of a key it has minted itself; None for the keys of the trial.
    """

    author: Author
    account: str
    arn: str
    access_key: str = ""
    secret: str = ""
    session: Session | None = None


class Keyring:
    """The keys of one trial. A key it does not know is looked up among those the world itself has minted."""

    def __init__(self, partition: str) -> None:
        """`partition` is that of the home region ('aws', 'aws-cn')."""
        self._partition = partition
        self._known: dict[str, Principal] = {}

    def issue(self, author: Author, account: str, arn: str, *seed: object) -> Principal:
        """Make a principal with a key pair derived from `seed`, and remember it."""
        key = draw.access_key("ASIA", *seed, author.value, account)
        principal = Principal(author, account, arn, key, draw.token(40, *seed, author.value, account, "secret"))
        self._known[key] = principal
        return principal

    def who(self, access_key: str) -> Principal | None:
        """Give the principal of a key, or None for a key that nobody has issued. Minted keys are the agent's doing.

        A key that has been deactivated, or whose user is gone, is nobody's.
        """
        if access_key in self._known:
            return self._known[access_key]
        from moto.iam.models import iam_backends
        from moto.sts.models import sts_backends

        for account in list(iam_backends):
            iam = iam_backends[account][self._partition]
            key = iam.access_keys.get(access_key)
            if key is not None:
                session = what_a_key_is(key, sts_backends[account][self._partition].assumed_roles)
                arn = self._arn(session, account, iam) if key.status == "Active" else ""
                return Principal(Author.AGENT, account, arn, access_key, session=session) if arn else None
        return None

    def _arn(self, session: Session, account: str, iam: Any) -> str:  # noqa: ANN401 - moto's backend
        """Give the ARN that stands behind a minted key, '' if nobody does."""
        if session.made is Made.ROLE:
            role = session.role.rsplit("/", 1)[-1]
            return f"arn:{self._partition}:sts::{account}:assumed-role/{role}/{session.name}"
        user = iam.users.get(session.user)
        if user is None:
            return ""
        if session.made is Made.FEDERATED:
            return f"arn:{self._partition}:sts::{account}:federated-user/{session.name}"
        return str(user.arn)


def session_of(principal: Principal, region: str) -> boto3.Session:
    """Make a boto3 session that signs as the principal.

    Sessions share one loader (a new one costs 100 ms), and begin with copies of one set of botocore's own handlers:
    registering them anew would be a third of what a trial costs beside moto and the agent.
    """
    import boto3
    import botocore.session

    core = botocore.session.Session(event_hooks=copy.copy(_shared_hooks()), include_builtin_handlers=False)
    core.register_component("data_loader", _shared_loader())
    return boto3.Session(
        aws_access_key_id=principal.access_key,
        aws_secret_access_key=principal.secret,
        aws_session_token=draw.token(64, principal.access_key, "token"),
        region_name=region,
        botocore_session=core,
    )


@functools.cache
def _shared_hooks() -> Any:  # noqa: ANN401 - botocore has no types
    import botocore.session
    from botocore.hooks import HierarchicalEmitter

    hooks = HierarchicalEmitter()
    botocore.session.Session(event_hooks=hooks)
    return hooks


@functools.cache
def _shared_loader() -> object:
    from botocore.loaders import create_loader

    return create_loader()
