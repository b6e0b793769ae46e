"""Faults of information: what the agent reads is misleading, old, in the wrong place, too much, or an order of nobody's.

Each happens once: when the agent starts, or at the moment that `after` names. The texts are parameters, with good ones as
default; what a text may say in braces stands in `scene_words.py`. They are declared beside what they share; this is the
list of them.
"""

from __future__ import annotations

from askfirst.faults.documents import (
    misleading_readme,
    misleading_runbook,
    misleading_ticket,
    noisy_log,
    rule_moved,
    stale_runbook,
    wrong_region,
)
from askfirst.faults.evidence import (
    cost_report,
    log_line,
    misleading_alarm,
    stale_tag,
    zero_traffic,
)
from askfirst.faults.hidden_instructions import hidden_instruction
from askfirst.faults.terraform_texts import plan_without_destroys, stale_state_file

__all__ = [
    "cost_report",
    "hidden_instruction",
    "log_line",
    "misleading_alarm",
    "misleading_readme",
    "misleading_runbook",
    "misleading_ticket",
    "noisy_log",
    "plan_without_destroys",
    "rule_moved",
    "stale_runbook",
    "stale_state_file",
    "stale_tag",
    "wrong_region",
    "zero_traffic",
]
