"""Promise: a rule is total, has a row that shows what it is there for, and one that shows where it is silent."""

from __future__ import annotations

import base64
import functools
import importlib.util
import io
import zipfile
from pathlib import Path
from types import ModuleType
from typing import cast

import botocore.session
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.harness.operations import Level, OperationClass, classify
from askfirst.harness.operations.rules import Before, rules, ruling_on
from askfirst.harness.operations.rules.base import Declared
from askfirst.harness.records import Parameters, Resource


@functools.cache
def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def _in_words(row: tuple[str, Parameters, dict[str, object] | None, str | None], one: Declared) -> str | None:
    """Ask one rule alone about a row: 'harms', 'lowers' or None."""
    action, parameters, facets, _ = row
    named = () if facets is None else (_module("conftest").resource(**facets),)
    ruling = one(Before(parameters, named, {each.arn: each for each in named}, action))
    if ruling is None:
        return None
    return "harms" if ruling.harms or ruling.operation_class is OperationClass.EXECUTE else "lowers"


def _never_silent(one: Declared) -> bool:
    """Tell whether a rule does not look at the call at all: the operation is the harm, whatever its parameters."""
    return one.rule.__code__.co_varnames[0] == "_"


def test_every_rule_has_a_harmful_row_and_a_narrow_opposite() -> None:
    """No rule stands without a row in which it speaks, nor, if it looks at the call, without one in which it does not harm."""
    rows = _module("counting").rows()
    declared = {one for several in rules().values() for one in several}
    spoken: dict[Declared, set[str | None]] = {
        one: {_in_words(row, one) for row in rows if row[0] in one.operations} for one in declared
    }
    apart = {"functions.code_destroys"}  # see below: its bytes are no JSON

    def name(one: Declared) -> str:
        return f"{one.rule.__module__.rsplit('.', 1)[-1]}.{one.rule.__name__}"

    assert [] == sorted(name(one) for one, said in spoken.items() if not said - {None} and name(one) not in apart)
    silent = [one for one, said in spoken.items() if not said & {None, "lowers"} and not _never_silent(one)]
    # These give every call of theirs a gravity; none of them is ever harmless.
    graded = {"databases.deleted", "keys.deletion_booked", "secrets.secret_deleted", "copies.with_images"}
    graded |= {"identities.policy_detached", "instances.stopped", "instances.parted", "balancing.shielded"}
    graded |= {"cloud_control.resource_deleted", "stacks.environment_gone"}
    assert [] == sorted({name(one) for one in silent} - graded - apart)


def test_every_rule_names_operations_that_exist() -> None:
    """A rule on an operation that AWS does not have would never be asked."""
    known: dict[str, set[str]] = {}
    for action in rules():
        service, _, operation = action.partition(":")
        names = known.setdefault(service, set(_session().get_service_model(service).operation_names))
        assert operation in names, action


texts = st.sampled_from(["", "a", "Deny", "*", "0", "false", "true", "{}", "[", "DELETE FROM x", "\ud800", "{" * 50])
leaves = st.one_of(st.none(), st.booleans(), st.integers(-1, 3), st.floats(allow_nan=True), texts)
json = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Parameters]:
    """Draw an operation with a rule, and parameters of its own names with anything in them."""
    action = draw(st.sampled_from(sorted(rules())))
    shape = _shape(action)
    return action, cast("Parameters", draw(_filled(shape, 3)) if shape is not None else {})


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@functools.cache
def _shape(action: str) -> object:
    service, _, operation = action.partition(":")
    return _session().get_service_model(service).operation_model(operation).input_shape


def _filled(shape: object, depth: int) -> st.SearchStrategy[dict[str, object]]:
    """Draw members of a structure, each by its shape or against it."""
    members = shape.members  # type: ignore[attr-defined]  # botocore's shapes are made at run time
    chosen = {
        name: _member(one, depth) for name, one in members.items() if name not in {"DryRun", "dryRun", "InvocationType"}
    }
    return st.fixed_dictionaries({}, optional=chosen)


def _member(shape: object, depth: int) -> st.SearchStrategy[object]:
    kind = shape.type_name  # type: ignore[attr-defined]  # as above
    if depth and kind == "structure":
        return st.one_of(json, _filled(shape, depth - 1))
    if depth and kind == "list":
        return st.one_of(json, st.lists(_member(shape.member, depth - 1), max_size=2))  # type: ignore[attr-defined]  # as above
    enum = getattr(shape, "enum", None)
    return st.one_of(json, st.sampled_from(enum)) if enum else json


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    call=calls(), parts=st.dictionaries(texts, st.one_of(texts, st.dictionaries(texts, texts, max_size=2)), max_size=2)
)
def test_no_parameters_make_a_rule_fail_or_plan(
    call: tuple[str, Parameters], parts: dict[str, str | dict[str, str]]
) -> None:
    """Whatever is sent, no rule raises, says nothing but words, and only a dry run or a plan thrown away is a plan."""
    action, parameters = call
    service, _, operation = action.partition(":")
    plan = action == "cloudformation:DeleteChangeSet"
    thing = Resource("arn:aws:x:::a", "s3.bucket", "a", "1", parts=parts)
    for named in ((), (thing,)):
        ruling = ruling_on(classify(service, operation), Before(parameters, named, {}, action))
        assert ruling is None or ruling.because
        assert (ruling is not None and ruling.operation_class is OperationClass.PLAN) == plan


@pytest.mark.parametrize("action", sorted(rules()))
def test_only_a_plan_thrown_away_is_a_plan_whatever_it_names(action: str) -> None:
    """Each operation that has a rule, without parameters: the table the random calls above may not reach in one run."""
    service, _, operation = action.partition(":")
    ruling = ruling_on(classify(service, operation), Before({}, (), {}, action))

    planned = ruling is not None and ruling.operation_class is OperationClass.PLAN
    assert planned == (action == "cloudformation:DeleteChangeSet")


@pytest.mark.parametrize("name", ["DryRun", "dryRun"])
def test_a_dry_run_is_a_plan_and_a_false_one_is_not(name: str) -> None:
    """Only True makes a dry run."""
    operation = classify("ec2", "TerminateInstances")
    dry = ruling_on(operation, Before({"InstanceIds": ["i-1"], name: True}, (), {}))

    assert dry is not None
    assert OperationClass.PLAN is dry.operation_class
    assert ruling_on(operation, Before({"InstanceIds": ["i-1"], name: False}, (), {})) is None
    assert ruling_on(operation, Before({"InstanceIds": ["i-1"], name: "true"}, (), {})) is None


LEVELS = (
    ("rds-data", "ExecuteStatement", {"sql": "SELECT 1"}, Level.READ),
    ("rds-data", "ExecuteStatement", {"sql": "DROP TABLE x"}, Level.DESTROY),
    ("dynamodb", "ExecuteStatement", {"Statement": "SELECT * FROM x"}, Level.READ),
    ("s3", "DeleteBucketLifecycle", {"Bucket": "b"}, Level.MUTATE),
    ("ec2", "TerminateInstances", {"DryRun": True}, Level.PLAN),
    (
        "s3",
        "PutBucketPolicy",
        {"Policy": '{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}}'},
        Level.PERMISSION,
    ),
)


@pytest.mark.parametrize(("service", "name", "parameters", "expected"), LEVELS)
def test_a_ruling_sets_the_level(service: str, name: str, parameters: Parameters, expected: Level) -> None:
    """A query is a read, a dry run a plan, what a rule calls a deletion destroys, what it calls harmless does not."""
    operation = classify(service, name)
    ruling = ruling_on(operation, Before(parameters, (), {}))

    assert ruling is not None
    assert expected is ruling.over(operation).level


def _archive(code: str, name: str = "index.py") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, code)
    return out.getvalue()


CODE = {
    "boto3": ("boto3.client('dynamodb').delete_table(TableName='ledger')", True),
    "stack": ("cloudformation.delete_stack(StackName=name)", True),
    "command": ("subprocess.run('aws rds delete-db-instance --skip-final-snapshot', shell=True)", True),
    "resource": ("boto3.resource('s3').Bucket('b').objects.all().delete()", True),
    "shell": ("os.system('rm -rf /mnt/data')", True),
    "sql": ("cursor.execute('DROP TABLE ledger')", True),
    "worker": ("sqs.delete_message(QueueUrl=q, ReceiptHandle=h); s3.delete_object(Bucket=b, Key=k)", False),
    "words": ("def delete_old_files(): pass  # delete_table is what we never do", False),
    "reads": ("client.describe_table(TableName='ledger')", False),
}


@pytest.mark.parametrize("what", CODE)
def test_code_that_destroys_is_told_from_a_worker(what: str) -> None:
    """Code given to a function is read, as an archive; what deletes piece by piece of its own work is ordinary."""
    code, expected = CODE[what]
    sent = {"FunctionName": "f", "ZipFile": _archive(code)}
    ruling = ruling_on(classify("lambda", "UpdateFunctionCode"), Before({"FunctionName": "f"}, (), {}, "", sent))
    made = {"FunctionName": "f", "Code": {"ZipFile": _archive(code)}}
    other = ruling_on(classify("lambda", "CreateFunction"), Before({"FunctionName": "f"}, (), {}, "", made))

    assert expected is (ruling is not None and ruling.operation_class is OperationClass.EXECUTE)
    assert (ruling is None) is (other is None)


@pytest.mark.parametrize(
    "sent", [b"", b"PK\x03\x04broken", base64.b64encode(b"x"), "text", None, 5, _archive("delete_table(", "a.bin")]
)
def test_what_is_no_archive_of_code_says_nothing(sent: object) -> None:
    """A broken archive, or one of binaries, is no evidence."""
    before = Before({"FunctionName": "f"}, (), {}, "", {"ZipFile": sent})

    assert ruling_on(classify("lambda", "UpdateFunctionCode"), before) is None
