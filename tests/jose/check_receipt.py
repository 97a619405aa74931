"""Checks receipts with a JOSE library that is not Muster's.

Starts the demo of the program it is given, submits a count, and looks that its receipt is what `openapi/sync.md` says: a
JWS that PyJWT verifies against the key set that is served, over the hash of the very content that was sent, in a chain
that hangs together; and that none of it verifies any more with a changed byte.

    python3 -m venv target/jose && target/jose/bin/pip install 'PyJWT[crypto]'
    target/jose/bin/python tests/jose/check_receipt.py target/debug/muster
"""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from datetime import datetime, timezone

import jwt

PASSWORD = "six teams and forty-eight enterprises"


def canonical(value) -> bytes:
    """RFC 8785, as far as it is this for what has neither fractions nor keys beyond ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(value) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def call(base, method, path, token=None, body=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def verify(receipt, keys):
    """What a receipt says, where one of the keys signed it."""
    header = jwt.get_unverified_header(receipt)
    assert header["alg"] == "EdDSA" and header["typ"] == "muster-receipt+jws", header
    claims = jwt.decode(receipt, keys[header["kid"]], algorithms=["EdDSA"], issuer="muster")
    link = {name: value for name, value in claims.items() if name not in ("iss", "hash")}
    assert sha256(link) == claims["hash"], "the hash of a link is that of its canonical form"
    return claims


def refused(receipt, keys) -> bool:
    try:
        verify(receipt, keys)
    except (jwt.PyJWTError, AssertionError, ValueError, KeyError):
        return True
    return False


def changed(receipt):
    """The receipt with one byte of what it says changed, for each of its first hundred."""
    head, said, signature = receipt.split(".")
    said = bytearray(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    for place in range(0, min(len(said), 100)):
        other = bytearray(said)
        other[place] ^= 1
        yield ".".join([head, base64.urlsafe_b64encode(bytes(other)).decode().rstrip("="), signature])


def check(base):
    login = {"username": "t3", "password": PASSWORD, "device_name": "a phone"}
    token = call(base, "POST", "/api/v1/auth/login", body=login)["access_token"]
    depot = call(base, "GET", "/api/v1/depots/T3-D1", token)["id"]
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    count = {"depot_id": depot, "scope": "listed", "counted_at": now, "note": "盘点",
             "lines": [{"item": "L2010101", "quantity": 15}]}
    command = {"id": str(uuid.uuid4()), "seq": 1, "type": "submit_count", "data": count}
    push = {"device_id": str(uuid.uuid4()), "sent_at": now, "queued": 1, "commands": [command]}
    pushed = call(base, "POST", "/api/v1/sync", token, push)["results"][0]
    assert pushed["status"] == "applied", pushed
    void = call(base, "POST", f"/api/v1/counts/{command['id']}/void", token, {"reason": "a check"})

    keys = {key["kid"]: jwt.PyJWK(key).key for key in call(base, "GET", "/.well-known/jwks.json")["keys"]}
    counted, taken_back = verify(pushed["receipt"], keys), verify(void["receipt"], keys)
    assert (counted["kind"], counted["id"]) == ("count", command["id"])
    assert counted["sha256"] == sha256(count), "it is about the content that was sent"
    assert (taken_back["kind"], taken_back["sha256"]) == ("void", sha256({"reason": "a check"}))
    assert taken_back["previous"] == counted["hash"] and taken_back["position"] == counted["position"] + 1

    again = call(base, "POST", "/api/v1/sync", token, push)["results"][0]
    assert again["receipt"] == pushed["receipt"], "a repeat has the same receipt, byte for byte"
    tried = list(changed(pushed["receipt"]))
    assert len(tried) == 100 and all(refused(other, keys) for other in tried)
    others = {kid: jwt.PyJWK({**key, "x": base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")}).key
              for kid, key in ((key["kid"], key) for key in call(base, "GET", "/.well-known/jwks.json")["keys"])}
    assert refused(pushed["receipt"], others), "another key's signature is none"
    print(f"2 receipts verified with PyJWT {jwt.__version__}, {len(tried)} changed ones refused")


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        options = ["demo", "--listen", "127.0.0.1:0", "--data-dir", f"{folder}/demo", "--password", PASSWORD]
        demo = subprocess.Popen([program, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            base = None
            for line in demo.stdout:
                words = [word for word in line.replace("'", " ").split() if word.startswith("http://127.0.0.1:")]
                if words:
                    base = "/".join(words[0].split("/")[:3])
                    break
            assert base, "the demo did not say where it serves"
            check(base)
        finally:
            demo.terminate()
            demo.wait(timeout=60)


if __name__ == "__main__":
    main(sys.argv[1])
