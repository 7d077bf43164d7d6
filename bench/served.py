"""`make bench`: what pages cost as they are served, beside the least that Django can answer and
beside other systems with the same content.

A site is built with the sample content and some pages of known size. One worker of gunicorn serves
it with no page kept, another with all kept, a third answers “hello”, a fourth “hello” once it has
read the token that a kept page reads; `--peers`: Wagtail and WordPress beside them. They take
turns; of each the cheapest turn counts, by the CPU that their processes and their databases' spent.
On PostgreSQL (DATABASE_URL, TEST_DATABASE_URL, or a server for this run); `--quick`: few turns, on
SQLite. `--save` writes docs/performance.*; a share of hello that fell by more than a quarter since
is said.
"""

import argparse
import contextlib
import json
import os
import platform
import sys
import tempfile
from datetime import date
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings

from bench import content, databases, front, peers, report, turns
from bench.pages import prepare
from bench.serving import gunicorn

ROOT = Path(__file__).parents[1]
SAVED = ROOT / "docs/performance.json"


@contextlib.contextmanager
def ours(folder, server):
    """A database of the site, empty: gives what its server spends, None on SQLite."""
    if not server:
        prepare(folder, PAGE_STORE_MB="0")
        yield None
        return
    with databases.new(server, "review") as (url, backends):
        prepare(folder, PAGE_STORE_MB="0", DATABASE_URL=url)
        yield backends
        django.db.connections.close_all()


def others(stack, asked, pages, folder, server):
    """`{name: (server, {what: {"address", "queries"}}, version, the same server keeping pages)}`"""
    if not asked.peers:
        return {}
    written = folder / "content.json"
    content.write(written, pages)
    started = {
        "wagtail": stack.enter_context(peers.wagtail(written, folder, server)),
        "wordpress": stack.enter_context(peers.wordpress(written, folder)),
    }
    return {name: each for name, each in started.items() if each}


def ready(servers, pages, beside):
    """`[(server, {what: address})]`, when all of them answered as they should."""
    addresses = {what: address for what, (address, _mark, _times) in pages.items()}
    measured = [(servers[name], {"hello": "/"}) for name in ("hello", "hello, asking")]
    for server, _pages in measured:
        server.get("/")
    for name in ("made", "kept"):
        for what, (address, mark, times) in pages.items():
            servers[name].truly_answers(what, address, mark, times)
        measured.append((servers[name], addresses))
        addresses = {what: each for what, each in addresses.items() if what != "search"}
    for name, (server, found, _version, keeping) in beside.items():
        for what, said in content.measured(pages).items():
            for each in filter(None, (server, keeping)):
                text = each.truly_answers(what, found[what]["address"], said["mark"], said["times"])
            found[what].setdefault("queries", peers.told_queries(text))
        theirs = {what: said["address"] for what, said in found.items()}
        measured += [(each, theirs) for each in (server, keeping) if each]
        print(f"{name} answers", flush=True)
    return measured


def measured(asked):
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        folder = Path(enter(tempfile.TemporaryDirectory(prefix="review-bench-")))
        folder.chmod(0o755)  # servers that run as somebody else read it
        server = enter(databases.server(asked.sqlite))
        backends = enter(ours(folder, server))
        pages = content.build(asked)
        queries = {what: content.queries(each[0]) for what, each in pages.items()}
        beside = others(stack, asked, pages, folder, server)
        wsgi, hello = "config.wsgi:application", "bench.hello:application"
        servers = {
            "hello": enter(gunicorn("hello", hello, ROOT)),
            "hello, asking": enter(
                gunicorn("hello, asking", hello, ROOT, database=backends, TOKEN="1")
            ),
            "made": enter(gunicorn("made", wsgi, ROOT, database=backends, PAGE_STORE_MB="0")),
            "kept": enter(gunicorn("kept", wsgi, ROOT, database=backends, PAGE_STORE_MB="16")),
        }
        servers["made"].get("/")
        first = servers["made"].spent()[0]
        taken, loads = turns.take(asked.rounds, asked.seconds, ready(servers, pages, beside))
        costs = {key: turns.cheapest(each) for key, each in taken.items()}
        least, asking = costs["hello", "hello"], costs["hello, asking", "hello"]
        return {
            "date": date.today().isoformat(),
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
            "cores": os.cpu_count(),
            "load": [min(loads), max(loads)],
            "versions": {name: each[2] for name, each in beside.items()},
            "hello_ms": least["ms"],
            "hello_per_second": least["per_second"],
            "hello_asking_ms": [asking["ms"], asking["database_ms"]],
            "cpu_to_first_page_s": round(first, 2),
            "memory_mb": {
                name: [round(mb) for mb in each.memory()]
                for name, each in [("ours", servers["made"])]
                + [(name, each[0]) for name, each in beside.items()]
            },
            "pages": {
                what: turns.page(
                    least, costs["made", what], costs.get(("kept", what)), queries[what],
                    dict(_of_peers(costs, what, beside)), asking,
                )
                for what in pages
            },
            "front": front.measured(folder, asked.quick, backends),
        }  # fmt: skip


def _of_peers(costs, what, beside):
    for name, (server, found, _version, keeping) in beside.items():
        if what in found:
            yield name, costs[server.name, what] | {"queries": found[what]["queries"]}
            if keeping:
                yield f"{name}, kept", costs[keeping.name, what]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few turns, on SQLite")
    parser.add_argument("--peers", action="store_true", help="Wagtail and WordPress beside it")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, whatever there is")
    parser.add_argument("--save", action="store_true", help="write docs/performance.*")
    parser.add_argument("--comments", type=int, default=480)
    parser.add_argument("--citations", type=int, default=60)
    asked = parser.parse_args()
    asked.sqlite |= asked.quick
    asked.rounds, asked.seconds = (2, 0.1) if asked.quick else (5, 0.4)
    import_module("config.translations").compile_changed(ROOT / "locale")
    found = measured(asked)
    print("\n".join(report.lines(found)))
    saved = json.loads(SAVED.read_text()) if SAVED.exists() else {}
    before = saved.get(found["database"], {"pages": {}})
    sys.stdout.writelines(
        f"{line}\n" for line in (*turns.behind(found), *turns.worse(found, before))
    )
    if asked.save:
        report.save(SAVED, saved | {found["database"]: found}, found)


if __name__ == "__main__":
    main()
