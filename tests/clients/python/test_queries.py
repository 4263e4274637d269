"""Queries that are kept: made once, found again, run."""

import json

import pytest
from looker_sdk import error, models40

BY_COUNTRY = {
    "model": "thelook",
    "view": "users",
    "fields": ["users.country", "users.count"],
    "filters": {"users.gender": "Female", "users.age": ">20"},
    "sorts": ["users.count desc", "users.country"],
    "limit": "3",
}


@pytest.fixture
def by_country(sdk):
    return sdk.create_query(models40.WriteQuery(**BY_COUNTRY))


def test_a_query_is_kept_as_it_was_sent(sdk, by_country):
    for name, value in BY_COUNTRY.items():
        assert getattr(by_country, name) == value
    assert list(by_country.filters) == ["users.gender", "users.age"]
    assert by_country.pivots in (None, []) and by_country.has_table_calculations is False
    assert sdk.query(by_country.id) == by_country


def test_the_same_query_is_made_only_once(sdk, by_country):
    again = sdk.create_query(models40.WriteQuery(**BY_COUNTRY))
    assert (again.id, again.slug, again.client_id) == (by_country.id, by_country.slug, by_country.client_id)
    other = sdk.create_query(models40.WriteQuery(**{**BY_COUNTRY, "limit": "4"}))
    assert other.id != by_country.id and other.slug != by_country.slug


def test_a_query_is_found_by_slug_and_by_client_id(sdk, by_country):
    assert len(by_country.slug) == 32 and by_country.slug.isalnum()
    assert len(by_country.client_id) == 22 and by_country.client_id.isalnum()
    assert sdk.query_for_slug(by_country.slug).id == by_country.id
    assert sdk.query_for_slug(by_country.client_id).id == by_country.id


def test_a_query_has_addresses_to_share(by_country):
    assert by_country.share_url.endswith(f"/x/{by_country.slug}")
    assert by_country.url.startswith("/explore/thelook/users?fields=users.country,users.count")
    assert "/explore/thelook/users?" in by_country.expanded_share_url


def test_a_query_that_is_sent_back_whole_is_the_same_query(api, by_country):
    whole = api.get(f"/queries/{by_country.id}").json()
    answer = api.post("/queries", json={**whole, "no_such_key": 1})
    assert answer.status_code == 200 and answer.json()["id"] == by_country.id


def test_a_limit_may_be_sent_as_a_number(api, by_country):
    answer = api.post("/queries", json={**BY_COUNTRY, "limit": 3})
    assert (answer.json()["limit"], answer.json()["id"]) == ("3", by_country.id)


def test_the_settings_of_a_chart_are_kept_to_the_letter(sdk):
    chart = {"type": "looker_column", "z": [1, {"y": None, "x": "ü"}], "a": {"hidden": False, "size": 1.5}}
    query = sdk.create_query(models40.WriteQuery(**BY_COUNTRY, vis_config=chart))
    assert json.dumps(sdk.query(query.id).vis_config) == json.dumps(chart)


def test_fields_choose_what_a_made_query_answers(api):
    answer = api.post("/queries?fields=id,share_url", json=BY_COUNTRY)
    assert answer.json().keys() == {"id", "share_url"}


def test_a_kept_query_gives_the_rows_of_the_inline_one(sdk, by_country):
    kept = json.loads(sdk.run_query(by_country.id, "json"))
    inline = json.loads(sdk.run_inline_query("json", models40.WriteQuery(**BY_COUNTRY)))
    assert kept == inline and len(kept) == 3
    assert [row["users.count"] for row in kept] == sorted((row["users.count"] for row in kept), reverse=True)


def test_the_limit_of_a_run_goes_before_the_kept_one(sdk, by_country, data):
    countries = data.execute(
        "SELECT COUNT(DISTINCT country) FROM users WHERE gender = 'Female' AND age > 20"
    ).fetchone()[0]
    assert countries > 3
    assert len(json.loads(sdk.run_query(by_country.id, "json", limit=1))) == 1
    assert len(json.loads(sdk.run_query(by_country.id, "json", limit=-1))) == countries


def test_rows_are_limited_to_500_unless_told_otherwise(sdk, data):
    users = data.execute("SELECT COUNT(*) FROM users").fetchone()[0]
    assert users > 500
    body = models40.WriteQuery(model="thelook", view="users", fields=["users.id"])
    assert len(json.loads(sdk.run_inline_query("json", body))) == 500
    assert len(json.loads(sdk.run_inline_query("json", body, limit=501))) == 501
    assert len(json.loads(sdk.run_inline_query("json", body, limit=-1))) == users


def test_more_than_5000_rows_come_when_there_is_no_limit(shop_api):
    query = {"model": "shop", "view": "numbers", "fields": ["numbers.n"], "limit": "-1"}
    assert len(shop_api.rows(query)) == 6000


def test_a_query_may_stand_in_the_address(sdk):
    parameters = {
        "fields": "users.country,users.count",
        "f[users.gender]": "Female",
        "f[users.age]": ">20",
        "sorts": "users.count desc,users.country",
        "limit": "3",
    }
    path = "/queries/models/thelook/views/users/run/json"
    text = sdk.get(path=path, structure=str, query_params=parameters)
    assert json.loads(text) == json.loads(sdk.run_inline_query("json", models40.WriteQuery(**BY_COUNTRY)))


def test_a_query_in_the_address_of_no_model_is_not_found(sdk):
    with pytest.raises(error.SDKError) as caught:
        sdk.run_url_encoded_query("nothing", "users", "json")
    assert caught.value.message == "Not found"


def test_sorts_that_name_nothing_are_left_out(api):
    query = {**BY_COUNTRY, "sorts": ["users.country", "users.nothing desc", ""]}
    names = [row["users.country"] for row in api.rows(query, limit=-1)]
    assert names == sorted(names)


def test_blank_filters_mean_any_value(api):
    query = {**BY_COUNTRY, "limit": "-1"}
    assert api.rows({**query, "filters": {"users.gender": "", "users.age": None}}) == api.rows({**query, "filters": {}})


def test_many_clients_are_served_at_once(demo):
    from concurrent.futures import ThreadPoolExecutor

    import looker_sdk

    def count(_):
        client = looker_sdk.init40(str(demo.ini))
        body = models40.WriteQuery(model="thelook", view="order_items", fields=["order_items.count", "users.count"])
        text = client.run_inline_query("json", body, cache=False)
        client.auth.logout()
        return text

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(count, range(24)))) == 1
