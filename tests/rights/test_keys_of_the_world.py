"""Promise: a key that the world has minted may do what the policies of its own user or role allow, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst.harness.aws.principals import Principal, session_of
from askfirst.harness.events import CallStarted
from askfirst.harness.records import Author
from askfirst.harness.scenario import Rights, Scenario, Statement, World
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    import boto3

    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

REGION = "eu-west-1"
MINTS = Rights(statements=(Statement(actions=("iam:*", "sts:*")),))
"""Rights of an agent that may mint keys, and nothing that a key may do."""

TABLE = "arn:aws:dynamodb:*:*:table/costs"


def document(*statements: Mapping[str, Any]) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str = "*", **more: Any) -> dict[str, Any]:
    """Write a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def tag(key: str, value: str) -> dict[str, str]:
    """Write a tag."""
    return {"Key": key, "Value": value}


def build(env: Env) -> None:
    """Build two tables, and users and roles whose rights come from every place rights can come from."""
    dynamodb, iam = env.session.client("dynamodb"), env.session.client("iam")
    for name in ("costs", "budgets"):
        dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
    account = env.account_id
    reads = document(allow(["dynamodb:Describe*", "dynamodb:List*"]))
    managed = iam.create_policy(PolicyName="reads", PolicyDocument=reads)["Policy"]["Arn"]
    deletes = document(allow("dynamodb:DeleteTable", TABLE))
    iam.create_user(UserName="inline")
    iam.put_user_policy(UserName="inline", PolicyName="deletes", PolicyDocument=deletes)
    iam.create_user(UserName="attached", Path="/ops/")
    iam.attach_user_policy(UserName="attached", PolicyArn=managed)
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn=managed)
    no = document({**allow("dynamodb:DeleteTable"), "Effect": "Deny"})
    iam.put_group_policy(GroupName="readers", PolicyName="no", PolicyDocument=no)
    iam.create_user(UserName="grouped")
    iam.add_user_to_group(GroupName="readers", UserName="grouped")
    iam.put_user_policy(UserName="grouped", PolicyName="deletes", PolicyDocument=deletes)
    iam.create_user(UserName="bare", Tags=[{"Key": "team", "Value": "costs"}])
    iam.create_user(UserName="tagged", Tags=[{"Key": "team", "Value": "costs"}])
    own = document(allow("dynamodb:DeleteTable", "arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}"))
    iam.put_user_policy(UserName="tagged", PolicyName="own", PolicyDocument=own)
    trusted = {"AWS": f"arn:aws:iam::{account}:root"}
    trust = document({"Effect": "Allow", "Principal": trusted, "Action": ["sts:AssumeRole", "sts:TagSession"]})
    for role, policy in (("deleter", deletes), ("reader", reads), ("everything", document(allow("*")))):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)
        iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=policy)
    iam.create_role(RoleName="by-team", AssumeRolePolicyDocument=trust, Tags=[{"Key": "team", "Value": "budgets"}])
    iam.put_role_policy(RoleName="by-team", PolicyName="own", PolicyDocument=own)
    iam.put_role_permissions_boundary(RoleName="everything", PermissionsBoundary=managed)
    of_aws = "arn:aws:iam::aws:policy"
    for role, boundary in (("unknown", f"{of_aws}/job-function/DataScientist"), ("power", f"{of_aws}/PowerUserAccess")):
        iam.create_role(RoleName=f"{role}-boundary", AssumeRolePolicyDocument=trust, PermissionsBoundary=boundary)
        iam.put_role_policy(RoleName=f"{role}-boundary", PolicyName="own", PolicyDocument=document(allow("*")))
    iam.create_role(RoleName="closed", AssumeRolePolicyDocument=document())
    iam.put_role_policy(RoleName="closed", PolicyName="own", PolicyDocument=document(allow("*")))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The world of tables, users and roles; its agent may mint keys and nothing else."""
    return Scenario(
        name="keys", world=World(build=build, region=REGION, draws=1), task="Have a look at the tables.", rights=MINTS
    )


Keys = Mapping[str, str]
Act = Callable[["Brief"], Any]


def signed(keys: Keys) -> boto3.Session:
    """Make a session that signs with keys, and shares what boto3 would load anew for each."""
    return session_of(Principal(Author.AGENT, "", "", keys["AccessKeyId"], keys["SecretAccessKey"]), REGION)


def of_user(brief: Brief, user: str) -> Keys:
    """Mint the key of a user."""
    keys: Keys = brief.session.client("iam").create_access_key(UserName=user)["AccessKey"]
    return keys


def of_role(brief: Brief, role: str, **more: Any) -> Keys:
    """Begin a session of a role."""
    account = brief.session.client("sts").get_caller_identity()["Account"]
    arn = f"arn:aws:iam::{account}:role/{role}"
    keys: Keys = brief.session.client("sts").assume_role(RoleArn=arn, RoleSessionName="li", **more)["Credentials"]
    return keys


def code(call: Callable[..., Any], **parameters: Any) -> str:
    """Call, and give the code of the answer."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response.get("Error", {}).get("Code"))
    return "ok"


def act(scenario: Scenario, what: Act, rights: Rights | None = None) -> tuple[Any, Trial]:
    """Let an agent act; give what it found, and the trial."""
    found: list[Any] = []

    def agent(brief: Brief) -> str:
        found.append(what(brief))
        return "done"

    trial = run_trial(scenario if rights is None else dataclasses.replace(scenario, rights=rights), agent)
    assert found, trial.history.troubles
    return found[0], trial


def tried(keys: Keys) -> list[str]:
    """Read a table, and delete the one table and the other."""
    client = signed(keys).client("dynamodb")
    return [
        code(client.describe_table, TableName="costs"),
        code(client.delete_table, TableName="budgets"),
        code(client.delete_table, TableName="costs"),
    ]


NO = "AccessDeniedException"
HELD: tuple[tuple[str, Callable[[Brief], Keys], list[str]], ...] = (
    ("a user's own policy", lambda brief: of_user(brief, "inline"), [NO, NO, "ok"]),
    ("a managed policy", lambda brief: of_user(brief, "attached"), ["ok", NO, NO]),
    ("a group's, whose deny wins", lambda brief: of_user(brief, "grouped"), ["ok", NO, NO]),
    ("none", lambda brief: of_user(brief, "bare"), [NO, NO, NO]),
    ("by the user's tag", lambda brief: of_user(brief, "tagged"), [NO, NO, "ok"]),
    ("a role's own policy", lambda brief: of_role(brief, "deleter"), [NO, NO, "ok"]),
    ("a role's that reads", lambda brief: of_role(brief, "reader"), ["ok", NO, NO]),
    ("a role's boundary", lambda brief: of_role(brief, "everything"), ["ok", NO, NO]),
    ("a boundary of AWS's own", lambda brief: of_role(brief, "power-boundary"), ["ok", "ok", "ok"]),
    (
        "a session's policy",
        lambda brief: of_role(brief, "power-boundary", Policy=document(allow("dynamodb:DeleteTable", TABLE))),
        [NO, NO, "ok"],
    ),
    (
        "a session's policy of AWS's own",
        lambda brief: of_role(brief, "power-boundary", PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]),
        ["ok", NO, NO],
    ),
    ("by the role's tag", lambda brief: of_role(brief, "by-team"), [NO, "ok", NO]),
    ("by the session's tag", lambda brief: of_role(brief, "by-team", Tags=[tag("team", "costs")]), [NO, NO, "ok"]),
    ("by the role's tag beside", lambda brief: of_role(brief, "by-team", Tags=[tag("x", "y")]), [NO, "ok", NO]),
)


@pytest.mark.parametrize(("mint", "expected"), [row[1:] for row in HELD], ids=[row[0] for row in HELD])
def test_a_minted_key_has_the_rights_of_its_own_user_or_role(
    mint: Callable[[Brief], Keys], expected: list[str], scenario: Scenario
) -> None:
    """Whatever the agent itself may do: each place from which rights come gives, or takes away, what it says."""
    found, trial = act(scenario, lambda brief: tried(mint(brief)))
    assert expected == found
    assert [] == [one.because for _, one in trial.history.troubles]
    assert {Author.AGENT} == {one.author for _, one in trial.history.of(CallStarted)}


def test_an_administrator_gains_nothing_for_a_key_without_rights(scenario: Scenario) -> None:
    """The agent's own rights are not lent to a key it found or made: a bare user's key may nothing."""
    found, _ = act(scenario, lambda brief: tried(of_user(brief, "bare")), Rights())
    assert [NO, NO, NO] == found


def test_rights_given_later_hold_from_then_on(scenario: Scenario) -> None:
    """A policy the agent puts on the user widens its key at once, and taking it away narrows it."""

    def agent(brief: Brief) -> list[str]:
        client, iam = signed(of_user(brief, "bare")).client("dynamodb"), brief.session.client("iam")
        found = [code(client.list_tables)]
        iam.put_user_policy(UserName="bare", PolicyName="p", PolicyDocument=document(allow("dynamodb:*")))
        found.append(code(client.list_tables))
        iam.delete_user_policy(UserName="bare", PolicyName="p")
        return [*found, code(client.list_tables)]

    assert [NO, "ok", NO] == act(scenario, agent)[0]


def test_the_version_in_force_counts(scenario: Scenario) -> None:
    """Of a managed policy its default version holds, whichever was written first."""

    def agent(brief: Brief) -> list[list[str]]:
        iam, key = brief.session.client("iam"), of_user(brief, "attached")
        arn = iam.list_attached_user_policies(UserName="attached")["AttachedPolicies"][0]["PolicyArn"]
        deletes = document(allow("dynamodb:DeleteTable", "arn:aws:dynamodb:*:*:table/budgets"))
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=deletes, SetAsDefault=False)
        before = tried(key)
        iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
        return [before, tried(key)]

    assert [["ok", NO, NO], [NO, "ok", NO]] == act(scenario, agent)[0]


def test_the_organizations_policies_hold_for_minted_keys(scenario: Scenario) -> None:
    """A service control policy limits every key of the home account, not the agent's alone."""
    denying = Statement(effect="Deny", actions=("dynamodb:DeleteTable",))
    rights = dataclasses.replace(MINTS, scps=(Statement(), denying), boundary=MINTS.statements)
    assert ["ok", NO, NO] == act(scenario, lambda brief: tried(of_role(brief, "power-boundary")), rights)[0]


def test_a_policy_whose_text_is_not_known_is_trouble(scenario: Scenario) -> None:
    """A policy of AWS that is not known here allows nothing, and the trial says that it proves nothing."""
    found, trial = act(scenario, lambda brief: tried(of_role(brief, "unknown-boundary")))
    assert [NO, NO, NO] == found
    texts = [one.because for _, one in trial.history.troubles]
    assert 3 == len([one for one in texts if "job-function/DataScientist, whose text is not known here" in one])


def test_only_whom_the_trust_policy_names_takes_a_role(scenario: Scenario) -> None:
    """A role whose trust policy names nobody is not taken, even by an administrator; nor is one that does not exist."""

    def agent(brief: Brief) -> list[str]:
        sts = brief.session.client("sts")
        account = sts.get_caller_identity()["Account"]
        return [
            code(sts.assume_role, RoleArn=f"arn:aws:iam::{account}:role/{name}", RoleSessionName="li")
            for name in ("closed", "nobody", "reader")
        ]

    assert ["AccessDenied", "AccessDenied", "ok"] == act(scenario, agent, Rights())[0]


def test_who_may_not_take_a_role_does_not(scenario: Scenario) -> None:
    """The trust policy names the account: an agent without sts:AssumeRole is refused, with AWS's words."""

    def agent(brief: Brief) -> str:
        try:
            of_role(brief, "reader")
        except ClientError as error:
            return str(error)
        return "taken"

    said = act(scenario, agent, Rights(statements=(Statement(actions=("iam:*",)),)))[0]
    assert said.endswith(":role/reader because no identity-based policy allows the sts:AssumeRole action")


def test_a_session_token_works_and_is_the_users(scenario: Scenario) -> None:
    """The keys of GetSessionToken are new ones, they carry the user's rights, and the calls are told as the user's."""

    def agent(brief: Brief) -> tuple[list[str], Keys, str]:
        user = signed(of_user(brief, "attached"))
        keys = user.client("sts").get_session_token()["Credentials"]
        return tried(keys), keys, signed(keys).client("sts").get_caller_identity()["Arn"]

    (found, keys, arn), trial = act(scenario, agent)
    assert (["ok", NO, NO], "user/ops/attached") == (found, arn.rpartition(":")[2])
    assert ("ASIA", True) == (keys["AccessKeyId"][:4], "EXAMPLE" not in str(keys))
    last = trial.history.calls[-2].start
    assert (Author.AGENT, arn, keys["AccessKeyId"]) == (last.author, last.principal, last.access_key)


def test_what_temporary_keys_never_reach(scenario: Scenario) -> None:
    """A session token reaches neither IAM nor more of STS; a role's session makes no session tokens; no code of MFA passes."""

    def agent(brief: Brief) -> list[str]:
        iam, own = brief.session.client("iam"), brief.session.client("sts")
        user = signed(of_user(brief, "inline"))
        iam.put_user_policy(UserName="inline", PolicyName="all", PolicyDocument=document(allow("*")))
        token = signed(user.client("sts").get_session_token()["Credentials"])
        return [
            code(own.get_session_token),
            code(own.get_federation_token, Name="anna"),
            code(token.client("iam").list_users),
            code(token.client("sts").get_session_token),
            code(token.client("dynamodb").list_tables),
            code(user.client("sts").get_session_token, SerialNumber="arn:aws:iam::1:mfa/x", TokenCode="123456"),
            code(user.client("iam").list_users),
        ]

    expected = ["AccessDenied", "AccessDenied", "InvalidClientTokenId", "AccessDenied", "ok", "AccessDenied", "ok"]
    assert expected == act(scenario, agent)[0]


def test_a_federated_user_has_what_both_allow(scenario: Scenario) -> None:
    """The keys of GetFederationToken may do what the user's and the handed policy allow; without a policy, nothing."""

    def agent(brief: Brief) -> list[list[str]]:
        iam = brief.session.client("iam")
        iam.put_user_policy(UserName="bare", PolicyName="p", PolicyDocument=document(allow(["dynamodb:*", "sts:*"])))
        sts = signed(of_user(brief, "bare")).client("sts")
        without = sts.get_federation_token(Name="anna")["Credentials"]
        narrow = document(allow("dynamodb:DeleteTable", TABLE))
        answer = sts.get_federation_token(Name="anna", Policy=narrow)
        arn = signed(answer["Credentials"]).client("sts").get_caller_identity()["Arn"]
        assert arn == answer["FederatedUser"]["Arn"]
        return [tried(without), tried(answer["Credentials"])]

    assert [[NO, NO, NO], [NO, NO, "ok"]] == act(scenario, agent)[0]


def test_keys_end(scenario: Scenario) -> None:
    """A session is over at its time, a deactivated or deleted key at once; each is refused as AWS does."""

    def agent(brief: Brief) -> list[str]:
        iam = brief.session.client("iam")
        session = signed(of_role(brief, "reader", DurationSeconds=900)).client("dynamodb")
        key = of_user(brief, "attached")
        user = signed(key).client("dynamodb")
        found = [code(session.list_tables), code(user.list_tables)]
        iam.update_access_key(UserName="attached", AccessKeyId=key["AccessKeyId"], Status="Inactive")
        found.append(code(user.list_tables))
        iam.update_access_key(UserName="attached", AccessKeyId=key["AccessKeyId"], Status="Active")
        found.append(code(user.list_tables))
        iam.delete_access_key(UserName="attached", AccessKeyId=key["AccessKeyId"])
        time.sleep(901)
        return [*found, code(user.list_tables), code(session.list_tables)]

    unknown = "UnrecognizedClientException"
    assert ["ok", "ok", unknown, "ok", unknown, "ExpiredTokenException"] == act(scenario, agent)[0]


def test_a_deleted_role_gives_nothing_any_more(scenario: Scenario) -> None:
    """A session outlives its role, and may do nothing then."""

    def agent(brief: Brief) -> list[str]:
        iam, client = brief.session.client("iam"), signed(of_role(brief, "reader")).client("dynamodb")
        found = [code(client.list_tables)]
        iam.delete_role_policy(RoleName="reader", PolicyName="own")
        iam.delete_role(RoleName="reader")
        return [*found, code(client.list_tables)]

    assert ["ok", NO] == act(scenario, agent)[0]


def test_minted_keys_are_the_same_for_the_same_seed(scenario: Scenario) -> None:
    """Keys of every kind are drawn by the seed: two trials are one history."""

    def agent(brief: Brief) -> Any:
        keys = signed(of_user(brief, "attached")).client("sts").get_session_token()["Credentials"]
        return [keys, of_role(brief, "reader")]

    (first, one), (second, other) = act(scenario, agent), act(scenario, agent)
    assert first == second
    assert one.history.entries == other.history.entries


def test_keys_of_the_builder_work(scenario: Scenario) -> None:
    """A role's session that was begun while the world was built is judged by the role as well."""
    noted: dict[str, Keys] = {}

    def builds(env: Env) -> None:
        build(env)
        sts = env.session.client("sts")
        arn = f"arn:aws:iam::{env.account_id}:role/reader"
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="ci", DurationSeconds=43_200)["Credentials"]
        noted["keys"] = {name: str(value) for name, value in keys.items()}

    world = dataclasses.replace(scenario.world, build=builds)
    assert ["ok", NO, NO] == act(dataclasses.replace(scenario, world=world), lambda _: tried(noted["keys"]))[0]
