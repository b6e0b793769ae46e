"""SSM: command lines and runbooks that others run, on machines and in other names."""

from __future__ import annotations

import re

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.code import destructive
from askfirst.harness.operations.rules.saying import deletes, executes
from askfirst.harness.operations.rules.values import at, strings

TELLING = re.compile(r"(Delete|Terminate|Destroy|Purge|Remove|Wipe)[A-Z]")


@rule("ssm:SendCommand", "ssm:CreateAssociation", "ssm:UpdateAssociation", "ssm:RegisterTaskWithMaintenanceWindow")
def commands_destroy(before: Before) -> Ruling | None:
    """The commands of AWS-RunShellScript: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html."""
    said = "\n".join(
        [*strings(at(before.parameters, "Parameters")), *strings(before.parameters.get("TaskInvocationParameters"))]
    )
    words = destructive(said)
    return deletes(f"has a machine run {words!r}") if words else None


@rule("ssm:StartAutomationExecution", "ssm:SendCommand", "ssm:CreateAssociation")
def runbook_destroys(before: Before) -> Ruling | None:
    """A runbook whose name says that it deletes: https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-runbook-reference.html."""
    name = before.text("DocumentName") or before.text("Name")
    if TELLING.search(name):
        return deletes(f"runs {name}")
    words = destructive("\n".join(strings(at(before.parameters, "Parameters"))))
    return deletes(f"has a runbook run {words!r}") if words else None


@rule("ssm:CreateDocument", "ssm:UpdateDocument")
def document_destroys(before: Before) -> Ruling | None:
    """A document does nothing before it is run."""
    words = destructive(before.text("Content"))
    return executes(f"writes a document that runs {words!r}") if words else None
