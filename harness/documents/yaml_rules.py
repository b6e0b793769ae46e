"""YAML as its users mean it: only `true` and `false` are booleans, keys are text, dates and times stay text.

PyYAML follows YAML 1.1, where `no`, `on` and `yes` are booleans, `12:30` is 750 and `010` is 8. Here a value without quotes
is a number only if JSON has such a number (so an account id with leading zeros stays text), and a key is what stands there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.documents.lines import Place, Text, Unreadable

if TYPE_CHECKING:
    import yaml
    from pydantic import JsonValue

NUMBER = re.compile(r"[-+]?(?:(0|[1-9][0-9]*)(\.[0-9]*)?|(\.[0-9]+))([eE][-+]?[0-9]+)?")
LIKE_A_NUMBER = re.compile(r"[-+.]*[0-9]")
NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
PLAIN = "plain"
"""The tag of a value that has neither quotes nor a tag of its own."""

TEXT, LIST, MAPPING = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
COPIES = 100_000
"""How many values aliases may repeat: a few lines of aliases to aliases can stand for more than any memory holds."""


def plain(written: str) -> bool | int | float | str | None:
    """Give what a YAML value without quotes stands for. Raises ValueError for a whole number of too many digits."""
    if written in {"", "~", "null", "Null", "NULL"}:
        return None
    if written in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return written[0] in "tT"
    if NO_NUMBER.fullmatch(written):
        return float(written.replace(".", ""))
    number = NUMBER.fullmatch(written)
    if number is None:
        return written
    return int(written) if number[1] and not number[2] and not number[4] else float(written)


def yaml_data(text: Text) -> tuple[JsonValue, dict[Place, int]]:
    """Read one YAML document: its data, and the line of every key and item.

    What stands behind an alias or a merge key (`<<`) has the line where it is written. Raises `Unreadable` for what no
    document may hold, `yaml.YAMLError` for what is no YAML, and RecursionError for what is nested too deeply.
    """
    import yaml

    class Loader(yaml.BaseLoader):
        def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:  # noqa: ARG002 - PyYAML gives it
            if kind is yaml.ScalarNode:
                return PLAIN if implicit[0] else TEXT
            return LIST if kind is yaml.SequenceNode else MAPPING

    loader = Loader(text.text)
    top = loader.get_node() if loader.check_node() else None
    if top is None:
        raise Unreadable(None, "is empty.")
    reader = _Reader(text)
    reader.lines[()] = text.line(top.start_mark.index)
    if loader.check_node():
        begins = loader.peek_event().start_mark  # type: ignore[no-untyped-call]  # a gap of types-PyYAML
        line = text.line(begins.index)
        raise Unreadable(line, "a second document begins here: write one document to a file.")
    return reader.value(top, ()), reader.lines


class _Reader:
    """Turns nodes into data and notes where they stand."""

    def __init__(self, text: Text) -> None:
        self.lines: dict[Place, int] = {}
        self._text = text
        self._met: set[int] = set()
        self._around: set[int] = set()
        self._copies = 0

    def value(self, node: yaml.Node, place: Place) -> JsonValue:
        """Give the data of a node that stands at a place."""
        import yaml

        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._count(node)
        self._around.add(id(node))
        data: JsonValue
        if isinstance(node, yaml.MappingNode) and node.tag == MAPPING:
            data = self._mapping(node, place)
        elif isinstance(node, yaml.SequenceNode) and node.tag == LIST:
            data = []
            for index, item in enumerate(node.value):
                self.lines[(*place, index)] = self._line(item)
                data.append(self.value(item, (*place, index)))
        else:
            raise self._tagged(node)
        self._around.discard(id(node))
        return data

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, JsonValue]:
        keys: dict[str, int] = {}
        own: list[tuple[str, yaml.Node]] = []
        data: dict[str, JsonValue] = {}
        for key, value in node.value:
            line = self._line(key)
            name = self._key(key)
            if name in keys:
                sentence = f"the key {name!r} stands twice in one mapping: on line {keys[name]} and on line {line}."
                raise Unreadable(line, sentence)
            keys[name] = line
            if name == "<<" and key.tag == PLAIN:
                data = self._merged(value, place)
            else:
                own.append((name, value))
        for name, value in own:
            self.lines[(*place, name)] = keys[name]
            data[name] = self.value(value, (*place, name))
        return data

    def _merged(self, node: yaml.Node, place: Place) -> dict[str, JsonValue]:
        import yaml

        data: dict[str, JsonValue] = {}
        bases = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for base in reversed(bases):  # the first has the last word
            found = self.value(base, place)
            if not isinstance(found, dict):
                raise Unreadable(self._line(base), "'<<' takes in a mapping, or a list of mappings.")
            data |= found
        return data

    def _key(self, node: yaml.Node) -> str:
        import yaml

        if not isinstance(node, yaml.ScalarNode):
            raise Unreadable(self._line(node), "a key must be text: put one that begins with '{' or '[' in quotes.")
        if node.tag not in {PLAIN, TEXT}:
            raise self._tagged(node)
        return str(node.value)

    def _scalar(self, node: yaml.ScalarNode) -> JsonValue:
        if node.tag == TEXT:
            return str(node.value)
        if node.tag != PLAIN:
            raise self._tagged(node)
        self._count(node)
        try:
            return plain(node.value)
        except ValueError:
            raise Unreadable(
                self._line(node), "a number has too many digits: put it in quotes if it is text."
            ) from None

    def _count(self, node: yaml.Node) -> None:
        if id(node) in self._around:
            raise Unreadable(self._line(node), "an alias ('*') stands inside the very thing it repeats.")
        self._copies += id(node) in self._met
        self._met.add(id(node))
        if self._copies > COPIES:
            raise Unreadable(self._line(node), f"aliases ('*') repeat more than {COPIES} values.")

    def _tagged(self, node: yaml.Node) -> Unreadable:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        return Unreadable(self._line(node), f"the tag {tag!r} is not used here: write the value alone, or in quotes.")

    def _line(self, node: yaml.Node) -> int:
        return self._text.line(node.start_mark.index)


def yaml_text(data: Mapping[str, JsonValue]) -> str:
    """Write YAML that gives equal data when `yaml_data` reads it, and the same texts to readers of YAML 1.1 and 1.2."""
    import yaml

    class Dumper(yaml.SafeDumper):  # quotes what YAML 1.1 would not take for text: more than `plain`, numbers apart
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - whatever stands twice is written twice
            return True

    def scalar(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = None
        if not text.replace("\n", "").isprintable():
            style = '"'
        elif "\n" in text:
            lines = text.split("\n")
            style = '"' if text[0].isspace() or any(line != line.rstrip() for line in lines) else "|"
        elif LIKE_A_NUMBER.match(text):
            style = "'"
        return dumper.represent_scalar(TEXT, text, style=style)

    Dumper.add_representer(str, scalar)
    return yaml.dump(
        dict(data), Dumper=Dumper, allow_unicode=True, default_flow_style=False, sort_keys=False, width=sys.maxsize
    )
