"""Looks in generated sources for what generators are known to make of a document that they cannot read.

A model or a member that is missing, a class that stands for an inline schema and is named by its place, a quantity in
single precision, a member of no type although the document gives one, and names that collide. `faults` answers sentences.
"""

import pathlib
import re
from collections import Counter
from dataclasses import dataclass


@dataclass
class Language:
    """Where the models and operations of a generator are, and what a member and a method look like."""

    models: str  # a glob of files, below the folder of what was generated
    operations: str
    # Groups: the member's name in JSON, and, if the types are checked, the name in the language and the type.
    member: str
    method: str  # Groups: name, parameters.
    constant: str = "(?!)"  # Group: the name of a constant of an enum.
    single: str = r"\b[Ff]loat(32)?\b|\bf32\b"
    untyped: str = "(?!)"
    parameter_first: bool = True  # `name: type` rather than `type name`
    # The names of members in JSON and in the language, where the declaration does not have both.
    names: str = ""


LANGUAGES = {
    "go": Language("model_*.go", "api_*.go", r"(?P<json>)`json:\"([^\",]+)", r"\nfunc \(a \*\w+\) (\w+)\(([^)]*)\)"),
    "java": Language(
        "src/main/java/**/model/*.java",
        "src/main/java/**/api/*.java",
        r"(?P<json>)JSON_PROPERTY_\w+ = \"([^\"]+)\"",
        r"\n  public [\w<>.]+ (\w+)\(([^)]*)\)",
        single=r"\n  private [\w<, ]*\bFloat\b",  # what reads a union names every type of number
        parameter_first=False,
    ),
    "rust": Language("src/models/*.rs", "src/apis/*.rs", r"(?P<json>)rename = \"([^\"]+)\"", r"\npub fn (\w+)\(([^)]*)\)"),
    "python": Language(
        "muster_client/models/*.py",
        "muster_client/api/*.py",
        r"(?P<json>)(?:alias=|__properties: ClassVar\[List\[str\]\] = \[|(?<=\", ))\"([^\"]+)\"",
        r"\n    def (\w+)\(([^()]*)\)?",
        single="(?!)",  # its `float` is a double
    ),
    "kotlin": Language(
        "src/main/kotlin/**/models/*.kt",
        "src/main/kotlin/**/apis/*.kt",
        r"@Json\(name = \"(?P<json>[^\"]+)\"\)\s+va[lr] (?P<name>`?\w+`?): (?P<type>[^\n=]+)",
        r"\n    fun (\w+)\(([^)]*)\)",
        r"@Json\(name = [^)]*\)\s+(\w+)\(",
        untyped=r"\bAny\b",
    ),
    "csharp": Language(
        "src/Org.OpenAPITools/Model/*.cs",
        "src/Org.OpenAPITools/Api/*.cs",
        r"\[JsonPropertyName\(\"(?P<json>[^\"]+)\"\)\]\s+public (?P<type>[^{\n]+?) (?P<name>\w+) \{",
        r"\n        public async Task<\w+> (\w+)Async\(([^)]*)\)",
        r"\n +(\w+) = \d+,?(?=\n)",
        untyped=r"\b[Oo]bject\b",
        parameter_first=False,
    ),
    "dart": Language(
        "lib/model/*.dart",
        "lib/api/*.dart",
        r"\n  (?:final )?(?P<type>\w[\w<>, ?]*) (?P<name>\w+);(?P<json>)",
        r"\n  Future<[^(]+> (\w+)\(([^)]*)\)",
        r"static const (\w+) = \w+\._\(",
        untyped=r"\b(Object|dynamic)\b",
        parameter_first=False,
        names=r"json\[r'([^']+)'\] = [^;]*?this\.(\w+)",
    ),
}

# Files of models that stand for no schema.
HELPERS = {"abstractopenapischema", "mod", "init"}


def plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


class Document:
    def __init__(self, document: dict):
        self.schemas = document["components"]["schemas"]
        self.operations = {
            operation["operationId"]
            for path in document["paths"].values()
            for operation in path.values()
            if isinstance(operation, dict) and "operationId" in operation
        }
        # The members of a form become parameters of the method, and there is no model.
        self.forms = {
            content["schema"].get("$ref", "").rsplit("/", 1)[-1]
            for path in document["paths"].values()
            for operation in path.values()
            if isinstance(operation, dict)
            for media, content in operation.get("requestBody", {}).get("content", {}).items()
            if media == "application/x-www-form-urlencoded"
        }

    def resolved(self, schema: dict) -> dict:
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def members(self, schema: dict) -> dict:
        schema = self.resolved(schema)
        members = dict(schema.get("properties", {}))
        for part in schema.get("allOf", []):
            members.update(self.members(part))
        return members

    def typed(self, schema: dict) -> bool:
        """Whether a language can be expected to have a type for it."""
        schema = self.resolved(schema)
        several = [part for part in schema.get("oneOf", []) + schema.get("anyOf", []) if part.get("type") != "null"]
        if len(several) == 1:
            return self.typed(several[0])
        kinds = schema.get("type", [])
        kinds = [kind for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"]
        if self.members(schema) or "enum" in schema:
            return True
        if kinds == ["array"]:
            return self.typed(schema.get("items", {}))
        if kinds == ["object"]:
            values = schema.get("additionalProperties")
            return isinstance(values, dict) and self.typed(values)
        return len(kinds) == 1


def faults(name: str, folder: pathlib.Path, document: dict) -> list[str]:
    language, contract = LANGUAGES[name], Document(document)
    models = {path: path.read_text() for path in sorted(folder.glob(language.models))}
    operations = {path: path.read_text() for path in sorted(folder.glob(language.operations))}
    return (
        list(of_names(models))
        + list(of_models(language, contract, models))
        + list(of_operations(language, contract, operations))
        + [f"{path.name}: single precision" for path, text in models.items() if re.search(language.single, text)]
    )


def of_names(models):
    for name, times in Counter(plain(path.stem) for path in models).items():
        if times > 1:
            yield f"{times} models are called {name}"


def of_models(language: Language, contract: Document, models):
    components = {plain(name): name for name in contract.schemas}
    found = {}
    for path, text in models.items():
        stem = plain(path.stem)
        for known in (stem, stem.removeprefix("model"), stem.removesuffix("model")):
            if known in components:
                found[components[known]] = (path, text)
                break
        else:
            if stem not in HELPERS:
                yield f"{path.name}: a model that is no component: its schema stands somewhere inline, or is a union"
    for name, schema in contract.schemas.items():
        wanted = contract.members(schema)
        if wanted and name not in found and name not in contract.forms:
            yield f"{name}: no model"
        elif wanted and name in found:
            text = found[name][1]
            yield from of_members(language, contract, name, wanted, text)
        if name in found:
            for constant, times in Counter(re.findall(language.constant, found[name][1])).items():
                if times > 1:
                    yield f"{name}: {times} constants are called {constant}"


def of_members(language: Language, contract: Document, name: str, wanted: dict, text: str):
    names = {inner: outer for outer, inner in re.findall(language.names, text)} if language.names else {}
    members, types = set(), {}
    for found in re.finditer(language.member, text):
        groups = found.groupdict()
        member = groups.get("json") or names.get(groups.get("name"), None) or (found[2] if "name" not in groups else None)
        if member:
            members.add(member)
            types[member] = groups.get("type", "")
    for member in sorted(set(wanted) - members):
        yield f"{name}.{member}: lost"
    for member in sorted(set(wanted) & set(types)):
        if re.search(language.untyped, types[member]) and contract.typed(wanted[member]):
            yield f"{name}.{member}: {types[member].strip()}, although the document gives a type"


def of_operations(language: Language, contract: Document, operations):
    methods = [method for text in operations.values() for method in re.findall(language.method, text)]
    made = {plain(name) for name, _ in methods}
    for operation in sorted(contract.operations):
        if plain(operation) not in made:
            yield f"{operation}: no method"
    for name, parameters in methods:
        for parameter, times in Counter(names_of(parameters, language.parameter_first)).items():
            if times > 1:
                yield f"{name}: {times} parameters are called {parameter}"


def names_of(parameters: str, first: bool) -> list[str]:
    """The names in a list of parameters, whose types may have commas in angle brackets."""
    flat = re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*>", "", parameters))
    names = []
    for parameter in re.split(r",", flat.strip(" {}")):
        words = re.findall(r"[\w`]+", parameter.split("=")[0])
        if words:
            names.append(words[0] if first else words[-1])
    return names
