"""Copies the dashboards of a space. See https://bi.example.com/api/3.1/spaces for what there is."""
import looker_sdk
from looker_sdk import models31 as models
from looker_sdk.sdk.api31.models import Homepage, WriteLookWithQuery

sdk = looker_sdk.init31("looker.ini")


def of_space(space_id):
    # sdk.space("1") was here
    space = sdk.space(space_id)
    for look in sdk.space_looks(space_id, fields="id,title,space(id,name)"):
        print(look.title, look.space_id, f"{look.space.name}")
    return space


def boards() -> list[Homepage]:
    return [board.homepage_sections for board in sdk.all_homepages()]


looks = sdk.search_looks(space_id="7", title="Sales")
names = {look.id: look.space for look in looks}
first = looks[0]
if first.id == 5:
    first.user_id = 3
one = sdk.look(42)
copy = sdk.create_look(WriteLookWithQuery(title="Copy", space_id="7"))
sdk.update_look("42", models.WriteLookWithQuery(space_id=first.space_id))
sdk.create_dashboard({"title": "New", "space_id": "7"})
me = sdk.me()
print(me.home_space_id, me.personal_space_id)
sdk.update_user(user_id=9, body=models.WriteUser(home_space_id="1"))
task = sdk.create_query_task(body, result_format="json", image_width=100)
