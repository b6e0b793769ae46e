"""Documents that users write: what is read, what is refused and in which words, and on which line everything stands."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from askfirst.harness.documents import Document, Place, parse, read, text
from askfirst.harness.documents.lines import Text
from askfirst.harness.documents.syntax import json_trouble
from askfirst.harness.errors import UsageError

if TYPE_CHECKING:
    from pydantic import JsonValue

    Data = dict[str, JsonValue]


def refusal(source: str, suffix: str) -> str:
    """Give the words with which a text is refused, without the name of the file."""
    with pytest.raises(UsageError) as refused:
        parse(source, suffix, "plan")
    return str(refused.value).removeprefix("plan:").removeprefix(" ")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "is empty."),
        (" \n\n", "is empty."),
        ("# nothing\n", "is empty."),
        ("a:\n\tb: 1\n", "2: at column 1: a tab: YAML is indented and spaced with spaces only."),
        ("a:\n  b: 1\n  \tc: 2\n", "3: at column 3: a tab: YAML is indented and spaced with spaces only."),
        ("a:\tb\n", "1: at column 3: a tab: YAML is indented and spaced with spaces only."),
        ("a: @b\n", "1: at column 4: a value cannot begin with '@': put it in quotes."),
        ("a: %b\n", "1: at column 4: a value cannot begin with '%': put it in quotes."),
        ("a: b: c\n", "1: at column 5: a second ':' in one line: put a text that holds ': ' in quotes."),
        (
            "a: b\n  c: d\n",
            "2: at column 4: a key cannot stand here: look at the indentation, and for a ':' missing above.",
        ),
        ("a: 1\nb\nc: 2\n", "3: at column 1: expected ': ' after the key on line 2."),
        ("a: - b\n", "1: at column 4: a list item ('- ') must begin on a line of its own."),
        ("a: ? b\n", "1: at column 4: a value cannot begin with '? ': put it in quotes."),
        ("a: 'b\nc: d\n", "1: at column 4: the text in quotes that begins here is not closed."),
        ('a: "\\d"\n', "1: at column 6: '\\d' means nothing in double quotes: write '\\\\d', or use single quotes."),
        (
            'a: "\\xzz"\n',
            "1: at column 7: '\\x', '\\u' and '\\U' in double quotes need 2, 4 and 8 hexadecimal digits.",
        ),
        ("a: >=1\n", "1: at column 5: a value cannot begin with '|' or '>': put it in quotes."),
        ("a: *b\n", "1: at column 4: there is no anchor '&b' above for '*b': put it in quotes if it is text."),
        ("a: * b\n", "1: at column 5: a value cannot begin with '*' or '&': put it in quotes."),
        ("a: !x!y b\n", "1: at column 4: a value cannot begin with '!': put it in quotes."),
        (
            "a:\n  b: 1\n c: 2\n",
            "3: at column 2: the indentation fits neither what begins on line 1 nor anything in it.",
        ),
        ("- a\nb: c\n", "2: at column 1: the indentation fits neither what begins on line 1 nor anything in it."),
        ("a: [1, 2\nb: 3\n", "2: at column 2: expected ',' or ']' in what opens on line 1, but found ':'."),
        ("a: {b: 1\nc: 2\n", "2: at column 2: expected ',' or '}' in what opens on line 1, but found ':'."),
        ("a: [1,\n\n", "1: at column 7: expected a value, but found the end of the file."),
        ("a: [1]]\n", "1: at column 7: ']' closes nothing that is open here."),
        (": x\n", "1: at column 1: a key is missing before ':'."),
        ("a: ]\n", "1: at column 4: expected a value, but found ']'."),
        ("a: 'b' c\n", "1: at column 8: 'c' follows a value that is complete without it: put the whole in quotes."),
        ("a: {{ x }}\n", "1: a key must be text: put one that begins with '{' or '[' in quotes."),
        ("%FOO\n---\na: 1\n---\n", "4: a second document begins here: write one document to a file."),
        ("a: 1\n...\nb\n", "3: at column 1: expected the end of the document, but found 'b'."),
        ("%YAML 3.0\n---\na: 1\n", "1: at column 1: a line cannot begin with '%': put the text in quotes."),
        ("a: 1\n\n---\nb: 2\n", "3: a second document begins here: write one document to a file."),
        ("a: \a\n", "1: at column 4: the control character '\\x07' cannot stand here."),
        ("a: 1\nb: 2\na: 3\n", "3: the key 'a' stands twice in one mapping: on line 1 and on line 3."),
        ("a: {b: 1,\n 'b': 2}\n", "2: the key 'b' stands twice in one mapping: on line 1 and on line 2."),
        ("1: a\n'1': b\n", "2: the key '1' stands twice in one mapping: on line 1 and on line 2."),
        (
            "a: !!python/object:os.system x\n",
            "1: the tag '!!python/object:os.system' is not used here: write the value alone, or in quotes.",
        ),
        ("a: !Ref b\n", "1: the tag '!Ref' is not used here: write the value alone, or in quotes."),
        ("a: !!set {b}\n", "1: the tag '!!set' is not used here: write the value alone, or in quotes."),
        ("!!timestamp a: b\n", "1: the tag '!!timestamp' is not used here: write the value alone, or in quotes."),
        ("a: &x\n- *x\n", "1: an alias ('*') stands inside the very thing it repeats."),
        ("b: &x 1\na:\n  <<: *x\n", "1: '<<' takes in a mapping, or a list of mappings."),
        ("x: 1\na:\n- .nan\n", "3: a[0]: must be a finite number: put it in quotes if it is text."),
        ("a: -.inf\n", "1: a: must be a finite number: put it in quotes if it is text."),
        ("a:\n b: 12e4567\n", "2: a.b: must be a finite number: put it in quotes if it is text."),
        (f"a: {'1' * 5000}\n", "1: a number has too many digits: put it in quotes if it is text."),
        (
            'a: "\\ud800"\n',
            "1: a: a text holds half a character (an unpaired surrogate): write the whole character.",
        ),
        ("- a\n", "1: must be a mapping of fields at the top, not a list of 1 item."),
        ("# a\nb:1\n", "2: must be a mapping of fields at the top, not 'b:1'."),
        ("~\n", "1: must be a mapping of fields at the top, not null."),
        ("[" * 5000, "is nested too deeply."),
    ],
)
def test_what_is_no_yaml_document_is_refused_in_plain_words(source: str, words: str) -> None:
    """The message has the line, the column where there is one, and what to change; no word of the parser's."""
    assert words == refusal(source, ".yaml")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "is empty."),
        ("{", "1: at column 2: expected a key in double quotes, but found the end of the file."),
        ('{"a" 1}', "1: at column 6: expected ':' after the key, but found '1'."),
        ('{"a":\n}', "2: at column 1: expected a value, but found '}'."),
        ('{\n"a": 1,\n}', "2: at column 7: a comma before the closing bracket: take it away."),
        ('{"a": [1,]}', "1: at column 9: a comma before the closing bracket: take it away."),
        ("{a: 1}", "1: at column 2: expected a key in double quotes, but found 'a'."),
        ("{'a': 1}", "1: at column 2: JSON wants double quotes around keys and texts."),
        ("{\"a\": 'b'}", "1: at column 7: JSON wants double quotes around keys and texts."),
        ('{"a": 1} x', "1: at column 10: expected the end of the document, but found 'x'."),
        ('{"a": "b', "1: at column 7: the text in quotes that begins here is not closed."),
        ('{"a": "b\n"}', "1: at column 9: a text in quotes holds the end of a line or a tab: write '\\n' or '\\t'."),
        (
            '{"a": "\\d"}',
            "1: at column 8: this means nothing in quotes: write '\\\\' for '\\', and four hexadecimal digits after '\\u'.",
        ),
        ('{"a": 1 "b": 2}', "1: at column 9: expected ',' or the closing bracket, but found '\"'."),
        ("// x\n{}", "1: at column 1: JSON has no comments: take it away, or write YAML."),
        ('{"a": 1 # x\n}', "1: at column 9: JSON has no comments: take it away, or write YAML."),
        ('{"a": True}', "1: at column 7: expected a value, but found 'True' (write true)."),
        ('{"a": 1,\n"b": NaN}', "2: b: must be a finite number: put it in quotes if it is text."),
        ('{"a": [1, -Infinity]}', "1: a[1]: must be a finite number: put it in quotes if it is text."),
        ('{"a": 1e999}', "1: a: must be a finite number: put it in quotes if it is text."),
        (f'{{"a": {"1" * 400}}}', "1: a: must be a finite number: put it in quotes if it is text."),
        (f'{{"a": {"1" * 5000}}}', "a number has too many digits: put it in quotes if it is text."),
        ('{"a": 1,\n"b": {"c": 1,\n"c": 2}}', "3: the key 'c' stands twice in one mapping: on line 2 and on line 3."),
        ('{"a": "\\ud800"}', "1: a: a text holds half a character (an unpaired surrogate): write the whole character."),
        ('\n["a"]', "2: must be a mapping of fields at the top, not a list of 1 item."),
        ("[" * 100_000, "is nested too deeply."),
    ],
)
def test_what_is_no_json_document_is_refused_in_plain_words(source: str, words: str) -> None:
    """As for YAML; and what Python's parser lets pass, a key that stands twice and NaN, is refused too."""
    assert words == refusal(source, ".json")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# nothing\n", "is empty."),
        ("a = b", "1: at column 5: expected a value (texts stand in quotes), but found 'b'."),
        ("a = True", "1: at column 5: expected a value (texts stand in quotes), but found 'True' (write true)."),
        ("a = \nb = 1", "1: at column 5: expected a value (texts stand in quotes), but found the end of the line."),
        ("a: 1", "1: at column 2: expected '=' after the key, but found ':'."),
        ("x = 1\n- a", "2: at column 3: expected '=' after the key, but found 'a'."),
        ('a = "x\nb = 1', "1: at column 7: a text in quotes is not closed."),
        ("a = '''x\n\n", "1: at column 9: a text in quotes is not closed."),
        ("a = [1 2]", "1: at column 8: expected ',' or ']' in the list, but found '2'."),
        ("a = {b = 1", "1: at column 11: expected ',' or '}' in the table, but found the end of the file."),
        ("a = 1 b = 2", "1: at column 7: expected the end of the line after the value, but found 'b'."),
        ("a = 012", "1: at column 6: expected the end of the line after the value, but found '12'."),
        ("a = 1\nb = 2\na = 3\n", "3: at column 6: this key or table stands here a second time."),
        ("[a]\nb = 1\n[a]\n", "3: at column 3: this key or table stands here a second time."),
        ("[a", "1: at column 3: expected ']' after the name of the table, but found the end of the file."),
        ("[[a]\n", "1: at column 4: expected ']]' after the name of the table, but found ']'."),
        ("a = 2025-02-31", "1: at column 5: there is no such date or time."),
        ("a. = 1", "1: at column 4: expected a key, but found '='."),
        ("= 1", "1: at column 1: expected a key or a [table], but found '='."),
        (
            'a = "\\d"',
            "1: at column 8: this means nothing in double quotes: write '\\\\' for '\\', or use single quotes.",
        ),
        ('a = "\a"', "1: at column 6: the control character '\\x07' cannot stand here."),
        ("b = 1\na = nan", "2: a: must be a finite number: put it in quotes if it is text."),
        ("[a]\nb = [1.0,\n -inf]", "3: a.b[1]: must be a finite number: put it in quotes if it is text."),
        (f"a = {'1' * 5000}", "a number has too many digits: put it in quotes if it is text."),
    ],
)
def test_what_is_no_toml_document_is_refused_in_plain_words(source: str, words: str) -> None:
    """As for YAML."""
    assert words == refusal(source, ".toml")


def test_json_of_newer_pythons_is_refused_in_the_same_words() -> None:
    """From 3.13 on, Python's parser names the comma before a closing bracket itself, at another place."""
    source = '{\n"a": 1,\n}'
    error = json.JSONDecodeError("Illegal trailing comma before end of object", source, source.index(","))
    assert "at column 7: a comma before the closing bracket: take it away." == str(json_trouble(error, Text(source)))


def test_importing_loads_no_parser_and_no_models() -> None:
    """YAML, TOML and pydantic are loaded by the first document that needs them."""
    program = "import sys, askfirst.harness.documents; print(*{'yaml', 'tomllib', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert "" == done.stdout.strip()


def test_aliases_that_stand_for_more_than_memory_holds_are_refused() -> None:
    """Ten lines of aliases to aliases are refused before they are written out."""
    levels = ["a0: &a0 [x, x]", *(f"a{one}: &a{one} [{', '.join([f'*a{one - 1}'] * 9)}]" for one in range(1, 10))]
    assert re.fullmatch(r"\d+: aliases \('\*'\) repeat more than 100000 values\.", refusal("\n".join(levels), ".yaml"))


@settings(deadline=None)
@given(source=st.text("ab:-[]{}\"'#,\n \t&*!|>%@?=.0e\\~<\u2028\a"))
@pytest.mark.parametrize("suffix", [".yaml", ".json", ".toml"])
def test_any_text_is_a_document_or_refused_on_a_line_it_has(suffix: str, source: str) -> None:
    """No text makes a parser's own error: the message is one line, names a line of the text, and ends as a sentence."""
    try:
        assert isinstance(parse(source, suffix, "plan").data, dict)
    except UsageError as error:
        message = str(error)
        line = re.match(r"plan:(\d+): ", message)
        assert line is None or 1 <= int(line[1]) <= len(source.split("\n"))
        assert message.isprintable()
        assert message.startswith("plan:")
        assert message.endswith(".")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.txt", b"a: 1", "{0}: a document ends in .yaml, .yml, .toml or .json."),
        ("plan", b"a: 1", "{0}: a document ends in .yaml, .yml, .toml or .json."),
        ("plans.yaml", None, "{0}: is not there: did you mean plan.yaml?"),
        ("something.yaml", None, "{0}: is not there."),
        ("none/plan.yaml", None, "{0}: is not there."),
        ("folder.yaml", None, "{0}: is a folder: name a file in it."),
        ("a\0.yaml", None, "{0}: cannot be read: embedded null byte."),
        ("latin.yaml", b"a: 1\nb: \xe4\n", "{0}:2: is not UTF-8: save the file in that encoding."),
        ("utf16.json", '{"a": 1}'.encode("utf-16"), "{0}:1: is not UTF-8: save the file in that encoding."),
        ("empty.toml", b"", "{0}: is empty."),
        ("large.yaml", b"a: 1\n" + b"#" * 1_000_000, "{0}: has more than 1000 kB: nobody writes that by hand."),
        ("wrong.yml", b"a: [\n", "{0}:1: at column 5: expected a value, but found the end of the file."),
        ("bell\a.json", b"[]", "{0}:1: must be a mapping of fields at the top, not an empty list."),
    ],
)
def test_what_is_no_file_with_a_document_is_refused_by_its_path(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    """The message begins with the path as it was given, in which nothing can order a terminal about."""
    (tmp_path / "plan.yaml").write_text("a: 1", "utf-8")
    (tmp_path / "folder.yaml").mkdir()
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read(path)
    assert words.format(str(path).replace("\a", "\\x07").replace("\0", "\\x00")) == str(refused.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("On", "On"),
        ("yes", "yes"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("~", None),
        ("", None),
        ("null", None),
        ("'~'", "~"),
        ("12:30", "12:30"),
        ("2025-12-03", "2025-12-03"),
        ("2025-12-03T09:30:00Z", "2025-12-03T09:30:00Z"),
        ("012345678901", "012345678901"),
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("0x1f", "0x1f"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1.2.3", "1.2.3"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("nan", "nan"),
        ("Infinity", "Infinity"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_a_yaml_value_without_quotes_is_what_its_writer_means(written: str, meant: object) -> None:
    """Only true and false are booleans, only JSON's numbers are numbers, and dates, times and account ids are text."""
    found = parse(f"a: {written}\n", ".yaml", "plan").data["a"]
    assert (type(meant), meant) == (type(found), found)


def test_yaml_keys_are_text() -> None:
    """A key is what stands there: `on`, `no`, a number and an empty word are no booleans, numbers and nulls."""
    assert {"on": 1, "no": 2, "123456789012": 3, "~": 4, "1.50": 5} == parse(
        "on: 1\nno: 2\n123456789012: 3\n~: 4\n1.50: 5\n", ".yaml", "plan"
    ).data


def test_yaml_anchors_aliases_and_merge_keys_work() -> None:
    """What stands behind an alias is a copy; a merge key gives what the mapping does not say itself, the first base first."""
    source = """
        a: &a {x: 1, y: 1}
        b: &b {y: 2, z: 2}
        c:
          z: 3
          <<: [*a, *b]
        d: *a
        e: {<<: *a, y: [*b]}
        f: {'<<': 1}
    """
    data = parse(source, ".yaml", "plan").data
    assert {
        "a": {"x": 1, "y": 1},
        "b": {"y": 2, "z": 2},
        "c": {"x": 1, "y": 1, "z": 3},
        "d": {"x": 1, "y": 1},
        "e": {"x": 1, "y": [{"y": 2, "z": 2}]},
        "f": {"<<": 1},
    } == data
    assert data["a"] is not data["d"]


def test_toml_dates_and_times_are_text() -> None:
    """They become ISO 8601, as JSON and YAML write them."""
    source = "a = 2025-12-03\nb = 2025-12-03 09:30:00\nc = 09:30:00\nd = [2025-12-03T09:30:00Z]\n"
    assert {
        "a": "2025-12-03",
        "b": "2025-12-03T09:30:00",
        "c": "09:30:00",
        "d": ["2025-12-03T09:30:00+00:00"],
    } == parse(source, ".toml", "plan").data


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.yaml", b"a: x\nb:\n  - c: 1\n"),
        ("plan.YML", b"a: x\nb:\n- c: 1\n"),
        ("plan.toml", b"a = 'x'\n[[b]]\nc = 1\n"),
        ("plan.json", b'{"a": "x",\n"b": [\n{"c": 1}]}'),
    ],
)
@pytest.mark.parametrize("marked", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_the_editor_of_the_user_does_not_matter(
    tmp_path: Path, name: str, content: bytes, marked: bytes, line_end: bytes
) -> None:
    """Byte order marks and the three ends of lines change neither data nor lines."""
    path = tmp_path / name
    path.write_bytes(marked + content.replace(b"\n", line_end))
    document = read(path)
    assert {"a": "x", "b": [{"c": 1}]} == document.data
    assert path == document.path
    assert (1, 3) == (document.line_of(("a",)), document.line_of(("b", 0, "c")))


TEXTS = st.text() | st.sampled_from(
    ["no", "1e3", "12:30", "~", "", "null", "0123", "089", "=", "<<", ".nan", "- a", "a: b", "# a", "'", '"', "|", "!a"]
)
LINES = st.lists(st.sampled_from(["a", " a", "a ", "", "\t", "- b", "#", "---", "é\u2028", "\x85"])).map("\n".join)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | LINES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | LINES, inner, max_size=3),
    max_leaves=12,
)
MAPPINGS: st.SearchStrategy[Data] = st.dictionaries(TEXTS | LINES, VALUES, max_size=4)


def exactly(value: object) -> str:
    """Write data so that 1, 1.0 and True differ."""
    return json.dumps(value, sort_keys=True)


@settings(deadline=None)
@given(data=MAPPINGS)
@example(data={"y" * 200: 1, "a\nb": [[{}, []]], "\n": "\n", "c": "a\n\nb\n\n", "d": -0.0, "e": 1e16, "f": 10**30})
@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_what_is_written_reads_back_equal(suffix: str, data: Data) -> None:
    """Any data, with any text as key or value, is the same after writing and reading."""
    assert exactly(data) == exactly(parse(text(data, suffix), suffix, "plan").data)


@settings(deadline=None)
@given(data=MAPPINGS)
def test_written_yaml_means_the_same_to_others(data: Data) -> None:
    """Readers of YAML 1.1, where `no` is a boolean and `12:30` a number, find the same data in it."""
    assert exactly(data) == exactly(yaml.safe_load(text(data, ".yaml")))


def test_written_yaml_is_for_people() -> None:
    """Order is kept, long texts stay on one line, texts of several lines stand as blocks, letters stay letters."""
    shared: JsonValue = {"no": "no"}
    data: Data = {"b": "é " * 60 + "é", "a": "one\ntwo\n", "c": [shared, shared], "d": "08"}
    written = f"b: {data['b']}\na: |\n  one\n  two\nc:\n- 'no': 'no'\n- 'no': 'no'\nd: '08'\n"
    assert written == text(data, ".yaml")


@pytest.mark.parametrize(
    ("data", "suffix", "words"),
    [
        ({"a": 1}, ".toml", ".toml is read, but not written: write .yaml or .json."),
        ({"a": 1}, ".xml", ".xml is unknown: write .yaml or .json."),
        ({"a": [1, float("nan")]}, ".json", "a[1]: must be a finite number: put it in quotes if it is text."),
        ({"a": {"b c": float("-inf")}}, ".yaml", "a['b c']: must be a finite number: put it in quotes if it is text."),
        (
            {"a": "\ud800"},
            ".yml",
            "a: a text holds half a character (an unpaired surrogate): write the whole character.",
        ),
    ],
)
def test_what_would_not_read_back_is_not_written(data: Data, suffix: str, words: str) -> None:
    """TOML, numbers that are none and texts no file can hold are refused, with the place."""
    with pytest.raises(UsageError) as refused:
        text(data, suffix)
    assert words == str(refused.value)


def numbered(shape: object, numbers: Iterator[int]) -> JsonValue:
    """Give every key and every text in a shape a word of its own, so that a line that holds the word is the right one."""
    if isinstance(shape, dict):
        return {f"k{next(numbers)}z": numbered(one, numbers) for one in shape.values()}
    if isinstance(shape, list):
        return [numbered(one, numbers) for one in shape]
    return f"v{next(numbers)}z"


def words_at(value: JsonValue, place: Place = ()) -> Iterator[tuple[Place, set[str]]]:
    """Give every place of data with the words that show it on a line: its key, or the beginning of the item."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield (*place, step), {step} if isinstance(step, str) else beginning(one)
        yield from words_at(one, (*place, step))


def beginning(item: JsonValue) -> set[str]:
    """Give what an item of a list may begin with: a bracket, or the first key or text in it."""
    if isinstance(item, dict):
        return {"{", "[[", *list(item)[:1]}
    if isinstance(item, list):
        return {"["}.union(*map(beginning, item[:1]))
    return {str(item).split("\n")[0]}


SHAPES: st.SearchStrategy[JsonValue] = st.recursive(
    st.just("text"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 9).map(str), inner, max_size=4),
    max_leaves=25,
)
DATA = st.dictionaries(st.integers(0, 9).map(str), SHAPES, min_size=1).map(lambda one: numbered(one, itertools.count()))


def assert_lines(source: str, suffix: str, data: JsonValue) -> None:
    """Every key and item is on the line it is said to be on."""
    document = parse(source, suffix, "plan")
    assert data == document.data
    lines = source.split("\n")
    for place, words in words_at(data):
        line = document.line_of(place)
        assert line is not None
        assert any((word[: word.find("z") + 1] or word) in lines[line - 1] for word in words), (place, source)


@settings(deadline=None)
@given(data=DATA, drawn=st.data())
def test_json_lines(data: JsonValue, drawn: st.DataObject) -> None:
    """In JSON of any layout, with brackets and quotes in texts, `line_of` names the line that holds the key or item."""
    comma = drawn.draw(st.sampled_from([",", "\n,", "\t,\n"]))
    colon = drawn.draw(st.sampled_from([":", "\n: ", " :\n"]))
    indent = drawn.draw(st.sampled_from([None, 0, 2, "\t"]))
    start = drawn.draw(st.sampled_from(["", "\n\n", " "]))
    more = drawn.draw(st.sampled_from(["", r"\" ]},[{:\\", r"\\\"\/\ud83d\ude00#"]))
    source = start + json.dumps(data, indent=indent, separators=(comma, colon)).replace('z"', f'z{more}"')
    assert_lines(source, ".json", json.loads(source))


@settings(deadline=None)
@given(data=DATA, drawn=st.data())
def test_yaml_lines(data: JsonValue, drawn: st.DataObject) -> None:
    """In YAML of any layout, with blank lines and comments, `line_of` names the line that holds the key or item."""
    flow = drawn.draw(st.sampled_from([False, None, True]))
    quoted = drawn.draw(st.sampled_from([None, '"', "'"]))
    width = drawn.draw(st.sampled_from([20, 80]))
    noise = drawn.draw(st.sampled_from(["\n", "\n\n", "\n# k1z: v1z\n"]))
    source = yaml.dump(data, sort_keys=False, default_flow_style=flow, default_style=quoted, width=width)
    assert_lines("# k0z\n---\n" + source.replace("\n", noise), ".yaml", data)


NOISE = [
    "",
    "# ''' [k0z",
    r"""n{0}z = '''
[[k3z]] \"\"\" = # ''''""",
    r'''n{0}z = """
[k1z]
\""" 'k2z' = '' """"''',
]


def toml_table(table: Data, names: str, numbers: Iterator[int], drawn: st.DataObject) -> Iterator[str]:
    """Write statements of TOML in every way it knows: tables, arrays of tables, dotted keys, lists and tables in line."""
    later: list[tuple[str, JsonValue]] = []
    for name, value in table.items():
        yield drawn.draw(st.sampled_from(NOISE)).format(next(numbers))
        key = drawn.draw(st.sampled_from([name, f'"{name}"', f"'{name}'"]))
        way = drawn.draw(st.integers(0, 2))
        if isinstance(value, dict) and value and way == 0:
            yield from (f"{key} . {one} = {toml_value(inner, drawn)}" for one, inner in value.items())
        elif way == 1 and value and (isinstance(value, dict) or tables(value)):
            later.append((key, value))
        else:
            yield f"{key} = {toml_value(value, drawn)}"
    for key, value in later:
        for one in value if isinstance(value, list) else [value]:
            assert isinstance(one, dict)
            yield f"[[{names}{key}]]" if isinstance(value, list) else f"[ {names}{key} ] # ]"
            yield from toml_table(one, f"{names}{key}.", numbers, drawn)


def tables(value: JsonValue) -> bool:
    """Tell a list that can be an array of tables."""
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def toml_value(value: JsonValue, drawn: st.DataObject) -> str:
    """Write what stands behind an equals sign."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml_value(one, drawn)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        gap = drawn.draw(st.sampled_from(["", "\n", " # ] k0z, '\n\n"]))
        return f"[{gap}" + ",".join(f"{gap}{toml_value(one, drawn)}{gap}" for one in value) + f"{gap}]"
    quotes = [('"', '"'), ("'", "'"), ('"""', '\\\n  """'), ('"""', '\n""""'), ("'''", "\n''''")]
    before, after = drawn.draw(st.sampled_from(quotes))
    return f"{before}{value}{after}"


@settings(deadline=None)
@given(data=DATA, drawn=st.data())
def test_toml_lines(data: Data, drawn: st.DataObject) -> None:
    """In TOML of any layout, with texts and comments that look like keys, `line_of` names the line of the key or item."""
    source = "\n".join(toml_table(data, "", itertools.count(), drawn))
    assert_lines(source, ".toml", tomllib.loads(source))


def test_lines_are_those_an_editor_counts() -> None:
    """U+2028 and U+0085, which YAML takes for ends of lines, end no line of a file."""
    assert 2 == parse('a: "x\u2028y\x85z"\nb: 1\n', ".yaml", "plan").line_of(("b",))


def test_the_line_of_what_is_not_there_is_that_of_what_is_around_it() -> None:
    """The nearest key or item around a place has its line; a document that was never a text has none."""
    document = parse("a: 1\nb:\n  -\n    c:\n      d: 1\n", ".yaml", "plan")
    places: list[Place] = [(), ("x",), ("b",), ("b", 0), ("b", 0, "c", "x", 3), ("b", 7), ("b", "c"), ("a", "y")]
    assert [1, 1, 2, 4, 4, 2, 2, 1] == [document.line_of(place) for place in places]
    assert Document({"a": 1}, "the scenario").line_of(("a",)) is None


def test_what_an_alias_repeats_has_the_line_where_it_is_written() -> None:
    """The line is the one to correct: of the anchor's mapping, not of the alias; a mapping's own keys have their own."""
    source = "base: &base\n  x: 1\n  y: 2\nused: *base\nmerged:\n  y: 3\n  <<: *base\n"
    document = parse(source, ".yaml", "plan")
    places: list[Place] = [("used",), ("used", "x"), ("merged", "x"), ("merged", "y")]
    assert [4, 2, 2, 6] == [document.line_of(place) for place in places]
