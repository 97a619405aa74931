"""A service for the tests of an app: it plays one script of `exchanges.json` over HTTP and notes what the app does wrong.

    python3 openapi/conformance/fake.py                          # the scripts
    python3 openapi/conformance/fake.py a_lost_answer            # plays one, on a free port
    python3 openapi/conformance/fake.py a_lost_answer 8089       # plays it there

Point the app at the address, do what `person` says (any user name and password will do), and read `GET /fake/report`: `faults`
must be empty. `POST /fake/advance` with `{"seconds": 60}` moves the clock of the service for an app whose own clock a test
moves. Standard library only, as `run.py`, whose functions it uses.
"""

import base64
import email.utils
import gzip
import hashlib
import http.server
import json
import sys
import threading
import time
import urllib.parse
import uuid

import run

USER = {
    "id": "0198f5a2-0000-7000-8000-0000000000a1",
    "username": "t1",
    "display_name": "T1",
    "role": "quartermaster",
}
DEPOT = "0198f5a2-0000-7000-8000-000000000003"
LAPSED = ("session_ended", "token_expired")


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def compact(value) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


class Key:
    """A key that signs receipts (RFC 8032). It is known to everybody: use it for tests alone."""

    def __init__(self, name: str):
        digest = hashlib.sha512(hashlib.sha256(name.encode()).digest()).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.prefix = digest[32:]
        self.public = self.encoded(run.times(self.scalar, run.BASE))
        x = unpadded(self.public)
        thumbprint = hashlib.sha256(compact({"crv": "Ed25519", "kty": "OKP", "x": x})).digest()
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": unpadded(thumbprint), "x": x}

    @staticmethod
    def encoded(point) -> bytes:
        x, y, z, _ = point
        inverse = pow(z, run.P - 2, run.P)
        return (y * inverse % run.P | (x * inverse % run.P & 1) << 255).to_bytes(32, "little")

    def sign(self, message: bytes) -> bytes:
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % run.Q
        point = self.encoded(run.times(r, run.BASE))
        k = int.from_bytes(hashlib.sha512(point + self.public + message).digest(), "little") % run.Q
        return point + ((r + k * self.scalar) % run.Q).to_bytes(32, "little")


FIRST_KEY, NEXT_KEY = Key("the first key"), Key("the key after a rotation")


def receipt(command_id: str, content, position: int, wrong: str = "") -> str:
    """The receipt of a count; `wrong` says what is wrong with it."""
    link = {
        "organization": "0198f5a2-0000-7000-8000-000000000001",
        "position": position,
        "kind": "void" if wrong == "kind" else "count",
        "id": str(uuid.UUID(int=9)) if wrong == "id" else command_id,
        "sha256": run.sha256(run.read(json.dumps({"other": True} if wrong == "content" else content))),
        "record_sha256": "c0" * 32,
        "received_at": "2026-11-23T02:10:01.500000Z",
        "effective_at": "2026-11-23T02:10:00.000000Z",
        "previous": "ab" * 32,
    }
    digest = run.sha256(run.read(json.dumps(link)))
    if wrong == "hash":
        link["previous"] = "ac" * 32
    claims = {"iss": "another" if wrong == "issuer" else "muster", **link, "hash": digest}
    key = NEXT_KEY if wrong == "new_key" else FIRST_KEY
    header = {"typ": "muster-receipt+jws", "alg": "none" if wrong == "alg" else "EdDSA", "kid": key.jwk["kid"]}
    message = unpadded(compact(header)) + "." + unpadded(compact(claims))
    signature = key.sign(message.encode())
    if wrong == "signature":
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    if wrong == "second_way":
        signature = signature[:32] + (int.from_bytes(signature[32:], "little") + run.Q).to_bytes(32, "little")
    return message + "." + ("" if wrong == "alg" else unpadded(signature)) + ("==" if wrong == "padding" else "")


class Command:
    """A command as the app sent it first, and what the app was last told of it."""

    def __init__(self, sent: dict):
        self.seq, self.kind = sent.get("seq"), sent.get("type")
        self.content = sent.get("data")
        self.count_id = sent["id"]
        self.receipt = None
        self.is_known = False
        # The key that its receipt was signed with: an app that never saw it cannot have accepted it.
        self.key = None
        # Where the app was told nothing that takes it out of its queue.
        self.is_open = True
        self.was_deposited = False
        # Where it was refused for ever, and is never to be sent again.
        self.was_rejected = False
        self.alone = 0


class Fake:
    """The service of one script. A rule that the app breaks becomes a fault, named as in `exchanges.json`."""

    def __init__(self, script: dict):
        self.script = script
        self.left = {kind: list(script.get(kind, [])) for kind in ("pushes", "pulls", "refreshes", "key_sets")}
        self.faults, self.happened = [], set()
        self.commands, self.again = {}, {}
        self.tokens, self.refreshed_with, self.is_ended, self.device = 0, None, False, None
        self.is_refresh_lost, self.served = False, set()
        self.cursor, self.cursors, self.is_new, self.forget_cursor = None, 0, True, False
        self.not_before, self.ahead, self.too_many = 0.0, 0.0, None
        self.reset_seq, self.notices, self.corrected = 0, [], {}

    def now(self) -> float:
        return time.time() + self.ahead

    def fault(self, rule: str, detail: str):
        self.faults.append({"rule": rule, "detail": detail})

    def next(self, kind: str) -> dict:
        return self.left[kind].pop(0) if self.left[kind] else {"do": "usual"}

    def waits(self, command: Command) -> bool:
        return command.is_open or (command.key is not None and command.key not in self.served)

    def report(self) -> dict:
        late = [(rule, f"{one} is neither accepted nor kept by the service, and was not sent again")
                for one, command in self.commands.items()
                if self.waits(command) and not (command.seq in self.script.get("refuses", []) and command.alone > 1)
                for rule in ["nothing_dropped"]]
        late += [("sent_again", f"{one} was not pushed again") for one in self.again]
        late += [("happens", f"{what} did not happen") for what in self.script["happens"] if what not in self.happened]
        return {"script": self.script["name"],
                "faults": self.faults + [{"rule": rule, "detail": detail} for rule, detail in late]}

    # Each answer is a status, headers, and a body in JSON; `None` closes the connection without one.

    def answer(self, method: str, path: str, query: dict, headers, body: bytes):
        if path.startswith("/fake/"):
            if path == "/fake/advance":
                self.ahead += json.loads(body)["seconds"]
            return 200, {}, self.report()
        if path == "/.well-known/jwks.json":
            spec = self.next("key_sets")
            return None if spec["do"] == "lose" else (200, {}, {"keys": self.key_set(spec)})
        if self.now() < self.not_before - 0.5:
            self.fault("retry_after", f"{method} {path} came {self.not_before - self.now():.0f} s before Retry-After")
        if path in ("/api/v1/auth/login", "/api/v1/auth/enrol"):
            self.is_ended = False
            for command_id, command in self.commands.items():
                if command.was_deposited and command.receipt is None:
                    self.again[command_id] = None
            return self.signed_in()
        if path == "/api/v1/auth/refresh":
            return self.refresh(json.loads(body))
        if path == "/api/v1/me":
            return 200, {}, USER
        if path != "/api/v1/sync":
            return self.problem(404, "no_such_path")
        if headers.get("Authorization") != f"Bearer access-{self.tokens}":
            if self.is_refresh_lost:
                return self.problem(401, "token_expired")
            self.fault("newest_token", f"{method} came with {headers.get('Authorization')}, not access-{self.tokens}")
            return self.problem(401, "token_invalid")
        return self.push(headers, body) if method == "POST" else self.pull(query, headers)

    def key_set(self, spec: dict) -> list:
        keys = [NEXT_KEY.jwk, FIRST_KEY.jwk] if spec["do"] == "both" else [FIRST_KEY.jwk]
        self.served.update(key["kid"] for key in keys)
        return keys

    def problem(self, status: int, code: str, errors=(), wait=None):
        headers = {"Content-Type": "application/problem+json"}
        if wait is not None:
            headers["Retry-After"] = str(wait)
            self.not_before = self.now() + wait
            self.happened.add("retry_after")
        body = {"type": "urn:muster:problem:" + code, "title": code, "status": status, "detail": code, "code": code,
                "request_id": "0", "errors": list(errors)}
        return status, headers, body

    def special(self, spec: dict):
        """The answers that any request may get; `False` where the spec is none of them."""
        if spec["do"] == "portal":
            return 200, {"Content-Type": "text/html"}, "<html>Sign in to this network</html>"
        if spec["do"] == "lose":
            return None
        if spec["do"] == "problem":
            self.is_ended |= spec["code"] in ("session_ended", "account_closed")
            return self.problem(spec["status"], spec["code"], spec.get("errors", ()), spec.get("retry_after"))
        return False

    # Signing in.

    def signed_in(self):
        self.tokens += 1
        return 200, {}, {"access_token": f"access-{self.tokens}", "token_type": "Bearer", "expires_in": 31536000,
                         "refresh_token": f"refresh-{self.tokens}", "device_token": "device", "device": None,
                         "user": USER}

    def refresh(self, sent: dict):
        spec, token = self.next("refreshes"), sent.get("refresh_token")
        self.happened.add("refresh")
        if self.is_ended:
            return self.problem(401, "session_ended")
        if token == self.refreshed_with:
            # The answer was lost: the same successor.
            self.tokens -= 1
        elif token != f"refresh-{self.tokens}":
            self.fault("newest_refresh_token", f"{token} was sent, and refresh-{self.tokens} is the one to use")
            return self.problem(401, "session_ended")
        self.refreshed_with = token
        answer = self.signed_in()
        self.is_refresh_lost = spec["do"] == "lose"
        return None if self.is_refresh_lost else answer

    # Pushing.

    def push(self, headers, body: bytes):
        if headers.get("Content-Encoding") != "gzip":
            self.fault("gzip", "a push was not packed")
        else:
            body = gzip.decompress(body)
        envelope = json.loads(body)
        commands = envelope.get("commands", [])
        self.check_envelope(envelope, commands)
        self.check_size(commands)
        spec = self.next("pushes")
        if self.is_refused(commands):
            self.too_many = len(commands)
            return self.problem(*self.script.get("refusal", [422, "values_not_taken"]))
        self.too_many = None
        special = self.special(spec)
        if special is not False and spec["do"] != "lose":
            return special
        results = [self.result(sent, place, spec) for place, sent in enumerate(commands)]
        for place, missing in sorted(spec.get("results", {}).items(), reverse=True):
            if missing == "missing":
                del results[int(place)]
        swap = spec.get("swap")
        if swap:
            results[swap[0]], results[swap[1]] = results[swap[1]], results[swap[0]]
        if spec["do"] == "lose":
            self.happened.add("lost")
            return None
        self.settle(commands, results, spec)
        self.cursors += 1
        self.cursor = f"c{self.cursors}"
        return 200, {}, {"results": results, "received_at": "2026-11-23T02:10:01.500000Z", "revision": 12,
                         "clock_offset_ms": 0, "cursor": self.cursor}

    def is_refused(self, commands: list) -> bool:
        most = self.script.get("at_most")
        refused = set(self.script.get("refuses", []))
        return (most is not None and len(commands) > most) or any(one.get("seq") in refused for one in commands)

    def check_envelope(self, envelope: dict, commands: list):
        device, queued = envelope.get("device_id"), envelope.get("queued")
        if not device or self.device not in (None, device):
            self.fault("device_id", f"{device}, after {self.device}")
        self.device = device
        try:
            run.instant(envelope["sent_at"]).utcoffset().seconds
        except (KeyError, ValueError, AttributeError, TypeError):
            self.fault("sent_at", f"{envelope.get('sent_at')} is no instant")
        if not isinstance(queued, int) or queued < len(commands):
            self.fault("queued", f"{queued} wait, and {len(commands)} of them are here")
        if envelope.get("cursor") != self.cursor and not self.forget_cursor:
            self.fault("cursor", f"a push came with {envelope.get('cursor')}, and the last one given is {self.cursor}")
        numbers = [one.get("seq") for one in commands]
        if numbers != sorted(numbers, key=lambda seq: seq or 0) or len(numbers) > 500:
            self.fault("order", f"the oldest first: {numbers}")
        for sent in commands:
            self.check_command(sent)

    def check_command(self, sent: dict):
        command_id = sent["id"]
        corrected = self.corrected.get(command_id)
        if corrected and command_id in self.again:
            # An officer's content, under the id of the count that it became.
            if sent.get("data") != corrected["data"]:
                self.fault("officers_content", f"{command_id} came back with other content than the officer applied")
        elif command_id not in self.commands:
            if any(known.seq == sent.get("seq") for known in self.commands.values()):
                self.fault("numbers", f"{sent.get('seq')} is the number of two commands")
            self.commands[command_id] = Command(sent)
        known = self.commands.get(command_id)
        if known and not corrected and (known.content, known.seq, known.kind) != (
                sent.get("data"), sent.get("seq"), sent.get("type")):
            self.fault("same_content", f"{command_id} was sent again with something else in it")
        if command_id in self.again:
            expected = self.again[command_id]
            if sent.get("receipt") != expected:
                self.fault("receipts_again", f"{command_id} came back with {str(sent.get('receipt'))[:20]}, "
                                             f"and was given {str(expected)[:20]}")
            if sent.get("seq", 0) < self.reset_seq:
                self.fault("order", f"{command_id} was pushed again behind a later one")
            self.reset_seq = sent.get("seq", 0)
        elif known and not self.waits(known):
            self.fault("not_again", f"{command_id} was settled, and was sent again")

    def check_size(self, commands: list):
        if self.too_many is not None:
            self.happened.add("halved")
            if len(commands) > max(1, (self.too_many + 1) // 2):
                self.fault("halving", f"{len(commands)} commands came after {self.too_many} were refused at once")
        if len(commands) == 1 and commands[0]["id"] in self.commands:
            self.commands[commands[0]["id"]].alone += 1

    def result(self, sent: dict, place: int, spec: dict) -> dict:
        command_id = sent["id"]
        command = self.commands.get(command_id) or self.commands[self.corrected[command_id]["command_id"]]
        told = {"id": command_id, "status": "applied", "repeated": command.is_known, "count_id": command_id,
                "receipt": None, "problem": None, "decision": None}
        command.is_known = True
        wanted = spec.get("results", {}).get(str(place), {})
        if self.is_ended:
            self.happened.add("deposit")
            wanted = {"status": "quarantined", "code": "session_ended"}
        if isinstance(wanted, dict):
            if "status" in wanted:
                problem = self.problem(409, wanted["code"])[2] if "code" in wanted else None
                return {**told, "status": wanted["status"], "count_id": None, "problem": problem}
            if "corrected" in wanted:
                told["decision"] = {"status": "applied", "reason": "boots were meant",
                                    "decided_at": "2026-11-23T03:00:00Z"}
                return {**told, "receipt": receipt(command_id, wanted["corrected"], 7)}
            if wanted.get("receipt") == "none":
                return told
            if "receipt" in wanted:
                return {**told, "receipt": receipt(command_id, sent.get("data"), 7, wanted["receipt"])}
            told["id"] = wanted.get("id", told["id"])
        told["receipt"] = sent.get("receipt") or receipt(command_id, sent.get("data"), len(self.commands))
        return told

    def settle(self, commands: list, results: list, spec: dict):
        """What the app knows now: only a result in its place, with a right receipt, takes a command out of its queue."""
        for place, sent in enumerate(commands):
            told = results[place] if place < len(results) else None
            command = self.commands.get(sent["id"]) or self.commands[self.corrected[sent["id"]]["command_id"]]
            wanted = spec.get("results", {}).get(str(place), {})
            if told is None or told["id"] != sent["id"]:
                continue
            is_good = told["receipt"] and (not isinstance(wanted, dict) or wanted.get("receipt", "") in ("", "new_key"))
            if told["status"] == "applied" and is_good:
                command.is_open, command.receipt = False, told["receipt"]
                command.key = (NEXT_KEY if wanted == {"receipt": "new_key"} else FIRST_KEY).jwk["kid"]
                self.again.pop(sent["id"], None)
                if command.was_deposited:
                    self.happened.add("deposited_again")
            elif told["status"] in ("quarantined", "rejected"):
                command.is_open = False
                command.was_rejected = told["status"] == "rejected"
                command.was_deposited = (told["problem"] or {}).get("code") in LAPSED
                self.again.pop(sent["id"], None)

    # Pulling.

    def pull(self, query: dict, headers):
        asked = query.get("cursor", [None])[0]
        if self.is_ended:
            self.fault("reads_nothing", "a pull came after the session had ended")
            return self.problem(401, "session_ended")
        if self.forget_cursor:
            if asked is not None:
                self.fault("cursor", f"a pull came with {asked}, which was refused")
            self.forget_cursor = False
            self.happened.add("started_over")
        elif asked != self.cursor:
            self.fault("cursor", f"a pull came with {asked}, and the last one given is {self.cursor}")
        spec = self.next("pulls")
        special = self.special(spec)
        if special is not False:
            if spec.get("code") == "values_not_taken":
                self.forget_cursor, self.is_new, self.cursor = True, True, None
            return special
        etag = f'"{self.cursor}"'
        changes = spec.get("changes", []) + self.notice(spec)
        if headers.get("If-None-Match") == etag and spec["do"] == "usual" and not self.is_new and not changes:
            return 304, {"ETag": etag}, None
        is_reset = spec["do"] == "reset"
        if is_reset:
            self.happened.add("reset")
            self.reset_seq = 0
            self.again = {self.name_of(one, command): command.receipt
                          for one, command in self.commands.items()
                          if not command.is_open and not command.was_rejected}
        if self.is_new or is_reset:
            changes = self.catalogue() + changes
        self.is_new = False
        self.cursors += 1
        self.cursor = f"c{self.cursors}"
        return 200, {"ETag": f'"{self.cursor}"'}, {
            "changes": changes, "cursor": self.cursor, "more": spec.get("more", False), "reset": is_reset,
            "revision": 12, "change_set": "0198f5a2-0000-7000-8000-0000000000c5"}

    def name_of(self, command_id: str, command: Command) -> str:
        return command.count_id if command_id in self.notices else command_id

    def notice(self, spec: dict) -> list:
        """What a pull says of the commands in quarantine."""
        told = spec.get("decided")
        if told is None:
            return []
        changes = []
        for command_id, command in self.commands.items():
            if command.is_open or command.receipt is not None or command_id in self.notices:
                continue
            self.notices.append(command_id)
            self.happened.add("decided")
            data = {"command_id": command_id, "status": told["status"], "reason": told.get("reason")}
            if told["status"] == "applied":
                command.count_id = str(uuid.UUID(int=uuid.UUID(command_id).int ^ 1))
                command.receipt = receipt(command.count_id, told["data"], 8)
                self.corrected[command.count_id] = {"command_id": command_id, "data": told["data"]}
                data.update(count_id=command.count_id, receipt=command.receipt, data=told["data"])
            changes.append({"type": "quarantine", "op": "put", "key": command_id, "data": data})
        return changes

    def catalogue(self) -> list:
        item = {"name_en": "Boots", "name_zh": "靴", "unit": "pair", "class": "protection", "kind": "equipment"}
        depot = {"id": DEPOT, "code": "T1-A", "organization": "T1", "name_en": "North store", "name_zh": "北库",
                 "holding": "physical", "open": True}
        organization = {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T1", "name_en": "Team 1",
                        "name_zh": "一队", "kind": "team", "time_zone": "Asia/Shanghai"}
        puts = [("organization", "T1", organization), ("item", "BOOTS", item), ("depot", "T1-A", depot)]
        return [{"type": kind, "op": "put", "key": key, "data": data} for kind, key, data in puts]


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """An app may hang up at any time."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake, turn = None, threading.Lock()

    def respond(self):
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = urllib.parse.parse_qs(url.query)
        with self.turn:
            try:
                answer = self.fake.answer(self.command, url.path, query, self.headers, body)
            except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
                self.fake.fault("readable", f"{self.command} {url.path} cannot be read: {error!r}")
                answer = self.fake.problem(400, "malformed")
        if answer is None:
            self.close_connection = True
            return
        status, headers, told = answer
        data = b"" if told is None else told.encode() if isinstance(told, str) else compact(told)
        self.send_response_only(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Date", email.utils.formatdate(self.fake.now(), usegmt=True))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = respond

    def log_message(self, *_):
        pass


def main():
    scripts = {script["name"]: script for script in run.vectors("exchanges")["vectors"]}
    if len(sys.argv) < 2:
        for name, script in scripts.items():
            print(f"{name}\n    {script['about']}\n    Person: {', '.join(script['person'])}.")
        return
    if sys.argv[1] not in scripts:
        sys.exit(f"there is no script {sys.argv[1]}: without a name the scripts are listed")
    Handler.fake = Fake(scripts[sys.argv[1]])
    server = Server(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        report = Handler.fake.report()
        print(json.dumps(report, indent=2, ensure_ascii=False))
        sys.exit(bool(report["faults"]))


if __name__ == "__main__":
    main()
