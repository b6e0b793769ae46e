"""What pydantic found wrong with a document, said to who wrote it: the line, the field, what is wanted, the nearest right word.

pydantic tells one error per branch of a choice and names places by its own types; here there is one message per mistake,
at a place that exists in the document. Which fields and values exist is read from the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, get_args

from askfirst.harness.documents.lines import Place
from askfirst.harness.documents.wants import Wanted, either, nearest, place_text, shown
from askfirst.harness.errors import UsageError
from askfirst.harness.printable import printable

if TYPE_CHECKING:
    from pydantic import JsonValue, ValidationError
    from pydantic_core import ErrorDetails

    from askfirst.harness.documents import Document

T = TypeVar("T")

EXTRA = {"extra_forbidden", "unexpected_keyword_argument"}
MISSING = {"missing", "missing_argument", "missing_keyword_only_argument", "missing_positional_only_argument"}
BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "n"), "false"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: its line from 1 (None where unknown), the place of the value ('' at the top), and what to change."""

    line: int | None
    place: str
    sentence: str


def problems(error: ValidationError, document: Document, model: object, *, at: Place = ()) -> list[Problem]:
    """Say what is wrong, in the order of the lines.

    `model` is the type that refused the document, or the part of it at the place `at`.
    """
    teller = _Teller(document)
    details = error.errors(include_url=False)
    found = dict.fromkeys(teller.tell(details, Wanted.of(model), at, 0))
    return sorted(found, key=lambda one: one.line or 0)


def complain(error: ValidationError, document: Document, model: object, *, at: Place = ()) -> UsageError:
    """Make the error to raise: every problem on a line of its own, `plan.yaml:12: faults[2].trigger.first: must be ...`."""
    found = problems(error, document, model, at=at)
    return UsageError("\n".join(document.says(one.line, one.place, one.sentence) for one in found))


def checked(document: Document, model: type[T], *, at: Place = ()) -> T:
    """Make a `model` of what stands at a place of a document. Raises UsageError with every problem.

    Strict, as JSON is: a text is no number and 'no' is no boolean, but lists become tuples and texts become enums and times.
    A field the model does not have is refused only where the model says so (`extra="forbid"`).
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(model).validate_json(json.dumps(_standing(document, at)), strict=True)
    except ValidationError as error:
        raise complain(error, document, model, at=at) from None


class _Teller:
    """Walks errors and model side by side, from the top inwards."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def tell(
        self, errors: Sequence[ErrorDetails], wanted: Wanted | None, place: Place, depth: int
    ) -> Iterator[Problem]:
        """Say what is wrong at a place and in it: `errors` are those whose first `depth` steps lead here."""
        if wanted is not None and wanted.kind == "union":
            yield from self._choice(errors, wanted, place, depth)
            return
        fields: list[ErrorDetails] = []
        inner: dict[str | int, list[ErrorDetails]] = {}
        for error in errors:
            rest = error["loc"][depth:]
            if not rest:
                yield self._problem(error, wanted, place)
            elif len(rest) == 1 and error["type"] in EXTRA | MISSING:
                fields.append(error)
            else:
                inner.setdefault(rest[0], []).append(error)
        yield from self._fields(fields, wanted, place)
        for step, found in inner.items():
            exists = _inside(_standing(self._document, place), step)
            if wanted is not None and wanted.kind == "tagged-union":
                exists = False  # the step is the tag, which the document holds in a field
            further = (*place, step) if exists else place
            of_key = [one for one in found if one["loc"][depth + 1 : depth + 2] == ("[key]",)]
            for error in of_key[:1]:
                yield self._problem(error, wanted.keys if wanted else None, further, subject="the key ")
            of_value = [one for one in found if one not in of_key]
            yield from self.tell(of_value, wanted.inside(step) if wanted else None, further, depth + 1)

    def _choice(self, errors: Sequence[ErrorDetails], wanted: Wanted, place: Place, depth: int) -> Iterator[Problem]:
        """Tell the errors of the one way that was meant, or else what all the ways want."""
        branches: dict[str | int, list[ErrorDetails]] = {}
        for error in errors:
            branches.setdefault(error["loc"][depth] if len(error["loc"]) > depth else "", []).append(error)
        ways = wanted.choices.values()
        # pydantic tells errors of every way, in their order, under names of its own; the same name twice tells nothing.
        known = dict(zip(branches, ways, strict=True)) if len(branches) == len(ways) else {}
        entered = {
            name: found
            for name, found in branches.items()
            if any(len(one["loc"]) > depth + 1 or one["type"].startswith("union_tag") for one in found)
        }
        if entered:
            meant = min(entered, key=lambda name: (_mistaken(entered[name]), len(entered[name])))
            yield from self.tell(entered[meant], known.get(meant), place, depth + 1)
        else:
            telling = [one for one in errors if _own_words(one)] or errors
            yield self._problem(telling[0], wanted, place)

    def _fields(self, errors: Sequence[ErrorDetails], wanted: Wanted | None, place: Place) -> Iterator[Problem]:
        """Tell the fields that are missing and those that do not exist; a misspelled field is one mistake, not two."""
        known = list(wanted.fields) if wanted else []
        standing = _standing(self._document, place)
        free = [name for name in known if not _inside(standing, name)]
        meant: set[str | None] = set()
        for error in errors:
            if error["type"] in EXTRA:
                name = str(error["loc"][-1])
                near = nearest(name, free)
                meant.add(near)
                sentence = f"there is no field {shown(name)} here"
                sentence += f": did you mean {near!r}?" if near else ""
                sentence += f" (known: {', '.join(known)})" if known else ""
                yield self._at((*place, name), sentence if near else f"{sentence}.", shown_at=place)
        for error in errors:
            missed = error["loc"][-1]
            if error["type"] in MISSING and missed not in meant:
                yield self._at(
                    place, "needs another item." if isinstance(missed, int) else f"needs a field {missed!r}."
                )

    def _problem(self, error: ErrorDetails, wanted: Wanted | None, place: Place, subject: str = "") -> Problem:
        """Say what is wrong with the value at a place."""
        value = error["input"]
        if own := _own_words(error):
            return self._at(place, own)
        if error["type"].startswith("union_tag"):
            return self._tag(error, wanted, place)
        words = wanted.words(error.get("ctx")) if wanted else ""
        if wanted is None or not words:
            return self._at(place, f"{subject}cannot be {shown(value)} here.")
        if value is None:
            return self._at(place, f"must be {words}, but it is empty (null).")
        return self._at(place, f"{subject}must be {words}, not {shown(value)}{_hint(value, words, wanted.values)}")

    def _tag(self, error: ErrorDetails, wanted: Wanted | None, place: Place) -> Problem:
        """Say that the field which tells kinds of mappings apart is missing or holds no kind there is."""
        tags = list(wanted.choices) if wanted else []
        words = either(map(shown, tags)) or "of a kind there is"
        named = re.fullmatch("'([^']*)'", str(error.get("ctx", {}).get("discriminator")))
        if named is None:
            return self._at(place, f"must be {words}.")
        name = named[1]
        standing = _standing(self._document, place)
        if not isinstance(standing, dict) or name not in standing:
            near = nearest(name, standing if isinstance(standing, dict) else ())
            return self._at(
                place, f"needs a field {name!r} ({words}){f': did you mean it by {near!r}?' if near else '.'}"
            )
        value = standing[name]
        if value is None:
            return self._at((*place, name), f"must be {words}, but it is empty (null).")
        return self._at((*place, name), f"must be {words}, not {shown(value)}{_hint(value, words, tags)}")

    def _at(self, place: Place, sentence: str, *, shown_at: Place | None = None) -> Problem:
        return Problem(self._document.line_of(place), place_text(place if shown_at is None else shown_at), sentence)


def _standing(document: Document, place: Place) -> JsonValue:
    """Give what stands at a place of the document, None where nothing does."""
    found: JsonValue = document.data
    for step in place:
        if not _inside(found, step):
            return None
        found = found[step]  # type: ignore[index]  # whether it has one was just asked
    return found


def _inside(value: JsonValue, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value


def _mistaken(errors: Sequence[ErrorDetails]) -> int:
    """Count the errors that show that another kind of thing was meant."""
    return sum(one["type"] in {"literal_error", "enum"} for one in errors)


def _own_words(error: ErrorDetails) -> str:
    """Give the words of a validator of the model, as a sentence; '' for an error of pydantic's own."""
    from pydantic_core import core_schema

    if error["type"] in {"value_error", "assertion_error"}:
        words = str(error.get("ctx", {}).get("error", ""))
    elif error["type"] in get_args(core_schema.ErrorType):
        words = ""
    else:  # of a validator, or of one that comes with pydantic: 'Input is not a valid IPv4 address'
        words = re.sub("^Input (should be|is not|must be) ", "must be ", error["msg"])
    words = printable(words.strip())
    return words if not words or words[-1] in ".?!)" else f"{words}."


def _hint(value: object, words: str, allowed: Sequence[object]) -> str:
    """Say what was probably meant by a wrong value, and end the sentence."""
    if near := _nearest_value(value, allowed):
        return f": did you mean {near!r}?"
    if words.startswith("text") and isinstance(value, int | float):
        return ": put it in quotes."
    if not isinstance(value, str):
        return "."
    if words.startswith(("a number", "a whole number")) and re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", value):
        return ": take the quotes away."
    if words.startswith("true") and value.casefold() in BOOLEANS:
        return f": write {BOOLEANS[value.casefold()]}."
    if words.startswith("a mapping") and re.match(r"[\w-]+:\S", value):
        return ": write a space after the colon."
    return "."


def _nearest_value(value: object, allowed: Sequence[object]) -> str | None:
    return nearest(value, [one for one in allowed if isinstance(one, str)]) if isinstance(value, str) else None
