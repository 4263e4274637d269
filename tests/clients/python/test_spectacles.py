"""Spectacles, a continuous integration tool for LookML: its calls as it makes them, and the tool itself."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from http_api import Api
from server import ROOT, Server, running, wait_until


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


def check(server, command, *arguments):
    """Runs a command of Spectacles, unmodified, on the project `thelook` of a server."""
    keys = server.credentials
    base_url, port = keys.base_url.rsplit(":", 1)
    program = Path(sys.executable).with_name("spectacles")
    where = ["--base-url", base_url, "--port", port, "--project", "thelook", "--do-not-track"]
    who = {"LOOKER_CLIENT_ID": keys.client_id, "LOOKER_CLIENT_SECRET": keys.client_secret}
    return subprocess.run(
        [program, command, *where, *arguments],
        capture_output=True,
        text=True,
        cwd=server.folder,
        env=os.environ | who | {"NO_COLOR": "1"},
        timeout=300,
        check=False,
    )


PASSES = [
    ("lookml",),
    ("sql",),
    ("sql", "--fail-fast"),
    ("sql", "--chunk-size", "7", "--concurrency", "3"),
    ("assert",),
    ("assert", "--explores", "thelook/orders"),
]


@pytest.mark.parametrize("command", PASSES, ids=" ".join)
def test_the_demonstration_passes(demo, command):
    done = check(demo, *command)
    assert done.returncode == 0, done.stdout + done.stderr


# Path, what stands there, and the mistake in its place.
MISTAKES = [
    ("views/users.view.lkml", "sql: ${TABLE}.traffic_source ;;", "sql: ${TABLE}.no_such_column ;;"),
    ("views/orders.view.lkml", "sql: 1.0 * ${cancelled_count} /", "sql: 1.0 * ${canceled_count} /"),
    ("tests/data_tests.lkml", "expression: ${orders.count} = 1 ;;", "expression: ${orders.count} = 2 ;;"),
]


@pytest.fixture(scope="module")
def mistaken(demo, tmp_path_factory):
    """A server on a copy of the demonstration with one mistake for each validator."""
    folder = tmp_path_factory.mktemp("mistaken")
    project = shutil.copytree(ROOT / "demo" / "thelook", folder / "thelook")
    for path, right, wrong in MISTAKES:
        file = project / path
        text = file.read_text()
        assert text.count(right) == 1, (path, right)
        file.write_text(text.replace(right, wrong))
    database = demo.data_dir / "demo" / "thelook.duckdb"
    with running(Server.project(folder, project, "thelook", database)) as server:
        yield server


def told(done):
    """What a run says that found something, in one line: it breaks lines where they are long."""
    text = done.stdout + done.stderr
    assert done.returncode not in (0, 1), text
    return " ".join(re.sub(r"\x1b\[\d*m", "", text).split())


def test_a_mistake_in_the_lookml_is_found(mistaken):
    text = told(check(mistaken, "lookml"))
    assert 'Unknown or inaccessible field "orders.canceled_count"' in text, text
    assert "views/orders.view.lkml" in text, text


def test_a_dimension_that_fails_is_found(mistaken):
    text = told(check(mistaken, "sql"))
    assert "users.traffic_source" in text and "no_such_column" in text, text
    assert "users.city" not in text, text


def test_an_assertion_that_fails_is_found(mistaken):
    text = told(check(mistaken, "assert"))
    assert 'Assertion "one_row_for_each_order" failed: expression evaluated to "No".' in text, text
    assert "order_id_is_unique" in text and "every_item_has_an_order" not in text, text
