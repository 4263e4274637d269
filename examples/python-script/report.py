"""Prints what a web shop has sold, by category."""

import json
import sys

import looker_sdk
from looker_sdk import models40

QUERY = models40.WriteQuery(
    model="thelook",
    view="order_items",
    fields=["products.category", "order_items.count", "order_items.total_sale_price"],
    sorts=["order_items.total_sale_price desc", "products.category"],
    limit="10",
)


def main(ini=""):
    # The SDK logs in with the key when it is first needed, and again before the token ends.
    sdk = looker_sdk.init40(ini)
    print(f"Signed in as {sdk.me().display_name}")
    for row in json.loads(sdk.run_inline_query("json", QUERY)):
        category, count, price = (row[field] for field in QUERY.fields)
        print(f"{category:<32}{count:>8}{price:>14.2f}")
    sdk.auth.logout()


if __name__ == "__main__":
    main(*sys.argv[1:2])
