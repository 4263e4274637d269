"""The process itself: how it starts, what it refuses, how it ends."""

import re
import subprocess
import time

import pytest
import requests

import big
import shop
from http_api import Api
from server import STOPS_WITHIN, Server, binary, running


def test_it_listens_on_loopback_and_says_where(demo):
    assert re.fullmatch(r"http://(127\.0\.0\.1|localhost):\d+", demo.credentials.base_url)
    assert demo.credentials.base_url.rsplit(":", 1)[1] in demo.log()


def test_the_credentials_of_each_data_directory_are_new(demo, shop_server):
    assert demo.credentials.client_id != shop_server.credentials.client_id
    assert demo.credentials.client_secret != shop_server.credentials.client_secret
    answer = requests.post(
        f"{demo.credentials.base_url}/api/4.0/login",
        data={
            "client_id": shop_server.credentials.client_id,
            "client_secret": shop_server.credentials.client_secret,
        },
        timeout=60,
    )
    assert answer.status_code == 404


def test_it_ends_cleanly_while_a_client_reads_a_stream_without_end(tmp_path):
    with running(big.serve(tmp_path)) as server, Api(server) as api:
        api.login()
        with api.post("/queries/run/csv", json=big.ENDLESS_ROWS, stream=True) as answer:
            assert next(answer.iter_content(1 << 16))
            started = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - started < STOPS_WITHIN
        # `running` wants a process that it can stop.
        server.start()


REFUSED = {
    "a folder that is not there": [
        "--project",
        "{folder}/nowhere",
        "--connection",
        "shop_data=duckdb:{folder}/rows.duckdb",
    ],
    "a database that is not there": [
        "--project",
        "{folder}/shop",
        "--connection",
        "shop_data=duckdb:{folder}/nothing.duckdb",
    ],
    "a database that is none": [
        "--project",
        "{folder}/shop",
        "--connection",
        "shop_data=duckdb:{folder}/shop/manifest.lkml",
    ],
    "an unknown database system": [
        "--project",
        "{folder}/shop",
        "--connection",
        "shop_data=abacus:{folder}/rows.duckdb",
    ],
    "a clock that is no time": ["--demo", "--now", "yesterday"],
    "nothing to serve": [],
}


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED.keys())
def test_it_says_why_it_does_not_start(tmp_path, arguments):
    shop.serve(tmp_path)
    command = [binary(), "serve", *(argument.format(folder=tmp_path) for argument in arguments)]
    command += ["--ephemeral", "--data-dir", tmp_path / "data", "--listen", "127.0.0.1:0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    # 101 is the code of a panic.
    assert done.returncode not in (0, 101), done.stderr
    assert done.stderr.strip() and "panicked" not in done.stderr


def test_a_port_that_is_taken_is_refused(demo, tmp_path):
    address = demo.credentials.base_url.removeprefix("http://")
    server = Server.demo(tmp_path)
    command = [binary(), "serve", *server.arguments, "--ephemeral", "--data-dir", tmp_path, "--listen", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode not in (0, 101) and address.rsplit(":", 1)[1] in done.stderr


def test_the_same_seed_gives_the_same_numbers(demo, api, tmp_path):
    query = {"model": "thelook", "view": "order_items", "fields": ["order_items.count", "order_items.total_sale_price"]}
    with running(Server.demo(tmp_path)) as other, Api(other) as other_api:
        other_api.login()
        assert other_api.rows(query) == api.rows(query)
