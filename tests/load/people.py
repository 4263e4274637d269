"""Users, groups and roles by the hundred and by the hundred thousand, on SQLite and on PostgreSQL."""

import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote, urlencode, urlsplit

from calls import load
from server import DEMO, NOW, Credentials, Server, binary, wait_until

SIZES = (100, 100_000)
CALLS = 60
CONNECTIONS = 16
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# A flag of a group; since others of its flags may alter what its members may do, whoever was remembered is read anew.
CHANGE = '{"can_add_to_content_metadata": true}'


def paths(users, group, role):
    """What is asked for, by what it is called in the report."""
    deep, one, teams = users * 9 // 10, f"{users * 3 // 4:06}", quote("team 2 000%")
    return {
        "`all_users`, the first 100": "/users?limit=100",
        "`all_users`, 100 after nine tenths": f"/users?limit=100&offset={deep}",
        "`all_users`, 100 after nine tenths, by name": f"/users?limit=100&offset={deep}&sorts=last_name",
        "`search_users`, one address": f"/users/search?email=user{one}@example.com",
        "`search_users`, one name": f"/users/search?last_name=name{one}",
        "`search_users`, the start of a name": f"/users/search?limit=100&last_name={quote(f'name{one[:4]}%')}",
        "`search_users`, a part of a name": f"/users/search?limit=100&last_name={quote(f'%{one[-3:]}%')}",
        "`search_users`, a part of the whole name": f"/users/search?limit=100&full_name={quote(f'%a name%{one[-3:]}%')}",
        "`search_users`, the members of a group": f"/users/search?limit=100&group_id={group}",
        "`search_users_names`, a part of a name": f"/users/search/names/{quote(f'%{one[-3:]}%')}?limit=100",
        "`user`": f"/users/{users // 2}",
        "`all_groups`, the first 100": "/groups?limit=100",
        "`search_groups`, the start of a name": f"/groups/search?limit=100&name={teams}",
        "`search_groups_with_hierarchy`, the same": f"/groups/search/with_hierarchy?limit=100&name={teams}",
        "`all_roles`": "/roles",
        "`search_roles`, the start of a name": f"/roles/search?limit=100&name={quote('role 000%')}",
        "`search_roles_with_user_count`, 10": "/roles/search/with_user_count?limit=10",
        "`role_users`, of one role": f"/roles/{role}/users",
    }


class Table:
    """The rows of the report: a figure for each state."""

    def __init__(self):
        self.columns, self.rows = [], {}

    def add(self, column, what, figure):
        """Notes a figure, and shows on standard error that it is there."""
        if column not in self.columns:
            self.columns.append(column)
        self.rows.setdefault(what, {})[column] = figure
        print(f"{column}: {what}: {figure}", file=sys.stderr)

    def print(self):
        """Prints the report."""
        print(f"| people, median milliseconds | {' | '.join(self.columns)} |")
        print(f"|---|{'--:|' * len(self.columns)}")
        for what, figures in self.rows.items():
            print(f"| {what} | {' | '.join(figures.get(column, '') for column in self.columns)} |")


class Caller:
    """One connection that follows nothing and keeps nothing but its token."""

    def __init__(self, base_url):
        self.connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=600)
        self.headers = {}

    def call(self, method, path, body=None, headers=None):
        """The body of an answer that is a success."""
        self.connection.request(method, f"/api/4.0{path}", body, {**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status in (200, 204), content
        return content

    def first_id(self, path):
        """The id of the first that is found."""
        return json.loads(self.call("GET", path))[0]["id"]

    def sign_in(self, credentials):
        keys = urlencode({"client_id": credentials.client_id, "client_secret": credentials.client_secret})
        self.act(self.call("POST", "/login", keys, FORM))

    def act(self, login):
        """From now on as the token says."""
        token = re.search(rb'"access_token":"([^"]+)"', login)[1].decode()
        self.headers = {"Authorization": f"Bearer {token}"}


def measure_people(work, filler, table):
    """Notes medians of calls on every size and both databases."""
    for users in SIZES:
        for name, fill in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
            folder = work / f"{name}-{users}"
            with fill(folder, filler, users) as state, serving(folder, state) as server:
                measure(f"{name}, {users:,} users", users, server, table)


def measure(column, users, server, table):
    caller = Caller(server.credentials.base_url)
    caller.sign_in(server.credentials)
    group = caller.first_id(f"/groups/search?name={quote('team 2 00001')}")
    role = caller.first_id(f"/roles/search?name={quote('role 0000')}")
    for what, path in paths(users, group, role).items():
        # A count of names that are there would be wrong if nobody were found.
        assert len(caller.call("GET", path)) > 100, path
        table.add(column, what, median(lambda path=path: caller.call("GET", path)))
    table.add(column, "`login` with an API key", median(lambda: caller.sign_in(server.credentials)))
    # Somebody who has all roles through groups in groups.
    caller.act(caller.call("POST", f"/login/{users // 2}"))
    person = dict(caller.headers)
    table.add(column, "`me` of a user with roles through groups", median(lambda: caller.call("GET", "/user")))
    caller.sign_in(server.credentials)

    def changed():
        caller.call("PATCH", f"/groups/{group}", CHANGE)

    def anew():
        caller.call("GET", "/session", headers=person)

    table.add(column, "`session` of that user after a change", median(anew, changed))
    table.add(column, "`session` of that user", median(anew))
    for what, headers in (("an administrator", caller.headers), ("that user", person)):
        rate = load(f"{server.credentials.base_url}/api/4.0/user", CONNECTIONS, server.process.pid, headers)
        figure = f"{rate.per_second:,.0f}/s, {rate.cpu:,.0f} us"
        table.add(column, f"`me` of {what}, {CONNECTIONS} connections, with processor time of each", figure)


def median(call, before=lambda: None):
    """The median of the milliseconds that a call takes, each after `before`."""
    taken = []
    for _ in range(CALLS):
        before()
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return f"{statistics.median(taken):.1f}"


@contextmanager
def on_sqlite(folder, filler, users):
    """A state in a file."""
    file = folder / "data" / "state.sqlite"
    subprocess.run([filler, str(users), file], check=True, stdout=subprocess.DEVNULL)
    yield ()


@contextmanager
def on_postgres(folder, filler, users):
    """A state in a PostgreSQL of its own, which ends with the measurement."""
    command = [filler, str(users), "postgres"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield ("--store", process.stdout.readline().strip())
    finally:
        process.stdin.close()
        process.wait()


@contextmanager
def serving(folder, state):
    """A server on the state, with a key of an administrator that the command line has made."""
    server = Server(folder, *DEMO, "--now", NOW)
    server.state = state
    create = [binary(), "admin", "create", "--data-dir", server.data_dir, *state]
    made = subprocess.run(create, check=True, capture_output=True, text=True).stdout
    key = re.search(r"API key .*?(\w{20}) / (\w+)", made)
    server.launch()
    try:
        base_url = wait_until(lambda: re.search(r"serves the API at (\S+)", server.log()), 120, server.log)[1]
        server.credentials = Credentials(base_url, key[1], key[2])
        yield server
        assert server.stop() == 0
    finally:
        server.kill()
