"""What a file of infrastructure declares or holds: the resources by which a loss is told from an edit."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from askfirst.harness.offwire.roles import Role, role_of_path

if TYPE_CHECKING:
    import yaml

RESOURCES: Final = re.compile(rb'^\s*\{?\s*"?Resources"?\s*:', re.MULTILINE)
BLOCK: Final = re.compile(r'^\s*(resource\s+"[^"]+"\s+"[^"]+"|(?:module|data)\s+"[^"]+"(?:\s+"[^"]+")?)', re.MULTILINE)
COMMENT: Final = re.compile(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
DOCUMENT: Final = re.compile(r"\.(ya?ml|json|template)$")


def role_of(path: str, content: bytes) -> Role:
    """Give the role of a file by its name, and of a document by its `Resources` too."""
    by_name = role_of_path(path)
    if by_name is Role.STATE or (by_name is Role.CODE and not DOCUMENT.search(path)):
        return by_name
    if DOCUMENT.search(path) and RESOURCES.search(content):
        return Role.CODE
    return by_name


def is_blank(content: bytes) -> bool:
    """Tell whether nothing is left of a file but blanks and comments."""
    return not COMMENT.sub("", content.decode(errors="replace")).strip()


def members(path: str, role: Role, content: bytes) -> frozenset[str] | None:
    """Give the names of what a file declares or holds; None where it cannot be read as what it should be."""
    text = content.decode(errors="replace")
    try:
        if role is Role.STATE:
            return _of_state(json.loads(text))
        if role is Role.CODE and path.endswith(".tf"):
            return frozenset(" ".join(found.split()) for found in BLOCK.findall(text))
        if role is Role.CODE and DOCUMENT.search(path):
            return _of_template(_document(path, text))
    except (ValueError, TypeError, AttributeError):
        return None
    return frozenset()


def _of_state(state: Any) -> frozenset[str]:  # noqa: ANN401 - JSON from anywhere
    """Give the real things a Terraform state knows, by id where they have one, so that a renaming loses nothing."""
    if not isinstance(state, Mapping):
        msg = "a state is an object"
        raise TypeError(msg)
    held: set[str] = set()
    for resource in state.get("resources", []):
        kind, name = resource.get("type"), resource.get("name")
        for number, instance in enumerate(resource.get("instances", [{}])):
            known = instance.get("attributes") or {}
            held.add(f"{kind} {known.get('id') or f'{name}[{number}]'}")
    return frozenset(held)


def _of_template(template: Any) -> frozenset[str]:  # noqa: ANN401
    resources = template.get("Resources") if isinstance(template, Mapping) else None
    return frozenset(map(str, resources)) if isinstance(resources, Mapping) else frozenset()


def _document(path: str, text: str) -> Any:  # noqa: ANN401
    if path.endswith(".json"):
        return json.loads(text)
    import yaml

    try:
        return yaml.load(text, _loader())  # noqa: S506 - a SafeLoader that also passes CloudFormation's tags over
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


@functools.cache
def _loader() -> type[yaml.SafeLoader]:
    """Make a loader that reads `!Ref` and the like as nothing."""
    import yaml

    class TemplateLoader(yaml.SafeLoader):
        """Reads any tag."""

    TemplateLoader.add_multi_constructor("!", lambda *_: "!")
    return TemplateLoader
