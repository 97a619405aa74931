"""Receipts: a JWS by which the service shows that it stored the very bytes sent."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .canonical import read, sha256

# The names of `openapi/conformance/receipts.json`.
Verdict = Literal[
    "genuine", "other_content", "other_thing", "wrong_hash", "wrong_signature", "unknown_key", "unreadable"
]


class ReceiptError(Exception):
    """A receipt that is not accepted: keep the bytes, and show this."""

    def __init__(self, verdict: Verdict, kind: str, id: str) -> None:
        super().__init__(f"The receipt of {kind} {id} is not accepted: {verdict}. Keep the bytes and show this.")
        self.verdict = verdict


def _part(encoded: str) -> bytes:
    decoded = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    if base64.urlsafe_b64encode(decoded).decode().rstrip("=") != encoded:
        raise ValueError("not the one way to write it")
    return decoded


def _is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def verdict(receipt: str, keys: Mapping[str, str], id: str, sent: bytes | str, kind: str = "count") -> Verdict:
    """The verdict on a receipt: one of `keys` (`x` by `kid`) signed it, it is about the thing sent, its hashes are right."""
    try:
        head, body, tail = receipt.split(".")
        header, claims, signature = read(_part(head)), read(_part(body)), _part(tail)
        if (header["alg"], header["typ"], claims["iss"]) != ("EdDSA", "muster-receipt+jws", "muster"):
            return "unreadable"
        kid, signed_hash = header["kid"], claims["hash"]
        if kid not in keys:
            return "unknown_key"
        if not _is_signed(_part(keys[kid]), f"{head}.{body}".encode(), signature):
            return "wrong_signature"
        link = {name: value for name, value in claims.items() if name not in ("iss", "hash")}
        if signed_hash != sha256(link):
            return "wrong_hash"
        if (link["kind"], link["id"]) != (kind, id):
            return "other_thing"
        return "genuine" if link["sha256"] == sha256(read(sent)) else "other_content"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "unreadable"


def ed25519(keys: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The keys of a set that sign receipts, their `x` by `kid`."""
    return {key["kid"]: key["x"] for key in keys if key.get("crv") == "Ed25519"}


class Receipts:
    """Checks receipts against the key set, which is fetched when a receipt names a key that it does not have.

    `fetch` reads the set: `lambda: muster.get_httpx_client().get("/.well-known/jwks.json").json()["keys"]`.
    """

    def __init__(self, fetch: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
        self._fetch = fetch
        self._keys: dict[str, str] = {}

    def check(self, receipt: str, id: str, sent: bytes | str, kind: str = "count") -> str:
        """The SHA-256 of the content that the receipt is about; a `ReceiptError` if it is not genuine."""
        found = verdict(receipt, self._keys, id, sent, kind)
        if found == "unknown_key":
            self._keys = ed25519(self._fetch())
            found = verdict(receipt, self._keys, id, sent, kind)
        if found != "genuine":
            raise ReceiptError(found, kind, id)
        return sha256(read(sent))
