"""What adapters of programs tell the trial, and what they must know of it: the side of a brief that agents have no use for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.events import Event
from askfirst.harness.policy import Authority
from askfirst.harness.records import Blob, Grant, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Made by the trial. Safe to call from any thread while the agent works.

    `refused(address, aws)` tells of an attempt to leave, `started(arguments)` of a command line, `turned_away(actions,
    reason)` of what the host's gate refused by itself, `record` of anything else. `keys` is the environment with which a
    look of the harness itself is signed: what it does is not the agent's doing. `accounts` are the accounts by name,
    `home` is the name of the home account, `role` of the role the agent acts by. `in_home` are texts that the scenario has
    in HOME, by path there. `hidden` are folders that no program of the agent may see; `seconds_left` is real time.
    `keep(text)` gives a text as events hold it; `authority` is the rule of authorization, `understood` reads a request
    without making one, and `grants` are those made so far, ended ones too: for adapters that answer a gate.
    """

    refused: Callable[[str, bool], object]
    started: Callable[[tuple[str, ...]], object]
    record: Callable[[Event], object]
    turned_away: Callable[[tuple[str, ...], str], object]
    keys: Mapping[str, str]
    accounts: Mapping[str, str]
    home: str
    role: str
    partition: str
    in_home: Mapping[str, str]
    hidden: tuple[Path, ...]
    seconds_left: Callable[[], float]
    keep: Callable[[str], str | Blob]
    authority: Authority
    understood: Callable[[Sequence[str], Sequence[str], str], Scope]
    grants: Callable[[], tuple[Grant, ...]]
