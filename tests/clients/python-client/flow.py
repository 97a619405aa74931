"""The flow of `tests/clients` with the ready-made client of `clients/python`."""

import json
import os
import uuid
from datetime import datetime, timezone

from muster.changes import changes
from muster.client import connect, data
from muster.counts import bytes_of, submit_count
from muster.generated.api.catalogue import list_items
from muster.generated.api.organizations import list_depots
from muster.generated.api.shortages import explain_shortage, list_shortages
from muster.generated.models import (
    CountScope,
    ExplainedLine,
    NewCount,
    NewCountLine,
    PageDepotView,
    PageItemView,
    ShortagePage,
)
from muster.paging import pages
from muster.problems import Problem
from muster.receipts import Receipts
from muster.token import Credentials

ITEM, MEASURED = os.environ["MUSTER_ITEM"], os.environ["MUSTER_MEASURED"]

muster = connect(os.environ["MUSTER_URL"], Credentials(os.environ["MUSTER_CLIENT"], os.environ["MUSTER_SECRET"]))

listed = list(pages(PageItemView, list_items.sync, client=muster, limit=50))
codes = {item.code for page in listed for item in page.items}

depot = data(PageDepotView, list_depots.sync(client=muster)).items[0].id


def count(quantity: float) -> bytes:
    return bytes_of(
        NewCount(
            depot_id=depot,
            scope=CountScope.LISTED,
            counted_at=datetime.now(timezone.utc).replace(microsecond=0),
            note="盘点",
            lines=[NewCountLine(item=ITEM, quantity=quantity), NewCountLine(item=MEASURED, quantity=0.1)],
        )
    )


count_id, sent = uuid.uuid4(), count(15.0)
first = submit_count(muster, count_id, sent)
again = submit_count(muster, count_id, sent)
try:
    submit_count(muster, count_id, count(14.0))
    raise SystemExit("other content was taken under the same id")
except Problem as refused:
    problem = refused
assert problem.status == 409, problem
assert again.answer.receipt == first.answer.receipt and not first.answer.repeated

receipts = Receipts(lambda: muster.get_httpx_client().get("/.well-known/jwks.json").json()["keys"])
assert isinstance(first.answer.receipt, str)
sha256 = receipts.check(first.answer.receipt, str(count_id), sent)
assert problem.stored_sha256 == sha256

line = data(ShortagePage, list_shortages.sync(client=muster, organization=["T3"], item=[ITEM])).items[0]
explained = data(ExplainedLine, explain_shortage.sync("T3", line.line, client=muster))
rules = [rule.rule for scope in explained.explanation.scopes for rule in scope.rules]

pulled = list(changes(muster))
after = [change for one in changes(muster, pulled[-1].cursor) for change in one.changes]

print(
    json.dumps(
        {
            "items": len(codes),
            "pages": len(listed),
            "first": first.status,
            "again": again.status,
            "repeated": again.answer.repeated,
            "problem": problem.code,
            "sha256": sha256,
            "required": line.required.min_,
            "rules": rules,
            "changes": sum(len(one.changes) for one in pulled),
            "after": len(after),
        }
    )
)
