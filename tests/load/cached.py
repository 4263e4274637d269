"""Cached small queries by the second, in a model of few views and in one of many, beside the least that a server of the
same bytes can do."""

import statistics

import duckdb
import requests

from calls import CONNECTIONS, least, load, token
from server import NOW, Server, running

VIEWS = (4, 1000)
FIELDS = 20
MEBIBYTE = 1 << 20


def measure_cached(folder, bare, table):
    """Notes for each size of the model and each number of connections: calls per second, the share of the bare server,
    processor time of each call, and memory behind them."""
    spent_by = {}
    for views in VIEWS:
        home = folder / f"{views}-views"
        with running(serve(home, views)) as server:
            session = requests.Session()
            session.headers["Authorization"] = f"Bearer {token(server)}"
            url = saved_query(server, session)
            bodies = home / "bodies"
            bodies.mkdir()
            (bodies / "cached").write_bytes(answer(session, url))
            with least(bare, bodies) as (port, process):
                for connections in CONNECTIONS:
                    ours = load(url, connections, server.process.pid, session.headers)
                    floor = load(f"http://127.0.0.1:{port}/cached", connections, process.pid, {})
                    spent_by.setdefault(views, []).append(ours.cpu)
                    told = f"bare axum {floor.per_second:,.0f}/s; {ours.per_second / floor.per_second:.0%} of it"
                    spent = f"{ours.cpu:,.0f} us of the processor each, {server.memory('VmRSS') / MEBIBYTE:,.0f} MiB"
                    what = f"cached small query, {views:,} views, {connections} connections"
                    table.add(what, f"{ours.per_second:,.0f}/s", "", f"{told}; {spent}")
    few, many = (statistics.mean(spent_by[views]) for views in VIEWS)
    table.add(f"processor time of a cached small query, {VIEWS[1]:,} views to {VIEWS[0]}", f"{many / few:.0%}")


def serve(home, views):
    """A server on a model of so many views, each with an explore of its own; not started yet."""
    project = home / "project"
    (project / "views").mkdir(parents=True)
    (project / "manifest.lkml").write_text('project_name: "cached"\n')
    explores = "".join(f"explore: v{number} {{}}\n" for number in range(views))
    (project / "cached.model.lkml").write_text(f'connection: "cached"\ninclude: "/views/*.view.lkml"\n{explores}')
    for number in range(views):
        fields = "".join(f"  dimension: f{field} {{ sql: ${{TABLE}}.c{field % 3} ;; }}\n" for field in range(FIELDS))
        text = f"view: v{number} {{\n  sql_table_name: small ;;\n{fields}  measure: count {{ type: count }}\n}}\n"
        (project / "views" / f"v{number}.view.lkml").write_text(text)
    file = home / "small.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "CREATE TABLE small AS SELECT range % 10 AS c0, range % 3 AS c1, range AS c2 FROM range(1000)"
        )
    return Server(home, "--project", project, "--connection", f"cached=duckdb:{file}", "--now", NOW)


def saved_query(server, session):
    """The address of a run of a saved query whose rows are remembered."""
    base = f"{server.credentials.base_url}/api/4.0"
    query = {"model": "cached", "view": "v0", "fields": ["v0.f0", "v0.count"], "sorts": ["v0.f0"]}
    saved = session.post(f"{base}/queries", json=query)
    saved.raise_for_status()
    url = f"{base}/queries/{saved.json()['id']}/run/json"
    assert len(session.get(url).json()) == 10
    return url


def answer(session, url):
    """The bytes of an answer."""
    got = session.get(url, headers={"Accept-Encoding": "identity"})
    got.raise_for_status()
    return got.content
