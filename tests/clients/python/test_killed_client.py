"""Clients that go away: what they asked for stops, and the server goes on."""

import json
import os
import socket
import struct
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import big
from server import wait_until

STOPS_WITHIN = 20
# After this time a reader that takes nothing is given up.
PATIENCE = 60


class Caller:
    """A client that can vanish in the middle of an answer."""

    def __init__(self, api, result_format, query, encoding="identity"):
        address = urlsplit(api.server.credentials.base_url)
        body = json.dumps(query).encode()
        self.socket = socket.create_connection((address.hostname, address.port), timeout=60)
        self.socket.sendall(
            f"POST /api/4.0/queries/run/{result_format} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {api.token}\r\nContent-Type: application/json\r\n"
            f"Accept-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    def read(self, size):
        """Reads at least `size` bytes of the answer."""
        received = 0
        while received < size:
            chunk = self.socket.recv(65536)
            assert chunk, "the server ended the answer by itself"
            received += len(chunk)

    def vanish(self):
        """Ends the connection as a killed process does."""
        if self.socket.fileno() >= 0:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.socket.close()


@pytest.fixture
def call(big_api):
    """Calls the server for a query of the large project; whoever is left vanishes at the end."""
    callers = []

    def call(result_format, query, **options):
        callers.append(Caller(big_api, result_format, query, **options))
        return callers[-1]

    yield call
    for caller in callers:
        caller.vanish()
    wait_for_running(big_api, 0)


def wait_for_running(api, count, within=STOPS_WITHIN):
    wait_until(lambda: len(api.running_queries()) == count, within, lambda: f"{count} run: {api.running_queries()}")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("result_format", ["json", "csv", "json_detail", "arrow", "xlsx"])
def test_a_stream_stops_when_its_reader_is_gone(big_api, call, result_format, encoding):
    caller = call(result_format, big.ENDLESS_ROWS, encoding=encoding)
    caller.read(1 << 18)
    wait_for_running(big_api, 1)
    caller.vanish()
    wait_for_running(big_api, 0)


@pytest.mark.parametrize("result_format", ["json", "csv", "arrow", "xlsx"])
def test_a_query_stops_that_has_not_answered_yet(big_api, call, result_format):
    caller = call(result_format, big.ENDLESS_SUM)
    wait_for_running(big_api, 1)
    caller.vanish()
    wait_for_running(big_api, 0)


def test_a_reader_that_takes_nothing_slows_the_database_and_is_given_up(big_api, call):
    for result_format in ("csv", "arrow", "xlsx"):
        call(result_format, big.ENDLESS_ROWS).read(1 << 18)
    wait_for_running(big_api, 3)
    server = big_api.server
    # What is read ahead is read by now; from here on nothing may be, or memory would grow with the rows.
    wait_until(Rest(server).has_come, STOPS_WITHIN, "the database waits for its readers")
    held = server.memory("VmRSS")
    wait_for_running(big_api, 0, PATIENCE + STOPS_WITHIN)
    assert server.memory("VmRSS") - held < 16 << 20


class Rest:
    """Watches the processor time of a server for a second of rest."""

    def __init__(self, server):
        self.server = server
        self.since = time.monotonic()
        self.used = processor_seconds(server)

    def has_come(self):
        used = processor_seconds(self.server)
        if used - self.used > 0.2:
            self.since, self.used = time.monotonic(), used
        return time.monotonic() - self.since > 1


def processor_seconds(server):
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_running_query_is_told_to_the_admin(big_api, call):
    me = big_api.get("/user?fields=id").json()["id"]
    call("csv", big.ENDLESS_ROWS)
    wait_for_running(big_api, 1)
    (running,) = big_api.running_queries()
    assert running["user"]["id"] == me and running["connection_name"] == "big_data"
    assert "endless.id" in running["sql"]
    assert running["query"]["view"] == "endless", "a query that runs inline is kept like any other"


def test_the_admin_stops_what_another_client_runs(big_api, call):
    for query in (big.ENDLESS_ROWS, big.ENDLESS_SUM):
        call("csv", query)
        wait_for_running(big_api, 1)
        (running,) = big_api.running_queries()
        assert big_api.delete(f"/running_queries/{running['query_task_id']}").status_code == 204
        wait_for_running(big_api, 0)


def test_many_vanished_clients_leave_room_for_the_next(big_api, call):
    for _ in range(3):
        callers = [call("csv", big.ENDLESS_SUM) for _ in range(8)]
        wait_until(lambda: big_api.running_queries(), STOPS_WITHIN, "the queries run")
        for caller in callers:
            caller.vanish()
        wait_for_running(big_api, 0)
    assert big_api.rows({"model": "big", "view": "rows", "fields": ["rows.count"]}) == [{"rows.count": big.ROWS}]


def test_metadata_is_answered_while_queries_compute(big_api, call):
    for _ in range(6):
        call("json", big.ENDLESS_SUM)
    wait_until(lambda: big_api.running_queries(), STOPS_WITHIN, "the queries run")
    assert big_api.get("/lookml_models/big", timeout=10).status_code == 200
