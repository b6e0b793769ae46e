"""The benchmark of the tests of exports, a hostile agent's among it, is what reports are made of as well."""

from __future__ import annotations

from tests.exporting.conftest import benchmark, trials

__all__ = ["benchmark", "trials"]
