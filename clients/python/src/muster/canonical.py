"""The RFC 8785 form of a JSON text, and its SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def read(source: bytes | str) -> Any:
    """Reads JSON with every number as the double that it stands for; what is no text or no double fails in `canonical`."""
    text = source.decode() if isinstance(source, bytes) else source
    return json.loads(text, parse_int=float, parse_constant=_no_constant)


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a value that `read` gave; a `ValueError` where it has none."""
    return rfc8785.dumps(value)


def sha256(value: Any) -> str:
    """SHA-256 of the RFC 8785 form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
