"""A server on loopback that answers with whatever bytes it is told to: what no SDK expects."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer. With `cut` the connection ends before the body does."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


def raw(body: object, status: int = 200, **headers: str) -> Raw:
    """Give an answer of JSON."""
    return Raw(
        json.dumps(body).encode(), status, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def stream(*events: object, end: str = "data: [DONE]\n\n", cut: bool = False) -> Raw:
    """Give an answer in pieces, as chat completions and the responses API send them."""
    body = "".join(f"data: {json.dumps(one)}\n\n" for one in events) + end
    return Raw(body.encode(), kind="text/event-stream", cut=cut)


class RawModel:
    """The server: `answer(body, number)` says what to send to the request of that number, from 0."""

    def __init__(self, answer: Callable[[Any, int], Raw]) -> None:
        """Listen on a free port."""
        self.bodies: list[Any] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                model.bodies.append(body)
                sent = answer(body, len(model.bodies) - 1)
                self.send_response_only(sent.status)
                for name, text in {"content-type": sent.kind, **sent.headers}.items():
                    self.send_header(name, text)
                self.send_header("content-length", str(len(sent.body) + 10 * sent.cut))
                self.end_headers()
                self.wfile.write(sent.body)
                self.close_connection = sent.cut

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        """Begin."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
