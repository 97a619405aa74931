"""Lists, page by page and entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

E = TypeVar("E", covariant=True)


class Page(Protocol[E]):
    """A page of a list as it is generated; `next_cursor` is None, or unset, on the last."""

    @property
    def items(self) -> Sequence[E]: ...

    @property
    def next_cursor(self) -> object: ...


P = TypeVar("P", bound=Page[Any])


def pages(kind: type[P], read: Callable[..., object], *arguments: Any, **query: Any) -> Iterator[P]:
    """All pages, each read when it is asked for: `pages(PageItemView, list_items.sync, client=muster, limit=200)`."""
    seen = set()
    while True:
        page = read(*arguments, **query)
        if not isinstance(page, kind):
            raise TypeError(f"{kind.__name__} was expected, not {type(page).__name__}")
        yield page
        cursor = page.next_cursor
        if not isinstance(cursor, str):
            return
        if cursor in seen:
            raise RuntimeError("The list gave the same cursor twice.")
        seen.add(cursor)
        query["cursor"] = cursor


def entries(kind: type[Page[E]], read: Callable[..., object], *arguments: Any, **query: Any) -> Iterator[E]:
    """All entries of all pages."""
    for page in pages(kind, read, *arguments, **query):
        yield from page.items
