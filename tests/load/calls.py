"""Calls of the API by the second: both versions beside the least that a server of the same bytes can do."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import requests

from server import DEMO, NOW, Server, running

CONNECTIONS = (1, 16, 64)
SECONDS = 4
TICKS = os.sysconf("SC_CLK_TCK")
VERSIONS = ("4.0", "3.1")
# An object, a list, and a body of more than 100 KB.
PATHS = {
    "me": "/user",
    "all_lookml_models": "/lookml_models",
    "lookml_model_explore": "/lookml_models/thelook/explores/order_items",
}


@dataclass(frozen=True)
class Rate:
    """What a server did in a run of the load generator."""

    per_second: float
    median: str
    # Of the server alone, in microseconds.
    cpu: float


def measure_calls(folder, bare, table):
    """Notes requests per second and processor time of each path, with both versions and the bare server in turn."""
    with running(Server(folder, *DEMO, "--now", NOW)) as server:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token(server)}"
        bodies = folder / "bodies"
        bodies.mkdir()
        urls = {}
        for name, path in PATHS.items():
            for version in VERSIONS:
                urls[name, version] = f"{server.credentials.base_url}/api/{version}{path}"
                answer = session.get(urls[name, version], headers={"Accept-Encoding": "identity"})
                answer.raise_for_status()
                (bodies / f"{name}-{version}").write_bytes(answer.content)
        with least(bare, bodies) as (port, process):
            for name in PATHS:
                for connections in CONNECTIONS:
                    compare(table, name, connections, server, urls, session, port, process)
        measure_document(table, server, session)
        measure_logins(table, server, folder)


def compare(table, name, connections, server, urls, session, port, process):
    """One path: 4.0, 3.1 and the bare server."""
    rates = [load(urls[name, version], connections, server.process.pid, session.headers) for version in VERSIONS]
    size = int(requests.head(f"http://127.0.0.1:{port}/{name}-4.0").headers["content-length"])
    least = load(f"http://127.0.0.1:{port}/{name}-4.0", connections, process.pid, {})
    table.add(f"`{name}`, {size / 1000:,.1f} KB, {connections} connections", *rates, least)


def measure_document(table, server, session):
    """The document of 4.0, compressed."""
    url = f"{server.credentials.base_url}/api/4.0/swagger.json"
    headers = {"Accept-Encoding": "gzip"}
    size = len(session.get(url, headers=headers, stream=True).raw.read(decode_content=False))
    rate = load(url, 1, server.process.pid, headers)
    comment = f"{rate.per_second:,.0f}/s, {size / 1000:,.0f} KB"
    table.note("the document of 4.0, compressed, on one connection", f"median {rate.median}, {comment}")


def measure_logins(table, server, folder):
    """Logins with an API key, each of which makes a token."""
    script = folder / "login.lua"
    keys = urlencode({"client_id": server.credentials.client_id, "client_secret": server.credentials.client_secret})
    form = 'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"'
    script.write_text(f'wrk.method = "POST"\nwrk.body = "{keys}"\n{form}\n')
    for connections in CONNECTIONS:
        url = f"{server.credentials.base_url}/api/4.0/login"
        rate = load(url, connections, server.process.pid, {}, "-s", script)
        figure = f"{rate.per_second:,.0f}/s, {rate.cpu:,.0f} us, median {rate.median}"
        table.note(f"login with an API key, {connections} connections", figure)


def token(server):
    """A token of the administrator."""
    keys = {"client_id": server.credentials.client_id, "client_secret": server.credentials.client_secret}
    answer = requests.post(f"{server.credentials.base_url}/api/4.0/login", data=keys)
    answer.raise_for_status()
    return answer.json()["access_token"]


def load(url, connections, pid, headers, *more):
    """Calls an address as often as it answers, and gives how often that was."""
    sent = [part for name, value in headers.items() if name in SENT for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", *sent, *more, url]
    before = cpu_seconds(pid)
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cpu = cpu_seconds(pid) - before
    assert "Non-2xx" not in told and "Socket errors" not in told, told
    calls = int(re.search(r"(\d+) requests in", told)[1])
    per_second = float(re.search(r"Requests/sec: +([\d.]+)", told)[1])
    return Rate(per_second, re.search(r"50% +(\S+)", told)[1], cpu / calls * 1_000_000)


SENT = ("Authorization", "Accept-Encoding")


def cpu_seconds(pid):
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def least(bare, folder):
    """The bare server on the files of a folder: its port and its process."""
    process = subprocess.Popen([bare, folder], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline()), process
    finally:
        process.kill()
        process.wait()


class Calls:
    """The rows of the report on calls."""

    def __init__(self):
        self.rows = []
        self.notes = []

    def add(self, what, newest, older, least):
        """Notes the three rates of a path, and shows on standard error that they are there."""
        shares = f"{newest.per_second / least.per_second:.0%} of bare; 3.1 {older.per_second / newest.per_second:.0%} of 4.0"
        cells = [f"{rate.per_second:,.0f}/s, {rate.cpu:,.0f} us" for rate in (newest, older, least)]
        self.rows.append((what, *cells, shares))
        print(" | ".join(self.rows[-1]), file=sys.stderr)

    def note(self, what, figure):
        """Notes a figure that stands alone."""
        self.notes.append(f"{what}: {figure}")
        print(self.notes[-1], file=sys.stderr)

    def print(self):
        """Prints the report."""
        print("| calls, with processor time of each | 4.0 | 3.1 | bare axum | |")
        print("|---|--:|--:|--:|---|")
        for row in self.rows:
            print(f"| {' | '.join(row)} |")
        print()
        for note in self.notes:
            print(f"- {note}")
