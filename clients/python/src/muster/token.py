"""The access token of a third-party program: fetched by client credentials, renewed before it expires."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import httpx

from .problems import problem_of
from .retry import REPEATABLE

# A token is renewed this many seconds before its end, or a fifth of its life before it where that is shorter.
MARGIN = 60.0
# Codes of 401 after which a new token helps.
RENEW = ("token_expired", "token_invalid")


@dataclass(frozen=True)
class Credentials:
    """The id and secret of a client, and the scopes wanted: all of the client's if left out."""

    id: str
    secret: str
    scopes: Sequence[str] | None = None

    def __repr__(self) -> str:
        return f"Credentials(id={self.id!r})"


class ClientToken(httpx.Auth):
    """Signs requests with a token; threads share it. One that the service no longer takes is replaced once."""

    requires_response_body = True

    def __init__(self, http: httpx.Client, credentials: Credentials, now: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._credentials = credentials
        self._now = now
        self._lock = threading.Lock()
        self._token: str | None = None
        self._renew_at = 0.0

    def value(self) -> str:
        """The token to send now."""
        with self._lock:
            if self._token is None or self._now() >= self._renew_at:
                self._token = self._fetch()
            return self._token

    def drop(self, value: str) -> None:
        """Drops a token that the service refused, unless another was fetched since."""
        with self._lock:
            if self._token == value:
                self._token = None

    def _fetch(self) -> str:
        one = self._credentials
        form = {"grant_type": "client_credentials", "client_id": one.id, "client_secret": one.secret}
        if one.scopes is not None:
            form["scope"] = " ".join(one.scopes)
        began = self._now()
        # Asking for a token twice does no harm.
        response = self._http.post("/api/v1/oauth/token", data=form, extensions={REPEATABLE: True}, auth=httpx.Auth())
        issued = response.json()
        life = float(issued["expires_in"])
        self._renew_at = began + life - min(MARGIN, life / 5)
        return str(issued["access_token"])

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        value = self.value()
        request.headers["Authorization"] = f"Bearer {value}"
        response = yield request
        if response.status_code == 401 and problem_of(response).code in RENEW:
            self.drop(value)
            request.headers["Authorization"] = f"Bearer {self.value()}"
            yield request
