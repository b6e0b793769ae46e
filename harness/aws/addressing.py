"""From a request at our own address to the one AWS would have got: for which service, at which of AWS's hosts.

Clients sign for a service and a region; that is where their request goes, whatever host they name. S3's buckets may stand
in the host (`bucket.s3.eu-west-1.amazonaws.com`, `bucket.localhost`): here they go into the path, which AWS takes as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from askfirst.harness.aws.disguise import answers_at
from askfirst.harness.aws.egress import LOOPBACK, is_aws
from askfirst.harness.aws.services import host_of, routed, service_of
from askfirst.harness.aws.wire import WireRequest, credential_scope

if TYPE_CHECKING:
    from askfirst.harness.aws.http1 import HttpRequest

OF_THE_CONNECTION = {"host", "connection", "keep-alive", "expect", "transfer-encoding", "te", "upgrade"}
"""Headers between a client and us, and proxies between them: AWS's services do not look at them."""

BUCKET_HOST = re.compile(r"(?P<bucket>.+)\.(?:s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?|localhost)\Z")
BINARY = re.compile(r"application/(x-amz-)?cbor|rpc-v2-cbor", re.IGNORECASE)
BEARER = {"x-amz-sso_bearer_token": "sso"}
"""Headers that tell the service of a request nobody signs."""

OPEN_PATHS = {"/client/register": "sso-oidc", "/device_authorization": "sso-oidc", "/token": "sso-oidc"}


class Unreadable(Exception):
    """It may be a call, and we cannot tell which. The message says why."""


class Nonsense(Exception):
    """Nobody signed it, and no operation is like it: whatever was meant, in AWS it would do nothing."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """How requests at our address are understood: unsigned ones are for S3 in the home region, as there it may be."""

    region: str
    suffix: str

    def request(self, http: HttpRequest) -> WireRequest:
        """Give the request as AWS would get it. Raises `Unreadable` or `Nonsense`."""
        headers = {name.lower(): value for name, value in http.headers.items()}
        if BINARY.search(headers.get("content-type", "")) or BINARY.search(headers.get("smithy-protocol", "")):
            msg = f"{http.method} {http.target}: the protocol CBOR is not spoken here"
            raise Unreadable(msg)
        if http.method == "CONNECT":
            msg = f"CONNECT {http.target}: this is no proxy"
            raise Unreadable(msg) if is_aws(http.target.rpartition(":")[0]) else Nonsense(msg)
        named, path, query = self._place(http.target, headers.get("host", ""))
        kept = {name: value for name, value in http.headers.items() if name.lower() not in OF_THE_CONNECTION}
        if "content-length" not in headers and http.body:
            kept["Content-Length"] = str(len(http.body))
        request = WireRequest(http.method, f"https://{named}{path}{query}", kept, http.body)
        if not LOOPBACK.match(named) and not named.endswith(".localhost") and not answers_at(request.url):
            return request  # nobody's address: the gateway refuses and records it
        _, region, signing_name = credential_scope(request.url, headers, http.body)
        service = service_of(request, signing_name) or ("" if signing_name else _unsigned(path, headers))
        if not service:
            msg = f"{http.method} {path}: signed for {signing_name!r}, and no operation of it fits"
            raise Unreadable(msg)
        bucket = BUCKET_HOST.match(named)
        if service == "s3" and bucket is not None:
            path = f"/{bucket['bucket']}{path}"
        host = host_of(service, region or self.region, self.suffix)
        if service == "s3control":
            host = f"{headers.get('x-amz-account-id', '').strip() or '0'}.{host}"
        request = WireRequest(http.method, f"https://{host}{path}{query}", kept, http.body, service=service)
        # A form may be a signed upload, which no model knows of.
        form = headers.get("content-type", "").startswith("multipart/")
        if service == "s3" and not signing_name and not form and not routed(["s3"], request):
            msg = f"{http.method} {path[:200]}"
            raise Nonsense(msg)
        return request

    def _place(self, target: str, host: str) -> tuple[str, str, str]:
        """Give host name, path and query of a target; a whole address there (as to a proxy) stands above the header."""
        if not target.startswith("/"):
            whole = urlsplit(target if "://" in target else f"//{target}")
            host, target = whole.netloc, f"{whole.path or '/'}{f'?{whole.query}' if whole.query else ''}"
        path, mark, query = target.partition("?")
        name = urlsplit(f"//{host}").hostname or ""
        return name.lower().rstrip("."), path, mark + query


def _unsigned(path: str, headers: dict[str, str]) -> str:
    for name, service in BEARER.items():
        if name in headers:
            return service
    if path in OPEN_PATHS:
        return OPEN_PATHS[path]
    return "" if "x-amz-target" in headers else "s3"
