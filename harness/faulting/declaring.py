"""How a fault is declared: `@fault(site, phase, ...)` above a function, in `faults/`, a user's file, or a package.

    @fault(Site.AWS_RESPONSE, Phase.REFUSE, Phase.LOSE)
    def brownout(call: Struck, *, status: int = 503) -> Error:
        '''The service is up, but not for you.'''
        return Error("ServiceUnavailable", "Service is currently unavailable", status)

The function's name is the fault's name in a plan ('brownout'), its keyword parameters are what a plan may say `with`. The
type of its first parameter says what it is given and when it is called:

- `Struck`: before each attempt at a call the fault has chosen; it gives a reaction (`reactions.py`), or None to let it pass.
- `Scene`: once, to change account and workspace, when the agent starts or at the moment `after` names; it gives nothing.
- `Asked`: for each request chosen; it gives the answers of the people (a tuple of `Answer`), or `ChannelDown`.
- `Office`: once, at the moment `after` names; it gives nothing.
- `Rights`: once, when the agent starts or at the moment `after` names; it gives the rights that hold from then on.
- `Briefing`: once, before the agent starts; it gives the text of the task.
- `Turn`, `ToolCall`: for the model side and the shell; it gives a `ModelReaction` or a `ToolReaction`.

Called, the declared fault gives a `Fault` for a plan: `brownout(status=500).on("rds:*").first(3)`.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec

from askfirst.harness.errors import UsageError
from askfirst.harness.faulting.data import Caller, Phase, Planned, Selector, Site

if TYPE_CHECKING:
    from pydantic import JsonValue

P = ParamSpec("P")

CONTEXTS = ("Struck", "Scene", "Asked", "Office", "Rights", "Briefing", "Turn", "ToolCall")
"""The types a fault's first parameter may have."""

SELECTING = frozenset({"Struck", "Asked", "Turn", "ToolCall"})
"""What a selector is about; the others happen once."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[P]):
    """A declared fault. Equal names are equal kinds. `origin` is the module, `given` the type of the first parameter."""

    name: str
    site: Site
    phases: tuple[Phase, ...]
    given: str
    function: Callable[..., object] = field(compare=False, repr=False)

    @property
    def origin(self) -> str:
        """The module it is declared in."""
        return self.function.__module__

    @property
    def summary(self) -> str:
        """What happens, in one sentence."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @property
    def text(self) -> str:
        """The whole docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def example(self) -> str:
        """The fault in a plan: what stands indented below 'In a plan:' in the docstring; '' where it has none."""
        _, _, below = self.text.partition("In a plan:\n")
        lines = below.split("\n")
        end = next((place for place, line in enumerate(lines) if line and not line.startswith(" ")), len(lines))
        return inspect.cleandoc("\n" + "\n".join(lines[:end]))

    @property
    def source(self) -> str:
        """Where it happened or is documented: what follows 'Source:' in the docstring."""
        _, _, after = self.text.partition("Source:")
        return " ".join(re.split(r"\n\s*\n|\nIn a plan:", after, maxsplit=1)[0].split())

    def __call__(self, *args: P.args, **parameters: P.kwargs) -> Fault:
        """Make a fault of a plan, with these parameters; raises `UsageError` where they do not fit."""
        if args:
            msg = f"{self.name}: say its parameters by name"
            raise UsageError(msg)
        return self.planned(typing.cast("dict[str, JsonValue]", dict(parameters)))

    def planned(self, parameters: dict[str, JsonValue]) -> Fault:
        """Make a fault of a plan with the first phase of the kind, about everything if it is about one thing only."""
        from askfirst.harness.faulting.parameters import checked

        return Fault(
            id=self.name,
            effect=self.name,
            site=self.site,
            phase=self.phases[0],
            parameters=checked(self, parameters),
            kind=self,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Planned):
    """A fault of a plan with what carries it out. Each method gives a new fault with one thing changed."""

    kind: Kind[...] = field(compare=False, repr=False)

    def on(
        self,
        what: str = "*",
        *,
        resource: str = "*",
        region: str = "*",
        caller: Caller = Caller.AGENT,
        **parameters: JsonValue,
    ) -> Fault:
        """Say what it is about: 'service:Operation' with globs, or '*' for everything; further keywords are parameters."""
        select = selector(what)
        return replace(
            self, select=replace(select, resource=resource, region=region, caller=caller, parameters=parameters)
        )

    def nth(self, number: int) -> Fault:
        """Strike the nth only, counted from 1."""
        return replace(self, trigger=replace(self.trigger, nth=number, first=None, every=None))

    def first(self, number: int = 1) -> Fault:
        """Strike the first `number`."""
        return replace(self, trigger=replace(self.trigger, first=number, nth=None, every=None))

    def every(self, number: int) -> Fault:
        """Strike each `number`th."""
        return replace(self, trigger=replace(self.trigger, every=number, nth=None, first=None))

    def after(self, moment: str) -> Fault:
        """Strike from a moment on: '10m', 'granted', 'call cloudformation:UpdateStack' (see `moments.py`)."""
        return replace(self, trigger=replace(self.trigger, after=moment))

    def until(self, moment: str) -> Fault:
        """Strike up to a moment."""
        return replace(self, trigger=replace(self.trigger, until=moment))

    def during(self, standing: str) -> Fault:
        """Strike while a resource is in a state: 'cost-explorer-prod is UPDATE_*'."""
        return replace(self, trigger=replace(self.trigger, standing=standing))

    def sometimes(self, probability: float) -> Fault:
        """Strike with this probability, drawn for each call by itself."""
        return replace(self, trigger=replace(self.trigger, probability=probability))

    def attempts(self, number: int) -> Fault:
        """Strike only the first `number` attempts the SDK makes at a call."""
        return replace(self, trigger=replace(self.trigger, attempts=number))

    def phased(self, phase: Phase) -> Fault:
        """Strike in another phase of the kind."""
        return replace(self, phase=phase)

    def named(self, name: str) -> Fault:
        """Give it an id of its own."""
        return replace(self, id=name)

    def as_key(self) -> Fault:
        """Mark it as the fault the trial is about."""
        return replace(self, key=True)

    @property
    def data(self) -> Planned:
        """The fault without what carries it out."""
        return Planned(
            id=self.id,
            effect=self.effect,
            site=self.site,
            phase=self.phase,
            select=self.select,
            trigger=self.trigger,
            parameters=self.parameters,
            key=self.key,
        )


def selector(what: str) -> Selector:
    """Read the short form of a selector: 'service:Operation', 'service', or '*' and 'everything' for everything."""
    if what in {"*", "everything"}:
        return Selector()
    service, _, operation = what.partition(":")
    return Selector(service=service or "*", operation=operation or "*")


Declared = Callable[[Callable[Concatenate[Any, P], object]], Kind[P]]


def fault(site: Site, *phases: Phase) -> Callable[[Callable[Concatenate[Any, P], object]], Kind[P]]:
    """Declare the function below as a fault at a site, in one of these phases; the first is the usual one.

    Raises `UsageError` where the function cannot be a fault.
    """

    def declare(function: Callable[Concatenate[Any, P], object]) -> Kind[P]:
        name = getattr(function, "__name__", "").replace("_", "-")
        where = f"{getattr(function, '__module__', '?')}: the fault {name!r}"
        if not isinstance(function, types.FunctionType):
            msg = f"{where} must be a plain function"
            raise UsageError(msg)
        given, *others = inspect.signature(function).parameters.values() or (None,)
        annotation = "" if given is None else getattr(given.annotation, "__name__", str(given.annotation))
        found = annotation.rsplit(".", 1)[-1]
        if found not in CONTEXTS:
            msg = f"{where}: its first parameter must have one of the types {', '.join(CONTEXTS)}, not {found!r}"
            raise UsageError(msg)
        if any(one.kind is not inspect.Parameter.KEYWORD_ONLY for one in others):
            msg = f"{where}: all its parameters but the first must be keyword-only: write `*` after the first"
            raise UsageError(msg)
        if not (inspect.getdoc(function) or "").strip():
            msg = f"{where} needs a docstring: its first sentence says what happens"
            raise UsageError(msg)
        usual = (Phase.REFUSE,) if found == "Struck" else (Phase.ACT,)
        return Kind(name, site, phases or usual, found, function)

    return declare
