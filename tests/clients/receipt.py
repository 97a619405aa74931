"""Checks a receipt as `openapi/sync.md` asks, with libraries of PyPI: for both clients in Python."""

import base64
import hashlib
import json

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def sha256(value) -> str:
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def check(receipt: str, keys: dict, count_id: str, sent: bytes) -> str:
    """The SHA-256 of the content, where one of `keys` (its `x` by `kid`) signed that the very bytes `sent` are that count."""
    head, said, signature = receipt.split(".")
    header, claims = json.loads(decoded(head)), json.loads(decoded(said))
    assert (header["alg"], header["typ"]) == ("EdDSA", "muster-receipt+jws"), header
    Ed25519PublicKey.from_public_bytes(decoded(keys[header["kid"]])).verify(decoded(signature), f"{head}.{said}".encode())
    assert (claims["kind"], claims["id"]) == ("count", count_id), claims
    assert claims["sha256"] == sha256(json.loads(sent)), "the receipt is about other content"
    link = {name: value for name, value in claims.items() if name not in ("iss", "hash")}
    assert claims["hash"] == sha256(link), "the hash is not that of the link"
    return claims["sha256"]
