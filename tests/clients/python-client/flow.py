"""The flow of `tests/clients` with what openapi-python-client generates."""

import json
import os
import uuid
from datetime import datetime, timezone

import receipt
from muster_client import AuthenticatedClient, Client
from muster_client.api.catalogue import list_items
from muster_client.api.counts import submit_count
from muster_client.api.organizations import list_depots
from muster_client.api.shortages import explain_shortage, list_shortages
from muster_client.api.sign_in import issue_token, list_keys
from muster_client.api.sync import pull_changes
from muster_client.models import ClientToken, CountScope, NewCount, NewCountLine, Problem, TokenRequest
from muster_client.types import UNSET

BASE = os.environ["MUSTER_URL"]
ITEM, MEASURED = os.environ["MUSTER_ITEM"], os.environ["MUSTER_MEASURED"]

form = TokenRequest(
    grant_type="client_credentials", client_id=os.environ["MUSTER_CLIENT"], client_secret=os.environ["MUSTER_SECRET"]
)
token = issue_token.sync(client=Client(base_url=BASE), body=form)
assert isinstance(token, ClientToken), token
client = AuthenticatedClient(base_url=BASE, token=token.access_token)

codes, pages, cursor = set(), 0, UNSET
while cursor is not None:
    page = list_items.sync(client=client, limit=50, cursor=cursor)
    codes |= {item.code for item in page.items}
    pages, cursor = pages + 1, page.next_cursor or None

depot = list_depots.sync(client=client).items[0].id


def count(quantity):
    return NewCount(
        depot_id=depot,
        scope=CountScope.LISTED,
        counted_at=datetime.now(timezone.utc).replace(microsecond=0),
        note="盘点",
        lines=[NewCountLine(item=ITEM, quantity=quantity), NewCountLine(item=MEASURED, quantity=0.1)],
    )


sent = []
client.get_httpx_client().event_hooks["request"].append(lambda request: sent.append(request.read()))
count_id, counted = uuid.uuid4(), count(15.0)
first = submit_count.sync_detailed(count_id, client=client, body=counted)
bytes_sent = sent[-1]
again = submit_count.sync_detailed(count_id, client=client, body=counted)
other = submit_count.sync_detailed(count_id, client=client, body=count(14.0))
assert isinstance(other.parsed, Problem) and other.status_code == other.parsed.status == 409, other
assert again.parsed.receipt == first.parsed.receipt and not first.parsed.repeated

keys = {key.kid: key.x for key in list_keys.sync(client=client).keys}
sha256 = receipt.check(first.parsed.receipt, keys, str(count_id), bytes_sent)
assert other.parsed.stored_sha256 == sha256

line = list_shortages.sync(client=client, organization="T3", item=ITEM).items[0]
explained = explain_shortage.sync("T3", line.line, client=client)
rules = [rule.rule for scope in explained.explanation.scopes for rule in scope.rules]

changes, more, cursor = 0, True, UNSET
while more:
    pulled = pull_changes.sync(client=client, cursor=cursor)
    changes, more, cursor = changes + len(pulled.changes), pulled.more, pulled.cursor
after = pull_changes.sync(client=client, cursor=cursor)

print(
    json.dumps(
        {
            "items": len(codes),
            "pages": pages,
            "first": int(first.status_code),
            "again": int(again.status_code),
            "repeated": again.parsed.repeated,
            "problem": other.parsed.code,
            "sha256": sha256,
            "required": line.required.min_,
            "rules": rules,
            "changes": changes,
            "after": len(after.changes),
        }
    )
)
