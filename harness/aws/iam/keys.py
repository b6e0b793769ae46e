"""The condition keys the gateway knows, and where the value of each comes from. One table: a new key is a new row.

A key in no row is one nobody here can judge. Keys that only AWS services, VPC endpoints or federation bring into a request
have a row that says they are absent: the callers here are people and programs with keys of their own.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from askfirst.harness.aws.iam import parameter_keys as of_call
from askfirst.harness.aws.iam.principals import Caller
from askfirst.harness.aws.iam.variables import Values
from askfirst.harness.records import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one call. The functions look into the account, and are called only if a policy asks.

    `tags_of` gives the tags of a resource by ARN, None where nobody here can read them; `userid` the unique id of the
    caller. `issued` is when temporary keys were made, None for those of a user.
    """

    service: str
    operation: str
    action: str
    parameters: Parameters
    caller: Caller
    region: str
    now: datetime
    arn: str
    resource_account: str
    user_agent: str
    issued: datetime | None
    principal_tags: Callable[[], Mapping[str, str]]
    userid: Callable[[], str]
    tags_of: Callable[[str], Mapping[str, str] | None]
    source_ip: str = "203.0.113.24"
    """An address of the documentation range: where the caller sits, no policy of a scenario can know."""


Reader = Callable[[Facts, str], Values]
"""Gives the values of a key; the second argument is what stands behind its '/'."""


def _always(value: str) -> Reader:
    return lambda *_: (value,)


def _absent(*_: object) -> Values:
    return ()


def _text(read: Callable[[Facts], str]) -> Reader:
    def values(facts: Facts, _: str) -> Values:
        found = read(facts)
        return (found,) if found else ()

    return values


def _kind(caller: Caller) -> str:
    """Give the word of aws:PrincipalType."""
    resource = caller.arn.rpartition(":")[2]
    return {"root": "Account", "assumed-role": "AssumedRole", "federated-user": "FederatedUser"}.get(
        resource.partition("/")[0], "User"
    )


def _username(facts: Facts) -> str:
    return facts.caller.arn.rpartition("/")[2] if _kind(facts.caller) == "User" else ""


def _mfa(facts: Facts, _: str) -> Values:
    """Absent for the long-lived keys of a user; keys without MFA behind them are all that is minted here."""
    return () if facts.issued is None else ("false",)


def _issued(facts: Facts, _: str) -> Values:
    return () if facts.issued is None else (_moment(facts.issued),)


def _moment(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _among(tags: Mapping[str, str] | None, name: str) -> Values:
    """Give the value of a tag; the case of a tag's key does not matter in a condition key."""
    if tags is None:
        return None
    return next(((value,) for key, value in tags.items() if key.casefold() == name.casefold()), ())


def _resource_tag(facts: Facts, name: str) -> Values:
    return _among(facts.tags_of(facts.arn), name)


KEYS: Mapping[str, Reader] = MappingProxyType(
    {
        "aws:currenttime": _text(lambda facts: _moment(facts.now)),
        "aws:epochtime": _text(lambda facts: str(int(facts.now.timestamp()))),
        "aws:multifactorauthpresent": _mfa,
        "aws:multifactorauthage": _absent,
        "aws:principalaccount": _text(lambda facts: facts.caller.account),
        "aws:principalarn": _text(lambda facts: facts.caller.entity or facts.caller.arn),
        "aws:principalisawsservice": _always("false"),
        "aws:principaltag/": lambda facts, name: _among(facts.principal_tags(), name),
        "aws:principaltype": _text(lambda facts: _kind(facts.caller)),
        "aws:requestedregion": _text(lambda facts: facts.region),
        "aws:requesttag/": lambda facts, name: _among(of_call.tags(facts.parameters), name),
        "aws:resourceaccount": _text(lambda facts: facts.resource_account),
        "aws:resourcetag/": _resource_tag,
        "aws:securetransport": _always("true"),
        "aws:sourceip": _text(lambda facts: facts.source_ip),
        "aws:tagkeys": lambda facts, _: of_call.tag_keys(facts.parameters),
        "aws:tokenissuetime": _issued,
        "aws:useragent": _text(lambda facts: facts.user_agent),
        "aws:userid": _text(lambda facts: facts.userid()),
        "aws:username": _text(_username),
        "aws:viaawsservice": _always("false"),
        # What only a service, a VPC endpoint, an identity provider or a browser brings along.
        "aws:calledvia": _absent,
        "aws:calledviafirst": _absent,
        "aws:calledvialast": _absent,
        "aws:federatedprovider": _absent,
        "aws:principalservicename": _absent,
        "aws:principalservicenameslist": _absent,
        "aws:referer": _absent,
        "aws:sourceaccount": _absent,
        "aws:sourcearn": _absent,
        "aws:sourceidentity": _absent,
        "aws:sourceowner": _absent,
        "aws:sourcevpc": _absent,
        "aws:sourcevpce": _absent,
        "aws:vpcsourceip": _absent,
        "ec2:sourceinstancearn": _absent,
        "kms:viaservice": _absent,
        "iam:passedtoservice": of_call.passed_to_service,
        "iam:policyarn": of_call.parameter("PolicyArn"),
        "iam:permissionsboundary": of_call.parameter("PermissionsBoundary"),
        "iam:resourcetag/": _resource_tag,
        "ec2:resourcetag/": _resource_tag,
        "ec2:instancetype": of_call.parameter("InstanceType"),
        "ec2:region": _text(lambda facts: facts.region),
        "s3:prefix": of_call.parameter("Prefix"),
        "s3:delimiter": of_call.parameter("Delimiter"),
        "s3:max-keys": of_call.parameter("MaxKeys"),
        "s3:versionid": of_call.parameter("VersionId"),
        "s3:x-amz-acl": of_call.parameter("ACL"),
        "s3:x-amz-server-side-encryption": of_call.parameter("ServerSideEncryption"),
        "s3:resourceaccount": _text(lambda facts: facts.resource_account),
        "dynamodb:leadingkeys": of_call.leading_keys,
        "dynamodb:attributes": of_call.attributes,
        "dynamodb:select": of_call.parameter("Select"),
        "cloudformation:resourcetypes": of_call.every("ResourceTypes"),
        "cloudformation:rolearn": of_call.parameter("RoleARN"),
        "cloudformation:templateurl": of_call.parameter("TemplateURL"),
        "cloudformation:stackpolicyurl": of_call.parameter("StackPolicyURL"),
        "cloudformation:changesetname": of_call.parameter("ChangeSetName"),
        "rds:databaseclass": of_call.parameter("DBInstanceClass"),
        "rds:databaseengine": of_call.parameter("Engine"),
        "sts:externalid": of_call.parameter("ExternalId"),
        "sts:rolesessionname": of_call.parameter("RoleSessionName"),
        "secretsmanager:secretid": of_call.parameter("SecretId"),
        "secretsmanager:recoverywindowindays": of_call.parameter("RecoveryWindowInDays"),
        "secretsmanager:forcedeletewithoutrecovery": of_call.parameter("ForceDeleteWithoutRecovery"),
        "kms:schedulekeydeletionpendingwindowindays": of_call.parameter("PendingWindowInDays"),
        "sns:protocol": of_call.parameter("Protocol"),
        "sns:endpoint": of_call.parameter("Endpoint"),
    }
)
"""Readers by key in lower case; a key that ends with '/' is followed by a name."""


class CallKeys:
    """The condition keys of one call: each is read when a policy asks for it, and once."""

    def __init__(self, facts: Facts) -> None:
        """`facts` are those of the call, for one action on one resource."""
        self._facts = facts
        self.values = functools.cache(self._values)

    def _values(self, key: str) -> Values:
        head, slash, name = key.partition("/")
        reader = KEYS.get(head.lower() + slash)
        return None if reader is None else reader(self._facts, name)
