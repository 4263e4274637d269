"""Every method about people, called once by the official SDK.

The methods are those of the document that the server serves; what they are called with stands in `../methods.json`,
from where the Node tests take it too. An operation that is new in these tags fails here until it has a case there.

A case is the arguments by name. `{create_user.id}` is a part of what another case answers, which is called for that
before; `{create_group#inner.id}` is that of a second group. `$after` names cases to be called first, `$answer` the
status of one that cannot succeed. Operations without code stand in `contract/coverage.txt`, and answer 501.
"""

import inspect
import itertools
import json
import re

import looker_sdk
import pytest
import requests
from looker_sdk.error import SDKError
from looker_sdk.rtl import serialize

from server import ROOT, Server, running
from test_oauth import Browser

TAGS = {"ApiAuth", "Auth", "Group", "Role", "Session", "User", "UserAttribute", "Workspace"}
PASSWORD = "Correct-horse-battery-7"

CASES = json.loads((ROOT / "tests/clients/methods.json").read_text())
DOCUMENT = json.loads((ROOT / "crates/api/src/generated/documents/openapi-4.0.json").read_text())
COVERAGE = (ROOT / "contract/coverage.txt").read_text().splitlines()
WITHOUT_CODE = {line for line in COVERAGE if not line.startswith("#")}

words = itertools.count()


def operations(document):
    """The names of the operations about people."""
    every = (operation for methods in document["paths"].values() for operation in methods.values())
    return [operation["operationId"] for operation in every if TAGS.intersection(operation.get("tags", ()))]


OPERATIONS = operations(DOCUMENT)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of its own: the cases leave behind whatever they make."""
    with running(Server.demo(tmp_path_factory.mktemp("methods"))) as server:
        yield server


@pytest.fixture
def calls(server):
    return Calls(server)


class Calls:
    """The calls of one case: each that it needs is made once, by an administrator with a token of its own."""

    def __init__(self, server):
        self.server = server
        self.sdk = looker_sdk.init40(str(server.ini))
        self.answers = {}

    def answer(self, name):
        """What the case answers, or a person who is there for it, by name and mark."""
        if name not in self.answers:
            operation = name.partition("#")[0]
            prepared = getattr(self, f"_{operation}", None)
            self.answers[name] = prepared() if prepared else self.call(operation)
        return self.answers[name]

    def call(self, operation):
        arguments = dict(CASES[operation])
        for earlier in arguments.pop("$after", ()):
            self.answer(earlier)
        status = arguments.pop("$answer", 200)
        if status == 200:
            return call(self.sdk, operation, self.filled(arguments))
        return refused(self.sdk, operation, self.filled(arguments), status)

    def filled(self, value):
        """The value with every reference in it followed."""
        if isinstance(value, dict):
            return {key: self.filled(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.filled(part) for part in value]
        if isinstance(value, str):
            return re.sub(r"\{([^{}]+)\}", lambda reference: self.followed(reference[1]), value)
        return value

    def followed(self, reference):
        if reference == "unique":
            return f"w{next(words)}"
        name, *path = reference.split(".")
        found = self.answer(name)
        for part in path:
            found = found[int(part) if part.isdigit() else part]
        return found

    def _keys(self):
        return {"client_id": self.server.credentials.client_id, "client_secret": self.server.credentials.client_secret}

    def _signed_in(self):
        """A user who is signed in with a browser."""
        reset = self.answer("create_user_credentials_email_password_reset")
        browser = Browser()
        done = browser.submit(browser.get(reset["password_reset_url"]), password=PASSWORD, again=PASSWORD)
        assert done.status_code == 200, done.text
        app = self.answer("register_oauth_client_app")
        asked = {"client_id": app["client_guid"], "redirect_uri": app["redirect_uri"], "response_type": "code"}
        asked |= {"scope": "cors_api", "code_challenge_method": "S256", "code_challenge": "a" * 43}
        page = browser.get(f"{self.server.credentials.base_url}/auth", params=asked)
        signed_in = browser.submit(page, email=self.filled("{create_user_credentials_email.email}"), password=PASSWORD)
        assert signed_in.status_code == 303, signed_in.text
        return {"user_id": self.filled("{create_user.id}")}

    def _locked_out(self):
        """An API key that somebody has guessed at."""
        key = {"client_id": self.filled("{create_user_credentials_api3.client_id}"), "client_secret": "a guess"}
        address = f"{self.server.credentials.base_url}/api/4.0/login"
        assert [requests.post(address, data=key).status_code for _ in range(5)] == [404] * 4 + [429]


def call(sdk, operation, arguments):
    """Calls the method, with a body of the type that it declares; gives the answer as it came over the wire."""
    method = getattr(sdk, operation)
    if "body" in arguments:
        kind = inspect.signature(method).parameters["body"].annotation
        arguments["body"] = sdk.deserialize(data=json.dumps(arguments["body"]), structure=kind)
    answer = method(**arguments)
    return None if answer is None else json.loads(sdk.serialize(api_model=answer) or b"null")


def refused(sdk, operation, arguments, status):
    with pytest.raises(SDKError) as error:
        call(sdk, operation, arguments)
    assert f"/err/4.0/{status}/" in error.value.documentation_url, error.value
    return None


def anything(method):
    """Arguments that fit a method, and mean nothing."""
    parameters = list(inspect.signature(method).parameters.values())
    needed = [one for one in parameters if one.default is inspect.Parameter.empty]
    return {one.name: {} if one.name == "body" and one.annotation is not str else "1" for one in needed}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_method_does_what_it_is_for(calls, operation):
    if operation in WITHOUT_CODE:
        method = getattr(calls.sdk, operation)
        with pytest.raises(SDKError) as error:
            method(**anything(method))
        assert "/err/4.0/501/" in error.value.documentation_url, error.value
        return
    assert operation in CASES, f"{operation} has no case in tests/clients/methods.json"
    calls.answer(operation)


def test_every_case_is_an_operation():
    assert [case for case in CASES if case not in OPERATIONS] == []
    assert [case for case in CASES if case in WITHOUT_CODE] == []


def test_the_server_serves_no_other_methods(server):
    served = requests.get(f"{server.credentials.base_url}/api/4.0/openapi.json").json()
    assert set(operations(served)) <= set(OPERATIONS)
