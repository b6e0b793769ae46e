"""What a waiting person sees on stderr: a spinner and a bar on a terminal, elsewhere nothing: logs stay short."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Generator


@contextlib.contextmanager
def waiting(for_what: str) -> Generator[None]:
    """Turn a spinner while something slow is done in this process. No trial may be forked meanwhile: it is a thread."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(for_what):
        yield


@contextlib.contextmanager
def counting(what: str, total: int | None = None) -> Generator[Callable[[str], None]]:
    """Show how many of `total` (None: not known) are done. Give the function to call, with a word, as each ends."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Drawn when something ends, not by a thread: trials are forked meanwhile.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task(what, total=total)
        progress.refresh()

        def done(last: str) -> None:
            progress.update(task, advance=1, description=f"{what}: {last}", refresh=True)

        yield done


@contextlib.contextmanager
def stdout_kept() -> Generator[None]:
    """Send to stderr what agents and the programs they start print: stdout is for results, `--json` above all."""
    sys.stdout.flush()
    sys.stderr.flush()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        with contextlib.suppress(OSError):
            kept = os.dup(1)
            stack.callback(os.close, kept)
            stack.callback(os.dup2, kept, 1)
            os.dup2(2, 1)
        yield
