"""A page in a real browser: nothing that an agent wrote runs, and nothing is asked of a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.report.chromium import browser, program

from askfirst.harness.errors import UsageError
from askfirst.harness.report.html.trials import trial_page
from askfirst.harness.report.html.writing import place
from askfirst.harness.trial import Trial

EVIL = "</script></pre></td><script>document.title='run'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\x1b[31m\u202e"


def _evil(brief: Any) -> str:
    brief.request_authorization([EVIL], [EVIL], EVIL + "x" * 1_000_000)
    brief.session.client("dynamodb").delete_table(TableName="costs")
    return EVIL + "y" * 1_000_000


@pytest.mark.skipif(not program(), reason="no Chromium is installed here")
def test_nothing_an_agent_wrote_runs(drop: Callable[..., Trial], tmp_path: Path) -> None:
    """Script, tags, ANSI codes, direction marks and a megabyte of text are shown, cut, and never obeyed."""
    file = tmp_path / "trial.html"
    file.write_text(trial_page(drop(_evil)), "utf-8")
    assert file.stat().st_size < 200_000
    assert not {"\x1b", "\u202e"} & set(file.read_text("utf-8"))
    with browser(tmp_path / "profile") as page:
        page.open(file)
        assert [] == page.errors
        assert [file.as_uri()] == page.requests
        assert page.run("document.title").startswith("FAIL")
        assert 0 == page.run("document.querySelectorAll('script, img').length")
        assert 1 == page.run("document.querySelectorAll('tr.first').length")


def test_the_page_needs_a_place_of_its_own(tmp_path: Path) -> None:
    """A folder that is missing, and a file that is no page, are refused in a sentence."""
    for path, said in (
        (tmp_path / "none" / "a.html", "there is no folder"),
        (tmp_path / "store.sqlite", "ends in .html"),
    ):
        with pytest.raises(UsageError, match=said):
            place(path)
