"""What is wrong with a text that is no YAML, TOML or JSON, in the words of who wrote it and not of who parses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askfirst.harness.documents.lines import Text, Unreadable

if TYPE_CHECKING:
    import json
    import tomllib

    import yaml

# What PyYAML says, and what it means. `{0}` is the first group of the pattern, `{found}` what stands there, `{line}` the
# line where the broken thing begins.
YAML = (
    (r"found character '\\t'", "a tab: YAML is indented and spaced with spaces only."),
    (r"found character (.+) that cannot start any token", "a value cannot begin with {0}: put it in quotes."),
    (
        "mapping values are not allowed here",
        "a key cannot stand here: look at the indentation, and for a ':' missing above.",
    ),
    ("could not find expected ':'", "expected ': ' after the key on line {line}."),
    ("sequence entries are not allowed here", "a list item ('- ') must begin on a line of its own."),
    ("mapping keys are not allowed here", "a value cannot begin with '? ': put it in quotes."),
    (
        "found unknown escape character '(.+)'",
        r"'\{0}' means nothing in double quotes: write '\\{0}', or use single quotes.",
    ),
    (r"expected escape sequence of (\d+)", r"'\x', '\u' and '\U' in double quotes need 2, 4 and 8 hexadecimal digits."),
    ("indentation indicator|a comment or a line break", "a value cannot begin with '|' or '>': put it in quotes."),
    ("found undefined alias '(.+)'", "there is no anchor '&{0}' above for '*{0}': put it in quotes if it is text."),
    ("expected alphabetic or numeric character", "a value cannot begin with '*' or '&': put it in quotes."),
    (r"tag|expected (?:'>'|' '|'!'|URI)", "a value cannot begin with '!': put it in quotes."),
    (r"expected ',' or '([\]}])'", "expected ',' or '{0}' in what opens on line {line}, but found {found}."),
    ("expected the node content", "expected a value, but found {found}."),
    (
        "directive|YAML document|a digit|but found '<stream end>'",
        "a line cannot begin with '%': put the text in quotes.",
    ),
    ("'<document start>'", "expected the end of the document, but found {found}."),
)

JSON = (
    ("property name", "expected a key in double quotes, but found {found}."),
    ("Expecting value", "expected a value, but found {found}."),
    ("Expecting ':'", "expected ':' after the key, but found {found}."),
    ("Expecting ','", "expected ',' or the closing bracket, but found {found}."),
    ("Extra data", "expected the end of the document, but found {found}."),
    ("Unterminated string", "the text in quotes that begins here is not closed."),
    ("control character", r"a text in quotes holds the end of a line or a tab: write '\n' or '\t'."),
    ("escape", r"this means nothing in quotes: write '\\' for '\', and four hexadecimal digits after '\u'."),
)

COMMA = "a comma before the closing bracket: take it away."

TOML = (
    ("Invalid statement", "expected a key or a [table], but found {found}."),
    ("Expected '='", "expected '=' after the key, but found {found}."),
    ("Invalid value", "expected a value (texts stand in quotes), but found {found}."),
    (r"Unterminated string|Expected ['\"]'|Illegal character '\\n'", "a text in quotes is not closed."),
    ("haracter '", "the control character {found} cannot stand here."),
    ("Expected newline", "expected the end of the line after the value, but found {found}."),
    ("Cannot|Duplicate", "this key or table stands here a second time."),
    (r"Expected '(\]+)' at", "expected '{0}' after the name of the table, but found {found}."),
    ("Unclosed array", "expected ',' or ']' in the list, but found {found}."),
    ("Unclosed inline", "expected ',' or '}}' in the table, but found {found}."),
    ("key part", "expected a key, but found {found}."),
    ("Unescaped|hex|scalar", r"this means nothing in double quotes: write '\\' for '\', or use single quotes."),
    ("date", "there is no such date or time."),
)


def yaml_trouble(error: yaml.YAMLError, text: Text) -> Unreadable:
    """Say what PyYAML could not read."""
    import yaml

    if isinstance(error, yaml.reader.ReaderError):
        return text.trouble(error.position, f"the control character {chr(error.character)!r} cannot stand here.")
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Unreadable(None, "is no YAML.")
    index = error.problem_mark.index
    begins = error.context_mark.index if error.context_mark else index
    before = text.text[text.index(text.line(index), 1) : index]
    problem = str(error.problem)
    if "found unexpected" in problem:
        return text.trouble(begins, "the text in quotes that begins here is not closed.")
    if "mapping values" in problem and ": " in before:
        return text.trouble(index, "a second ':' in one line: put a text that holds ': ' in quotes.")
    if "expected <block end>" in problem:
        return text.trouble(index, _beside(before, _found(text, index), text.line(begins)))
    return text.trouble(index, _said(YAML, problem, text, index, text.line(begins)))


def _beside(before: str, found: str, line: int) -> str:
    """Say what is wrong with something that belongs neither to a mapping or list nor behind it."""
    if found == "':'":
        return "a key is missing before ':'."
    if found in {"']'", "'}'"}:
        return f"{found} closes nothing that is open here."
    if before.strip(" -"):
        return f"{found} follows a value that is complete without it: put the whole in quotes."
    return f"the indentation fits neither what begins on line {line} nor anything in it."


def json_trouble(error: json.JSONDecodeError, text: Text) -> Unreadable:
    """Say what `json` could not read."""
    rest = text.text[error.pos :]
    before = text.text[: error.pos].rstrip()
    if "trailing comma" in error.msg:  # from Python 3.13 on, at the comma
        return text.trouble(error.pos, COMMA)
    if before.endswith(",") and rest.startswith(("]", "}")):
        return text.trouble(len(before) - 1, COMMA)
    if rest.startswith("'"):
        return text.trouble(error.pos, "JSON wants double quotes around keys and texts.")
    if rest.startswith(("#", "//", "/*")):
        return text.trouble(error.pos, "JSON has no comments: take it away, or write YAML.")
    return text.trouble(error.pos, _said(JSON, error.msg, text, error.pos))


def toml_trouble(error: tomllib.TOMLDecodeError, text: Text) -> Unreadable:
    """Say what `tomllib` could not read."""
    said = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.DOTALL)
    if said is None:
        return Unreadable(None, "is no TOML.")
    index = text.index(int(said[2]), int(said[3])) if said[2] else len(text.text)
    return text.trouble(index, _said(TOML, said[1], text, index))


def _said(table: tuple[tuple[str, str], ...], problem: str, text: Text, index: int, line: int = 0) -> str:
    for pattern, sentence in table:
        if match := re.search(pattern, problem):
            return sentence.format(*match.groups(), found=_found(text, index), line=line)
    return f"{_found(text, index)} cannot stand here."


def _found(text: Text, index: int) -> str:
    """Name what stands at a place of the text."""
    found = re.compile(r"[^\W_][\w-]{,30}|.", re.DOTALL).match(text.text, index)
    if found is None:
        return "the end of the file"
    if found[0] in {"True", "False"}:
        return f"{found[0]!r} (write {found[0].lower()})"
    return "the end of the line" if found[0] == "\n" else repr(found[0])
