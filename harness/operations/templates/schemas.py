"""Which properties of a resource type cannot be changed in place, from the schemas that come with cfn-lint.

The schemas are AWS's own (the CloudFormation registry's), one file per type and version, under `cfnlint/data/schemas`:
`providers/REGION.json` maps a type to the name of its file in `resources/`. cfn-lint itself is not imported: that costs
a second, and a file is read in a millisecond.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html (createOnlyProperties)
"""

from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

Pointer = tuple[str, ...]
"""A place in the properties: ('Tier', 'Name'); '*' is any item of a list."""

HOME_REGION = "us-east-1"
"""Where every type exists: a region without a list of its own, and a type it lacks, are looked up here."""

CUSTOM_RESOURCE = "AWS::CloudFormation::CustomResource"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the schema of a type says. `known` is False where there is none."""

    create_only: tuple[Pointer, ...] = ()
    sometimes_create_only: tuple[Pointer, ...] = ()
    """Properties whose change replaces the resource in some cases, in prose that no machine reads."""
    known: bool = True


@functools.lru_cache(maxsize=512)
def rules_of(kind: str, region: str = HOME_REGION) -> Rules:
    """Give the rules of a resource type ('AWS::SQS::Queue'); custom resources share one type."""
    looked_up = CUSTOM_RESOURCE if kind.startswith("Custom::") else kind
    file = _index(region).get(looked_up) or _index(HOME_REGION).get(looked_up)
    if file is None:
        return Rules(known=False)
    schema = json.loads((_folder() / "resources" / f"{file}.json").read_bytes())
    return Rules(
        _pointers(schema.get("createOnlyProperties", ())),
        _pointers(schema.get("conditionalCreateOnlyProperties", ())),
    )


def _pointers(texts: list[str]) -> tuple[Pointer, ...]:
    return tuple(tuple(text.removeprefix("/properties/").split("/")) for text in texts)


@functools.lru_cache(maxsize=64)
def _index(region: str) -> Mapping[str, str]:
    file = _folder() / "providers" / f"{region}.json"
    if not file.is_file() and region != HOME_REGION:
        return MappingProxyType({})
    found: dict[str, str] = json.loads(file.read_bytes())
    return MappingProxyType(found)


@functools.cache
def _folder() -> Path:
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or spec.origin is None:
        msg = "cfn-lint is not installed: it comes with moto[all], install that"
        raise RuntimeError(msg)
    folder = Path(spec.origin).parent / "data" / "schemas"
    if not (folder / "providers" / f"{HOME_REGION}.json").is_file():
        msg = f"cfn-lint keeps no schemas in {folder}: install the version that constraints.txt names"
        raise RuntimeError(msg)
    return folder
