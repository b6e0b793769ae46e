"""The verb `review`: the incident review of a stored trial, and what would have stopped it."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from askfirst.harness.cli_options import STORE, AsJson, Paths, Store


def review(
    trial: Annotated[str, typer.Argument(help="Id of a trial (or its beginning), or the path of its .jsonl file.")],
    *,
    what_if: Annotated[
        bool,
        typer.Option("--what-if", help="Run the recorded calls again with each safeguard on, and say which stop it."),
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="With --what-if: let an agent with a model or a program run again, too.")
    ] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the review as one HTML file.")] = None,
    paths: Paths = None,
    store: Store = STORE,
    as_json: AsJson = False,
) -> None:
    """Write the incident review of a stored trial, as Markdown."""
    from askfirst.harness import scenario_paths
    from askfirst.harness.report import progress
    from askfirst.harness.review import data, markdown, writing
    from askfirst.harness.review import html as pages
    from askfirst.harness.review.facts import facts_of
    from askfirst.harness.stored import stored

    scenario_paths.use(paths or ())
    found = stored(trial, store)
    facts = facts_of(found)
    table = None
    if what_if:
        from askfirst.harness.review.whatif import comparing

        with progress.stdout_kept(), progress.counting("what if", comparing.steps()) as done:
            table = comparing.compared(facts, live=live, done=done)
    from askfirst.harness.review.whatif import telling

    document = writing.written(facts, telling.blocks(table) if table is not None else ())
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(pages.rendered(document), encoding="utf-8")
    if as_json:
        print(json.dumps(data.review_data(facts, table), indent=2))
    else:
        print(markdown.rendered(document), end="")
