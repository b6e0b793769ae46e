"""Print the lowest versions that pyproject.toml declares, one `name[extras]==version` a line, for `make test-lowest`.

Runs in a bare interpreter, before anything is installed. A requirement without exactly one floor stops it: a floor that
is not declared cannot be tested.
"""

import re
import sys
import tomllib
from pathlib import Path

FRAMEWORKS = {"claude-agent-sdk", "langgraph", "openai-agents", "pydantic-ai", "ray", "strands"}
"""Extras with an environment of their own: `make test-frameworks`, `make test-cluster`."""

FLOOR = re.compile(r"(?P<name>[\w.-]+(\[[\w,-]+\])?)>=(?P<version>[\w.]+)")


def lowest(requirement: str) -> str:
    """Turn `name>=version` into `name==version`."""
    match = FLOOR.fullmatch(requirement.replace(" ", ""))
    if match is None:
        sys.exit(f"pyproject.toml: {requirement!r} must read `name>=version`, so that its floor can be tested")
    return f"{match['name']}=={match['version']}"


def main() -> None:
    """Read pyproject.toml of the working directory."""
    settings = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    project = settings["project"]
    extras = [listed for name, listed in project["optional-dependencies"].items() if name not in FRAMEWORKS]
    groups = [settings["build-system"]["requires"], project["dependencies"], *extras]
    for requirement in sorted({line for group in groups for line in group}):
        print(lowest(requirement))


if __name__ == "__main__":
    main()
