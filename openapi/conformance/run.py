"""Goes through the vectors of this folder with Python's standard library alone: `python3 openapi/conformance/run.py`.

What a client needs is in the functions below, each a page at most; another language's can be written from them.
"""

import base64
import hashlib
import json
import math
import pathlib
import sys
from datetime import datetime, timedelta, timezone

FOLDER = pathlib.Path(__file__).parent


# The hash of a content: SHA-256 of its canonical form (RFC 8785).


def canonical(value) -> str:
    """The canonical form of a value as `read` gives it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    # Keys are sorted by their UTF-16 code units, which is not the order of code points.
    members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
    return "{" + ",".join(text(name) + ":" + canonical(one) for name, one in members) + "}"


def read(source: str):
    """JSON with every number as the double that it stands for; one that is too large is refused."""

    def double(digits):
        value = float(digits)
        if math.isinf(value):
            raise ValueError("a number out of range")
        return value

    value = json.loads(source, parse_int=double, parse_float=double, parse_constant=double)
    json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    return value


def text(value: str) -> str:
    short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    escaped = (short.get(one) or (f"\\u{ord(one):04x}" if one < " " else one) for one in value)
    return '"' + "".join(escaped) + '"'


def number(value: float) -> str:
    """As ECMAScript writes it: the shortest digits, an exponent from 21 digits up and below six zeros."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits + "0" * (point - len(digits))
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = point - 1
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{'+' if power >= 0 else '-'}{abs(power)}"


def sha256(value) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


# Receipts: a JWS signed with EdDSA over Ed25519 (RFC 8032). Use a library where there is one.

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one, other):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def point(data: bytes):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    public, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or public is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    left, right = times(s, BASE), add(r, times(h, public))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def unbase64(part: str) -> bytes:
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != part:
        raise ValueError("not the one way to write it")
    return data


def verdict(receipt: str, key_set: dict, count_id: str, content: str) -> str:
    """What a phone makes of the receipt of a count that it sent."""
    try:
        head, body, signature = receipt.split(".")
        header, claims = read(unbase64(head).decode()), read(unbase64(body).decode())
        if header["alg"] != "EdDSA" or header["typ"] != "muster-receipt+jws" or claims["iss"] != "muster":
            return "unreadable"
        keys = {key["kid"]: key for key in key_set["keys"] if key.get("crv") == "Ed25519"}
        if header["kid"] not in keys:
            return "unknown_key"
        if not is_signed(unbase64(keys[header["kid"]]["x"]), f"{head}.{body}".encode(), unbase64(signature)):
            return "wrong_signature"
        link = {name: value for name, value in claims.items() if name not in ("iss", "hash")}
        if sha256(link) != claims["hash"]:
            return "wrong_hash"
        if claims["kind"] != "count" or claims["id"] != count_id:
            return "other_thing"
        return "genuine" if claims["sha256"] == sha256(read(content)) else "other_content"
    except (ValueError, KeyError, TypeError):
        return "unreadable"


# The copy on the phone.


def take(copy: dict, answer: dict):
    """Makes the changes of one answer; in an app in one transaction. Answers whether to push again what was accepted."""
    if answer["reset"] or copy["cursor"] is None:
        copy["things"].clear()
    for change in answer["changes"]:
        key = f"{change['type']} {change['key']}"
        if change["op"] == "put":
            copy["things"][key] = change["data"]
        elif change["op"] == "delete":
            copy["things"].pop(key, None)
        else:
            raise ValueError("an operation of a newer service: update the app")
    copy["cursor"], copy["revision"] = answer["cursor"], None if answer["more"] else answer["revision"]
    return answer["reset"]


# What the service makes of a clock that is wrong, and of running numbers.

TOLERANCE = timedelta(seconds=30)


def instant(value):
    return None if value is None else datetime.fromisoformat(value.replace("Z", "+00:00"))


def effective_times(push: dict) -> list:
    received, sent = instant(push["received_at"]), instant(push["sent_at"])
    commands, times_of = push["commands"], {}
    following = received
    for place in sorted(range(len(commands)), key=lambda at: commands[at]["seq"], reverse=True):
        own = instant(commands[place]["counted_at"])
        if sent is not None and abs(received - sent) > TOLERANCE:
            own += received - sent
        following = max(min(own, following, received), datetime(1970, 1, 1, tzinfo=timezone.utc))
        times_of[place] = following
    return [times_of[place] for place in range(len(commands))]


def not_received(numbers: list, queued: int) -> dict:
    gaps, following = [], 1
    for number in sorted(set(numbers)):
        if number > following:
            gaps.append({"from": following, "to": number - 1})
        following = max(following, number + 1)
    missing = sum(gap["to"] - gap["from"] + 1 for gap in gaps)
    return {"count": missing + queued, "gaps": gaps, "queued": queued}


def vectors(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def check_canonical():
    for vector in vectors("canonical")["vectors"]:
        value = read(vector["json"])
        yield vector["name"], (canonical(value), sha256(value)) == (vector["canonical"], vector["sha256"])
    for refused in vectors("canonical")["refused"]:
        try:
            read(refused["json"])
            yield refused["name"], False
        except ValueError:
            yield refused["name"], True


def check_receipts():
    file = vectors("receipts")
    for vector in file["vectors"]:
        key_set = vector.get("key_set", file["key_set"])
        found = verdict(vector["receipt"], key_set, vector["id"], vector["content"])
        yield vector["name"], found == vector["verdict"]


def check_pulls():
    for vector in vectors("pulls")["vectors"]:
        copy, pushes_again, asked = {"things": {}, "cursor": None, "revision": None}, False, []
        for answer in vector["answers"]:
            asked.append(copy["cursor"])
            pushes_again |= take(copy, answer)
        expected = {name: vector[name] for name in ("things", "cursor", "revision")}
        yield vector["name"], (copy, pushes_again, asked) == (expected, vector["pushes_again"], vector["asked"])


def check_times():
    for vector in vectors("times")["vectors"]:
        expected = [instant(command["effective_at"]) for command in vector["commands"]]
        yield vector["name"], effective_times(vector) == expected


def check_missing():
    for vector in vectors("missing")["vectors"]:
        numbers = [number for push in vector["pushes"] for number in push["seqs"]]
        last = vector["pushes"][-1]
        yield vector["name"], not_received(numbers, last["queued"] - len(last["seqs"])) == vector["not_received"]


def main():
    failed = passed = 0
    for check in (check_canonical, check_receipts, check_pulls, check_times, check_missing):
        verdicts = list(check())
        if not verdicts:
            failed += 1
            print(f"{check.__name__}: there are no vectors", file=sys.stderr)
        for name, is_right in verdicts:
            passed, failed = passed + is_right, failed + (not is_right)
            if not is_right:
                print(f"{check.__name__}: {name}: not as expected", file=sys.stderr)
    print(f"conformance: {passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
