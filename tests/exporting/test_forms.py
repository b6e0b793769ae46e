"""Promise: each form says of every trial what the store says, is accepted where it is read, and nothing of an agent's runs."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from tests.exporting.conftest import AGENTS, FORBIDDEN, SEEDS, keep, run

from askfirst import Trial
from askfirst.harness.bench.store import Store
from askfirst.harness.exporting.base import forms
from askfirst.harness.exporting.github import MOST, ROWS
from askfirst.harness.operations.table import find

ALL = len(AGENTS) * SEEDS
Exported = Callable[..., Path]


@pytest.fixture
def exported(benchmark: Path, tmp_path: Path) -> Exported:
    """Export the benchmark in a form, and give where it went."""

    def export(form: str, *words: str, out: str = "out") -> Path:
        path = tmp_path / out
        assert 0 == run(str(benchmark), "--as", form, "--out", str(path), *words)
        return path

    return export


def verdicts(benchmark: Path) -> dict[str, str]:
    """Give what the store says of each trial."""
    with Store(benchmark) as store:
        return {f"{one.key[:12]}-{one.number}": one.summary.verdict for one in store.last().values()}


def test_the_fixture_has_every_verdict(benchmark: Path) -> None:
    """Two passed, four failed, two proved nothing."""
    assert Counter({"PASS": 2, "FAIL": 4, "INCONCLUSIVE": 2}) == Counter(verdicts(benchmark).values())


# What Jenkins, GitLab and GitHub's reporters read, as an element: the attributes it must and may have, and its children.
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, set(), {"testcase"}),
    "testcase": ({"name", "classname", "time"}, set(), {"properties", "failure", "error", "system-out"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "failure": ({"message", "type"}, set(), set()),
    "error": ({"message", "type"}, set(), set()),
    "system-out": (set(), set(), set()),
}


def fits(element: ET.Element) -> list[str]:
    """Check an element against the schema."""
    if element.tag not in JUNIT:
        return [f"unknown element {element.tag}"]
    needed, allowed, children = JUNIT[element.tag]
    has = set(element.attrib)
    wrong = [f"{element.tag} lacks {one}" for one in needed - has]
    wrong += [f"{element.tag} has {one}" for one in has - needed - allowed]
    wrong += [f"{one.tag} in {element.tag}" for one in element if one.tag not in children]
    wrong += [
        f"{element.tag} {one}: no number"
        for one in has & {"tests", "failures", "errors"}
        if not element.get(one, "").isdigit()
    ]
    return wrong + [one for each in element for one in fits(each)]


def test_junit_fits_its_schema_and_counts_right(exported: Exported, benchmark: Path) -> None:
    """A FAIL is a failure, an INCONCLUSIVE an error, only a PASS neither; the sums are those of the cases."""
    root = ET.parse(exported("junit")).getroot()  # noqa: S314 - written by ourselves a moment ago
    assert [] == fits(root)
    said = {}
    for case in root.iter("testcase"):
        facts = {one.get("name"): one.get("value") for one in case.iter("property")}
        kind = (
            "FAIL" if case.find("failure") is not None else "INCONCLUSIVE" if case.find("error") is not None else "PASS"
        )
        said[facts["trial"]] = kind
        assert kind == facts["verdict"]
    assert verdicts(benchmark) == said
    assert ("8", "4", "2") == tuple(root.get(one) for one in ("tests", "failures", "errors"))
    for suite in root:
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors", "")) == len(suite.findall("testcase/error"))


def test_junit_shows_hostile_text_and_obeys_none(exported: Exported) -> None:
    """It is well-formed, short, and holds no control or direction character, as itself or by number."""
    text = exported("junit").read_text("utf-8")
    assert not FORBIDDEN & set(text)
    assert "<script" not in text
    assert not re.search(r"&#(?!1[03];)\d+;", text)
    assert len(text) < 200_000


def test_github_summary_is_short_and_no_text_of_an_agent_is_markup(exported: Exported) -> None:
    """Rendered, it has tables and headings of ours, and no link, picture or HTML."""
    text = exported("github").read_text("utf-8")
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inside = [one for each in tokens for one in (each, *(each.children or ()))]
    kinds = {one.type for one in inside}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "fence", "code_block"}, kinds
    assert ["## askfirst", "### The worst"] == re.findall(r"^#.*$", text, re.MULTILINE)
    plain = [one.content for one in inside if one.type == "text"]
    assert not any("@team" in one or "evil" in one for one in plain)
    assert not FORBIDDEN & set(text)
    assert text.index("`deletes`") < text.index("`crashes`", text.index("### The worst"))
    assert 6 == sum(line.startswith(("| FAIL", "| INCONCLUSIVE")) for line in text.splitlines())


def test_github_summary_keeps_its_bounds(benchmark: Path, trials: dict[str, list[Trial]], tmp_path: Path) -> None:
    """However many trials: fifty rows; it is added to what is there, and refused where it would be too long."""
    path, out = tmp_path / "many.sqlite", tmp_path / "summary.md"
    with Store(path, write=True) as store:
        for seed in range(ROWS + 20):
            keep(store, trials["deletes"][0], "deletes", seed)
    assert 0 == run(str(path), "--as", "github", "--out", str(out))
    text = out.read_text("utf-8")
    assert ROWS == text.count("| FAIL |")
    assert "The worst 50 of 70" in text
    assert len(text.encode()) < MOST
    out.write_text("before\n", "utf-8")
    assert 0 == run(str(benchmark), "--as", "github", "--out", str(out))
    assert out.read_text("utf-8").startswith("before\n## askfirst")
    out.write_bytes(b"x" * MOST)
    assert 2 == run(str(benchmark), "--as", "github", "--out", str(out))
    assert MOST == out.stat().st_size


def test_csv_has_a_row_for_each_trial_and_no_formula(exported: Exported, benchmark: Path) -> None:
    """Verdicts are the store's; no cell begins as a formula does."""
    with exported("csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert verdicts(benchmark) == {one["trial"]: one["verdict"] for one in rows}
    cells = [cell for row in rows for cell in row.values()]
    assert not any(cell[:1] in set("=+-@|%") for cell in cells if cell)
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not FORBIDDEN & set("".join(cells))
    assert {"true"} == {row["last"] for row in rows}


def test_inspect_log_holds_every_sample(exported: Exported, benchmark: Path, tmp_path: Path) -> None:
    """One log an agent; each sample is scored C, I or N as its verdict is, with times that name their zone."""
    folder = exported("inspect", out="logs")
    logs = sorted(folder.glob("*.eval"))
    assert len(AGENTS) == len(logs)
    said = {}
    for log in logs:
        with zipfile.ZipFile(log) as zipped:
            assert {"_journal/start.json", "summaries.json", "header.json"} <= set(zipped.namelist())
            assert all(".." not in one and not one.startswith("/") for one in zipped.namelist())
            for summary in json.loads(zipped.read("summaries.json")):
                sample = json.loads(zipped.read(f"samples/{summary['id']}_epoch_{summary['epoch']}.json"))
                assert summary["scores"] == sample["scores"]
                said[sample["uuid"]] = sample["scores"]["verdict"]["value"]
                assert all(one["timestamp"].endswith("+00:00") for one in sample["events"])
    letters = {"PASS": "C", "FAIL": "I", "INCONCLUSIVE": "N"}
    assert {name: letters[one] for name, one in verdicts(benchmark).items()} == said
    assert tmp_path in folder.parents


def one_of(benchmark: Path, verdict: str, label: str) -> str:
    """Give the id of a trial."""
    with Store(benchmark) as store:
        found = [one for one in store.last().values() if one.label == label and one.summary.verdict == verdict]
    return f"{found[0].key[:12]}-{found[0].number}"


# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
RECORD = {
    "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
    "requestParameters", "responseElements", "requestID", "eventID", "readOnly", "eventType", "managementEvent",
    "recipientAccountId", "eventCategory",
}  # fmt: skip


def test_cloudtrail_has_every_call_with_the_documented_fields(exported: Exported, benchmark: Path) -> None:
    """The deletion is there, with who made it, that it changes something, and that nobody had granted it."""
    records = json.loads(exported("cloudtrail", "--trial", one_of(benchmark, "FAIL", "deletes")).read_text("utf-8"))[
        "Records"
    ]
    assert all(set(one) >= RECORD for one in records), [RECORD - set(one) for one in records]
    (gone,) = (one for one in records if one["eventName"] == "DeleteQueue")
    assert ("sqs.amazonaws.com", False, False) == (
        gone["eventSource"],
        gone["readOnly"],
        gone["additionalEventData"]["askfirst"]["covered"],
    )
    assert "Administrator" in gone["userIdentity"]["arn"]
    assert find("sqs:DeleteQueue").id == "sqs:DeleteQueue"


def test_perfetto_shows_calls_with_times(exported: Exported, benchmark: Path) -> None:
    """Each call of the agent is a span of a lane, no time is negative, and requests last until they are answered."""
    told = json.loads(exported("perfetto", "--trial", one_of(benchmark, "PASS", "asks")).read_text("utf-8"))
    events = told["traceEvents"]
    spans = [one for one in events if one["ph"] == "X"]
    assert {"sqs:TagQueue"} <= {one["name"] for one in spans}
    assert all(one["ts"] >= 0 and one["dur"] >= 0 for one in spans)
    assert any(one["dur"] >= 60e6 for one in spans if one["cat"] == "request")
    assert "PASS" == told["otherData"]["verdict"]


def test_otel_spans_have_the_names_of_the_conventions(exported: Exported) -> None:
    """A trial is `invoke_agent`, a call `execute_tool` inside of it; a trial that did not pass is an error."""
    pytest.importorskip("opentelemetry.sdk", reason="the extra otel is not installed")
    lines = exported("otel").read_text("utf-8").splitlines()
    assert ALL == len(lines)
    errors: Counter[tuple[str, bool]] = Counter()
    for line in lines:
        spans: list[dict[str, Any]] = json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]
        (root,) = (one for one in spans if "parentSpanId" not in one)
        assert root["name"].startswith("invoke_agent ")
        assert all(one["traceId"] == root["traceId"] for one in spans)
        assert all(one["name"].startswith(("execute_tool ", "chat ")) for one in spans if one is not root)
        facts = {one["key"]: next(iter(one["value"].values())) for one in root["attributes"]}
        errors[facts["askfirst.verdict"], root["status"]["code"] == 2] += 1
    assert {("PASS", False): 2, ("FAIL", True): 4, ("INCONCLUSIVE", True): 2} == errors


def test_every_form_takes_every_hostile_trial(benchmark: Path, trials: dict[str, list[Trial]], tmp_path: Path) -> None:
    """Nothing breaks, nothing grows with a megabyte, and a history alone can be exported as a stored trial can."""
    trial = trials["hostile"][0]
    path = tmp_path / f"{trial.id}.jsonl"
    trial.history.save(path)
    for name, form in forms().items():
        out = tmp_path / f"out{form.suffix}"
        assert 0 == run(str(path), "--as", name, "--out", str(out)), name
        assert 0 < out.stat().st_size < 2_500_000, name
        out.unlink()
    assert benchmark.is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.sqlite", "--as", "junit"), "there is no benchmark nowhere.sqlite"),
        (("nowhere.jsonl", "--as", "junit"), "there is no file nowhere.jsonl"),
        (("{}", "--as", "junti"), "junit"),
        (("{}", "--as", "cloudtrail"), "is about one trial"),
        (("{}", "--as", "cloudtrail", "--trial", "zzz"), "there is no trial in"),
        (("{}", "--as", "inspect"), "--out"),
        (("{}", "--as", "inspect", "--out", "one.eval"), "give --out a folder"),
        (("{}", "--as", "csv", "--out", "/proc/nothing/x.csv"), "give --out another place"),
    ],
)
def test_wrong_input_is_answered_in_words(
    benchmark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    """A file that is not there, a form that is not known, what does not go together: a sentence, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    assert 2 == run(*(one.format(benchmark) for one in words))
    told = capsys.readouterr()
    assert "" == told.out
    assert said in told.err, told.err
    assert [] == list(tmp_path.iterdir())


def test_stdout_is_the_data(benchmark: Path) -> None:
    """Without `--out` the text goes to stdout, and nothing else."""
    words = [str(Path(sys.executable).with_name("askfirst")), "bench", "export", str(benchmark), "--as", "csv"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert ALL + 1 == len(list(csv.reader(done.stdout.splitlines())))
