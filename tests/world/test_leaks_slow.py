"""Promise, in full: no operation that only reads betrays the mock, in any service moto has, and moto's code says nothing else.

About 7,000 answers, to calls with values of earlier answers or made-up ones. Most are refusals, which are read too.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.aws.literals import LITERALS
from askfirst.harness.operations.table import Level, classify
from askfirst.harness.policy import Limits

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

pytestmark = pytest.mark.slow

WORDS = (
    r"(?<![a-z0-9])(askfirst|inject(ed)?|mock(ed|s)?|moto|getmoto|motoapi)(?![a-z0-9])"
    r"|webfile|123456789012|AKIAIOSFODNN7EXAMPLE"
)
TRAITOR = re.compile(
    WORDS.encode() + rb"|75aa57f09aa0c8ca|bcaf1ffd86f41161|user1-11111a31|[A-Z0-9]{4}EXAMPLE|: amazon\.com|\{'\w+': '",
    re.IGNORECASE,
)
MODEL_PLANE = {"bedrock-runtime", "bedrock-agent-runtime"}
BY_SHAPE = {"float": 1.0, "double": 1.0, "boolean": False, "blob": b"x", "timestamp": datetime(2026, 1, 1, tzinfo=UTC)}


@dataclass
class Sweeper:
    """Makes parameters: values of earlier answers where a member has the same name, else something of the right shape."""

    found: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    leaks: set[tuple[str, bytes]] = field(default_factory=set)
    answers: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def hear(self, operation_model: Any, response_dict: dict[str, Any], **_: object) -> None:
        """Look through an answer."""
        body = response_dict["body"] if isinstance(response_dict["body"], bytes) else b""
        self.answers["refused" if response_dict["status_code"] >= 400 else "good"] += 1
        texts = [body, *(f"{name}: {value}".encode() for name, value in response_dict["headers"].items())]
        name = f"{operation_model.service_model.service_name}:{operation_model.name}"
        self.leaks |= {
            (name, text[max(0, one.start() - 60) : one.end() + 30]) for text in texts for one in TRAITOR.finditer(text)
        }

    def note(self, service: str, value: object, name: str = "") -> None:
        """Keep texts of an answer by member name; those of a list by the name in the singular."""
        if isinstance(value, dict):
            for key, one in value.items():
                self.note(service, one, str(key))
        elif isinstance(value, list):
            for one in value[:5]:
                self.note(service, one, name.removesuffix("s"))
        elif isinstance(value, str) and 0 < len(value) < 300 and len(self.found[service, name.lower()]) < 5:
            self.found[service, name.lower()].append(value)

    def value(self, service: str, shape: Any, name: str, turn: int) -> Any:
        """Give a value for a member."""
        if shape.type_name == "structure":
            return {one: self.value(service, shape.members[one], one, turn) for one in shape.required_members}
        if shape.type_name == "list":
            return [self.value(service, shape.member, name.removesuffix("s"), turn)]
        if shape.type_name == "string":
            known = shape.enum or self.found.get((service, name.lower())) or self._alike(service, name.lower())
            return known[turn % len(known)] if known else "nothing".ljust(shape.metadata.get("min", 0), "0")
        if shape.type_name in {"integer", "long"}:
            return max(1, shape.metadata.get("min", 1))
        return BY_SHAPE.get(shape.type_name, {})

    def _alike(self, service: str, name: str) -> list[str]:
        """Give values of members whose name is the end of this one, or ends with it: 'Name' for 'TableName'."""
        return [
            value
            for (of, known), values in self.found.items()
            if of == service and len(known) > 1 and (name.endswith(known) or known.endswith(name))
            for value in values
        ]


def _reads(client: Any) -> Iterator[tuple[str, Any]]:
    """Give method and model of each operation that only reads, those without required members first."""
    service = client.meta.service_model
    named = [(method, service.operation_model(one)) for method, one in client.meta.method_to_api_mapping.items()]
    known = [(method, model, classify(service.service_name, model.name)) for method, model in named]
    reads = [(method, model) for method, model, operation in known if operation.known and operation.level <= Level.PLAN]
    yield from sorted(
        reads, key=lambda one: (len(one[1].input_shape.required_members) if one[1].input_shape else 0, one[0])
    )


@pytest.fixture(scope="module")
def sweeper(everything: Any) -> Sweeper:
    """A sweeper that has been through every service."""
    from moto.backend_index import backend_url_patterns

    from askfirst.harness.trial import run_trial

    made = Sweeper()

    def agent(brief: Brief) -> None:
        from botocore.config import Config

        brief.session.events.register("before-parse.*.*", made.hear)
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
        services = {one for one, _ in backend_url_patterns} & set(brief.session.get_available_services()) - MODEL_PLANE
        for service in sorted(services):
            client = brief.session.client(service, config=config)
            for turn in range(2):
                for method, model in _reads(client):
                    parameters = made.value(service, model.input_shape, "", turn) if model.input_shape else {}
                    if turn and not parameters:
                        continue
                    try:
                        made.note(service, getattr(client, method)(**parameters))
                    except Exception:  # noqa: BLE001, S112 - parameters nobody checked; the answer, if any, has been heard
                        continue

    run_trial(everything, agent, limits=Limits(seconds=600, calls=100_000, world_hours=100_000))
    return made


def test_no_read_operation_betrays_the_mock(sweeper: Sweeper) -> None:
    """Bodies and headers of thousands of answers, good ones and errors, hold no word and no constant of moto's."""
    assert set() == sweeper.leaks
    assert sweeper.answers["good"] > 700
    assert sweeper.answers["refused"] > 4000


# -- the code of moto ------------------------------------------------------------------------------------------------

APART = (
    "moto_api/",
    "moto_server/",
    "moto_proxy/",
    "server.py",
    "proxy.py",
    "iam/aws_managed_policies.py",
    "instance_metadata/",
)
"""What no trial reaches: control routes, servers, AWS's own policy texts, the metadata service."""

HARMLESS = {
    "apigatewayv2/models.py": ("MOCK",),  # AWS's own name of an integration
    "apigateway/models.py": ("MOCK",),
    "cloudformation/parsing.py": ("moto", "No Moto CloudFormation support", "not supported by moto"),  # log and warning
    "core/": ("moto", "123456789012", "x-moto-account-id", "mock_credentials", "<moto.MISSING>"),  # inside
    "backends.py": ("moto",),
    "backend_index.py": ("moto",),
    "__init__.py": ("moto",),
    "utilities/utils.py": ("moto",),
    "settings.py": ("WARNING - Moto couldn't",),
    "awslambda/models.py": ("moto_proxy/ca.crt",),  # Docker
    "cognitoidp/": ("moto-confirmation-code:", "x-moto-forgot-password"),  # a header that is taken off
    "dynamodb/parsing/": ("moto",),  # NotImplementedError: a gap
    "directconnect/models.py": ("not currently supported by moto",),
    "ec2/": ("implemented in Moto", "getmoto/moto/issues"),
    "rds/utils.py": ("implemented in Moto",),
    "s3/responses.py": ("webfile",),  # by account: disguise.py
    "sts/responses.py": ("AKIAIOSFODNN7EXAMPLE",),  # by request: disguise.py
    "stepfunctions/parser/": ("mock",),  # needs a configuration file
    "swf/models/": ("This shouldn't happen",),
    "xray/mock_client.py": ("moto_mock",),
}


def _constants(tree: ast.Module) -> Iterator[str]:
    """Give the texts in code that are no docstrings."""
    docstrings = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in docstrings:
            yield one.value


def test_the_code_of_moto_says_nothing_else_that_gives_it_away() -> None:
    """Each text in moto with such a word is in the table, or known to stay inside; a new moto with a new one is red here."""
    import moto

    root = Path(moto.__file__).parent
    traitor = re.compile(WORDS, re.IGNORECASE)
    new = []
    for file in sorted(root.rglob("*.py")):
        name = file.relative_to(root).as_posix()
        text = file.read_text()
        if name.startswith(APART) or "antlr" in name or not traitor.search(text):
            continue
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        known = [one.says for one in LITERALS if one.module == module]
        known += [one for place, texts in HARMLESS.items() if name.startswith(place) for one in texts]
        new += [
            (name, one)
            for one in _constants(ast.parse(text))
            if traitor.search(one)
            and not one.startswith("MOTO_")
            and not any(each.lower() in one.lower() for each in known)
        ]

    assert [] == new
