"""The numbers: rows of the server against SQL written by hand over the same data, and against sums done by hand."""

from decimal import Decimal

import pytest

import formats

# Each case: explore, fields, the rest of the query, and SQL whose rows must be the same in the same order.
CASES = {
    "a count by a dimension": (
        "users",
        ["users.country", "users.count"],
        {"sorts": ["users.country"]},
        "SELECT country, COUNT(*) FROM users GROUP BY 1 ORDER BY 1",
    ),
    "a count, an average and a sum on the one side are not multiplied by the join": (
        "users",
        ["users.country", "users.count", "users.average_age", "order_items.total_sale_price", "order_items.count"],
        {"sorts": ["users.country"]},
        """
        WITH people AS (SELECT country, COUNT(*) AS n, AVG(age) AS age FROM users GROUP BY 1),
        sales AS (
            SELECT u.country, SUM(i.sale_price) AS total, COUNT(*) AS n
            FROM users u JOIN orders o ON o.user_id = u.id JOIN order_items i ON i.order_id = o.id GROUP BY 1
        )
        SELECT country, p.n, p.age, COALESCE(s.total, 0), COALESCE(s.n, 0)
        FROM people p LEFT JOIN sales s USING (country) ORDER BY 1
        """,
    ),
    "a sum on the one side of a one-to-many join counts each row once": (
        "products",
        ["products.category", "products.count", "products.average_retail_price", "inventory_items.total_cost"],
        {"filters": {"order_items.status": "-NULL"}, "sorts": ["products.category"]},
        """
        WITH sold AS (
            SELECT DISTINCT p.id AS product, p.category, p.retail_price, n.id AS piece, n.cost
            FROM products p JOIN inventory_items n ON n.product_id = p.id
            JOIN order_items i ON i.inventory_item_id = n.id
        ), products_once AS (
            SELECT category, COUNT(*) AS n, AVG(retail_price) AS price
            FROM (SELECT DISTINCT product, category, retail_price FROM sold) GROUP BY 1
        ), pieces AS (SELECT category, SUM(cost) AS cost FROM sold GROUP BY 1)
        SELECT category, n, price, cost FROM products_once JOIN pieces USING (category) ORDER BY 1
        """,
    ),
    "a sum over three joined tables": (
        "order_items",
        ["products.department", "products.category", "order_items.total_gross_margin", "order_items.gross_margin_rate"],
        {"filters": {"order_items.status": "Complete,Shipped"}, "sorts": ["products.department", "products.category"]},
        """
        SELECT p.department, p.category, SUM(i.sale_price - n.cost), SUM(i.sale_price - n.cost) / SUM(i.sale_price)
        FROM order_items i JOIN inventory_items n ON n.id = i.inventory_item_id JOIN products p ON p.id = n.product_id
        WHERE i.status IN ('Complete', 'Shipped') GROUP BY 1, 2 ORDER BY 1, 2
        """,
    ),
    "days across the end of a month": (
        "order_items",
        ["order_items.created_date", "order_items.count", "order_items.total_sale_price"],
        {"filters": {"order_items.created_date": "2025-11-28 to 2025-12-03"}, "sorts": ["order_items.created_date"]},
        """
        SELECT strftime(created_at, '%Y-%m-%d'), COUNT(*), SUM(sale_price) FROM order_items
        WHERE created_at >= '2025-11-28' AND created_at < '2025-12-03' GROUP BY 1 ORDER BY 1
        """,
    ),
    "days across the end of a month in another time zone": (
        "orders",
        ["orders.created_month", "orders.count"],
        {
            "filters": {"orders.created_date": "2025-11-30 for 2 days"},
            "sorts": ["orders.created_month"],
            "query_timezone": "America/Los_Angeles",
        },
        """
        WITH local AS (SELECT created_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/Los_Angeles' AS moment FROM orders)
        SELECT strftime(moment, '%Y-%m'), COUNT(*) FROM local
        WHERE moment >= '2025-11-30' AND moment < '2025-12-02' GROUP BY 1 ORDER BY 1
        """,
    ),
    "the last month of the fixed clock": (
        "orders",
        ["orders.created_month", "orders.count"],
        {"filters": {"orders.created_date": "last month"}},
        """
        SELECT strftime(created_at, '%Y-%m'), COUNT(*) FROM orders
        WHERE created_at >= '2025-12-01' AND created_at < '2026-01-01' GROUP BY 1
        """,
    ),
    "seven days are today and the six days before": (
        "orders",
        ["orders.created_date", "orders.count"],
        {"filters": {"orders.created_date": "7 days"}, "sorts": ["orders.created_date"]},
        """
        SELECT strftime(created_at, '%Y-%m-%d'), COUNT(*) FROM orders
        WHERE created_at >= '2026-01-09' AND created_at < '2026-01-16' GROUP BY 1 ORDER BY 1
        """,
    ),
    "measures with a filter of their own": (
        "order_items",
        [
            "order_items.count",
            "order_items.returned_count",
            "order_items.return_rate",
            "order_items.completed_sale_price",
        ],
        {},
        """
        SELECT COUNT(*), COUNT(returned_at), 1.0 * COUNT(returned_at) / COUNT(*),
               SUM(sale_price) FILTER (status = 'Complete')
        FROM order_items
        """,
    ),
    "a filter on a measure chooses groups": (
        "users",
        ["users.state", "users.count"],
        {"filters": {"users.count": ">10"}, "sorts": ["users.count desc", "users.state"]},
        "SELECT state, COUNT(*) FROM users GROUP BY 1 HAVING COUNT(*) > 10 ORDER BY 2 DESC, 1",
    ),
    "negated and open filters keep nulls where they should": (
        "users",
        ["users.gender", "users.count"],
        {"filters": {"users.gender": "-Female", "users.age": "NOT 30", "users.city": "%a%,-Atlanta"}},
        """
        SELECT gender, COUNT(*) AS n FROM users
        WHERE (gender <> 'Female' OR gender IS NULL) AND (age <> 30 OR age IS NULL)
          AND city LIKE '%a%' AND city <> 'Atlanta'
        GROUP BY 1 ORDER BY n DESC
        """,
    ),
    "tiers name their bands": (
        "users",
        ["users.age_tier", "users.count"],
        {"sorts": ["users.age_tier"]},
        """
        SELECT CASE WHEN age < 18 THEN 'Below 18' WHEN age < 25 THEN '18 to 24' WHEN age < 35 THEN '25 to 34'
                    WHEN age < 45 THEN '35 to 44' WHEN age < 55 THEN '45 to 54' WHEN age < 65 THEN '55 to 64'
                    WHEN age < 75 THEN '65 to 74' WHEN age >= 75 THEN '75 or Above' ELSE 'Undefined' END,
               COUNT(*)
        FROM users GROUP BY 1 ORDER BY MIN(COALESCE(age, 1000))
        """,
    ),
    "a derived table": (
        "users",
        ["users.traffic_source", "user_order_facts.repeat_customer_count", "user_order_facts.average_lifetime_revenue"],
        {"sorts": ["users.traffic_source"]},
        """
        WITH facts AS (
            SELECT user_id, COUNT(DISTINCT order_id) AS orders, SUM(sale_price) AS revenue
            FROM order_items WHERE status <> 'Cancelled' GROUP BY 1
        )
        SELECT traffic_source, COUNT(*) FILTER (orders > 1), AVG(revenue)
        FROM users LEFT JOIN facts ON facts.user_id = users.id GROUP BY 1 ORDER BY 1
        """,
    ),
    "a derived table made of an explore": (
        "orders",
        ["orders.status", "order_facts.average_item_count", "orders.count"],
        {"sorts": ["orders.status"]},
        """
        WITH facts AS (SELECT order_id, COUNT(*) AS items FROM order_items GROUP BY 1)
        SELECT status, AVG(items), COUNT(*) FROM orders LEFT JOIN facts ON order_id = id GROUP BY 1 ORDER BY 1
        """,
    ),
    "a parameter chooses the grain": (
        "order_items",
        ["order_items.created_period", "order_items.count"],
        {"filters": {"order_items.date_granularity": "year"}, "sorts": ["order_items.created_period"]},
        "SELECT CAST(year(created_at) AS VARCHAR), COUNT(*) FROM order_items GROUP BY 1 ORDER BY 1",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_rows_are_those_of_hand_written_sql(api, data, case):
    explore, fields, rest, sql = case
    query = {"model": "thelook", "view": explore, "fields": fields, "limit": "-1", "query_timezone": "UTC", **rest}
    answer = api.run("json", query)
    assert answer.status_code == 200, answer.text
    result = formats.read("json", answer.text)
    expected = data.execute(sql).fetchall()
    assert expected, "a comparison of no rows says nothing"
    assert len(result.rows) == len(expected), f"{result.rows}\nis not\n{expected}"
    for row, wanted in zip(result.rows, expected, strict=True):
        assert all(map(agrees, wanted, row)), f"{row} is not {wanted}"


def agrees(wanted, value):
    """Whole numbers and decimals to the digit, doubles to a billionth."""
    if isinstance(wanted, float):
        return float(value) == pytest.approx(wanted, rel=1e-9)
    return value == wanted


def test_sums_done_by_hand_survive_a_join(shop_api):
    query = {
        "model": "shop",
        "view": "people",
        "fields": [
            "people.city",
            "people.count",
            "people.total_points",
            "people.average_points",
            "purchases.count",
            "purchases.total_amount",
        ],
        "filters": {"people.city": "-NULL"},
        "sorts": ["people.city"],
    }
    rows = formats.loads(shop_api.run("json", query).text)
    # Joined row by row, Rome would have 3 people with 30 points: each of Ann's three purchases would count her again.
    assert [list(row.values()) for row in rows] == [
        ["Oslo", 2, 60, 30, 2, Decimal("101.25")],
        ["Rome", 1, 10, 10, 3, Decimal("15.00")],
    ]
    assert [row["people.count"] for row in shop_api.rows({**query, "fields": ["people.count"], "filters": {}})] == [4]
