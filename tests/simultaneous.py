"""Several people at once, each in a thread and on a connection of their own.

For tests with `transactional_db`: what one thread commits, the others see.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def at_once(number, work):
    """`work(0)`, `work(1)` … each in a thread of its own, let go together."""
    start = Barrier(number)

    def run(each):
        try:
            start.wait()
            return work(each)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))
