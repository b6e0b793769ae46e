"""What a change-request file asks for: YAML, JSON, Markdown with front matter, with headings, or in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from askfirst.harness.authorization.channels.asking import texts
from askfirst.harness.errors import UsageError

HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)[\s#:]*")
ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[.\]\s+)?(?P<text>.*)")
FENCE = re.compile(r"\s*(```|~~~)")
FRONT = re.compile(r"---[ \t]*\n(?P<data>.*?)^(?:---|\.\.\.)[ \t]*$\n?(?P<body>.*)", re.DOTALL | re.MULTILINE)
PARTS = {
    "action": "actions",
    "actions": "actions",
    "resource": "resources",
    "resources": "resources",
    "reason": "reason",
    "plan": "plan",
}
"""The fields of a request and the headings for them; whatever else a file holds is not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a file says. `plan` is a path relative to the workspace, '' for none."""

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    reason: str = ""
    plan: str = ""


def read_draft(name: str, text: str) -> Draft:
    """Read the file called `name`. Raises `UsageError` that says what cannot be read."""
    if not name.endswith(".md"):
        return _of_data(text)
    front = FRONT.fullmatch(text)
    if front is not None:
        return _of_data(front["data"], reason=front["body"].strip())
    sections = _sections(text)
    if not sections.get("actions"):
        return Draft(actions=(_words(text),))
    return Draft(
        actions=sections["actions"],
        resources=sections.get("resources", ()),
        reason=" ".join(sections.get("reason", ())),
        plan=_one("plan", sections.get("plan", ())),
    )


def _of_data(text: str, *, reason: str = "") -> Draft:
    import yaml

    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        msg = f"it is no YAML{where}"
        raise UsageError(msg) from None
    if not isinstance(data, Mapping):
        msg = "it holds no fields such as actions: and resources:"
        raise UsageError(msg)
    fields: dict[str, tuple[str, ...]] = {}
    for key, value in data.items():
        part = PARTS.get(str(key).lower())
        if part is not None:
            fields[part] = (*fields.get(part, ()), *texts(part, value))
    if not any(one.strip() for one in fields.get("actions", ())):
        msg = "it names no actions"
        raise UsageError(msg)
    return Draft(
        actions=fields["actions"],
        resources=fields.get("resources", ()),
        reason=" ".join(fields.get("reason", ())) or reason,
        plan=_one("plan", fields.get("plan", ())),
    )


def _one(part: str, found: tuple[str, ...]) -> str:
    if len(found) > 1:
        msg = f"it names more than one {part}"
        raise UsageError(msg)
    return found[0] if found else ""


def _sections(text: str) -> dict[str, tuple[str, ...]]:
    """Give what stands under each heading that is a part of a request."""
    lines: dict[str, list[str]] = {}
    part = ""
    for line in text.splitlines():
        heading = HEADING.fullmatch(line)
        if heading is not None:
            part = PARTS.get(heading["title"].lower(), "")
        elif part:
            lines.setdefault(part, []).append(line)
    return {part: tuple(_items(found)) for part, found in lines.items()}


def _items(lines: Iterable[str]) -> Iterable[str]:
    """Give the items of lists, the lines of code, and each paragraph as one."""
    paragraph: list[str] = []
    code = False
    for line in [*lines, ""]:
        item = ITEM.fullmatch(line)
        fence = FENCE.match(line) is not None
        if (item or fence or code or not line.strip()) and paragraph:
            yield " ".join(paragraph)
            paragraph = []
        if fence:
            code = not code
        elif code:
            if line.strip():
                yield line.strip()
        elif item:
            paragraph = [_bare(item["text"])]
        elif line.strip():
            paragraph.append(_bare(line))


def _bare(text: str) -> str:
    text = text.strip()
    return text.strip("`").strip() if text.count("`") == 2 and text[0] == text[-1] == "`" else text


def _words(text: str) -> str:
    """Give what a file says that has no such headings; headings are titles, and count only where nothing else is said."""
    lines = text.splitlines()
    body = "\n".join(_items([one for one in lines if not HEADING.fullmatch(one)]))
    return body or "\n".join(one.lstrip("# ") for one in lines if one.strip())
