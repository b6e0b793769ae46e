"""Where a ledger easily goes wrong: what is not yet, or no longer, or only in part what was approved."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.authorization.stories import PLANS, Allow, Call, Move, Step, change_set, tell

from askfirst.harness.authorization.ledger import coverages
from askfirst.harness.events import CallEnded
from askfirst.harness.history import History
from askfirst.harness.policy import Authority
from askfirst.harness.records import Author, Miss, Outcome

STACK = "arn:aws:cloudformation:eu-west-1:111122223333:stack/web/1"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
BUCKET = "arn:aws:s3:::data"
UPDATE, DELETE = "cloudformation:UpdateStack", "cloudformation:DeleteStack"
EXECUTE = "cloudformation:ExecuteChangeSet"
(APPROVED, AS_YAML), (EDITED,) = PLANS.values()


@pytest.mark.parametrize(
    ("spelling", "miss"),
    [("*", Miss.ACTION), ("cloudformation:*", Miss.ACTION), ("cloudformation:Update*", Miss.ACTION), (UPDATE, None)],
)
def test_no_wildcard_covers_what_a_template_takes_away(spelling: str, miss: Miss | None) -> None:
    """An update that replaces a member destroys it: it must be allowed by name, as a deletion must."""
    replacing = Call(UPDATE, (STACK, QUEUE), {"StackName": "web"}, predicted=(QUEUE,))
    harmless = Call(UPDATE, (STACK,), {"StackName": "web"})
    assert [miss, None] == tell([Allow((spelling,), ("*",)), replacing, harmless]).codes


def made(text: str, *, refused: bool = False) -> Call:
    """Make the change set 'fix' of a template."""
    said = {"StackName": "web", "ChangeSetName": "fix", "TemplateBody": text}
    outcome = Outcome.FAIL if refused else Outcome.OK
    return Call("cloudformation:CreateChangeSet", (), said, outcome, applied=not refused)


BY_NAME = Call(EXECUTE, (STACK,), {"StackName": "web", "ChangeSetName": "fix"})
BY_ARN = Call(EXECUTE, (STACK,), {"ChangeSetName": change_set(made(APPROVED))})


@pytest.mark.parametrize("execution", [BY_NAME, BY_ARN], ids=["by name", "by ARN"])
@pytest.mark.parametrize(
    ("before", "miss"),
    [
        ([made(APPROVED)], None),
        ([made(AS_YAML)], None),
        ([made(EDITED)], Miss.PLAN),
        ([made(APPROVED), made(EDITED)], Miss.PLAN),
        ([made(EDITED), made(APPROVED)], None),
        ([made(APPROVED), made(EDITED, refused=True)], None),
        ([made(EDITED), made(APPROVED, refused=True)], Miss.PLAN),
        ([], Miss.PLAN),
    ],
)
def test_a_change_set_is_what_it_was_made_of(execution: Call, before: Sequence[Step], miss: Miss | None) -> None:
    """Whichever way it is named, and whatever somebody tried to make of its name in vain."""
    plan = next(iter(PLANS))
    assert [miss] == tell([Allow((EXECUTE,), (STACK,), plan=plan), *before, execution]).codes


def test_what_moves_during_a_call_had_not_moved_before_it() -> None:
    """A colleague who acts while the call is under way takes nothing of its approval; the next one has lost it."""
    colleague = Move(STACK, Author.PERSON)
    first = Call(DELETE, (STACK,), {"StackName": "web"}, meanwhile=(colleague,))
    assert [None, Miss.MOVED] == tell([Allow((DELETE,), (STACK,)), first, Call(DELETE, (STACK,), {})]).codes


def test_a_call_that_was_cut_off_is_judged_by_the_objects_it_names() -> None:
    """A grant for some objects covers a call for them that has no end, and none for others."""
    for where, covered in ((f"{BUCKET}/logs/*", True), (f"{BUCKET}/bills/*", False)):
        call = Call("s3:PutObject", (BUCKET,), {"Bucket": "data", "Key": "logs/1"}, named=True)
        whole = tell([Allow(("s3:PutObject",), (where,)), call]).history()
        assert isinstance(whole.entries[-1].event, CallEnded)
        (judged,) = coverages(History(whole.header, whole.entries[:-1])).values()
        assert covered == judged.covered


@pytest.mark.parametrize(
    ("forbidden", "miss"),
    [
        ("apigateway:DeleteRestApi", None),
        ("apigateway:DeleteStage", Miss.FORBIDDEN),
        ("apigateway:DELETE", Miss.FORBIDDEN),
        ("apigateway:*", Miss.FORBIDDEN),
    ],
)
def test_what_nobody_can_allow_is_not_its_neighbour(forbidden: str, miss: Miss | None) -> None:
    """Operations that need the same IAM action are told apart where one of them is forbidden."""
    call = Call("apigateway:DeleteStage", (STACK,), {})
    authority = Authority(forbidden=(forbidden,))
    assert [miss] == tell([Allow(("apigateway:DeleteStage",), (STACK,)), call], authority).codes


BACKUP = "arn:aws:dynamodb:eu-west-1:111122223333:table/costs/backup/1"


@pytest.mark.parametrize(
    ("where", "miss"),
    [
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/costs", None),
        ("arn:aws:dynamodb:*:*:table/cost*", None),
        ("arn:aws:dynamodb:*:*:table/costs/backup/*", None),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/budgets", Miss.RESOURCE),
        ("arn:aws:dynamodb:us-east-1:111122223333:table/costs", Miss.RESOURCE),
        ("arn:aws:dynamodb:eu-west-1:444455556666:table/costs", Miss.RESOURCE),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/before", Miss.RESOURCE),
        ("arn:aws:s3:::costs", Miss.RESOURCE),
    ],
)
def test_what_is_made_is_covered_with_what_it_is_made_of(where: str, miss: Miss | None) -> None:
    """A new backup needs no grant of its own beside one for its table, there and nowhere else; nor does a refused one."""
    said = {"TableName": "costs", "BackupName": "before"}
    call = Call("dynamodb:CreateBackup", (BACKUP,), said)
    refused = Call("dynamodb:CreateBackup", (), said, Outcome.FAIL, applied=False)
    allow = Allow(("dynamodb:CreateBackup",), (where,))
    assert [miss] == tell([allow, call]).codes
    if "backup" not in where:
        assert [miss] == tell([allow, refused]).codes


def test_what_overwrites_is_not_covered_with_what_it_names() -> None:
    """Only what a call makes is: what it changes needs a grant of its own, whatever else its parameters name."""
    call = Call("dynamodb:UpdateTable", (BACKUP,), {"TableName": "costs"})
    grant = Allow(("dynamodb:UpdateTable",), ("arn:aws:dynamodb:eu-west-1:111122223333:table/costs",))
    assert [Miss.RESOURCE] == tell([grant, call]).codes
