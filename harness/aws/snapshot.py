"""A whole mocked account as bytes: taken once after building, put back for every trial.

moto keeps an account in one registry per service (`BackendDict`), account and region. All of it goes into one pickle, so
that references between services survive; what cannot be pickled (locks, keys, weak dictionaries) is made anew. A
snapshot is tied to the moto version and to this process's code: only ever unpickle what this process pickled.
"""

from __future__ import annotations

import functools
import importlib
import io
import pickle
import sys
import threading
import types
import weakref
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from moto.core.base_backend import BackendDict

OWN_ACCOUNT = "123456789012"
"""The account in which moto looks up its URLs. It holds no world, is left alone, and is no account of any trial."""

REGISTRY_INTERNALS = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}


def take() -> bytes:
    """Give the state of every account, and what registries keep beside it (S3's global bucket names)."""
    state = {
        name: (
            {account: dict(regions) for account, regions in registry.items() if account != OWN_ACCOUNT},
            {key: value for key, value in vars(registry).items() if key not in REGISTRY_INTERNALS},
        )
        for name, registry in _registries().items()
    }
    out = io.BytesIO()
    _pickler()(out, pickle.HIGHEST_PROTOCOL).dump(state)
    return out.getvalue()


def restore(blob: bytes) -> None:
    """Put back the state that `take` gave; whatever was there since is gone."""
    clear()
    state: Mapping[str, tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Any]]] = _Unpickler(blob).load()
    for name, (accounts, extra) in state.items():
        registry = _registry(name)
        vars(registry).update(extra)
        for account, regions in accounts.items():
            for region, backend in regions.items():
                dict.__setitem__(registry[account], region, backend)


def clear() -> None:
    """Empty every account."""
    from moto.core.model_instances import reset_model_data

    # S3 holds an open temporary file for every object there ever was; only its own reset closes them all.
    for regions in [
        one for registry in _registries().values() if registry.service_name == "s3" for one in registry.values()
    ]:
        regions.reset()
    # moto appends every model object it ever makes to a list of its class: a leak over many trials.
    reset_model_data()
    for registry in _registries().values():
        for account in [one for one in registry if one != OWN_ACCOUNT]:
            dict.__delitem__(registry, account)
        for name, value in vars(registry).items():
            if name not in REGISTRY_INTERNALS and hasattr(value, "clear"):
                value.clear()


def _registries() -> dict[str, BackendDict[Any]]:
    """Give the registries that hold anything; `_instances` lists each once per account it was asked for."""
    from moto.core.base_backend import BackendDict

    # moto has no public list of what is in use, and types the one it has as depending on each service.
    in_use: list[BackendDict[Any]] = list(BackendDict._instances)  # type: ignore[misc]  # noqa: SLF001
    return {_name(registry): registry for registry in in_use}


def _name(registry: BackendDict[Any]) -> str:
    """Name a registry by module and variable: two of them are for the service 'lambda' (with Docker and without)."""
    return _named(id(registry), registry.backend.__module__)


@functools.cache
def _named(identity: int, module: str) -> str:
    """Registries stand at the top of their modules, for good. To look through these would touch, and copy, much in a fork."""
    variable = next(name for name, value in vars(sys.modules[module]).items() if id(value) == identity)
    return f"{module}:{variable}"


def _registry(name: str) -> BackendDict[Any]:
    """Give a registry by name, also when moto's own reset has taken it off the list of those in use."""
    module, _, variable = name.partition(":")
    found: BackendDict[Any] = getattr(importlib.import_module(module), variable)
    return found


def _empty(kind: Callable[[], Any]) -> Any:  # noqa: ANN401 - a class of moto's without a public type
    return kind()


def _fill_versions(store: Any, state: tuple[dict[str, Any], dict[str, Any]]) -> None:  # noqa: ANN401
    dict.update(store, state[0])
    vars(store).update(state[1])


def _weak_dictionary(items: Mapping[Any, Any]) -> weakref.WeakValueDictionary[Any, Any]:
    return weakref.WeakValueDictionary(items)


def _default_dictionary(kind: type[defaultdict[Any, Any]], factory: Callable[[], Any]) -> defaultdict[Any, Any]:
    made = kind.__new__(kind)
    made.default_factory = factory
    return made


def _key_to_text(key: Any) -> bytes:  # noqa: ANN401 - RSA and EC keys share no public base
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text


def _key_from_text(text: bytes) -> object:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # The check costs ten times the rest of a restore, and the key is our own.
    return load_pem_private_key(text, None, unsafe_skip_rsa_key_validation=True)


def _certificate_to_text(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _certificate_from_text(text: bytes) -> Certificate:
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(text)


@functools.cache
def _pickler() -> type[pickle.Pickler]:
    import cloudpickle
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate
    from moto.core.base_backend import BackendDict
    from moto.s3.utils import _VersionedKeyStore

    lock, reentrant_lock = type(threading.Lock()), type(threading.RLock())

    class WorldPickler(cloudpickle.Pickler):  # type: ignore[misc]
        def persistent_id(self, obj: object) -> str | None:
            return _name(obj) if isinstance(obj, BackendDict) else None

        def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401 - pickle's own signature
            if isinstance(obj, reentrant_lock):
                return threading.RLock, ()
            if isinstance(obj, lock):
                return threading.Lock, ()
            if type(obj) is weakref.ProxyType:
                # Pickled as what it stands for, it would become a second copy of it.
                return weakref.proxy, (obj.__repr__.__self__,)  # type: ignore[attr-defined]  # a bound method
            if isinstance(obj, weakref.WeakValueDictionary):
                return _weak_dictionary, (dict(obj),)
            if isinstance(obj, RSAPrivateKey | EllipticCurvePrivateKey):
                return _key_from_text, (_key_to_text(obj),)
            if isinstance(obj, Certificate):
                return _certificate_from_text, (_certificate_to_text(obj),)
            if isinstance(obj, _VersionedKeyStore):
                # Its own `items` shows the newest version of each object only.
                state = (dict(dict.items(obj)), dict(vars(obj)))
                return _empty, (type(obj),), state, None, None, _fill_versions
            if isinstance(obj, defaultdict) and type(obj) is not defaultdict:
                made = (type(obj), obj.default_factory)
                return _default_dictionary, made, vars(obj), None, iter(dict.items(obj))
            if isinstance(obj, types.ModuleType):
                return importlib.import_module, (obj.__name__,)
            return super().reducer_override(obj)

    return WorldPickler


class _Unpickler(pickle.Unpickler):
    def __init__(self, blob: bytes) -> None:
        super().__init__(io.BytesIO(blob))

    def persistent_load(self, name: str) -> object:
        return _registry(name)
