"""Requests that nobody would write: the server refuses them as its own document says, and never fails.

BELVEDERE_ODD_SECONDS says how long each run may last; without it a run is short.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from http_api import Api
from server import ROOT

SECONDS = int(os.environ.get("BELVEDERE_ODD_SECONDS", "20"))
# The product's document names few of the statuses that every operation may answer, and `text` as a media type: what is
# checked is that nothing fails and that every body has its schema.
CHECKS = "not_a_server_error,response_schema_conformance"


@pytest.fixture(scope="module")
def without_code():
    """The operations that answer 501."""
    lines = (ROOT / "contract/coverage.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


@pytest.fixture(scope="module")
def document(demo):
    with Api(demo) as client:
        return client.get("/openapi.json").json()


def operations(document):
    return [
        (verb, path, operation) for path, verbs in document["paths"].items() for verb, operation in verbs.items()
    ]


def names_fields(parameter):
    return "fields" in (parameter.get("name"), parameter.get("$ref", "").rsplit("/", 1)[-1])


def test_reading_never_fails_and_answers_in_its_schema(demo, api, document, without_code, tmp_path):
    kept = {}
    for verb, path, operation in operations(document):
        if verb == "get" and operation["operationId"] not in without_code:
            # Whoever names `fields` gets those alone, though the schema may require others.
            parameters = [parameter for parameter in operation.get("parameters", []) if not names_fields(parameter)]
            kept.setdefault(path, {})[verb] = operation | {"parameters": parameters}
    assert len(kept) > 20
    reading = tmp_path / "openapi.json"
    reading.write_text(json.dumps(document | {"paths": kept}))
    # Other methods of the same paths are operations of their own, some of them without code.
    (tmp_path / "schemathesis.toml").write_text("[phases.coverage]\nunexpected-methods = []\n")
    command = [Path(sys.executable).with_name("schemathesis"), "run", reading]
    command += ["--url", f"{demo.credentials.base_url}/api/4.0", "-H", f"Authorization: Bearer {api.token}"]
    command += ["--checks", CHECKS, "--mode", "all", "--max-time", str(SECONDS), "--no-color", "--seed", "1"]
    command += ["--generation-database", "none"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=SECONDS + 300, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def test_what_has_no_code_says_so(api, document, without_code):
    seen = set()
    for verb, path, operation in operations(document):
        if operation["operationId"] in without_code:
            address = re.sub(r"\{\w+\}", "1", path)
            answer = api.request(verb.upper(), address, json={} if "requestBody" in operation else None)
            assert answer.status_code == 501, f"{operation['operationId']}: {answer.status_code} {answer.text}"
            api.assert_error(answer, 501)
            seen.add(operation["operationId"])
    # Operations that the newest release dropped stand in no document of it, but still answer.
    assert len(without_code - seen) <= 5
