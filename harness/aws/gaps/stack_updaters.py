"""CloudFormation: which types of members are changed in place, as AWS does where no property forces a replacement.

moto's own way is to delete and make anew for some types (topics, rules, groups, parameters), to forget the member for others
(tables, keys), and to pass over most properties of the rest. A row says which properties it carries out; what else changes in
a template stays as it was in the account, and `UpdateStack` remembers it (`stack_updating.not_carried_out`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.aws.gaps import updating_access, updating_data, updating_work
from askfirst.harness.aws.gaps.updating import Updater

UPDATERS: Mapping[str, Updater] = MappingProxyType(
    {**updating_access.UPDATERS, **updating_data.UPDATERS, **updating_work.UPDATERS}
)
"""How to change each type in place."""
