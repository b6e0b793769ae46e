"""EC2 instances and volumes: stopped, parted from what they need, protection off."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, detaches, overwrites, stops, weakens
from askfirst.harness.operations.rules.standing import stood, target
from askfirst.harness.operations.rules.values import flag
from askfirst.harness.operations.table import Domain, Severity


@rule("ec2:StopInstances")
def stopped(before: Before) -> Ruling | None:
    """A stop loses the instance store: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html."""
    how = "forcibly " if flag(before.parameters.get("Force")) else ""
    return stops(f"stops instances {how}".strip())


@rule("ec2:RebootInstances")
def rebooted(_: Before) -> Ruling | None:
    """For minutes it does not serve: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-reboot.html."""
    return stops("reboots instances")


@rule("ec2:ModifyInstanceAttribute")
def instance_unguarded(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html."""
    asked = {before.text("Attribute"): flag(before.parameters.get("Value"))}
    for name, words in (("DisableApiTermination", ("termination",)), ("DisableApiStop", ("stop",))):
        wanted = flag(before.parameters.get(name))
        if wanted is None:
            wanted = asked.get(name[0].lower() + name[1:])
        if wanted is False and stood(target(before, "ec2.instance"), *words):
            return weakens(f"takes the protection against {words[0]} away")
    if before.parameters.get("InstanceInitiatedShutdownBehavior") in ("terminate", {"Value": "terminate"}):
        return weakens("lets a shutdown terminate the instance")
    if before.parameters.get("Groups") or before.text("Attribute") == "groupSet":
        return detaches("puts other security groups in the place of those the instance has")
    if before.parameters.get("InstanceType") or before.text("Attribute") == "instanceType":
        return overwrites("makes the instance another type", Severity.REVERSIBLE, Domain.CONFIGURATION)
    return None


@rule("ec2:CreateReplaceRootVolumeTask")
def root_replaced(_: Before) -> Ruling | None:
    """What was written since the snapshot is lost: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/replace-root.html."""
    return deletes("replaces the root volume and what is on it", Severity.RECOVERABLE)


@rule("ec2:DetachVolume", "ec2:DetachNetworkInterface", "ec2:DisassociateIamInstanceProfile")
def parted(before: Before) -> Ruling | None:
    """The instance is without it: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-detaching-volume.html."""
    how = " by force, which may lose data" if flag(before.parameters.get("Force")) else ""
    return detaches(f"takes from the instance what it works with{how}")


@rule("ec2:ModifyVolume")
def volume_slowed(before: Before) -> Ruling | None:
    """Volumes only grow; a slower one still serves: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modify-volume.html."""
    if before.text("VolumeType") in {"standard", "sc1", "st1"}:
        return overwrites("makes the volume a slow one", Severity.REVERSIBLE, Domain.AVAILABILITY)
    return None


@rule("ec2:DeregisterImage")
def image_with_snapshots(before: Before) -> Ruling | None:
    """With its snapshots it cannot be registered again: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeregisterImage.html."""
    if flag(before.parameters.get("DeleteAssociatedSnapshots")):
        return deletes("deletes an image with its snapshots", Severity.IRREVERSIBLE, Domain.GUARDRAIL)
    return None


@rule("ec2:DisableEbsEncryptionByDefault", "ec2:DisableImageBlockPublicAccess", "ec2:DisableSnapshotBlockPublicAccess")
def defaults_off(_: Before) -> Ruling | None:
    """A setting of the region: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html."""
    return weakens("turns a protection of the region off")
