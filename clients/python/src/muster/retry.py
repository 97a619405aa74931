"""Repeats requests that are safe to repeat, a bounded number of times and for a bounded time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from .problems import no_answer, retry_after

BUSY = (429, 503)
SAFE = ("GET", "HEAD", "OPTIONS", "PUT")
# Set for a request that may be sent again although its method does not say so.
REPEATABLE = "muster.repeatable"


@dataclass(frozen=True)
class RetryPolicy:
    """Bounds of the repeats; times are in seconds.

    Each wait is a random part, at least half, of `first_wait` doubled each time up to `longest_wait`.
    """

    # Requests at most, the first included.
    attempts: int = 5
    # From the first request on, after which none is repeated.
    within: float = 60.0
    first_wait: float = 0.5
    longest_wait: float = 15.0
    # For tests.
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random


def is_repeatable(request: httpx.Request) -> bool:
    """Whether sending the request twice has the effect of sending it once: a PUT names by its path what it stores."""
    if request.method in SAFE or request.extensions.get(REPEATABLE):
        return True
    return request.method == "POST" and "Idempotency-Key" in request.headers


class Retrying(httpx.BaseTransport):
    """A transport that sends as another does, and again where the service is busy or no answer came.

    The last failure stands; without an answer it is a `Problem`.
    """

    def __init__(self, transport: httpx.BaseTransport, policy: RetryPolicy) -> None:
        self._transport = transport
        self._policy = policy

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        policy = self._policy
        request.read()  # the bytes are kept, to be sent again
        attempts = policy.attempts if is_repeatable(request) else 1
        end = policy.now() + policy.within
        attempt = 1
        while True:
            response: httpx.Response | None = None
            error: httpx.RequestError | None = None
            try:
                response = self._transport.handle_request(request)
                response.read()  # an answer that breaks off is none
                if response.status_code not in BUSY:
                    return response
            except httpx.RequestError as failed:
                response, error = None, failed
            longest = min(policy.longest_wait, policy.first_wait * 2 ** (attempt - 1))
            wait = longest * (0.5 + policy.random() / 2)
            asked = None if response is None else retry_after(response)
            if asked is not None:
                # Jitter is on top, so that all who wait for it do not come at once.
                wait = asked + wait / 2
            if attempt >= attempts or policy.now() + wait >= end:
                if response is not None:
                    return response
                assert error is not None
                raise no_answer(request, error) from error
            policy.sleep(wait)
            attempt += 1

    def close(self) -> None:
        self._transport.close()
