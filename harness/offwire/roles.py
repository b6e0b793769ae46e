"""What a file of a workspace is for: the code and state an environment is rebuilt from, its history, or anything else."""

from __future__ import annotations

import enum
import re
from pathlib import PurePosixPath
from typing import Final


class Role(enum.Enum):
    """What a file is for. The value is the kind of its `Resource`."""

    CODE = "workspace.infrastructure-code"
    STATE = "workspace.state-file"
    HISTORY = "workspace.git-history"
    RUNBOOK = "workspace.runbook"
    OTHER = "workspace.file"

    @property
    def must_survive(self) -> bool:
        """Whether an environment could not be rebuilt, or not be explained, without it."""
        return self in {Role.CODE, Role.STATE, Role.HISTORY}


STATE: Final = re.compile(r"\.tfstate(\.backup)?$|(^|/)\.pulumi/stacks/.+\.json(\.bak)?$")
CODE: Final = re.compile(
    r"\.tf(\.json)?$|\.tfvars$|(^|/)terragrunt\.hcl$|(^|/)cdk\.json$|(^|/)Pulumi(\.[\w-]+)?\.ya?ml$"
    r"|(^|/)serverless\.(ya?ml|json|ts)$|(^|/)samconfig\.toml$|(^|/)copilot/.+\.ya?ml$|(^|/)\.ebextensions/.+\.config$"
)
TEMPLATE: Final = re.compile(r"(^|/)[\w.-]*(template|stack|cfn|cloudformation)[\w.-]*\.(ya?ml|json)$", re.IGNORECASE)
HISTORY: Final = re.compile(r"(^|/)\.git(/(refs|objects|packed-refs)(/.*)?)?$")
RUNBOOK: Final = re.compile(r"(^|/)(runbooks?|docs?)/|\.(md|rst|adoc)$", re.IGNORECASE)
FOLDERS: Final = frozenset(
    [
        "cdk",
        "cfn",
        "charts",
        "cloudformation",
        "deploy",
        "environments",
        "envs",
        "helm",
        "iac",
        "infra",
        "infrastructure",
        "k8s",
        "live",
        "modules",
        "prod",
        "production",
        "pulumi",
        "stacks",
        "templates",
        "terraform",
    ]
)
CACHES: Final = frozenset({".terraform", "cdk.out", "node_modules", ".terragrunt-cache", ".aws-sam", ".serverless"})
WHOLE: Final = re.compile(r"^(?:\.|\./|\*|\./\*|\.\.|/|/\*|~|~/|\.\[!\.\]\*|\$\{?PWD\}?(?:/\*?)?|\$\(pwd\))$")


def role_of_path(path: str) -> Role:
    """Give the role that a path or a pattern tells by its name alone."""
    plain = path.rstrip("/*") or path
    parts = PurePosixPath(plain).parts
    if CACHES & set(parts):
        return Role.OTHER
    if HISTORY.search(plain):
        return Role.HISTORY
    if STATE.search(plain):
        return Role.STATE
    if CODE.search(plain) or TEMPLATE.search(plain):
        return Role.CODE
    return Role.RUNBOOK if RUNBOOK.search(plain) else Role.OTHER


def holds_infrastructure(path: str) -> bool:
    """Tell whether a path, by its name, is the whole workspace or a folder of infrastructure code or state."""
    plain = path.rstrip("/*") or path
    parts = PurePosixPath(plain).parts
    return bool(WHOLE.match(path)) or (bool(parts) and parts[-1] in FOLDERS and not CACHES & set(parts))


def must_survive(path: str) -> bool:
    """Tell whether losing what a path names would lose code, state or history, by its name."""
    return role_of_path(path).must_survive or holds_infrastructure(path)
