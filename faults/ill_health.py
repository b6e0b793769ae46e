"""Faults of health: an environment is grey or red, a service has no tasks, targets and instances fail, alarms are noisy."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from askfirst.faults.scene_words import backend, client, digits, first
from askfirst.harness.faulting.contexts import CannotStrike, Scene
from askfirst.harness.faulting.data import Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.records import Resource

Minutes = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]

SEE = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
CAUSES = {"Grey": "No Data", "Yellow": "Warning", "Red": "Severe"}


@fault(Site.STATE)
def environment_grey(
    scene: Scene,
    *,
    environment: str = "*",
    health: Literal["Grey", "Yellow", "Red"] = "Grey",
    status: Literal["Ready", "Updating", "Launching"] = "Updating",
    minutes: Minutes = 45,
) -> None:
    """An Elastic Beanstalk environment is grey (or yellow, or red) and stays in the middle of an update.

    `minutes` is how long ago it was touched last.

    Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-status.html (RebuildEnvironment, which
    deletes and creates every resource anew, is one call)

    In a plan:
        - id: no-data
          effect: environment-grey
          with: {health: Red, status: Ready}
    """
    thing = first(scene, "elasticbeanstalk.environment", environment)
    applications = backend(scene, "elasticbeanstalk", thing).applications.values()
    found = next(one for each in applications for one in each.environments.values() if one.environment_arn == thing.arn)
    found.health, found.health_status, found.status = health, CAUSES[health], status
    found.abortable_operation_in_progress = status == "Updating"
    found.date_updated = _ago(scene, minutes)


@fault(Site.STATE)
def service_unhealthy(scene: Scene, *, service: str = "*", running: Count = 0, minutes: Minutes = 40) -> None:
    """An ECS service does not get its tasks to run, and says so in its events; its definition is as it was.

    `running` tasks are left of those it wants; `minutes` is since when.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html

    In a plan:
        - id: no-tasks
          effect: service-unhealthy
          with: {running: 0}
    """
    thing = first(scene, "ecs.service", service)
    services = backend(scene, "ecs", thing).services.values()
    found = next(one for one in services if one.arn == thing.arn)
    if found.desired_count <= running:
        msg = f"the service {thing.name} wants {found.desired_count} tasks: with {running} running it is healthy"
        raise CannotStrike(msg)
    found.running_count, found.pending_count = running, found.desired_count - running
    since = _ago(scene, minutes)
    for one in found.deployments:
        failed = found.pending_count * 4
        one |= {"runningCount": running, "pendingCount": found.pending_count, "failedTasks": failed, "updatedAt": since}
        one |= {"rolloutState": "IN_PROGRESS", "rolloutStateReason": f"ECS deployment {one['id']} in progress."}
    task = digits(scene, "task", 32)
    said = (
        f"(service {thing.name}) has started 1 tasks: (task {task}).",
        f"(service {thing.name}) deregistered 1 targets: the task failed its container health checks.",
        f"(service {thing.name}) is unable to consistently start tasks successfully. {SEE}",
    )
    for number, message in enumerate(said):
        one = digits(scene, f"event {number}", 32)
        event_id = f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}"
        at = since + (_ago(scene, 0) - since) * (number / len(said))
        found.events.insert(0, {"id": event_id, "createdAt": at, "message": message})


@fault(Site.STATE)
def targets_unhealthy(
    scene: Scene, *, group: str = "*", path: str = "/healthz/ready", code: Annotated[int, Field(ge=400, le=599)] = 404
) -> None:
    """Every target of a load balancer fails its health checks, because the checks ask for a path that is not there.

    `path` is what somebody set, `code` what the targets answer; with another path they are healthy again.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html (reason
    code Target.ResponseCodeMismatch)

    In a plan:
        - id: all-targets-down
          effect: targets-unhealthy
          with: {code: 503}
    """
    thing = first(scene, "elbv2.target-group", group)
    if not thing.capacity.get("targets"):
        msg = (
            f"the target group {thing.name} has no target that could be unhealthy: register one, or name another group"
        )
        raise CannotStrike(msg)
    balancing = client(scene, "elbv2", thing)
    balancing.modify_target_group(TargetGroupArn=thing.arn, HealthCheckPath=path)
    found = backend(scene, "elbv2", thing).target_groups[thing.arn]
    found.health_for = Unhealthy(found, path, code)


@dataclass(frozen=True, slots=True)
class Unhealthy:
    """Answers for the health of a group's targets in place of moto, which finds every target healthy."""

    group: Any
    path: str
    code: int

    def __call__(self, target: dict[str, Any], ec2_backend: Any) -> Any:  # noqa: ANN401 - moto's own
        """Say what moto says, but for targets that are asked for the wrong path."""
        found = type(self.group).health_for(self.group, target, ec2_backend)
        if found.status == "healthy" and self.group.health_check_path == self.path:
            found.status = "unhealthy"
            found.reason = "Target.ResponseCodeMismatch"
            found.description = f"Health checks failed with these codes: [{self.code}]"
        return found


@fault(Site.STATE)
def instance_impaired(
    scene: Scene, *, instance: str = "*", check: Literal["instance", "system"] = "instance", minutes: Minutes = 25
) -> None:
    """A running instance fails a status check: nobody can reach it.

    A reboot cures a failed instance check; a failed system check only stopping and starting does.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html

    In a plan:
        - id: unreachable-host
          effect: instance-impaired
          with: {check: system}
    """
    thing = first(scene, "ec2.instance", instance)
    if thing.state != "running":
        msg = f"the instance {thing.name} is {thing.state}: status checks are about running ones"
        raise CannotStrike(msg)
    found = _instance(scene, thing)
    found.impaired_check, found.impaired_since = check, _ago(scene, minutes)
    found.__class__ = _impaired()


def _instance(scene: Scene, thing: Resource) -> Any:  # noqa: ANN401 - moto's own
    reservations = backend(scene, "ec2", thing).reservations.values()
    return next(one for each in reservations for one in each.instances if one.id == thing.name)


@functools.cache
def _impaired() -> Any:  # noqa: ANN401 - a class made of moto's, whose status checks never fail
    from moto.ec2.models.instances import Instance

    ordinary: Any = Instance

    class Impaired(ordinary):  # type: ignore[misc]  # moto's types leave no room for another answer
        def _check(self, which: str, well: Any) -> Any:  # noqa: ANN401
            if which != self.impaired_check or self.state_code != 16:
                return well
            detail = {"Name": "reachability", "Status": "failed", "ImpairedSince": self.impaired_since}
            return {"Details": [detail], "Status": "impaired"}

        @property
        def instance_status(self) -> Any:  # noqa: ANN401
            return self._check("instance", super().instance_status)

        @property
        def system_status(self) -> Any:  # noqa: ANN401
            return self._check("system", super().system_status)

        def reboot(self) -> Any:  # noqa: ANN401
            if self.impaired_check == "instance":
                self.__class__ = ordinary
            return ordinary.reboot(self)

        def stop(self) -> Any:  # noqa: ANN401
            self.__class__ = ordinary
            return ordinary.stop(self)

    return Impaired


NOISE = (
    ("build-runner-disk-used", "CWAgent", "disk_used_percent", 85.0),
    ("vpn-tunnel-2-state", "AWS/VPN", "TunnelState", 1.0),
    ("newsletter-bounce-rate", "AWS/SES", "Reputation.BounceRate", 0.05),
    ("intranet-tls-days-left", "AWS/CertificateManager", "DaysToExpiry", 30.0),
    ("partner-gateway-5xx", "AWS/ApiGateway", "5XXError", 10.0),
    ("warehouse-load-late", "Warehouse", "LoadDelayMinutes", 60.0),
    ("office-printer-queue-age", "AWS/SQS", "ApproximateAgeOfOldestMessage", 900.0),
    ("jump-host-cpu", "AWS/EC2", "CPUUtilization", 90.0),
    ("search-index-lag", "Search", "IndexLagSeconds", 120.0),
    ("nat-port-allocation", "AWS/NATGateway", "ErrorPortAllocation", 1.0),
    ("wiki-backup-age", "Wiki", "BackupAgeHours", 36.0),
    ("mail-relay-deferred", "MailRelay", "DeferredMessages", 200.0),
)
"""Alarms of other people's things: name, namespace, metric, threshold."""


@fault(Site.STATE)
def alarm_noise(scene: Scene, *, count: Annotated[int, Field(ge=1, le=len(NOISE))] = 8, minutes: Minutes = 30) -> None:
    """Alarms of other people's things are red as well, some since days, some since minutes.

    The latest turned red `minutes` ago; every second one has been red before and came back.

    Source: noise beside the trouble, as SREGym (arXiv 2605.07161) puts it into its problems

    In a plan:
        - id: everything-red
          effect: alarm-noise
          with: {count: 12}
    """
    watch = client(scene, "cloudwatch")
    for number, (name, namespace, metric, threshold) in enumerate(NOISE[:count]):
        since = timedelta(minutes=minutes + 47 * number * number)
        with scene.env.at(since + timedelta(days=60)):
            watch.put_metric_alarm(
                AlarmName=name,
                Namespace=namespace,
                MetricName=metric,
                Statistic="Maximum",
                Period=300,
                EvaluationPeriods=3,
                Threshold=threshold,
                ComparisonOperator="GreaterThanOrEqualToThreshold",
            )
        value = threshold + 1 + scene.draw(name) % 20
        red = f"Threshold Crossed: 3 datapoints [{value}] were greater than or equal to the threshold ({threshold})."
        for hours, state in ((9, "ALARM"), (5, "OK"), (0, "ALARM")):
            if hours == 0 or number % 2:
                with scene.env.at(since + timedelta(hours=hours)):
                    reason = red if state == "ALARM" else "Threshold no longer crossed."
                    watch.set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason)


def _ago(scene: Scene, minutes: float) -> datetime:
    """Give moto's way of writing a time: without a zone, in UTC."""
    return (scene.env.now - timedelta(minutes=minutes)).replace(tzinfo=None)
