"""The folders at the root, the import name and the list of packages agree."""

import os
import tomllib
from pathlib import Path

HOUSE = ("agents", "cassettes", "faults", "harness")


def test_every_folder_of_code_is_in_the_list_of_packages(root: Path, files: list[Path]) -> None:
    """What holds a .py file is shipped, and what is listed exists. What an agent finds in a workspace is data."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    code = {path.parent for path in files if path.suffix == ".py" and path.parts[0] in HOUSE}
    code |= {Path(name) for name in HOUSE}
    expected = {".".join(("askfirst", *path.parts)) for path in code if "workspace" not in path.parts} | {"askfirst"}
    listed = set(settings["packages"])
    missing, stale = sorted(expected - listed), sorted(listed - expected)
    assert not missing, f"pyproject.toml, [tool.setuptools] packages: add {missing}"
    assert not stale, f"pyproject.toml, [tool.setuptools] packages: no .py file is in {stale}, take it out"
    assert sorted(listed) == settings["packages"], "pyproject.toml, [tool.setuptools] packages: keep it sorted"


def test_every_package_has_an_init_but_agents(root: Path, files: list[Path]) -> None:
    """A folder of code in harness/, faults/ or cassettes/ is a regular package, so that ruff and mypy see it as one."""
    code = {
        path.parent for path in files if path.suffix == ".py" and path.parts[0] in {"harness", "faults", "cassettes"}
    }
    bare = [
        str(path)
        for path in sorted(code)
        if "workspace" not in path.parts and not (root / path / "__init__.py").exists()
    ]
    assert bare == [], f"add an __init__.py to {bare}"


def test_agents_has_no_init(root: Path) -> None:
    """`import agents` means openai-agents, even with the repository first on sys.path.

    With `agents/__init__.py`, `python -m pytest` in the root would import this folder instead, and every test of the
    adapter for openai-agents would fail with "module 'agents' has no attribute 'Runner'". A folder without
    `__init__.py` loses to any regular package.
    """
    assert not (root / "agents/__init__.py").exists()


def test_the_import_name_holds_links_to_the_folders(root: Path) -> None:
    """src/askfirst holds relative links, so every file has one home and `askfirst.harness` is harness/."""
    links = {path.name: path.readlink().as_posix() for path in (root / "src/askfirst").iterdir() if path.is_symlink()}
    assert {name: f"../../{name}" for name in HOUSE} == links


def test_folder_readmes_fit_on_a_screen(files: list[Path], root: Path) -> None:
    """The README of a folder has at most 30 lines, and every folder of the house has one."""
    readmes = [path for path in files if path.name == "README.md" and len(path.parts) == 2 and path.parts[0] != "src"]
    lengths = {path.as_posix(): len((root / path).read_text("utf-8").splitlines()) for path in readmes}
    assert {name for name, length in lengths.items() if length > 30} == set()
    assert {f"{name}/README.md" for name in (*HOUSE, "tests")} <= set(lengths)


def test_scripts_are_executable(root: Path) -> None:
    """The scripts that make and CI start can be started."""
    scripts = [root / ".ci/run", *sorted((root / "tools").glob("*.sh"))]
    assert [script.name for script in scripts if not os.access(script, os.X_OK)] == []
