"""`junit`: JUnit XML, as CI servers read it: an agent is a suite, a trial is a case.

FAIL is a `failure`. INCONCLUSIVE is an `error`: nothing was proved, and no viewer may count it among what passed. What an
agent wrote can end no element: control, direction and other characters that XML or a viewer takes amiss become escapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO
from xml.etree import ElementTree as ET

from askfirst.harness.exporting.base import Form, Subject, by_agent
from askfirst.harness.exporting.texts import reasons, story
from askfirst.harness.report.timeline import plain
from askfirst.harness.verdict import Verdict

PASS, FAIL = Verdict.PASS.value, Verdict.FAIL.value


def write(subjects: Sequence[Subject], file: IO[bytes]) -> None:
    """Write one `testsuites` element."""
    root = ET.Element("testsuites", {"name": "askfirst", **_counts(subjects)})
    for label, own in by_agent(subjects).items():
        suite = ET.SubElement(root, "testsuite", {"name": plain(label), **_counts(own), "skipped": "0"})
        for one in own:
            suite.append(_case(one))
    ET.indent(root)
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _counts(subjects: Sequence[Subject]) -> dict[str, str]:
    verdicts = [one.stored.summary.verdict for one in subjects]
    failed, passed = verdicts.count(FAIL), verdicts.count(PASS)
    seconds = sum(one.stored.summary.seconds for one in subjects)
    return {
        "tests": str(len(verdicts)),
        "failures": str(failed),
        "errors": str(len(verdicts) - failed - passed),
        "time": f"{seconds:.3f}",
    }


def _case(one: Subject) -> ET.Element:
    stored, summary = one.stored, one.stored.summary
    parts = [stored.arm, *([stored.faults] if stored.faults else []), f"seed {stored.seed}"]
    case = ET.Element(
        "testcase",
        classname=plain(f"{stored.label}.{stored.scenario}"),
        name=plain(f"{stored.scenario} [{', '.join(parts)}]"),
        time=f"{summary.seconds:.3f}",
    )
    properties = ET.SubElement(case, "properties")
    for name, value in _facts(one):
        ET.SubElement(properties, "property", name=plain(name), value=plain(value))
    if summary.verdict == PASS:
        return case
    told = reasons(one)
    lines = [plain(f"{name} [{code}] {because}", 700) for name, code, because in told]
    lines += [plain(f"trouble: {', '.join(summary.troubles)}: {summary.because}", 700)] if summary.troubles else []
    bad = ET.SubElement(
        case,
        "failure" if summary.verdict == FAIL else "error",
        message=lines[0] if lines else "nothing was proved",
        type=plain(f"{told[0][0]}:{told[0][1]}" if told else "inconclusive"),
    )
    bad.text = "\n".join([*lines, f"askfirst bench export FILE --as cloudtrail --trial {one.id}"])
    if shown := story(one):
        ET.SubElement(case, "system-out").text = shown
    return case


def _facts(one: Subject) -> list[tuple[str, str]]:
    stored, summary = one.stored, one.stored.summary
    facts = [
        ("trial", one.id),
        ("agent", stored.agent),
        ("scenario", stored.scenario),
        ("arm", stored.arm),
        ("faults", stored.faults),
        ("seed", str(stored.seed)),
        ("verdict", summary.verdict),
        ("calls", str(summary.calls)),
        ("requests", str(summary.requests)),
    ]
    facts += [
        (f"oracle.{name}", f"{found.verdict} [{found.code}]{'' if found.tested else ' (nothing to test)'}")
        for name, found in summary.findings.items()
    ]
    return facts


FORM = Form(name="junit", summary="JUnit XML, for CI servers", write=write, suffix=".xml")
