"""A project in the making: mistakes are told with their place, the rest is served, and a saved file counts at once."""

import os
import re
import subprocess

import pytest

import shop
from http_api import Api
from server import binary, running, wait_until

SEEN_WITHIN = 15

PEOPLE_VIEW = "views/people.view.lkml"
PURCHASES_VIEW = "views/purchases.view.lkml"
MODEL = "shop.model.lkml"

POINTS = {"model": "shop", "view": "people", "fields": ["people.total_points"]}
PURCHASES = {"model": "shop", "view": "people", "fields": ["purchases.count"]}
NUMBERS = {"model": "shop", "view": "numbers", "fields": ["numbers.count"]}

DOUBLED = shop.FILES[PEOPLE_VIEW].replace("sql: ${TABLE}.points ;;", "sql: 2 * ${TABLE}.points ;;", 1)
# The fifth line lacks its opening brace.
BROKEN = """
view: purchases {
  sql_table_name: purchases ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: person_id type: number sql: ${TABLE}.person_id ;; }
  measure: count { type: count }
}
"""
GHOSTS = shop.FILES[MODEL] + "explore: ghosts {}\n"


@pytest.fixture
def serve(tmp_path):
    """Starts a server on the shop, with some files changed; gives plain HTTP to it."""
    servers = []

    def serve(changed=None, *arguments):
        server = running(shop.serve(tmp_path, *arguments, files={**shop.FILES, **(changed or {})}))
        servers.append(server)
        api = Api(server.__enter__())
        api.login()
        return api

    yield serve
    for server in servers:
        server.__exit__(None, None, None)


def overwrite(file, text):
    """Saves as a simple editor does."""
    file.write_text(text)


def replace(file, text):
    """Saves as a careful editor does: beside the file, then over it."""
    beside = file.with_name(f".{file.name}.swp")
    beside.write_text(text)
    os.replace(beside, file)


def wait_for_value(api, query, value):
    """Polls until the only cell of a query is `value`."""
    last = []

    def look():
        last[:] = api.run("json", query).json() or [{}]
        return value in last[0].values()

    wait_until(look, SEEN_WITHIN, lambda: f"{value} is the answer; the last one was {last}")


def wait_for_log(api, words):
    """Polls until the log has words that a regular expression describes."""
    wait_until(
        lambda: re.search(words, api.server.log()), SEEN_WITHIN, lambda: f"{words} is logged\n{api.server.log()}"
    )


@pytest.mark.parametrize("save", [overwrite, replace])
def test_a_saved_file_counts_for_the_next_query(serve, tmp_path, save):
    api = serve()
    assert api.rows(POINTS) == [{"people.total_points": 100}]
    for text, value in ((DOUBLED, 200), (shop.FILES[PEOPLE_VIEW], 100)):
        save(tmp_path / "shop" / PEOPLE_VIEW, text)
        wait_for_value(api, POINTS, value)


@pytest.mark.parametrize("save", [overwrite, replace])
def test_a_file_saved_with_a_mistake_keeps_the_last_good_model(serve, tmp_path, save):
    api = serve()
    assert api.rows(PURCHASES) == [{"purchases.count": len(shop.PURCHASES)}]
    save(tmp_path / "shop" / PURCHASES_VIEW, BROKEN)
    wait_for_log(api, r"purchases\.view\.lkml\D{1,12}5\b")
    assert api.rows(PURCHASES) == [{"purchases.count": len(shop.PURCHASES)}]
    # The other files go on: a change in one is seen while the mistake stands in another.
    save(tmp_path / "shop" / PURCHASES_VIEW, shop.FILES[PURCHASES_VIEW])
    save(tmp_path / "shop" / PEOPLE_VIEW, DOUBLED)
    wait_for_value(api, POINTS, 200)


def test_a_project_with_a_mistake_is_served_without_the_broken_file(serve, tmp_path):
    api = serve({PURCHASES_VIEW: BROKEN})
    wait_for_log(api, r"purchases\.view\.lkml\D{1,12}5\b")
    assert api.rows(NUMBERS) == [{"numbers.count": 6000}]
    assert "numbers" in [explore["name"] for explore in api.get("/lookml_models/shop").json()["explores"]]
    overwrite(tmp_path / "shop" / PURCHASES_VIEW, shop.FILES[PURCHASES_VIEW])
    wait_for_value(api, PURCHASES, len(shop.PURCHASES))


def test_an_explore_of_no_view_harms_no_other(serve):
    api = serve({MODEL: GHOSTS})
    wait_for_log(api, "ghosts")
    assert api.rows(POINTS) == [{"people.total_points": 100}]
    answer = api.run("csv", {**POINTS, "view": "ghosts"})
    assert answer.status_code in (400, 404)
    api.assert_error(answer, answer.status_code)


def test_a_new_explore_appears_and_goes(serve, tmp_path):
    api = serve()
    path = tmp_path / "shop" / MODEL

    def explores():
        return {explore["name"] for explore in api.get("/lookml_models/shop").json()["explores"]}

    assert explores() == {"people", "numbers"}
    overwrite(path, shop.FILES[MODEL] + "explore: buyers { view_name: people }\n")
    wait_until(lambda: explores() == {"people", "numbers", "buyers"}, SEEN_WITHIN, "the explore appears")
    overwrite(path, shop.FILES[MODEL])
    wait_until(lambda: explores() == {"people", "numbers"}, SEEN_WITHIN, "the explore goes")


def test_queries_in_flight_see_one_state_of_the_project(serve, tmp_path):
    """While a file is saved again and again, every answer belongs to one of its two texts."""
    api = serve()
    seen = set()
    for turn in range(40):
        replace(tmp_path / "shop" / PEOPLE_VIEW, DOUBLED if turn % 2 else shop.FILES[PEOPLE_VIEW])
        seen |= {row["people.total_points"] for row in api.rows(POINTS)}
    assert seen <= {100, 200}
    wait_for_value(api, POINTS, 200)


def test_a_saved_file_of_an_imported_project_counts_for_the_next_query(serve, tmp_path):
    """Two projects of one server; the shop has the view of its people from the other one."""
    people = shop.FILES[PEOPLE_VIEW]
    core = shop.write_project(tmp_path / "core", {"manifest.lkml": 'project_name: "core"\n', "people.view.lkml": people})
    imported = {
        "manifest.lkml": 'project_name: "shop"\nlocal_dependency: { project: "core" }\n',
        PEOPLE_VIEW: 'include: "//core/people.view"\n',
    }
    api = serve(imported, "--project", core)
    assert api.rows(POINTS) == [{"people.total_points": 100}]
    imports = [{"name": "core", "url": None, "ref": None, "is_remote": False}]
    assert api.get("/projects/shop/manifest").json()["imports"] == imports
    overwrite(core / "people.view.lkml", DOUBLED)
    wait_for_value(api, POINTS, 200)


def test_check_shows_the_place_of_a_mistake(tmp_path):
    project = shop.write_project(tmp_path / "shop", {**shop.FILES, PURCHASES_VIEW: BROKEN})
    done = subprocess.run([binary(), "lookml", "check", project], capture_output=True, text=True, timeout=60)
    told = done.stdout + done.stderr
    assert done.returncode not in (0, 101)
    assert re.search(r"purchases\.view\.lkml:5:\d+", told), told
    assert "^" in told and "person_id type: number" in told, "the line is shown, and the place in it"


def test_check_has_nothing_to_say_about_a_sound_project(tmp_path):
    project = shop.write_project(tmp_path / "shop", shop.FILES)
    done = subprocess.run([binary(), "lookml", "check", project], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
