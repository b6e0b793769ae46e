"""EC2, what computes and what it stores on: instances, volumes, snapshots, images, and what they are started from."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id
from askfirst.harness.aws.kinds.ec2_words import ec2_arn, elastic, place, yes

RUNS = frozenset({"running", "pending"})


def _instances(backend: Any) -> Iterable[Any]:
    return [instance for reservation in backend.reservations.values() for instance in reservation.instances]


def _instance(instance: Any, backend: Any) -> Reading:
    """Read an instance: what is attached to it are the ways that must stay.

    Termination and stop protection: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
    """
    state = instance.state
    profile = backend.iam_instance_profile_associations.get(instance.id)
    nics = instance.nics
    address = elastic(nics[0].public_ip if 0 in nics else None, backend)
    ways = [f"volume {one.volume_id} at {device}" for device, one in instance.block_device_mapping.items()]
    ways += [f"group {one.id}" for one in instance.security_groups]
    ways += [f"interface {one.id}" for one in nics.values()]
    if address:
        ways.append(f"address {address}")
    if profile is not None:
        ways.append(f"profile {profile.iam_instance_profile.arn}")
    subnet = instance.subnet_id
    return Reading(
        state=state,
        content=(
            instance.instance_type,
            instance.image_id,
            instance.key_name,
            instance.user_data,
            instance.source_dest_check,
            instance.monitoring_state,
            instance.instance_initiated_shutdown_behavior,
        ),
        guards={
            "termination protection": yes(instance.disable_api_termination),
            "stop protection": yes(instance.disable_api_stop),
        },
        capacity={"running": 1.0 if state in RUNS else 0.0},
        open=tuple(ways),
        uses=(f"{place(backend)}subnet/{subnet}",) if subnet else (),
        managed_by=_group(instance),
    )


def _group(instance: Any) -> str:
    """Give the Auto Scaling group that launched an instance, and launches another if it goes."""
    group = getattr(instance, "autoscaling_group", None)
    return str(group.arn) if group is not None else ""


def _volume(volume: Any, backend: Any) -> Reading:
    """Read a volume: that it outlives its instance is a guardrail of it."""
    attachment = volume.attachment
    kept = 1.0
    if attachment is not None:
        device = attachment.instance.block_device_mapping.get(attachment.device)
        kept = 0.0 if device is not None and device.delete_on_termination else 1.0
    source = volume.snapshot_id
    return Reading(
        state="available" if attachment is None else "in-use",
        content=(volume.size, volume.volume_type, volume.iops, volume.throughput, volume.kms_key_id),
        guards={"kept at termination": kept, "encryption": yes(volume.encrypted)},
        backs_up=f"{place(backend)}snapshot/{source}" if source else "",
        managed_by=_group(attachment.instance) if attachment is not None and not kept else "",
    )


def _snapshots(backend: Any) -> Iterable[Any]:
    own = backend.account_id
    return [one for one in backend.snapshots.values() if one.owner_id == own]


def _snapshot(snapshot: Any, backend: Any) -> Reading:
    # moto makes a volume of its own behind the snapshot of an image, and deletes it at once.
    source = f"image/{snapshot.from_ami}" if snapshot.from_ami else f"volume/{snapshot.volume.id}"
    users = sorted(snapshot.create_volume_permission_userids)
    groups = sorted(snapshot.create_volume_permission_groups)
    return Reading(
        state=snapshot.status,
        content=(snapshot.kms_key_id, snapshot.storage_tier),
        open=tuple(f"for {one}" for one in (*users, *groups)),
        backs_up=place(backend) + source,
    )


def _images(backend: Any) -> Iterable[Any]:
    """Give the account's own images: those of AWS and of sellers are there without being its own."""
    own = backend.account_id
    return [one for one in backend.amis.values() if one.owner_id == own]


def _image(image: Any, backend: Any) -> Reading:
    here = place(backend)
    allowed = sorted("group " + one["Group"] if "Group" in one else str(one) for one in image.launch_permissions)
    return Reading(
        state=image.state,
        content=(image.name, image.architecture, image.description),
        aliases=(image.name,) if image.name else (),
        capacity={"available": 0.0 if image.state == "disabled" else 1.0},
        open=tuple(f"for {one}" for one in allowed),
        uses=(f"{here}snapshot/{image.ebs_snapshot.id}",),
        backs_up=f"{here}instance/{image.instance_id}" if image.instance_id else "",
    )


def _template(template: Any, _: Any) -> Reading:
    """Read a launch template: each version of it is a piece, kept under its number."""
    return Reading(
        items=len(template.versions),
        content=template.default_version_number,
        aliases=(template.name,),
        parts={"versions": {str(one.number): repr(one.data) for one in template.versions}},
    )


def _fleet(fleet: Any, _: Any) -> Reading:
    return Reading(state=fleet.state, capacity={"target": float(fleet.target_capacity or 0)})


def _host(host: Any, _: Any) -> Reading:
    return Reading(state=host.state, content=(host.auto_placement, host.host_recovery))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="ec2.instance",
        service="ec2",
        members=_instances,
        arn=ec2_arn("instance"),
        name=own_id,
        read=_instance,
    ),
    Kind(
        kind="ec2.volume",
        service="ec2",
        members=lambda backend: backend.volumes.values(),
        arn=ec2_arn("volume"),
        name=own_id,
        read=_volume,
    ),
    Kind(
        kind="ec2.snapshot",
        service="ec2",
        members=_snapshots,
        arn=ec2_arn("snapshot"),
        name=own_id,
        read=_snapshot,
    ),
    Kind(
        kind="ec2.image",
        service="ec2",
        members=_images,
        arn=ec2_arn("image"),
        name=own_id,
        read=_image,
    ),
    Kind(
        kind="ec2.key-pair",
        service="ec2",
        members=lambda backend: backend.key_pairs.values(),
        arn=ec2_arn("key-pair"),
        name=lambda pair: str(pair.key_name),
        read=lambda pair, _: Reading(content=pair.key_type, aliases=(pair.id,)),
    ),
    Kind(
        kind="ec2.launch-template",
        service="ec2",
        members=lambda backend: backend.launch_templates.values(),
        arn=ec2_arn("launch-template"),
        name=own_id,
        read=_template,
    ),
    Kind(
        kind="ec2.fleet",
        service="ec2",
        members=lambda backend: backend.fleets.values(),
        arn=ec2_arn("fleet"),
        name=own_id,
        read=_fleet,
    ),
    Kind(
        kind="ec2.host",
        service="ec2",
        members=lambda backend: backend.hosts.values(),
        arn=ec2_arn("dedicated-host"),
        name=own_id,
        read=_host,
    ),
)
