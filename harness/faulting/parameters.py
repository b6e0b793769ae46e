"""The parameters of a fault: read from its function's signature, checked by pydantic, shown in the JSON Schema."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from askfirst.harness.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from askfirst.harness.faulting.declaring import Kind


def checked(kind: Kind[...], parameters: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Give the parameters as they were given, if they fit the kind; else raise `UsageError` with all that is wrong."""
    from pydantic import ValidationError

    model = model_of(kind.function)
    for name in parameters:
        if name not in model.model_fields:
            what = f"parameter of the fault {kind.name}"
            raise UnknownName(what, name, model.model_fields)
    try:
        made = model.model_validate(dict(parameters))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg'][:1].lower()}{one['msg'][1:]}, not {one['input']!r}"
            for one in error.errors()
        )
        msg = f"the fault {kind.name}: {wrong}"
        raise UsageError(msg) from None
    return typing.cast("dict[str, JsonValue]", made.model_dump(mode="json", include=set(parameters)))


def called(kind: Kind[...], context: object, parameters: Mapping[str, JsonValue]) -> object:
    """Call the function of a kind with what it is given and the parameters in the types it declares."""
    made = model_of(kind.function).model_validate(dict(parameters))
    return kind.function(context, **{name: getattr(made, name) for name in type(made).model_fields})


@functools.cache
def model_of(function: Callable[..., object]) -> type[BaseModel]:
    """Give the pydantic model of a fault's keyword parameters."""
    from pydantic import ConfigDict, create_model

    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        msg = (
            f"{function.__module__}: the types of the fault {function.__name__} cannot be read ({error}): "
            "import what its parameters name at run time, not under TYPE_CHECKING"
        )
        raise UsageError(msg) from None
    fields: dict[str, Any] = {}
    for name, one in list(inspect.signature(function).parameters.items())[1:]:
        fields[name] = (hints.get(name, str), ... if one.default is inspect.Parameter.empty else one.default)
    return create_model(
        f"{function.__name__} parameters", __config__=ConfigDict(extra="forbid", strict=False), **fields
    )
