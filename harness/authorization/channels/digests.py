"""The digest of a plan: what is to be carried out, whatever its layout."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def digest(plan: str | bytes | Mapping[str, object]) -> str:
    """Give the SHA-256 of the canonical JSON where a plan is a mapping in JSON or YAML, else of its text."""
    if isinstance(plan, bytes):
        try:
            return digest(plan.decode())
        except UnicodeDecodeError:
            return hashlib.sha256(plan).hexdigest()
    read = _mapping(plan) if isinstance(plan, str) else plan
    text = plan.strip() if isinstance(plan, str) else ""
    if read is not None:
        text = json.dumps(read, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def _mapping(text: str) -> Mapping[str, object] | None:
    import yaml

    try:
        read = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None
    return read if isinstance(read, Mapping) else None
