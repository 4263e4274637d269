"""Plain HTTP as clients without an SDK speak it, and what every error answer must look like."""

import re

import requests

ERROR_KEYS = {"message", "documentation_url"}
DETAIL_KEYS = {"field", "code", "message", "documentation_url"}

# Words that only our own source, its dependencies or the machine know.
INTERNALS = re.compile(
    r"\.rs\b|\bpanicked\b|RUST_|thread '|belvedere[-_]\w|\bcrates?/|\bsrc/|\b(?:axum|sqlx|tokio|hyper|serde)\b"
    r"|/(?:home|root|tmp|usr|var|proc)/|scratch\.duckdb",
    re.IGNORECASE,
)


class Api(requests.Session):
    """A session whose paths are below /api/4.0; `host=True` takes them from the root of the host."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.token = None
        self.trust_env = False

    def request(self, method, url, *args, host=False, **kwargs):
        kwargs.setdefault("timeout", 120)
        base = self.server.credentials.base_url
        answer = super().request(method, f"{base}{'' if host else '/api/4.0'}{url}", *args, **kwargs)
        # JSON has no charset; without a word the library would guess at large bodies for minutes.
        answer.encoding = answer.encoding or "utf-8"
        return answer

    @property
    def keys(self):
        """The names and values of a login."""
        credentials = self.server.credentials
        return {"client_id": credentials.client_id, "client_secret": credentials.client_secret}

    def login(self):
        """Signs in with the server's own credentials."""
        answer = self.post("/login", data=self.keys)
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]
        self.headers["Authorization"] = f"Bearer {self.token}"

    def run(self, result_format, query, **params):
        """Runs a query that is not kept."""
        return self.post(f"/queries/run/{result_format}", json=query, params=params)

    def rows(self, query, **params):
        """The rows of a query that must succeed."""
        answer = self.run("json", query, **params)
        assert answer.status_code == 200, answer.text
        rows = answer.json()
        assert not any("looker_error" in row for row in rows), rows
        return rows

    def running_queries(self):
        """What the server says to be running."""
        answer = self.get("/running_queries")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def assert_error(self, answer, status, message=None):
        """Checks an error answer and gives its body."""
        assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
        assert answer.headers["Content-Type"].startswith("application/json"), answer.headers
        body = answer.json()
        assert body.keys() - {"errors"} == ERROR_KEYS, body
        assert isinstance(body["message"], str) and body["message"], body
        assert isinstance(body["documentation_url"], str) and body["documentation_url"], body
        for detail in body.get("errors", []):
            assert detail.keys() <= DETAIL_KEYS and isinstance(detail["documentation_url"], str), detail
        if message is not None:
            assert body["message"] == message
        self.assert_keeps_to_itself(answer.text)
        return body

    def assert_keeps_to_itself(self, text):
        """Checks that the text of an answer tells nothing of the server's code, the machine or secrets."""
        found = INTERNALS.search(text)
        assert found is None, f"{found[0]!r} in {text}"
        for private in (str(self.server.folder), self.server.credentials.client_secret, self.token):
            assert private is None or private not in text
