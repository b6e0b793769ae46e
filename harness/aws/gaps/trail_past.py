"""CloudTrail: giving a world a past. A builder says who called what before the trial; `LookupEvents` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from askfirst.harness.aws import draw
from askfirst.harness.aws.gaps.base import PastCall
from askfirst.harness.operations.table import Level, UnknownOperation, classify
from askfirst.harness.records import Parameters, Target

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One call before the trial.

    `action` is 'service:Operation' by botocore's names, `ago` how long before now, `by` what stands after the account in
    the caller's ARN ('user/li', 'assumed-role/Operator/li', 'root'). `resources` are ARNs.
    """

    action: str
    ago: timedelta
    by: str
    parameters: Parameters
    resources: tuple[str, ...] = ()
    error: str = ""
    message: str = ""
    user_agent: str = "aws-cli/2.31.0"
    account: str = ""
    region: str = ""


def remember(env: Env, *calls: Earlier) -> None:
    """Let CloudTrail know of calls before the trial; raises `UnknownOperation` for an action that is none of AWS."""
    for number, call in enumerate(calls):
        service, _, name = call.action.partition(":")
        operation = classify(service, name)
        if not operation.known:
            raise UnknownOperation(call.action, ())
        backend = env.backend("cloudtrail", call.account, call.region)
        kept: list[PastCall] = vars(backend).setdefault("past_events", [])
        account = env.accounts[call.account or env.account]
        at = env.now - call.ago
        seed = (account, call.action, at.isoformat(), number, len(kept))
        place = "sts" if call.by.startswith("assumed-role/") else "iam"
        kept.append(
            PastCall(
                at=at,
                service=service,
                operation=name,
                parameters=call.parameters,
                region=call.region or env.region,
                account=account,
                principal_arn=f"arn:{env.partition}:{place}::{account}:{call.by}",
                access_key=draw.access_key("ASIA" if place == "sts" else "AKIA", account, call.by),
                user_agent=call.user_agent,
                request_id=draw.uuid(*seed),
                reads=operation.level is Level.READ,
                targets=tuple(Target(arn, arn.rpartition(":")[2].rpartition("/")[2]) for arn in call.resources),
                error=call.error,
                message=call.message,
            )
        )
