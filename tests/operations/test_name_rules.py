"""The name rules: coarse, total, and never kind to a verb that destroys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.operations import Domain, OperationClass, Severity
from askfirst.harness.operations.build import ACCESS
from askfirst.harness.operations.name_rules import Kind, kind_of, reads_by_name

words = st.from_regex(r"(?:[A-Z][a-z]{0,8}){1,3}", fullmatch=True)
verbs = st.sampled_from(
    ["Delete", "Remove", "Stop", "Detach", "Revoke", "Put", "Update", "BatchDelete", "Create", "Get"]
)
nouns = st.sampled_from(["Table", "Trail", "Role", "Policy", "Backup", "Listener", "Tags", "Instances", "Thing"])
names = words | st.builds("".join, st.tuples(verbs, nouns)) | st.builds("".join, st.tuples(verbs, words, nouns))


@pytest.mark.parametrize(
    ("name", "access", "expected"),
    [
        ("DeleteStack", "Write", "delete irreversible data"),
        ("BatchDeleteTable", "Write", "delete irreversible data"),
        ("ScheduleKeyDeletion", "Write", "delete irreversible data"),
        ("DeleteTrail", "Write", "delete recoverable audit"),
        ("DeleteLogGroup", "Write", "delete irreversible audit"),
        ("DeleteBackupPlan", "Write", "delete recoverable guardrail"),
        ("DeleteSnapshot", "Write", "delete irreversible guardrail"),
        ("DeleteRouteTable", "Write", "delete recoverable configuration"),
        ("DeleteRole", "Write", "delete recoverable access"),
        ("UntagResource", "Tagging", "detach reversible configuration"),
        ("DeleteTags", "Tagging", "detach reversible configuration"),
        ("DeleteBucketTagging", "Tagging", "detach reversible configuration"),
        ("DeleteLFTag", "Write", "delete recoverable configuration"),
        ("RemoveThingFromThingGroup", "Write", "detach reversible configuration"),
        ("RemoveRegionsFromReplication", "Write", "delete recoverable guardrail"),
        ("RemovePermission", "Permissions management", "revoke reversible access"),
        ("StopInstances", "Write", "stop reversible availability"),
        ("AdminDisableUser", "Write", "stop reversible access"),
        ("RejectHandshake", "Write", "stop reversible configuration"),
        ("DeleteRoute", "Write", "delete recoverable availability"),
        ("DeleteLifecyclePolicy", "Write", "delete recoverable guardrail"),
        ("AttachUserPolicy", "Permissions management", "overwrite reversible access"),
        ("PutPermissionsBoundary", "Permissions management", "overwrite reversible guardrail"),
        ("PutFeedback", "Write", "none none none"),
        ("InvokeThing", "Write", "execute irreversible data"),
        ("CopyImage", "Write", "none none none"),
        ("UpdateTable", "Write", "overwrite reversible configuration"),
        ("DetachVolume", "Write", "detach reversible availability"),
        ("RevokeGrant", "Permissions management", "revoke reversible access"),
        ("PutItem", "Write", "overwrite irreversible data"),
        ("UpdateAlias", "Write", "overwrite reversible availability"),
        ("UpdateTagsForResource", "Tagging", "none none none"),
        ("CreateStack", "Write", "none none none"),
        ("DeleteStack", "Read", "none none none"),
    ],
)
def test_a_name_is_classified_by_its_verb_and_noun(name: str, access: str, expected: str) -> None:
    """The documented rules, one by one."""
    kind = kind_of(name, access)
    assert expected == f"{kind.operation_class} {kind.severity} {kind.domain}"


@given(names, st.sampled_from(ACCESS))
def test_every_name_gets_words_of_the_table(name: str, access: str) -> None:
    """Whatever AWS names its next operation, the generator gives it a row that can be read back."""
    kind = kind_of(name, access)
    OperationClass(kind.operation_class)
    Severity(kind.severity)
    Domain(kind.domain)
    assert kind.rule in {"level", "verb", "no-verb"}
    assert (kind.operation_class == "none") == (kind.severity == "none") == (kind.domain == "none")


@given(names, st.sampled_from(["Read", "List"]))
def test_a_read_harms_nothing_whatever_its_name(name: str, access: str) -> None:
    """The access level comes from AWS and outranks the name."""
    assert Kind("none", "none", "none", "level") == kind_of(name, access)


@given(names, st.sampled_from(["Write", "Permissions management"]))
def test_delete_is_never_overlooked(noun: str, access: str) -> None:
    """A writing operation called Delete deletes, unless it only takes off tags."""
    expected = "detach" if noun.endswith(("Tags", "Tagging")) or "TagsFrom" in noun else "delete"
    assert expected == kind_of(f"Delete{noun}", access).operation_class


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DescribeStacks", True),
        ("GetObject", True),
        ("ListKeys", True),
        ("HeadObject", True),
        ("Getaway", False),
        ("Listen", False),
        ("BatchGetItem", False),
        ("DeleteGet", False),
        ("get", False),
    ],
)
def test_only_four_verbs_promise_a_read(name: str, expected: bool) -> None:
    """The last resort is strict: a doubtful name is a write."""
    assert expected == reads_by_name(name)
