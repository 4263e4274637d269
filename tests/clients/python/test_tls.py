"""TLS as the official SDK speaks it, with the certificate that the server makes for itself."""

import configparser

import looker_sdk
import pytest
from looker_sdk.error import SDKError

import shop
from server import running


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that speaks TLS."""
    with running(shop.serve(tmp_path_factory.mktemp("tls"), "--tls")) as server:
        yield server


@pytest.fixture(autouse=True)
def no_bundle(monkeypatch):
    """What the machine trusts does not count; the HTTP library would take it even where the SDK says otherwise."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def test_the_sdk_trusts_the_certificate_when_it_is_told_to(server, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.certificate))
    sdk = looker_sdk.init40(str(server.ini))
    assert sdk.auth.settings.base_url.startswith("https://") and sdk.auth.settings.verify_ssl
    me = sdk.me()
    assert [key.client_id for key in me.credentials_api3] == [server.credentials.client_id]
    rows = sdk.run_inline_query("csv", looker_sdk.models40.WriteQuery(model="shop", view="people", fields=["people.count"]))
    assert rows.splitlines()[1:] == ["4"]
    sdk.auth.logout()


def test_the_sdk_sends_no_secret_to_whom_it_does_not_trust(server):
    with pytest.raises(SDKError, match="CERTIFICATE_VERIFY_FAILED"):
        looker_sdk.init40(str(server.ini)).me()


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_the_sdk_can_be_told_to_trust_anybody(server, tmp_path):
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(server.ini)
    settings["Looker"]["verify_ssl"] = "false"
    careless = tmp_path / "looker.ini"
    with careless.open("w") as file:
        settings.write(file)
    sdk = looker_sdk.init40(str(careless))
    assert sdk.me().id == "1"
    sdk.auth.logout()
