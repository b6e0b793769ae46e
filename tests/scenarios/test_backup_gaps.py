"""AWS Backup as AWS does it: jobs, recovery points, restores, vaults that are not empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst import Scenario, World, run_trial
from askfirst.harness.records import Effect

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

Drop = Callable[..., Any]

ROLE = "arn:aws:iam::111122223333:role/backup"


def build(env: Env) -> None:
    """A vault with a week-old recovery point of a table, a database, a volume, a bucket, and an empty vault."""
    backup, rows = env.session.client("backup"), env.session.client("dynamodb")
    place = f"{env.region}:{env.account_id}"
    with env.at(timedelta(days=7)):
        for name in ("daily", "empty"):
            backup.create_backup_vault(BackupVaultName=name)
        rows.create_table(
            TableName="rows",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        for number in range(3):
            rows.put_item(TableName="rows", Item={"id": {"S": str(number)}})
        env.session.client("rds").create_db_instance(
            DBInstanceIdentifier="orders", DBInstanceClass="db.t3.small", Engine="postgres", AllocatedStorage=20
        )
        env.session.client("rds").create_db_cluster(
            DBClusterIdentifier="ledger",
            Engine="aurora-postgresql",
            MasterUsername="root",
            MasterUserPassword="secret99",
        )
        volume = env.session.client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
        env.session.client("s3").create_bucket(Bucket="files-of-prod")
        made = backup.start_backup_job(
            BackupVaultName="daily", ResourceArn=f"arn:aws:dynamodb:{place}:table/rows", IamRoleArn=ROLE
        )
    rows.put_item(TableName="rows", Item={"id": {"S": "later"}})
    arns = {
        "table": f"arn:aws:dynamodb:{place}:table/rows",
        "database": f"arn:aws:rds:{place}:db:orders",
        "cluster": f"arn:aws:rds:{place}:cluster:ledger",
        "volume": f"arn:aws:ec2:{place}:volume/{volume}",
        "bucket": "arn:aws:s3:::files-of-prod",
        "point": made["RecoveryPointArn"],
    }
    env.note("arns", " ".join(arns.values()))


SCENARIO = Scenario(name="backups", world=World(build=build, draws=1), task="{arns}")


def arn(brief: Brief, what: str) -> str:
    """Give an ARN of the world."""
    names = ("table", "database", "cluster", "volume", "bucket", "point")
    return brief.task.split(" ")[names.index(what)]


def backup(brief: Brief) -> Any:
    """Give a client."""
    return brief.session.client("backup")


def start(brief: Brief, what: str, **more: Any) -> dict[str, Any]:
    """Start a backup job into the vault `daily`."""
    return dict(
        backup(brief).start_backup_job(
            **{"BackupVaultName": "daily", "ResourceArn": arn(brief, what), "IamRoleArn": ROLE} | more
        )
    )


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """Give code and message of the error a call ends with."""
    with pytest.raises(ClientError) as caught:
        act()
    error = caught.value.response.get("Error", {})
    return error.get("Code", ""), error.get("Message", "")


def test_a_world_is_built_with_recovery_points(drop: Drop) -> None:
    """The builder's job has completed long ago; vault, resource and job agree on the recovery point."""

    def act(brief: Brief) -> object:
        client, point = backup(brief), arn(brief, "point")
        listed = client.list_recovery_points_by_backup_vault(BackupVaultName="daily")["RecoveryPoints"]
        of_table = client.list_recovery_points_by_resource(ResourceArn=arn(brief, "table"))["RecoveryPoints"]
        told = client.describe_recovery_point(BackupVaultName="daily", RecoveryPointArn=point)
        jobs = client.list_backup_jobs(ByState="COMPLETED")["BackupJobs"]
        vault = client.describe_backup_vault(BackupVaultName="daily")["NumberOfRecoveryPoints"]
        protected = client.list_protected_resources()["Results"]
        assert [] == brief.session.client("dynamodb").list_backups()["BackupSummaries"]
        return point, listed, of_table, told, jobs, vault, protected, brief.clock.now()

    point, listed, of_table, told, jobs, vault, protected, now = drop(SCENARIO, act)
    found = [one[0]["RecoveryPointArn"] for one in (listed, of_table, jobs)]
    assert [point] * 3 == found
    assert [point] == [one["LastRecoveryPointArn"] for one in protected]
    assert ("COMPLETED", "DynamoDB", 1) == (told["Status"], told["ResourceType"], vault)
    assert timedelta(days=6) < now - told["CreationDate"] < timedelta(days=8)


@pytest.mark.parametrize(
    ("what", "kind", "place"),
    [
        ("table", "DynamoDB", ":recovery-point:"),
        ("database", "RDS", ":snapshot:awsbackup:job-"),
        ("cluster", "Aurora", ":cluster-snapshot:awsbackup:job-"),
        ("volume", "EBS", ":snapshot/snap-"),
        ("bucket", "S3", ":recovery-point:"),
    ],
)
def test_a_job_takes_minutes(drop: Drop, what: str, kind: str, place: str) -> None:
    """Created, then running, then completed; only then the recovery point is listed. The ARN is of AWS's form."""

    def act(brief: Brief) -> object:
        client, made = backup(brief), start(brief, what, Lifecycle={"DeleteAfterDays": 30})
        states, listed = [], []
        for seconds in (0, 90, 600):
            brief.clock.sleep(seconds)
            states.append(client.describe_backup_job(BackupJobId=made["BackupJobId"])["State"])
            listed.append(
                len(
                    client.list_recovery_points_by_backup_vault(BackupVaultName="daily", ByResourceType=kind)[
                        "RecoveryPoints"
                    ]
                )
            )
        point = client.describe_recovery_point(BackupVaultName="daily", RecoveryPointArn=made["RecoveryPointArn"])
        return states, listed, point

    states, listed, point = drop(SCENARIO, act)
    before = 1 if what == "table" else 0
    assert ["CREATED", "RUNNING", "COMPLETED"] == states
    assert [before, before, before + 1] == listed
    assert place in point["RecoveryPointArn"]
    assert timedelta(days=30) == point["CalculatedLifecycle"]["DeleteAt"] - point["CreationDate"]


def test_a_restored_table_has_the_rows_of_then(drop: Drop) -> None:
    """A restore makes a new table from the week-old recovery point, with three rows and not four; also after a loss."""

    def act(brief: Brief) -> object:
        client, rows, point = backup(brief), brief.session.client("dynamodb"), arn(brief, "point")
        metadata = client.get_recovery_point_restore_metadata(BackupVaultName="daily", RecoveryPointArn=point)
        rows.delete_table(TableName="rows")
        job = client.start_restore_job(
            RecoveryPointArn=point,
            IamRoleArn=ROLE,
            Metadata={**metadata["RestoreMetadata"], "targetTableName": "rows-again"},
        )["RestoreJobId"]
        at_once = client.describe_restore_job(RestoreJobId=job)["Status"], rows.list_tables()["TableNames"]
        brief.clock.sleep(1000)
        told = client.describe_restore_job(RestoreJobId=job)
        return at_once, told, rows.scan(TableName="rows-again")["Count"], client.list_restore_jobs()["RestoreJobs"]

    at_once, told, count, listed = drop(SCENARIO, act)
    assert ("PENDING", []) == at_once
    assert ("COMPLETED", 3, 1) == (told["Status"], count, len(listed))
    assert told["CreatedResourceArn"].endswith(":table/rows-again")


@pytest.mark.parametrize(
    ("what", "metadata", "made"),
    [
        ("database", {"DBInstanceIdentifier": "orders-again"}, ":db:orders-again"),
        ("cluster", {"DBClusterIdentifier": "ledger-again"}, ":cluster:ledger-again"),
        ("volume", {"availabilityZone": "us-east-1b"}, ":volume/vol-"),
    ],
)
def test_databases_and_volumes_are_restored(drop: Drop, what: str, metadata: dict[str, str], made: str) -> None:
    """A recovery point of each can be made into a new one; into one that exists, the job fails and says why."""

    def act(brief: Brief) -> object:
        client, started = backup(brief), start(brief, what)
        brief.clock.sleep(600)
        jobs = []
        for _ in range(2):
            job = client.start_restore_job(
                RecoveryPointArn=started["RecoveryPointArn"], IamRoleArn=ROLE, Metadata=metadata
            )["RestoreJobId"]
            brief.clock.sleep(1000)
            jobs.append(client.describe_restore_job(RestoreJobId=job))
        return jobs

    first, second = drop(SCENARIO, act)
    assert first["Status"] == "COMPLETED", first.get("StatusMessage")
    assert made in first["CreatedResourceArn"]
    assert second["Status"] == ("COMPLETED" if what == "volume" else "FAILED")


def test_deleting_a_recovery_point_is_a_loss() -> None:
    """DeleteRecoveryPoint takes it away at once, and the history says what was lost, by its own ARN."""
    told: list[Any] = []

    def agent(brief: Brief) -> str:
        client, point = backup(brief), arn(brief, "point")
        full = refusal(lambda: client.delete_backup_vault(BackupVaultName="daily"))
        client.delete_recovery_point(BackupVaultName="daily", RecoveryPointArn=point)
        gone = refusal(lambda: client.describe_recovery_point(BackupVaultName="daily", RecoveryPointArn=point))
        client.delete_backup_vault(BackupVaultName="daily")
        client.delete_backup_vault(BackupVaultName="empty")
        told.append((full, gone, client.list_backup_vaults()["BackupVaultList"], point))
        return "done"

    trial = run_trial(SCENARIO, agent)
    full, gone, vaults, point = told[0]
    assert ("InvalidRequestException", "Backup vault cannot be deleted (contains 1 recovery points)") == full
    assert ("ResourceNotFoundException", []) == (gone[0], vaults)
    end = next(one.end for one in trial.history.calls if one.start.operation == "DeleteRecoveryPoint")
    assert end is not None
    lost = [(one.arn, one.kind, one.effect) for one in end.changes if one.effect.harms]
    assert [(point, "backup.recovery-point", Effect.GONE)] == lost
    assert (point,) == end.changed


def test_deleting_a_recovery_point_of_a_database_deletes_its_snapshot(drop: Drop) -> None:
    """What it was is gone from its own service too."""

    def act(brief: Brief) -> object:
        rds, made = brief.session.client("rds"), start(brief, "database")
        brief.clock.sleep(600)
        before = [one["DBSnapshotArn"] for one in rds.describe_db_snapshots(SnapshotType="awsbackup")["DBSnapshots"]]
        backup(brief).delete_recovery_point(BackupVaultName="daily", RecoveryPointArn=made["RecoveryPointArn"])
        return made["RecoveryPointArn"], before, rds.describe_db_snapshots(SnapshotType="awsbackup")["DBSnapshots"]

    point, before, after = drop(SCENARIO, act)
    assert point in before
    assert [] == after


def test_a_stopped_job_leaves_nothing(drop: Drop) -> None:
    """Aborting, then aborted; no recovery point and no snapshot is left; a completed job cannot be stopped."""

    def act(brief: Brief) -> object:
        client, job = backup(brief), start(brief, "database")["BackupJobId"]
        client.stop_backup_job(BackupJobId=job)
        states = [client.describe_backup_job(BackupJobId=job)["State"]]
        brief.clock.sleep(900)
        states.append(client.describe_backup_job(BackupJobId=job)["State"])
        left = client.list_recovery_points_by_resource(ResourceArn=arn(brief, "database"))["RecoveryPoints"]
        snapshots = brief.session.client("rds").describe_db_snapshots(SnapshotType="awsbackup")["DBSnapshots"]
        return states, left, snapshots, refusal(lambda: client.stop_backup_job(BackupJobId=job))

    states, left, snapshots, again = drop(SCENARIO, act)
    assert (["ABORTING", "ABORTED"], [], []) == (states, left, snapshots)
    assert again[0] == "InvalidRequestException"


def test_a_lifecycle_is_kept_and_checked(drop: Drop) -> None:
    """It can be changed; less than 90 days in cold storage, and no days at all, are refused."""

    def act(brief: Brief) -> object:
        client = backup(brief)
        which = {"BackupVaultName": "daily", "RecoveryPointArn": arn(brief, "point")}
        cold = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 60}
        wrong = [
            refusal(lambda: client.update_recovery_point_lifecycle(**which, Lifecycle=cold)),
            refusal(lambda: client.update_recovery_point_lifecycle(**which, Lifecycle={"DeleteAfterDays": 0})),
        ]
        client.update_recovery_point_lifecycle(**which, Lifecycle={"DeleteAfterDays": 10})
        return wrong, client.describe_recovery_point(**which)

    wrong, told = drop(SCENARIO, act)
    assert {"InvalidParameterValueException"} == {code for code, _ in wrong}
    assert {"DeleteAfterDays": 10} == told["Lifecycle"]


def test_what_is_not_there_is_refused_as_by_aws(drop: Drop) -> None:
    """A vault, job, restore, recovery point or resource nobody knows is ResourceNotFoundException; no ARN is another."""

    def act(brief: Brief) -> object:
        client = backup(brief)
        table = arn(brief, "table")
        return [
            refusal(lambda: client.describe_backup_job(BackupJobId="none")),
            refusal(lambda: client.describe_restore_job(RestoreJobId="none")),
            refusal(lambda: client.list_recovery_points_by_backup_vault(BackupVaultName="none")),
            refusal(lambda: client.describe_recovery_point(BackupVaultName="daily", RecoveryPointArn="arn:none")),
            refusal(
                lambda: client.delete_recovery_point(BackupVaultName="empty", RecoveryPointArn=arn(brief, "point"))
            ),
            refusal(
                lambda: client.start_restore_job(RecoveryPointArn="arn:none", IamRoleArn=ROLE, Metadata={"a": "b"})
            ),
            refusal(lambda: start(brief, "table", ResourceArn=f"{table}-none")),
            refusal(lambda: start(brief, "table", BackupVaultName="none")),
            refusal(lambda: start(brief, "table", ResourceArn="rows")),
        ]

    *missing, no_arn = drop(SCENARIO, act)
    assert ["ResourceNotFoundException"] * 8 == [code for code, _ in missing]
    assert no_arn[0] == "InvalidParameterValueException"


def test_the_same_seed_gives_the_same_history() -> None:
    """Jobs, ids and restores draw by the seed alone, from a restored world each time."""

    def agent(brief: Brief) -> str:
        made = start(brief, "volume")
        brief.clock.sleep(600)
        metadata = {"availabilityZone": "us-east-1a"}
        backup(brief).start_restore_job(RecoveryPointArn=made["RecoveryPointArn"], IamRoleArn=ROLE, Metadata=metadata)
        brief.clock.sleep(1000)
        return str(backup(brief).list_restore_jobs()["RestoreJobs"][0]["CreatedResourceArn"])

    first, second = (run_trial(SCENARIO, agent, seed=5).history.dumps() for _ in range(2))
    assert first == second
