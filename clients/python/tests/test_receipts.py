import json
import os
import pathlib
import unittest
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from muster.canonical import canonical, read, sha256
from muster.counts import bytes_of, submit_count
from muster.generated.models import CountScope, NewCount
from muster.problems import Problem
from muster.receipts import ReceiptError, Receipts, ed25519, verdict

from server import Case, problem, serving

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = pathlib.Path(os.environ.get("MUSTER_CONFORMANCE") or HERE / "../../../openapi/conformance")
ID = UUID("0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11")


def vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return found


class Vectors(unittest.TestCase):
    def test_the_canonical_form_and_hash_of_every_vector(self) -> None:
        texts = vectors("canonical.json")
        for one in texts["vectors"]:
            with self.subTest(one["name"]):
                value = read(one["json"])
                self.assertEqual((canonical(value).decode(), sha256(value)), (one["canonical"], one["sha256"]))
        for one in texts["refused"]:
            with self.subTest(one["name"]), self.assertRaises(ValueError):
                canonical(read(one["json"]))

    def test_the_verdict_of_every_receipt(self) -> None:
        receipts = vectors("receipts.json")
        for one in receipts["vectors"]:
            with self.subTest(one["name"]):
                keys = ed25519(one.get("key_set", receipts["key_set"])["keys"])
                self.assertEqual(verdict(one["receipt"], keys, one["id"], one["content"]), one["verdict"])

    def test_the_key_set_is_fetched_for_an_unknown_key_and_kept(self) -> None:
        receipts, fetched = vectors("receipts.json"), []
        genuine = receipts["vectors"][0]

        def fetch() -> list[dict[str, str]]:
            fetched.append(1)
            keys: list[dict[str, str]] = receipts["key_set"]["keys"]
            return keys

        checking = Receipts(fetch)
        for _ in range(2):
            found = checking.check(genuine["receipt"], genuine["id"], genuine["content"].encode())
            self.assertEqual(found, sha256(read(genuine["content"])))
        self.assertEqual(len(fetched), 1)
        with self.assertRaises(ReceiptError) as raised:
            checking.check(genuine["receipt"], genuine["id"], b"{}")
        self.assertEqual(raised.exception.verdict, "other_content")


class Counts(Case):
    def test_a_count_goes_out_as_the_very_bytes_that_were_kept(self) -> None:
        at = datetime(2026, 11, 23, 2, 10, tzinfo=timezone.utc)
        sent = bytes_of(NewCount(depot_id=ID, scope=CountScope.LISTED, counted_at=at, note="盘点", lines=[]))
        with serving(lambda *_: problem(409, "id_reused")) as (url, asked), self.assertRaises(Problem):
            submit_count(self.connect(url), ID, sent)
        self.assertEqual((asked[0].body, asked[0].headers["content-type"]), (sent, "application/json"))
        self.assertIn("盘点".encode(), sent)
