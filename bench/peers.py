"""Other systems with the same content, served beside ours: `wagtail()` and `wordpress()` are
contexts that give `(server, {what: {"address", "queries"}})`, or None with a word why not."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bench import databases
from bench.serving import Served, free_port, gunicorn

HERE = Path(__file__).parent
ROOT = HERE.parent
PLACE = ROOT / "var/bench/wagtail"
WAGTAIL = ["wagtail==8.0.1", "gunicorn", "psycopg[binary,pool]"]
WORDPRESS = Path("/usr/share/wordpress")
MODULES = Path("/usr/lib/apache2/modules")
NEEDED = {
    "wordpress": WORDPRESS / "wp-settings.php",
    "apache2": Path("/usr/sbin/apache2"),
    "libapache2-mod-php": MODULES / "libphp8.2.so",
    "mariadb-server": Path(databases.program() or "/usr/sbin/mariadbd"),
}


def environment():
    """The Python of Wagtail's own environment, made when it is not there; None: it cannot be."""
    python = PLACE / "bin/python"
    if not (PLACE / "installed").exists():
        print("Wagtail is installed into var/bench/wagtail …", flush=True)
        making = [
            [sys.executable, "-m", "venv", "--clear", PLACE],
            [python, "-m", "pip", "install", "--quiet", *WAGTAIL],
        ]
        for command in making:
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return None
        (PLACE / "installed").write_text("\n".join(WAGTAIL))
    return str(python)


def told_queries(text):
    """How many WordPress asked, which the theme says; None: it does not."""
    found = re.search(r"<!-- (\d+) queries -->", text)
    return int(found[1]) if found else None


def version(python):
    told = "import wagtail, django; print(wagtail.__version__, 'on Django', django.__version__)"
    return subprocess.check_output([python, "-c", told], text=True).strip()


@contextlib.contextmanager
def wagtail(content, folder, server):
    """`server`: address of a PostgreSQL server, or None for SQLite."""
    python = environment()
    if python is None:
        print("No Wagtail: pip could not install it into var/bench/wagtail.")
        yield None
        return
    made = databases.new(server, "wagtail") if server else contextlib.nullcontext(
        (f"sqlite:///{folder}/wagtail.sqlite3", None)
    )  # fmt: skip
    with made as (url, backends), contextlib.ExitStack() as running:
        told = {"PEER_FOLDER": str(folder), "PEER_CONTENT": str(content), "PEER_DATABASE": url,
                "DJANGO_SETTINGS_MODULE": "peer.settings"}  # fmt: skip
        home = HERE / "wagtail_peer"
        filled = subprocess.run(
            [python, "-m", "peer.fill"], cwd=home, env=os.environ | told, stdout=subprocess.PIPE,
            check=True,
        )  # fmt: skip
        made, kept = (
            running.enter_context(
                gunicorn(name, "peer.wsgi:application", home, python, backends, **told, **more)
            )
            for name, more in (("wagtail", {}), ("wagtail, kept", {"PEER_KEPT": "1"}))
        )
        yield made, json.loads(filled.stdout), version(python), kept


@contextlib.contextmanager
def wordpress(content, folder):
    missing = [name for name, file in NEEDED.items() if not file.exists()]
    if missing:
        print(f"No WordPress: there is no {', '.join(missing)} (apt-get install).")
        yield None
        return
    place = folder / "wordpress"
    place.mkdir()
    place.chmod(0o755)
    site, port = place / "site", free_port()
    shutil.copytree(WORDPRESS, site, ignore=shutil.ignore_patterns("wp-content", "wp-config*"))
    (site / "wp-content/uploads").mkdir(parents=True)
    shutil.copytree(HERE / "wordpress_peer/theme", site / "wp-content/themes/bare")
    shutil.copy(HERE / "wordpress_peer/wp-config.php", site)
    with databases.MariaDB(place) as database:
        told = {"PEER_CONTENT": str(content), "PEER_SOCKET": str(database.socket)}
        filled = subprocess.run(
            ["php", HERE / "wordpress_peer/fill.php", site], env=os.environ | told,
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        found = json.loads(filled.stdout)
        text = (HERE / "wordpress_peer/apache.conf").read_text()
        for word, here in {"MODULES": MODULES, "PLACE": place, "PORT": port}.items():
            text = text.replace(f"@{word}@", str(here))
        (place / "apache.conf").write_text(text)
        command = ["/usr/sbin/apache2", "-f", place / "apache.conf", "-DFOREGROUND"]
        with Served("wordpress", command, place, database, port, **told) as server:
            yield server, found["pages"], found["version"], None
