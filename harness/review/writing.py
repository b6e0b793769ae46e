"""The review as a document: what a team would write afterwards. It blames nobody, and rests on the history alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from askfirst.harness.fidelity import touched
from askfirst.harness.report.timeline import plain, rows, since
from askfirst.harness.review.document import LONGEST, Block, Document, Heading, Paragraph, Points, Table, quoted
from askfirst.harness.review.factors import Factor, factors_of
from askfirst.harness.review.facts import Facts, Request
from askfirst.harness.verdict import Verdict

LOSSES_SHOWN = 40
ROWS_SHOWN = 200


def written(facts: Facts, further: tuple[Block, ...] = ()) -> Document:
    """Write the review; `further` are the blocks of a what-if table, where one was worked out."""
    identity = facts.history.header.identity
    factors = factors_of(facts)
    blocks: list[Block] = [
        Paragraph(
            f"Trial {facts.trial.id}: {plain(identity.agent)} in {identity.scenario}, arm {identity.arm}, seed {identity.seed}. "
            "Worked out by askfirst from the recorded history alone; times are those of the trial, in UTC."
        ),
        Heading("Summary"),
        Paragraph(_summary(facts)),
        Heading("Impact"),
        *_impact(facts),
        Heading("Timeline"),
        *_timeline(facts),
        Heading("Contributing factors"),
        _factors(factors),
        Heading("Where it could have been stopped"),
        *_stops(facts, factors, tested=bool(further)),
        *further,
        Heading("What was decided, and by whom"),
        *_decisions(facts),
        Heading("Action items"),
        *_actions(facts, factors),
        Heading("The task as it was given"),
        quoted(facts.task),
        Heading("What the agent reported"),
        quoted(facts.report or "(nothing)"),
        *_honesty(facts),
    ]
    return Document(f"Incident review: {identity.scenario}", tuple(blocks))


def _summary(facts: Facts) -> str:
    header = facts.history.header
    start = f"At {header.started:%Y-%m-%d %H:%M} an agent was given a task in account {header.home} ({header.region})."
    if facts.trial.verdict is Verdict.INCONCLUSIVE:
        because = "; ".join(dict.fromkeys(one.because for _, one in facts.history.troubles)) or "nothing was proved"
        inconclusive = "The trial is inconclusive, so this review is of what is recorded and proves nothing more"
        return f"{start} {inconclusive}: {plain(because, LONGEST)}."
    if facts.violation is None:
        tail = "There is no incident to review; what follows is the record of it."
        return f"{start} It broke no rule in {len(facts.reads_before)} calls. {tail}"
    if facts.first is None:
        broken = "; ".join(
            plain(one.because, LONGEST) for one in facts.trial.findings.values() if facts.violation in one.events
        )
        return f"{start} {since(_at(facts, facts.violation))} into it a rule was broken: {broken}."
    call = facts.first
    names = ", ".join(dict.fromkeys(plain(one.name) for one in call.start.targets)) or "what its parameters say"
    coverage = call.end.coverage if call.end else None
    asked = ", with a grant for it" if coverage and coverage.covered else ", without an approval that covered it"
    done = "It was carried out" if call.end and call.end.applied else "It was not carried out, but it was chosen"
    lost = ""
    if facts.losses:
        gone = _severities(facts)
        lost = f" It or what followed it took away or damaged {_things(len(_arns(facts)))} ({gone})."
    back = f" {_back(facts)}" if facts.losses else " Nothing was lost."
    return (
        f"{start} {since(_at(facts, call.seq))} into it, after {len(facts.reads_before)} calls, it called {call.start.action} "
        f"on {names}{asked}. {done}.{lost}{back}"
    )


def _at(facts: Facts, seq: int) -> timedelta:
    return next((one.at - facts.history.header.started for one in facts.history.entries if one.seq == seq), timedelta())


def _severities(facts: Facts) -> str:
    worst = {one.change.arn: one.change.severity for one in reversed(facts.losses)}
    counted = Counter(one or "of unknown severity" for one in worst.values())
    return ", ".join(f"{number} {name}" for name, number in sorted(counted.items(), key=lambda one: -one[1]))


def _back(facts: Facts) -> str:
    again = [one for one in facts.losses if one.again is not None]
    if not again:
        return f"None of it was back when the trial ended, {_spoken(facts.lasted)} after its start."
    last = max(one.again for one in again if one.again is not None)
    first = min(one.after for one in facts.losses)
    number = len({one.change.arn for one in again})
    return (
        f"{number} of {len(_arns(facts))} were made again under their names by {since(last)}, {_spoken(last - first)} after "
        "the first loss; made again is not restored: what they held is not back."
    )


def _arns(facts: Facts) -> set[str]:
    return {one.change.arn for one in facts.losses}


def _things(number: int) -> str:
    return f"{number} thing{'' if number == 1 else 's'}"


def _spoken(time: timedelta) -> str:
    return since(time).removeprefix("+")


def _impact(facts: Facts) -> Iterator[Block]:
    if not facts.losses:
        yield Paragraph("Nothing was lost, and nothing that must survive was damaged.")
        return
    held = sum((one.change.blast.items or 0) for one in facts.losses if one.change.blast)
    needing = sum(one.change.blast.dependents for one in facts.losses if one.change.blast)
    never = {one.change.arn for one in facts.losses if not (one.change.blast and one.change.blast.undo)}
    yield Points(
        (
            f"Lost or damaged: {len(_arns(facts))} ({_severities(facts)}).",
            f"Blast radius: it held {held} items of content (records, objects, messages), and {needing} other things needed it.",
            f"Can be brought back: {len(_arns(facts) - never)}, as the table says; {len(never)} by nothing in the account.",
            f"How long: {_back(facts)}",
        )
    )
    shown = facts.losses[:LOSSES_SHOWN]
    yield Table(
        ("When", "What", "What became of it", "Held", "Severity", "What brings it back", "Back at"),
        tuple(
            (
                f"{since(one.after)} (event {one.seq})",
                plain(one.change.arn, 200),
                one.change.effect.value,
                _held(one.change.blast.items if one.change.blast else None),
                one.change.severity,
                (one.change.blast.undo if one.change.blast else "") or "nothing in the account",
                since(one.again) if one.again is not None else "not",
            )
            for one in shown
        ),
    )
    if differing := touched(facts.history):
        yield Paragraph("In AWS some of this would have gone otherwise than in the mocked account:")
        yield Points(tuple(f"{one.id}: {one.here}; in AWS {one.aws}." for one in differing))
    if len(facts.losses) > len(shown):
        yield Paragraph(f"And {len(facts.losses) - len(shown)} more; `askfirst review --json` has them all.")


def _held(items: int | None) -> str:
    return "" if items is None else f"{items} item{'' if items == 1 else 's'}"


def _timeline(facts: Facts) -> Iterator[Block]:
    told = list(rows(facts.history))
    shown = [one for one in told if one.weight != "quiet"] if len(told) > ROWS_SHOWN else told
    shown = shown[:ROWS_SHOWN]
    yield Table(
        ("Event", "Time", "What", "Text"),
        tuple((str(one.seq), since(one.after), one.word, one.text) for one in shown),
        tuple(number for number, one in enumerate(shown) if one.seq == facts.violation),
    )
    if len(told) > len(shown):
        yield Paragraph(f"{len(told) - len(shown)} of {len(told)} lines are left out; `askfirst show` has them all.")


def _factors(factors: tuple[Factor, ...]) -> Table:
    return Table(
        ("Factor", "Contributed", "Evidence"),
        tuple((one.name, "yes" if one.found else "no", plain(one.evidence, LONGEST)) for one in factors),
    )


def _stops(facts: Facts, factors: tuple[Factor, ...], *, tested: bool) -> Iterator[Block]:
    if facts.first is None:
        yield Paragraph("There is no call that had to be stopped.")
        return
    seq = facts.first.seq
    last = facts.reads_before[-1].seq if facts.reads_before else 0
    found = {one.name for one in factors if one.found}
    points = []
    if "Second person missing" in found:
        after = f"between event {last} and event {seq}" if last else f"before event {seq}"
        names = " or ".join(one.name for one in facts.deciders)
        asking = f"a request would have gone to {names}" if names else "though there was nobody whose word counts"
        points.append(f"Before the call, {after}: by asking; {asking}.")
        points.append(
            f"At the call, event {seq}: by a gate that waits for the approval instead of a rule that is written down."
        )
    if "Right too broad" in found:
        points.append(f"At the call, event {seq}: by rights without {facts.first.start.action}.")
    if "Protection off" in found:
        points.append(f"At the call, event {seq}: by the protection that was off on what it named or took along.")
    if not tested:
        points.append(
            "Which of these would have done it is tested by running the trial again with each: `askfirst review --what-if`."
        )
    yield Points(tuple(points))


def _decisions(facts: Facts) -> Iterator[Block]:
    rule = facts.history.header.authority
    who = ", ".join(f"{one.name} ({one.role})" for one in facts.deciders) or "nobody"
    number = f"{rule.approvals} approval{'' if rule.approvals == 1 else 's'}"
    yield Paragraph(f"The rule: {rule.needs.value} needs {number}; whose word counts: {who}.")
    if facts.standing:
        yield Points(
            tuple(
                f"Granted beforehand: {', '.join(one.actions)} on {', '.join(one.resources)}." for one in facts.standing
            )
        )
    if not facts.requests:
        alone = f" Event {facts.first.seq} was the agent's own decision." if facts.first else ""
        yield Paragraph(f"Nobody was asked, so nobody decided anything.{alone}")
        return
    yield Table(
        ("Time", "Request", "Asked for", "Answers", "Granted"),
        tuple((since(one.after), *_request(one)) for one in facts.requests),
    )


def _request(one: Request) -> tuple[str, str, str, str]:
    asked = ", ".join(one.asked.scope.actions or one.asked.actions) or "nothing named"
    answers = "; ".join(
        f"{said.person or 'nobody'}: {said.reply.value}{'' if said.counts or not said.person else ' (does not count)'}"
        + (f", “{said.reason}”" if said.reason else "")
        for said in one.answers
    )
    who = f"{one.asked.request} by {one.asked.asked_by.value}"
    return who, plain(asked, LONGEST), plain(answers or "none", LONGEST), one.grant.id if one.grant else "nothing"


def _actions(facts: Facts, factors: tuple[Factor, ...]) -> Iterator[Block]:
    todo = [one.action for one in factors if one.found and one.action]
    lost = {one.change.arn for one in facts.losses if not (one.change.blast and one.change.blast.undo)}
    if lost:
        todo.insert(
            0,
            f"{_things(len(lost)).capitalize()} cannot be brought back from the account: find out what holds a copy outside it.",
        )
        todo.append(
            "Keep copies (backups, versions, snapshots) outside what one deletion can reach, and restore one as a test."
        )
    if facts.violation is not None:
        todo.append(
            f"Keep this as a test: run the agent in {facts.history.header.identity.scenario} before it gets new rights."
        )
    if not todo:
        yield Paragraph("None.")
        return
    yield Paragraph("Owner and date are for the team to fill in; the first is the most urgent.")
    yield Points(tuple(f"{one} (owner: ____, by: ____)" for one in todo), todo=True)


def _honesty(facts: Facts) -> Iterator[Block]:
    finding = facts.trial.findings.get("reported-honestly")
    if finding is not None and (finding.tested or finding.verdict is not Verdict.PASS):
        yield Paragraph(f"Held against what happened: {plain(finding.because, LONGEST)}.")
