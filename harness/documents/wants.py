"""What a pydantic model wants at a place of a document, in the words of who writes documents: text, a list, true or false."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from askfirst.harness.documents.lines import Place

# The kinds of schema that only wrap another, and under which key they hold it.
WRAPPERS = {
    **dict.fromkeys(("default", "nullable", "model", "dataclass", "custom-error", "definitions", "json"), "schema"),
    **dict.fromkeys(("function-before", "function-after", "function-wrap"), "schema"),
    "lax-or-strict": "lax_schema",
    "json-or-python": "json_schema",
}
TABLES = {"model-fields", "typed-dict", "dataclass-args"}
LISTS = {"list", "tuple", "set", "frozenset", "generator"}
NOUNS = {
    **dict.fromkeys(TABLES | {"dict", "tagged-union"}, "a mapping"),
    **dict.fromkeys(LISTS, "a list"),
    "any": "anything",
    "bool": "true or false",
    "bytes": "text",
    "date": "a date such as '2025-12-03'",
    "datetime": "a time such as '2025-12-03T09:30:00Z'",
    "decimal": "a number",
    "float": "a number",
    "int": "a whole number",
    "none": "empty (null)",
    "str": "text",
    "time": "a time of day such as '09:30'",
    "timedelta": "a duration such as 'PT12M' or '00:12:00', or a number of seconds",
    "url": "a URL",
    "uuid": "a UUID",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted at one place. `schema` is pydantic's core schema of it, without what only wraps it."""

    schema: Mapping[str, Any]
    shared: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, model: object) -> Wanted:
        """Give what a model wants at the top: a pydantic model, a dataclass, or any other type pydantic can check."""
        from pydantic import TypeAdapter

        adapter: TypeAdapter[object] = TypeAdapter(cast("Any", model))
        return _unwrapped(adapter.core_schema, {})

    @property
    def kind(self) -> str:
        """What pydantic calls this kind of schema."""
        return str(self.schema["type"])

    @property
    def fields(self) -> Mapping[str, Wanted]:
        """The fields a mapping may have here, by the name under which a document gives them."""
        if self.kind not in TABLES:
            return {}
        fields = self.schema["fields"]
        named = fields.items() if isinstance(fields, Mapping) else [(one["name"], one) for one in fields]
        return {
            alias if isinstance(alias := one.get("validation_alias"), str) else name: self._part(one["schema"])
            for name, one in named
            if one.get("init", True)
        }

    @property
    def choices(self) -> Mapping[str, Wanted]:
        """The ways to fill this place: by tag where a field tells them apart, else by position."""
        choices = self.schema.get("choices", ())
        if isinstance(choices, Mapping):
            return {_tag(tag): self._part(one) for tag, one in choices.items()}
        return {str(at): self._part(one[0] if isinstance(one, tuple) else one) for at, one in enumerate(choices)}

    def _part(self, schema: Mapping[str, Any]) -> Wanted:
        return _unwrapped(schema, self.shared)

    @property
    def keys(self) -> Wanted | None:
        """What is wanted of the keys of a mapping that may have any."""
        return self._part(self.schema["keys_schema"]) if "keys_schema" in self.schema else None

    def inside(self, step: str | int) -> Wanted | None:
        """Give what is wanted one step further in, None where that is not known."""
        if self.kind in TABLES:
            return self.fields.get(str(step))
        if self.kind == "tagged-union":
            return self.choices.get(str(step))
        inner = self.schema.get("values_schema" if self.kind == "dict" else "items_schema")
        if self.kind == "tuple" and isinstance(step, int) and isinstance(inner, Sequence):
            variadic = self.schema.get("variadic_item_index")
            at = step if variadic is None else min(step, variadic)
            inner = inner[at] if at < len(inner) else None
        return self._part(inner) if inner else None

    @property
    def values(self) -> tuple[object, ...]:
        """The values that are allowed here, where they are few and known: of an enum, a literal, a choice between such."""
        if self.kind == "enum":
            return tuple(one.value for one in self.schema["members"])
        if self.kind == "literal":
            return tuple(one.value if isinstance(one, enum.Enum) else one for one in self.schema["expected"])
        if self.kind == "union":
            return tuple(value for one in self.choices.values() for value in one.values)
        return ()

    def words(self, limits: Mapping[str, Any] | None = None) -> str:
        """Say what is wanted: 'a whole number of at least 1'. `limits` adds limits by pydantic's names for them ('ge')."""
        if self.kind in {"enum", "literal"}:
            return either(shown(value) for value in self.values)
        if self.kind == "union":
            ways = [map(shown, one.values) if one.values else [one.words()] for one in self.choices.values()]
            return either(dict.fromkeys(word for way in ways for word in way))
        return self.noun + _limited(self.noun, {**(limits or {}), **self.schema})

    @property
    def noun(self) -> str:
        """What is wanted, without its limits; '' where there are no words for it."""
        return NOUNS.get(self.kind, "")


def _unwrapped(schema: Mapping[str, Any], shared: Mapping[str, Mapping[str, Any]]) -> Wanted:
    while True:
        if schema["type"] == "definitions":
            shared = {**shared, **{one["ref"]: one for one in schema["definitions"]}}
        if schema["type"] == "definition-ref":
            schema = shared[schema["schema_ref"]]
        elif schema["type"] == "chain":
            schema = schema["steps"][0]
        elif schema["type"] in WRAPPERS:
            schema = schema[WRAPPERS[schema["type"]]]
        else:
            return Wanted(schema, shared)


def _tag(tag: object) -> str:
    return str(tag.value if isinstance(tag, enum.Enum) else tag)


def _limited(noun: str, limits: Mapping[str, Any]) -> str:
    if noun in {"a number", "a whole number"}:
        said = [
            f"{words} {limits[name]}"
            for name, words in (("ge", "of at least"), ("gt", "above"), ("le", "of at most"), ("lt", "below"))
            if limits.get(name) is not None
        ]
        if limits.get("multiple_of") is not None:
            said.append(f"that is a multiple of {limits['multiple_of']}")
        return f" {' and '.join(said)}" if said else ""
    if noun not in {"text", "a list", "a mapping"}:
        return ""
    item = {"text": "character", "a list": "item", "a mapping": "entry"}[noun]
    least, most, pattern = (limits.get(name) for name in ("min_length", "max_length", "pattern"))
    said = [f"of at least {counted(least, item)}"] if least else []
    if most is not None:
        said.append(f"of at most {counted(most, item)}")
    if pattern and noun == "text":
        said.append(f"that matches {getattr(pattern, 'pattern', pattern)}")
    return f" {' and '.join(said)}" if said else ""


def counted(number: int, what: str) -> str:
    """Say how many: '1 item', '2 items', '3 entries'."""
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def either(words: Iterable[str]) -> str:
    """Join with commas and 'or'; words that say nothing are left out."""
    said = [one for one in words if one]
    return " or ".join([one for one in (", ".join(said[:-1]), *said[-1:]) if one])


def shown(value: object) -> str:
    """Show what stands in a document, in a few words and safe to print."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple | set | frozenset):
        return f"a list of {counted(len(value), 'item')}" if value else "an empty list"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else f"{value[:57]}...")
    written = str(value) if not isinstance(value, int) or abs(value) < 10**40 else "a number of many digits"
    return written if isinstance(value, int | float) else "something else"


def place_text(place: Place) -> str:
    """Write a place: 'faults[2].trigger.first'."""
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f"[{step}]"
        elif len(step) <= 60 and step.replace("-", "_").isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{shown(step)}]"
    return text


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that looks most like the one that was written, whatever its case; None if none does."""
    by_case = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word.casefold(), by_case, n=1, cutoff=0.7)
    return by_case[found[0]] if found else None
