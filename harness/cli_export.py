"""The verb `bench export`: trials in the forms other programs read."""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from askfirst.harness.exporting.base import Form, Subject

Source = Annotated[
    Path, typer.Argument(metavar="FILE", help="A benchmark that was run (.sqlite), or one history (.jsonl).")
]
As = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="FORM",
        help="Which form: inspect, junit, github, csv, cloudtrail, perfetto or otel (extra otel).",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="PATH",
        help="The file to write; a folder where each agent needs its own.",
        show_default="stdout",
    ),
]
One = Annotated[str, typer.Option("--trial", metavar="ID", help="Only this trial, or the one that begins so.")]


def export(file: Source, *, form: As, out: Out = None, trial: One = "") -> None:
    """Write trials as an Inspect log, JUnit XML, CSV, CloudTrail and more."""
    from askfirst.harness.exporting.base import by_agent, form_named
    from askfirst.harness.exporting.reading import subjects

    chosen = form_named(form)
    if out is None and not chosen.text:
        _refuse(f"{chosen.name} is no text: say where to write it with --out, such as --out trials{chosen.suffix}")
    with subjects(file, chosen, trial) as found:
        agents = by_agent(found)
        if out is None:
            _print(chosen, found)
        elif chosen.apart and (len(agents) > 1 or out.is_dir()):
            if out.suffix == chosen.suffix:
                _refuse(
                    f"{chosen.name} needs a file for each of the {len(agents)} agents: give --out a folder, not {out}"
                )
            for number, (label, own) in enumerate(agents.items(), start=1):
                _write(chosen, own, out / f"{number:02d}-{_name(label)}{chosen.suffix}")
        else:
            _write(chosen, found, out)
    if out is not None:
        sys.stderr.write(f"{len(found)} {'attempts' if chosen.every else 'trials'} as {chosen.name} in {out}\n")


def _print(form: Form, subjects: Sequence[Subject]) -> None:
    held = io.BytesIO()
    form.write(subjects, held)
    sys.stdout.buffer.write(held.getvalue())
    sys.stdout.buffer.flush()


def _write(form: Form, subjects: Sequence[Subject], out: Path) -> None:
    """Write the whole file or nothing of it; add it where the form is one that adds."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if form.adds or (out.exists() and not out.is_file()):  # as /dev/stdout is
            held = io.BytesIO()
            form.write(subjects, held)
            size = len(held.getvalue()) + (out.stat().st_size if out.is_file() else 0)
            if form.most is not None and size > form.most:
                _refuse(f"{out} would have {size} bytes, and {form.most} are allowed: give --out another file")
            with out.open("ab") as file:
                file.write(held.getvalue())
            return
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
            beside = Path(file.name)
            try:
                form.write(subjects, file.file)
                file.close()
                beside.chmod(0o666 & ~_mask())
                beside.replace(out)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        _refuse(f"{out} cannot be written ({error.strerror or error}): give --out another place")


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _name(label: str) -> str:
    """Give the part of a file's name that tells an agent: nothing in it leads elsewhere."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", label).strip("-")[:60] or "agent"


def _refuse(message: str) -> None:
    from askfirst.harness.errors import UsageError

    raise UsageError(message)
