"""What the tests share: server processes, the SDK and plain HTTP."""

import ipaddress
import os
import socket

import duckdb
import looker_sdk
import pytest

import big
import shop
from http_api import Api
from server import Server, running

for name in [name for name in os.environ if name.startswith("LOOKERSDK_") or name.lower().endswith("_proxy")]:
    del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def outside_calls():
    """Refuses connections that leave the machine, and lists the hosts that were asked for."""
    refused = []
    look_up = socket.getaddrinfo

    def guarded(host, *args, **kwargs):
        if host not in (None, "localhost") and not _is_loopback(host):
            refused.append(host)
            raise socket.gaierror(socket.EAI_NONAME, f"the tests do not leave the machine: {host}")
        return look_up(host, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket, "getaddrinfo", guarded)
    yield refused
    patch.undo()


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The one server on the demonstration project."""
    with running(Server.demo(tmp_path_factory.mktemp("demo"))) as server:
        yield server


@pytest.fixture
def sdk(demo):
    """The official SDK, signed in to the demonstration."""
    client = looker_sdk.init40(str(demo.ini))
    yield client
    client.auth.logout()


@pytest.fixture
def api(demo):
    """Plain HTTP to the demonstration, signed in."""
    with Api(demo) as client:
        client.login()
        yield client


@pytest.fixture(scope="session")
def data(demo):
    """The demonstration's own database, for hand-written SQL."""
    with duckdb.connect(str(demo.data_dir / "demo" / "thelook.duckdb"), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


@pytest.fixture(scope="session")
def shop_server(tmp_path_factory):
    """A server on a small project of the tests' own, whose rows are written down in `shop`."""
    folder = tmp_path_factory.mktemp("shop")
    with running(shop.serve(folder)) as server:
        yield server


@pytest.fixture
def shop_api(shop_server):
    """Plain HTTP to the small project, signed in."""
    with Api(shop_server) as client:
        client.login()
        yield client


@pytest.fixture(scope="session")
def big_server(tmp_path_factory):
    """A server on a million rows."""
    folder = tmp_path_factory.mktemp("big")
    with running(big.serve(folder)) as server:
        yield server


@pytest.fixture
def big_api(big_server):
    """Plain HTTP to the million rows, signed in."""
    with Api(big_server) as client:
        client.login()
        yield client
