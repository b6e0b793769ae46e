"""CloudFormation and Elastic Beanstalk. What a template takes away is predicted elsewhere, by comparing templates."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, overwrites, plans, stops, weakens
from askfirst.harness.operations.rules.standing import stood, target
from askfirst.harness.operations.rules.values import document, flag, mappings, texts
from askfirst.harness.operations.table import Domain, Severity


@rule("cloudformation:UpdateTerminationProtection")
def protection_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html."""
    if flag(before.parameters.get("EnableTerminationProtection")) is False and stood(target(before), "termination"):
        return weakens("takes the termination protection of the stack away")
    return None


@rule("cloudformation:SetStackPolicy", "cloudformation:UpdateStack")
def policy_of_nothing(before: Before) -> Ruling | None:
    """A policy without a deny protects nothing: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html."""
    for name in ("StackPolicyBody", "StackPolicyDuringUpdateBody"):
        policy = document(before.parameters.get(name))
        if not policy or any(one.get("Effect") == "Deny" for one in mappings(policy.get("Statement"))):
            continue
        everything = any("*" in texts(one.get("Resource")) for one in mappings(policy.get("Statement")))
        if everything and stood(target(before, "cloudformation."), "policy"):
            return weakens("lets an update do anything to members of the stack")
    return None


@rule("cloudformation:DeleteChangeSet")
def plan_discarded(_: Before) -> Ruling | None:
    """A change set is a plan: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-delete.html."""
    return plans("discards a plan")


@rule("cloudformation:DeleteStack")
def forced(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html."""
    if before.text("DeletionMode") == "FORCE_DELETE_STACK":
        return deletes("deletes the stack and leaves behind what cannot be deleted")
    return None


@rule("elasticbeanstalk:TerminateEnvironment", "elasticbeanstalk:RebuildEnvironment")
def environment_gone(before: Before) -> Ruling | None:
    """Rebuilding deletes all resources and makes them anew: https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_RebuildEnvironment.html."""
    if flag(before.parameters.get("TerminateResources")) is False:
        return deletes("gives the environment up, and leaves its resources", Severity.RECOVERABLE, Domain.AVAILABILITY)
    anew = " and makes it anew" if before.action.endswith("RebuildEnvironment") else ""
    return deletes(f"deletes the environment with its resources{anew}")


@rule("elasticbeanstalk:SwapEnvironmentCNAMEs")
def names_swapped(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_SwapEnvironmentCNAMEs.html."""
    return overwrites("swaps the addresses of two environments", Severity.REVERSIBLE, Domain.AVAILABILITY)


@rule("elasticbeanstalk:RestartAppServer")
def restarted(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_RestartAppServer.html."""
    return stops("restarts the servers of the environment")


@rule("elasticbeanstalk:UpdateEnvironment")
def scaled_to_nothing(before: Before) -> Ruling | None:
    """Options of the group behind it: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html."""
    for one in mappings(before.parameters.get("OptionSettings")):
        if (
            one.get("Namespace") == "aws:autoscaling:asg"
            and one.get("OptionName") == "MaxSize"
            and one.get("Value") == "0"
        ):
            return stops("scales the environment to 0", Severity.IRREVERSIBLE)
    return None


@rule("elasticbeanstalk:DeleteApplication")
def application_with_environments(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DeleteApplication.html."""
    if flag(before.parameters.get("TerminateEnvByForce")):
        return deletes("deletes the application with its environments", domain=Domain.AVAILABILITY)
    return None
