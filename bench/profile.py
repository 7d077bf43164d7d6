"""`make profile PAGE=/…`: where the time of one page goes, when what all pages share is there.

On the database of the site (`DATABASE_URL`), with no page kept: the questions it asks, what it
costs, and the functions that cost most.
"""

import cProfile
import os
import pstats
import statistics
import sys
import time

import django

ROUNDS = 30


def main(address):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ |= {"PAGE_STORE_MB": "0", "DEBUG": "false"}
    os.environ.setdefault("SECRET_KEY", "only-to-measure-" + "x" * 50)
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    for _ in range(3):
        answer = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    print(f"{address}: {answer.status_code}, {len(answer.content):,} bytes")
    for query in queries:
        print(f"  {query['time']} s  {len(query['sql']):>6} characters  {query['sql'][:90]}")
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        client.get(address)
        spent.append((time.process_time() - began) * 1000)
    print(
        f"{len(queries)} queries; CPU {statistics.median(spent):.1f} ms, least {min(spent):.1f}\n"
    )
    profile = cProfile.Profile()
    with profile:
        for _ in range(ROUNDS):
            client.get(address)
    shown = pstats.Stats(profile).strip_dirs()
    shown.sort_stats("tottime").print_stats(25)
    shown.sort_stats("cumulative").print_stats(r"(render|\bas_sql|execute|reverse|py:)", 40)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/")
