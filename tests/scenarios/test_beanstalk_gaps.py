"""Elastic Beanstalk as AWS does it: what each operation makes of an environment, of its resources, and of time."""

from __future__ import annotations

import re
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

STACK = """
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Rows:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: shop-rows
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Machine:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-03cf127a, InstanceType: t3.small}
"""


def build(env: Env) -> None:
    """Two environments of one application; the first has a stack with a queue, a table with a row and an instance."""
    client = env.session.client("elasticbeanstalk")
    with env.at(timedelta(days=3)):
        client.create_application(ApplicationName="shop")
        settings = [{"Namespace": "aws:autoscaling:asg", "OptionName": "MinSize", "Value": "1"}]
        made = client.create_environment(
            ApplicationName="shop", EnvironmentName="shop-prod", VersionLabel="v1", OptionSettings=settings
        )
        client.create_environment(ApplicationName="shop", EnvironmentName="shop-next", VersionLabel="v2")
        stack = f"awseb-{made['EnvironmentId']}-stack"
        env.session.client("cloudformation").create_stack(StackName=stack, TemplateBody=STACK)
        env.session.client("dynamodb").put_item(TableName="shop-rows", Item={"id": {"S": "1"}})
    env.note("environment", made["EnvironmentId"])


SCENARIO = Scenario(name="beanstalk", world=World(build=build, draws=1), task="{environment}")


def eb(brief: Brief) -> Any:
    """Give a client."""
    return brief.session.client("elasticbeanstalk")


def seen(brief: Brief, name: str = "shop-prod") -> dict[str, Any]:
    """Describe one environment."""
    found = eb(brief).describe_environments(EnvironmentNames=[name])["Environments"]
    return found[0] if found else {}


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """Give code and message of the error a call ends with."""
    with pytest.raises(ClientError) as caught:
        act()
    error = caught.value.response.get("Error", {})
    return error.get("Code", ""), error.get("Message", "")


def messages(brief: Brief, **wanted: str) -> list[str]:
    """Give the events, oldest first."""
    return [one["Message"] for one in eb(brief).describe_events(**wanted)["Events"]][::-1]


def test_a_built_environment_is_whole(drop: Drop) -> None:
    """A world's environment has an id, a platform, an address, is ready and green, and has a past."""

    def act(brief: Brief) -> object:
        return (
            seen(brief),
            eb(brief).describe_events(EnvironmentName="shop-prod")["Events"],
            brief.task,
            brief.clock.now(),
        )

    found, events, identifier, now = drop(SCENARIO, act)
    assert (identifier, "Ready", "Green", "Ok", "v1") == tuple(
        found[name] for name in ("EnvironmentId", "Status", "Health", "HealthStatus", "VersionLabel")
    )
    assert found["CNAME"].endswith(".us-east-1.elasticbeanstalk.com")
    assert ":platform/Python 3.12 running on" in found["PlatformArn"]
    assert ["Successfully launched environment: shop-prod", "createEnvironment is starting."] == [
        one["Message"] for one in events
    ]
    assert timedelta(days=2) < now - events[0]["EventDate"] < timedelta(days=4)


def test_listings_take_their_filters(drop: Drop) -> None:
    """Names, ids, application and version narrow the list; nothing else is given."""

    def act(brief: Brief) -> object:
        client = eb(brief)
        asked: list[dict[str, Any]] = [
            {"EnvironmentNames": ["shop-next"]},
            {"EnvironmentIds": [brief.task]},
            {"VersionLabel": "v2"},
            {"ApplicationName": "other"},
            {},
        ]
        return [
            [one["EnvironmentName"] for one in client.describe_environments(**how)["Environments"]] for how in asked
        ]

    assert [["shop-next"], ["shop-prod"], ["shop-next"], [], ["shop-prod", "shop-next"]] == drop(SCENARIO, act)


def test_rebuild_makes_everything_anew_and_empty() -> None:
    """Within the call the stack's members are gone and the environment is another; minutes later all is there, empty."""
    told: list[Any] = []

    def agent(brief: Brief) -> str:
        rows = brief.session.client("dynamodb")
        before = eb(brief).describe_environment_resources(EnvironmentName="shop-prod")["EnvironmentResources"]
        eb(brief).rebuild_environment(EnvironmentName="shop-prod")
        told.append((seen(brief)["Status"], seen(brief)["Health"], rows.list_tables()["TableNames"]))
        brief.clock.sleep(900)
        after = eb(brief).describe_environment_resources(EnvironmentName="shop-prod")["EnvironmentResources"]
        told.append((seen(brief)["Status"], seen(brief)["Health"], rows.scan(TableName="shop-rows")["Count"]))
        told.append((before["Instances"], after["Instances"], seen(brief)["EnvironmentId"], brief.task))
        return "done"

    trial = run_trial(SCENARIO, agent)
    assert ("Updating", "Grey", []) == told[0]
    assert ("Ready", "Green", 0) == told[1]
    old, new, identifier, noted = told[2]
    assert (1, 1) == (len(old), len(new))
    assert old != new
    assert noted == identifier
    end = next(one.end for one in trial.history.calls if one.start.operation == "RebuildEnvironment")
    assert end is not None
    lost = {change.kind: change.effect for change in end.changes if change.effect.destroys}
    assert Effect.REPLACED is lost["elasticbeanstalk.environment"]
    assert {"cloudformation.stack", "dynamodb.table", "ec2.instance", "sqs.queue"} <= lost.keys()


def test_a_terminated_environment_can_be_rebuilt_under_its_id(drop: Drop) -> None:
    """Terminating, then Terminated and listed for an hour; rebuilt by its id it is back, with a new, empty table."""

    def act(brief: Brief) -> object:
        said = eb(brief).terminate_environment(EnvironmentName="shop-prod")
        at_once = seen(brief)["Status"], brief.session.client("dynamodb").list_tables()["TableNames"]
        taken = refusal(lambda: eb(brief).create_environment(ApplicationName="shop", EnvironmentName="shop-prod"))
        brief.clock.sleep(300)
        after = seen(brief)["Status"]
        hidden = eb(brief).describe_environments(IncludeDeleted=False)["Environments"]
        brief.clock.sleep(3700)
        late = seen(brief)
        eb(brief).rebuild_environment(EnvironmentId=brief.task)
        brief.clock.sleep(900)
        again = seen(brief)
        rows = brief.session.client("dynamodb").scan(TableName="shop-rows")["Count"]
        return (
            said["Status"],
            at_once,
            taken,
            after,
            len(hidden),
            late,
            again["EnvironmentId"],
            again["Status"],
            rows,
            brief.task,
        )

    status, at_once, taken, after, hidden, late, identifier, ready, rows, noted = drop(SCENARIO, act)
    assert ("Terminating", ("Terminating", [])) == (status, at_once)
    assert ("InvalidParameterValue", "Environment shop-prod already exists.") == taken
    assert ("Terminated", 1, {}) == (after, hidden, late)
    assert (noted, "Ready", 0) == (identifier, ready, rows)


def test_resources_stay_where_the_call_says_so(drop: Drop) -> None:
    """TerminateResources false takes the environment away and leaves the stack."""

    def act(brief: Brief) -> object:
        eb(brief).terminate_environment(EnvironmentName="shop-prod", TerminateResources=False)
        brief.clock.sleep(600)
        return seen(brief)["Status"], brief.session.client("dynamodb").scan(TableName="shop-rows")["Count"]

    assert ("Terminated", 1) == drop(SCENARIO, act)


def test_an_update_takes_minutes_and_can_be_aborted(drop: Drop) -> None:
    """A version is deployed after minutes; aborted, the old one is back; meanwhile nothing else can be begun."""

    def act(brief: Brief) -> object:
        client = eb(brief)
        option = {"Namespace": "aws:autoscaling:asg", "OptionName": "MinSize", "Value": "4"}
        client.update_environment(EnvironmentName="shop-prod", VersionLabel="v2", OptionSettings=[option])
        during = seen(brief)
        busy = refusal(lambda: client.rebuild_environment(EnvironmentName="shop-prod"))
        client.abort_environment_update(EnvironmentName="shop-prod")
        aborting = seen(brief)["Status"]
        brief.clock.sleep(900)
        back = seen(brief)
        kept = client.describe_configuration_settings(ApplicationName="shop", EnvironmentName="shop-prod")
        client.update_environment(EnvironmentName="shop-prod", VersionLabel="v3")
        brief.clock.sleep(300)
        idle = refusal(lambda: client.abort_environment_update(EnvironmentName="shop-prod"))
        return during, busy, aborting, back, kept["ConfigurationSettings"][0], seen(brief), idle, messages(brief)

    during, busy, aborting, back, kept, done, idle, said = drop(SCENARIO, act)
    assert ("Updating", "Grey", True, "v2") == tuple(
        during[one] for one in ("Status", "Health", "AbortableOperationInProgress", "VersionLabel")
    )
    assert busy[0] == "InvalidParameterValue"
    assert busy[1].endswith("is in an invalid state for this operation. Must be Ready.")
    assert ("Aborting", "Ready", "v1") == (aborting, back["Status"], back["VersionLabel"])
    assert ["1"] == [one["Value"] for one in kept["OptionSettings"]]
    assert ("v3", "Ready", "Green") == (done["VersionLabel"], done["Status"], done["Health"])
    assert idle[0] == "InvalidParameterValue"
    assert said.count("Environment update completed successfully.") == 1


def test_restarting_and_swapping_destroy_nothing() -> None:
    """A restart comes back as it was; after a swap each environment has the other's address; nothing is gone."""
    told: list[Any] = []

    def agent(brief: Brief) -> str:
        client, before = eb(brief), (seen(brief)["CNAME"], seen(brief, "shop-next")["CNAME"])
        client.restart_app_server(EnvironmentId=brief.task)
        brief.clock.sleep(120)
        told.append((seen(brief)["Status"], seen(brief)["Health"]))
        client.swap_environment_cnames(SourceEnvironmentName="shop-prod", DestinationEnvironmentName="shop-next")
        told.append((before, (seen(brief, "shop-next")["CNAME"], seen(brief)["CNAME"])))
        return "done"

    trial = run_trial(SCENARIO, agent)
    assert ("Ready", "Green") == told[0]
    assert told[1][0] == told[1][1]
    assert [] == [
        change for call in trial.history.calls if call.end for change in call.end.changes if change.effect.destroys
    ]


def test_an_application_with_environments_goes_only_by_force(drop: Drop) -> None:
    """DeleteApplication is refused while environments run; by force it ends them and their resources."""

    def act(brief: Brief) -> object:
        client = eb(brief)
        said = refusal(lambda: client.delete_application(ApplicationName="shop"))
        still = len(client.describe_environments()["Environments"])
        client.delete_application(ApplicationName="none")
        client.delete_application(ApplicationName="shop", TerminateEnvByForce=True)
        tables = brief.session.client("dynamodb").list_tables()["TableNames"]
        brief.clock.sleep(600)
        left = {one["Status"] for one in client.describe_environments()["Environments"]}
        return said, still, tables, client.describe_applications()["Applications"], left, messages(brief)[-1]

    said, still, tables, applications, left, last = drop(SCENARIO, act)
    assert said[0] == "OperationInProgressFailure"
    assert (2, [], []) == (still, tables, applications)
    assert {"Terminated"} == left
    assert last == "terminateEnvironment completed successfully."


def test_health_names_what_is_asked_for(drop: Drop) -> None:
    """Health of the environment and of its instance, of the attributes asked for; none asked for is an error."""

    def act(brief: Brief) -> object:
        client = eb(brief)
        whole = client.describe_environment_health(EnvironmentName="shop-prod", AttributeNames=["All"])
        part = client.describe_environment_health(EnvironmentName="shop-prod", AttributeNames=["Color"])
        none = refusal(lambda: client.describe_environment_health(EnvironmentName="shop-prod"))
        machines = client.describe_instances_health(EnvironmentName="shop-prod", AttributeNames=["All"])
        return whole, part, none, machines["InstanceHealthList"]

    whole, part, none, machines = drop(SCENARIO, act)
    assert ("Green", "Ready", 1) == (whole["Color"], whole["Status"], whole["InstancesHealth"]["Ok"])
    assert {"EnvironmentName", "Color"} == set(part) - {"ResponseMetadata"}
    assert none[0] == "InvalidRequestException"
    assert [("Ok", "v1")] == [(one["HealthStatus"], one["Deployment"]["VersionLabel"]) for one in machines]
    assert re.fullmatch("us-east-1[a-f]", machines[0]["AvailabilityZone"])


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("terminate_environment", {}),
        ("rebuild_environment", {}),
        ("update_environment", {}),
        ("restart_app_server", {}),
        ("abort_environment_update", {}),
        ("describe_environment_resources", {}),
        ("describe_environment_health", {"AttributeNames": ["All"]}),
        ("describe_instances_health", {"AttributeNames": ["All"]}),
    ],
)
def test_a_missing_name_is_refused_as_by_aws(drop: Drop, operation: str, parameters: dict[str, Any]) -> None:
    """Without a name MissingRequiredParameter, with a wrong one InvalidParameterValue; nothing is recorded as a gap."""

    def act(brief: Brief) -> object:
        call = getattr(eb(brief), operation)
        return refusal(lambda: call(**parameters)), refusal(lambda: call(EnvironmentName="none", **parameters))

    without, wrong = drop(SCENARIO, act)
    assert without[0] == "MissingRequiredParameter"
    assert ("InvalidParameterValue", "No Environment found for EnvironmentName = 'none'.") == wrong


def test_events_are_filtered(drop: Drop) -> None:
    """By environment, severity and time; the newest come first, page by page."""

    def act(brief: Brief) -> object:
        client = eb(brief)
        client.update_environment(EnvironmentName="shop-prod", VersionLabel="v2")
        client.abort_environment_update(EnvironmentName="shop-prod")
        recent = brief.clock.now() - timedelta(hours=1)
        first = client.describe_events(MaxRecords=1)
        second = client.describe_events(MaxRecords=1, NextToken=first["NextToken"])
        by_id = client.describe_events(EnvironmentId=brief.task)["Events"]
        return (
            messages(brief, Severity="WARN"),
            len(client.describe_events(StartTime=recent)["Events"]),
            first,
            second,
            by_id,
        )

    loud, recent, first, second, by_id = drop(SCENARIO, act)
    assert ["abortEnvironmentUpdate is starting."] == loud
    assert recent == 3
    assert ["abortEnvironmentUpdate is starting.", "Deploying new version to instance(s)."] == [
        one["Events"][0]["Message"] for one in (first, second)
    ]
    assert {"shop-prod"} == {one["EnvironmentName"] for one in by_id}


def test_the_same_seed_gives_the_same_history() -> None:
    """Rebuild and what follows draw by the seed alone, from a restored world each time."""

    def agent(brief: Brief) -> str:
        eb(brief).rebuild_environment(EnvironmentName="shop-prod")
        brief.clock.sleep(900)
        eb(brief).terminate_environment(EnvironmentName="shop-next")
        seen(brief)
        return str(messages(brief))

    first, second = (run_trial(SCENARIO, agent, seed=3).history.dumps() for _ in range(2))
    assert first == second


def build_versions(env: Env) -> None:
    """An application with two versions in a bucket; the environment runs the second."""
    client, files = env.session.client("elasticbeanstalk"), env.session.client("s3")
    client.create_application(ApplicationName="shop")
    files.create_bucket(Bucket="versions-of-shop")
    for number, label in enumerate(("v1", "v2")):
        files.put_object(Bucket="versions-of-shop", Key=f"{label}.zip", Body=b"code")
        with env.at(timedelta(days=9 - number)):
            bundle = {"S3Bucket": "versions-of-shop", "S3Key": f"{label}.zip"}
            client.create_application_version(ApplicationName="shop", VersionLabel=label, SourceBundle=bundle)
    client.create_environment(ApplicationName="shop", EnvironmentName="shop-prod", VersionLabel="v2")


VERSIONS = Scenario(name="versions", world=World(build=build_versions, draws=1), task="Look.")


def test_a_version_can_be_gone_back_to(drop: Drop) -> None:
    """Versions are listed, the newest first; only those that exist are deployed; one that runs is not deleted."""

    def act(brief: Brief) -> object:
        client, shop = eb(brief), {"ApplicationName": "shop"}
        listed = [one["VersionLabel"] for one in client.describe_application_versions(**shop)["ApplicationVersions"]]
        unknown = refusal(lambda: client.update_environment(EnvironmentName="shop-prod", VersionLabel="v9"))
        runs = refusal(lambda: client.delete_application_version(**shop, VersionLabel="v2"))
        twice = refusal(lambda: client.create_application_version(**shop, VersionLabel="v1"))
        client.update_environment(EnvironmentName="shop-prod", VersionLabel="v1")
        brief.clock.sleep(300)
        back = seen(brief)["VersionLabel"]
        client.delete_application_version(**shop, VersionLabel="v2", DeleteSourceBundle=True)
        left = [one["VersionLabel"] for one in client.describe_application_versions()["ApplicationVersions"]]
        files = brief.session.client("s3").list_objects_v2(Bucket="versions-of-shop")["Contents"]
        return listed, (unknown, runs, twice), back, left, [one["Key"] for one in files]

    listed, refused, back, left, files = drop(VERSIONS, act)
    assert (["v2", "v1"], "v1", ["v1"], ["v1.zip"]) == (listed, back, left, files)
    assert {"InvalidParameterValue"} == {code for code, _ in refused}
    assert "No Application Version named 'v9' found." == refused[0][1]
