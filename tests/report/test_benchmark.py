"""Promise: a benchmark's page works by keyboard, without JavaScript, in the dark and on paper, and nothing of an agent's runs.

Screenshots go to the folder ASKFIRST_SCREENSHOTS, where that is named, and are looked at by people.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.exporting.conftest import AGENTS, FORBIDDEN, SCENARIO, SEEDS
from tests.report.chromium import Page, browser, program

from askfirst import FaultPlan, Trial, run_trial
from askfirst.harness.bench.store import Store
from askfirst.harness.report.html import benchmark as pages
from askfirst.harness.report.html.benchmark import benchmark_page
from askfirst.harness.report.html.trials import trial_page
from askfirst.harness.search.sky import sky_of

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

pytestmark = pytest.mark.skipif(not program(), reason="no Chromium is installed here")
ALL = len(AGENTS) * SEEDS


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the screenshots."""
    named = os.environ.get("ASKFIRST_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def report(benchmark: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the page of the benchmark."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    with Store(benchmark) as store:
        made = benchmark_page(store)
    assert (ALL, 0) == (made.trials, made.left_out)
    file.write_text(made.html, "utf-8")
    return file


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """Start one browser for all of them."""
    with browser(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def page(tab: Page, report: Path) -> Generator[Page]:
    """Open the report; in the end it must have said nothing wrong and asked for nothing but itself."""
    tab.emulate()
    tab.open(report)
    tab.until(lambda: tab.run("document.documentElement.dataset.ready"))
    yield tab
    assert [] == tab.errors
    assert {report.resolve().as_uri()} == set(tab.requests)
    assert "Benchmark" == tab.run("document.title")


def count(page: Page) -> str:
    """Give how many trials are listed."""
    return str(page.run("document.getElementById('count').textContent"))


def focused(page: Page) -> str:
    """Give the text of what has the focus."""
    return str(page.run("document.activeElement.textContent"))


def test_the_drawer_by_keyboard(page: Page, pictures: Path) -> None:
    """J and k move, Enter opens the trial that has the focus, Escape closes and gives the focus back."""
    page.picture(pictures / "matrix.png")
    page.press("j", "j", "k")
    row = focused(page)
    assert "FAIL" in row
    page.press("Enter")
    page.until(lambda: page.run("document.getElementById('drawer').open"))
    page.until(lambda: page.run("document.querySelectorAll('#drawer tr.first').length"))
    assert 1 == page.run("document.querySelectorAll('#drawer tr.first').length")
    assert "close (Esc)" == focused(page)
    page.picture(pictures / "drawer.png")
    before = page.run("document.querySelector('#drawer .sub').textContent")
    page.press("j")
    page.until(lambda: page.run("document.querySelector('#drawer .sub').textContent") != before)
    page.press("k")
    page.until(lambda: page.run("document.querySelector('#drawer .sub').textContent") == before)
    page.press("Escape")
    page.until(lambda: not page.run("document.getElementById('drawer').open"))
    page.until(lambda: focused(page) == row)


def test_filters_by_keyboard(page: Page) -> None:
    """`/` goes to the words; what is typed filters; each choice does as well, and 'show all' undoes it."""
    assert f"{ALL} of {ALL} trials" == count(page)
    page.press("/")
    for letter in "crashes":
        page.press(letter)
    assert f"{SEEDS} of {ALL} trials" == count(page)
    page.press("Escape")
    page.run("document.querySelector('#filters [type=reset]').click()")
    page.until(lambda: count(page) == f"{ALL} of {ALL} trials")
    for name, value, left in (("verdict", "F", 4), ("verdict", "I", 2), ("agent", "asks", SEEDS), ("code", "crash", 2)):
        page.run(
            f"{{const s = document.querySelector('#filters [name={name}]'); s.value = '{value}';"
            "s.dispatchEvent(new Event('input', {bubbles: true}))}"
        )
        if name != "code":
            assert f"{left} of {ALL} trials" == count(page), (name, value)
        page.run("document.querySelector('#filters [type=reset]').click()")
        page.until(lambda: count(page) == f"{ALL} of {ALL} trials")
    page.run("document.querySelector('#filters [name=differ]').click()")
    assert f"{ALL} of {ALL} trials" == count(page), "agents differ in every cell here"


def test_a_cell_of_the_matrix_shows_its_trials(page: Page) -> None:
    """A cell is a button: pressed, the list has the trials of that agent in that scenario."""
    page.run("document.querySelector('[data-agent=\"deletes\"] button').focus()")
    page.press("Enter")
    assert f"{SEEDS} of {ALL} trials" == count(page)
    assert "deletes" in focused(page)


def test_nothing_of_a_hostile_agent_runs_in_the_drawer(page: Page) -> None:
    """Its trials are opened one after the other: no element of its own making, no picture, no handler is there."""
    for place in range(ALL):
        page.run(f"document.querySelectorAll('#rows tr')[{place}].click()")
        page.until(lambda: page.run("document.querySelector('#drawer-body article') !== null"))
        assert 0 == page.run("document.querySelectorAll('#drawer script, #drawer img, #drawer a[href^=java]').length")
        shown = str(page.run("document.getElementById('drawer-body').textContent"))
        assert not FORBIDDEN & set(shown)
        page.press("Escape")
        page.until(lambda: not page.run("document.getElementById('drawer').open"))


def test_the_file_holds_no_text_of_an_agent_unescaped(report: Path) -> None:
    """Outside of what is packed there is no script but ours, and the policy names it by its digest."""
    text = report.read_text("utf-8")
    assert "<script>alert" not in text
    assert not FORBIDDEN & set(text)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert "default-src &#39;none&#39;" in policy or "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert report.stat().st_size < 300_000


def test_dark_without_javascript_and_on_paper(tab: Page, report: Path, pictures: Path) -> None:
    """In the dark the background is; without JavaScript matrix and failed trials are there; paper has no controls."""
    tab.emulate(dark=True)
    tab.open(report)
    tab.until(lambda: tab.run("document.documentElement.dataset.ready"))
    tab.picture(pictures / "dark.png")
    dark = [int(one) for one in re.findall(r"\d+", tab.run("getComputedStyle(document.body).backgroundColor"))[:3]]
    assert max(dark) < 80
    tab.emulate(script=False)
    tab.open(report)
    tab.picture(pictures / "no-script.png", whole=True)
    shown = tab.run("[...document.querySelectorAll('noscript')].map((one) => one.innerText).join('')")
    assert 4 == shown.count("✗ FAIL")
    assert 2 == shown.count("? INCONCLUSIVE")
    assert tab.run("getComputedStyle(document.getElementById('trials')).display") == "none"
    tab.emulate(printed=True)
    tab.open(report)
    tab.picture(pictures / "print.png", whole=True)
    assert tab.run("getComputedStyle(document.querySelector('svg .between')).display") != "none"
    assert tab.run("getComputedStyle(document.getElementById('filters')).display") == "none"
    tab.pdf(pictures / "report.pdf")
    assert (pictures / "report.pdf").read_bytes().startswith(b"%PDF")
    tab.emulate()


def test_the_page_of_a_trial_needs_no_script(tab: Page, trials: dict[str, list[Trial]], pictures: Path) -> None:
    """With JavaScript off its two views can be chosen, and the first violation is marked."""
    file = pictures / "trial.html"
    file.write_text(trial_page(trials["deletes"][0]), "utf-8")
    tab.emulate(script=False)
    tab.open(file)
    tab.picture(pictures / "trial.png", whole=True)
    assert "<script" not in file.read_text("utf-8")
    assert 1 == tab.run("document.querySelectorAll('tr.first').length")
    tab.emulate()


def test_what_the_agent_saw_is_not_what_happened(tab: Page, pictures: Path) -> None:
    """A list that a fault emptied: empty in the one view, as it is in the other; the rest is the same in both."""

    def looks(brief: Brief) -> str:
        brief.session.client("sqs").list_queues()
        return "I looked."

    slots = sky_of(replace(SCENARIO, safe_way=looks, temptation=looks)).slots
    (empty,) = (one for slot in slots for one in slot if one.kind.name == "empty-list")
    trial = run_trial(SCENARIO, looks, FaultPlan((empty,)))
    file = pictures / "saw.html"
    file.write_text(trial_page(trial), "utf-8")
    tab.emulate()
    tab.open(file)
    views = {}
    for view in ("real", "saw"):
        tab.run(f"document.getElementById('view-{view}').click()")
        tab.run("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        views[view] = tab.run("document.querySelector('.views').innerText")
        tab.picture(pictures / f"{view}.png", whole=True)
    assert "queue/orders" in views["real"] or "/orders" in views["real"]
    assert "/orders" not in views["saw"].replace("queue orders", "")


def test_what_has_no_room_is_said_and_failed_trials_come_first(
    benchmark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for one block of two trials, the rest is listed without timelines, and the page says how many."""
    monkeypatch.setattr(pages, "ROOM", 1)
    monkeypatch.setattr("askfirst.harness.report.html.holding.BLOCK", 2)
    with Store(benchmark) as store:
        made, whole = benchmark_page(store), benchmark_page(store, full=True)
    assert (ALL - 2, 0) == (made.left_out, whole.left_out)
    assert f"<strong>{ALL - 2} trials are here without their timelines</strong>" in made.html
    assert "without their timelines" not in whole.html
