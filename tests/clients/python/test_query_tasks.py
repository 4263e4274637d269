"""Queries in the background: made, polled, fetched, stopped."""

import json

import pytest
import requests
from looker_sdk import error, models40

import formats
from server import wait_until

QUERY = {
    "model": "thelook",
    "view": "order_items",
    "fields": ["order_items.status", "order_items.count"],
    "sorts": ["order_items.status"],
}
FINISHED = {"complete", "error", "expired", "killed"}


@pytest.fixture
def query_id(sdk):
    return sdk.create_query(models40.WriteQuery(**QUERY)).id


def make_task(sdk, query_id, result_format="json", **options):
    body = models40.WriteCreateQueryTask(query_id=query_id, result_format=models40.ResultFormat(result_format))
    return sdk.create_query_task(body, **options)


def finished(sdk, task):
    """Polls a task to its end and gives its last state."""

    def look():
        found = sdk.query_task(task.id)
        return found if found.status in FINISHED else None

    return wait_until(look, 60, f"task {task.id} ends")


@pytest.mark.parametrize("result_format", [*formats.ALL[:1], *formats.ALL[2:], "sql"])
def test_a_task_gives_what_the_query_gives(sdk, query_id, result_format):
    task = make_task(sdk, query_id, result_format)
    assert task.id and task.query_id == query_id and task.result_format == result_format
    assert finished(sdk, task).status == "complete"
    text, direct = sdk.query_task_results(task.id), sdk.run_query(query_id, result_format)
    if result_format == "sql":
        assert text == direct
    else:
        wanted = formats.read(result_format, direct)
        assert wanted.rows and formats.read(result_format, text) == wanted


def test_options_of_a_task_are_those_of_a_run(sdk):
    body = models40.WriteQuery(model="thelook", view="order_items", fields=["order_items.total_sale_price"])
    query = sdk.create_query(body)
    task = make_task(sdk, query.id, "csv", apply_formatting=True, limit=1)
    assert finished(sdk, task).status == "complete"
    assert sdk.query_task_results(task.id) == sdk.run_query(query.id, "csv", apply_formatting=True)


def test_several_results_come_in_one_answer(sdk, query_id):
    tasks = [make_task(sdk, query_id, result_format) for result_format in ("json", "json_bi", "csv")]
    for task in tasks:
        assert finished(sdk, task).status == "complete"
    results = sdk.query_task_multi_results(models40.DelimSequence([task.id for task in tasks]))
    assert set(results) == {task.id for task in tasks}
    rows, detail, text = (results[task.id]["data"] for task in tasks)
    assert {result["status"] for result in results.values()} == {"complete"}
    assert rows == json.loads(sdk.run_query(query_id, "json"))
    assert [row["order_items.count"]["value"] for row in detail["rows"]] == [row["order_items.count"] for row in rows]
    assert text == sdk.run_query(query_id, "csv")


def test_a_task_keeps_its_query_and_its_answer_may_be_narrowed(api, query_id):
    body = {"query_id": query_id, "result_format": "json"}
    assert api.post("/query_tasks?fields=id", json=body).json().keys() == {"id"}
    whole = api.post("/query_tasks", json=body).json()
    assert whole["query"]["id"] == query_id and whole["status"] in {"added", "running", "complete"}


def test_a_task_of_no_query_is_refused(api):
    api.assert_error(api.post("/query_tasks", json={"query_id": "987654321", "result_format": "json"}), 404)
    body = api.assert_error(api.post("/query_tasks", json={}), 422, "Validation Failed")
    assert {(entry["field"], entry["code"]) for entry in body["errors"]} == {
        ("query_id", "missing_field"),
        ("result_format", "missing_field"),
    }


def test_a_failed_task_says_why(shop_server):
    import looker_sdk

    client = looker_sdk.init40(str(shop_server.ini))
    query = client.create_query(models40.WriteQuery(model="shop", view="people", fields=["people.no_column"]))
    tasks = {name: make_task(client, query.id, name) for name in ("json", "json_detail", "json_bi", "csv")}
    for name, task in tasks.items():
        assert finished(client, task).status == "error", name

    detail = json.loads(client.query_task_results(tasks["json_detail"].id))
    assert detail["status"] == "error" and "no_such_column" in json.dumps(detail["errors"])
    for name in ("json", "json_bi", "csv"):
        with pytest.raises(error.SDKError, match="no_such_column"):
            client.query_task_results(tasks[name].id)

    results = client.query_task_multi_results(models40.DelimSequence([tasks["json_bi"].id]))
    assert results[tasks["json_bi"].id]["status"] == "error"
    assert "no_such_column" in json.dumps(results)
    client.auth.logout()


def test_a_task_that_runs_has_no_results_yet_and_can_be_killed(endless):
    sdk, query_id = endless
    task = make_task(sdk, query_id)
    wait_until(lambda: sdk.query_task(task.id).status == "running", 60, "the task runs")
    address = f"{sdk.auth.settings.base_url}/api/4.0/query_tasks/{task.id}/results"
    answer = requests.get(address, headers=sdk.auth.authenticate({}), timeout=60)
    assert (answer.status_code, answer.content) == (202, b"")
    assert int(answer.headers["Retry-After"]) >= 0

    (running,) = [query for query in sdk.all_running_queries() if query.query_task_id == task.id]
    assert running.query_id == query_id and running.connection_name == "big_data"
    assert sdk.kill_query(task.id) in ("", None)
    assert finished(sdk, task).status == "killed"
    wait_until(lambda: not sdk.all_running_queries(), 30, lambda: f"nothing runs: {sdk.all_running_queries()}")


@pytest.fixture
def endless(big_server):
    """An SDK and a query that computes for longer than anybody waits."""
    import looker_sdk

    client = looker_sdk.init40(str(big_server.ini))
    body = models40.WriteQuery(model="big", view="endless", fields=["endless.total"])
    yield client, client.create_query(body).id
    client.auth.logout()
