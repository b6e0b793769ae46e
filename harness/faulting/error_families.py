"""Which codes of a service's model mean the same trouble, by their names, and which of them fits an operation best."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from askfirst.harness.faulting.service_models import ModelledError, ServiceErrors


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of trouble. `liked` are parts of the codes that mean it, best first; a code must not fit `not_`.

    `told` makes the model's own sentence the message. A family that is not `wide` takes of the errors an operation does
    not list only those about what the operation is about, or about nothing in particular.
    """

    word: str
    liked: tuple[str, ...] = ()
    not_: str = "$^"
    told: bool = True
    wide: bool = False


THROTTLED = Family(
    "throttled",
    ("Throttl", "TooManyRequests", "RequestLimitExceeded", "RateExceeded", "RateLimit", "ProvisionedThroughput"),
    not_="KMS|Kms|EC2|Lambda|Depend|CapacityDecrease",
    told=False,
    wide=True,
)
SERVER_ERROR = Family(
    "server-error",
    ("^(WAF)?Internal(Ser|Fail|Err|Exc)", "^(Service|Server)Exception$", "^ServiceFailure", "^KMSInternal"),
    told=False,
    wide=True,
)
UNAVAILABLE = Family("unavailable", ("^ServiceUnavailable", "^DependencyTimeout"), told=False, wide=True)
ACCESS_DENIED = Family("access-denied")
EXPIRED_TOKEN = Family("expired-token")
NOT_FOUND = Family("not-found", ("NotFound", "NoSuch", "DoesNotExist", "Non[Ee]xist"), told=False)
NOT_SUPPORTED = Family("not-supported", ("^Unsupported(Operation|Action|Feature)", "^OperationNotSupported"))
QUOTA_FULL = Family(
    "quota-full",
    ("QuotaExceeded", "LimitExceeded", "^TooMany", "LimitReached", "LimitsExceeded"),
    not_="Requests|RequestLimit|Throughput|Size|Tag|Batch|Payload|Rate|Entries|Requested|Attempts|Parts|Decrease",
)
IN_PROGRESS = Family(
    "in-progress",
    ("InProgress", "Conflict", "Concurren", "InUse", "Invalid.*State", "NotReady", "Unmodifiable", "Contention"),
    not_="KMS|Kms|NameInUse|AlreadyInUse|Subnet|Address|Uri|Name|Limit|Quota|Priority|NotInUse|Delete|VPC",
)

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Words of codes that name no kind of thing.
EMPTY = re.compile(
    "access|account|action|already|being|concurrent|conflict|conflicting|contention|does|entity|error|exceeded|exception|"
    "exists?|fault|for|found|in|invalid|is|item|limits?|many|modification|non?|nonexistent|not|number|of|operation|"
    "progress|quota|reached|ready|request|resources?|service|state|such|temporarily|the|too|transaction|unmodifiable|"
    "update|use|waf"
)


def pick(errors: ServiceErrors, operation: str, family: Family) -> ModelledError | None:
    """Pick the modelled error that means the family's trouble, the operation's own before others of the service."""
    own = _best(errors.by_operation.get(operation, ()), operation, family)
    if own is not None:
        return own
    about = _singular(_words(operation))
    return _best((one for one in errors.every if family.wide or _things(one.code) <= about), operation, family)


def thing(code: str) -> str:
    """Take the kind of thing out of a code: 'DBInstance' of 'DBInstanceNotFoundFault'; 'Resource' where it names none."""
    return re.sub(r"^NoSuch|^WAF|(NotFound|DoesNotExist|Non[Ee]xist)\w*$|Exception$|Fault$", "", code) or "Resource"


def _best(errors: Iterable[ModelledError], operation: str, family: Family) -> ModelledError | None:
    """Pick the error whose code is most about what the operation is about, then the best liked, then the first."""
    about = _singular(_words(operation))
    ranked: list[tuple[int, int, int, ModelledError]] = []
    for index, error in enumerate(errors):
        rank = next((at for at, liked in enumerate(family.liked) if re.search(liked, error.code)), None)
        if rank is None or re.search(family.not_, error.code):
            continue
        things = _things(error.code)
        likeness = 2 * len(things & about) - len(things - about)
        ranked.append((-likeness, rank, index, error))
    return min(ranked)[3] if ranked else None


def _words(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name)]


def _things(code: str) -> frozenset[str]:
    return _singular(word for word in _words(code) if not EMPTY.fullmatch(word))


def _singular(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in words)
