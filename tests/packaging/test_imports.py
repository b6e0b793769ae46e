"""What `import askfirst` costs."""

import subprocess
import sys
from importlib.metadata import version

import pytest

import askfirst

HEAVY = (
    "acp",
    "boto3",
    "botocore",
    "hypothesis",
    "jinja2",
    "mcp",
    "moto",
    "openai",
    "pydantic",
    "pytest",
    "rich",
    "typer",
    "vcr",
    "yaml",
)


@pytest.mark.parametrize("package", HEAVY)
def test_import_is_light(package: str, loaded_by_import: set[str]) -> None:
    """`import askfirst` loads no dependency: each is loaded by the first call that needs it."""
    assert package not in loaded_by_import


@pytest.fixture(scope="module")
def loaded_by_import() -> set[str]:
    """Return the top-level modules that `import askfirst` loads in a fresh interpreter."""
    program = "import sys; before = set(sys.modules); import askfirst; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "askfirst" in loaded
    return loaded


def test_version_is_that_of_the_package() -> None:
    """`askfirst.__version__` is what pip says."""
    assert version("askfirst") == askfirst.__version__


def test_unknown_name_is_refused() -> None:
    """A misspelled name of the public API raises AttributeError with the name in it, not None."""
    with pytest.raises(AttributeError, match="no attribute 'run_trail'"):
        getattr(askfirst, "run_trail")  # noqa: B009 - a type checker would refuse the attribute
