"""The example script, run as its README says."""

import subprocess
import sys

from server import ROOT

SCRIPT = ROOT / "examples" / "python-script" / "report.py"

EXPECTED = """
    SELECT p.category, COUNT(*), SUM(oi.sale_price)
    FROM order_items AS oi
    JOIN inventory_items AS ii ON ii.id = oi.inventory_item_id
    JOIN products AS p ON p.id = ii.product_id
    GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 10
"""


def test_the_script_prints_what_was_sold(demo, data):
    run = subprocess.run([sys.executable, SCRIPT, demo.ini], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    first, *lines = run.stdout.splitlines()
    assert first.startswith("Signed in as ")
    printed = [(line[:32].strip(), int(line[32:40]), float(line[40:])) for line in lines]
    expected = [(category, count, round(float(price), 2)) for category, count, price in data.execute(EXPECTED).fetchall()]
    assert printed == expected


def test_the_script_takes_its_key_from_the_environment(demo):
    key = demo.credentials
    environment = {
        "LOOKERSDK_BASE_URL": key.base_url,
        "LOOKERSDK_CLIENT_ID": key.client_id,
        "LOOKERSDK_CLIENT_SECRET": key.client_secret,
    }
    run = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, timeout=120, env=environment)
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == 11
