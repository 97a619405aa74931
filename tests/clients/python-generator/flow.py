"""The flow of `tests/clients` with what openapi-generator makes for Python."""

import json
import os
import uuid
from datetime import datetime, timezone

from muster.receipts import Receipts
from muster_client import ApiClient, Configuration
from muster_client.api.catalogue_api import CatalogueApi
from muster_client.api.counts_api import CountsApi
from muster_client.api.organizations_api import OrganizationsApi
from muster_client.api.shortages_api import ShortagesApi
from muster_client.api.sign_in_api import SignInApi
from muster_client.api.sync_api import SyncApi
from muster_client.exceptions import ConflictException
from muster_client.models.count_scope import CountScope
from muster_client.models.new_count import NewCount
from muster_client.models.new_count_line import NewCountLine
from muster_client.models.problem import Problem

ITEM, MEASURED = os.environ["MUSTER_ITEM"], os.environ["MUSTER_MEASURED"]

secret = Configuration(
    host=os.environ["MUSTER_URL"], username=os.environ["MUSTER_CLIENT"], password=os.environ["MUSTER_SECRET"]
)
token = SignInApi(ApiClient(secret)).issue_token(grant_type="client_credentials")
client = ApiClient(Configuration(host=os.environ["MUSTER_URL"], access_token=token.access_token))
counts, sync = CountsApi(client), SyncApi(client)

codes, pages, cursor = set(), 0, None
while pages == 0 or cursor is not None:
    page = CatalogueApi(client).list_items(limit=50, cursor=cursor)
    codes |= {item.code for item in page.items}
    pages, cursor = pages + 1, page.next_cursor

depot = OrganizationsApi(client).list_depots().items[0].id


def count(quantity):
    return NewCount(
        depot_id=depot,
        scope=CountScope.LISTED,
        counted_at=datetime.now(timezone.utc).replace(microsecond=0),
        note="盘点",
        lines=[NewCountLine(item=ITEM, quantity=quantity), NewCountLine(item=MEASURED, quantity=0.1)],
    )


count_id, counted = uuid.uuid4(), count(15.0)
bytes_sent = json.dumps(client.sanitize_for_serialization(counted)).encode()
first = counts.submit_count_with_http_info(count_id, counted)
again = counts.submit_count_with_http_info(count_id, counted)
try:
    counts.submit_count(count_id, count(14.0))
    raise SystemExit("other content was taken under the same id")
except ConflictException as refused:
    problem = refused.data
assert isinstance(problem, Problem) and problem.status == 409, problem
assert again.data.receipt == first.data.receipt and not first.data.repeated

receipts = Receipts(lambda: [key.to_dict() for key in SignInApi(client).list_keys().keys])
sha256 = receipts.check(first.data.receipt, str(count_id), bytes_sent)
assert problem.stored_sha256 == sha256

shortages = ShortagesApi(client)
line = shortages.list_shortages(organization=["T3"], item=[ITEM]).items[0]
explained = shortages.explain_shortage("T3", line.line)
rules = [rule.rule for scope in explained.explanation.scopes for rule in scope.rules]

changes, more, cursor = 0, True, None
while more:
    pulled = sync.pull_changes(cursor=cursor)
    changes, more, cursor = changes + len(pulled.changes), pulled.more, pulled.cursor
after = sync.pull_changes(cursor=cursor)

print(
    json.dumps(
        {
            "items": len(codes),
            "pages": pages,
            "first": first.status_code,
            "again": again.status_code,
            "repeated": again.data.repeated,
            "problem": problem.code,
            "sha256": sha256,
            "required": float(line.required.min),
            "rules": rules,
            "changes": changes,
            "after": len(after.changes),
        }
    )
)
