"""Operations that do many things in one call, and how each says that some of them were not done.

| how | operations |
|---|---|
| entries have ids, failed ones are listed | SQS *Batch, SNS PublishBatch |
| entries have keys, failed ones are listed | S3 DeleteObjects |
| the answer has one entry for each, in order | Kinesis PutRecords, Firehose PutRecordBatch, EventBridge PutEvents |
| what is left is given back as it came | DynamoDB BatchWriteItem, BatchGetItem |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from askfirst.harness.faulting import codes
from askfirst.harness.faulting.codes import ErrorAnswer
from askfirst.harness.faulting.contexts import Struck
from askfirst.harness.faulting.reactions import Output, Partly

Given = Mapping[str, Any]
"""Parameters or output of an operation as botocore names them."""

Path = tuple[str, ...]


def partly(call: Struck, keep: int | None, share: float) -> Partly | None:
    """Give what does a part of a batch; None where the call is no batch, or has nothing that could be left out."""
    batch = _BATCHES.get((call.service, call.operation))
    if batch is None:
        return None
    size = batch.size(call.parameters)
    kept = max(1, int(size * share)) if keep is None else keep
    if kept >= size:
        return None
    split = _Split(batch, call, kept)
    return Partly(split.narrow, split.change, f"the first {kept} of {size} entries were done")


class _Batch:
    """A way to carry many entries in one call."""

    def size(self, parameters: Given) -> int:
        """Count the entries."""
        raise NotImplementedError

    def split(self, parameters: Given, keep: int) -> tuple[Given, Any]:
        """Give the parameters with the first entries alone, and the others."""
        raise NotImplementedError

    def report(self, output: Given, left: Any, call: Struck) -> Given:  # noqa: ANN401 - whatever `split` gave
        """Give the output with word of the others."""
        raise NotImplementedError


@dataclass(slots=True)
class _Split:
    """One batch that is done in part. It keeps the others as they came on the wire: the history shortens long bytes."""

    batch: _Batch
    call: Struck
    keep: int
    left: Any = field(default=None, init=False)

    def narrow(self, parameters: Output) -> Output:
        first, self.left = self.batch.split(parameters, self.keep)
        return first

    def change(self, output: Output) -> Output:
        return self.batch.report(output, self.left, self.call)


@dataclass(frozen=True, slots=True)
class _Listed(_Batch):
    """Entries in a list at a path; failed ones are listed in a member of the output, each told by `failed`."""

    entries: Path
    member: str
    failed: Callable[[Given, Struck], Given]

    def size(self, parameters: Given) -> int:
        return len(_at(parameters, self.entries))

    def split(self, parameters: Given, keep: int) -> tuple[Given, Sequence[Given]]:
        entries = _at(parameters, self.entries)
        return _with(parameters, self.entries, entries[:keep]), entries[keep:]

    def report(self, output: Given, left: Sequence[Given], call: Struck) -> Given:
        return {**output, self.member: [*output.get(self.member, ()), *(self.failed(one, call) for one in left)]}


@dataclass(frozen=True, slots=True)
class _InOrder(_Batch):
    """Entries in a list; the output has one of its own for each, in order, and counts those that failed."""

    entries: str
    member: str
    count: str
    failed: Callable[[Struck], Given]

    def size(self, parameters: Given) -> int:
        return len(parameters[self.entries])

    def split(self, parameters: Given, keep: int) -> tuple[Given, Sequence[Given]]:
        entries = parameters[self.entries]
        return {**parameters, self.entries: entries[:keep]}, entries[keep:]

    def report(self, output: Given, left: Sequence[Given], call: Struck) -> Given:
        told = [*output[self.member], *(self.failed(call) for _ in left)]
        return {**output, self.member: told, self.count: output.get(self.count, 0) + len(left)}


@dataclass(frozen=True, slots=True)
class _ByTable(_Batch):
    """DynamoDB: entries by table, in a list or below `inner`; what is left comes back in the same form."""

    member: str
    inner: str = ""

    def size(self, parameters: Given) -> int:
        return sum(1 for _ in self._entries(parameters))

    def split(self, parameters: Given, keep: int) -> tuple[Given, Given]:
        entries = list(self._entries(parameters))
        asked = parameters["RequestItems"]
        return {**parameters, "RequestItems": self._formed(asked, entries[:keep])}, self._formed(asked, entries[keep:])

    def report(self, output: Given, left: Given, call: Struck) -> Given:  # noqa: ARG002 - it gives no reason
        return {**output, self.member: left}

    def _entries(self, parameters: Given) -> Iterator[tuple[str, Any]]:
        for table, asked in parameters["RequestItems"].items():
            for entry in asked[self.inner] if self.inner else asked:
                yield table, entry

    def _formed(self, asked: Given, entries: Sequence[tuple[str, Any]]) -> Given:
        """Put entries back under their tables, with what else was said of the table."""
        tables: dict[str, list[Any]] = {}
        for table, entry in entries:
            tables.setdefault(table, []).append(entry)
        return {table: {**asked[table], self.inner: own} if self.inner else own for table, own in tables.items()}


def _with_id(entry: Given, call: Struck) -> Given:
    answer = codes.server_error(call.service, call.operation)
    return {"Id": entry["Id"], "SenderFault": False, "Code": answer.code, "Message": answer.message}


def _with_key(entry: Given, call: Struck) -> Given:
    answer = codes.server_error(call.service, call.operation)
    which = {name: entry[name] for name in ("Key", "VersionId") if entry.get(name)}
    return {**which, "Code": answer.code, "Message": answer.message}


def _record(call: Struck) -> Given:
    """Word it as the API reference of PutRecords does: account, stream and shard are named."""
    answer = codes.throttled(call.service, call.operation)
    stream = call.parameters.get("StreamName") or str(call.parameters.get("StreamARN", "")).rpartition("/")[2]
    where = f"shard shardId-000000000000 in stream {stream} under account {call.account}"
    return {"ErrorCode": answer.code, "ErrorMessage": f"Rate exceeded for {where}."}


def _said(family: Callable[[str, str], ErrorAnswer]) -> Callable[[Struck], Given]:
    def failed(call: Struck) -> Given:
        answer = family(call.service, call.operation)
        return {"ErrorCode": answer.code, "ErrorMessage": answer.message}

    return failed


def _at(given: Any, path: Path) -> Any:  # noqa: ANN401 - parameters as they came
    for name in path:
        given = given[name]
    return given


def _with(given: Given, path: Path, value: object) -> Given:
    first, *rest = path
    return {**given, first: _with(given[first], tuple(rest), value) if rest else value}


_BATCHES: Mapping[tuple[str, str], _Batch] = MappingProxyType(
    {
        ("dynamodb", "BatchGetItem"): _ByTable("UnprocessedKeys", "Keys"),
        ("dynamodb", "BatchWriteItem"): _ByTable("UnprocessedItems"),
        ("events", "PutEvents"): _InOrder("Entries", "Entries", "FailedEntryCount", _said(codes.throttled)),
        ("firehose", "PutRecordBatch"): _InOrder(
            "Records", "RequestResponses", "FailedPutCount", _said(codes.unavailable)
        ),
        ("kinesis", "PutRecords"): _InOrder("Records", "Records", "FailedRecordCount", _record),
        ("s3", "DeleteObjects"): _Listed(("Delete", "Objects"), "Errors", _with_key),
        ("sns", "PublishBatch"): _Listed(("PublishBatchRequestEntries",), "Failed", _with_id),
        ("sqs", "ChangeMessageVisibilityBatch"): _Listed(("Entries",), "Failed", _with_id),
        ("sqs", "DeleteMessageBatch"): _Listed(("Entries",), "Failed", _with_id),
        ("sqs", "SendMessageBatch"): _Listed(("Entries",), "Failed", _with_id),
    }
)
