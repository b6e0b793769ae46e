"""What pip installs: the wheel and the sdist, built without network and looked into."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

DATA = {".html", ".j2", ".json", ".toml", ".tsv", ".yaml"}


def _build(kind: str, tree: Path, to: Path) -> Path:
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", str(to), str(tree)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = to.iterdir()
    return built


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="session")
def scenario_files() -> list[str]:
    """Name files as a scenario may lay them in front of an agent: hidden, without suffix, deep, code."""
    folder = "faults/scenarios/workspace/some-scenario"
    return [f"{folder}/{name}" for name in ("README", ".aws/config", "infra/stacks/main.template", "infra/app.py")]


@pytest.fixture(scope="module")
def wheel(tree: Path, scenario_files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the tree, with files of a scenario put in."""
    for name in scenario_files:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("planted by the test\n", "utf-8")
    return _build("wheel", tree, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tree: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist from the same copy, after the wheel."""
    assert wheel.exists()
    return _build("sdist", tree, tmp_path_factory.mktemp("sdist"))


def test_the_wheel_claims_no_name_but_askfirst(wheel: Path) -> None:
    """No top-level agents, harness or faults: a wheel with `agents/` would overwrite openai-agents without a word."""
    tops = {name.split("/")[0] for name in _names(wheel)}
    assert {"askfirst"} == {top for top in tops if not top.endswith(".dist-info")}


def test_the_wheel_holds_all_code_and_data(files: list[Path], wheel: Path) -> None:
    """Every .py file, table, recording and file of a scenario in the four folders is in the wheel."""
    names = _names(wheel)
    wanted = {
        f"askfirst/{path.as_posix()}"
        for path in files
        if path.parts[0] in {"agents", "cassettes", "faults", "harness"}
        and (path.suffix in {".py", *DATA} or path.parts[:2] == ("faults", "scenarios"))
    }
    assert sorted(wanted - names) == []


def test_the_wheel_holds_types_and_licence(wheel: Path) -> None:
    """py.typed is beside the code, the licence in the metadata: a user's type checker and lawyer both look there."""
    names = _names(wheel)
    assert "askfirst/py.typed" in names
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")] != []


def test_the_wheel_holds_the_files_of_scenarios(wheel: Path, scenario_files: list[str]) -> None:
    """What a scenario lays in front of the agent is shipped whatever its name: hidden, without suffix, code."""
    assert {f"askfirst/{name}" for name in scenario_files} <= _names(wheel)


def test_the_wheel_holds_nothing_that_python_left_behind(tree: Path, tmp_path: Path, wheel: Path) -> None:
    """Bytecode beside the sources stays out of the wheel."""
    assert wheel.exists()
    for folder in ("harness", "faults/scenarios", "faults/scenarios/workspace/some-scenario/infra"):
        cache = tree / folder / "__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / "left.cpython-311.pyc").write_bytes(b"")
    names = _names(_build("wheel", tree, tmp_path))
    assert [name for name in names if name.endswith(".pyc")] == []


def test_the_wheel_made_from_the_sdist_is_the_same(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    """Who builds from the sdist gets every file: in other build backends the links end there as an empty wheel."""
    with tarfile.open(sdist) as archive:
        if hasattr(tarfile, "data_filter"):  # Python 3.11.0 to 3.11.3 have none
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(tmp_path / "source")  # noqa: S202 - built two lines above
    (source,) = (tmp_path / "source").iterdir()
    (tmp_path / "out").mkdir()
    assert _names(wheel) == _names(_build("wheel", source, tmp_path / "out"))


def test_a_checkout_without_links_does_not_build(tree: Path, tmp_path: Path) -> None:
    """Where links became text files (git on Windows), the build stops instead of shipping an empty wheel."""
    copy = tmp_path / "tree"
    for name in ("pyproject.toml", "README.md", "LICENSE", "src/askfirst/__init__.py"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((tree / name).read_bytes())
    for name in ("agents", "cassettes", "faults", "harness"):
        (copy / "src/askfirst" / name).write_text(f"../../{name}", "utf-8")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path / "out"), str(copy)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "is not a directory" in done.stdout + done.stderr
