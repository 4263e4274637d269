"""What the server tells of itself: versions, documents, models, explores, fields, projects, connections and users."""

import json
import typing

import pytest
from looker_sdk import error, models40

from fits import misfits

EXPLORES = {"order_items", "orders", "users", "products", "inventory_items", "events"}

# What Spectacles takes from every dimension without asking whether it is there.
DIMENSION_KEYS = {"name", "type", "tags", "sql", "lookml_link", "hidden"}

# Where each model of the SDK comes from.
ANSWERS = {
    "/versions": models40.ApiVersion,
    "/user": models40.User,
    "/users": typing.Sequence[models40.User],
    "/session": models40.ApiSession,
    "/lookml_models": typing.Sequence[models40.LookmlModel],
    "/lookml_models/thelook": models40.LookmlModel,
    "/connections": typing.Sequence[models40.DBConnection],
    "/connections/thelook": models40.DBConnection,
    "/projects": typing.Sequence[models40.Project],
    "/projects/thelook": models40.Project,
    "/running_queries": typing.Sequence[models40.RunningQueries],
    **{f"/lookml_models/thelook/explores/{name}": models40.LookmlModelExplore for name in sorted(EXPLORES)},
}


@pytest.mark.parametrize("path", ANSWERS)
def test_answers_fit_the_models_of_typed_clients(api, path):
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    assert misfits(ANSWERS[path], answer.json()) == []


def test_versions_name_the_release_and_the_document(demo, sdk):
    versions = sdk.versions()
    assert versions.looker_release_version
    assert versions.api_server_url == demo.credentials.base_url
    assert versions.current_version.version == "4.0"
    assert versions.current_version.swagger_url.endswith("/4.0/swagger.json")
    assert versions.current_version in versions.supported_versions


def test_versions_are_the_same_without_a_token_at_both_places(api):
    del api.headers["Authorization"]
    at_the_host, below_the_version = api.get("/versions", host=True), api.get("/versions")
    assert at_the_host.status_code == below_the_version.status_code == 200
    assert at_the_host.json() == below_the_version.json()


def test_the_document_is_what_the_ruby_client_builds_its_methods_from(api, sdk):
    document = sdk.api_spec("4.0", "swagger.json")
    document = json.loads(document) if isinstance(document, str) else document
    assert document["swagger"] == "2.0" and document["basePath"] == "/api/4.0"
    assert document["info"]["x-looker-release-version"]
    operations = {operation["operationId"] for methods in document["paths"].values() for operation in methods.values()}
    assert {
        "login",
        "me",
        "create_query",
        "run_inline_query",
        "create_query_task",
        "lookml_model_explore",
    } <= operations
    assert document["definitions"]["Query"]["properties"]["slug"]["readOnly"] is True

    del api.headers["Authorization"]
    assert api.get("/swagger.json").json() == document
    assert api.get("/openapi.json").json()["openapi"].startswith("3.0")


def test_the_models_are_those_of_the_project(sdk):
    (model,) = sdk.all_lookml_models()
    assert (model.name, model.project_name, model.label) == ("thelook", "thelook", "The Look")
    assert {explore.name for explore in model.explores} == EXPLORES
    assert sdk.lookml_model("thelook") == model
    assert sdk.all_lookml_models(fields="name,explores(name)")[0].project_name is None


def test_an_explore_tells_its_joins_and_fields(sdk):
    explore = sdk.lookml_model_explore("thelook", "order_items")
    assert (explore.id, explore.name, explore.model_name) == ("thelook::order_items", "order_items", "thelook")
    assert "order_items" in explore.scopes and explore.connection_name == "thelook"
    joins = {join.name: join for join in explore.joins}
    assert joins["users"].relationship == "many_to_one" and joins["user_order_facts"].relationship == "one_to_one"

    dimensions = {field.name: field for field in explore.fields.dimensions}
    measures = {field.name: field for field in explore.fields.measures}
    parameters = {field.name: field for field in explore.fields.parameters}
    assert dimensions["order_items.id"].primary_key and dimensions["order_items.user_id"].hidden
    assert dimensions["order_items.created_month"].type == "date_month"
    assert dimensions["order_items.is_returned"].type == "yesno"
    assert dimensions["users.age_tier"].type == "tier"
    assert dimensions["users.city"].field_group_label == "Address"
    assert measures["order_items.total_sale_price"].value_format == "$#,##0.00"
    assert measures["order_items.total_sale_price"].type == "sum"
    assert "order_items.return_rate" in measures and "order_items.date_granularity" in parameters


def test_labels_are_made_from_names(sdk):
    explore = sdk.lookml_model_explore("thelook", "order_items")
    fields = {field.name: field for field in [*explore.fields.dimensions, *explore.fields.measures]}
    labels = {name: (fields[name].view_label, fields[name].label_short, fields[name].label) for name in fields}
    assert labels["users.first_name"] == ("Users", "First Name", "Users First Name")
    assert labels["products.sku"] == ("Products", "SKU", "Products SKU")
    assert labels["order_items.total_sale_price"] == ("Order Items", "Total Sale Price", "Order Items Total Sale Price")
    assert labels["order_items.created_date"] == ("Order Items", "Created Date", "Order Items Created Date")
    assert labels["user_order_facts.lifetime_orders"][0] == "User Facts"


@pytest.mark.parametrize("explore", sorted(EXPLORES))
def test_every_dimension_has_what_spectacles_reads(api, explore):
    fields = api.get(f"/lookml_models/thelook/explores/{explore}?fields=fields").json()["fields"]
    for dimension in fields["dimensions"]:
        assert dimension.keys() >= DIMENSION_KEYS, dimension["name"]
        assert isinstance(dimension["tags"], list)


def test_fields_choose_through_lists_and_objects(api):
    wanted = "id, joins( name ),fields(dimensions(name,type),measures(name))"
    explore = api.get("/lookml_models/thelook/explores/users", params={"fields": wanted}).json()
    assert explore.keys() == {"id", "joins", "fields"}
    assert all(join.keys() == {"name"} for join in explore["joins"])
    assert explore["fields"].keys() == {"dimensions", "measures"}
    assert all(field.keys() == {"name", "type"} for field in explore["fields"]["dimensions"])
    assert all(field.keys() == {"name"} for field in explore["fields"]["measures"])


def test_suggestions_are_the_values_in_the_data(sdk, data):
    countries = [row[0] for row in data.execute("SELECT DISTINCT country FROM users ORDER BY country").fetchall()]
    assert len(countries) > 2
    assert sorted(sdk.model_fieldname_suggestions("thelook", "users", "users.country").suggestions) == countries
    part = countries[0][1:4]
    found = sdk.model_fieldname_suggestions("thelook", "users", "users.country", term=part).suggestions
    assert sorted(found) == [country for country in countries if part.lower() in country.lower()]


def test_a_connection_can_be_seen_and_tested(sdk):
    names = [connection.name for connection in sdk.all_connections()]
    assert "thelook" in names
    connection = sdk.connection("thelook")
    assert connection.dialect_name == "duckdb" and connection.password is None
    results = sdk.test_connection("thelook")
    assert results and {result.status for result in results} == {"success"}
    assert {result.name for result in results} <= set(connection.dialect.connection_tests)
    one = sdk.test_connection("thelook", models40.DelimSequence(["connect"]))
    assert [result.name for result in one] == ["connect"]


def test_the_project_is_listed(sdk):
    assert "thelook" in [project.id for project in sdk.all_projects()]
    project = sdk.project("thelook")
    assert (project.id, project.name) == ("thelook", "thelook")
    assert isinstance(project.pull_request_mode, models40.PullRequestMode)


def test_users_are_listed_and_found_by_id(sdk):
    me = sdk.me()
    assert me.id in [user.id for user in sdk.all_users()]
    assert sdk.user(me.id).credentials_api3 == me.credentials_api3
    assert [user.id for user in sdk.all_users(fields="id", ids=models40.DelimSequence([me.id]))] == [me.id]


def test_a_page_links_to_its_neighbours_only_when_asked_by_limit(api):
    assert "Link" not in api.get("/users").headers
    page = api.get("/users?limit=1&offset=0&fields=id")
    assert len(page.json()) == 1
    assert page.links["first"]["url"].startswith(api.server.credentials.base_url)
    assert int(page.headers.get("X-Total-Count", "1")) >= 1


UNKNOWN = {
    "a model": lambda sdk: sdk.lookml_model("nothing"),
    "an explore": lambda sdk: sdk.lookml_model_explore("thelook", "nothing"),
    "an explore of no model": lambda sdk: sdk.lookml_model_explore("nothing", "users"),
    "a query": lambda sdk: sdk.query("987654321"),
    "a slug": lambda sdk: sdk.query_for_slug("x" * 32),
    "a task": lambda sdk: sdk.query_task("f" * 32),
    "a task's results": lambda sdk: sdk.query_task_results("f" * 32),
    "a running query": lambda sdk: sdk.kill_query("f" * 32),
    "a user": lambda sdk: sdk.user("987654321"),
    "a user with no number": lambda sdk: sdk.user("../user"),
    "a connection": lambda sdk: sdk.connection("nothing"),
    "a project": lambda sdk: sdk.project("nothing"),
    "a project outside its folder": lambda sdk: sdk.project("../thelook"),
}


@pytest.mark.parametrize("call", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_is_not_there_is_not_found(sdk, call):
    with pytest.raises(error.SDKError) as caught:
        call(sdk)
    assert caught.value.message == "Not found"
