"""Reading the environment: a typo stops start-up with one clear line."""

import re
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.escape_proxy = True
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")
ENGINES = {"sqlite", "postgres", "postgresql"}
CACHE_SECONDS = 0.5
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def env_bool(name, default):
    value = env.str(name, default=str(default)).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”: write true or false.")


def env_int(name, default, least=0, most=None):
    value = env.str(name, default=str(default))
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is “{value}”: write a whole number.") from None
    if number < least or (most is not None and number > most):
        bounds = f"from {least} to {most}" if most else f"of at least {least}"
        raise ImproperlyConfigured(f"{name} is “{value}”: write a whole number {bounds}.")
    return number


def env_networks(name, default):
    """Networks as texts, each of which is one."""
    values = env.list(name, default=default)
    for value in values:
        try:
            ip_network(value, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} has “{value}”, which is no network: write for example 172.16.0.0/12"
            ) from None
    return values


def env_choice(name, default, choices):
    value = env.str(name, default=default).strip().upper()
    if value in choices:
        return value
    raise ImproperlyConfigured(f"{name} is “{value}”: write one of {', '.join(choices)}.")


def site_url(default):
    """The site's public address, with scheme and host and without a closing slash."""
    value = env.str("SITE_URL", default=default).strip().rstrip("/")
    address = urlsplit(value)
    if address.scheme in ("http", "https") and HOST.fullmatch(address.netloc) and not address.path:
        return value
    raise ImproperlyConfigured(
        f"SITE_URL is “{value}”: write for example https://review.example.org"
    )


def sender(site):
    """Whom mails are from unless told: nobody at the site's own name; an address in numbers takes
    no mail."""
    host = urlsplit(site).hostname
    named = "." in host and not host.rpartition(".")[2].isdigit() and ":" not in host
    return f"noreply@{host if named else 'localhost'}"


def secret_key(debug):
    """SECRET_KEY from the environment, else the one `make` wrote under var/. Production accepts the
    environment only."""
    key = env.str("SECRET_KEY", default="")
    if key:
        return key
    kept = VAR_DIR / "secret_key"
    if kept.exists():
        return kept.read_text().strip()
    if debug:
        return "for-development-only-" + "x" * 40
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. Set it in the environment or in .env, or run `make setup`, which"
        " makes one under var/."
    )


def database(url, lock_seconds=None):
    """The DATABASES["default"] dict for a DATABASE_URL: sqlite:///path or
    postgres://user:password@host:port/name.

    `lock_seconds`: how long to wait for a lock; None: as long as is good for a command.
    """
    if url.partition("://")[0] not in ENGINES:
        raise ImproperlyConfigured(_bad_database("only sqlite:// and postgres:// are supported"))
    try:
        parsed = environ.Env.db_url_config(url)
    except ValueError:  # its words could show a part of the password
        raise ImproperlyConfigured(
            _bad_database("its port is no number (write / : @ # in a password as %2F %3A %40 %23)")
        ) from None
    return (sqlite if url.startswith("sqlite") else postgresql)(parsed, lock_seconds)


def shared_cache():
    """The cache that CACHE_URL names, a Redis; None without one. Nobody waits long for it."""
    url = env.str("CACHE_URL", default="")
    if not url:
        return None
    scheme = url.partition("://")[0]
    if scheme not in ("redis", "rediss", "unix"):
        raise ImproperlyConfigured(
            f"CACHE_URL begins with “{scheme}”: write for example redis://127.0.0.1:6379/1"
        )
    if find_spec("redis") is None:
        raise ImproperlyConfigured(
            "CACHE_URL is set, and the package “redis” is not installed:"
            " .venv/bin/pip install redis, or leave CACHE_URL out."
        )
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_connect_timeout": CACHE_SECONDS, "socket_timeout": CACHE_SECONDS},
    }


def bucket():
    """The options of S3_URL, https://KEY:SECRET@host/bucket?region=…, for django-storages; None
    without."""
    url = urlsplit(env.str("S3_URL", default=""))
    if not url.geturl():
        return None
    name = url.path.strip("/")
    if url.scheme not in ("http", "https") or not (url.hostname and url.password and name):
        raise ImproperlyConfigured(
            "S3_URL cannot be used: write it like https://KEY:SECRET@s3.example.org/bucket"
            " (/ : @ in the secret as %2F %3A %40)."
        )
    if find_spec("storages") is None:
        raise ImproperlyConfigured(
            "S3_URL is set, and the package “django-storages” is not installed:"
            " .venv/bin/pip install 'django-storages[s3]', or leave S3_URL out."
        )
    return {
        "access_key": unquote(url.username or ""),
        "secret_key": unquote(url.password),
        "endpoint_url": f"{url.scheme}://{url.netloc.rpartition('@')[2]}",
        "bucket_name": name,
        "region_name": dict(parse_qsl(url.query)).get("region", "us-east-1"),
    }


def sqlite(parsed, lock_seconds):
    """Several workers write to one file: wait for the lock, take it at the start, let readers go on
    meanwhile.

    A thread keeps its connection: who opens a database on a full disk cannot make the files that
    belong to it.
    """
    if parsed["NAME"] != ":memory:":
        parsed["NAME"] = BASE_DIR / parsed["NAME"]
    parsed["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20 if lock_seconds is None else lock_seconds,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            # What is deleted is written over: erased words stay in no file.
            " PRAGMA secure_delete=ON;"
        ),
    }
    parsed["CONN_MAX_AGE"] = None
    parsed["ENGINE"] = "publishing.databases.sqlite3"
    return parsed


def postgresql(parsed, lock_seconds):
    if not parsed["NAME"]:
        raise ImproperlyConfigured(_bad_database("it names no database"))
    # A server that is not there is waited for once and not by every reader: config/unavailable.py.
    wait = 10 if lock_seconds is None else 2
    pool = {"min_size": 0, "max_size": env_int("DATABASE_POOL", 8), "timeout": wait}
    parsed["OPTIONS"] = {**parsed.get("OPTIONS", {}), "pool": pool}
    # Our questions are short and many: to compile one takes longer than to answer it.
    # One plan for what we prepare: whoever reads short pages first would have PostgreSQL plan each
    # question anew for ever, which takes longer than to answer it.
    asked = [
        "-c jit=off",
        "-c plan_cache_mode=force_generic_plan",
        parsed["OPTIONS"].get("options", ""),
    ]
    if lock_seconds is not None:
        asked.append(f"-c lock_timeout={lock_seconds}s")
    parsed["OPTIONS"]["options"] = " ".join(filter(None, asked))
    parsed["CONN_MAX_AGE"] = 0
    parsed["ENGINE"] = "publishing.databases.postgresql"
    return parsed


def _bad_database(reason):
    return (
        f"DATABASE_URL cannot be used: {reason}. "
        "Write sqlite:///var/site.sqlite3 or postgres://user:password@host:5432/name."
    )
