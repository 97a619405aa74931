"""A service in this process that gives the answers of a script, and keeps the requests; a clock that only waiting moves."""

from __future__ import annotations

import json
import threading
import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from muster.client import connect
from muster.generated.client import AuthenticatedClient
from muster.retry import RetryPolicy
from muster.token import Credentials


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def cursor(self) -> str | None:
        return parse_qs(urlsplit(self.path).query).get("cursor", [None])[0]


@dataclass
class Answer:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    # Ends the connection without an answer, or in the middle of it.
    lost: bool = False
    cut: bool = False


Script = Callable[[Asked, int], Answer]


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    said = {"type": f"urn:muster:problem:{code}", "title": code, "status": status, "code": code, "detail": f"It is {code}."}
    return Answer(said | {"request_id": "r-1"} | more, status, {"Content-Type": "application/problem+json"} | (headers or {}))


@contextmanager
def serving(script: Script) -> Iterator[tuple[str, list[Asked]]]:
    """The address of a server that answers by the script, and what it was asked."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            answer = script(asked[-1], len(asked))
            if answer.lost:
                self.close_connection = True
                return
            is_text = isinstance(answer.body, str)
            content = (answer.body if is_text else json.dumps(answer.body)).encode()
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html" if is_text else "application/json"} | answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content) + answer.cut))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = answer.cut

        do_GET = do_PUT = do_POST = answer

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Case(unittest.TestCase):
    """A test that closes its clients."""

    def connect(self, url: str, credentials: Credentials | None = None, **options: Any) -> AuthenticatedClient:
        muster = connect(url, credentials, **options)
        self.addCleanup(muster.get_httpx_client().close)
        return muster


class Clock:
    """Seconds that only waits and `advance` move; without jitter."""

    def __init__(self) -> None:
        self.at = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds

    def policy(self, **options: Any) -> RetryPolicy:
        return RetryPolicy(now=lambda: self.at, sleep=self.sleep, random=lambda: 0.0, **options)
