"""A client that was written for API 3.1: integer ids, spaces, plain HTTP."""

import pytest
import requests

QUERY = {
    "model": "thelook",
    "view": "orders",
    "fields": ["orders.status", "orders.count"],
    "sorts": ["orders.status"],
}


class OldClient:
    """What programs of the time did by hand: one session, one base path, tokens in `Authorization: token`."""

    def __init__(self, server):
        key = server.credentials
        self.base = f"{key.base_url}/api/3.1"
        self.session = requests.Session()
        self.session.trust_env = False
        key = {"client_id": key.client_id, "client_secret": key.client_secret}
        login = self.session.post(f"{self.base}/login", data=key)
        login.raise_for_status()
        self.session.headers["Authorization"] = f"token {login.json()['access_token']}"

    def call(self, method, path, status=200, **kwargs):
        answer = self.session.request(method, self.base + path, **kwargs)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def client(demo):
    client = OldClient(demo)
    yield client
    client.call("DELETE", "/logout", 204)


def test_the_versions_name_3_1(demo):
    versions = requests.get(f"{demo.credentials.base_url}/versions").json()
    old = next(version for version in versions["supported_versions"] if version["version"] == "3.1")
    assert old["status"] == "deprecated"
    document = requests.get(old["swagger_url"]).json()
    assert document["info"]["version"] == old["full_version"] == "3.1.0"
    assert sum(len(methods) for methods in document["paths"].values()) == 355


def test_ids_are_integers(client):
    me = client.call("GET", "/user")
    assert isinstance(me["id"], int)
    assert client.call("GET", f"/users/{me['id']}")["id"] == me["id"]
    assert all(isinstance(user["id"], int) for user in client.call("GET", "/users", params={"fields": "id"}))


def test_a_query_is_made_and_run_by_its_number(client):
    query = client.call("POST", "/queries", json=QUERY)
    assert isinstance(query["id"], int)
    rows = client.call("GET", f"/queries/{query['id']}/run/json")
    assert rows == client.call("POST", "/queries/run/json", json=QUERY)
    assert rows and all(isinstance(row["orders.count"], int) for row in rows)


def test_rows_are_those_of_4_0(client, sdk):
    old = client.session.post(f"{client.base}/queries/run/csv", json=QUERY).text
    assert old == sdk.run_inline_query("csv", body=QUERY)


def test_models_and_explores_are_read(client):
    models = client.call("GET", "/lookml_models", params={"fields": "name,explores(name)"})
    assert "thelook" in [model["name"] for model in models]
    explore = client.call("GET", "/lookml_models/thelook/explores/orders")
    assert explore["name"] == "orders" and "always_join" not in explore


def test_spaces_are_known_and_boards_are_not(client):
    """Spaces answer as folders do; boards came under this name with 4.0."""
    newest = client.session.get(client.base.replace("3.1", "4.0") + "/folders/1").status_code
    assert client.session.get(f"{client.base}/spaces/1").status_code == newest
    refused = client.call("GET", "/boards", 404)
    assert refused["message"] == "Not found"


def test_errors_name_the_version(client):
    refused = client.call("GET", "/queries/999999999", 404)
    assert refused["documentation_url"].endswith("/r/err/3.1/404/get/queries/:query_id")
