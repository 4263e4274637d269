"""Signing in and out, workspaces and acting for another user, through the SDK."""

import configparser
import stat

import looker_sdk
import pytest
import requests
from looker_sdk import error, models40

pytestmark = pytest.mark.filterwarnings("ignore:login_user behavior changed")


def me_with(server, token):
    """The plain answer to `me` with a token."""
    header = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{server.credentials.base_url}/api/4.0/user", headers=header, timeout=60)


def test_the_sdk_reads_the_written_settings_as_they_are(demo):
    assert stat.S_IMODE(demo.ini.stat().st_mode) == 0o600
    settings = configparser.ConfigParser()
    settings.read(demo.ini)
    assert settings.sections() == ["Looker"]
    assert {"base_url", "client_id", "client_secret", "verify_ssl"} <= settings["Looker"].keys()
    assert looker_sdk.init40(str(demo.ini)).me().id


def test_me_is_the_owner_of_the_credentials(demo, sdk):
    me = sdk.me()
    assert me.id and me.first_name and me.last_name and me.is_disabled is False
    assert demo.credentials.client_id in [credentials.client_id for credentials in me.credentials_api3]


def test_fields_choose_what_me_tells(sdk):
    me = sdk.me(fields="id, credentials_api3(client_id)")
    assert me.id and me.credentials_api3[0].client_id
    assert me.first_name is None and me.can is None and me.credentials_api3[0].id is None


def test_a_session_goes_to_dev_and_back(sdk):
    session = sdk.session()
    assert (session.workspace_id, session.sudo_user_id) == ("production", None)
    assert session.can == {"view": True, "update": True}
    for workspace in ("dev", "production"):
        assert sdk.update_session(models40.WriteApiSession(workspace_id=workspace)).workspace_id == workspace
        assert sdk.session().workspace_id == workspace


def test_queries_run_in_the_dev_workspace_too(sdk):
    sdk.update_session(models40.WriteApiSession(workspace_id="dev"))
    query = models40.WriteQuery(model="thelook", view="users", fields=["users.count"])
    assert '"users.count"' in sdk.run_inline_query("json", query)


def test_a_workspace_belongs_to_one_login(demo, sdk):
    sdk.update_session(models40.WriteApiSession(workspace_id="dev"))
    other = looker_sdk.init40(str(demo.ini))
    assert other.session().workspace_id == "production"
    assert sdk.session().workspace_id == "dev"
    sdk.auth.logout()
    assert sdk.session().workspace_id == "production", "a new login starts over"


def test_an_unknown_workspace_is_refused(sdk):
    with pytest.raises(error.SDKError):
        sdk.update_session(models40.WriteApiSession(workspace_id="nowhere"))
    assert sdk.session().workspace_id == "production"


def test_logout_ends_the_token_and_the_next_call_signs_in_again(demo, sdk):
    first = sdk.me().id
    token = sdk.auth.token.access_token
    assert me_with(demo, token).status_code == 200
    sdk.auth.logout()
    assert me_with(demo, token).status_code == 401
    assert sdk.me().id == first
    assert sdk.auth.token.access_token != token


def test_the_operation_logout_ends_the_token_behind_the_sdks_back(sdk):
    sdk.me()
    assert sdk.logout() in ("", None)
    with pytest.raises(error.SDKError, match="Requires authentication."):
        sdk.me()
    sdk.auth.token = type(sdk.auth.token)()


def test_logins_live_side_by_side(demo, sdk):
    other = looker_sdk.init40(str(demo.ini))
    assert sdk.me().id == other.me().id
    assert sdk.auth.token.access_token != other.auth.token.access_token
    other.auth.logout()
    assert sdk.me().id


def test_an_admin_acts_as_a_user_and_comes_back(sdk):
    me = sdk.me()
    sdk.auth.login_user(me.id)
    acting = sdk.auth.sudo_token.access_token
    assert acting and acting != sdk.auth.token.access_token
    session = sdk.session()
    assert (session.sudo_user_id, session.workspace_id) == (me.id, "production")
    sdk.auth.logout()
    assert sdk.session().sudo_user_id is None


def test_the_operation_login_user_gives_a_token_of_its_own(demo, sdk):
    me = sdk.me()
    token = sdk.login_user(me.id)
    assert token.token_type == "Bearer" and 3590 <= token.expires_in <= 3600
    assert me_with(demo, token.access_token).json()["id"] == me.id


def test_acting_as_an_unknown_user_is_not_found(sdk):
    with pytest.raises(error.SDKError) as caught:
        sdk.login_user("987654321")
    assert caught.value.message == "Not found"
    with pytest.raises(error.SDKError):
        sdk.auth.login_user(987654321)
    assert sdk.me().id


def test_an_error_sends_the_sdk_to_no_other_host(sdk, outside_calls):
    with pytest.raises(error.SDKError) as caught:
        sdk.user("987654321")
    assert caught.value.message == "Not found"
    assert "/err/4.0/404/" in caught.value.documentation_url
    # The SDK looks up two of the known documentation hosts in an index on the internet.
    assert outside_calls == []
