"""Progress on stderr: a bar on a terminal, nothing where there is none (logs stay short)."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def counting(what: str, total: int, *, first: str) -> Iterator[Callable[[str], None]]:
    """Show how many of `total` are done (0: not known); `first` is said until the first is. Give the function to tell."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(first, total=total or None)

        def done(last: str) -> None:
            progress.update(task, advance=1, description=f"{what}: {last}")

        yield done
