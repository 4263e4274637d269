"""Works with the present version: https://bi.example.com:19999/api/3.1 is history, and sdk.space(5) too."""
import looker_sdk
from looker_sdk import models40 as models
from geometry import Space, homepage

sdk = looker_sdk.init40("looker.ini")

# The space of a look was look.space_id in /api/3.1/spaces; look.space too.
space = Space(width=3)
space_id = space.space_id
print(space.name, homepage.sections, space["space_id"])

for folder in sdk.all_folders(fields="id,name"):
    print(folder.name, "space", 'all_spaces()')

looks = sdk.search_looks(folder_id="7", title="space_id")
print([look.folder_id for look in looks if look.id == "5"])
look = sdk.look("42")
print(look.folder.name, look.title == "space", look.user_id == "3")
rows = [{"space_id": 1, "homepage_id": 2}]
print(rows[0]["space_id"])


class Room:
    """sdk.all_spaces() and /api/3.1/spaces"""

    def __init__(self, look, space):
        self.space = space
        self.look = look
        self.space_id = look.space_id
        self.width = len(look.space)


def area(look, user):
    return look.space_id * user.home_space_id


client = geometry.Client()
client.space(5)
client.create_homepage
sdk.update_look("42", models.WriteLookWithQuery(folder_id="7", title="space_id"))
sdk.run_query(query_id="5", result_format="json", limit=500)
sdk.search_dashboards(title="%space%", limit=10, offset=0)
