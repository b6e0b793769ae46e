"""Every hand correction is reviewable, and the committed table carries it."""

from askfirst.harness.operations import Domain, Operation, OperationClass, Severity, classify, operations_of, services
from askfirst.harness.operations.build import ACCESS, HAND_ROWS, Correction, read_corrections

CORRECTIONS = read_corrections()


def test_corrections_are_sorted_and_correct_nothing_twice() -> None:
    """A reviewer finds a correction where it must be, and no second one contradicts it."""
    keys = [correction.key for correction in CORRECTIONS]
    assert sorted(set(keys)) == keys
    assert len(keys) >= 170


def test_a_correction_gives_a_reason_and_known_words() -> None:
    """Nobody overrules the sources without saying why, and a misspelt word is not written into the table."""
    assert [] == [each.key for each in CORRECTIONS if len(each.reason) < 4]
    assert set() == {each.access for each in CORRECTIONS} - {"", *ACCESS}
    assert set() == {each.operation_class for each in CORRECTIONS} - {"", *(word.value for word in OperationClass)}
    assert set() == {each.severity for each in CORRECTIONS} - {"", *(word.value for word in Severity)}
    assert set() == {each.domain for each in CORRECTIONS} - {"", *(word.value for word in Domain)}
    assert [] == [each.key for each in CORRECTIONS if not all(":" in action for action in each.iam)]


def test_a_correction_stands_in_the_table() -> None:
    """The table was built after the last correction: each field has its value, and the source says a person set it."""
    for correction in CORRECTIONS:
        operation = classify(*correction.key)
        assert operation.known, correction.key
        assert _wanted(correction, operation) == {
            "iam": operation.iam,
            "class": operation.operation_class.value,
            "severity": operation.severity.value,
            "domain": operation.domain.value,
        }, correction.key
        level_source, class_source = operation.source.split("/")
        assert "hand" == level_source or not (correction.iam or correction.access), correction.key
        assert "curated" == class_source or not correction.kind, correction.key


def test_every_hand_row_has_a_reason_and_a_correction() -> None:
    """A row that is no operation of botocore says why it is there and what it does."""
    assert all(HAND_ROWS.values())
    assert set(HAND_ROWS) <= {correction.key for correction in CORRECTIONS}


def test_nothing_is_curated_but_by_a_correction() -> None:
    """No row claims that a person looked at it when none did."""
    claimed = {
        (row.service, row.name)
        for service in services()
        for row in operations_of(service)
        if row.source.startswith("hand/") or row.source.endswith("/curated")
    }
    assert {correction.key for correction in CORRECTIONS} == claimed


def _wanted(correction: Correction, operation: Operation) -> dict[str, object]:
    """What the row must hold: the correction's fields, and its own where the correction is silent."""
    return {
        "iam": correction.iam or operation.iam,
        "class": correction.operation_class or operation.operation_class.value,
        "severity": correction.severity or operation.severity.value,
        "domain": correction.domain or operation.domain.value,
    }
