"""What every page has: templates that escape everything, and a policy that lets a browser run nothing but our own script."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.printable import printable

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent


def rendered(template: str, **values: object) -> str:
    """Fill in a template of this folder. Every value is escaped, whatever it is: for HTML, and for terminals and browsers."""
    return _environment().get_template(template).render(**values)


def page(template: str, *, script: bool, **values: object) -> str:
    """Give a whole page: its style (and script) inlined, and a content security policy that allows these and nothing else."""
    from markupsafe import Markup

    style = (_HERE / "style.css").read_text("utf-8")
    program = (_HERE / "report.js").read_text("utf-8") if script else ""
    allowed = [f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {_hash(style)}"]
    if script:
        allowed.append(f"script-src {_hash(program)}")
    # Ours, and not to be escaped: the hash is of exactly these characters.
    own = {"style": Markup(style), "program": Markup(program)}  # noqa: S704 - files of this folder, nothing an agent wrote
    return rendered(template, policy="; ".join(allowed), **own, **values)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _shown(value: object) -> object:
    """Give a value as it is filled in: characters that are obeyed, and not shown, as escapes; lines are kept."""
    if type(value) is not str or value.isprintable():  # what is safe by its type was made by another template
        return value
    return "\n".join(map(printable, value.split("\n")))


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
