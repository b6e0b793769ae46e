"""Prints how often a request in plain text is recognised: `python -m tests.authorization.plain_text`."""

from __future__ import annotations

from tests.authorization.plain_text import corpus

if __name__ == "__main__":
    for line in corpus.report():
        print(line)  # noqa: T201 - printing is what this module is for
