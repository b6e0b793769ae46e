"""Programs that manage infrastructure: which of their commands destroy, and which only change.

Each rule is a verb, perhaps with a flag, and what it does; the options with which nothing happens stand beside it.
https://developer.hashicorp.com/terraform/cli/commands, https://docs.aws.amazon.com/cdk/v2/guide/cli.html,
https://www.pulumi.com/docs/iac/cli/commands/, https://kubernetes.io/docs/reference/kubectl/, https://helm.sh/docs/helm/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from askfirst.harness.offwire.intents import Ran, Reader, changes, destroys
from askfirst.harness.operations.table import Domain, OperationClass, Severity
from askfirst.harness.records import Intent

HELP: Final = frozenset({"-h", "-help", "--help"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One command of a program: the words it begins with, and a flag it must have ('' for none)."""

    verbs: str
    flag: str = ""
    kind: OperationClass = OperationClass.DELETE
    domain: Domain = Domain.DATA
    severity: Severity = Severity.IRREVERSIBLE


@dataclass(frozen=True, slots=True)
class Tool:
    """A program: its rules, the first that fits counts; flags that make it do nothing; options that take a value."""

    rules: tuple[Rule, ...]
    nothing: frozenset[str] = frozenset()
    valued: frozenset[str] = field(default_factory=frozenset)

    def read(self, ran: Ran) -> Sequence[Intent]:
        """Say what a command line of the program does."""
        if (self.nothing | HELP) & ran.flags or any(word in HELP for word in ran.arguments):
            return []
        words = ran.bare(self.valued)
        for rule in self.rules:
            verbs = tuple(rule.verbs.split())
            if words[: len(verbs)] == verbs and (not rule.flag or _flagged(ran, rule.flag)):
                what = " ".join(filter(None, (ran.name, rule.verbs, rule.flag)))
                names = words[len(verbs) :]
                if rule.kind is OperationClass.DELETE:
                    return destroys(what, ran, rule.domain, rule.severity, names)
                return changes(what, ran, rule.domain, rule.kind, names)
        return []


def _flagged(ran: Ran, flag: str) -> bool:
    """Tell whether a flag is given; '--replicas=0' wants its value as well."""
    return flag in ran.flags or flag in ran.arguments or (flag.partition("=")[0] + " 0" in " ".join(ran.arguments))


def _change(*verbs: str) -> tuple[Rule, ...]:
    return tuple(Rule(one, kind=OperationClass.OVERWRITE, domain=Domain.CONFIGURATION) for one in verbs)


def _stop(*verbs: str) -> tuple[Rule, ...]:
    return tuple(Rule(one, kind=OperationClass.STOP, domain=Domain.AVAILABILITY) for one in verbs)


STATE_ONLY: Final = (Domain.CONFIGURATION, Severity.RECOVERABLE)

TERRAFORM: Final = Tool(
    (
        Rule("destroy"),
        Rule("apply", "-destroy"),
        Rule("apply", "--destroy"),
        Rule("apply", "-replace"),
        Rule("apply", "--replace"),
        Rule("taint"),
        Rule("state rm", "", OperationClass.DELETE, *STATE_ONLY),
        Rule("state push", "-force", OperationClass.DELETE, *STATE_ONLY),
        Rule("workspace delete", "", OperationClass.DELETE, *STATE_ONLY),
        Rule("run-all destroy"),
        Rule("destroy-all"),
        Rule("run destroy"),
        *_change("apply", "state push", "state mv", "force-unlock", "run-all apply", "run apply"),
    ),
    nothing=frozenset({"-version", "--version"}),
    valued=frozenset({"-target", "-var", "-var-file", "-state", "-lock-timeout", "-backend-config"}),
)
CDK: Final = Tool(
    (Rule("destroy"), *_change("deploy", "import", "rollback", "refactor")),
    valued=frozenset(
        ["--profile", "-a", "--app", "-c", "--context", "-o", "--output", "--role-arn", "-r", "--toolkit-stack-name"]
    ),
)
PULUMI: Final = Tool(
    (
        Rule("destroy"),
        Rule("down"),
        Rule("stack rm"),
        Rule("state delete", "", OperationClass.DELETE, *STATE_ONLY),
        *_change("up", "update", "refresh", "import", "state rename", "stack import", "cancel"),
    ),
    nothing=frozenset({"--preview-only"}),
    valued=frozenset(["-C", "--cwd", "-s", "--stack", "-t", "--target", "-m", "--message", "--color"]),
)
SAM: Final = Tool(
    (Rule("delete"), *_change("deploy", "sync")), valued=frozenset({"--stack-name", "--region", "--profile"})
)
EKSCTL: Final = Tool(
    (
        *(Rule(f"delete {one}") for one in ("cluster", "nodegroup", "ng", "fargateprofile", "addon")),
        Rule("delete", domain=Domain.ACCESS),
        *_stop("drain"),
        *_change("scale", "upgrade", "update", "replace"),
    ),
    valued=frozenset({"-r", "--region", "-p", "--profile", "-v"}),
)
ELASTIC_BEANSTALK: Final = Tool((Rule("terminate"), *_change("deploy", "restore", "swap", "upgrade"), *_stop("abort")))
COPILOT: Final = Tool(
    (
        *(Rule(f"{one} delete") for one in ("app", "env", "svc", "job", "pipeline", "task")),
        *_change("deploy", "app upgrade", "svc deploy", "env deploy", "job deploy"),
    )
)
SERVERLESS: Final = Tool((Rule("remove"), *_change("deploy", "rollback")))
KUBECTL: Final = Tool(
    (
        *_stop("delete pod", "delete pods", "delete po", "drain", "cordon"),
        Rule("delete"),
        Rule("replace", "--force"),
        Rule("apply", "--prune"),
        Rule("scale", "--replicas=0", OperationClass.STOP, Domain.AVAILABILITY),
        *_change("apply", "replace", "patch", "edit", "scale", "rollout undo", "rollout restart", "set"),
    ),
    nothing=frozenset({"--dry-run"}),
    valued=frozenset(
        [
            "-n",
            "--namespace",
            "--context",
            "--cluster",
            "--kubeconfig",
            "-f",
            "--filename",
            "-l",
            "--selector",
            "-o",
            "--user",
            "-s",
        ]
    ),
)
GITHUB: Final = Tool((Rule("repo delete"), *_change("repo archive")), nothing=frozenset({"--dry-run"}))
HELM: Final = Tool(
    (
        *(Rule(one) for one in ("uninstall", "delete", "del", "un")),
        *_change("upgrade", "rollback"),
    ),
    nothing=frozenset({"--dry-run"}),
    valued=frozenset({"-n", "--namespace", "--kube-context", "--kubeconfig"}),
)

TARGET: Final = re.compile(
    r"(?:tf|infra|terraform|cdk|stack|env)?[-_:]?(?:destroy|teardown|tear-down|nuke)(?:[-_:]\w+)*$"
)


def _make(ran: Ran) -> Sequence[Intent]:
    """Read the name of a target or script: the only word there is of what it would run."""
    words = ran.bare(frozenset({"-C", "-f", "-j", "--directory", "--file"}))
    words = words[1:] if ran.name in {"npm", "yarn", "pnpm"} and words[:1] == ("run",) else words
    if ran.flags & {"-n", "--dry-run", "--just-print", "--recon"}:
        return []
    fitting = [word for word in words if TARGET.match(word)]
    return destroys(f"{ran.name} {fitting[0]}", ran, Domain.DATA) if fitting else []


def _nuke(ran: Ran) -> Sequence[Intent]:
    real = "--no-dry-run" in ran.flags if ran.name == "aws-nuke" else "--dry-run" not in ran.flags
    return destroys(ran.name, ran, Domain.DATA) if real and ran.bare() else []


def _kops(ran: Ran) -> Sequence[Intent]:
    """Without --yes, kops prints what it would do (https://kops.sigs.k8s.io/cli/kops_delete_cluster/)."""
    return destroys("kops delete", ran, Domain.DATA) if ran.bare()[:1] == ("delete",) and "--yes" in ran.flags else []


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **dict.fromkeys(("terraform", "tofu", "terragrunt"), TERRAFORM.read),
        "cdk": CDK.read,
        "pulumi": PULUMI.read,
        "sam": SAM.read,
        "eksctl": EKSCTL.read,
        "eb": ELASTIC_BEANSTALK.read,
        "copilot": COPILOT.read,
        **dict.fromkeys(("serverless", "sls"), SERVERLESS.read),
        **dict.fromkeys(("kubectl", "oc"), KUBECTL.read),
        "helm": HELM.read,
        "gh": GITHUB.read,
        **dict.fromkeys(("make", "just", "task", "npm", "yarn", "pnpm"), _make),
        **dict.fromkeys(("aws-nuke", "cloud-nuke"), _nuke),
        "kops": _kops,
    }
)
SPEAK_TO_AWS: Final = frozenset(
    {"terraform", "tofu", "terragrunt", "cdk", "pulumi", "sam", "eksctl", "eb", "copilot", "serverless", "sls"}
)
"""Programs whose commands send requests to AWS that nobody in process sees."""

STAY_HERE: Final = frozenset({"fmt", "validate", "version", "graph", "--version", "-version", "-v", "synth", "help"})
"""First words with which they send none."""


def speaks(ran: Ran) -> bool:
    """Tell whether a command line of such a program sends requests to AWS."""
    first = next((word for word in ran.arguments if not word.startswith("-")), "")
    return not (HELP & set(ran.arguments)) and first not in STAY_HERE and not (not first and STAY_HERE & ran.flags)
