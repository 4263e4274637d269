import requests

BASE = "https://bi.example.com:19999/api/3.1"


def children(session, space):
    answer = session.get(f"{BASE}/spaces/{space['id']}/children", headers={"Accept": "application/json"})
    looks = session.get(f"{BASE}/folders/{space['id']}/looks")
    requests.post("https://bi.example.com:19999/api/3.1/homepages", json={"title": "New"})
    requests.patch("https://bi.example.com:19999/api/3.1/looks/5?fields=id,space_id", json={})
    return answer.json(), looks.json()
