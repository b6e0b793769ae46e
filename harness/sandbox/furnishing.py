"""What a program that is an agent is given beside its task: its preset's files and variables, its model, what it is made of."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from askfirst.harness.sandbox.presets import Preset, place_of
from askfirst.harness.sandbox.relaying import Place

MODEL_URL = "ASKFIRST_MODEL_URL"
"""Where the model is, for every program; the program's own variable stands behind it. Programs find the address in it too."""


def furnish(preset: Preset | None, home: Path, model: str) -> Mapping[str, str]:
    """Write the preset's files into a HOME; give the variables that are added for it."""
    told = {MODEL_URL: model} if model else {}
    if preset is None:
        return told
    filled = {"{model}": model, "{home}": str(home)}
    for name, text in preset.files.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fill(text, filled).lstrip(), encoding="utf-8")
    handed = {name: os.environ[name] for name in preset.passes if name in os.environ}
    place = {preset.model_url[0]: model} if preset.model_url else {}
    return {**told, **place, **handed, **{name: fill(text, filled) for name, text in preset.environment.items()}}


def model_of(preset: Preset | None) -> str:
    """Give the address of the model, '' where there is none to choose."""
    own, otherwise = preset.model_url if preset and preset.model_url else ("", "")
    return (os.environ.get(MODEL_URL) or os.environ.get(own, "") or otherwise).rstrip("/")


def relays_of(preset: Preset | None, model: str) -> tuple[Place, ...]:
    """Give what the program may reach: the model, and what its preset names."""
    places = [one.rpartition(":") for one in (preset.hosts if preset else ())]
    found = [Place(host, int(port)) for host, _, port in places]
    if model:
        url = urlsplit(model)
        found.append(Place(url.hostname or "", url.port or (443 if url.scheme == "https" else 80)))
    return tuple(found)


def parts_of(argv: Sequence[str]) -> list[Path]:
    """Give what must be seen for a command to work: the program, and files among its words."""
    files = [Path(one) for one in argv if one.startswith(os.sep) and Path(one).exists()]
    place = place_of(argv[0])
    return [*files, *([place] if place else [])]


def absolute(argv: Sequence[str]) -> tuple[str, ...]:
    """Write files of the folder one stands in by their whole path: the program runs in the workspace."""
    first = os.path.abspath(argv[0]) if os.sep in argv[0] else argv[0]  # noqa: PTH100 - a link may be what it is called by
    rest = (str(Path(one).absolute()) if Path(one).is_file() else one for one in argv[1:])
    return (first, *rest)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the places a text has for them."""
    for name, value in values.items():
        text = text.replace(name, value)
    return text
