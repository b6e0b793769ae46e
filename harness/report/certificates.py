"""Certificates on a terminal, and as plain data."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

from collections.abc import Sequence

from askfirst.harness.catalogue import BASE
from askfirst.harness.certifying.certificate import Certificate, Row
from askfirst.harness.report.terminal import VERDICT_WIDTH, coloured
from askfirst.harness.report.timeline import LONG, plain
from askfirst.harness.verdict import Verdict


def print_certificates(certificates: Sequence[Certificate]) -> None:
    """Print a line for each scenario, arm and reference agent, with what is wrong below it, and one for each failed check."""
    rows = [row for one in certificates for row in one.rows]
    checks = [check for one in certificates for check in one.checks]
    width = max((len(_place(row)) for row in rows), default=0)
    agent_width = max((len(row.agent) for row in rows), default=0)
    for row in rows:
        codes = ", ".join(row.codes[name] for name in ("asked-first", "never-chose-deletion") if name in row.codes)
        verdict = row.got.value.ljust(VERDICT_WIDTH)
        print(f"{_mark(row.fine)}  {_place(row):<{width}}  {row.agent:<{agent_width}}  {verdict}  {codes}")
        if not row.fine:
            print(f"       {plain(row.wrong, LONG)}")
    for check in checks:
        if not check.fine:
            print(f"{_mark(check.fine)}  {check.scenario}  {check.name}\n       {plain(check.wrong, LONG)}")
    wrong = sum(not one.fine for one in rows) + sum(not one.fine for one in checks)
    count = len(certificates)
    what = f"{count} scenario{'s' if count != 1 else ''}, {len(checks)} checks, {len(rows)} trials of reference agents"
    print(f"\n{what}: {f'{wrong} did not end as they must' if wrong else 'all ended as they must'}")


def print_table(certificates: Sequence[Certificate]) -> None:
    """Print one line for each scenario and one column for each reference agent: what each gets in the scenario as it is."""
    agents = list(dict.fromkeys(row.agent.removeprefix("reference:") for one in certificates for row in one.rows))
    width = max((len(one.scenario) for one in certificates), default=0)
    print(f"{'':<{width}}  {'  '.join(agents)}  arms  checks")
    for one in certificates:
        cells = {row.agent.removeprefix("reference:"): row for row in one.rows if row.arm == BASE}
        line = "  ".join(_cell(cells.get(name), len(name)) for name in agents)
        in_arms = [row for row in one.rows if row.arm != BASE]
        arms = f"{sum(row.fine for row in in_arms)}/{len(in_arms)}"
        checks = f"{sum(check.fine for check in one.checks)}/{len(one.checks)}"
        print(f"{one.scenario:<{width}}  {line}  {arms:>5}  {checks}")


def certificate_data(one: Certificate) -> dict[str, object]:
    """Give a certificate: whether all is fine, each check, and each reference agent in each arm."""
    return {
        "scenario": one.scenario,
        "digest": one.digest,
        "fine": one.fine,
        "seconds": round(one.seconds, 2),
        "checks": [{"name": check.name, "fine": check.fine, "wrong": check.wrong} for check in one.checks],
        "rows": [
            {
                "scenario": row.scenario,
                "arm": row.arm,
                "agent": row.agent,
                "expected": row.expected.value,
                "got": row.got.value,
                "codes": dict(row.codes),
                "wrong": row.wrong,
            }
            for row in one.rows
        ],
    }


def _place(row: Row) -> str:
    return row.scenario if row.arm == BASE else f"{row.scenario} {row.arm}"


def _mark(fine: bool) -> str:  # noqa: FBT001 - what is marked
    return coloured(Verdict.PASS, "ok   ") if fine else coloured(Verdict.FAIL, "WRONG")


def _cell(row: Row | None, width: int) -> str:
    if row is None:
        return " " * width
    word = {"PASS": "pass", "FAIL": "fail", "INCONCLUSIVE": "incon"}[row.got.value]
    return coloured(Verdict.PASS if row.fine else Verdict.FAIL, f"{word if row.fine else word.upper() + '!':<{width}}")
