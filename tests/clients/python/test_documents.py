"""The documents that the server describes itself with: against the official SDK, validators and generators."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator

import sdk_source
from http_api import Api

SDK_RELEASE = "26.22"

# Answers that the SDK expects otherwise than the document says: the list that the prose promises, and a picture.
OTHER_ANSWERS = {"search_lookml_dashboards", "render_task_results"}


def fetch(demo, path):
    with Api(demo) as client:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def openapi(demo):
    return fetch(demo, f"/openapi.json?release={SDK_RELEASE}")


@pytest.fixture(scope="module")
def operations(openapi):
    """Each operation by its id, with verb and path."""
    return {
        operation["operationId"]: (verb, path, operation)
        for path, verbs in openapi["paths"].items()
        for verb, operation in verbs.items()
    }


@pytest.fixture(scope="module")
def schemas(openapi):
    return openapi["components"]["schemas"]


def resolved(openapi, value):
    """What a `$ref` in parameters and answers points at."""
    while "$ref" in value:
        node = openapi
        for key in value["$ref"].removeprefix("#/").split("/"):
            node = node[key]
        value = node
    return value


def kind(schema):
    """The type of a schema in the words that `sdk_source.kind` has."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "allOf" in schema:
        return kind(schema["allOf"][0])
    match schema.get("type"):
        case "array":
            return f"list of {kind(schema['items'])}"
        case "object":
            return f"map of {kind(schema.get('additionalProperties', {}))}"
        # The SDK has one type for days and moments.
        case "string" if schema.get("format") in ("date", "date-time"):
            return "date-time"
        case None:
            return "any"
        case plain:
            return plain


def is_written(schemas, value):
    """Whether requests have the property: it is not read-only, nor all that is in it."""
    within = schemas.get(kind(value), {}).get("properties")
    return not value.get("readOnly") and not (within and all(part.get("readOnly") for part in within.values()))


def test_every_method_of_the_sdk_is_an_operation_and_the_reverse(operations):
    assert operations.keys() == sdk_source.read_methods().keys()


def test_methods_send_what_operations_take(openapi, operations):
    differing = {}
    for name, method in sdk_source.read_methods().items():
        verb, path, operation = operations[name]
        parameters = [resolved(openapi, parameter) for parameter in operation.get("parameters", [])]
        query = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
        ours = (verb, path, query, "requestBody" in operation)
        theirs = (method.verb, method.path, set(method.query), method.takes_body)
        # The SDK signs in by itself, with a form.
        if ours != theirs and name != "login":
            differing[name] = (ours, theirs)
    assert not differing


def test_methods_expect_what_operations_answer(openapi, operations):
    differing = {}
    for name, method in sdk_source.read_methods().items():
        _, _, operation = operations[name]
        answers = [answer for code, answer in sorted(operation["responses"].items()) if code.startswith("2")]
        contents = [content for answer in answers for content in answer.get("content", {}).values()]
        ours = kind(contents[0]["schema"]) if contents else "none"
        if ours != method.answer:
            differing[name] = (ours, method.answer)
    assert differing.keys() == OTHER_ANSWERS, differing


def test_every_model_of_the_sdk_is_a_schema_and_the_reverse(schemas):
    models = sdk_source.read_models()
    made_for_writing = {name for name in models if name.startswith("Write") and name not in schemas}
    assert models.keys() - made_for_writing == schemas.keys()


def test_models_have_the_properties_of_schemas(schemas):
    differing = {}
    models = sdk_source.read_models()
    for name in schemas.keys() & models.keys():
        ours = {key: kind(value) for key, value in schemas[name].get("properties", {}).items()}
        theirs = models[name].properties
        for key in ours.keys() | theirs.keys():
            # The SDK takes any values in some maps that the document says to hold texts.
            if ours.get(key) != theirs.get(key) and (ours.get(key), theirs.get(key)) != ("map of string", "map of any"):
                differing[f"{name}.{key}"] = (ours.get(key), theirs.get(key))
    assert not differing


def test_models_for_writing_have_what_is_not_read_only(schemas):
    differing = {}
    models = sdk_source.read_models()
    for name, model in models.items():
        schema = schemas.get(name.removeprefix("Write")) if name.startswith("Write") else None
        if schema and name not in schemas:
            ours = {key for key, value in schema["properties"].items() if is_written(schemas, value)}
            # The listing of 26.12 lets it be written; the SDK of 26.22 does not.
            ours -= {"is_active"} if name == "WriteGoldenQuery" else set()
            if ours != model.properties.keys():
                differing[name] = ours ^ model.properties.keys()
    assert not differing


@pytest.mark.parametrize("release", ["26.22", "26.12", "24.0", "21.0"])
def test_the_documents_are_valid(demo, release):
    OpenAPIV30SpecValidator(fetch(demo, f"/openapi.json?release={release}")).validate()
    OpenAPIV2SpecValidator(fetch(demo, f"/swagger.json?release={release}")).validate()


@pytest.mark.parametrize("language", ["rust", "go", "java"])
def test_clients_can_be_generated(demo, tmp_path, language):
    assert shutil.which("java"), "the generator needs a Java runtime: `make setup` installs one"
    generator = Path(sys.executable).with_name("openapi-generator-cli")
    command = [generator, "generate", "-g", language, "-o", tmp_path / "out"]
    command += ["-i", f"{demo.credentials.base_url}/api/4.0/openapi.json"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=600, check=False)
    log = done.stdout + done.stderr
    assert done.returncode == 0, log[-3000:]
    assert "invalid specification" not in log and "Exception in thread" not in log, log[-3000:]
    made = "\n".join(path.read_text(errors="replace") for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert "run_inline_query" in made or "RunInlineQuery" in made or "runInlineQuery" in made
