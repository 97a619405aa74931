"""An OpenAPI document as `compatible.py` reads it: its operations, and one view of each schema however it is put together."""

import copy

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Limits: whether a smaller number is tighter.
LIMITS = {
    "maximum": True,
    "exclusiveMaximum": True,
    "maxLength": True,
    "maxItems": True,
    "maxProperties": True,
    "minimum": False,
    "exclusiveMinimum": False,
    "minLength": False,
    "minItems": False,
    "minProperties": False,
}


class Unreadable(Exception):
    """A document that is none, or one with references that lead nowhere."""


class Document:
    def __init__(self, document: dict):
        if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
            raise Unreadable("not an OpenAPI document of version 3")
        self.root = document
        self.schemas = document.get("components", {}).get("schemas", {})
        self.components = {}

    def found(self, thing):
        """The thing itself, or what it refers to."""
        for _ in range(50):
            if not isinstance(thing, dict) or "$ref" not in thing:
                return thing
            reference, target = thing["$ref"], self.root
            if not reference.startswith("#/"):
                raise Unreadable(f"{reference}: references lead into the document itself only")
            for part in reference[2:].split("/"):
                part = part.replace("~1", "/").replace("~0", "~")
                if not isinstance(target, dict) or part not in target:
                    raise Unreadable(f"{reference}: leads nowhere")
                target = target[part]
            thing = target
        raise Unreadable(f"{thing['$ref']}: refers to itself")

    def operations(self):
        for path, item in self.root.get("paths", {}).items():
            item = self.found(item)
            for method in METHODS:
                if method in item:
                    yield path, method, item[method], item.get("parameters", [])

    def security(self, operation) -> list:
        return operation.get("security", self.root.get("security", [])) or [{}]

    def view(self, schema, reading=()) -> "View":
        """One view of a schema with what it refers to and all that `allOf` adds."""
        view = View()
        if schema is True or schema == {} or schema is None:
            return view
        if schema is False:
            view.types = set()
            return view
        if "$ref" in schema:
            view = copy.copy(self.component(schema["$ref"], reading))
        view.narrow(schema)
        parts = [self.view(part, reading) for part in schema.get("allOf", [])]
        for part in parts:
            view.join(part)
        if len(parts) == 1 and "properties" not in schema:
            view.name = view.name or parts[0].name
        for keyword in ("oneOf", "anyOf"):
            parts = schema.get(keyword, [])
            others = [part for part in parts if not self.is_null(part)]
            if len(others) == 1:
                inner = self.view(others[0], reading)
                if len(others) < len(parts):
                    inner.types = None if inner.types is None else inner.types | {"null"}
                    inner.nullable = True
                view.join(inner)
                view.name = view.name or inner.name
            elif others:
                view.variants = view.variants + others
                view.nullable = view.nullable or len(others) < len(parts)
        return view

    def component(self, reference, reading) -> "View":
        """Made once: what `allOf` joins in it then has one identity, and recursion through it ends."""
        if reference in reading:
            raise Unreadable(f"{reference}: consists of itself")
        if reference not in self.components:
            view = self.view(self.found({"$ref": reference}), (*reading, reference))
            view.name = reference.rsplit("/", 1)[-1]
            self.components[reference] = view
        return self.components[reference]

    def is_null(self, schema) -> bool:
        schema = self.found(schema)
        return isinstance(schema, dict) and (schema.get("type") == "null" or schema.get("const", 0) is None)


class View:
    """What a schema says, however it is put together. Its lists are replaced, never changed: copies share them."""

    def __init__(self):
        self.name = None
        self.types = None  # None: any
        self.format = None
        self.values = None  # of `enum` and `const`
        self.open = False
        self.limits = {}
        self.patterns = set()
        self.members = {}
        self.required = set()
        self.additional = None
        self.items = None
        self.unique = False
        self.default = None
        self.multiple = None
        self.variants = []
        self.nullable = False
        self.excluded = []  # of `not`
        self.dependent = set()  # of `dependentRequired`: a member, and one that must then be there

    def narrow(self, schema: dict):
        if "type" in schema:
            types = schema["type"]
            types = {types} if isinstance(types, str) else set(types)
            if schema.get("nullable") is True:
                types = types | {"null"}
            self.types = types if self.types is None else self.types & types
        self.format = schema.get("format", self.format)
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if values is not None:
            self.values = values if self.values is None else [value for value in self.values if value in values]
        self.open = self.open or bool(schema.get("x-extensible-enum"))
        for limit, smaller_is_tighter in LIMITS.items():
            if isinstance(schema.get(limit), (int, float)):
                known = self.limits.get(limit, schema[limit])
                self.limits = {**self.limits, limit: (min if smaller_is_tighter else max)(known, schema[limit])}
        if "pattern" in schema:
            self.patterns = self.patterns | {schema["pattern"]}
        for name, member in schema.get("properties", {}).items():
            member = {"allOf": [self.members[name], member]} if name in self.members else member
            self.members = {**self.members, name: member}
        self.required = self.required | set(schema.get("required", []))
        for name in ("additionalProperties", "items", "default", "multipleOf"):
            if name in schema:
                setattr(self, {"additionalProperties": "additional", "multipleOf": "multiple"}.get(name, name), schema[name])
        self.unique = self.unique or schema.get("uniqueItems") is True
        if "not" in schema:
            self.excluded = [*self.excluded, schema["not"]]
        for name, others in schema.get("dependentRequired", {}).items():
            self.dependent = self.dependent | {(name, other) for other in others}

    def join(self, other: "View"):
        if other.types is not None:
            self.types = other.types if self.types is None else self.types & other.types
        self.format = self.format or other.format
        if other.values is not None:
            self.values = other.values if self.values is None else [value for value in self.values if value in other.values]
        self.open = self.open or other.open
        for limit, value in other.limits.items():
            self.limits = {**self.limits, limit: (min if LIMITS[limit] else max)(self.limits.get(limit, value), value)}
        self.patterns = self.patterns | other.patterns
        for name, member in other.members.items():
            known = self.members.get(name)
            self.members = {**self.members, name: member if known in (None, member) else {"allOf": [known, member]}}
        self.required = self.required | other.required
        self.additional = other.additional if self.additional is None else self.additional
        self.items = other.items if self.items is None else self.items
        self.default = other.default if self.default is None else self.default
        self.multiple = other.multiple if self.multiple is None else self.multiple
        self.unique = self.unique or other.unique
        self.variants = self.variants + other.variants
        self.nullable = self.nullable or other.nullable
        self.excluded = self.excluded + other.excluded
        self.dependent = self.dependent | other.dependent

    def kinds(self):
        return None if self.types is None else self.types - {"null"}

    def may_be_null(self) -> bool:
        return self.nullable or (self.types is not None and "null" in self.types) or None in (self.values or [])

    def has_class(self) -> bool:
        """Whether generators make a class of it."""
        return bool(self.members or self.variants or (self.values and len(self.values) > 1))
