#!/bin/sh
# /api/3.1/spaces
curl "$HOST/api/4.0/folders/$1?fields=id,name" # not /spaces
df -h /spaces/1; echo "space_id=5 api_version=4.0"
