#!/bin/sh
# curl https://bi.example.com:19999/api/3.1/spaces
HOST=https://bi.example.com:19999
curl -s -H "Authorization: token $TOKEN" "$HOST/api/3.1/spaces/$1/looks?fields=id,space_id"
curl -s -X POST "$HOST/api/3.1/homepage_items" -d '{"title": "x"}'
curl -s $HOST/api/3.1/users/me
API=$HOST/api/3.1
curl -s "$API/spaces/1" "$API/folders/1"
export LOOKERSDK_API_VERSION=3.1
