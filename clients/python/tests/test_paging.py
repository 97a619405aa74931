from uuid import UUID

from muster.changes import changes
from muster.generated.api.clients import list_clients
from muster.generated.models import PageClientView
from muster.paging import entries, pages

from server import Answer, Asked, Case, problem, serving

ID = "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11"


def client(name: str) -> dict[str, object]:
    at = "2026-11-23T02:10:00Z"
    nothing = dict.fromkeys(("closed_at", "closed_reason", "last_used_at", "organization", "region", "requests_per_minute"))
    return nothing | {"id": ID, "name": name, "scopes": [], "open": True, "created_at": at, "secret_since": at}


def pulled(cursor: str, more: bool, reset: bool = False) -> Answer:
    return Answer({"change_set": ID, "changes": [], "cursor": cursor, "more": more, "reset": reset, "revision": 1})


class Paging(Case):
    def test_all_entries_of_all_pages_each_read_when_it_is_asked_for(self) -> None:
        def list_(asked: Asked, _: int) -> Answer:
            start = int(asked.cursor or 0)
            names = [client(f"C{start}"), client(f"C{start + 1}")]
            return Answer({"items": names, "next_cursor": str(start + 2) if start < 4 else None})

        with serving(list_) as (url, asked):
            muster = self.connect(url)
            names = [one.name for one in entries(PageClientView, list_clients.sync, client=muster, limit=2)]
            self.assertEqual((names, len(asked)), (["C0", "C1", "C2", "C3", "C4", "C5"], 3))
            page = next(pages(PageClientView, list_clients.sync, client=muster, limit=2))
            self.assertEqual((len(page.items), len(asked)), (2, 4))

    def test_a_list_that_goes_round_ends(self) -> None:
        with serving(lambda *_: Answer({"items": [], "next_cursor": "same"})) as (url, asked):
            with self.assertRaisesRegex(RuntimeError, "same cursor twice"):
                list(pages(PageClientView, list_clients.sync, client=self.connect(url)))
        self.assertEqual(len(asked), 2)


class Changes(Case):
    def test_changes_are_followed_until_there_are_no_more_and_a_reset_is_told(self) -> None:
        with serving(lambda asked, _: pulled("b", True) if asked.cursor == "a" else pulled("c", False, True)) as (url, _):
            found = [(one.cursor, one.reset) for one in changes(self.connect(url), "a")]
        self.assertEqual(found, [("b", False), ("c", True)])

    def test_a_cursor_that_cannot_be_read_starts_over_with_a_reset(self) -> None:
        fault = {"code": "unreadable", "detail": "No cursor.", "pointer": "/cursor"}
        answers = {"old": problem(422, "values_not_taken", errors=[fault]), None: pulled("a", True), "a": pulled("b", False)}
        with serving(lambda asked, _: answers[asked.cursor]) as (url, _):
            found = [one.reset for one in changes(self.connect(url), "old")]
        self.assertEqual(found, [True, False])

    def test_the_models_are_those_of_the_document(self) -> None:
        with serving(lambda *_: pulled("a", False)) as (url, _):
            self.assertEqual(next(changes(self.connect(url))).change_set, UUID(ID))
