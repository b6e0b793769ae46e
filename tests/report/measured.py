"""What a report costs, in a real browser: `python -m tests.report.measured FILE.sqlite [FOLDER]`, screenshots into the folder."""

# ruff: noqa: T201 - printing is what this is for
from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.report.chromium import Page, browser

from askfirst.harness.bench.store import Store
from askfirst.harness.report.html.benchmark import benchmark_page

MOST_MB = 3.0
MOST_MS = 2000.0
"""What a report of 2,400 trials may cost."""


def main(store: Path, folder: Path) -> int:
    """Make the report, open it, use it by keyboard, and print what that took."""
    began = time.perf_counter()
    with Store(store) as opened:
        made = benchmark_page(opened)
    print(f"made in {time.perf_counter() - began:.1f} s: {made.trials} trials, {made.left_out} without timeline")
    file = folder / "report.html"
    file.write_text(made.html, "utf-8")
    size = file.stat().st_size / 1e6
    print(f"size: {size:.2f} MB (at most {MOST_MB:g})")
    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as page:
        page.emulate()
        page.open(file)
        page.until(lambda: page.run("document.documentElement.dataset.ready"))
        ready = float(page.run("document.documentElement.dataset.ready"))
        print(f"interactive after {ready:g} ms (at most {MOST_MS:g})")
        pictures(page, file, folder)
        others = [one for one in page.requests if one != file.resolve().as_uri()]
        print(f"console errors: {len(page.errors)} {page.errors[:3] or ''}")
        print(f"requests beside the file itself: {len(others)} {others[:3] or ''}")
    print(f"screenshots: {folder}")
    return 1 if page.errors or others or size > MOST_MB or ready > MOST_MS else 0


def pictures(page: Page, file: Path, folder: Path) -> None:
    """Take screenshots: matrix, list, drawer, dark, without JavaScript, printed."""
    page.picture(folder / "light.png")
    page.press("/")
    for letter in "deleter":
        page.press(letter)
    page.press("Escape", "j", "j")
    page.picture(folder / "list.png")
    page.press("Enter")
    page.until(lambda: page.run("document.querySelector('#drawer').open"))
    page.picture(folder / "drawer.png")
    page.emulate(dark=True)
    page.picture(folder / "drawer-dark.png")
    page.press("Escape")
    page.run("scrollTo(0, 0)")
    page.picture(folder / "dark.png")
    page.emulate(script=False)
    page.open(file)
    page.picture(folder / "no-script.png", whole=True)
    page.emulate(printed=True)
    page.open(file)
    page.picture(folder / "print.png", whole=True)
    page.emulate()


if __name__ == "__main__":
    place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="askfirst-report-"))
    place.mkdir(parents=True, exist_ok=True)
    sys.exit(main(Path(sys.argv[1]), place))
