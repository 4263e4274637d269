"""A client that throws answers away as fast as the socket gives them."""

import json
import re
import socket
from urllib.parse import urlsplit

BUFFER = 1 << 20
END = b"0\r\n\r\n"


class Wire:
    """One connection to the server, signed in; requests follow each other on it."""

    def __init__(self, credentials):
        address = urlsplit(credentials.base_url)
        self.host = address.netloc
        self.socket = socket.create_connection((address.hostname, address.port), timeout=600)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(BUFFER)
        keys = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
        self.token = None
        self.token = json.loads(self.call(self.request("/login", keys)))["access_token"]

    def request(self, path, body, encoding="identity"):
        """The bytes of a POST request."""
        content = json.dumps(body).encode()
        token = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        return (
            f"POST /api/4.0{path} HTTP/1.1\r\nHost: {self.host}\r\n{token}Content-Type: application/json\r\n"
            f"Accept-Encoding: {encoding}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
        )

    def get(self, path):
        """The bytes of a GET request."""
        return (
            f"GET /api/4.0{path} HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: Bearer {self.token}\r\n"
            "Accept-Encoding: identity\r\n\r\n"
        ).encode()

    def run(self, result_format, query, encoding="identity"):
        """The bytes of a request that runs a query on the database, whatever is cached."""
        return self.request(f"/queries/run/{result_format}?cache=false", query, encoding)

    def call(self, request):
        """Sends a request and gives the small body of its answer."""
        self.socket.sendall(request)
        answer = b""
        while not _is_whole(answer):
            answer += self._more()
        head, body = answer.split(b"\r\n\r\n", 1)
        _assert_ok(head, body)
        return _unchunked(body) if _is_chunked(head) else body

    def discard(self, request):
        """Sends a request, reads the answer to its end and gives the number of bytes."""
        self.socket.sendall(request)
        start = b""
        while b"\r\n\r\n" not in start:
            start += self._more()
        _assert_ok(start, start)
        received, tail = len(start), start[-len(END) :]
        if not _is_chunked(start):
            whole = start.index(b"\r\n\r\n") + 4 + _length(start)
            while received < whole:
                received += self._thrown_away()
        else:
            while tail != END:
                size = self._thrown_away()
                received += size
                tail = (tail + self.buffer[max(0, size - len(END)) : size])[-len(END) :]
        return received

    def _thrown_away(self):
        size = self.socket.recv_into(self.buffer)
        assert size, "the connection broke before the end"
        return size

    def _more(self):
        chunk = self.socket.recv(BUFFER)
        assert chunk, "the connection broke before the end"
        return chunk

    def close(self):
        """Ends the connection."""
        self.socket.close()


def _assert_ok(head, body):
    assert head.startswith(b"HTTP/1.1 200 "), body.decode(errors="replace")


def _is_chunked(head):
    return b"transfer-encoding: chunked" in head.split(b"\r\n\r\n", 1)[0].lower()


def _is_whole(answer):
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    if _is_chunked(head):
        return body.endswith(END)
    return len(body) >= _length(head)


def _length(head):
    return int(re.search(rb"content-length: *(\d+)", head.lower())[1])


def _unchunked(body):
    content = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        content, body = content + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return content
