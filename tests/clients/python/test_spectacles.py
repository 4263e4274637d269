"""The calls of Spectacles, a continuous integration tool for LookML, as it makes them."""

import pytest

from http_api import Api
from server import wait_until


@pytest.fixture
def spectacles(demo):
    """Signed in the way that Spectacles signs in."""
    with Api(demo) as client:
        reply = client.post("/login", data=client.keys).json()
        assert set(reply) == {"access_token", "token_type", "expires_in", "refresh_token"}
        client.headers["Authorization"] = f"token {reply['access_token']}"
        assert client.get("/versions").json()["looker_release_version"]
        assert client.get("/session").json()["workspace_id"] == "production"
        assert client.patch("/session", json={"workspace_id": "dev"}).json()["workspace_id"] == "dev"
        yield client
        assert client.delete("/logout").status_code == 204


def validate(client, explore, dimensions):
    """Asks for no rows of an explore, as its SQL validation does, and gives the finished results by task id."""
    query = client.post(
        "/queries",
        params={"fields": "id,share_url"},
        json={"model": "thelook", "view": explore, "fields": dimensions, "limit": 0, "filter_expression": "1=2"},
    ).json()
    assert query.keys() == {"id", "share_url"}
    body = {"query_id": query["id"], "result_format": "json_bi"}
    task = client.post("/query_tasks", params={"fields": "id", "cache": "false"}, json=body).json()
    assert task.keys() == {"id"}

    def look():
        results = client.get("/query_tasks/multi_results", params={"query_task_ids": task["id"]}).json()
        return results if results[task["id"]]["status"] not in ("added", "running") else None

    return wait_until(look, 60, "the task ends")[task["id"]]


def test_every_dimension_of_every_explore_is_valid_sql(spectacles):
    (model,) = spectacles.get("/lookml_models", params={"fields": "name,project_name,explores"}).json()
    assert model["project_name"] == "thelook" and len(model["explores"]) >= 6
    for explore in model["explores"]:
        path = f"/lookml_models/thelook/explores/{explore['name']}"
        fields = spectacles.get(path, params={"fields": "fields"}).json()["fields"]
        names = [field["name"] for field in fields["dimensions"] if not field["hidden"]]
        result = validate(spectacles, explore["name"], names)
        assert result["status"] == "complete", result
        assert result["data"]["rows"] == [], result["data"]["rows"]
        described = result["data"]["metadata"]["fields"]["dimensions"]
        assert [field["name"] for field in described] == names


def test_a_dimension_that_the_database_refuses_is_told(shop_server):
    with Api(shop_server) as client:
        client.login()
        query = client.post(
            "/queries",
            json={
                "model": "shop",
                "view": "people",
                "fields": ["people.no_column"],
                "limit": 0,
                "filter_expression": "1=2",
            },
        ).json()
        task = client.post("/query_tasks", json={"query_id": query["id"], "result_format": "json_bi"}).json()
        path = f"/query_tasks/multi_results?query_task_ids={task['id']}"
        wait_until(lambda: client.get(path).json()[task["id"]]["status"] == "error", 60, "the task fails")
        result = client.get(path).json()[task["id"]]
        (row,) = result["data"]["rows"]
        assert "no_such_column" in row["looker_error"]


def test_sql_can_be_fetched_for_a_query(spectacles):
    body = {"model": "thelook", "view": "users", "fields": ["users.id"], "limit": 0, "filter_expression": "1=2"}
    query = spectacles.post("/queries", json=body).json()
    for answer in (spectacles.get(f"/queries/{query['id']}/run/sql"), spectacles.post("/queries/run/sql", json=body)):
        assert answer.status_code == 200 and '"users.id"' in answer.text


def test_cancelling_what_is_finished_is_not_found(spectacles):
    query = spectacles.post("/queries", json={"model": "thelook", "view": "users", "fields": ["users.count"]}).json()
    task = spectacles.post("/query_tasks", json={"query_id": query["id"], "result_format": "json_bi"}).json()
    path = f"/query_tasks/{task['id']}"
    wait_until(lambda: spectacles.get(path).json()["status"] == "complete", 60, "the task ends")
    assert spectacles.delete(f"/running_queries/{task['id']}").status_code == 404
