"""The client that the generated operations take: with a token, with repeats where they are safe, with problems raised."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import httpx

from .generated.client import AuthenticatedClient
from .problems import raise_for_failure
from .retry import Retrying, RetryPolicy
from .token import ClientToken, Credentials

T = TypeVar("T")


class _Http(httpx.Client):
    """Raises the problem of what came in the end, after a token was renewed; hooks of httpx see each answer before."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        response = super().send(request, **options)
        raise_for_failure(response)
        return response


def connect(
    url: str,
    credentials: Credentials | None = None,
    *,
    language: Literal["en", "zh-CN"] | None = None,
    retry: RetryPolicy = RetryPolicy(),
    timeout: float = 30.0,
    transport: httpx.BaseTransport | None = None,
) -> AuthenticatedClient:
    """A client whose calls raise a `Problem` for every failure; `timeout` is in seconds and for each step of a request.

    Without credentials only operations that need no token answer. Use it in a `with`, or close `get_httpx_client()`.
    """
    http = _Http(
        base_url=url,
        headers={"Accept-Language": language} if language else {},
        timeout=timeout,
        transport=Retrying(transport or httpx.HTTPTransport(), retry),
    )
    if credentials is not None:
        http.auth = ClientToken(http, credentials, retry.now)
    return AuthenticatedClient(base_url=url, token="").set_httpx_client(http)


def data(kind: type[T], answer: object) -> T:
    """The answer, with its type: `data(PageDepotView, list_depots.sync(client=muster))`."""
    if not isinstance(answer, kind):
        raise TypeError(f"{kind.__name__} was expected, not {type(answer).__name__}")
    return answer
