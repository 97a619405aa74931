"""Failures: everything that is not the answer asked for is raised as a `Problem`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import httpx

# The codes that this client gives itself, where no problem came from the service.
NO_ANSWER = "no_answer"
UNREADABLE_ANSWER = "unreadable_answer"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input, at a JSON pointer into the body or at `/name` of a parameter."""

    code: str
    detail: str
    pointer: str


class Problem(Exception):
    """A failure: decide by `code`, show `detail`, and name `request_id` when asking for help.

    `status` is 0 where no answer came; `retry_after` is in seconds; `stored_sha256` and `sent_sha256` are those of an id
    that was already used for other content.
    """

    def __init__(
        self,
        code: str,
        status: int,
        title: str,
        detail: str,
        errors: tuple[Fault, ...] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
        stored_sha256: str | None = None,
        sent_sha256: str | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors
        self.request_id = request_id
        self.retry_after = retry_after
        self.stored_sha256 = stored_sha256
        self.sent_sha256 = sent_sha256

    def is_about(self, pointer: str) -> bool:
        """Whether a fault is at this pointer, such as `/cursor`."""
        return any(fault.pointer == pointer for fault in self.errors)


def retry_after(response: httpx.Response) -> float | None:
    """Seconds of `Retry-After`, as a number or as a date; None where there is none."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(timezone.utc) - datetime.now(timezone.utc)).total_seconds())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _faults(value: object) -> tuple[Fault, ...]:
    found = []
    for one in value if isinstance(value, list) else []:
        said = [one.get(name) if isinstance(one, dict) else None for name in ("code", "detail", "pointer")]
        words = [word for word in said if isinstance(word, str)]
        if len(words) == 3:
            found.append(Fault(*words))
    return tuple(found)


def problem_of(response: httpx.Response) -> Problem:
    """Reads the problem of a failed answer: RFC 9457, RFC 6749 at the token, or whatever a proxy wrote instead."""
    try:
        said = json.loads(response.read())
    except ValueError:
        said = None
    body: Mapping[str, object] = said if isinstance(said, dict) else {}
    without = f"The answer {response.status_code} has no problem in it: it may be that of a proxy."
    return Problem(
        code=_text(body.get("code")) or _text(body.get("error")) or UNREADABLE_ANSWER,
        status=response.status_code,
        title=_text(body.get("title")) or response.reason_phrase,
        detail=_text(body.get("detail")) or _text(body.get("error_description")) or without,
        errors=_faults(body.get("errors")),
        request_id=_text(body.get("request_id")) or _text(response.headers.get("X-Request-Id")),
        retry_after=retry_after(response),
        stored_sha256=_text(body.get("stored_sha256")),
        sent_sha256=_text(body.get("sent_sha256")),
    )


def raise_for_failure(response: httpx.Response) -> None:
    """Raises the problem of a failed answer, also that of a page where JSON or a table was due."""
    is_page = response.headers.get("Content-Type", "").lower().startswith("text/html")
    if response.status_code != 304 and (is_page or not response.is_success):
        raise problem_of(response)


def no_answer(request: httpx.Request, error: Exception) -> Problem:
    """The problem of a request that got no answer."""
    return Problem(NO_ANSWER, 0, "No answer", f"No answer from {request.url.scheme}://{request.url.netloc.decode()}: {error!r}")
