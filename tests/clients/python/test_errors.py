"""What goes wrong, and the status and body that belong to it in each format."""

import json
import select
import socket
from urllib.parse import urlsplit

import pytest

import formats
import shop

USERS = {"model": "thelook", "view": "users", "fields": ["users.count"]}
PEOPLE = {"model": "shop", "view": "people", "fields": ["people.id", "people.name"], "sorts": ["people.id"]}
RUN = "/queries/run/json"


def error_of(result_format, answer):
    """The message with which a run in this format says that the database or the planner refused."""
    body = formats.loads(answer.text)
    if result_format == "json_detail":
        assert answer.status_code == 200 and body["status"] == "error" and body["data"] == []
        (found,) = body["errors"]
        return f"{found['message']} {found['message_details']}"
    if result_format in formats.JSON:
        assert answer.status_code == 200
        rows = body["rows"] if result_format == "json_bi" else body
        (row,) = rows
        assert list(row) == ["looker_error"]
        return row["looker_error"]
    assert answer.status_code == 400
    return body["message"]


@pytest.mark.parametrize("result_format", formats.ALL)
@pytest.mark.parametrize("field, word", [("people.no_column", "no_such_column"), ("people.no_number", "Oslo|Rome")])
def test_an_error_of_the_database_is_told_in_the_shape_of_the_format(shop_api, result_format, field, word):
    answer = shop_api.run(result_format, {**PEOPLE, "fields": [field]})
    message = error_of(result_format, answer)
    assert any(part in message for part in word.split("|")), message
    shop_api.assert_keeps_to_itself(answer.text)
    if result_format in formats.TEXT:
        shop_api.assert_error(answer, 400)


@pytest.mark.parametrize("result_format", formats.ALL)
def test_an_unknown_field_is_told_in_the_shape_of_the_format(api, result_format):
    answer = api.run(result_format, {**USERS, "fields": ["users.count", "users.shoe_size"]})
    assert "users.shoe_size" in error_of(result_format, answer)
    api.assert_keeps_to_itself(answer.text)


def test_json_bi_keeps_its_metadata_beside_an_error(shop_api):
    body = shop_api.run("json_bi", {**PEOPLE, "fields": ["people.no_column"]}).json()
    assert "fields" in body["metadata"] and "no_such_column" in body["metadata"]["sql"]


@pytest.mark.parametrize("path", ["/queries", RUN])
def test_an_unknown_model_or_explore_is_not_found(api, path):
    for wrong in ({"model": "nothing"}, {"view": "nothing"}):
        api.assert_error(api.post(path, json={**USERS, **wrong}), 404, "Not found")


@pytest.mark.parametrize("path", ["/queries", RUN])
def test_every_missing_key_is_named_at_once(api, path):
    body = api.assert_error(api.post(path, json={"fields": ["users.count"]}), 422, "Validation Failed")
    assert [(entry["field"], entry["code"], entry["message"]) for entry in body["errors"]] == [
        ("model", "missing_field", "is not present"),
        ("view", "missing_field", "is not present"),
    ]


BROKEN_JSON = ["{", '{"model":"thelook",', "[1,", "nonsense", '{"model":"thelook"} x', '{"a":"\\ud800"', "\x00"]


@pytest.mark.parametrize("body", BROKEN_JSON)
def test_malformed_json_is_bad_syntax(api, body):
    answer = api.post("/queries", data=body.encode(), headers={"Content-Type": "application/json"})
    api.assert_error(answer, 400)


def test_deep_json_does_not_take_the_server_down(api):
    deep = '{"model":"thelook","view":"users","vis_config":{"a":' + "[" * 200_000 + "]" * 200_000 + "}}"
    answer = api.post("/queries", data=deep, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 413, 422)
    assert api.rows(USERS)


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "7"])
def test_a_body_that_is_no_object_is_refused(api, body):
    answer = api.post("/queries", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    api.assert_error(answer, answer.status_code)


@pytest.mark.parametrize("fields", [{"a": 1}, [["users.count"]], [{"a": 1}]])
def test_fields_of_another_type_are_refused(api, fields):
    answer = api.post("/queries", json={**USERS, "fields": fields})
    assert answer.status_code in (400, 422)
    api.assert_error(answer, answer.status_code)


@pytest.mark.parametrize("fields", ["users.count", '["users.count"]'])
def test_a_list_may_be_written_as_text(api, fields):
    answer = api.post("/queries", json={**USERS, "fields": fields})
    assert answer.status_code == 200 and answer.json()["fields"] == ["users.count"]


def test_a_query_without_fields_is_refused_and_not_run(api):
    answer = api.run("csv", {**USERS, "fields": []})
    body = api.assert_error(answer, 400)
    assert "Must query at least one dimension or measure" in body["message"]


# Texts that would end a literal, open a comment, start a statement or be a template, if they were not data.
HOSTILE = [
    shop.BREAKOUT + "?",
    "' OR 1=1 --",
    "'; DROP TABLE people; --",
    "'' OR ''=''",
    '"; DROP TABLE people; --',
    "\\' OR 1=1 --",
    "x*/ OR 1=1 /*",
    "x\n-- y\nOR 1=1",
    "%' OR '1'='1",
    "$$ OR 1=1 $$",
    "{{ 1 }}{% if true %}Ann{% endif %}",
    "${people.name}",
    "@{secret}",
    "\u2019 OR 1=1 --",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_filter_is_data_and_nothing_else(shop_api, text):
    answer = shop_api.run("json", {**PEOPLE, "filters": {"people.name": text}})
    assert answer.status_code == 200, answer.text
    assert answer.json() == []
    assert len(shop_api.rows(PEOPLE)) == len(shop.PEOPLE)


def test_a_nul_in_a_filter_is_refused_by_name(shop_api):
    (row,) = shop_api.run("json", {**PEOPLE, "filters": {"people.name": "Ann\u0000' OR 1=1"}}).json()
    assert "NUL" in row["looker_error"]


def test_a_filter_finds_the_text_that_looks_like_an_attack(shop_api):
    rows = shop_api.rows({**PEOPLE, "filters": {"people.name": shop.BREAKOUT}})
    assert rows == [{"people.id": 2, "people.name": shop.BREAKOUT}]


def test_a_filter_that_cannot_stand_in_sql_finds_nothing(shop_api):
    answer = shop_api.run("json", {**PEOPLE, "filters": {"people.name": "Ann\u0000' OR 1=1"}})
    assert answer.status_code == 200 and not any("people.id" in row for row in answer.json())


@pytest.mark.parametrize("text", ["1); DROP TABLE people; --", "1 OR 1=1", "(SELECT 1)", "1e999", "0x1", "\u0661"])
def test_a_filter_on_a_number_lets_no_sql_through(shop_api, text):
    answer = shop_api.run("json", {**PEOPLE, "filters": {"people.id": text}})
    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        assert not any("people.name" in row and row["people.id"] != 1 for row in answer.json())
    shop_api.assert_keeps_to_itself(answer.text)
    assert len(shop_api.rows(PEOPLE)) == len(shop.PEOPLE)


@pytest.mark.parametrize("name", ["people.name; DROP TABLE people", 'people.name" --', "people.id) OR (1=1", "people."])
def test_a_name_that_is_sql_is_an_unknown_field(shop_api, name):
    assert "looker_error" in shop_api.run("json", {**PEOPLE, "fields": [name]}).json()[0]
    answer = shop_api.run("json", {**PEOPLE, "filters": {name: "x"}})
    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        assert "looker_error" in answer.json()[0]
    answer = shop_api.run("json", {**PEOPLE, "sorts": [name]})
    assert answer.status_code in (200, 400, 422)
    shop_api.assert_keeps_to_itself(answer.text)
    assert len(shop_api.rows(PEOPLE)) == len(shop.PEOPLE)


@pytest.mark.parametrize("zone", ["Nowhere/Land", "UTC'; DROP TABLE people; --", "../../etc/passwd"])
def test_an_unknown_time_zone_is_refused(shop_api, zone):
    answer = shop_api.run("csv", {**PEOPLE, "query_timezone": zone})
    assert answer.status_code in (400, 422)
    shop_api.assert_error(answer, answer.status_code)


@pytest.mark.parametrize("limit", ["many", "1; DROP TABLE people", "-2", "1.5", "9" * 40])
def test_a_limit_that_is_no_number_of_rows_is_refused_or_ignored(shop_api, limit):
    answer = shop_api.run("csv", {**PEOPLE, "limit": limit})
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 200:
        shop_api.assert_error(answer, answer.status_code)
    assert len(shop_api.rows(PEOPLE)) == len(shop.PEOPLE)


@pytest.mark.parametrize(
    "method, path", [("PUT", "/queries"), ("DELETE", "/user"), ("POST", "/lookml_models/thelook/explores/users")]
)
def test_a_method_that_a_path_does_not_have_is_not_allowed(api, method, path):
    answer = api.request(method, path)
    api.assert_error(answer, 405)
    assert answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/nothing", "/queries/1/2/3/4", "/%2e%2e/%2e%2e/etc/passwd", "/user%00", "/%ff"])
def test_a_path_that_is_not_there_is_not_found(api, path):
    api.assert_error(api.get(path), 404, "Not found")


def test_an_operation_that_is_not_built_says_so(api):
    answer = api.get("/dashboards/1")
    assert answer.status_code in (404, 501)
    api.assert_error(answer, answer.status_code)


@pytest.fixture
def wire(demo):
    """A bare connection to the server."""
    address = urlsplit(demo.credentials.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as client:
        yield client


def send_until_answered(client, chunk, most):
    """Sends `chunk` again and again until there is something to read; gives the bytes sent and the answer's start."""
    sent = 0
    client.setblocking(False)
    while sent < most:
        readable, writable, _ = select.select([client], [client], [], 60)
        if readable:
            break
        try:
            sent += client.send(chunk) if writable else 0
        except (BrokenPipeError, ConnectionResetError):
            break
    client.settimeout(60)
    return sent, client.recv(65536).decode(errors="replace")


def test_a_body_without_end_is_cut_off(api, wire):
    size = 1 << 30
    wire.sendall(
        f"POST /api/4.0/queries HTTP/1.1\r\nHost: belvedere\r\nAuthorization: Bearer {api.token}\r\n"
        f'Content-Type: application/json\r\nContent-Length: {size}\r\n\r\n{{"model":"'.encode()
    )
    sent, answer = send_until_answered(wire, b"x" * 65536, size)
    assert sent < size // 4
    assert answer.startswith("HTTP/1.1 413 "), answer
    assert '"message":' in answer and '"documentation_url":' in answer
    assert api.rows(USERS)


def test_an_address_without_end_is_cut_off(api, wire):
    wire.sendall(b"GET /api/4.0/user?fields=")
    sent, answer = send_until_answered(wire, b"x" * 65536, 1 << 28)
    assert sent < 1 << 24
    assert answer.startswith(("HTTP/1.1 414 ", "HTTP/1.1 431 ", "HTTP/1.1 400 ")), answer
    assert api.get("/user").status_code == 200


@pytest.mark.parametrize("junk", [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 100])
def test_what_is_no_http_does_no_harm(wire, api, junk):
    wire.sendall(junk)
    wire.shutdown(socket.SHUT_WR)
    answer = wire.recv(4096).decode(errors="replace")
    assert answer == "" or answer.startswith("HTTP/1."), answer
    assert api.get("/user").status_code == 200


def test_an_error_row_is_valid_json_whatever_the_message_holds(shop_api):
    answer = shop_api.run("json", {**PEOPLE, "fields": ['people.<b>"\\\n&']})
    (row,) = json.loads(answer.text)
    assert list(row) == ["looker_error"]
