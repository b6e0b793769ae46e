"""Lambda: functions that are throttled to nothing, cut from what calls them, emptied, or given code that destroys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.code import destructive, named_in, sources
from askfirst.harness.operations.rules.saying import executes, harmless, overwrites, plans, revokes, stops, weakens
from askfirst.harness.operations.rules.standing import served, stood, target
from askfirst.harness.operations.rules.values import at, flag
from askfirst.harness.operations.table import Domain, Severity


@rule("lambda:PutFunctionConcurrency")
def throttled(before: Before) -> Ruling | None:
    """0 throttles every invocation: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html."""
    if before.number("ReservedConcurrentExecutions") == 0 and served(target(before), "concurren"):
        return stops("lets no invocation through")
    return None


@rule("lambda:DeleteFunctionConcurrency", "lambda:DeleteProvisionedConcurrencyConfig")
def unlimited(_: Before) -> Ruling | None:
    """The limit goes, the function stays: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html."""
    return harmless("takes a limit away, no function")


@rule("lambda:UpdateFunctionConfiguration")
def environment_emptied(before: Before) -> Ruling | None:
    """The variables given replace all: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html."""
    wanted = at(before.parameters, "Environment", "Variables")
    if "Environment" in before.parameters:
        function, given = target(before, "lambda.function"), wanted if isinstance(wanted, Mapping) else {}
        had = function.parts.get("environment") if function is not None else None
        if isinstance(had, Mapping):
            lost = sorted(name for name in had if not given.get(name))
            if lost:
                return overwrites(
                    f"drops variables of the function: {', '.join(lost[:3])}", domain=Domain.CONFIGURATION
                )
        elif not given and (function is None or not function.parts):
            return overwrites("leaves the function without variables", domain=Domain.CONFIGURATION)
    dead = before.parameters.get("DeadLetterConfig")
    if isinstance(dead, Mapping) and not dead.get("TargetArn") and stood(target(before), "dead"):
        return weakens("takes the dead-letter queue of the function away")
    return None


@rule("lambda:UpdateAlias")
def alias_repointed(before: Before) -> Ruling | None:
    """Callers of the alias get another version: https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html."""
    version, name = before.text("FunctionVersion"), before.text("Name")
    ways = [way for one in before.targets for way in one.open]
    if not version or any(way.rsplit(" ", 1)[-1] == version and (name in way or len(ways) == 1) for way in ways):
        return None
    return overwrites(f"points the alias to version {version}", Severity.REVERSIBLE, Domain.AVAILABILITY)


@rule("lambda:UpdateEventSourceMapping")
def mapping_disabled(before: Before) -> Ruling | None:
    """It polls no more: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html."""
    if flag(before.parameters.get("Enabled")) is False and served(target(before), "enabled"):
        return stops("stops reading from the source of events")
    return None


@rule("lambda:UpdateFunctionCode", "lambda:CreateFunction")
def code_destroys(before: Before) -> Ruling | None:
    """Code runs when it is called, in the name of the function's role."""
    code = before.sent.get("Code")
    archive = code.get("ZipFile") if isinstance(code, Mapping) else before.sent.get("ZipFile")
    texts = [one for one in sources(archive) if destructive(one)]
    if not texts:
        return None
    ruling = executes(f"puts code that calls {destructive(texts[0])}")
    return replace(ruling, about=named_in("\n".join(texts), before.state))


@rule("lambda:RemovePermission", "lambda:RemoveLayerVersionPermission")
def permission_removed(_: Before) -> Ruling | None:
    """Whoever had it cannot invoke any more: https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html."""
    return revokes("takes the permission to invoke away")


@rule("lambda:Invoke")
def invocation_tried(before: Before) -> Ruling | None:
    """InvocationType DryRun only asks for permission: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html."""
    if before.text("InvocationType") == "DryRun":
        return plans("only asks whether it might")
    return None
