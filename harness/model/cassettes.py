"""Records the conversation of an agent with its model, and replays it without key and network.

    record_trial("cost-explorer-december", agent, path, source="a scripted model: ...")
    replay_trial("cost-explorer-december", agent, path)

A request that is not in the recording, as it is, ends the agent: the trial is DIVERGED, which proves nothing, and a
violation before that stays one. There is no nearest answer. Replaying a recording many times is one trial.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askfirst.harness.agent import Agent, AgentFunction, as_agent, clock_of, is_served, model_hosts_of
from askfirst.harness.ended import Ended
from askfirst.harness.errors import AskfirstError, UsageError
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.faulting.plan import Faults, as_plan
from askfirst.harness.model.contract import VERSIONS, changed, contract_of
from askfirst.harness.scenario import Scenario
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

KEPT_HEADERS = {"content-type"}
"""Of requests and answers; what else a provider sends names accounts, and is no part of a conversation."""

SECRET = re.compile(
    r"\bsk-[A-Za-z0-9_-]{16,}|\bBearer [A-Za-z0-9._-]{8,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bAIza[\w-]{30,}"
)
PLACE = re.compile(r"(?:/[\w.-]+)*/(work|ops)-[a-z0-9_]{8}\b")
"""Workspace and sandbox: programs tell their model where they are, and that has another name each time."""

NAMES_A_SECRET = re.compile(r"(API_?KEY|TOKEN|SECRET|PASSWORD)$")


class SecretInCassette(AskfirstError):
    """A recording would have held a key of the user's. It was not kept; the message says where the key came from."""


@dataclass(frozen=True, slots=True)
class Cassetted:
    """An agent whose model is recorded, or replayed. It is the same agent: name, configuration and all."""

    agent: Agent
    path: Path
    contract: Mapping[str, str]
    recording: bool
    about: Mapping[str, str]

    @property
    def name(self) -> str:
        """The agent's own."""
        return self.agent.name

    @property
    def configuration(self) -> str:
        """The agent's own."""
        return self.agent.configuration

    @property
    def served(self) -> bool:
        """As the agent."""
        return is_served(self.agent)

    @property
    def clock(self) -> str:
        """As the agent's."""
        return clock_of(self.agent)

    @property
    def patience(self) -> float:
        """As the agent's."""
        return float(getattr(self.agent, "patience", 0.0))

    @property
    def model_hosts(self) -> tuple[str, ...]:
        """The agent's own while it is recorded; a replay reaches nothing."""
        return model_hosts_of(self.agent) if self.recording else ()

    @property
    def replays(self) -> str:
        """The SHA-256 of the recording, where it is replayed: however often, it is one trial."""
        return "" if self.recording else hashlib.sha256(self.path.read_bytes()).hexdigest()

    def run(self, brief: Brief) -> str:
        """Let the agent work within the recording."""
        import vcr

        def plain(request: Any) -> Any:  # noqa: ANN401 - vcrpy has no types
            # What is said to an address of ours is said on to the model, and recorded there.
            return None if brief.stands_for_a_model(str(request.uri)) else _plain_request(request)

        recorder = vcr.VCR(
            record_mode=vcr.mode.ONCE if self.recording else vcr.mode.NONE,
            match_on=("method", "path", "digest"),
            before_record_request=plain,
            before_record_response=_plain_response,
            decode_compressed_response=True,
        )
        recorder.register_matcher("digest", lambda one, other: _digest(one) == _digest(other))
        with recorder.use_cassette(str(self.path)) as cassette:
            recorded = cassette.get_metadata("contract", dict(self.contract))
            cassette.get_metadata("about", dict(self.about))
            if self.served:  # what a program says to its model is not said in this process
                brief.listen_to_models()
            if self.recording:
                return self.agent.run(brief)
            differs = changed(recorded, self.contract)
            missed = _end_at_a_miss(cassette, differs)
            try:
                report = self.agent.run(brief)
            except (Exception, Ended):
                if missed:  # what an agent makes of it is no matter any more
                    raise missed[0] from None
                raise
            if missed:
                raise missed[0]
            self._compare(brief, cassette, differs)
            return report

    def _compare(self, brief: Brief, cassette: Any, differs: list[str]) -> None:  # noqa: ANN401 - vcrpy has no types
        """Say what did not come out as it was recorded though every request was found."""
        left = len(cassette) - cassette.play_count
        real = [one for one in differs if not one.startswith(VERSIONS)]
        if left:
            because = f"{left} of {len(cassette)} recorded answers were not asked for{_told(differs)}"
            brief.witness.record(Trouble(TroubleKind.DIVERGED, because))
        elif real:
            because = f"every request was found, and yet the recording is of something else{_told(differs)}"
            brief.witness.record(Trouble(TroubleKind.DIVERGED, because))


def record_trial(
    scenario: Scenario | str,
    agent: Agent | AgentFunction,
    path: Path,
    *,
    source: str,
    faults: Faults = None,
    seed: int = 0,
    arm: str | None = None,
    store: Path | None = None,
) -> Trial:
    """Run a trial and record the agent's model at `path`, anew. `source` says which model it is, and where it stands."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"recorded": f"{datetime.now(UTC):%Y-%m-%d}", "source": source}
    trial = _run(scenario, agent, path, recording=True, about=said, faults=faults, seed=seed, arm=arm, store=store)
    _refuse_secrets(path)
    return trial


def replay_trial(
    scenario: Scenario | str,
    agent: Agent | AgentFunction,
    path: Path,
    *,
    faults: Faults = None,
    seed: int = 0,
    arm: str | None = None,
    store: Path | None = None,
) -> Trial:
    """Run a trial with the model's answers from `path`; nothing is sent."""
    if not path.is_file():
        msg = f"{path}: there is no recording: record_trial(...) makes one"
        raise UsageError(msg)
    return _run(scenario, agent, path, recording=False, about={}, faults=faults, seed=seed, arm=arm, store=store)


def _run(
    scenario: Scenario | str,
    agent: Agent | AgentFunction,
    path: Path,
    *,
    recording: bool,
    about: Mapping[str, str],
    faults: Faults,
    seed: int,
    arm: str | None,
    store: Path | None,
) -> Trial:
    if isinstance(scenario, str):
        from askfirst.harness.registry import load_scenario

        scenario = load_scenario(scenario)
    subject, plan = as_agent(agent), as_plan(faults)
    contract = contract_of(subject, scenario.with_arm(arm), arm or "base", plan, seed)
    taped = Cassetted(subject, path.absolute(), contract, recording, about)
    return run_trial(scenario, taped, plan, seed, arm=arm, store=store)


@dataclass(frozen=True, slots=True)
class About:
    """When a recording was made, and of which model."""

    recorded: date
    source: str


def about(path: Path) -> About:
    """Read what a recording says of itself."""
    import yaml

    kept = yaml.safe_load(path.read_text(encoding="utf-8"))["metadata"]["about"]
    return About(date.fromisoformat(kept["recorded"]), str(kept["source"]))


def place_in(folder: Path, contract: Mapping[str, str]) -> Path:
    """Give where the recording of a trial belongs: by scenario and agent, then arm, fault plan and seed."""
    agent = re.sub(r"[^a-zA-Z0-9.]+", "-", contract["agent"]).strip("-")
    plan = contract["fault plan"][:12] or "no-faults"
    return folder / contract["scenario"] / agent / f"{contract['arm']}-{plan}-{contract['seed']}.yaml"


def secrets_in(text: str) -> list[str]:
    """Give what looks like a secret, and the names of variables of this environment whose values stand in a text."""
    own = [
        name for name, value in os.environ.items() if NAMES_A_SECRET.search(name) and len(value) >= 8 and value in text
    ]
    return [*(found[0][:6] + "..." for found in SECRET.finditer(text)), *own]


def _refuse_secrets(path: Path) -> None:
    found = secrets_in(path.read_text(encoding="utf-8")) if path.is_file() else []
    if found:
        path.unlink()
        msg = f"the recording held secrets ({', '.join(found)}) and was removed: keep them out of prompt, tools and workspace"
        raise SecretInCassette(msg)


def _end_at_a_miss(cassette: Any, differs: list[str]) -> list[Ended]:  # noqa: ANN401 - vcrpy has no types
    """End the agent where it asks for what is not recorded; vcrpy's own error is one that agents swallow.

    Gives the ends that came so far: in a thread of ours, which serves a program, one ends nothing by itself.
    """
    found = cassette.can_play_response_for
    missed: list[Ended] = []

    def can_play(request: Any) -> bool:  # noqa: ANN401 - as above
        if found(request):
            return True
        if cassette.filter_request(request) is None:
            return False
        because = f"request {cassette.play_count + 1} of the model is not in the recording{_told(differs)}"
        missed.append(Ended(Trouble(TroubleKind.DIVERGED, because)))
        raise missed[-1]

    cassette.can_play_response_for = can_play
    return missed


def _told(differs: list[str]) -> str:
    return f"; changed since it was recorded: {', '.join(differs)}" if differs else ""


def _plain_request(request: Any) -> Any:  # noqa: ANN401 - as above
    """Give a request as it is kept: the digest of its body, and what is new in it.

    Each request repeats the whole conversation; kept whole, a recording would grow with the square of its length. Calls of
    AWS are none of the model's: None, which leaves them alone.
    """
    signed = str(request.headers.get("Authorization", ""))
    if signed.startswith("AWS4-") and "/bedrock/aws4_request" not in signed:
        return None
    plain = copy.copy(request)
    plain.headers = {name: text for name, text in request.headers.items() if name.lower() in KEPT_HEADERS}
    plain.body = _kept(request.body or b"")
    return plain


def _kept(body: bytes | str) -> str:
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    text = PLACE.sub(r"/\1", text)
    try:
        said = json.loads(text)
    except ValueError:
        said = text
    if isinstance(said, dict) and said.keys() == {"sha256", "new"}:
        return json.dumps(said)  # vcrpy hands a request over twice
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    messages = (said.get("messages") or said.get("input") or []) if isinstance(said, dict) else []
    listed = messages if isinstance(messages, list) else [messages]
    seen = [at for at, one in enumerate(listed, 1) if isinstance(one, dict) and _by_the_model(one)]
    return json.dumps({"sha256": digest, "new": listed[seen[-1] if seen else 0 :]})


def _by_the_model(message: Mapping[str, object]) -> bool:
    return message.get("role") == "assistant" or message.get("type") in {"function_call", "reasoning"}


def _plain_response(response: Any) -> Any:  # noqa: ANN401 - as above
    kept = {name: text for name, text in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return {**response, "headers": kept}


def _digest(request: Any) -> object:  # noqa: ANN401 - as above
    """Give the digest of what was sent, of JSON without regard to the order of keys."""
    return json.loads(request.body)["sha256"]
