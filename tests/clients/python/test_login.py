"""Login and tokens in every form that clients send."""

import http.client
import json
from urllib.parse import urlencode, urlsplit

import pytest

from http_api import Api

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.fixture
def stranger(demo):
    """Plain HTTP that has not signed in."""
    with Api(demo) as client:
        yield client


# How the keys travel: content type, body and query string made from them.
ENCODINGS = {
    "a form": lambda keys: (FORM, urlencode(keys), None),
    "a form with a charset": lambda keys: (f"{FORM}; charset=utf-8", urlencode(keys), None),
    "a form with more in it": lambda keys: (FORM, urlencode({"grant_type": "client_credentials", **keys}), None),
    "JSON": lambda keys: (JSON, json.dumps(keys), None),
    "JSON with a charset": lambda keys: (f"{JSON};charset=UTF-8", json.dumps(keys), None),
    "JSON with more in it": lambda keys: (JSON, json.dumps({**keys, "embed": None}), None),
    "the address": lambda keys: (None, None, keys),
    "the address beside empty JSON": lambda keys: (JSON, "{}", keys),
    "the address beside an empty form": lambda keys: (FORM, "", keys),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_the_keys_may_come_in(stranger, encode):
    content_type, body, params = encode(stranger.keys)
    headers = {"Content-Type": content_type} if content_type else {}
    answer = stranger.post("/login", data=body, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(JSON)
    # Spectacles builds a record of exactly these.
    reply = answer.json()
    assert list(reply) == ["access_token", "token_type", "expires_in", "refresh_token"]
    assert reply["token_type"] == "Bearer" and reply["refresh_token"] is None
    assert type(reply["expires_in"]) is int and 3590 <= reply["expires_in"] <= 3600
    stranger.headers["Authorization"] = f"token {reply['access_token']}"
    assert stranger.get("/user").status_code == 200


@pytest.mark.parametrize("path", ["/login", "/api/login", "/api//login", "/api/4.0/login", "/api/4.0//login"])
def test_login_answers_at_the_paths_of_old_clients(stranger, path):
    answer = stranger.post(path, data=stranger.keys, host=True)
    assert answer.status_code == 200, answer.text


def test_login_answers_behind_a_doubled_slash(demo, stranger):
    # The HTTP library of the other tests tidies the start of a path before it sends it.
    connection = http.client.HTTPConnection(urlsplit(demo.credentials.base_url).netloc, timeout=60)
    connection.request("POST", "//login", urlencode(stranger.keys), {"Content-Type": FORM})
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize("path", ["/logout", "/api/logout", "/api/4.0/logout", "/api//logout"])
def test_logout_answers_at_the_paths_of_old_clients(stranger, path):
    stranger.login()
    answer = stranger.delete(path, host=True)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    stranger.assert_error(stranger.get("/user"), 401, "Requires authentication.")
    stranger.assert_error(stranger.delete(path, host=True), 401, "Requires authentication.")


@pytest.mark.parametrize("path", ["/login/{}", "/api/4.0/login/{}"])
def test_acting_as_a_user_answers_at_the_root_too(stranger, path):
    stranger.login()
    me = stranger.get("/user?fields=id").json()["id"]
    answer = stranger.post(path.format(me), host=True)
    assert list(answer.json()) == ["access_token", "token_type", "expires_in", "refresh_token"]


WRONG = {
    "a wrong secret": lambda keys: {**keys, "client_secret": "x" * 24},
    "a secret cut short": lambda keys: {**keys, "client_secret": keys["client_secret"][:-1]},
    "a secret in other case": lambda keys: {**keys, "client_secret": keys["client_secret"].swapcase()},
    "an unknown key": lambda keys: {**keys, "client_id": "x" * 20},
    "a key that is SQL": lambda keys: {**keys, "client_id": "' OR 1=1 --"},
    "an empty secret": lambda keys: {**keys, "client_secret": ""},
    "no secret": lambda keys: {"client_id": keys["client_id"]},
    "nothing": lambda keys: {},
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG.keys())
def test_wrong_credentials_are_not_found(stranger, spoil):
    answer = stranger.post("/login", json=spoil(stranger.keys))
    body = stranger.assert_error(answer, 404, "Not found")
    assert body["documentation_url"].endswith("/err/4.0/404/post/login")
    # Four failures in a row lock the credential.
    assert stranger.post("/login", data=stranger.keys).status_code == 200


@pytest.mark.parametrize("body", ['{"client_id":', "[", "\x00"])
def test_a_login_that_is_no_json_is_bad_syntax(stranger, body):
    answer = stranger.post("/login", data=body, headers={"Content-Type": JSON})
    stranger.assert_error(answer, 400)


@pytest.mark.parametrize(
    "form", ["token {}", "Bearer {}", "TOKEN {}", "BEARER {}", "bearer {}", "Token {}", "bEaReR {}", "Bearer  {}"]
)
def test_a_token_may_follow_either_word_in_any_case(stranger, form):
    stranger.login()
    stranger.headers["Authorization"] = form.format(stranger.token)
    assert stranger.get("/user").status_code == 200


def test_the_credentials_of_a_proxy_are_not_ours(stranger):
    stranger.login()
    assert stranger.get("/user", headers={"Proxy-Authorization": "Bearer nonsense"}).status_code == 200


BAD_TOKENS = {
    "none": lambda token: None,
    "an empty header": lambda token: "",
    "a word alone": lambda token: "Bearer",
    "nonsense": lambda token: "Bearer nonsense",
    "the token without a word": lambda token: token,
    "another scheme": lambda token: f"Basic {token}",
    "one letter more": lambda token: f"token {token}a",
    "one letter less": lambda token: f"token {token[:-1]}",
    "other case": lambda token: f"token {token.swapcase()}",
    "a long one": lambda token: f"Bearer {'a' * 6000}",
    "bytes that are no text": lambda token: b"Bearer \xff\xfe",
    "SQL": lambda token: "Bearer ' OR 1=1 --",
}


@pytest.mark.parametrize("header", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def test_a_bad_token_requires_authentication(stranger, header):
    stranger.login()
    value = header(stranger.token)
    stranger.headers["Authorization"] = value
    answer = stranger.get("/user")
    stranger.assert_error(answer, 401, "Requires authentication.")


@pytest.mark.parametrize("path", ["/user", "/queries/1", "/lookml_models", "/connections", "/session"])
def test_nothing_is_told_to_strangers(stranger, path):
    stranger.assert_error(stranger.get(path), 401, "Requires authentication.")


def test_strangers_may_ask_whether_the_server_lives(stranger):
    answer = stranger.get("/alive", host=True)
    assert (answer.status_code, answer.content) == (200, b"")


def test_secrets_stay_out_of_the_log(demo, stranger):
    stranger.login()
    stranger.post("/login", params={**stranger.keys, "client_secret": "wrong-and-private"})
    stranger.get("/user", params={"access_token": stranger.token})
    log = demo.log()
    assert stranger.token not in log and "wrong-and-private" not in log
    # The first start prints the credentials once.
    assert log.count(demo.credentials.client_secret) <= 1
