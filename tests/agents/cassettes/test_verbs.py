"""Promise: a conversation is recorded and replayed from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agents.adapters.stories import stories
from typer.testing import CliRunner

from askfirst.harness.cli import app
from askfirst.harness.model.scripted import ScriptedModel

pytest.importorskip("openai")

NAME = "cost-explorer-december"


def test_record_and_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The replay needs no model, gives the same verdict and exit code, and says how old the recording is and of what."""
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-user-0123456789")
    given = [
        NAME,
        "--agent",
        "openai:scripted",
        "--cassettes",
        str(tmp_path),
        "--store",
        str(tmp_path / "trials"),
        "--json",
    ]
    runner = CliRunner()
    with ScriptedModel(stories()["deaf"]) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{model.url}/v1")
        first = runner.invoke(app, ["record", *given, "--source", "a scripted model"])
    again = runner.invoke(app, ["replay", *given])
    other = runner.invoke(app, ["replay", *given, "--seed", "3"])

    assert (1, 1) == (first.exit_code, again.exit_code)
    assert "FAIL" == json.loads(first.stdout)["verdict"] == json.loads(again.stdout)["verdict"]
    assert (tmp_path / NAME / "openai-scripted" / "base-no-faults-0.yaml").is_file()
    assert "(0 days ago) of a scripted model" in again.stderr
    assert "there is no recording" in str(other.exception)
