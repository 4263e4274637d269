"""The second factor by codes that an application of another maker shows."""

import re
import time
from urllib.parse import unquote

import pyotp
import pytest

import mail_server
import shop
from http_api import Api
from server import running
from test_oauth import Browser, brought

EMAIL = "theo@example.com"
PASSWORD = "Correct-horse-7"
APP = "com.example.codes"
CALLBACK = "https://app.example.com/oauth"
QUERY = {
    "client_id": APP,
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "cors_api",
    "code_challenge_method": "S256",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
}


@pytest.fixture
def api(tmp_path):
    """A server by the clock of the machine, as the application is."""
    server = shop.serve(tmp_path)
    at = server.arguments.index("--now")
    del server.arguments[at : at + 2]
    with running(server), Api(server) as client:
        client.login()
        body = {"redirect_uri": CALLBACK, "display_name": "Codes"}
        assert client.post(f"/oauth_client_apps/{APP}", json=body).status_code == 200
        yield client


@pytest.fixture
def person(api):
    """A user with a password who must show a second factor, by id."""
    user = api.post("/users", json={"first_name": "Theo", "credentials_email": {"email": EMAIL}}).json()["id"]
    url = api.post(f"/users/{user}/credentials_email/password_reset").json()["password_reset_url"]
    browser = Browser()
    assert browser.submit(browser.get(url), password=PASSWORD, again=PASSWORD).status_code == 200
    assert api.post(f"/users/{user}/credentials_totp", json={}).status_code == 200
    return user


def after_password(api, browser):
    page = browser.get(f"{api.server.credentials.base_url}/auth", params=QUERY)
    return browser.submit(page, email=EMAIL, password=PASSWORD)


def show(browser, page, code):
    token = re.search(r'name="sign_in" value="([^"]+)"', page.text)[1]
    return browser.submit(page, sign_in=token, code=code)


def test_an_application_for_codes_reads_the_address_and_its_codes_let_in(api, person):
    browser = Browser()
    page = after_password(api, browser)
    uri = re.search(r'href="(otpauth://[^"]+)"', page.text)[1].replace("&amp;", "&")
    application = pyotp.parse_uri(uri)
    assert (application.name, application.issuer) == (EMAIL, "Belvedere"), unquote(uri)
    assert re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "") == application.secret
    # The server takes the code of the step before as well, so that the end of a step between the two does no harm.
    code = application.now()
    done = show(browser, page, code)
    assert done.status_code == 303, done.text
    back = brought(browser.submit(browser.follow(done), answer="allow"))
    assert back["code"]
    assert api.get(f"/users/{person}/credentials_totp").json()["verified"] is True
    other = Browser()
    page = after_password(api, other)
    assert "otpauth" not in page.text
    assert show(other, page, code).status_code == 422, "a code works once"
    later = application.at(int(time.time()) + 30)
    assert show(other, page, later).status_code == 303


def test_a_mail_with_the_way_to_a_password_does_not_lead_around_the_second_factor(api, person):
    with mail_server.serving() as (server, box):
        body = {"address": "127.0.0.1", "port": server.port, "from": "bi@example.com"}
        assert api.post("/smtp_settings", json=body).status_code == 204
        browser = Browser()
        page = browser.get(f"{api.server.credentials.base_url}/password/forgot")
        assert browser.submit(page, email=EMAIL).status_code == 200
        link = box.link()
        assert browser.submit(browser.get(link), password="Another-horse-8", again="Another-horse-8").status_code == 200
        page = browser.get(f"{api.server.credentials.base_url}/auth", params=QUERY)
        asked = browser.submit(page, email=EMAIL, password="Another-horse-8")
        assert asked.status_code == 200 and "Set-Cookie" not in asked.headers
        assert 'name="code"' in asked.text
