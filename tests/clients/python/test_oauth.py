"""OAuth with PKCE by the session of the official SDK; plain HTTP stands for the browser of the user."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from looker_sdk import error, methods40
from looker_sdk.rtl import api_settings, auth_session, requests_transport, serialize

EMAIL = "olga@example.com"
PASSWORD = "Correct-horse-7"
APP = "com.example.python"
CALLBACK = "https://app.example.com/oauth"


class Browser(requests.Session):
    """Sends the forms of the pages, and stops where it would leave the server."""

    def __init__(self):
        super().__init__()
        self.trust_env = False

    def submit(self, page, **fields):
        action, token = (
            re.search(pattern, page.text)[1].replace("&amp;", "&")
            for pattern in (r'<form method="post" action="([^"]+)"', r'name="form_token" value="([^"]+)"')
        )
        url = requests.compat.urljoin(page.url, action)
        return self.post(url, data={"form_token": token, **fields}, allow_redirects=False)

    def follow(self, answer):
        return self.get(requests.compat.urljoin(answer.url, answer.headers["Location"]), allow_redirects=False)


@pytest.fixture
def person(api):
    """A user with a password, by id."""
    user = api.post("/users", json={"first_name": "Olga", "credentials_email": {"email": EMAIL}}).json()["id"]
    url = api.post(f"/users/{user}/credentials_email/password_reset").json()["password_reset_url"]
    browser = Browser()
    done = browser.submit(browser.get(url), password=PASSWORD, again=PASSWORD)
    assert done.status_code == 200, done.text
    yield user
    assert api.delete(f"/users/{user}").status_code == 204


@pytest.fixture
def app(api):
    body = {"redirect_uri": CALLBACK, "display_name": "Python"}
    assert api.post(f"/oauth_client_apps/{APP}", json=body).status_code == 200
    yield APP
    assert api.delete(f"/oauth_client_apps/{APP}").status_code == 204


@pytest.fixture
def session(demo, app, tmp_path):
    base_url = demo.credentials.base_url
    ini = tmp_path / "looker.ini"
    lines = ["[Looker]", f"base_url={base_url}", f"looker_url={base_url}", f"client_id={app}", f"redirect_uri={CALLBACK}"]
    ini.write_text("\n".join(lines))
    settings = api_settings.ApiSettings(filename=str(ini))
    return auth_session.OAuthSession(
        settings=settings,
        transport=requests_transport.RequestsTransport.configure(settings),
        deserialize=serialize.deserialize40,
        serialize=serialize.serialize40,
        crypto=auth_session.CryptoHash(),
        version="4.0",
    )


def sdk_of(session):
    return methods40.Looker40SDK(session, serialize.deserialize40, serialize.serialize40, session.transport, "4.0")


def brought(answer):
    """The parameters that a browser brings back."""
    location = answer.headers["Location"]
    assert location.startswith(f"{CALLBACK}?"), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def sign_in(session, state="s"):
    """Goes the user's way from the address that the SDK makes to what the browser brings back."""
    browser = Browser()
    page = browser.get(session.create_auth_code_request_url("cors_api", state), allow_redirects=False)
    consent = browser.follow(browser.submit(page, email=EMAIL, password=PASSWORD))
    if consent.is_redirect:
        return brought(consent)
    return brought(browser.submit(consent, answer="allow"))


def test_the_sdk_signs_in_calls_refreshes_and_signs_out(session, person):
    back = sign_in(session, state="a b&c")
    assert back["state"] == "a b&c"
    session.redeem_auth_code(back["code"])
    sdk = sdk_of(session)
    assert sdk.me().id == person
    first = session.token
    # The SDK renews a token that it takes for expired, with the refresh token.
    session.token.expires_at = session.token.expires_at.replace(year=2000)
    assert sdk.me().id == person
    assert session.token.access_token != first.access_token
    assert session.token.refresh_token == first.refresh_token
    session.logout()
    session.token = first
    with pytest.raises(error.SDKError, match="invalid_grant"):
        sdk.me()


def test_a_code_works_once_and_with_its_verifier(session, person):
    code = sign_in(session)["code"]
    verifier = session.code_verifier
    with pytest.raises(error.SDKError, match="invalid_grant"):
        session.redeem_auth_code(code, code_verifier="x" * 43)
    session.redeem_auth_code(code, code_verifier=verifier)
    sdk = sdk_of(session)
    assert sdk.me().id == person
    with pytest.raises(error.SDKError, match="invalid_grant"):
        session.redeem_auth_code(code, code_verifier=verifier)
    with pytest.raises(error.SDKError, match="Requires authentication"):
        sdk.me()


def test_invalidated_tokens_are_dead_at_once_and_consent_stays(session, person, api):
    session.redeem_auth_code(sign_in(session)["code"])
    sdk = sdk_of(session)
    sdk.me()
    assert api.delete(f"/oauth_client_apps/{APP}/tokens").status_code == 204
    with pytest.raises(error.SDKError, match="Requires authentication"):
        sdk.me()
    activated = api.get(f"/oauth_client_apps/{APP}").json()["activated_users"]
    assert [user["id"] for user in activated] == [person]
