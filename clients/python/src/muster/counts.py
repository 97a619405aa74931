"""Submitting a count so that it may be repeated, and its receipt checked, for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from .generated.client import AuthenticatedClient
from .generated.models import NewCount, SubmittedCount


@dataclass(frozen=True)
class Submitted:
    """The answer; `status` is 201, or 200 where the same count was stored before."""

    status: int
    answer: SubmittedCount


def bytes_of(count: NewCount) -> bytes:
    """The bytes of a count: keep them with the id before they are sent, and send these very bytes each time."""
    return json.dumps(count.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()


def submit_count(muster: AuthenticatedClient, id: UUID, sent: bytes) -> Submitted:
    """Sends the bytes of a count under the id that was made for it."""
    # The generated operation would write the bytes anew.
    headers = {"Content-Type": "application/json"}
    response = muster.get_httpx_client().put(f"/api/v1/counts/{id}", content=sent, headers=headers)
    return Submitted(response.status_code, SubmittedCount.from_dict(response.json()))
