"""Taking turns between servers, and what follows from it: the cheapest turn of each, shares of
hello, what has become worse. Arithmetic only; `bench.served` starts the servers."""

from bench import processes

WORSE = 0.75  # of the share that was saved last
# Shares of hello (as it is served) that a page is to reach when it is made; kept ones all alike.
GOALS = {
    "26 comments": 0.05, "chapter, 60 citations": 0.06, "480 comments, all shown": 0.02,
    "home": 0.06, "library": 0.05, "reference": 0.05, "post": 0.05, "search": 0.05,
    "an empty page": 0.2,
}  # fmt: skip
KEPT = 0.9  # of a hello that reads its token from the database
AHEAD = 2  # times cheaper than the best peer


def take(rounds, seconds, measured):
    """`{(server, what): [(ms of its processes, ms of its database, answers a second)]}` and the
    loads of the machine meanwhile. `measured`: `[(server, {what: address})]`."""
    found, loads = {}, []
    for _round in range(rounds):
        loads.append(processes.load())
        for what in {what: None for _server, pages in measured for what in pages}:
            for server, pages in measured:
                if what in pages:
                    turn = server.turn(pages[what], seconds)
                    found.setdefault((server.name, what), []).append(turn)
    return found, [*loads, processes.load()]


def cheapest(taken):
    """`{"ms", "database_ms", "per_second"}` of the turn that cost least, processes and database
    together; most answers a second of any."""
    ours, theirs, _rate = min(taken, key=lambda turn: turn[0] + turn[1])
    return {"ms": round(ours, 3), "database_ms": round(theirs, 3),
            "per_second": round(max(rate for _ours, _theirs, rate in taken))}  # fmt: skip


def share(hello, cost, *, whole):
    """How much of a page's CPU a hello is: of its processes', or of the database's as well."""
    return round(hello["ms"] / (cost["ms"] + (cost["database_ms"] if whole else 0)), 4)


def page(hello, made, kept, queries, peers, asking=None):
    """What is said of one page. `kept`: None when it is never kept. `peers`: `{name: {"ms",
    "database_ms", "queries", …}}`. `asking`: the hello that reads the token first."""
    found = {
        "queries": queries, **made, "made": share(hello, made, whole=False),
        "whole": share(hello, made, whole=True),
        "peers": {
            name: {**cost, "whole": share(hello, cost, whole=True)} for name, cost in peers.items()
        },
    }  # fmt: skip
    if kept:
        found["kept"] = share(hello, kept, whole=True)
        found["kept_ms"], found["kept_database_ms"] = kept["ms"], kept["database_ms"]
        found["kept_per_second"] = kept["per_second"]
        if asking:
            found["kept_asking"] = round(_whole(asking) / _whole(kept), 4)
    shown = [_whole(cost) for name, cost in peers.items() if "kept" not in name]
    if shown:
        found["ahead"] = round(min(shown) / _whole(made), 2)
    return found


def _whole(cost):
    return cost["ms"] + cost["database_ms"]


def worse(found, before):
    """What fell by more than a quarter since the last run that was saved, on the same kind of
    database."""
    for what, page in found["pages"].items():
        for how in ("made", "kept"):
            last = before["pages"].get(what, {}).get(how)
            if last and page.get(how, last) < WORSE * last:
                yield f"WORSE: {what}, {how}: {page[how]} x hello, was {last} on {before['date']}"


def behind(found):
    """What does not reach its goal, or is not twice as cheap as the best peer."""
    for what, page in found["pages"].items():
        if page["made"] < GOALS.get(what, 0):
            yield f"{what}: {page['made']:.3f} x hello, the goal is {GOALS[what]}"
        if page.get("kept_asking", KEPT) < KEPT:
            share = page["kept_asking"]
            yield f"{what}, kept: {share:.2f} x a hello that reads its token, the goal is {KEPT}"
        if page.get("ahead", AHEAD) < AHEAD:
            yield f"{what}: {page['ahead']} times as cheap as the best peer, the goal is {AHEAD}"
