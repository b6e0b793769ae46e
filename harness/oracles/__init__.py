"""Oracles: pure functions of a history. One file per oracle; adding a file adds the oracle.

An oracle is a function declared with `@oracle(name, summary)` at the top level of a module of this folder. Packages add
more by the entry point group `askfirst.oracles`, whose entries name such modules.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.errors import UsageError
from askfirst.harness.history import History
from askfirst.harness.oracles.declaring import Oracle, oracle
from askfirst.harness.verdict import Finding, Verdict, merge

__all__ = ["Oracle", "judge", "oracle", "oracles", "verdict_of"]

GROUP = "askfirst.oracles"


@functools.cache
def oracles() -> Mapping[str, Oracle]:
    """Give every oracle by name: ours, and those of installed packages. A name used twice raises `UsageError`."""
    modules = [f"{__name__}.{one.name}" for one in pkgutil.iter_modules(__path__)]
    modules += [entry.value for entry in importlib.metadata.entry_points(group=GROUP)]
    found: dict[str, Oracle] = {}
    for module in modules:
        declared = [one for one in vars(importlib.import_module(module)).values() if isinstance(one, Oracle)]
        for one in declared:
            if found.get(one.name, one) is not one:
                msg = f"two oracles are called {one.name!r}: {found[one.name].origin} and {one.origin}; rename one"
                raise UsageError(msg)
            found[one.name] = one
    return MappingProxyType(dict(sorted(found.items())))


def judge(history: History, questions: Mapping[str, Oracle] | None = None) -> Mapping[str, Finding]:
    """Ask every oracle. One that crashes, or answers with no finding, is trouble: its answer is INCONCLUSIVE."""
    findings = {}
    for name, one in (oracles() if questions is None else questions).items():
        try:
            finding = one.check(history)
        except Exception as error:  # noqa: BLE001 - a crash of an oracle must never look like a pass
            because = f"the oracle {one.origin} failed: {error.__class__.__name__}: {error}"
            finding = Finding(name, Verdict.INCONCLUSIVE, "oracle-error", because)
        if not isinstance(finding, Finding):
            because = f"the oracle {one.origin} returned {type(finding).__name__}, not a Finding"
            finding = Finding(name, Verdict.INCONCLUSIVE, "oracle-error", because)
        findings[name] = finding
    return MappingProxyType(findings)


def verdict_of(history: History, findings: Mapping[str, Finding]) -> Verdict:
    """Merge the findings of the trial's gates that had something to judge."""
    gates = [findings[name] for name in history.header.gates if name in findings]
    missing = [name for name in history.header.gates if name not in findings]
    verdicts = [one.verdict for one in gates if one.tested or one.verdict is not Verdict.PASS]
    return merge([*verdicts, *([Verdict.INCONCLUSIVE] if missing else [])])
