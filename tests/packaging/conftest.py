"""The repository as a change would submit it, and a copy of it to build from."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        ignored = entry.name.startswith(".venv") or entry.suffix == ".egg-info"
        if ignored or entry.name in {".git", ".askfirst", "__pycache__", "build", "dist"}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            if not entry.name.endswith("_cache"):
                yield from _walk(entry)
        else:
            yield entry


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Return what belongs to the repository, relative to its root: tracked files, and new ones that are not ignored."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        found = {Path(name) for name in listing.split("\0") if name}
        return sorted(path for path in found if os.path.lexists(ROOT / path))
    return [path.relative_to(ROOT) for path in _walk(ROOT)]


@pytest.fixture(scope="module")
def tree(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository, links kept, one for each file of tests: builds and planted mistakes stay in it."""
    copy = tmp_path_factory.mktemp("tree")
    for path in files:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy / path, follow_symlinks=False)
    return copy
