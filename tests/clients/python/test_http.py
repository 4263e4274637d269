"""What HTTP itself promises: compression, headers, methods that ask about others."""

import gzip
import zlib

import pytest
import requests

MANY_ROWS = {"model": "shop", "view": "numbers", "fields": ["numbers.n"], "limit": "-1"}


def raw(api, method, path, headers, **kwargs):
    """An answer whose body is as it was sent, not unpacked."""
    answer = api.request(method, path, headers=headers, stream=True, **kwargs)
    answer.packed = answer.raw.read(decode_content=False)
    return answer


@pytest.mark.parametrize("result_format", ["json", "csv"])
def test_a_result_is_compressed_when_asked(shop_api, result_format):
    path = f"/queries/run/{result_format}"
    plain = raw(shop_api, "POST", path, {"Accept-Encoding": "identity"}, json=MANY_ROWS)
    packed = raw(shop_api, "POST", path, {"Accept-Encoding": "gzip, deflate"}, json=MANY_ROWS)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.packed) == plain.packed and len(packed.packed) < len(plain.packed) / 2
    assert "accept-encoding" in packed.headers["Vary"].lower()


def test_metadata_is_compressed_when_asked(api):
    path = "/lookml_models/thelook/explores/order_items"
    packed = raw(api, "GET", path, {"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert zlib.decompress(packed.packed, wbits=31) == raw(api, "GET", path, {"Accept-Encoding": "identity"}).packed


@pytest.mark.parametrize("path, status", [("/user", 200), ("/users/987654321", 404), ("/nothing", 404)])
def test_every_answer_has_an_id_of_its_own(api, path, status):
    ids = set()
    for _ in range(3):
        answer = api.get(path)
        assert answer.status_code == status
        ids.add(answer.headers["X-Request-Id"])
    assert len(ids) == 3 and all(ids)


def test_answers_are_not_to_be_guessed_at(api):
    for path in ("/user", "/nothing"):
        assert api.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_json_has_no_spaces_after_its_separators(api):
    answer = api.get("/session")
    assert '": ' not in answer.text and '", "' not in answer.text


@pytest.mark.parametrize("path", ["/versions", "/user"])
def test_head_answers_as_get_without_a_body(api, path):
    got, head = api.get(path), api.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


def test_head_requires_authentication_as_get_does(api):
    del api.headers["Authorization"]
    assert api.head("/user").status_code == 401


def test_options_need_no_token(api):
    del api.headers["Authorization"]
    answer = api.options(
        "/user", headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    )
    assert answer.status_code in (200, 204, 405), answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers, "no origin is allowed until someone lists it"


def test_a_connection_serves_one_request_after_the_other(api):
    api.mount("http://", requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=1, pool_block=True))
    statuses = [api.get(path).status_code for path in ("/user", "/nothing", "/users/0", "/user")]
    assert statuses == [200, 404, 404, 200]
    manager = next(iter(api.get_adapter("http://").poolmanager.pools._container.values()))
    assert manager.num_connections == 1, "an error must not cost the connection"


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", "application/json"])
def test_what_a_client_accepts_changes_nothing(api, accept):
    answer = api.get("/user", headers={"Accept": accept})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("base", ["/api/4.0//user", "//api/4.0/user", "/api//4.0/user"])
def test_doubled_slashes_are_single_ones(api, base):
    assert api.get(base, host=True).status_code == 200
