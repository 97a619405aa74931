"""The clients of `run`: how each is generated, compiled and started."""

import os
import pathlib
from dataclasses import dataclass
from typing import Callable

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# The ready-made clients; their tests need the vectors.
READY = ROOT / "clients"
VECTORS = {"MUSTER_CONFORMANCE": str(ROOT / "openapi/conformance")}

# Generated, and their sources read; their tools come neither from Debian nor from npm, PyPI or cargo.
CHECKED = ("kotlin", "csharp", "dart")

JARS = (
    "jackson-core jackson-databind jackson-annotations jakarta-annotation-api jsr305 httpclient httpcore httpmime "
    "commons-logging commons-codec"
).split()
# Debian's packages of Go are found by path alone.
GO_PATH = pathlib.Path("/usr/share/gocode")


@dataclass(frozen=True)
class Place:
    document: pathlib.Path
    python: pathlib.Path
    node: pathlib.Path
    # The packages of `clients/typescript`.
    ready: pathlib.Path
    cargo: pathlib.Path


@dataclass(frozen=True)
class Language:
    name: str
    generator: str
    # The commands that generate and compile into a folder, each with options of `subprocess.run`.
    steps: Callable
    # The command of the flow, and variables of its environment.
    run: Callable = None
    # The name in `faults.LANGUAGES`, and where the sources are.
    sources: str = ""
    generated: str = "generated"
    # What the generator prints where it left something out.
    left_out: str = ""


def generate(place: Place, into, name: str, properties: str = "", folder: str = "generated", *options):
    """openapi-generator, from the wheel on PyPI that holds it; it needs a `java`."""
    words = [place.python / "bin/openapi-generator-cli", "generate", "-i", place.document, "-g", name, "-o", into / folder]
    tests = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
    words += ["--global-property", tests, *options]
    if properties:
        words += ["--additional-properties", properties]
    return words, {}


def copy(source: str, into) -> tuple:
    return ["cp", "-r", *sorted((HERE / source).iterdir()), into], {}


def ready(language: str, into, *names: str) -> tuple:
    return ["cp", "-r", *(READY / language / name for name in names), into], {}


def typescript_ready(place, into):
    """Generates, compiles and tests the client, and compiles the flow against it as a program that has it installed."""
    client, packages, tsc = into / "client", into / "node_modules", place.ready / "node_modules/.bin/tsc"
    yield ["mkdir", client, packages], {}
    yield ready("typescript", client, "generate", "package.json", "tsconfig.json", "src", "test")
    yield ["ln", "-s", place.ready / "node_modules", client], {}
    yield [client / "generate", place.document], {}
    yield [tsc, "-p", client], {}
    yield ["sh", "-c", "node --test dist/test/*.test.js"], {"cwd": client, "env": {**os.environ, **VECTORS}}
    yield ["ln", "-s", client, packages / "muster-client"], {}
    yield ["ln", "-s", place.ready / "node_modules/@types", packages], {}
    yield ["cp", *(HERE / "typescript" / name for name in ("fetch.mts", "flow.ts", "tsconfig.json")), into], {}
    yield [tsc, "-p", into], {}


def typescript_hey(place, into):
    yield copy("typescript", into)
    yield ["ln", "-s", place.node / "node_modules", into], {}
    yield ["rm", into / "fetch.mts"], {}
    yield ready("typescript", into, "src/canonical.ts", "src/receipts.ts")
    plugins = ["-p", "@hey-api/client-fetch", "-p", "@hey-api/sdk", "-p", "@hey-api/typescript"]
    words = [place.node / "node_modules/.bin/openapi-ts", "-i", place.document, "-o", into / "generated/hey", *plugins]
    yield words, {"cwd": into}
    yield [place.node / "node_modules/.bin/tsc", "-p", into], {}


def node(name):
    return lambda place, into: (["node", into / "built" / name], {})


def python_ready(place, into):
    """Generates, checks and tests the client."""
    path = {"PATH": f"{place.python / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": "src", **VECTORS}
    options = {"cwd": into, "env": {**os.environ, **path}}
    yield ready("python", into, "generate", "generator.yaml", "pyproject.toml", "src", "tests")
    yield [into / "generate", place.document], options
    yield ["mypy"], options
    yield ["python", "-m", "unittest", "discover", "-s", "tests"], options


def python_generator(place, into):
    yield generate(place, into, "python", "packageName=muster_client")
    yield [place.python / "bin/python", "-m", "compileall", "-q", into / "generated/muster_client"], {}


def python(folder, package):
    def words(place, into):
        path = f"{into / package}:{READY / 'python/src'}"
        return [place.python / "bin/python", HERE / folder / "flow.py"], {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    return words


def class_path(into):
    return ":".join([str(into / "classes"), *(f"/usr/share/java/{jar}.jar" for jar in JARS)])


def java(place, into):
    properties = "openApiNullable=false,useJakartaEe=true,useSingleRequestParameter=true,hideGenerationTimestamp=true"
    yield generate(place, into, "java", properties, "generated", "--library", "native")
    # These need a module of Jackson that Debian does not package; `standin` has what stands for it.
    of_dates = [into / f"generated/src/main/java/org/openapitools/client/RFC3339{name}.java" for name in ("JavaTimeModule", "InstantDeserializer")]
    yield ["rm", "-f", *of_dates], {}
    sources = f"find '{into}/generated/src/main' '{HERE}/java' -name '*.java' > '{into}/sources'"
    yield ["sh", "-c", sources], {}
    options = ["-proc:none", "-nowarn", "-encoding", "UTF-8", "-d", into / "classes", "-cp", class_path(into)]
    yield ["javac", *options, f"@{into}/sources"], {}


def go(place, into):
    yield generate(place, into, "go", "packageName=muster,enumClassPrefix=true", "go/src/muster")
    yield ["rm", "-rf", into / "go/src/muster/test", into / "go/src/muster/go.mod"], {}
    yield ["cp", "-r", HERE / "go", into / "go/src/flow"], {}
    yield ["go", "vet", "flow", "muster"], {"env": go_environment(into)}
    yield ["go", "build", "-o", into / "flow", "flow"], {"env": go_environment(into)}


def go_environment(into):
    return {**os.environ, "GO111MODULE": "off", "GOPATH": f"{into / 'go'}:{GO_PATH}", "GOFLAGS": "", "CGO_ENABLED": "0"}


def rust(place, into):
    yield copy("rust", into)
    properties = "packageName=muster_client,packageVersion=0.0.0,supportAsync=false,supportMultipleResponses=true"
    yield generate(place, into, "rust", properties, "generated", "--library", "reqwest")
    yield ["cargo", "build", "--locked", "--quiet", "--target-dir", place.cargo], {"cwd": into}
    yield ["cp", place.cargo / "debug/flow", into / "flow"], {}


def built(place, into):
    return [into / "flow"], {}


def sources_only(name, properties=""):
    return lambda place, into: iter([generate(place, into, name, properties)])


def languages() -> list[Language]:
    generator = "openapi-generator"
    return [
        Language("rust", f"{generator} rust, reqwest", rust, built, "rust"),
        Language(
            "java", f"{generator} java, native", java, lambda _, into: (["java", "-cp", class_path(into), "Flow"], {}), "java"
        ),
        Language("go", f"{generator} go", go, built, "go", "go/src/muster"),
        Language("typescript-fetch", "clients/typescript, openapi-fetch", typescript_ready, node("fetch.mjs")),
        Language("typescript-hey", "@hey-api/openapi-ts", typescript_hey, node("hey.js")),
        Language(
            "python-client", "clients/python, openapi-python-client", python_ready, python("python-client", "src"), left_out="WARNING"
        ),
        Language(
            "python-generator", f"{generator} python", python_generator, python("python-generator", "generated"), "python"
        ),
        Language("kotlin", f"{generator} kotlin", sources_only("kotlin"), sources="kotlin"),
        Language("csharp", f"{generator} csharp", sources_only("csharp"), sources="csharp"),
        Language("dart", f"{generator} dart", sources_only("dart"), sources="dart"),
    ]
