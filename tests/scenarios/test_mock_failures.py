"""Where the mock itself fails it has no answer of AWS: that is trouble, never a refusal that AWS would not have given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from askfirst import Scenario, Verdict, World, run_trial
from askfirst.harness.events import WorldChanged
from askfirst.harness.records import Effect

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

ROLE = "arn:aws:iam::111122223333:role/backup"
MEMBERS = "Resources: {Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}}"


def build(env: Env) -> None:
    """A stack with a queue, and a recovery point of a table."""
    env.session.client("cloudformation").create_stack(StackName="all", TemplateBody=MEMBERS)
    rows, backup = env.session.client("dynamodb"), env.session.client("backup")
    rows.create_table(
        TableName="rows",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    backup.create_backup_vault(BackupVaultName="daily")
    table = f"arn:aws:dynamodb:{env.region}:{env.account_id}:table/rows"
    made = backup.start_backup_job(BackupVaultName="daily", ResourceArn=table, IamRoleArn=ROLE)
    env.note("point", made["RecoveryPointArn"])


SCENARIO = Scenario(name="mock-failures", world=World(build=build, draws=1), task="{point}")


def _broken(*_: object, **__: object) -> None:
    msg = "broken"
    raise KeyError(msg)


def test_a_member_that_the_mock_cannot_delete(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash of moto in the deletion of a member is no DELETE_FAILED: the call is trouble."""
    monkeypatch.setattr("moto.sqs.models.SQSBackend.delete_queue", _broken)

    def agent(brief: Brief) -> None:
        with pytest.raises(ClientError):
            brief.session.client("cloudformation").delete_stack(StackName="all")

    trial = run_trial(SCENARIO, agent)

    assert any("KeyError" in one.because for _, one in trial.history.troubles), trial.history.troubles


def test_what_was_booked_and_the_mock_cannot_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in what goes on by itself is trouble, no error of the agent that waits; what it did before is recorded."""

    def half(backend: object, *_: object, **__: object) -> None:
        backend.tables.pop("rows")  # type: ignore[attr-defined]
        msg = "broken"
        raise KeyError(msg)

    waited: list[bool] = []

    def agent(brief: Brief) -> None:
        point = brief.task
        brief.session.client("backup").start_restore_job(
            RecoveryPointArn=point, IamRoleArn=ROLE, Metadata={"targetTableName": "again"}
        )
        monkeypatch.setattr("moto.dynamodb.models.DynamoDBBackend.restore_table_from_backup", half)
        brief.clock.sleep(7200)
        waited.append(True)

    trial = run_trial(SCENARIO, agent)

    assert [True] == waited
    assert trial.verdict is not Verdict.PASS
    assert any("KeyError" in one.because for _, one in trial.history.troubles), trial.history.troubles
    changes = [one for _, event in trial.history.of(WorldChanged) for one in event.changes]
    assert any(one.effect is Effect.GONE and one.arn.endswith("table/rows") for one in changes)
