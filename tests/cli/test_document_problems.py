"""What a model does not accept in a document, said to who wrote it: file, line, field, what is wanted, the nearest right word."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    InstanceOf,
    RootModel,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from askfirst.harness.documents import Document, Problem, checked, complain, parse, problems
from askfirst.harness.documents.wants import place_text
from askfirst.harness.errors import UsageError


class Strict(BaseModel):
    """A mapping in which unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid")


class Site(enum.Enum):
    """Where a fault strikes."""

    AWS = "aws"
    MODEL = "model"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a fault strikes: a dataclass of the standard library, as a field."""

    first: Annotated[int, Field(ge=1)] = 1
    every: int | None = None
    when: Literal["granted", "denied"] = "granted"


class Latency(Strict):
    """A fault of one kind."""

    kind: Literal["latency"]
    id: str = Field(min_length=1)
    trigger: Trigger = Trigger()
    site: Site = Site.AWS
    seconds: Annotated[float, Field(gt=0, le=1.5)] = 1


class Error(Strict):
    """A fault of another kind."""

    kind: Literal["error"]
    id: str
    code: str = Field(default="X", pattern="^[A-Z]")
    trigger: Trigger = Trigger()


class Window(Strict):
    """Two times in their order."""

    start: int
    end: int

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.end < self.start:
            msg = f"the end {self.end} lies before the start {self.start}"
            raise ValueError(msg)
        return self


def even(value: int) -> int:
    """Refuse odd numbers in words of its own."""
    if value % 2:
        kind = "odd"
        raise PydanticCustomError(kind, "an odd number is no pair: {number}", {"number": value})
    return value


def of_its_kind(value: Any) -> str:
    """Tell a number from a mapping."""
    return "number" if isinstance(value, int) else "mapping" if isinstance(value, dict) else "other"


class Plan(Strict):
    """One field of every shape."""

    title: str = "none"
    faults: list[Annotated[Latency | Error, Field(discriminator="kind")]] = []
    either: Error | Latency | None = None
    mixed: str | Annotated[Latency | Error, Field(discriminator="kind")] | None = None
    limit: Literal["none", "all"] | Annotated[int, Field(ge=1)] | None = None
    window: Window | None = None
    strict: bool = False
    accounts: dict[Annotated[str, Field(pattern="^[0-9]+$")], Trigger] = {}
    approvals: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    pair: tuple[int, str] = (1, "a")
    times: tuple[timedelta, ...] = ()
    day: date | None = None
    moment: datetime | None = None
    folder: Path | None = None
    count: int | list[int] | dict[str, int] = 0
    two: list[int] | list[str] = []
    roles: RootModel[list[str]] | None = None
    while_: str = Field(default="", alias="while")
    pairs: list[int] | Annotated[int, AfterValidator(even)] = 0
    half: Annotated[int, AfterValidator(even)] = 0
    tagged: (
        Annotated[Annotated[int, Tag("number")] | Annotated[Window, Tag("mapping")], Discriminator(of_its_kind)] | None
    ) = None
    thing: Callable[[], int] | None = None
    matches: re.Pattern[str] | None = None
    optional: Annotated[int, Field(multiple_of=5)] | None = None
    inner: Plan | None = None


KNOWN = (
    "title, faults, either, mixed, limit, window, strict, accounts, approvals, pair, times, day, moment, folder, count, two, "
    "roles, while, pairs, half, tagged, thing, matches, optional, inner"
)


def words(source: str, suffix: str = ".yaml", model: type[object] = Plan) -> list[str]:
    """Give the lines of the message about a document, without the name of the file."""
    with pytest.raises(UsageError) as refused:
        checked(parse(source, suffix, f"plan{suffix}"), model)
    return [one.removeprefix(f"plan{suffix}:") for one in str(refused.value).split("\n")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "faults:\n- {kind: latency, id: a, trigger: {first: three}}",
            "2: faults[0].trigger.first: must be a whole number of at least 1, not 'three'.",
        ),
        (
            "faults:\n- kind: error\n  id: a\n  trigger:\n    first: 0",
            "5: faults[0].trigger.first: must be a whole number of at least 1, not 0.",
        ),
        ("faults:\n- kind: latency", "2: faults[0]: needs a field 'id'."),
        (
            "faults:\n- kind: latency\n  id: a\n  triger: {}",
            "4: faults[0]: there is no field 'triger' here: did you mean 'trigger'? (known: kind, id, trigger, site, seconds)",
        ),
        (
            "faults:\n- kind: error\n  id: a\n  trigger:\n    FIRST: 1",
            "5: faults[0].trigger: there is no field 'FIRST' here: did you mean 'first'? (known: first, every, when)",
        ),
        (
            "faults:\n- kind: error\n  id: a\n  trigger:\n    colour: 1",
            "5: faults[0].trigger: there is no field 'colour' here (known: first, every, when).",
        ),
        (
            "faults:\n- kind: latency\n  idd: a",
            "3: faults[0]: there is no field 'idd' here: did you mean 'id'? (known: kind, id, trigger, site, seconds)",
        ),
        (
            "faults:\n- kind: latecy\n  id: a",
            "2: faults[0].kind: must be 'latency' or 'error', not 'latecy': did you mean 'latency'?",
        ),
        ("faults:\n-\n  id: a\n  kind: 3", "4: faults[0].kind: must be 'latency' or 'error', not 3."),
        ("faults:\n- id: a\n  kind:", "3: faults[0].kind: must be 'latency' or 'error', but it is empty (null)."),
        ("faults:\n- id: a", "2: faults[0]: needs a field 'kind' ('latency' or 'error')."),
        (
            "faults:\n- id: a\n  knd: error",
            "2: faults[0]: needs a field 'kind' ('latency' or 'error'): did you mean it by 'knd'?",
        ),
        (
            "faults:\n- kind: error\n  id: a\n  error: 1",
            "4: faults[0]: there is no field 'error' here (known: kind, id, code, trigger).",
        ),
        ("faults:\n- 3", "2: faults[0]: must be a mapping, not 3."),
        ("faults:\n- kind:error", "2: faults[0]: must be a mapping, not 'kind:error': write a space after the colon."),
        ("faults:\n  kind: error", "1: faults: must be a list, not a mapping."),
        ("faults:", "1: faults: must be a list, but it is empty (null)."),
        ("faults:\n- {kind: latency, id: ''}", "2: faults[0].id: must be text of at least 1 character, not ''."),
        (
            "faults:\n- {kind: latency, id: 12}",
            "2: faults[0].id: must be text of at least 1 character, not 12: put it in quotes.",
        ),
        (
            "faults:\n- {kind: latency, id: a, site: modl}",
            "2: faults[0].site: must be 'aws', 'model' or 'tool', not 'modl': did you mean 'model'?",
        ),
        (
            "faults:\n- {kind: latency, id: a, site: [aws]}",
            "2: faults[0].site: must be 'aws', 'model' or 'tool', not a list of 1 item.",
        ),
        (
            "faults:\n- {kind: latency, id: a, seconds: 0}",
            "2: faults[0].seconds: must be a number above 0 and of at most 1.5, not 0.",
        ),
        (
            "faults:\n- {kind: latency, id: a, seconds: 2.5}",
            "2: faults[0].seconds: must be a number above 0 and of at most 1.5, not 2.5.",
        ),
        (
            "faults:\n- {kind: latency, id: a, seconds: '1'}",
            "2: faults[0].seconds: must be a number above 0 and of at most 1.5, not '1': take the quotes away.",
        ),
        ("faults:\n- {kind: error, id: a, code: x}", "2: faults[0].code: must be text that matches ^[A-Z], not 'x'."),
        (
            "faults:\n- {kind: error, id: a, trigger: {when: grnted}}",
            "2: faults[0].trigger.when: must be 'granted' or 'denied', not 'grnted': did you mean 'granted'?",
        ),
        (
            "faults:\n- {kind: error, id: a, trigger: {every: x}}",
            "2: faults[0].trigger.every: must be a whole number, not 'x'.",
        ),
        ("titel: x", "1: there is no field 'titel' here: did you mean 'title'? (known: KNOWN)"),
        ("title: no\nstrict: no", "2: strict: must be true or false, not 'no': write false."),
        ("strict: 1", "1: strict: must be true or false, not 1."),
        ("title: true", "1: title: must be text, not true: put it in quotes."),
        ("while: [1]", "1: while: must be text, not a list of 1 item."),
        ("either: {kind: error, id: 1}", "1: either.id: must be text, not 1: put it in quotes."),
        (
            "either:\n  kind: latency\n  id: a\n  secnds: 1",
            "4: either: there is no field 'secnds' here: did you mean 'seconds'? (known: kind, id, trigger, site, seconds)",
        ),
        ("either: x", "1: either: must be a mapping, not 'x'."),
        (
            "limit: non",
            "1: limit: must be 'none', 'all' or a whole number of at least 1, not 'non': did you mean 'none'?",
        ),
        ("limit: 0", "1: limit: must be 'none', 'all' or a whole number of at least 1, not 0."),
        ("window: {start: 2, end: 1}", "1: window: the end 1 lies before the start 2."),
        ("window: 2..3", "1: window: must be a mapping, not '2..3'."),
        ("accounts:\n  '1': {first: x}", "2: accounts['1'].first: must be a whole number of at least 1, not 'x'."),
        ("accounts:\n  prod: {}", "2: accounts.prod: the key must be text that matches ^[0-9]+$, not 'prod'."),
        ("approvals: []", "1: approvals: must be a list of at least 1 item and of at most 2 items, not an empty list."),
        (
            "approvals:\n- 1\n- 2\n- 3",
            "1: approvals: must be a list of at least 1 item and of at most 2 items, not a list of 3 items.",
        ),
        ("approvals:\n- 1\n- x", "3: approvals[1]: must be a whole number, not 'x'."),
        ("approvals: [1.5]", "1: approvals[0]: must be a whole number, not 1.5."),
        ("approvals: ['1']", "1: approvals[0]: must be a whole number, not '1': take the quotes away."),
        ("pair: [1]", "1: pair: needs another item."),
        ("pair: [1, 2]", "1: pair[1]: must be text, not 2: put it in quotes."),
        ("pair: [1, a, 3]", "1: pair: must be a list of at most 2 items, not a list of 3 items."),
        (
            "times:\n- PT1M\n- soon",
            "3: times[1]: must be a duration such as 'PT12M' or '00:12:00', or a number of seconds, not 'soon'.",
        ),
        ("day: 3rd", "1: day: must be a date such as '2025-12-03', not '3rd'."),
        ("moment: noon", "1: moment: must be a time such as '2025-12-03T09:30:00Z', not 'noon'."),
        ("folder: 3", "1: folder: must be text, not 3: put it in quotes."),
        ("count: x", "1: count: must be a whole number, a list or a mapping, not 'x'."),
        ("count: [1, x]", "1: count[1]: must be a whole number, not 'x'."),
        ("count: {list: x}", "1: count.list: must be a whole number, not 'x'."),
        ("two: x", "1: two: must be a list, not 'x'."),
        ("two: [1, a]", "1: two[1]: must be a whole number, not 'a'."),
        ("roles: [a, 1]", "1: roles[1]: must be text, not 1: put it in quotes."),
        ("mixed: {kind: latecy}", "1: mixed.kind: must be 'latency' or 'error', not 'latecy': did you mean 'latency'?"),
        ("mixed: 3", "1: mixed: must be text or a mapping, not 3: put it in quotes."),
        ("pairs: 3", "1: pairs: an odd number is no pair: 3."),
        ("pairs: x", "1: pairs: must be a list or a whole number, not 'x'."),
        ("matches: '['", "1: matches: must be a valid regular expression."),
        ("half: 3", "1: half: an odd number is no pair: 3."),
        ("tagged: {start: 1}", "1: tagged: needs a field 'end'."),
        ("tagged: x", "1: tagged: must be 'number' or 'mapping'."),
        ("thing: 3", "1: thing: cannot be 3 here."),
        ("optional: 3", "1: optional: must be a whole number that is a multiple of 5, not 3."),
        ("inner:\n  inner:\n    pair: x", "3: inner.inner.pair: must be a list, not 'x'."),
        (f"pair: {'x' * 100}", f"1: pair: must be a list, not '{'x' * 57}...'."),
        (
            f"limit: {'1' * 50}.5",
            f"1: limit: must be 'none', 'all' or a whole number of at least 1, not {float('1' * 50)}.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_in_the_words_of_documents(source: str, said: str) -> None:
    """Line, place, what is wanted, what stands there, and the nearest right word; one message a mistake, none of pydantic's."""
    assert [said.replace("KNOWN", KNOWN)] == words(source)


def refused(value: str) -> str:
    """Refuse any text, in words that have it in them."""
    msg = f"there is no {value}\n"
    raise ValueError(msg)


class Named(Strict):
    """A mapping with a name that is never right."""

    name: Annotated[str, AfterValidator(refused)]


def test_nothing_in_a_message_orders_a_terminal_about() -> None:
    """Control characters in keys and values, even in words of the model's own validators, stand as escapes."""
    assert [
        f"1: there is no field 'a\\x1bb' here (known: {KNOWN}).",
        "2: accounts['\\x1b'].first: must be a whole number of at least 1, not '\\x1b[0m'.",
        "2: accounts['\\x1b']: the key must be text that matches ^[0-9]+$, not '\\x1b'.",
    ] == sorted(words('"a\\eb": 1\naccounts: {"\\e": {first: "\\e[0m"}}'), key=lambda one: (one[0], "key" in one))
    assert ["1: name: there is no a\\x1b\\nb."] == words('name: "a\\e\\nb"', model=Named)


@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        (
            ".yaml",
            "title: 1\nfaults:\n\n  - kind: error\n    id: a\n\n  - kind: latency\n    triger:\n      first: 1\n",
        ),
        (
            ".json",
            '{"title": 1,\n"faults": [\n\n{"kind": "error", "id": "a"},\n\n\n{"kind": "latency",\n"triger": {}}]}',
        ),
        (
            ".toml",
            "title = 1\n\n\n[[faults]]\nkind = 'error'\nid = 'a'\n[[faults]]\nkind = 'latency'\ntriger.first = 1\n",
        ),
    ],
)
def test_every_problem_stands_on_a_line_of_its_own_in_the_order_of_the_document(suffix: str, source: str) -> None:
    """In all three languages: the same places and sentences, each with the line of its file."""
    known = "kind, id, trigger, site, seconds"
    triger = {".yaml": 8, ".json": 8, ".toml": 9}[suffix]
    assert [
        "1: title: must be text, not 1: put it in quotes.",
        "7: faults[1]: needs a field 'id'.",
        f"{triger}: faults[1]: there is no field 'triger' here: did you mean 'trigger'? (known: {known})",
    ] == words(source, suffix)


def test_a_field_that_stands_under_a_wrong_name_is_not_missing_too() -> None:
    """A misspelled field is one mistake; a second unknown name and a second missing field are told."""
    assert [
        "1: window: needs a field 'start'.",
        "3: window: there is no field 'ende' here: did you mean 'end'? (known: start, end)",
        "4: window: there is no field 'x' here (known: start, end).",
    ] == words("window:\n\n  ende: 1\n  x: 1")


def test_a_field_that_is_there_is_not_meant_by_another_name() -> None:
    """A name that looks like a field the mapping has already is not explained by it."""
    assert ["1: window: there is no field 'ende' here (known: start, end)."] == words(
        "window: {start: 1, end: 2, ende: 3}"
    )


def test_a_choice_without_a_tag_tells_the_mistakes_of_the_way_that_was_meant() -> None:
    """Of the mappings that are possible, the one whose kind is right, though the other has no more mistakes."""
    assert ["1: either.id: must be text of at least 1 character, not ''."] == words("either: {kind: latency, id: ''}")
    assert [
        "1: either: needs a field 'id'.",
        "1: either.seconds: must be a number above 0 and of at most 1.5, not 9.",
    ] == words("either: {kind: latency, seconds: 9}")


def test_a_key_and_its_value_can_both_be_wrong() -> None:
    """Each is told."""
    assert [
        "2: accounts.prod: the key must be text that matches ^[0-9]+$, not 'prod'.",
        "2: accounts.prod: must be a mapping, not 3.",
    ] == words("accounts:\n  prod: 3")


def test_what_is_right_becomes_the_model() -> None:
    """Enums, tuples, durations, paths and dataclasses are made of texts, lists and mappings, though the check is strict."""
    source = """
        folder: a/b
        times: [PT1M, 00:00:02]
        pair: [1, a]
        moment: 2025-12-03T09:30:00Z
        faults: [{kind: latency, id: "1", site: model, seconds: 1, trigger: {first: 2}}]
        while: x
    """
    plan = checked(parse(source, ".yaml", "plan"), Plan)
    fault = plan.faults[0]
    assert isinstance(fault, Latency)
    assert (Site.MODEL, Trigger(first=2)) == (fault.site, fault.trigger)
    assert (Path("a/b"), (1, "a"), "x") == (plan.folder, plan.pair, plan.while_)
    assert (timedelta(minutes=1), timedelta(seconds=2)) == plan.times


@dataclass(frozen=True, slots=True)
class Alone:
    """A dataclass that says itself that unknown fields are mistakes."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")
    amount: int
    sum: int = field(init=False, default=0)


def test_a_part_of_a_document_is_checked_alone() -> None:
    """What stands at a place is checked with a model of its own, here a dataclass; places and lines are the document's."""
    document = parse("faults:\n- with:\n    amount: 3\n- with:\n    amuont: 3\n", ".yaml", "plan.yaml")
    assert Alone(3) == checked(document, Alone, at=("faults", 0, "with"))
    with pytest.raises(UsageError) as refused:
        checked(document, Alone, at=("faults", 1, "with"))
    said = "there is no field 'amuont' here: did you mean 'amount'? (known: amount)"
    assert f"plan.yaml:5: faults[1].with: {said}" == str(refused.value)


def test_data_without_a_text_is_checked_without_lines() -> None:
    """The message names the document and the place."""
    with pytest.raises(UsageError, match=r"^the scenario: title: must be text, not 1: put it in quotes\.$"):
        checked(Document({"title": 1}, "the scenario"), Plan)


def refused_by(model: Any, data: object) -> ValidationError:
    """Give pydantic's own error."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter[Any](model).validate_python(data)
    return refused.value


def test_errors_from_elsewhere_are_told_too() -> None:
    """An error of the caller's own check, of any type that pydantic can check, becomes problems with line and place."""
    document = parse("a: [1]\nb: [x]\n", ".yaml", "plan.yaml")
    error = refused_by(dict[str, list[int]], document.data)
    found = [Problem(2, "b[0]", "must be a whole number, not 'x'.")]
    assert found == problems(error, document, dict[str, list[int]])
    assert "plan.yaml:2: b[0]: must be a whole number, not 'x'." == str(complain(error, document, dict[str, list[int]]))


CONTEXT = {
    **dict.fromkeys(
        ("attribute", "class", "class_name", "datetime", "discriminator", "encoding", "encoding_error"), "x"
    ),
    **dict.fromkeys(
        ("error", "expected", "expected_schemes", "expected_tags", "field_type", "iterable", "mapping"), "x"
    ),
    **dict.fromkeys(("method_name", "pattern", "expected_plural", "schema", "tag"), "x"),
    **dict.fromkeys(("actual_length", "decimal_places", "expected_version", "ge", "gt", "le", "lt", "max_digits"), 1),
    **dict.fromkeys(("max_length", "min_length", "multiple_of", "tz_actual", "tz_expected", "whole_digits"), 1),
}
JARGON = (
    "input|url|pydantic|validat|valid |dict|integer|string|instance|boolean|float|literal|tuple|frozen|keyword|argument"
    "|none|extra|forbid|permitted|tag|union|type|schema"
)


@pytest.mark.parametrize(
    "wanted", [int, str, bool, list[int], Window, Site, int | list[str], datetime, InstanceOf[Site]]
)
def test_no_error_speaks_as_pydantic_does(wanted: object) -> None:
    """Whatever error pydantic knows, at whatever kind of field, the sentence has none of its words."""
    document = parse("a: 3", ".yaml", "plan")
    kinds = get_args(core_schema.ErrorType)
    assert len(kinds) > 90
    for kind in kinds:
        details: Any = {"type": kind, "loc": ("a",), "input": object(), "ctx": CONTEXT}
        error = ValidationError.from_exception_data("t", [details])
        (problem,) = problems(error, document, dict[str, wanted])  # type: ignore[valid-type]  # made while it runs
        assert problem.sentence
        assert not re.search(JARGON, problem.sentence.casefold()), kind


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 3)
    | st.floats(0, 2)
    | st.sampled_from(["", "x", "latency", "1", "\x1b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "id", "first", "list", "int", "error", "[key]"]), inner)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    data=st.dictionaries(st.sampled_from([*Plan.model_fields, "while"]), JSON, max_size=4)
    | st.fixed_dictionaries({"faults": st.lists(JSON)})
)
def test_every_problem_of_any_document_is_at_a_place_that_exists(data: dict[str, Any]) -> None:
    """Whatever a document holds: it is accepted, or every problem has a line and its place is one that the document has."""
    lines = {place: number for number, place in enumerate(places(data), 1)}
    named = {place_text(place): line for place, line in lines.items()}
    document = Document(data, "plan", lines)
    try:
        Plan.model_validate(data)
    except ValidationError as refused:
        found = problems(refused, document, Plan)
        assert found
        for problem in found:
            assert problem.place in named
            assert named[problem.place] == problem.line or "no field" in problem.sentence
            assert problem.sentence.isprintable()
            assert problem.sentence[-1] in ".?)"


def places(data: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give all places of data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place, *(one for step, value in inner for one in places(value, (*place, step)))]
