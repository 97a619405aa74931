"""Planted changes of a document, each of which `compatible.py` must name, and others that it must let pass.

    python3 -m unittest discover -s openapi
"""

import contextlib
import copy
import io
import json
import pathlib
import tempfile
import unittest
from unittest import mock

import compatible


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema):
    return {"oneOf": [schema, {"type": "null"}]}


def base() -> dict:
    """A small document with every kind of thing that is compared."""
    page = {
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {"type": "array", "items": ref("Item"), "maxItems": 500},
            "next_cursor": {"type": ["string", "null"], "maxLength": 1000},
        },
    }
    schemas = {
        "Page_Item": page,
        "Item": {
            "type": "object",
            "required": ["code", "kind", "unit", "names", "holding"],
            "properties": {
                "code": {"type": "string", "maxLength": 32, "pattern": "^[A-Z0-9]+$"},
                "kind": ref("Kind"),
                "unit": {"type": "string", "enum": ["piece", "set", "kg"]},
                "note": {"type": ["string", "null"], "maxLength": 100},
                "quantity": {"type": "number", "format": "double", "minimum": 0, "maximum": 1000},
                "parts": {"type": "array", "items": ref("Item"), "uniqueItems": True},
                "names": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 50}},
                "position": nullable(ref("Position")),
                "holding": {"type": "string", "enum": ["own", "lent"], "x-extensible-enum": True},
                "either": {"oneOf": [ref("Position"), ref("Place")]},
                "extended": {"allOf": [ref("Position"), {"type": "object", "required": ["height"], "properties": {"height": {"type": "integer"}}}]},
                "grid": {
                    "type": "object",
                    "properties": {"x": {"type": "integer", "multipleOf": 10}, "y": {"type": "integer"}},
                    "not": {"required": ["z"]},
                    "dependentRequired": {"y": ["x"]},
                },
            },
        },
        "Kind": {"type": "string", "enum": ["equipment", "material"]},
        "Position": {
            "type": "object",
            "required": ["lat"],
            "properties": {"lat": {"type": "number", "format": "double"}, "lon": {"type": "number", "format": "double"}},
        },
        "Place": {"type": "object", "properties": {"name": {"type": "string"}}},
        "NewItem": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[^\\n]*$"},
                "note": {"type": ["string", "null"], "maxLength": 100},
                "kind": ref("NewKind"),
                "quantity": {"type": "number", "format": "double", "minimum": 0, "maximum": 1000},
                "condition": nullable(ref("Condition")),
                "count": {"type": "integer", "format": "int32", "default": 1, "multipleOf": 2},
                "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
                "more": {"type": "object", "properties": {"any": {"type": "string"}}, "not": {"required": ["z"]}, "dependentRequired": {"any": ["z"]}},
                "either": {"oneOf": [ref("Condition"), ref("Choice")]},
            },
        },
        "NewKind": {"type": "string", "enum": ["equipment", "material"]},
        "Condition": {
            "type": "object",
            "properties": {"all": {"type": "array", "items": ref("Condition")}, "not": nullable(ref("Condition")), "tag": {"type": "string"}},
        },
        "Choice": {"type": "object", "properties": {"tag": {"type": "string"}}},
        "Problem": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
        "Unused": {"type": "object", "properties": {"a": {"type": "string"}}},
    }
    problem = {"description": "No.", "content": {"application/problem+json": {"schema": ref("Problem")}}}
    answer = {
        "description": "Yes.",
        "headers": {"ETag": {"required": True, "schema": {"type": "string", "maxLength": 64}}},
        "content": {"application/json": {"schema": ref("Page_Item")}, "text/csv": {"schema": {"type": "string"}}},
    }
    listing = {
        "operationId": "list_items",
        "tags": ["catalogue"],
        "parameters": [
            {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 100}},
            {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 50, "minimum": 1, "maximum": 500}},
            {"name": "kind", "in": "query", "schema": ref("NewKind")},
            {"name": "Muster-Seq", "in": "header", "schema": {"type": "integer"}},
        ],
        "responses": {"200": answer, "400": problem},
        "security": [{"bearer": []}, {"oauth2": ["read"]}, {"oauth2": ["write"]}],
    }
    writing = {
        "operationId": "put_item",
        "tags": ["catalogue"],
        "requestBody": {"required": False, "content": {"application/json": {"schema": ref("NewItem")}, "text/csv": {"schema": {"type": "string"}}}},
        "responses": {
            "200": {"description": "Stored.", "content": {"application/json": {"schema": ref("Item")}}},
            "201": {"description": "New.", "content": {"application/json": {"schema": ref("Item")}}},
            "304": {"description": "The same."},
            "409": problem,
        },
        "security": [{"bearer": []}],
    }
    keys = {
        "operationId": "list_keys",
        "tags": ["health"],
        "responses": {"200": {"description": "Keys.", "content": {"application/json": {"schema": {"type": "object"}}}}},
        "security": [{}],
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Muster", "version": "1.0.0"},
        "servers": [{"url": "/"}],
        "paths": {
            "/items": {"get": listing},
            "/items/{code}": {"parameters": [{"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}], "put": writing},
            "/keys": {"get": keys},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "oauth2": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {"read": "", "write": ""}}}},
            },
        },
    }


class Edit:
    """A document and short ways into it."""

    def __init__(self):
        self.document = base()
        self.schemas = self.document["components"]["schemas"]
        self.paths = self.document["paths"]
        self.list = self.paths["/items"]["get"]
        self.put = self.paths["/items/{code}"]["put"]
        self.answer = self.list["responses"]["200"]
        self.item = self.schemas["Item"]["properties"]
        self.new = self.schemas["NewItem"]["properties"]
        self.oauth2 = self.document["components"]["securitySchemes"]["oauth2"]


def rename(edit, old, new):
    text = json.dumps(edit.document).replace(f'schemas/{old}"', f'schemas/{new}"').replace(f'"{old}": {{', f'"{new}": {{')
    edit.document = json.loads(text)


LIST, PUT = "GET /items", "PUT /items/{code}"

# (code, part of the place, change)
BREAKING = [
    ("path-gone", "/items", lambda e: e.paths.pop("/items")),
    ("operation-gone", PUT, lambda e: e.paths["/items/{code}"].update(get=e.paths["/items/{code}"].pop("put"))),
    ("operation-id", LIST, lambda e: e.list.update(operationId="get_items")),
    ("tag", LIST, lambda e: e.list.update(tags=["items"])),
    ("parameter-gone", f"{LIST} query q", lambda e: e.list["parameters"].pop(0)),
    ("parameter-gone", f"{LIST} header Muster-Seq", lambda e: e.list["parameters"].pop(3)),
    ("parameter-gone", f"{LIST} query q", lambda e: e.list["parameters"][0].update(name="search")),
    ("parameter-required", f"{LIST} query q", lambda e: e.list["parameters"][0].update(required=True)),
    ("parameter-new-required", f"{LIST} query region", lambda e: e.list["parameters"].append({"name": "region", "in": "query", "required": True, "schema": {"type": "string"}})),
    ("parameter-order", LIST, lambda e: e.list["parameters"].reverse()),
    ("parameter-style", f"{LIST} query q", lambda e: e.list["parameters"][0].update(style="spaceDelimited")),
    ("limit-tighter", f"{LIST} query q", lambda e: e.list["parameters"][0]["schema"].update(maxLength=50)),
    ("limit-tighter", f"{LIST} query limit", lambda e: e.list["parameters"][1]["schema"].update(maximum=200)),
    ("limit-tighter", f"{LIST} query limit", lambda e: e.list["parameters"][1]["schema"].update(minimum=2)),
    ("default", f"{LIST} query limit", lambda e: e.list["parameters"][1]["schema"].update(default=20)),
    ("type", f"{LIST} query limit", lambda e: e.list["parameters"][1]["schema"].update(type="string")),
    ("enum-new", f"{LIST} query q", lambda e: e.list["parameters"][0]["schema"].update(enum=["a", "b"])),
    ("enum-value-gone", f"{LIST} query kind", lambda e: e.schemas["NewKind"]["enum"].pop()),
    ("body-required", f"{PUT} body", lambda e: e.put["requestBody"].update(required=True)),
    ("body-gone", f"{PUT} body", lambda e: e.put.pop("requestBody")),
    ("body-media-gone", f"{PUT} body", lambda e: e.put["requestBody"]["content"].pop("text/csv")),
    ("member-gone", f"{PUT} body.note", lambda e: e.new.pop("note")),
    ("member-required", f"{PUT} body.note", lambda e: e.schemas["NewItem"]["required"].append("note")),
    ("member-required", f"{PUT} body.extra", lambda e: (e.new.update(extra={"type": "string"}), e.schemas["NewItem"]["required"].append("extra"))),
    ("null-refused", f"{PUT} body.note", lambda e: e.new["note"].update(type="string")),
    ("null-refused", f"{PUT} body.condition", lambda e: e.new.update(condition=ref("Condition"))),
    ("limit-tighter", f"{PUT} body.name", lambda e: e.new["name"].update(minLength=2)),
    ("limit-tighter", f"{PUT} body.tags", lambda e: e.new["tags"].update(maxItems=5)),
    ("limit-tighter", f"{PUT} body.note", lambda e: e.new["note"].update(minLength=1)),
    ("pattern", f"{PUT} body.name", lambda e: e.new["name"].update(pattern="^[a-z]*$")),
    ("pattern", f"{PUT} body.note", lambda e: e.new["note"].update(pattern="^[a-z]*$")),
    ("type", f"{PUT} body.quantity", lambda e: e.new["quantity"].update(type="integer")),
    ("format", f"{PUT} body.quantity", lambda e: e.new["quantity"].update(format="float")),
    ("format", f"{PUT} body.count", lambda e: e.new["count"].update(format="int64")),
    ("multiple", f"{PUT} body.count", lambda e: e.new["count"].update(multipleOf=3)),
    ("unique", f"{PUT} body.tags", lambda e: e.new["tags"].update(uniqueItems=True)),
    ("additional", f"{PUT} body.more", lambda e: e.new["more"].update(additionalProperties=False)),
    ("enum-new", f"{PUT} body.condition", lambda e: e.schemas["Condition"]["properties"]["tag"].update(enum=["a"])),
    ("type", f"{PUT} body.condition", lambda e: e.schemas["Condition"]["properties"]["all"].update(type="object")),
    ("not", f"{PUT} body.name", lambda e: e.new["name"].update({"not": {"pattern": "^x"}})),
    ("not", "items[].grid", lambda e: e.item["grid"].pop("not")),
    ("member-dependent", f"{PUT} body.note", lambda e: e.schemas["NewItem"].update(dependentRequired={"kind": ["note"]})),
    ("member-dependent", "items[].grid.x", lambda e: e.item["grid"].update(dependentRequired={})),
    ("status-gone", f"{PUT} 304", lambda e: e.put["responses"].pop("304")),
    ("variant-gone", f"{PUT} body.either", lambda e: e.new["either"]["oneOf"].pop()),
    ("status-gone", f"{PUT} 201", lambda e: e.put["responses"].pop("201")),
    ("status-new", f"{PUT} 202", lambda e: e.put["responses"].update({"202": {"description": "Later."}})),
    ("answer-media-gone", f"{LIST} 200", lambda e: e.answer["content"].pop("text/csv")),
    ("answer-media-gone", f"{LIST} 400", lambda e: e.list["responses"]["400"].update(content={"application/json": {"schema": ref("Problem")}})),
    ("header-gone", f"{LIST} 200 header ETag", lambda e: e.answer.pop("headers")),
    ("header-optional", f"{LIST} 200 header ETag", lambda e: e.answer["headers"]["ETag"].update(required=False)),
    ("limit-looser", f"{LIST} 200 header ETag", lambda e: e.answer["headers"]["ETag"]["schema"].update(maxLength=128)),
    ("member-gone", "items[].note", lambda e: e.item.pop("note")),
    ("member-gone", "items[].unit", lambda e: (e.item.pop("unit"), e.schemas["Item"]["required"].remove("unit"))),
    ("member-optional", "items[].unit", lambda e: e.schemas["Item"]["required"].remove("unit")),
    ("null-new", "items[].code", lambda e: e.item["code"].update(type=["string", "null"])),
    ("null-new", "items[].kind", lambda e: e.item.update(kind=nullable(ref("Kind")))),
    ("limit-looser", "items[].note", lambda e: e.item["note"].update(maxLength=200)),
    ("limit-looser", "items[].quantity", lambda e: e.item["quantity"].pop("maximum")),
    ("limit-looser", "items[].quantity", lambda e: e.item["quantity"].update(minimum=-1)),
    ("limit-looser", "200.items", lambda e: e.schemas["Page_Item"]["properties"]["items"].update(maxItems=1000)),
    ("pattern", "items[].code", lambda e: e.item["code"].pop("pattern")),
    ("pattern", "items[].code", lambda e: e.item["code"].update(pattern="^.*$")),
    ("format", "items[].quantity", lambda e: e.item["quantity"].pop("format")),
    ("format", "items[].note", lambda e: e.item["note"].update(format="uuid")),
    ("type", "items[].code", lambda e: e.item["code"].update(type="integer")),
    ("type", "items[].names.*", lambda e: e.item["names"]["additionalProperties"].update(type="number")),
    ("enum-value-new", "items[].kind", lambda e: e.schemas["Kind"]["enum"].append("service")),
    ("enum-value-new", "items[].unit", lambda e: e.item["unit"]["enum"].append("box")),
    ("enum-value-gone", "items[].holding", lambda e: e.item["holding"]["enum"].pop()),
    ("enum-unbounded", "items[].unit", lambda e: e.item["unit"].pop("enum")),
    ("unique", "items[].parts", lambda e: e.item["parts"].update(uniqueItems=False)),
    ("multiple", "items[].grid.x", lambda e: e.item["grid"]["properties"]["x"].update(multipleOf=5)),
    ("variant-new", "items[].either", lambda e: e.item["either"]["oneOf"].append(ref("Problem"))),
    ("type", "items[].extended.height", lambda e: e.item["extended"]["allOf"][1]["properties"]["height"].update(type="number")),
    ("member-optional", "items[].extended.height", lambda e: e.item["extended"]["allOf"][1].pop("required")),
    ("member-optional", "items[].position.lat", lambda e: e.schemas["Position"].pop("required")),
    ("component-renamed", "items[]", lambda e: rename(e, "Item", "CatalogueItem")),
    ("component-gone", "component Kind", lambda e: rename(e, "Kind", "ItemKind")),
    ("component-inline", "items[].kind", lambda e: e.item.update(kind=copy.deepcopy(e.schemas["Kind"]))),
    ("security", LIST, lambda e: e.list["security"].pop(1)),
    ("security", LIST, lambda e: e.list.update(security=[{"bearer": []}, {"oauth2": ["read", "write"]}])),
    ("security", "GET /keys", lambda e: e.paths["/keys"]["get"].update(security=[{"bearer": []}])),
    ("security", "GET /keys", lambda e: (e.paths["/keys"]["get"].pop("security"), e.document.update(security=[{"bearer": []}]))),
    ("scope-gone", "oauth2", lambda e: e.oauth2["flows"]["clientCredentials"]["scopes"].pop("write")),
    ("scheme", "oauth2", lambda e: e.oauth2["flows"]["clientCredentials"].update(tokenUrl="/other")),
    ("scheme-gone", "bearer", lambda e: e.document["components"]["securitySchemes"].pop("bearer")),
    ("server-gone", "servers", lambda e: e.document.update(servers=[{"url": "/v2"}])),
]

ADDITIVE = [
    ("a path", lambda e: e.paths.update({"/new": {"get": {"operationId": "list_new", "responses": {}}}})),
    ("an operation", lambda e: e.paths["/items"].update(post={"operationId": "post_item", "responses": {}})),
    ("an optional parameter", lambda e: e.list["parameters"].append({"name": "x", "in": "query", "schema": {"type": "string"}})),
    ("an optional parameter before the others", lambda e: e.list["parameters"].insert(0, {"name": "x", "in": "query", "schema": {"type": "string"}})),
    ("an optional member of a request", lambda e: e.new.update(extra={"type": "string"})),
    ("a member of an answer", lambda e: e.item.update(extra={"type": "string"})),
    ("a required member of an answer", lambda e: (e.item.update(extra={"type": "string"}), e.schemas["Item"]["required"].append("extra"))),
    ("a member of an answer that is always there now", lambda e: e.schemas["Item"]["required"].append("note")),
    ("null no longer in an answer", lambda e: e.item["note"].update(type="string")),
    ("null taken in a request", lambda e: e.new["name"].update(type=["string", "null"])),
    ("a value of an enum of a request", lambda e: e.schemas["NewKind"]["enum"].append("service")),
    ("a value of an enum of an answer that is marked", lambda e: e.item["holding"]["enum"].append("away")),
    ("a wider limit of a request", lambda e: e.new["name"].update(maxLength=200)),
    ("no limit of a request", lambda e: e.new["quantity"].pop("maximum")),
    ("a lower minimum of a request", lambda e: e.new["quantity"].update(minimum=-5)),
    ("a tighter limit of an answer", lambda e: e.item["note"].update(maxLength=50)),
    ("no pattern of a request", lambda e: e.new["name"].pop("pattern")),
    ("a pattern of an answer", lambda e: e.item["note"].update(pattern="^a")),
    ("a member no longer required of a request", lambda e: e.schemas["NewItem"].update(required=[])),
    ("a parameter of a path told at the operation", lambda e: e.put.update(parameters=e.paths["/items/{code}"].pop("parameters"))),
    ("a media type of an answer", lambda e: e.answer["content"].update({"application/xml": {}})),
    ("a media type of a body", lambda e: e.put["requestBody"]["content"].update({"application/xml": {}})),
    ("a header", lambda e: e.answer["headers"].update(Link={"schema": {"type": "string"}})),
    ("a header in other letters", lambda e: e.answer.update(headers={"etag": e.answer["headers"]["ETag"]})),
    ("an answer of failure", lambda e: e.list["responses"].update({"429": {"description": "Wait."}})),
    ("an answer of failure less", lambda e: e.list["responses"].pop("400")),
    ("304", lambda e: e.list["responses"].update({"304": {"description": "The same."}})),
    ("`not` of a request less", lambda e: e.new["more"].pop("not")),
    ("a dependency of a request less", lambda e: e.new["more"].pop("dependentRequired")),
    ("a dependency of an answer", lambda e: e.item["grid"].update(dependentRequired={"y": ["x"], "x": ["y"]})),
    ("another way to sign in", lambda e: e.put["security"].append({"oauth2": ["write"]})),
    ("a scope", lambda e: e.oauth2["flows"]["clientCredentials"]["scopes"].update(more="")),
    ("words", lambda e: (e.list.update(description="Other words."), e.item["note"].update(description="A note."))),
    ("a deprecation", lambda e: (e.list.update(deprecated=True), e.item["note"].update(deprecated=True))),
    ("a component", lambda e: e.schemas.update(Other={"type": "string"})),
    ("a component that nothing used is gone", lambda e: e.schemas.pop("Unused")),
    ("another spelling of nullable", lambda e: e.item.update(position={"anyOf": [{"type": "null"}, ref("Position")]})),
    ("members in another order", lambda e: e.schemas["Item"].update(properties=dict(reversed(list(e.item.items()))))),
    ("a second tag", lambda e: e.list["tags"].append("more")),
    ("members that are not named taken by a request", lambda e: e.schemas["NewItem"].pop("additionalProperties")),
    ("a variant of a request", lambda e: e.new["either"]["oneOf"].append(ref("Problem"))),
    ("an answer that is one of a component alone", lambda e: e.item.update(kind={"allOf": [ref("Kind")], "description": "The kind."})),
]


class Changes(unittest.TestCase):
    def test_each_planted_change_is_found_and_named(self):
        self.assertGreaterEqual(len(BREAKING), 40)
        for code, place, change in BREAKING:
            with self.subTest(code=code, place=place):
                edit = Edit()
                change(edit)
                found = compatible.compare(base(), edit.document)
                self.assertTrue([one for one in found if one.code == code and place in one.place], [str(one) for one in found])

    def test_each_planted_change_is_told_without_many_others(self):
        # What is withdrawn as a whole, or renamed throughout, is told at each place where a client meets it.
        for code, place, change in BREAKING:
            with self.subTest(code=code, place=place):
                edit = Edit()
                change(edit)
                self.assertLessEqual(len(compatible.compare(base(), edit.document)), 4)

    def test_additive_changes_pass(self):
        self.assertGreaterEqual(len(ADDITIVE), 15)
        for name, change in ADDITIVE:
            with self.subTest(name):
                edit = Edit()
                change(edit)
                self.assertNotEqual(json.dumps(edit.document), json.dumps(base()))
                self.assertEqual([str(one) for one in compatible.compare(base(), edit.document)], [])

    def test_a_change_in_a_recursive_schema_joined_of_parts_ends(self):
        old, new = base(), base()
        for document in (old, new):
            node = {"type": "object", "properties": {"next": ref("Node"), "value": {"type": "string"}}}
            document["components"]["schemas"]["Node"] = {"allOf": [node, {"type": "object", "properties": {"next": {"description": "Again."}}}]}
            document["components"]["schemas"]["Item"]["properties"]["node"] = ref("Node")
        new["components"]["schemas"]["Node"]["allOf"][0]["properties"]["value"]["type"] = "integer"
        self.assertEqual([one.code for one in compatible.compare(old, new)], ["type"])

    def test_the_document_is_compatible_with_itself(self):
        document = json.loads((pathlib.Path(compatible.__file__).parent / "openapi.json").read_text(encoding="utf-8"))
        self.assertEqual(compatible.compare(document, copy.deepcopy(document)), [])

    def test_references_that_lead_nowhere_are_told(self):
        edit = Edit()
        edit.schemas.pop("Kind")
        with self.assertRaises(compatible.Unreadable):
            compatible.compare(base(), edit.document)


class Releases(unittest.TestCase):
    def outcome(self, released: dict, document: dict):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for version, text in released.items():
                (folder / f"{version}.json").write_text(json.dumps(text))
            current = folder / "current"
            current.write_text(json.dumps(document))
            with mock.patch.object(compatible, "RELEASED", folder), contextlib.redirect_stdout(io.StringIO()) as out:
                with contextlib.redirect_stderr(out):
                    code = compatible.main(["--released", str(current)])
        return code, out.getvalue()

    def of(self, version, path="/items"):
        document = base()
        document["info"]["version"] = version
        document["paths"][path] = document["paths"].pop("/items")
        return document

    def test_before_the_first_release_everything_passes(self):
        self.assertEqual(self.outcome({}, self.of("1.0.0"))[0], 0)

    def test_the_newest_release_of_the_same_major_version_counts(self):
        released = {"1.2.0": self.of("1.2.0", "/a"), "1.10.0": self.of("1.10.0", "/b"), "2.0.0": self.of("2.0.0", "/c")}
        self.assertEqual(self.outcome(released, self.of("1.11.0", "/b"))[0], 0)
        code, said = self.outcome(released, self.of("1.11.0", "/a"))
        self.assertEqual(code, 1)
        self.assertIn("/b: is gone [path-gone]", said)
        self.assertIn("since 1.10.0.json", said)

    def test_a_new_major_version_may_break(self):
        self.assertEqual(self.outcome({"1.0.0": self.of("1.0.0")}, self.of("2.0.0", "/other"))[0], 0)

    def test_a_change_raises_the_version(self):
        released = {"1.0.0": self.of("1.0.0", "/a")}
        self.assertEqual(self.outcome(released, self.of("1.0.0", "/a"))[0], 0)
        changed = self.of("1.0.0", "/a")
        changed["info"]["title"] = "Another"
        code, said = self.outcome(released, changed)
        self.assertEqual(code, 2)
        self.assertIn("raise info.version", said)
        changed["info"]["version"] = "1.0.1"
        self.assertEqual(self.outcome(released, changed)[0], 0)

    def test_a_version_before_the_release_is_refused(self):
        self.assertEqual(self.outcome({"1.1.0": self.of("1.1.0")}, self.of("1.0.9"))[0], 2)


if __name__ == "__main__":
    unittest.main()
