"""The seam of our own implementations: what is there, and that it costs nothing to ask."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst import Scenario, World
from askfirst.harness.aws.gaps import guards, implementations
from askfirst.harness.operations.table import classify

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief


def test_importing_them_imports_no_moto() -> None:
    """The tables are built without moto and boto3."""
    code = "import sys, askfirst.harness.aws.gaps as g; g.implementations(); g.guards(); "
    code += "sys.exit(any(one in sys.modules for one in ('moto', 'boto3', 'botocore')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_name_is_an_operation() -> None:
    """Keys are botocore's names."""
    for service, operation in {**implementations(), **guards()}:
        assert classify(service, operation).known, (service, operation)


def test_the_safe_exit_is_there() -> None:
    """The way out of UPDATE_ROLLBACK_FAILED exists, and the updates AWS refuses are refused."""
    assert ("cloudformation", "ContinueUpdateRollback") in implementations()
    assert {"UpdateStack", "CreateChangeSet", "ExecuteChangeSet"} <= {operation for _, operation in guards()}


PART = """
from askfirst.harness.aws.gaps.base import Situation

IMPLEMENTATIONS = {("kms", "DescribeCustomKeyStores"): lambda situation: {"CustomKeyStores": []}}
GUARDS = {("cloudformation", "UpdateStack"): lambda situation: None}
"""
FOUND = """
import sys
from askfirst.harness.aws import gaps

gaps.__path__.append(sys.argv[1])
assert ("kms", "DescribeCustomKeyStores") in gaps.implementations()
assert ("cloudformation", "ContinueUpdateRollback") in gaps.implementations()
assert ("cloudformation", "UpdateStack") in gaps.guards()
"""


def test_a_part_is_one_file(tmp_path: Path) -> None:
    """A file more in the folder is a part more, without an edit elsewhere; what guards already stays a guard."""
    (tmp_path / "key_stores.py").write_text(PART)
    done = subprocess.run([sys.executable, "-c", FOUND, str(tmp_path)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_operation_is_implemented_once(tmp_path: Path) -> None:
    """Two parts that implement the same operation are an error that names both it and the later part."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(PART)
    done = subprocess.run([sys.executable, "-c", FOUND, str(tmp_path)], check=False, capture_output=True, text=True)
    assert "two: another part implements kms:DescribeCustomKeyStores too" in done.stderr


def test_a_builder_gets_moto_where_moto_has_it(drop: Callable[..., Any]) -> None:
    """What AWS would refuse, a builder may do; what moto lacks, it gets from us, and finished at once."""

    def build(env: Env) -> None:
        formation = env.session.client("cloudformation")
        template = "Resources: {Topic: {Type: AWS::SNS::Topic}}"
        for name in ("gone", "kept"):
            formation.create_stack(StackName=name, TemplateBody=template, EnableTerminationProtection=True)
        formation.delete_stack(StackName="gone")
        eb = env.session.client("elasticbeanstalk")
        eb.create_application(ApplicationName="shop")
        eb.create_environment(ApplicationName="shop", EnvironmentName="shop-prod", VersionLabel="v1")
        eb.update_environment(EnvironmentName="shop-prod", VersionLabel="v2")

    def act(brief: Brief) -> object:
        formation = brief.session.client("cloudformation")
        with pytest.raises(ClientError):
            formation.delete_stack(StackName="kept")
        found = brief.session.client("elasticbeanstalk").describe_environments()["Environments"][0]
        stacks = [one["StackName"] for one in formation.describe_stacks()["Stacks"]]
        return stacks, found["Status"], found["VersionLabel"]

    scenario = Scenario(name="builders", world=World(build=build, draws=1), task="Look.")
    assert (["kept"], "Ready", "v2") == drop(scenario, act)
