"""What no file of the repository may say, and what pyproject.toml must say."""

import re
import tomllib
from pathlib import Path

import pytest

# In pieces, so that this file passes its own test.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("py" + "pi", "org"),
        ("files", "python" + "hosted", "org"),
        ("registry", "npm" + "js", "org"),
        ("www", "npm" + "js", "com"),
        ("registry", "yarn" + "pkg", "com"),
        ("deb", "debi" + "an", "org"),
        ("archive", "ubun" + "tu", "com"),
        ("proxy", "gol" + "ang", "org"),
        ("repo", "maven", "apa" + "che", "org"),
        ("static", "crates", "i" + "o"),
        ("conda", "ana" + "conda", "org"),
    )
]
# Homes and workplaces of the machines this was written on, wheel folders of pip, and Windows profiles. A path inside a
# mocked instance (/home/ec2-user) is no machine's.
PATHS = [
    re.compile("(?<![\\w./*-])/" + "work/\\w"),
    re.compile("(?<![\\w./*-])/" + "root/\\w"),
    re.compile("/" + "opt/(wheels|pypi)"),
    re.compile("(?<![\\w./*-])/" + "home/(?!ec2-user|ubuntu)\\w"),
    re.compile("/" + "Users/\\w"),
    re.compile("\\b[A-Z]:\\\\" + "Users\\b"),
    re.compile("file:" + "///\\w"),
]


def offences(text: str, own_root: str = "") -> list[str]:
    """Return the registry hosts and machine paths in a text."""
    found = [host for host in REGISTRIES if host in text.lower()]
    found += [match.group() for pattern in PATHS for match in pattern.finditer(text)]
    if own_root and own_root in text:
        found.append(own_root)
    return found


@pytest.mark.parametrize(
    "text",
    [
        *REGISTRIES,
        "--index-url https://" + REGISTRIES[0].upper() + "/simple",
        "see /" + "work/main/x.py",
        "'/" + "home/someone/askfirst'",
        "moto @ file:" + "///srv/moto.whl",
        "C:\\" + "Users\\me",
    ],
)
def test_hosts_and_machine_paths_are_recognised(text: str) -> None:
    """The search finds what it is made to find."""
    assert offences(text) != []


@pytest.mark.parametrize(
    "text", ["arn:aws-cn:iam::1:root", "https://peps.python.org", "/home/ec2-user/app", "a/work/b", "file://t.json"]
)
def test_arns_and_paths_inside_the_mocked_world_are_not_offences(text: str) -> None:
    """The search leaves alone what a scenario may say."""
    assert offences(text) == []


def test_no_file_names_a_registry_or_a_machine(root: Path, files: list[Path]) -> None:
    """The repository works anywhere: no file names a registry's host or a machine's path, constraints.txt included."""
    found: dict[str, list[str]] = {}
    for path in files:
        if (root / path).is_symlink():
            continue
        said = offences((root / path).read_bytes().decode("utf-8", "replace"), str(root))
        if said:
            found[path.as_posix()] = sorted(set(said))
    assert found == {}


def test_every_ignored_rule_has_its_reason(root: Path) -> None:
    """Each code in an ignore list of ruff stands on its own line with a comment saying why."""
    settings = (root / "pyproject.toml").read_text("utf-8")
    ruff = tomllib.loads(settings)["tool"]["ruff"]["lint"]
    codes = [*ruff["ignore"], *(code for listed in ruff["per-file-ignores"].values() for code in listed)]
    with_reason = re.findall(r'^    "([A-Z]+[0-9]*)",  # .{15,}$', settings, re.MULTILINE)
    assert sorted(codes) == sorted(with_reason)


def test_constraints_are_exact_versions(root: Path) -> None:
    """constraints.txt holds `name==version` lines and nothing else: no address, no path, no askfirst."""
    lines = (root / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert "askfirst" not in {line.partition("==")[0] for line in pins}


FRAMEWORKS = {"claude-agent-sdk", "langgraph", "openai-agents", "pydantic-ai", "ray", "strands"}
"""Extras with environments of their own, in the newest versions: `make test-frameworks`, `make test-cluster`."""


def test_constraints_pin_every_declared_dependency(root: Path) -> None:
    """What pyproject.toml names is pinned in constraints.txt, so a fresh environment is the one that was tested."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    project = settings["project"]
    declared = [
        *project["dependencies"],
        *(line for name, extra in project["optional-dependencies"].items() if name not in FRAMEWORKS for line in extra),
        *settings["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() for line in declared}
    pinned = {line.partition("==")[0].lower() for line in (root / "constraints.txt").read_text("utf-8").splitlines()}
    assert names - pinned == set(), "run `make constraints`"
