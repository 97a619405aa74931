#!/usr/bin/env python3
"""Names each change of the API's document that can break a client: `compatible.py OLD NEW`.

    python3 openapi/compatible.py openapi/released/1.0.0.json openapi/openapi.json
    python3 openapi/compatible.py --released openapi/openapi.json     # against the newest release of its major version

Ends with 0 if there is none, with 1 if there are, with 2 if a document cannot be read. Needs Python 3.9 and nothing else.

What counts as breaking follows from two kinds of client. One reads and writes JSON by itself: it must be able to send what
it sent, and must be told nothing that it was not told it might be. The other is generated: its classes, methods,
parameters and constants must keep their names, types and order, or it no longer compiles. So the direction counts:

- A *request* may be asked for less. Breaking are: a member, parameter, media type or value of an enum that is no longer
  read, one that is newly required, a limit that is tighter, a pattern that is new or another, an other default, `null` no
  longer taken.
- An *answer* may promise more. Breaking are: a member that is gone or may now be missing, `null` where there was none, a
  limit that is looser or gone (clients size columns by it), a pattern that is gone or another, a header that is gone, a
  status of 2xx or 3xx that is gone, and a new 2xx status.
- In both, types and formats stay, since generated code is typed by them, and so do the names of components that are used,
  of operations and their first tags, and the order of the parameters that there were.
- Whoever could call an operation still can: an alternative of `security` may be added, never withdrawn or narrowed.

An enum of an answer that grows is breaking too, since a client decides by its values, and generated readers refuse others.
Where it is meant to grow, the schema says `x-extensible-enum: true` beside `enum`, from the first release on: the mark in
the *old* document counts, because that is what clients were told. A value that goes is breaking with the mark as well: the
constant of generated code goes with it. The same mark beside `oneOf` lets the variants of an answer grow.

New paths, operations, optional parameters and members, members of answers, answers of failure, headers, media types, words
of descriptions, examples and deprecations pass. `allOf` is read as one schema, and an alternative with `null` as nullable.
"""

import argparse
import json
import pathlib
import re
import sys
from dataclasses import dataclass

from contract import LIMITS, Document, Unreadable, View

REQUEST, ANSWER = "request", "answer"
RELEASED = pathlib.Path(__file__).resolve().parent / "released"


@dataclass(frozen=True)
class Change:
    code: str
    place: str
    text: str

    def __str__(self):
        return f"{self.place}: {self.text} [{self.code}]"


class Comparison:
    def __init__(self, old: dict, new: dict):
        self.old, self.new = Document(old), Document(new)
        self.changes = []
        self.seen = set()
        self.used = {}
        # What `allOf` joins is made by a view: made once, it has one identity, and recursion through it ends.
        self.views = {}

    def say(self, code: str, place: str, text: str):
        change = Change(code, place, text)
        if change not in self.changes:
            self.changes.append(change)

    def run(self) -> list:
        new = {(path, method): (operation, shared) for path, method, operation, shared in self.new.operations()}
        new_paths = {path for path, _ in new}
        gone = set()
        for path, method, operation, shared in self.old.operations():
            place = f"{method.upper()} {path}"
            if path not in new_paths:
                if path not in gone:
                    self.say("path-gone", path, "is gone")
                gone.add(path)
            elif (path, method) not in new:
                self.say("operation-gone", place, "is gone")
            else:
                self.operation(place, operation, shared, *new[(path, method)])
        self.components()
        self.schemes()
        self.servers()
        return self.changes

    # Operations

    def operation(self, place, old, old_shared, new, new_shared):
        if old.get("operationId") != new.get("operationId"):
            self.say("operation-id", place, f"operationId {old.get('operationId')} is now {new.get('operationId')}")
        if old.get("tags", [])[:1] != new.get("tags", [])[:1]:
            self.say("tag", place, f"its first tag {old.get('tags', [])[:1]} is now {new.get('tags', [])[:1]}: generated classes go by it")
        self.security(place, old, new)
        self.parameters(place, old_shared + old.get("parameters", []), new_shared + new.get("parameters", []))
        self.body(place, self.old.found(old.get("requestBody")), self.new.found(new.get("requestBody")))
        self.answers(place, old.get("responses", {}), new.get("responses", {}))

    def security(self, place, old, new):
        allowed = self.new.security(new)
        for alternative in self.old.security(old):
            if not any(
                set(other) <= set(alternative) and all(set(scopes) <= set(alternative[name]) for name, scopes in other.items())
                for other in allowed
            ):
                words = " and ".join(f"{name} {' '.join(scopes)}".strip() for name, scopes in alternative.items())
                self.say("security", place, f"{words or 'no sign-in'} no longer opens it")

    def parameters(self, place, old, new):
        def named(document, parameters):
            found = [document.found(parameter) for parameter in parameters]
            return {(parameter["in"], parameter["name"]): parameter for parameter in found}

        before, after = named(self.old, old), named(self.new, new)
        for key, parameter in before.items():
            where = f"{place} {key[0]} {key[1]}"
            other = after.get(key)
            if other is None:
                self.say("parameter-gone", where, "is gone")
                continue
            if other.get("required") and not parameter.get("required"):
                self.say("parameter-required", where, "is now required")
            for name, usual in (("style", None), ("explode", None), ("allowReserved", False)):
                if parameter.get(name, usual) != other.get(name, usual):
                    self.say("parameter-style", where, f"{name} is now {other.get(name, usual)}")
            self.schema(parameter.get("schema"), other.get("schema"), REQUEST, where)
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                self.say("parameter-new-required", f"{place} {key[0]} {key[1]}", "is new and required")
        if [key for key in before if key in after] != [key for key in after if key in before]:
            self.say("parameter-order", place, "its parameters are in another order: generated methods take them by position")

    def body(self, place, old, new):
        where = f"{place} body"
        if new is None:
            if old is not None:
                self.say("body-gone", where, "is no longer read")
            return
        if new.get("required") and not (old or {}).get("required"):
            self.say("body-required", where, "is now required")
        for media, content in (old or {}).get("content", {}).items():
            other = new.get("content", {}).get(media)
            if other is None:
                self.say("body-media-gone", where, f"{media} is no longer read")
            else:
                self.schema(content.get("schema"), other.get("schema"), REQUEST, where)

    def answers(self, place, old, new):
        for status, answer in old.items():
            where = f"{place} {status}"
            if status not in new:
                if status.startswith(("2", "3")):
                    self.say("status-gone", where, "is no longer answered")
                continue
            answer, other = self.old.found(answer), self.new.found(new[status])
            for media, content in answer.get("content", {}).items():
                if media not in other.get("content", {}):
                    self.say("answer-media-gone", where, f"{media} is no longer answered")
                else:
                    self.schema(content.get("schema"), other["content"][media].get("schema"), ANSWER, where)
            headers = {name.lower(): header for name, header in other.get("headers", {}).items()}
            for name, header in answer.get("headers", {}).items():
                self.header(f"{where} header {name}", self.old.found(header), self.new.found(headers.get(name.lower())))
        for status in new:
            if status.startswith("2") and status not in old:
                self.say("status-new", f"{place} {status}", "is new: clients do not know this success")

    def header(self, where, old, new):
        if new is None:
            self.say("header-gone", where, "is gone")
            return
        if old.get("required") and not new.get("required"):
            self.say("header-optional", where, "may now be missing")
        self.schema(old.get("schema"), new.get("schema"), ANSWER, where)

    # Schemas

    def schema(self, old, new, way, where):
        if old is None and new is None:
            return
        # The same component in the same direction is told once, where it is met first.
        names = tuple(side.get("$ref") if isinstance(side, dict) and set(side) <= {"$ref", "description"} else None for side in (old, new))
        key = (*(name or id(side) for name, side in zip(names, (old, new))), way)
        if key in self.seen:
            return
        self.seen.add(key)
        before, after = self.view(self.old, old), self.view(self.new, new)
        if before.name:
            self.used.setdefault(before.name, where)
        self.names(before, after, where)
        self.types(before, after, way, where)
        self.values(before, after, way, where)
        self.bounds(before, after, way, where)
        self.members(before, after, way, where)
        self.parts(before, after, way, where)
        if before.items is not None and after.items is not None:
            self.schema(before.items, after.items, way, f"{where}[]")

    def view(self, document, schema) -> View:
        key = (id(document), id(schema))
        if key not in self.views:
            # The schema is kept with its view, so that no other object can get its identity.
            self.views[key] = (schema, document.view(schema))
        return self.views[key][1]

    def names(self, old, new, where):
        if old.name == new.name or not (old.has_class() or new.has_class()):
            return
        if old.name and new.name:
            self.say("component-renamed", where, f"{old.name} is now {new.name}: generated classes go by it")
        else:
            self.say("component-inline", where, f"{old.name or 'an inline schema'} is now {new.name or 'an inline schema'}")

    def types(self, old, new, way, where):
        before, after = old.kinds(), new.kinds()
        if before != after:
            words = ["anything" if kinds is None else " or ".join(sorted(kinds)) or "null" for kinds in (before, after)]
            self.say("type", where, f"{words[0]} is now {words[1]}")
            return
        if before is not None and way == REQUEST and old.may_be_null() and not new.may_be_null():
            self.say("null-refused", where, "null is no longer taken")
        if before is not None and way == ANSWER and new.may_be_null() and not old.may_be_null():
            self.say("null-new", where, "may now be null")
        if old.format != new.format:
            self.say("format", where, f"format {old.format} is now {new.format}")

    def values(self, old, new, way, where):
        if old.values is None and new.values is None:
            return
        if old.values is None:
            if way == REQUEST:
                self.say("enum-new", where, f"only {new.values} is taken now")
            return
        if new.values is None:
            if way == ANSWER and not old.open:
                self.say("enum-unbounded", where, "may now be any value")
            return
        gone = [value for value in old.values if value not in new.values and value is not None]
        more = [value for value in new.values if value not in old.values and value is not None]
        if gone:
            self.say("enum-value-gone", where, f"no longer {', '.join(map(str, gone))}")
        if more and way == ANSWER and not old.open:
            self.say("enum-value-new", where, f"now also {', '.join(map(str, more))}, and it is not marked x-extensible-enum")

    def bounds(self, old, new, way, where):
        for limit, smaller_is_tighter in LIMITS.items():
            before, after = old.limits.get(limit), new.limits.get(limit)
            if before == after:
                continue
            tighter = after is not None and (before is None or (after < before) == smaller_is_tighter)
            if tighter == (way == REQUEST):
                self.say("limit-tighter" if tighter else "limit-looser", where, f"{limit} {before} is now {after}")
        if old.patterns != new.patterns:
            lost, added = old.patterns - new.patterns, new.patterns - old.patterns
            if (added and way == REQUEST) or (lost and way == ANSWER):
                self.say("pattern", where, f"pattern {' and '.join(lost) or 'none'} is now {' and '.join(added) or 'none'}")
        for mine, others, breaks in ((new, old, way == REQUEST), (old, new, way == ANSWER)):
            if breaks and any(excluded not in others.excluded for excluded in mine.excluded):
                self.say("not", where, "what `not` excludes is different now")
        if old.unique != new.unique and new.unique == (way == REQUEST):
            self.say("unique", where, f"uniqueItems is now {new.unique}")
        if old.multiple != new.multiple:
            tighter = new.multiple is not None and not (old.multiple and old.multiple % new.multiple == 0)
            looser = old.multiple is not None and not (new.multiple and new.multiple % old.multiple == 0)
            if tighter if way == REQUEST else looser:
                self.say("multiple", where, f"multipleOf {old.multiple} is now {new.multiple}")
        if way == REQUEST and old.default is not None and old.default != new.default:
            self.say("default", where, f"default {old.default} is now {new.default}")

    def members(self, old, new, way, where):
        for name, member in old.members.items():
            if name not in new.members:
                self.say("member-gone", f"{where}.{name}", "is gone")
            else:
                self.schema(member, new.members[name], way, f"{where}.{name}")
        if way == REQUEST:
            for name in sorted(new.required - old.required):
                self.say("member-required", f"{where}.{name}", "is now required")
        else:
            for name in sorted((old.required - new.required) & set(new.members)):
                self.say("member-optional", f"{where}.{name}", "may now be missing")
        lost, added = old.dependent - new.dependent, new.dependent - old.dependent
        for name, other in sorted(added if way == REQUEST else lost):
            words = "must now be there" if way == REQUEST else "may now be missing"
            self.say("member-dependent", f"{where}.{other}", f"{words} where {name} is")
        before, after = old.additional, new.additional
        if way == REQUEST and after is False and before is not False:
            self.say("additional", where, "members that are not named are refused now")
        elif isinstance(before, dict) and isinstance(after, dict):
            self.schema(before, after, way, f"{where}.*")
        elif isinstance(before, dict) and not old.members:
            self.say("additional", where, "the values of the map have no type any more")

    def parts(self, old, new, way, where):
        """The variants of a union, each found again by its name, or else by its place."""

        def named(variants):
            return {
                (part.get("$ref") if isinstance(part, dict) and "$ref" in part else index): part
                for index, part in enumerate(variants)
            }

        before, after = named(old.variants), named(new.variants)
        for key, part in before.items():
            name = str(key).rsplit("/", 1)[-1]
            if key in after:
                self.schema(part, after[key], way, f"{where}|{name}")
            else:
                self.say("variant-gone", where, f"the variant {name} is gone")
        if way == ANSWER and set(after) - set(before) and not old.open:
            more = ", ".join(str(key).rsplit("/", 1)[-1] for key in after if key not in before)
            self.say("variant-new", where, f"now also the variant {more}")

    # The document as a whole

    def components(self):
        for name, where in self.used.items():
            if name in self.old.schemas and name not in self.new.schemas:
                same = [other for other, schema in self.new.schemas.items() if schema == self.old.schemas[name]]
                hint = f"; it may be {same[0]} now" if same else ""
                self.say("component-gone", f"component {name}", f"is gone, as used by {where}{hint}: generated classes go by it")

    def schemes(self):
        def schemes(document):
            return document.root.get("components", {}).get("securitySchemes", {})

        after = schemes(self.new)
        for name, old in schemes(self.old).items():
            where, new = f"security scheme {name}", self.new.found(after.get(name))
            old = self.old.found(old)
            if new is None:
                self.say("scheme-gone", where, "is gone")
                continue
            for key in ("type", "scheme", "in", "name", "openIdConnectUrl"):
                if old.get(key) != new.get(key):
                    self.say("scheme", where, f"{key} {old.get(key)} is now {new.get(key)}")
            for flow, was in old.get("flows", {}).items():
                now = new.get("flows", {}).get(flow)
                if now is None:
                    self.say("scheme", where, f"the flow {flow} is gone")
                    continue
                for key in ("tokenUrl", "authorizationUrl", "refreshUrl"):
                    if was.get(key) != now.get(key):
                        self.say("scheme", where, f"{key} {was.get(key)} is now {now.get(key)}")
                for scope in was.get("scopes", {}):
                    if scope not in now.get("scopes", {}):
                        self.say("scope-gone", where, f"the scope {scope} is gone")

    def servers(self):
        new = [server.get("url") for server in self.new.root.get("servers", [{"url": "/"}])]
        for server in self.old.root.get("servers", [{"url": "/"}]):
            if server.get("url") not in new:
                self.say("server-gone", "servers", f"{server.get('url')} is gone")


def compare(old: dict, new: dict) -> list:
    """The breaking changes from one document to the next, each once."""
    return Comparison(old, new).run()


def version(text: str) -> tuple:
    numbers = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)(?:[-+].*)?", text)
    if not numbers:
        raise Unreadable(f"{text!r} is no version such as 1.0.0")
    return tuple(map(int, numbers.groups()))


def newest(folder: pathlib.Path, major: int):
    """The newest released document of a major version, or None."""
    released = {version(path.stem): path for path in folder.glob("*.json")} if folder.is_dir() else {}
    of_major = [number for number in released if number[0] == major]
    return released[max(of_major)] if of_major else None


def read(path: pathlib.Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: {error}") from error


def main(arguments=None) -> int:
    options = argparse.ArgumentParser(description="Names each change of an OpenAPI document that can break a client.")
    options.add_argument("old", nargs="?", type=pathlib.Path, help="the document that clients know")
    options.add_argument("new", type=pathlib.Path, help="the document that is to replace it")
    options.add_argument("--released", action="store_true", help="takes the newest release of the major version as the old one")
    given = options.parse_args(arguments)
    if given.released == (given.old is not None):
        options.error("give either OLD or --released")
    try:
        new = read(given.new)
        old = given.old
        if given.released:
            current = version(str(new.get("info", {}).get("version", "")))
            old = newest(RELEASED, current[0])
            if old is None:
                print(f"No document of version {current[0]} has been released yet: nothing to keep.")
                return 0
            if version(old.stem) > current:
                raise Unreadable(f"{given.new} is of version {new['info']['version']}, before {old.stem}, which was released")
            if version(old.stem) == current and read(old) != new:
                raise Unreadable(f"{given.new} is no longer what was released as {old.stem}: raise info.version")
        changes = compare(read(old), new)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 2
    for change in changes:
        print(change)
    print(f"{len(changes)} breaking change{'' if len(changes) == 1 else 's'} since {old.name}")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
