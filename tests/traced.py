"""How much memory something needs at most."""

import tracemalloc


def traced(work):
    """`(kilobytes at the most, what it gave)`."""
    tracemalloc.start()
    try:
        given = work()
        return tracemalloc.get_traced_memory()[1] / 1024, given
    finally:
        tracemalloc.stop()
