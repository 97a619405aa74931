"""The changes since a cursor, for a program that keeps a copy."""

from __future__ import annotations

from collections.abc import Iterator

from .client import data
from .generated.api.sync import pull_changes
from .generated.client import AuthenticatedClient
from .generated.models import PulledChanges
from .generated.types import UNSET
from .problems import Problem


def changes(muster: AuthenticatedClient, since: str | None = None) -> Iterator[PulledChanges]:
    """The answers of `GET /sync` until `more` is false, each read when it is asked for; everything without a cursor.

    Make the changes of each answer and keep its `cursor` in one transaction. Where `reset` is true, drop the whole copy
    first, in the same transaction, and push again what was accepted in the last 90 days. A cursor that the service cannot
    read starts over, with `reset`.
    """
    cursor, restarted = since, False
    while True:
        try:
            pulled = data(PulledChanges, pull_changes.sync(client=muster, cursor=UNSET if cursor is None else cursor))
        except Problem as problem:
            if cursor is None or restarted or problem.status != 422 or not problem.is_about("/cursor"):
                raise
            cursor, restarted = None, True
            continue
        if restarted and cursor is None:
            pulled.reset = True
        yield pulled
        if not pulled.more:
            return
        if pulled.cursor == cursor:
            raise RuntimeError("The service has more changes after the same cursor.")
        cursor = pulled.cursor
