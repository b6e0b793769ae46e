"""Documents that users write, in YAML, TOML or JSON: read with the line of everything, written so that they read back.

document = read(Path("plan.yaml"))
plan = checked(document, FaultPlan)         # UsageError: plan.yaml:12: faults[2].trigger.first: must be a whole number ...
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from askfirst.harness.documents.lines import Place, Text, Unreadable, json_lines, toml_lines
from askfirst.harness.documents.problems import Problem, checked, complain, problems
from askfirst.harness.documents.syntax import json_trouble, toml_trouble, yaml_trouble
from askfirst.harness.documents.wants import nearest, place_text, shown
from askfirst.harness.documents.yaml_rules import yaml_data, yaml_text
from askfirst.harness.errors import UsageError
from askfirst.harness.printable import printable

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["Document", "Place", "Problem", "checked", "complain", "parse", "place_text", "problems", "read", "text"]

SUFFIXES = (".yaml", ".yml", ".toml", ".json")
LARGEST = 1_000_000
"""How many bytes a document may have."""

LARGEST_NUMBER = sys.float_info.max


@dataclass(frozen=True, slots=True)
class Document:
    """What a user wrote. `path` is its file, or words that name it; a document made of `data` alone has no lines."""

    data: dict[str, JsonValue]
    path: Path | str
    lines: Mapping[Place, int] = field(default_factory=dict[Place, int], repr=False, compare=False)

    def line_of(self, place: Place) -> int | None:
        """Give the line, from 1, of the key or item at a place, or of the nearest one around it; None without lines."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None

    def says(self, line: int | None, *words: str) -> str:
        """Make one line of a message: `plan.yaml:12: faults[2]: needs a field 'id'.`."""
        where = printable(str(self.path))
        return ": ".join([where if line is None else f"{where}:{line}", *(one for one in words if one)])


def read(path: Path) -> Document:
    """Read a file by its suffix. Raises UsageError with path, line and what to change for all that is no document."""
    named = printable(str(path))
    if path.is_dir():
        msg = f"{named}: is a folder: name a file in it."
        raise UsageError(msg)
    _check_suffix(path.suffix, path)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        msg = f"{named}: is not there{_nearest_file(path)}"
        raise UsageError(msg) from None
    except (OSError, ValueError) as error:
        msg = f"{named}: cannot be read: {error.strerror if isinstance(error, OSError) else error}."
        raise UsageError(msg) from None
    if len(raw) > LARGEST:
        msg = f"{named}: has more than {LARGEST // 1000} kB: nobody writes that by hand."
        raise UsageError(msg)
    try:
        return parse(raw.decode(), path.suffix, path)
    except UnicodeDecodeError as error:
        line = 1 + raw[: error.start].count(b"\n")
        msg = f"{named}:{line}: is not UTF-8: save the file in that encoding."
        raise UsageError(msg) from None


def parse(source: str, suffix: str, path: Path | str) -> Document:
    """Read a text as a file of that suffix would be read; `path` names it in messages. Raises UsageError as `read` does."""
    _check_suffix(suffix, path)
    unix = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return _document(Text(unix), suffix.lower(), path)
    except Unreadable as trouble:
        raise UsageError(Document({}, path).says(trouble.line, trouble.sentence)) from None
    except RecursionError:
        raise UsageError(Document({}, path).says(None, "is nested too deeply.")) from None


def _check_suffix(suffix: str, path: Path | str) -> None:
    if suffix.lower() not in SUFFIXES:
        msg = f"{printable(str(path))}: a document ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}."
        raise UsageError(msg)


def _document(source: Text, suffix: str, path: Path | str) -> Document:
    if not source.text.strip():
        raise Unreadable(None, "is empty.")
    data, lines = READERS[suffix](source)
    if not isinstance(data, dict):
        raise Unreadable(lines.get(()), f"must be a mapping of fields at the top, not {shown(data)}.")
    document = Document(data, path, lines)
    for place, sentence in _unfit(data):
        raise Unreadable(document.line_of(place), f"{place_text(place)}: {sentence}")
    return document


def text(data: Mapping[str, JsonValue], suffix: str) -> str:
    """Write a mapping as a document of that suffix that reads back as equal data.

    Raises UsageError for TOML and unknown suffixes, for NaN and infinity, and for texts that UTF-8 cannot hold.
    """
    for place, sentence in _unfit(dict(data)):
        msg = f"{place_text(place)}: {sentence}"
        raise UsageError(msg)
    if suffix.lower() in {".yaml", ".yml"}:
        return yaml_text(data)
    if suffix.lower() == ".json":
        return json.dumps(dict(data), ensure_ascii=False, indent=2) + "\n"
    msg = f"{suffix} is {'read, but not written' if suffix.lower() in SUFFIXES else 'unknown'}: write .yaml or .json."
    raise UsageError(msg)


def _read_yaml(text: Text) -> tuple[JsonValue, dict[Place, int]]:
    import yaml

    try:
        return yaml_data(text)
    except yaml.YAMLError as error:
        raise yaml_trouble(error, text) from None


def _read_json(text: Text) -> tuple[JsonValue, dict[Place, int]]:
    try:
        return json.loads(text.text), json_lines(text)
    except json.JSONDecodeError as error:
        raise json_trouble(error, text) from None
    except ValueError:
        raise Unreadable(None, TOO_LONG) from None


def _read_toml(text: Text) -> tuple[JsonValue, dict[Place, int]]:
    import tomllib

    try:
        data = tomllib.loads(text.text)
    except tomllib.TOMLDecodeError as error:
        raise toml_trouble(error, text) from None
    except ValueError:
        raise Unreadable(None, TOO_LONG) from None
    if not data:
        raise Unreadable(None, "is empty.")
    return _plain(data), toml_lines(text)


READERS = {".yaml": _read_yaml, ".yml": _read_yaml, ".json": _read_json, ".toml": _read_toml}
TOO_LONG = "a number has too many digits: put it in quotes if it is text."


def _plain(value: object) -> JsonValue:
    """Give what TOML holds as data that JSON can hold: dates and times become text."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return cast("JsonValue", value)


def _unfit(value: JsonValue, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Find what no document may hold though its parser lets it pass: numbers that are none, texts no file can hold."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _unfit(name, (*place, name))
            yield from _unfit(one, (*place, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _unfit(one, (*place, index))
    elif isinstance(value, str):
        if any("\ud800" <= one <= "\udfff" for one in value):
            yield place, "a text holds half a character (an unpaired surrogate): write the whole character."
    elif value is not None and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        yield place, "must be a finite number: put it in quotes if it is text."


def _nearest_file(path: Path) -> str:
    """Name the document in the same folder whose name looks most like that of a missing one."""
    try:
        names = [one.name for one in path.parent.iterdir() if one.suffix.lower() in SUFFIXES]
    except OSError:
        return "."
    near = nearest(path.name, names)
    return f": did you mean {printable(near)}?" if near else "."
