"""Promise: what is acknowledged is kept, and what cannot be written is said, with nothing lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from askfirst.harness.bench.packing import CODEC, packed, unpacked
from askfirst.harness.bench.store import SCHEMA, Store, StoreFull
from askfirst.harness.bench.summary import Summary
from askfirst.harness.errors import UsageError
from askfirst.harness.history import Identity
from askfirst.harness.policy import Limits
from askfirst.harness.trial import Trial

from .conftest import STORE, Bench, plan_in

SUMMARY = Summary(verdict="PASS", findings={})


def identity(seed: int) -> Identity:
    """Give one of many."""
    return Identity(
        agent="a", agent_hash="h", scenario="s", scenario_hash="h", arm="base", plan="", seed=seed, limits=Limits()
    )


def add(store: Store, seed: int, size: int = 10) -> None:
    """Keep an attempt."""
    store.add(identity(seed), "a", 1, "2026-01-01T00:00:00Z", "judged", SUMMARY, bytes(size))


def test_a_history_comes_back_as_it_was(drop: Callable[..., Trial]) -> None:
    """Large texts, in every byte; a damaged one says so."""
    trial = drop(lambda _: "x" * 9000)
    blob = packed(trial.history)
    assert trial.history == unpacked(blob, CODEC, "t")
    with pytest.raises(UsageError, match=r"t cannot be read: its blob is damaged"):
        unpacked(blob[:50], CODEC, "t")
    with pytest.raises(UsageError, match="install a newer askfirst"):
        unpacked(blob, "zstd-9", "t")


def test_an_attempt_that_is_there_stays(tmp_path: Path) -> None:
    """The first committed one wins, whoever comes with another."""
    with Store(tmp_path / "b.sqlite", write=True) as store:
        add(store, 1)
        store.add(identity(1), "a", 1, "2027-01-01T00:00:00Z", "lost", Summary(verdict="FAIL", findings={}), b"")
        assert ["PASS"] == [one.summary.verdict for one in store.last().values()]


def test_two_do_not_write_at_once(tmp_path: Path) -> None:
    """The second is told who writes; reading is possible meanwhile; when the first is dead it is free again."""
    path = tmp_path / "b.sqlite"
    code = (
        "import sys, time; from pathlib import Path; from askfirst.harness.bench.store import Store\n"
        "with Store(Path(sys.argv[1]), write=True): print('open', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        with (
            pytest.raises(UsageError, match=f"another askfirst writes to .*process {other.pid} on "),
            Store(path, write=True),
        ):
            pass
        with Store(path) as store:
            assert {} == store.last()
    finally:
        other.kill()
        other.wait()
        assert other.stdout is not None
        other.stdout.close()
    with Store(path, write=True) as store:
        add(store, 1)


ADDED: list[int] = []


def _fill(store: Store) -> None:
    for seed in range(100):
        add(store, seed, 20_000)
        ADDED.append(seed)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """What does not fit is refused with what to do; what was kept before is whole."""
    path = tmp_path / "b.sqlite"
    with Store(path, write=True) as store:
        store._base.execute("PRAGMA max_page_count = 60")
        with pytest.raises(StoreFull, match=r"make room, then `askfirst bench resume`\. What was done is kept"):
            _fill(store)
    with Store(path) as store:
        assert store.sound()
        assert ADDED[-1] + 1 == len(store.last()) > 0


@pytest.mark.slow
def test_a_benchmark_stops_on_a_full_disk_and_goes_on(folder: Path, bench: Bench) -> None:
    """The command ends with the sentence and exit code 2, no trial is left running, and resume does the rest."""
    plan = str(plan_in(folder, ["looks"], seeds=12))
    limited = {"ASKFIRST_TEST_PAGES": "20"}
    site = folder / "sitecustomize.py"
    site.write_text(
        "import os, sqlite3\n"
        "pages, real = os.environ.get('ASKFIRST_TEST_PAGES'), sqlite3.connect\n"
        "def connect(*given, **named):\n"
        "    base = real(*given, **named)\n"
        "    base.execute(f'PRAGMA max_page_count = {pages}')\n"
        "    return base\n"
        "if pages:\n"
        "    sqlite3.connect = connect\n",
        encoding="utf-8",
    )
    done = bench("run", plan, environment={**limited, "PYTHONPATH": str(folder)})
    assert 2 == done.code, done.err
    assert "make room, then `askfirst bench resume`" in done.err
    with Store(folder / STORE) as store:
        before = store.last()
    assert 0 < len(before) < 24
    after = bench("resume", plan)
    assert 0 == after.code, after.err
    assert f"{len(before)} of 24 trials are done already" in after.err


def test_no_store_where_nobody_may_write(tmp_path: Path, bench: Bench, folder: Path) -> None:
    """A folder that cannot be made, a file that is something else, one of the future: a sentence each, before anything runs."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    plan = str(plan_in(folder, ["looks"]))
    done = bench("run", plan, "--store", str(tmp_path / "file" / "b.sqlite"))
    assert (2, "") == (done.code, done.out)
    assert "name another file with --store" in done.err
    (tmp_path / "odd.sqlite").write_text("not a database " * 100, encoding="utf-8")
    assert "is no store of a benchmark, or is damaged" in bench("compare", str(tmp_path / "odd.sqlite")).err
    with sqlite3.connect(tmp_path / "new.sqlite") as base:
        base.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
        base.execute("INSERT INTO meta VALUES ('schema', ?)", (str(SCHEMA + 1),))
    base.close()
    assert "install a newer askfirst" in bench("compare", str(tmp_path / "new.sqlite")).err
    assert "there is no benchmark nowhere.sqlite" in bench("compare", "nowhere.sqlite").err
    empty = sqlite3.connect(tmp_path / "empty.sqlite")
    empty.execute("CREATE TABLE other (x)")
    empty.commit()
    empty.close()
    assert "holds no benchmark" in bench("compare", str(tmp_path / "empty.sqlite")).err


BACKWARDS = """
import datetime
from askfirst.harness.bench import children

class Backwards(datetime.datetime):
    hours = 0
    @classmethod
    def now(cls, zone=None):
        cls.hours += 1
        return datetime.datetime.now(zone) - datetime.timedelta(hours=cls.hours)

children.datetime = Backwards
"""


@pytest.mark.slow
def test_a_clock_that_jumps_back_disturbs_nothing(folder: Path, bench: Bench) -> None:
    """Nothing is reckoned by the time of day: with one that runs backwards the trials are the same, and none is negative."""
    plan = str(plan_in(folder, ["looks", "waits"], seeds=2))
    (folder / "sitecustomize.py").write_text(BACKWARDS, encoding="utf-8")
    began = time.perf_counter()
    done = bench("run", plan, "--json", environment={"PYTHONPATH": str(folder), "WAITS": "0.3"})
    assert 0 == done.code, done.err
    assert {"PASS": 4, "FAIL": 0, "INCONCLUSIVE": 0} == done.data["agents"][0]["verdicts"]
    assert all(one["seconds"] > 0 for one in done.data["agents"])
    assert time.perf_counter() - began < 120
    with Store(folder / STORE) as store:
        began_at = [row[0] for row in store._base.execute("SELECT began FROM attempts ORDER BY rowid")]
    assert began_at[0] > began_at[-1], "the clock did not jump back"
