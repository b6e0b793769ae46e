"""Promise: where moto forgets a refusal or fails on what a template gave, the account does as AWS does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from askfirst import Scenario, World, run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}],
}
TEMPLATE = json.dumps({"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": POLICY}}}})
CLUSTER = {"Engine": "aurora-postgresql", "MasterUsername": "root", "MasterUserPassword": "passw0rd-passw0rd"}


def build(env: Env) -> None:
    """Make a stack with a key, and a cluster with a snapshot."""
    env.session.client("cloudformation").create_stack(StackName="s", TemplateBody=TEMPLATE)
    rds = env.session.client("rds")
    rds.create_db_cluster(DBClusterIdentifier="orders", **CLUSTER)
    rds.create_db_cluster_snapshot(DBClusterIdentifier="orders", DBClusterSnapshotIdentifier="copy")


SCENARIO = Scenario(name="small-gaps", world=World(build=build, draws=1), task="t")


def test_a_key_of_a_stack_can_be_described() -> None:
    """A key whose policy stands in the template is described, whether the builder or the agent made the stack."""
    states: list[str] = []

    def agent(brief: Brief) -> str:
        brief.session.client("cloudformation").create_stack(StackName="mine", TemplateBody=TEMPLATE)
        kms = brief.session.client("kms")
        states.extend(
            kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"]["KeyState"] for one in kms.list_keys()["Keys"]
        )
        return "done"

    trial = run_trial(SCENARIO, agent)

    assert ["Enabled", "Enabled"] == states
    assert [] == [one.because for _, one in trial.history.troubles]


def test_a_cluster_is_not_restored_over_another() -> None:
    """A restore under a taken name is refused and leaves the cluster as it is; under a free one it goes through."""
    codes: list[str] = []

    def agent(brief: Brief) -> str:
        rds = brief.session.client("rds")
        for name in ("orders", "orders-restored"):
            try:
                rds.restore_db_cluster_from_snapshot(
                    DBClusterIdentifier=name, SnapshotIdentifier="copy", Engine="aurora-postgresql"
                )
            except ClientError as error:
                codes.append(error.response.get("Error", {}).get("Code", ""))
        return "done"

    trial = run_trial(SCENARIO, agent)
    lost = [one for call in trial.history.calls if call.end for one in call.end.changes if one.effect.harms]

    assert ["DBClusterAlreadyExistsFault"] == codes
    assert [] == lost
