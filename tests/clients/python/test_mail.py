"""Mails with the way to a password, by a mail server of another maker."""

import re
import socket

import looker_sdk
import pytest
from looker_sdk.sdk.api40 import models

import mail_server
import shop
from http_api import Api
from server import Server, running, wait_until
from test_oauth import Browser

EMAIL = "mia@example.com"
PASSWORD = "Correct-horse-7"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine and its key, as the server makes them for itself."""
    server = shop.serve(tmp_path_factory.mktemp("certificate"))
    server.arguments.append("--tls")
    files = [server.data_dir / name for name in ("tls.crt", "tls.key")]
    server.launch()
    try:
        wait_until(lambda: all(file.exists() for file in files), 60, server.log)
    finally:
        server.kill()
    return files


def settings(server, **others):
    """What `set_smtp_settings` is told of a mail server."""
    return {"address": "127.0.0.1", "port": server.port, "from": "Reports <bi@example.com>", **others}


def login(password=mail_server.PASSWORD):
    return {"user_name": mail_server.USER_NAME, "password": password}


@pytest.fixture
def api(tmp_path, certificate, monkeypatch):
    """A server of the test's own, which trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with running(shop.serve(tmp_path)) as server, Api(server) as client:
        client.login()
        yield client


@pytest.fixture
def person(api):
    body = {"first_name": "Mia", "credentials_email": {"email": EMAIL}}
    return api.post("/users", json=body).json()["id"]


def send(api, person):
    return api.post(f"/users/{person}/credentials_email/send_password_reset")


def set_password(link, password=PASSWORD):
    browser = Browser()
    done = browser.submit(browser.get(link), password=password, again=password)
    assert done.status_code == 200, done.text


def forget(api, email):
    """Asks for a mail on the page; gives the answer."""
    browser = Browser()
    page = browser.get(f"{api.server.credentials.base_url}/password/forgot")
    return browser.submit(page, email=email)


def test_a_mail_leads_to_the_page_where_the_password_is_set(api, person):
    sdk = looker_sdk.init40(str(api.server.ini))
    with mail_server.serving() as (server, box):
        told = models.SmtpSettings(address="127.0.0.1", port=server.port, from_="Reports <bi@example.com>")
        sdk.set_smtp_settings(told)
        assert sdk.smtp_status().is_valid is True
        sent = sdk.send_user_credentials_email_password_reset(person)
        assert sent.email == EMAIL
        assert sent.password_reset_url is None, "the way is told to the person alone"
        sender, recipients, message = box.take()
        assert (sender, recipients) == ("bi@example.com", [EMAIL])
        assert (message["From"], message["To"]) == ("Reports <bi@example.com>", EMAIL)
        assert message["Subject"] == "Set your password"
        (link,) = re.findall(r"http\S+/account/setup/\S+", message.get_content())
        assert link.startswith(api.server.credentials.base_url)
        set_password(link)
        # The second time it is another password, on another page.
        assert send(api, person).status_code == 200
        link = box.link()
        assert "/password/reset/" in link
        set_password(link, "Another-horse-8")
        assert Browser().get(link).status_code == 404, "it works once"


def test_whoever_has_forgotten_the_password_gets_a_mail_and_a_stranger_none(api, person):
    with mail_server.serving() as (server, box):
        api.post("/smtp_settings", json=settings(server))
        answers = [forget(api, email) for email in ("nobody@example.com", EMAIL.upper())]
        assert [answer.status_code for answer in answers] == [200, 200]
        told = {re.sub(r"<strong>[^<]*</strong>", "", answer.text) for answer in answers}
        assert len(told) == 1, "known or not, the answer is the same"
        _, recipients, _ = box.take()
        assert recipients == [EMAIL]
        assert box.arrived == [], "the stranger was asked for first"


def test_a_link_leads_where_the_operator_says_whatever_the_request_says(api, person):
    with mail_server.serving() as (server, box):
        api.post("/smtp_settings", json=settings(server))
        base_url = api.server.credentials.base_url
        browser = Browser()
        browser.headers["Host"] = "evil.example.com"
        page = browser.get(f"{base_url}/password/forgot")
        assert browser.submit(page, email=EMAIL).status_code == 200
        assert box.link().startswith(f"{base_url}/")
        evil = api.post(
            f"/users/{person}/credentials_email/send_password_reset", headers={"Host": "evil.example.com"}
        )
        assert evil.status_code == 200
        assert box.link().startswith(f"{base_url}/")


def test_an_address_gets_only_so_many_mails(api, person):
    with mail_server.serving() as (server, box):
        api.post("/smtp_settings", json=settings(server))
        for _ in range(7):
            assert forget(api, EMAIL).status_code == 200
        links = [box.link() for _ in range(5)]
        assert len(set(links)) == 5
        # An administrator's own mail comes behind everything that was asked for before.
        assert send(api, person).status_code == 200
        assert len(box.arrived) == 1


def test_nothing_that_is_typed_becomes_a_header_or_another_recipient(api, person):
    with mail_server.serving() as (server, box):
        api.post("/smtp_settings", json=settings(server))
        for evil in (f"{EMAIL}\r\nBcc: eve@example.com", f"{EMAIL}, eve@example.com", f"{EMAIL}>\r\nRCPT TO:<eve@x.com"):
            assert forget(api, evil).status_code == 200
        for sender in ("bi@example.com\r\nBcc: eve@example.com", "a@example.com, b@example.com"):
            refused = api.post("/smtp_settings", json=settings(server, **{"from": sender}))
            assert api.assert_error(refused, 422)["errors"][0]["field"] == "from"
        assert send(api, person).status_code == 200
        _, recipients, message = box.take()
        assert (recipients, message["Bcc"]) == ([EMAIL], None)
        assert box.arrived == []


def test_a_mail_goes_encrypted_with_a_password(api, person, certificate):
    with mail_server.serving(**mail_server.encrypted(*certificate)) as (server, box):
        for auth_type in (None, "plain", "login"):
            body = settings(server, **login(), auth_type=auth_type)
            assert api.post("/smtp_settings", json=body).status_code == 204
            assert api.get("/smtp_status").json()["is_valid"] is True
            assert send(api, person).status_code == 200
            assert box.link()


def test_what_goes_wrong_with_the_mail_server_is_told(api, person, certificate):
    def told(body):
        assert api.post("/smtp_settings", json=body).status_code == 204
        (node,) = api.get("/smtp_status").json()["node_status"]
        assert node["is_valid"] is False
        return node["message"]

    with mail_server.serving(**mail_server.encrypted(*certificate)) as (server, box):
        wrong = told(settings(server, **login("wrong")))
        assert re.fullmatch(r"the mail server 127\.0\.0\.1:\d+ refuses the sign-in of bi: 535 .*", wrong)
        assert api.assert_error(send(api, person), 400)["message"] == wrong
        clear = settings(server, enable_starttls_auto=False)
        assert api.post("/smtp_settings", json=clear).status_code == 204
        assert "530" in api.assert_error(send(api, person), 400)["message"], "it wants STARTTLS"
        # The certificate holds for this machine, but not under this name of it.
        unknown = told(settings(server, **login(), address="127.0.0.2"))
        assert "cannot" in unknown
        assert box.arrived == []
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "cannot be reached" in told({"address": "127.0.0.1", "port": port, "from": "bi@example.com"})


def test_an_unknown_certificate_is_not_trusted(tmp_path, certificate):
    with mail_server.serving(**mail_server.encrypted(*certificate)) as (server, _):
        with running(shop.serve(tmp_path)) as belvedere, Api(belvedere) as api:
            api.login()
            api.post("/smtp_settings", json=settings(server, **login()))
            (node,) = api.get("/smtp_status").json()["node_status"]
            assert "cannot be encrypted: " in node["message"], node


def test_the_operator_names_the_mail_server_too(tmp_path):
    with mail_server.serving() as (server, box):
        belvedere = shop.serve(tmp_path)
        belvedere.arguments += ["--smtp-address", "127.0.0.1", "--smtp-port", str(server.port)]
        belvedere.arguments += ["--smtp-from", "bi@example.com", "--host-url", "https://bi.example.com/"]
        with running(belvedere), Api(belvedere) as api:
            api.login()
            user = api.post("/users", json={"credentials_email": {"email": EMAIL}}).json()["id"]
            assert send(api, user).status_code == 200
            assert box.link().startswith("https://bi.example.com/account/setup/")
            # An administrator's own comes first, until it is given up.
            with socket.create_server(("127.0.0.1", 0)) as closed:
                other = settings(server, port=closed.getsockname()[1])
            assert api.post("/smtp_settings", json=other).status_code == 204
            assert api.get("/smtp_status").json()["is_valid"] is False
            assert api.post("/smtp_settings", json={"default_smtp": True}).status_code == 204
            assert api.get("/smtp_status").json()["is_valid"] is True


def test_without_a_mail_server_everybody_is_told_so(api, person):
    message = api.assert_error(send(api, person), 400)["message"]
    assert "set_smtp_settings" in message and "--smtp-address" in message
    assert api.get("/smtp_status").json()["is_valid"] is False
    page = Browser().get(f"{api.server.credentials.base_url}/password/forgot")
    assert page.status_code == 200 and "Ask an administrator" in page.text
