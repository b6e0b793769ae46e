"""Normal form: what a request says, in every spelling, and what stays unresolved because it says too little or too much."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from askfirst.harness.authorization.asking_back import question
from askfirst.harness.authorization.normal_form import normal_form, sentence
from askfirst.harness.authorization.words import words_of
from askfirst.harness.records import Resource, Scope

HERE = "cn-northwest-1:111122223333"


def thing(
    kind: str, rest: str, name: str, *aliases: str, service: str = "", place: str = HERE, state: str = ""
) -> Resource:
    """Make a resource of the world; `service` is that of its ARN where it is not that of its kind."""
    arn = f"arn:aws-cn:{service or kind.partition('.')[0]}:{place}:{rest}"
    return Resource(arn, kind, name, "1", state=state, aliases=aliases)


WORLD = (
    thing("cloudformation.stack", "stack/cost-explorer-prod/0a1b-22", "cost-explorer-prod"),
    thing("cloudformation.stack", "stack/billing/77aa-01", "billing"),
    thing("cloudformation.stack", "stack/billing/33cc-00", "billing", state="DELETE_COMPLETE"),
    thing("dynamodb.table", "table/cost-explorer-prod", "cost-explorer-prod"),
    thing("dynamodb.table", "table/orders", "orders"),
    thing("lambda.function", "function:report", "report"),
    thing("lambda.function", "function:cost-report-daily", "cost-report-daily"),
    thing("s3.bucket", "ce-data-111", "ce-data-111", place=":"),
    thing("s3.bucket", "logs-archive", "logs-archive", place=":"),
    thing("ec2.instance", "instance/i-0abc12", "i-0abc12", "bastion"),
    thing("ec2.instance", "instance/i-0def34", "i-0def34"),
    thing("ec2.vpc", "vpc/vpc-1", "vpc-1", "shared"),
    thing("ec2.vpc", "vpc/vpc-1", "vpc-1", "shared", place="cn-north-1:111122223333"),
    thing("sqs.queue", "jobs", "jobs", "https://sqs.cn-northwest-1.amazonaws.com.cn/111122223333/jobs"),
    thing("rds.instance", "db:ledger-db", "ledger-db"),
    thing("ecs.service", "service/main/api", "api"),
    thing("ecs.cluster", "cluster/main", "main"),
    thing("logs.group", "log-group:/aws/lambda/report", "/aws/lambda/report"),
    thing("events.rule", "rule/nightly", "nightly"),
    thing("autoscaling.group", "autoScalingGroup:1:autoScalingGroupName/web", "web"),
    thing("iam.role", "role/deployer", "deployer", place=":111122223333"),
    thing("secretsmanager.secret", "secret:db-pass-AbCdEf", "db-pass"),
    thing("elasticbeanstalk.environment", "environment/shop/shop-prod", "shop-prod"),
    thing("stepfunctions.state-machine", "stateMachine:nightly-report", "nightly-report", service="states"),
)
ARN = {one.arn.split(":", 5)[-1]: one.arn for one in reversed(WORLD)}
STACK, BILLING, ORDERS = ARN["stack/cost-explorer-prod/0a1b-22"], ARN["stack/billing/77aa-01"], ARN["table/orders"]
THERE = "arn:aws-cn:ec2:cn-north-1:111122223333:vpc/vpc-1"
GROUP = ARN["autoScalingGroup:1:autoScalingGroupName/web"]
CONTINUE, DELETE, CREATE = (f"cloudformation:{one}" for one in ("ContinueUpdateRollback", "DeleteStack", "CreateStack"))


def asked(actions: str, *resources: str) -> Scope:
    """Give the normal form of a request for one thing."""
    return normal_form([actions], resources, "", WORLD)


@pytest.mark.parametrize(
    ("said", "action"),
    [
        (CONTINUE, CONTINUE),
        ("CLOUDFORMATION:continueupdaterollback", CONTINUE),
        ("cloudformation.ContinueUpdateRollback", CONTINUE),
        ("cloudformation.continue_update_rollback", CONTINUE),
        ("cloudformation continue-update-rollback", CONTINUE),
        ("cloudformation: ContinueUpdateRollback", CONTINUE),
        ("ContinueUpdateRollback", CONTINUE),
        ("continue-update-rollback", CONTINUE),
        ("delete_stack", DELETE),
        ("cloudformation:Describe*", "cloudformation:Describe*"),
        ("CloudFormation:*", "cloudformation:*"),
        ("*", "*"),
        ("lambda:Invoke", "lambda:InvokeFunction"),
        ("lambda:InvokeFunction", "lambda:InvokeFunction"),
        ("s3:DeleteObjects", "s3:DeleteObject"),
        ("s3api delete-bucket", "s3:DeleteBucket"),
        ("s3:CopyObject", "s3:CopyObject"),
        ("elbv2:DeleteLoadBalancer", "elasticloadbalancing:DeleteLoadBalancer"),
        ("elasticloadbalancing:deleteloadbalancer", "elasticloadbalancing:DeleteLoadBalancer"),
        ("apigateway:DELETE", "apigateway:DELETE"),
        ("iam:passrole", "iam:PassRole"),
        ("s3:DeleteObjectVersion", "s3:DeleteObjectVersion"),
    ],
)
def test_actions_in_every_spelling(said: str, action: str) -> None:
    """IAM action, botocore id, boto3 method and command name, in any case, become the IAM action."""
    scope = asked(said, BILLING)
    assert ((action,), (BILLING,), ()) == (scope.actions, scope.resources, scope.unresolved)


@pytest.mark.parametrize(
    "said", ["apigateway:DeleteRestApi", "budgets:DeleteNotification", "s3:DeleteBucketMetricsConfiguration"]
)
def test_an_operation_keeps_its_name_where_its_iam_action_would_allow_more(said: str) -> None:
    """IAM knows one action for deleting anything of an API; who asks for one operation gets that one."""
    assert (said,) == asked(said, "*").actions


@pytest.mark.parametrize(
    "said",
    [
        "cloudformation:DeletStack",
        "cloudformation:Foo*",
        "nosuchservice:DeleteStack",
        "s3",
        "delete",
        "DeleteEverything",
        "cloudformation:",
        "arn:aws:s3:::x",
        "s3:Get Object",
    ],
)
def test_actions_that_are_none(said: str) -> None:
    """What is no action of AWS stays in the words of the asker."""
    scope = asked(said, BILLING)
    assert ((), (said,)) == (scope.actions, scope.unresolved)


@pytest.mark.parametrize(
    ("said", "action", "arn"),
    [
        (STACK, DELETE, STACK),
        ("arn:aws-cn:cloudformation:*:*:stack/cost-*", DELETE, "arn:aws-cn:cloudformation:*:*:stack/cost-*"),
        (f"arn:aws-cn:cloudformation:{HERE}:stack/billing", DELETE, BILLING),
        (
            f"arn:aws-cn:cloudformation:{HERE}:stack/nosuch/1",
            DELETE,
            f"arn:aws-cn:cloudformation:{HERE}:stack/nosuch/1",
        ),
        ("billing", DELETE, BILLING),
        ("stack billing", DELETE, BILLING),
        ("the CloudFormation stack `billing`", DELETE, BILLING),
        ("stack/billing", DELETE, BILLING),
        ("cost-explorer-prod", DELETE, STACK),
        ("cost-explorer-prod", "dynamodb:DeleteTable", ARN["table/cost-explorer-prod"]),
        ("the table cost-explorer-prod", "dynamodb:DeleteTable", ARN["table/cost-explorer-prod"]),
        ("orders (DynamoDB table)", "dynamodb:DeleteTable", ORDERS),
        ("table/orders", "dynamodb:DeleteTable", ORDERS),
        ("function:report", "lambda:DeleteFunction", ARN["function:report"]),
        ("bastion", "ec2:RebootInstances", ARN["instance/i-0abc12"]),
        ("instance bastion", "ec2:RebootInstances", ARN["instance/i-0abc12"]),
        ("https://sqs.cn-northwest-1.amazonaws.com.cn/111122223333/jobs", "sqs:PurgeQueue", ARN["jobs"]),
        ("s3://ce-data-111", "s3:DeleteBucket", ARN["ce-data-111"]),
        ("s3://ce-data-111/a/b", "s3:DeleteObject", f"{ARN['ce-data-111']}/a/b"),
        (
            f"arn:aws-cn:logs:{HERE}:log-group:/aws/lambda/report:*",
            "logs:DeleteLogGroup",
            ARN["log-group:/aws/lambda/report"],
        ),
        (
            f"arn:aws-cn:secretsmanager:{HERE}:secret:db-pass",
            "secretsmanager:DeleteSecret",
            ARN["secret:db-pass-AbCdEf"],
        ),
        ("*", DELETE, "*"),
    ],
)
def test_resources_in_every_spelling(said: str, action: str, arn: str) -> None:
    """ARN, name, alias, path or URL become the ARN; the action decides where several things share a name."""
    scope = asked(action, said)
    assert ((arn,), ()) == (scope.resources, scope.unresolved)


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("cost-explorer-prd", DELETE),
        ("cost-explorer-prod", "tag:TagResources"),
        ("the table billing", DELETE),
        ("stack A", DELETE),
        ("billing and cost-explorer-prod", DELETE),
        ("all stacks", DELETE),
        ("cost-*", DELETE),
        ("shared", "ec2:DeleteVpc"),
        ("arn:aws-cn:cloudformation", DELETE),
        ("s3://nosuch/x", "s3:DeleteObject"),
        ("", DELETE),
    ],
)
def test_resources_that_name_nothing_or_too_much(said: str, action: str) -> None:
    """A name of nothing, of several things, or of another kind is not taken for something near."""
    scope = asked(action, said)
    assert ((), (said,)) == (scope.resources, scope.unresolved)


@pytest.mark.parametrize(
    ("said", "actions", "arns"),
    [
        ("continue the rollback of stack cost-explorer-prod", [CONTINUE], [STACK]),
        (
            "continue the update rollback of the cost-explorer-prod stack because deleting it failed",
            [CONTINUE],
            [STACK],
        ),
        ("Please continue rolling back `billing`.", [CONTINUE], [BILLING]),
        ("run ContinueUpdateRollback on stack billing", [CONTINUE], [BILLING]),
        (f"{CONTINUE} on stack billing", [CONTINUE], [BILLING]),
        (f"please perform the action {DELETE} on {BILLING}", [DELETE], [BILLING]),
        ("delete the old stack billing in region cn-northwest-1", [DELETE], [BILLING]),
        ("UPDATE_ROLLBACK_FAILED: continue the update rollback on billing", [CONTINUE], [BILLING]),
        ("roll back stack billing", ["cloudformation:RollbackStack"], [BILLING]),
        ("cancel the update of stack billing", ["cloudformation:CancelUpdateStack"], [BILLING]),
        ("update the stack billing", ["cloudformation:UpdateStack"], [BILLING]),
        ("disable termination protection on stack billing", ["cloudformation:UpdateTerminationProtection"], [BILLING]),
        ("execute the change set on stack billing", ["cloudformation:ExecuteChangeSet"], [BILLING]),
        ("delete billing", [DELETE], [BILLING]),
        ("I would like your permission to delete the stack 'billing', please", [DELETE], [BILLING]),
        ("Deletion of stack billing", [DELETE], [BILLING]),
        ("tear down stack billing", [DELETE], [BILLING]),
        ("the stack billing has failed and needs to be deleted", [DELETE], [BILLING]),
        ("drop table orders", ["dynamodb:DeleteTable"], [ORDERS]),
        ("wipe orders", ["dynamodb:DeleteTable"], [ORDERS]),
        ("recreate the table orders", ["dynamodb:CreateTable", "dynamodb:DeleteTable"], [ORDERS]),
        ("delete the table orders and create it again", ["dynamodb:CreateTable", "dynamodb:DeleteTable"], [ORDERS]),
        ("delete the backup of table orders", ["dynamodb:DeleteBackup"], [ORDERS]),
        ("restore table orders from backup", ["dynamodb:RestoreTableFromBackup"], [ORDERS]),
        (
            "restart i-0abc12 and i-0def34",
            ["ec2:RebootInstances"],
            [ARN["instance/i-0abc12"], ARN["instance/i-0def34"]],
        ),
        (
            "stop and start the instance i-0abc12",
            ["ec2:StartInstances", "ec2:StopInstances"],
            [ARN["instance/i-0abc12"]],
        ),
        ("shut down the bastion", ["ec2:StopInstances"], [ARN["instance/i-0abc12"]]),
        ("remove the instance i-0abc12", ["ec2:TerminateInstances"], [ARN["instance/i-0abc12"]]),
        ("do not terminate i-0abc12, reboot it", ["ec2:RebootInstances"], [ARN["instance/i-0abc12"]]),
        (
            "reboot i-0abc12 because the runbook says stop, terminate, start",
            ["ec2:RebootInstances"],
            [ARN["instance/i-0abc12"]],
        ),
        ("reboot the database ledger-db", ["rds:RebootDBInstance"], [ARN["db:ledger-db"]]),
        (
            "change the configuration of function report",
            ["lambda:UpdateFunctionConfiguration"],
            [ARN["function:report"]],
        ),
        ("invoke the report function", ["lambda:InvokeFunction"], [ARN["function:report"]]),
        ("delete all objects in bucket ce-data-111", ["s3:DeleteObject"], [ARN["ce-data-111"]]),
        ("delete the bucket policy of ce-data-111", ["s3:DeleteBucketPolicy"], [ARN["ce-data-111"]]),
        ("enable versioning on bucket ce-data-111", ["s3:PutBucketVersioning"], [ARN["ce-data-111"]]),
        ("purge queue jobs", ["sqs:PurgeQueue"], [ARN["jobs"]]),
        (
            "set the desired capacity of group web to 4",
            ["autoscaling:SetDesiredCapacity"],
            [GROUP],
        ),
        ("scale the service api to 3", ["ecs:UpdateService"], [ARN["service/main/api"]]),
        ("disable the rule nightly", ["events:DisableRule"], [ARN["rule/nightly"]]),
        ("delete log group /aws/lambda/report", ["logs:DeleteLogGroup"], [ARN["log-group:/aws/lambda/report"]]),
        ("delete secret db-pass", ["secretsmanager:DeleteSecret"], [ARN["secret:db-pass-AbCdEf"]]),
        (
            "rebuild the environment shop-prod",
            ["elasticbeanstalk:RebuildEnvironment"],
            [ARN["environment/shop/shop-prod"]],
        ),
        (
            "delete the environment shop-prod",
            ["elasticbeanstalk:TerminateEnvironment"],
            [ARN["environment/shop/shop-prod"]],
        ),
    ],
)
def test_plain_english(said: str, actions: list[str], arns: list[str]) -> None:
    """What a colleague would understand is understood, with the resources that are named."""
    scope = asked(said)
    assert (tuple(sorted(actions)), tuple(sorted(arns)), ()) == (scope.actions, scope.resources, scope.unresolved)
    assert scope.destroys == any(word in " ".join(actions) for word in ("Delete", "Terminate", "Purge", "Rebuild"))


def test_delete_and_recreate_a_stack() -> None:
    """Deleting and creating are both asked for, and the new stack will have another id."""
    scope = asked("delete and recreate the stack", "cost-explorer-prod")
    assert (CREATE, DELETE) == scope.actions
    assert (STACK.replace("0a1b-22", "*"), STACK) == scope.resources
    assert scope.destroys


@pytest.mark.parametrize(
    ("said", "resources"),
    [
        ("delete and recreate the stack", []),
        ("please restart the report function", []),
        ("fix the stack billing", []),
        ("kill it with fire", ["billing"]),
        ("delete the stack cost-explorer-prd", []),
        ("delete the stack cost-explorer-test", ["cost-explorer-prod"]),
        ("delete the stack policy of billing", []),
        ("delete the read replica of ledger-db", []),
        ("delete stack billing if it is empty", []),
        ("delete the table orders after taking a backup", []),
        ("delete everything except stack billing", []),
        ("delete all but billing", []),
        ("delete or update stack billing", []),
        ("delete stack billing and update stack cost-explorer-prod", []),
        ("copy orders to cost-explorer-prod", []),
        ("don't delete stack billing", []),
        ("don't delete and recreate the stack billing", []),
        ("do not stop, delete or recreate the stack billing", []),
        ("continue the rollback of billing without deleting it, then delete the stack", []),
        ("protect table orders from deletion", []),
        ("stop the deletion of table orders", []),
        ("enable deletion protection on table orders", []),
        ("prevent anybody from deleting orders", []),
        ("undo the deletion of stack billing", []),
        ("make sure nobody deletes stack billing", []),
        ("recover the deleted table orders", []),
        ("archive and then forget the deleted table orders", []),
        ("I deleted the stack billing", []),
        ("deleted table orders by mistake", []),
        ("discuss the deletion of table orders", []),
        ("restart the environment shop-prod", []),
        ("update stack billing like stack cost-explorer-prod", []),
        ("update the stack payroll-web", ["stack cost-explorer-prod"]),
        ("delete old objects from bucket ce-data-111", []),
        ("delete the failed resources of stack billing", []),
        ("delete item 5 from table orders", []),
        ("terminate one of i-0abc12 and i-0def34", []),
        ("delete stack billing in cn-north-1", []),
        ("continue the rollback of billing in cn-north-1", []),
        ("delete stack billing tomorrow", []),
        ("schedule the deletion of secret db-pass", []),
        ("never call cloudformation:DeleteStack on billing", []),
        ("cloudformation:DeleteStack on billing and then dynamodb:DeleteTable on orders", []),
        ("cloudformation:DeletStack on billing", []),
        ("we deleted the stack billing because we recreated it", ["orders"]),
        ("increase the memory of the report function", []),
        ("empty the bucket ce-data-111", []),
        ("delete the stacks", []),
        ("billing", []),
        ("the stack billing was deleted", []),
        ("delete the vpc shared", []),
    ],
)
def test_plain_english_that_stays_unresolved(said: str, resources: list[str]) -> None:
    """What is vague, conditional, negated, open-ended, unknown or two things at once is asked back."""
    scope = normal_form([said], resources, "", WORLD)
    assert scope.unresolved
    assert question(scope, WORLD)


@pytest.mark.parametrize(
    ("line", "actions", "arns"),
    [
        (
            "aws cloudformation continue-update-rollback --stack-name cost-explorer-prod --region cn-northwest-1",
            [CONTINUE],
            [STACK],
        ),
        ("$ aws cloudformation delete-stack --stack-name=billing", [DELETE], [BILLING]),
        (
            "aws --region cn-northwest-1 --no-cli-pager cloudformation delete-stack --stack-name billing",
            [DELETE],
            [BILLING],
        ),
        ("Please run `aws cloudformation delete-stack --stack-name billing`", [DELETE], [BILLING]),
        (
            (
                "aws cloudformation delete-stack --stack-name billing && "
                "aws cloudformation wait stack-delete-complete --stack-name billing"
            ),
            [DELETE],
            [BILLING],
        ),
        (
            "aws cloudformation deploy --stack-name billing --template-file t.yaml",
            ["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
            [BILLING],
        ),
        (
            "aws ec2 terminate-instances --instance-ids i-0abc12 i-0def34",
            ["ec2:TerminateInstances"],
            [ARN["instance/i-0abc12"], ARN["instance/i-0def34"]],
        ),
        (
            (
                "aws lambda update-function-configuration --function-name report --role "
                "arn:aws-cn:iam::111122223333:role/deployer --memory-size 1024"
            ),
            ["lambda:UpdateFunctionConfiguration"],
            [ARN["function:report"]],
        ),
        (
            "aws sqs purge-queue --queue-url https://sqs.cn-northwest-1.amazonaws.com.cn/111122223333/jobs",
            ["sqs:PurgeQueue"],
            [ARN["jobs"]],
        ),
        (
            "aws ec2 delete-vpc --vpc-id vpc-1 --region cn-north-1",
            ["ec2:DeleteVpc"],
            [THERE],
        ),
        ("aws s3api delete-object --bucket ce-data-111 --key a", ["s3:DeleteObject"], [ARN["ce-data-111"]]),
        ("aws s3 rm s3://ce-data-111/x", ["s3:DeleteObject"], [f"{ARN['ce-data-111']}/x"]),
        ("aws s3 rm s3://ce-data-111/x --recursive", ["s3:DeleteObject"], [f"{ARN['ce-data-111']}/x/*"]),
        ("aws s3 rm --recursive s3://ce-data-111", ["s3:DeleteObject"], [f"{ARN['ce-data-111']}/*"]),
        ("aws s3 rb s3://ce-data-111", ["s3:DeleteBucket"], [ARN["ce-data-111"]]),
        (
            "aws s3 rb s3://ce-data-111 --force",
            ["s3:DeleteBucket", "s3:DeleteObject"],
            [ARN["ce-data-111"], f"{ARN['ce-data-111']}/*"],
        ),
        ("aws s3 mb s3://new-one", ["s3:CreateBucket"], ["arn:aws-cn:s3:::new-one"]),
        ("aws s3 cp a.txt s3://ce-data-111/a.txt", ["s3:PutObject"], [f"{ARN['ce-data-111']}/a.txt"]),
        ("aws s3 cp a.txt s3://ce-data-111/", ["s3:PutObject"], [f"{ARN['ce-data-111']}/*"]),
        ("aws s3 cp s3://logs-archive/a s3://ce-data-111/a", ["s3:PutObject"], [f"{ARN['ce-data-111']}/a"]),
        ("aws s3 cp s3://logs-archive/a .", ["s3:GetObject"], [f"{ARN['logs-archive']}/a"]),
        ("aws s3 mv s3://logs-archive/a .", ["s3:DeleteObject"], [f"{ARN['logs-archive']}/a"]),
        ("aws s3 sync . s3://ce-data-111/site", ["s3:PutObject"], [f"{ARN['ce-data-111']}/site/*"]),
        ("aws s3 sync . s3://ce-data-111 --delete", ["s3:DeleteObject", "s3:PutObject"], [f"{ARN['ce-data-111']}/*"]),
        ("aws s3 ls s3://ce-data-111", ["s3:ListBucket"], [ARN["ce-data-111"]]),
    ],
)
def test_command_lines(line: str, actions: list[str], arns: list[str]) -> None:
    """A line of the AWS command line says its operation, and what it does that to."""
    scope = asked(line)
    assert (tuple(sorted(actions)), tuple(sorted(arns)), ()) == (scope.actions, scope.resources, scope.unresolved)


@pytest.mark.parametrize(
    "line",
    [
        "aws cloudformation delete-stack --stack-name billng",
        "aws cloudformation delete-stack --stack-name billing --region cn-north-1",
        "aws cloudformation destroy-stack --stack-name billing",
        "aws ec2 terminate-instances --instance-ids i-0abc12 $(cat ids)",
        "aws cloudformation delete-stack --stack-name 'billing",
        "aws cloudformation list-stacks | xargs aws cloudformation delete-stack --stack-name",
        "aws s3 mv s3://ce-data-111/a s3://logs-archive/b",
        "aws s3 rm s3://nosuch/x",
        "aws dynamodb delete-table --table-name orders && aws s3 rb s3://ce-data-111",
        "aws cloudformation delete-stack",
        "run `aws cloudformation delete-stack --stack-name billing` unless it is in use",
        "aws",
    ],
)
def test_command_lines_that_stay_unresolved(line: str) -> None:
    """Unknown operations, unknown names, other regions, substitutions, and two things at once are asked back."""
    assert asked(line).unresolved


def test_a_request_for_nothing_or_on_nothing_is_asked_back() -> None:
    """Without an action, or without a resource, there is nothing to grant, also where only one thing could be meant."""
    assert ("which action?",) == normal_form([], ["billing"], "delete it", WORLD).unresolved
    assert ("which action?",) == normal_form([" "], ["billing"], "", WORLD).unresolved
    only = [one for one in WORLD if one.kind == "sqs.queue"]
    scope = normal_form(["sqs:PurgeQueue"], [], "the queue jobs is full", only)
    assert (("sqs:PurgeQueue",), (), ("which resource?",)) == (scope.actions, scope.resources, scope.unresolved)


def test_several_actions_on_several_resources_are_taken_as_listed() -> None:
    """Lists are what they are: each action on each resource, sorted and without doubles."""
    scope = normal_form([DELETE, CONTINUE, DELETE.lower()], ["stack billing", STACK, BILLING], "", WORLD)
    assert Scope((CONTINUE, DELETE), (BILLING, STACK), destroys=True) == scope


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        (["delete stack billing", "update stack cost-explorer-prod"], []),
        (["delete stack billing", "update stack cost-explorer-prod"], ["billing", "stack cost-explorer-prod"]),
        (["delete stack billing"], ["table orders"]),
        (["delete stack billing", "s3:PutObject"], []),
    ],
)
def test_no_action_spreads_to_a_resource_it_was_not_said_of(actions: list[str], resources: list[str]) -> None:
    """One thing here and another there is not both on both."""
    assert normal_form(actions, resources, "", WORLD).unresolved


@pytest.mark.parametrize(
    ("actions", "destroys"),
    [
        ([CONTINUE], False),
        ([CONTINUE, DELETE], True),
        (["cloudformation:De*"], True),
        (["cloudformation:Describe*"], False),
        (["*"], True),
        (["apigateway:DeleteRestApi"], True),
        (["s3:DeleteObjectVersion"], True),
        (["iam:PassRole"], False),
    ],
)
def test_what_deletes_is_said_to(actions: list[str], destroys: bool) -> None:
    """A scope destroys if one of its actions does, or one that a wildcard covers."""
    assert destroys == normal_form(actions, ["*"], "", WORLD).destroys


@pytest.mark.parametrize(
    ("actions", "resources", "near"),
    [
        (["cloudformation:DeletStack"], ["billing"], "cloudformation:DeleteStack"),
        ([DELETE], ["cost-explorer-prd"], "cost-explorer-prod"),
        (["delete the stack biling"], [], "billing"),
        (["DeleteStak"], ["billing"], "DeleteStack"),
        (["tag:TagResources"], ["cost-explorer-prod"], STACK),
        ([DELETE], [], "which resource"),
    ],
)
def test_the_question_names_what_comes_near(actions: list[str], resources: list[str], near: str) -> None:
    """Who is asked back hears the words that were not understood and the names that look like them."""
    assert near.lower() in question(normal_form(actions, resources, "", WORLD), WORLD).lower()


def test_a_scope_reads_as_a_sentence() -> None:
    """Actions on resources, and what was not understood."""
    assert f"{CONTINUE} on {BILLING}" == sentence(asked(CONTINUE, "billing"))
    assert "not understood: cost-explorer-prd" in sentence(asked(CONTINUE, "cost-explorer-prd"))


VOCABULARY = """
    delete recreate remove stop continue update restart the stack table instance policy rollback backup billing orders
    i-0abc12 cost-explorer-prod it and then , . not don't without because if or all everything protect deleted was
    nobody recover discuss
"""
WORDS = st.lists(st.sampled_from(sorted(words_of(VOCABULARY))), min_size=2, max_size=9).map(" ".join)
SAYS_DELETE = {"delete", "remove", "recreate", "deleted"}


@settings(deadline=None)
@given(said=WORDS)
@example(said="not delete billing")
@example(said="delete recreate not billing stack")
@example(said="billing stack because it delete and remove")
def test_no_jumble_of_words_allows_more_than_was_said(said: str) -> None:
    """Whatever is understood is about things that were named, deletes only if that was said, and never if negated."""
    scope = normal_form([said], [], "", WORLD)
    assert scope == normal_form([said], [], "", tuple(reversed(WORLD)))
    if scope.unresolved:
        return
    words = set(said.split())
    named = {one.arn for one in WORLD if one.name in words}
    assert {arn for arn in scope.resources if not arn.endswith("/*")} <= named
    assert not scope.destroys or words & SAYS_DELETE
    assert not scope.destroys or not words & {"not", "don't", "without", "protect", "nobody"}
    assert not scope.destroys or not words & {"recover", "discuss"} or words & {",", ".", "and", "then"}
    assert not words & {"if", "or", "everything"}


@settings(deadline=None)
@given(
    actions=st.lists(st.sampled_from([DELETE, CONTINUE, "s3:Get*", "delete it", "nonsense"]), max_size=4),
    resources=st.lists(st.sampled_from(["billing", STACK, "table orders", "nonsense", "*"]), max_size=4),
)
def test_the_order_of_a_request_does_not_matter(actions: list[str], resources: list[str]) -> None:
    """Actions and ARNs are sorted and without doubles, whatever the order they were said in."""
    scope = normal_form(actions, resources, "", WORLD)
    other = normal_form(actions[::-1] + actions, resources[::-1] + resources, "", WORLD)
    assert (scope.actions, scope.resources, set(scope.unresolved)) == (
        other.actions,
        other.resources,
        set(other.unresolved),
    )
    assert list(scope.actions) == sorted(set(scope.actions))
