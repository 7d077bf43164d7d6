"""The page store's second level: a Redis of all nodes (`CACHE_URL`), so that a page is made once
for all of them. Without it, or while it does not answer, each process goes on by itself.

Nothing that lies there is believed for lying there. An entry says under which generation it was
made, and is signed with the site's key for its address and for this very code and these settings:
what another life of the database, another site or another version left behind is as good as
nothing. There is one for each address, overwritten by the next, and none is kept for longer than
`LASTS`.
"""

import hashlib
import hmac
import json
import logging
from importlib import import_module
from time import monotonic

from django.conf import settings

log = logging.getLogger(__name__)
LASTS = 3600  # seconds
WAIT = 0.25  # seconds to wait for it
PAUSE = 30  # seconds for which one that failed is not asked again
SIGNED = 32  # bytes
OF_THIS_MACHINE = (
    "DATABASES", "DATABASE_URL", "DATABASE_REPLICA_URL", "CACHES", "CACHE_URL", "S3", "PURGE_URLS",
    "WEB_THREADS", "LOCK_SECONDS", "PAGE_STORE_MB", "LOG_FORMAT",
)  # fmt: skip
PLAIN = (str, int, float, bool, type(None))


def from_settings():
    """The one that CACHE_URL names; None without."""
    if not settings.CACHE_URL:
        return None
    redis, retry = import_module("redis"), import_module("redis.retry")
    backoff = import_module("redis.backoff")
    client = redis.Redis.from_url(
        settings.CACHE_URL,
        socket_timeout=WAIT,
        socket_connect_timeout=WAIT,
        retry=retry.Retry(backoff.NoBackoff(), 0),
    )
    return SharedPages(client, fingerprint())


def fingerprint() -> bytes:
    """Of the code and the settings that pages are made by: 16 bytes, the same on all nodes that
    have the same."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(dir(settings)):
        if name.isupper() and name not in OF_THIS_MACHINE and not name.endswith("_ROOT"):
            value = getattr(settings, name)
            if _is_plain(value):
                digest.update(json.dumps([name, value]).encode())
    for path in _code():
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
        digest.update(path.read_bytes())
    return digest.digest()


def _code():
    yield settings.BASE_DIR / "requirements.txt"
    for folder in settings.CODE_FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".mo", ".css", ".js") and path.is_file():
                yield path


def _is_plain(value):
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return type(value) in PLAIN


class SharedPages:
    """`client`: of redis-py. `mark`: bytes, which tell those from each other that make other
    pages."""

    def __init__(self, client, mark: bytes):
        self.client, self.paused_until = client, 0.0
        self.secret = hashlib.blake2b(
            mark, key=hashlib.sha512(settings.SECRET_KEY.encode()).digest()
        ).digest()

    def get(self, address: tuple, name: str) -> tuple[dict, dict] | None:
        """`(about, bodies)` of what was put there under this very name."""
        key = self._key(address)
        kept = self._ask(lambda: self.client.get(key))
        if not kept or not hmac.compare_digest(self._sign(key, kept[SIGNED:]), kept[:SIGNED]):
            return None
        size = int.from_bytes(kept[SIGNED : SIGNED + 4])
        start = SIGNED + 4 + size
        about = json.loads(kept[SIGNED + 4 : start])
        if about.pop("name") != name:
            return None
        bodies = {}
        for coding, length in about.pop("bodies"):
            bodies[coding] = kept[start : start + length]
            start += length
        return about, bodies

    def put(self, address: tuple, name: str, about: dict, bodies: dict[str, bytes]):
        """`about`: what JSON holds."""
        lengths = [(coding, len(body)) for coding, body in bodies.items()]
        head = json.dumps({**about, "name": name, "bodies": lengths}).encode()
        kept = b"".join([len(head).to_bytes(4), head, *bodies.values()])
        key = self._key(address)
        self._ask(lambda: self.client.set(key, self._sign(key, kept) + kept, ex=LASTS))

    def _key(self, address):
        words = json.dumps(address).encode()
        return b"page:" + hashlib.blake2b(words, key=self.secret, digest_size=16).digest()

    def _sign(self, key, kept):
        return hashlib.blake2b(key + kept, key=self.secret, digest_size=SIGNED).digest()

    def _ask(self, question):
        if monotonic() < self.paused_until:
            return None
        try:
            return question()
        except Exception as error:  # whatever a shared store may raise
            self.paused_until = monotonic() + PAUSE
            log.error("The shared store of pages does not answer; each keeps its own: %r", error)
            return None
