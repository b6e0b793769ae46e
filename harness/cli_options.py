"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

STORE = Path(".askfirst") / "trials"

ScenarioName = Annotated[str, typer.Argument(help="Name of a scenario, or a file: incident.py or incident.py:NAME.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Paths = Annotated[
    list[Path] | None,
    typer.Option("--path", metavar="FOLDER", help="A folder with scenario files of yours; repeatable."),
]
Store = Annotated[Path, typer.Option(help="Folder of the histories.")]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="OUT.html", help="Write a page that opens from disk, without network.")
]
