"""What stands in front: a page that nginx as shipped keeps for its second, beside the same bytes as
a file on its disk. Over TLS; CPU of nginx, of the site behind it and of its database together."""

import http.client
import os

from bench import processes
from tests.config.front import HOST, Front
from tests.run import find_nginx

PAGE, FILE = "/review/sixty-citations/", "/measured-file"
AT_ONCE = 900  # answers on one connection: nginx closes it at a thousand
FULL, QUICK = (5, 6), (2, 2)  # turns, connections in each
BEFORE = "    location / {\n        proxy_pass http://review;\n        proxy_cache review;\n"
HELD = """    location = {file} {{
        root {folder};
        default_type "text/html; charset=utf-8";
        add_header Content-Encoding br;
    }}
"""


class Measured(Front):
    def configuration(self):
        text = super().configuration()
        assert text.count(BEFORE) == 1, "the shipped file has another place for pages"
        return text.replace(BEFORE, HELD.format(file=FILE, folder=self.tmp) + BEFORE)

    def environment(self):
        return os.environ | {
            "SITE_URL": f"https://{HOST}", "ALLOWED_HOSTS": HOST, "BIND": f"unix:{self.socket}",
            "PAGE_STORE_MB": "16", "WEB_CONCURRENCY": "1", "WEB_THREADS": "4",
        }  # fmt: skip

    def turn(self, address, connections, backends):
        """Milliseconds of an answer."""
        before = self.spent(backends)
        for _ in range(connections):
            wire = http.client.HTTPConnection(HOST)
            wire.sock = self.wire()
            for _ in range(AT_ONCE):
                wire.request("GET", address, headers={"Accept-Encoding": "br"})
                answer = wire.getresponse()
                answer.read()
                assert answer.status == 200, f"nginx answers {answer.status}"
            wire.close()
        return (self.spent(backends) - before) / (connections * AT_ONCE) * 1000

    def spent(self, backends):
        ours = processes.spent(self.nginx.pid, self.app.pid)
        return ours + (backends.spent() if backends else 0)


def measured(folder, quick, backends):
    """`{"bytes", "page_ms", "file_ms", "share": of the file's cost, "load"}`; None without
    nginx."""
    if not find_nginx():
        print("Nothing was measured behind nginx: there is none (apt-get install nginx).")
        return None
    place = folder / "front"
    place.mkdir()
    front = Measured(place)
    try:
        front.start_app()
        front.start_nginx()
        status, headers, body = front.ask(PAGE, Accept_Encoding="br")
        assert (status, headers["Content-Encoding"]) == (200, "br"), f"nginx answers {status}"
        (place / FILE.strip("/")).write_bytes(body)
        assert front.ask(FILE, Accept_Encoding="br")[2] == body
        turns, connections = QUICK if quick else FULL
        page, file = (
            min(each)
            for each in zip(
                *(
                    [front.turn(address, connections, backends) for address in (PAGE, FILE)]
                    for _turn in range(turns)
                ),
                strict=True,
            )
        )
    finally:
        front.stop(front.nginx)
        front.stop(front.app)
    return {"bytes": len(body), "page_ms": round(page, 4), "file_ms": round(file, 4),
            "share": round(file / page, 3), "load": processes.load()}  # fmt: skip
