"""The verb `new`: a file that works at once, to be changed from there."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Annotated

import typer

new = typer.Typer(name="new", no_args_is_help=True, help="Write a scenario or a fault that works, to be changed.")

Name = Annotated[str, typer.Argument(help="What it is called: words joined by '-', such as slow-checkout.")]
Folder = Annotated[Path, typer.Option("--path", metavar="FOLDER", help="Where the file goes.")]


@new.command()
def scenario(name: Name, *, path: Folder = Path()) -> None:
    """Write a scenario that certifies as it is."""
    file = _written("scenario.py.j2", name, path)
    print(f"{file}\n\nNow:  askfirst certify {file}\nthen change the file part by part, and certify again after each.")
    print(f"Run:  askfirst run {file} --agent reference:asker")


@new.command("fault")
def new_fault(name: Name, *, path: Folder = Path()) -> None:
    """Write a fault that can be used as it is, in a scenario beside it or in a plan."""
    file = _written("fault.py.j2", name, path)
    print(
        f"{file}\n\nIts first lines say how a scenario and how a plan use it. Its example:  askfirst list faults --json"
    )


def _written(template: str, name: str, folder: Path) -> Path:
    """Write the file from its template, and give its path; nothing that exists is overwritten."""
    import importlib.resources

    import jinja2

    from askfirst.harness.errors import UsageError

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or keyword.iskeyword(name):
        near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")
        hint = f": try {near!r}" if near and not keyword.iskeyword(near) else ""
        msg = f"the name {name!r} must be lower-case words and digits joined by '-'{hint}"
        raise UsageError(msg)
    module = name.replace("-", "_")
    file = folder / f"{module}.py"
    if not folder.is_dir():
        msg = f"there is no folder {folder}: make it first, or name another with --path"
        raise UsageError(msg)
    if file.exists():
        msg = f"{file} is there already and was left alone: choose another name, or another folder with --path"
        raise UsageError(msg)
    text = importlib.resources.files("askfirst.harness.authoring").joinpath(template).read_text(encoding="utf-8")
    filled = jinja2.Template(text, keep_trailing_newline=True, undefined=jinja2.StrictUndefined, autoescape=False)
    file.write_text(filled.render(name=name, module=module, function=module), encoding="utf-8")
    return file
