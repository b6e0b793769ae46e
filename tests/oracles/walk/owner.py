"""The owner's side of the account: clients whose calls nobody judges, and answers that may not be there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

Client = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Owner:
    """A session of the account's owner. Clients are kept: to make one costs more than ten calls."""

    client: Client
    account: str
    region: str = "us-east-1"

    def arn(self, service: str, rest: str) -> str:
        """Name a thing of which AWS shows no ARN."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{rest}"


def asked(call: Callable[..., Mapping[str, Any]], **given: Any) -> Mapping[str, Any]:
    """Give an answer, or nothing where the answer is that there is no such setting."""
    try:
        return call(**given)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code.startswith("NoSuch") or code in {"ResourceNotFoundException", "TrailNotFoundException"}:
            return {}
        raise


def born(tags: object) -> str:
    """Give the mark that was made at the start, from tags in whatever form a service shows them."""
    return "at the start" if "'born'" in str(tags) else "by the agent"


def said(policy: str | Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Give what a policy allows and what it denies, one text per statement."""
    document = json.loads(policy) if isinstance(policy, str) else policy
    statements = document.get("Statement", []) if document else []
    texts: dict[str, set[str]] = {"Allow": set(), "Deny": set()}
    for one in statements if isinstance(statements, list) else [statements]:
        plain = {key: value for key, value in one.items() if key not in {"Sid", "Effect"}}
        texts[one["Effect"]].add(json.dumps(plain, sort_keys=True))
    return frozenset(texts["Allow"]), frozenset(texts["Deny"])
