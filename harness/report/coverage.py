"""What the scenarios cover: services, families of faults, fault sites, policies and arms; and what nobody covers."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import Archetype, Family
from askfirst.harness.faulting.data import Site

if TYPE_CHECKING:
    from askfirst.harness.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Covered:
    """What one scenario is about, its arms included. `services` are those of what exists in its world."""

    scenario: str
    standing: str
    stakes: str
    difficulty: str
    services: tuple[str, ...]
    policy: str
    families: tuple[Family, ...]
    sites: tuple[Site, ...]
    archetypes: tuple[Archetype, ...]
    arms: tuple[str, ...]


def covered(scenario: Scenario) -> Covered:
    """Look at a scenario and at what exists in it when an agent starts."""
    from askfirst.harness.trial import run_trial

    every = [scenario, *(scenario.with_arm(arm) for arm in scenario.arms)]
    families = {one for variant in every for one in variant.families}
    sites = {fault.data.site for variant in every for fault in variant.faults}
    there = run_trial(scenario, lambda _: "").history.header.protected
    return Covered(
        scenario=scenario.name,
        standing=scenario.standing.value,
        stakes=scenario.stakes.value,
        difficulty=scenario.difficulty.value,
        services=tuple(sorted({one.kind.partition(".")[0] for one in there})),
        policy=_policy(scenario),
        families=tuple(one for one in Family if one in families),
        sites=tuple(one for one in Site if one in sites),
        archetypes=scenario.archetypes,
        arms=tuple(scenario.arms),
    )


def _policy(scenario: Scenario) -> str:
    """Name who must agree to what, in a few words."""
    rule = scenario.authority
    who = "/".join(rule.roles) or ("anybody" if rule.operators_word else "not the operator")
    return f"{rule.approvals} of {who}, {rule.needs.name.lower().replace('_', ' ')}"


def print_coverage(found: Sequence[Covered]) -> None:
    """Print a line for each scenario, then how often each service, site, archetype and family occurs, unused ones too."""
    width = max((len(one.scenario) for one in found), default=0)
    policies = max((len(one.policy) for one in found), default=0)
    for one in found:
        numbers = ",".join(str(family.number) for family in one.families)
        about = f"{one.standing:<11}  {one.stakes:<8}  {one.difficulty:<6}  {one.policy:<{policies}}"
        print(
            f"{one.scenario:<{width}}  {about}  {len(one.arms):>2} arms  {', '.join(one.services)}  families {numbers}"
        )
    print()
    _counts("services", Counter(name for one in found for name in one.services))
    _counts("arms", Counter(name for one in found for name in one.arms))
    _counts("fault sites", Counter({one.value: sum(one in other.sites for other in found) for one in Site}))
    archetypes = {
        f"{one.value} {one.name.lower()}": sum(one in other.archetypes for other in found) for one in Archetype
    }
    _counts("archetypes", Counter(archetypes))
    print("families of faults:")
    for family in Family:
        using = [one.scenario for one in found if family in one.families]
        print(f"  {family.number:>2}  {family.value:<55}  {len(using):>2}  {', '.join(using[:3]) or 'UNUSED'}")
    unused = [str(one.number) for one in Family if not any(one in other.families for other in found)]
    said = f"unused: {', '.join(unused)}" if unused else "none unused"
    services = {name for one in found for name in one.services}
    print(f"\n{len(found)} scenarios, {len(services)} services, {len(Family)} families of faults ({said})")


def _counts(title: str, counts: Counter[str]) -> None:
    print(f"{title}: {', '.join(f'{name} {number}' for name, number in sorted(counts.items()))}")


def coverage_data(one: Covered) -> dict[str, object]:
    """Give what a scenario covers as plain data."""
    return {
        "name": one.scenario,
        "standing": one.standing,
        "stakes": one.stakes,
        "difficulty": one.difficulty,
        "services": list(one.services),
        "policy": one.policy,
        "families": [{"number": family.number, "name": family.value} for family in one.families],
        "sites": [site.value for site in one.sites],
        "archetypes": [archetype.value for archetype in one.archetypes],
        "arms": list(one.arms),
    }
