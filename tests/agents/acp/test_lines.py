"""Promise: people are bothered with what needs authorization by the policy, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.gates.lines import needing
from askfirst.harness.policy import Authority, Needs

FREE = (
    "ls -la",
    "git status && git log --oneline | head",
    "cat template.yaml | grep -n Table",
    "echo 'aws s3 rb s3://prod'",
    "aws --version",
    "aws help",
    "aws configure list",
    "aws dynamodb describe-table --table-name costs",
    "aws s3 ls s3://reports",
    "aws s3 cp s3://reports/a.csv .",
    "aws logs tail /aws/lambda/costs --since 1h",
    "aws eks update-kubeconfig --name prod",
    "aws cloudformation wait stack-update-complete --stack-name costs",
    "aws cloudformation create-change-set --stack-name costs --change-set-name fix",
    "aws cloudformation deploy --stack-name costs --template-file t.yaml --no-execute-changeset",
    "aws ec2 run-instances --image-id ami-1 --dry-run",
    "aws sts get-caller-identity",
    "aws sts assume-role --role-arn arn:aws:iam::1:role/x --role-session-name y",
    "bash -lc 'cd infra; aws s3api list-buckets'",
    "terraform plan -out plan",
    "rm -rf node_modules",
    "python3 -c 'print(1)'",
    "python3 report.py",
    "npm test",
    "sed -i s/a/b/ template.yaml",
    "Ready to code?",
    "",
)
"""Nothing of this needs authorization where mutations do."""

ASKED = {
    "aws dynamodb delete-table --table-name costs": ["aws dynamodb delete-table --table-name costs"],
    "cd infra && aws dynamodb delete-table --table-name costs": ["aws dynamodb delete-table --table-name costs"],
    "/bin/bash -lc 'aws s3 rb s3://prod --force'": ["aws s3 rb s3://prod --force"],
    "aws s3 rm s3://prod/a; aws sqs list-queues; aws sqs purge-queue --queue-url u": [
        "aws s3 rm s3://prod/a",
        "aws sqs purge-queue --queue-url u",
    ],
    "aws s3 cp a.csv s3://reports/": ["aws s3 cp a.csv s3://reports/"],
    "aws s3 sync . s3://reports --delete": ["aws s3 sync . s3://reports --delete"],
    "aws cloudformation deploy --stack-name costs --template-file t.yaml": [
        "aws cloudformation deploy --stack-name costs --template-file t.yaml"
    ],
    "aws nonsense do-it --now": ["aws nonsense do-it --now"],
    "for t in a b; do aws dynamodb delete-table --table-name $t; done": ["aws dynamodb delete-table --table-name '$t'"],
    "terraform destroy -auto-approve": ["terraform destroy -auto-approve"],
    "terraform apply -auto-approve": ["terraform apply -auto-approve"],
    "git push --force": ["git push --force"],
    "rm -rf .": ["rm -rf ."],
    "python -c \"import boto3; boto3.client('sqs').delete_queue(QueueUrl='u')\"": [
        "aws sqs delete-queue --queue-url u"
    ],
    "python3 fix.py": ["aws sqs delete-queue --queue-url u"],
    "./fix.sh": ["aws sqs delete-queue --queue-url u"],
    "bash tools/outer.sh": ["aws sqs delete-queue --queue-url u"],
    "node fix.js": ["node fix.js"],
}
"""What people hear of each line."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with scripts in it."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "tools").mkdir()
    (folder / "fix.py").write_text("import boto3\nboto3.client('sqs').delete_queue(QueueUrl='u')\n")
    (folder / "fix.sh").write_text("#!/bin/sh\nset -e\naws sqs delete-queue --queue-url u\n")
    (folder / "fix.js").write_text("const {SQS} = require('@aws-sdk/client-sqs')\nnew SQS().deleteQueue({})\n")
    (folder / "tools" / "outer.sh").write_text("echo now; python3 fix.py # it speaks to aws sqs\n")
    (folder / "report.py").write_text("print(open('costs.csv').read())\n")
    return folder


@pytest.mark.parametrize("line", FREE)
def test_what_needs_nothing_is_let_through(line: str, workspace: Path) -> None:
    """Reads, plans, dry runs, and what is no call of AWS at all."""
    assert () == needing([line], Authority(), workspace)


@pytest.mark.parametrize("line", ASKED)
def test_what_may_change_something_is_asked_about(line: str, workspace: Path) -> None:
    """The call alone, however it is wrapped; a script that cannot be read is asked about as it stands."""
    assert ASKED[line] == list(needing([line], Authority(), workspace))


POLICIES = {
    ("aws sqs list-queues", Needs.EVERY_ACTION): True,
    ("aws --version", Needs.EVERY_ACTION): False,
    ("ls", Needs.EVERY_ACTION): False,
    ("aws sqs send-message --queue-url u --message-body m", Needs.DESTRUCTION): False,
    ("aws dynamodb put-item --table-name costs --item {}", Needs.DESTRUCTION): False,
    ("aws sqs delete-queue --queue-url u", Needs.DESTRUCTION): True,
    ("aws ec2 stop-instances --instance-ids i-1", Needs.DESTRUCTION): True,
    ("aws cloudformation update-stack --stack-name costs", Needs.DESTRUCTION): True,
    ("aws cloudtrail stop-logging --name t", Needs.DESTRUCTION): True,
    ("aws ecs update-service --service s --desired-count 2", Needs.PRODUCTION): True,
    ("aws ecs describe-services --services s", Needs.PRODUCTION): False,
}


@pytest.mark.parametrize(("line", "needs"), POLICIES)
def test_the_policy_says_what_people_hear(line: str, needs: Needs, workspace: Path) -> None:
    """What may take something away cannot be told from a harmless call before it is made, and is asked about."""
    assert POLICIES[line, needs] == bool(needing([line], Authority(needs=needs), workspace))


@given(
    st.lists(st.sampled_from([*FREE, *ASKED]), min_size=1, max_size=4), st.sampled_from(["; ", " && ", "\n", " || "])
)
def test_a_line_hides_none_of_its_parts(workspace: Path, parts: list[str], joint: str) -> None:
    """Whatever stands beside it, what would be asked about alone is asked about among others."""
    whole = joint.join(one for one in parts if one) or "true"
    expected = {asked for one in parts for asked in needing([one], Authority(), workspace)}

    assert expected <= {*needing([whole], Authority(), workspace)}


def test_a_script_outside_the_workspace_is_not_read(tmp_path: Path, workspace: Path) -> None:
    """Nobody looks around on the machine for what an agent names."""
    outside = tmp_path / "fix.py"
    outside.write_text("import boto3\nboto3.client('sqs').delete_queue(QueueUrl='u')\n")

    assert () == needing([f"python3 {outside}"], Authority(), workspace)
