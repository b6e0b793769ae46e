"""Finds scenarios, faults and agents by name: ours, those of installed packages, and those in a user's files.

The only place of `harness/` from which `faults/` and `agents/` are reached, and only by name.
- A scenario is a `Scenario` at the top level of a module: of `faults/scenarios/`, of an entry point of the group
  `askfirst.scenarios`, of a file in a folder of the user's (see `scenario_paths`), or of a `.py` file given by path
  (`incident.py`, or `incident.py:NAME` where it holds several).
- A fault is declared with `@fault` at the top level of a module: of `faults/`, of an entry point of the group
  `askfirst.faults`, or of a `.py` file that a plan names under `uses`.
- An agent is named `scheme:argument`. The module `agents/<scheme>` (or an entry point of the group `askfirst.agents`)
  has `make(argument, scenario) -> Agent` and `available() -> [(name, summary)]`, and may have
  `capabilities() -> [Capability]`.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType

from askfirst.harness import policy, scenario_paths
from askfirst.harness import scenario as scenarios_module
from askfirst.harness.agent import Agent
from askfirst.harness.errors import AskfirstError, ScenarioError, UnknownName, UsageError
from askfirst.harness.faulting.declaring import Kind
from askfirst.harness.scenario import Scenario

SCENARIOS = "askfirst.faults.scenarios"
AGENTS = "askfirst.agents"
FAULTS = "askfirst.faults"
SEE_AGENTS = "askfirst agents"


@dataclass(frozen=True, slots=True)
class Listed:
    """A name one can use, what it is, and where it comes from."""

    name: str
    summary: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """How a program that is an agent behaves: a comparison of agents without this compares how they were started.

    `version` is '' where it is not installed, `headless` what it does where it would ask and nobody is there, `asks` how
    it asks otherwise, `model` the setting that says where its model is, '' for none; `live` False: never run for real.
    """

    agent: str
    version: str
    headless: str
    asks: str
    model: str
    live: bool = True


def load_scenario(name: str) -> Scenario:
    """Give a scenario by its name, or from a file (`path.py` or `path.py:NAME`).

    Raises `UnknownName` with suggestions, or `ScenarioError` with file and line where the file has a mistake.
    """
    if not isinstance(name, str):
        msg = f"load_scenario takes the name of a scenario or the path of a file, not {type(name).__name__}"
        raise UsageError(msg)
    path, _, wanted = name.partition(":")
    if path.endswith(".py") or os.sep in path:
        return _one_of(scenarios_in(Path(path)), wanted, path)
    known = scenarios()
    if name in known:
        return known[name]
    what = "scenario"
    raise UnknownName(what, name, known, see="askfirst list")


def scenarios() -> Mapping[str, Scenario]:
    """Give every scenario by name: ours, those of installed packages, and those in the user's folders.

    A name used twice raises `ScenarioError`.
    """
    return _scenarios(scenario_paths.files())


def own_scenarios() -> tuple[Scenario, ...]:
    """Give the scenarios that come with askfirst, and no others."""
    package = importlib.import_module(SCENARIOS)
    modules = [f"{SCENARIOS}.{one.name}" for one in pkgutil.iter_modules(package.__path__) if not one.ispkg]
    return tuple(one for module in modules for one in _in_module(importlib.import_module(module)))


@functools.cache
def _scenarios(files: tuple[Path, ...]) -> Mapping[str, Scenario]:
    package = importlib.import_module(SCENARIOS)
    modules = [f"{SCENARIOS}.{one.name}" for one in pkgutil.iter_modules(package.__path__) if not one.ispkg]
    modules += [entry.value for entry in importlib.metadata.entry_points(group="askfirst.scenarios")]
    held = [(module, _in_module(importlib.import_module(module))) for module in modules]
    held += [(str(file), _in_module(_load(file))) for file in files]
    found: dict[str, Scenario] = {}
    for where, own in held:
        for one in own:
            if one.name in found:
                msg = f"the name {one.name!r} is used by another scenario: rename this one"
                raise ScenarioError(msg, where=where)
            found[one.name] = one
    return MappingProxyType(dict(sorted(found.items())))


def scenarios_in(path: Path) -> tuple[Scenario, ...]:
    """Give the scenarios of a file; a mistake in it raises `ScenarioError` with the line."""
    if not path.is_file():
        msg = "there is no such file: give the path of a .py file that holds a Scenario(...)"
        raise ScenarioError(msg, where=str(path))
    found = _in_module(_load(path))
    if not found:
        msg = "the file holds no Scenario: add one at its top level, SCENARIO = Scenario(name=..., world=..., task=...)"
        raise ScenarioError(msg, where=str(path))
    return found


def _load(path: Path) -> ModuleType:
    # A name of its own for each file: with that of another module, Python would read this one's source there.
    digest = hashlib.sha256(str(path.absolute()).encode(errors="surrogateescape")).hexdigest()[:12]
    name = f"askfirst_user_{path.stem}_{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        msg = "Python cannot load this file"
        raise ScenarioError(msg, where=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    beside = str(path.parent.absolute())
    if beside not in sys.path:  # at the end: what lies beside a scenario hides no package
        sys.path.append(beside)
    importlib.invalidate_caches()  # it may be a moment old
    try:
        spec.loader.exec_module(module)
    except AskfirstError as error:
        raise ScenarioError(str(error), where=_place(error, path)) from error
    except SyntaxError as error:
        msg = f"{error.msg}: {(error.text or '').strip()}"
        raise ScenarioError(msg, where=f"{path}:{error.lineno}") from error
    except SystemExit as error:
        msg = f"the file calls sys.exit({error.code!r}) when it is imported: move that to a main()"
        raise ScenarioError(msg, where=_place(error, path)) from None
    except Exception as error:
        msg = _wrong_field(error) or f"{type(error).__name__}: {error}"
        raise ScenarioError(msg, where=_place(error, path)) from error
    return module


def _wrong_field(error: Exception) -> str:
    """Say which field was meant where one of ours got an argument it does not have; '' for any other error."""
    found = re.match(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'", str(error))
    kind = found and (getattr(scenarios_module, found[1], None) or getattr(policy, found[1], None))
    if not found or not dataclasses.is_dataclass(kind):
        return ""
    known = [one.name for one in dataclasses.fields(kind)]
    near = difflib.get_close_matches(found[2], known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known)}."
    return f"{found[1]} has no field {found[2]!r}: {hint}"


def _place(error: BaseException, path: Path) -> str:
    lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if Path(one.filename) == path.absolute()]
    lines = lines or [
        one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith(path.name)
    ]
    return f"{path}:{lines[-1]}" if lines else str(path)


def _in_module(module: ModuleType) -> tuple[Scenario, ...]:
    """Give the scenarios of a module; one that has two names in it is one scenario."""
    found = {id(one): one for one in vars(module).values() if isinstance(one, Scenario)}
    return tuple(found.values())


def _one_of(found: tuple[Scenario, ...], wanted: str, path: str) -> Scenario:
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            msg = f"two scenarios in this file are called {name!r}: rename one"
            raise ScenarioError(msg, where=path)
    if wanted:
        if wanted not in names:
            what = f"scenario in {path}"
            raise UnknownName(what, wanted, names)
        return found[names.index(wanted)]
    if len(names) > 1:
        msg = f"the file holds {len(names)} scenarios: say which, {' or '.join(f'{path}:{name}' for name in names)}"
        raise ScenarioError(msg, where=path)
    return found[0]


def faults(files: tuple[Path, ...] = ()) -> Mapping[str, Kind[...]]:
    """Give every declared fault by name: ours, those of installed packages, and those of these files.

    A name used twice raises `UsageError`; a mistake in a file or package is told with its place.
    """
    found = dict(_installed_faults())
    for path in files:
        if not path.is_file():
            msg = f"{path}: there is no such file: give the path of a .py file with functions declared by @fault"
            raise UsageError(msg)
        declared = _faults_of(_load(path))
        if not declared:
            msg = f"{path}: the file declares no fault: write @fault(Site..., ...) above a function"
            raise UsageError(msg)
        _add_faults(found, declared)
    return MappingProxyType(found)


@functools.cache
def _installed_faults() -> Mapping[str, Kind[...]]:
    package = importlib.import_module(FAULTS)
    modules = [f"{FAULTS}.{one.name}" for one in pkgutil.iter_modules(package.__path__) if not one.ispkg]
    modules += [entry.value for entry in importlib.metadata.entry_points(group=FAULTS)]
    found: dict[str, Kind[...]] = {}
    for module in modules:
        try:
            imported = importlib.import_module(module)
        except AskfirstError:
            raise
        except Exception as error:
            msg = f"the faults of {module} cannot be loaded: {type(error).__name__}: {error}. Mend or remove that package."
            raise UsageError(msg) from error
        _add_faults(found, _faults_of(imported))
    return MappingProxyType(dict(sorted(found.items())))


def _faults_of(module: ModuleType) -> list[Kind[...]]:
    """Give the faults a module declares itself; those it imports belong to others."""
    return [one for one in vars(module).values() if isinstance(one, Kind) and one.origin == module.__name__]


def _add_faults(found: dict[str, Kind[...]], declared: Iterable[Kind[...]]) -> None:
    for one in declared:
        other = found.setdefault(one.name, one)
        if other.function is not one.function:
            msg = f"two faults are called {one.name!r}: of {other.origin} and of {one.origin}; rename one"
            raise UsageError(msg)


def agent_named(name: str, scenario: Scenario) -> Agent:
    """Give the agent of a name such as `reference:deleter` or `python:package.module:function`."""
    scheme, _, argument = name.partition(":")
    known = _schemes()
    if scheme not in known:
        raise _no_such_agent(name)
    try:
        agent = importlib.import_module(known[scheme]).make(argument, scenario)
    except SystemExit as error:
        msg = (
            f"the code of the agent {name!r} calls sys.exit({error.code!r}) when it is imported: move that to a main()"
        )
        raise UsageError(msg) from None
    if not isinstance(agent, Agent):
        msg = f"{known[scheme]}.make returned {type(agent).__name__}, which is no Agent"
        raise UsageError(msg)
    return agent


def _no_such_agent(name: str) -> UnknownName:
    """Give the error for a name of no known kind: often the kind was left out ('deleter', 'my_module:my_agent')."""
    listed = [one.name for one in agents()]
    without_kind = [one for one in listed if one.partition(":")[2] == name]
    of_a_module = [f"python:{name}"] if ":" in name and all(map(str.isidentifier, re.split("[.:]", name))) else []
    what = "agent"
    if near := difflib.get_close_matches(name, listed, n=1, cutoff=0.8):
        return UnknownName(what, name, near, see=SEE_AGENTS)
    return UnknownName(what, name, without_kind or of_a_module or listed, see=SEE_AGENTS)


def agents() -> Iterable[Listed]:
    """List the agents that can be named; a kind with an argument of the user's own is listed once."""
    for scheme, module in sorted(_schemes().items()):
        for name, summary in importlib.import_module(module).available():
            yield Listed(f"{scheme}:{name}", summary, module)


def capabilities() -> Iterable[Capability]:
    """Give what is known of programs that are agents, as they are found on this machine; their versions are asked for."""
    for _, module in sorted(_schemes().items()):
        told = getattr(importlib.import_module(module), "capabilities", None)
        if told is not None:
            yield from told()


@functools.cache
def _schemes() -> Mapping[str, str]:
    package = importlib.import_module(AGENTS)
    found = {one.name.replace("_", "-"): f"{AGENTS}.{one.name}" for one in pkgutil.iter_modules(package.__path__)}
    for entry in importlib.metadata.entry_points(group="askfirst.agents"):
        if entry.name in found:
            msg = f"two kinds of agent are called {entry.name!r}: {found[entry.name]} and {entry.value}; rename one"
            raise UsageError(msg)
        found[entry.name] = entry.value
    return MappingProxyType(found)
