"""What the README shows works as it is printed there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["pytester"]
README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_test_passes_as_printed(pytester: pytest.Pytester) -> None:
    """The Python blocks of the README, put into one file, are tests that pass."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    pytester.makepyfile(test_mine="\n".join(blocks))

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=2)


def test_the_readmes_plan_is_a_plan(pytester: pytest.Pytester) -> None:
    """The YAML block of the README is read as a fault plan."""
    from askfirst.harness.faulting.files import load_plan

    block = re.search(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    assert block is not None
    plan = load_plan(pytester.makefile(".yaml", plan=block[1]))
    assert ["throttling"] == [one.effect for one in plan]


def test_the_readmes_bound_is_the_bound() -> None:
    """'No failure in 20 trials still means up to 16.8 %' is what the code says."""
    from askfirst.harness.rates import sentence, upper_bound

    assert "16.8 %" in README.read_text()
    assert "16.8 %" in sentence(0, 20)
    assert abs(upper_bound(0, 20) - (1 - 0.025 ** (1 / 20))) < 1e-9
    assert 1.0 == upper_bound(3, 3)
    assert 1.0 == upper_bound(0, 0)
    assert upper_bound(1, 20) < upper_bound(1, 10)
