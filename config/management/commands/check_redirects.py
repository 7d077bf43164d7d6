import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.test import Client

MOST = 200_000
_SAID = re.compile(
    r"<loc>\s*([^<\s]+)\s*</loc>|\"(?:GET|HEAD) (\S+) HTTP|^\s*((?:https?:/)?/\S+)", re.MULTILINE
)


class Command(BaseCommand):
    help = (
        "Ask this site, without a network, for a list of old addresses: a sitemap, a server's log,"
        " or one address a line. Tells those that lead nowhere, and those that take more than one"
        " step; then the exit code is 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        found = addresses(text)
        if not found:
            raise CommandError(f"There are no addresses in {file}.")
        client = Client(
            headers={"host": urlsplit(settings.SITE_URL).netloc}, raise_request_exception=False
        )
        bad = 0
        for address in found:
            steps, status = walk(client, address)
            if status != 200 or steps > 1:
                bad += 1
                words = f"{steps} steps" if status == 200 else f"{status}"
                self.stdout.write(f"{words}: {address}")
        self.stdout.write(f"{len(found)} addresses, {len(found) - bad} of them lead to their page.")
        if bad:
            raise SystemExit(1)


def addresses(text):
    """The paths and queries named in a text, each once."""
    found = {}
    for groups in _SAID.findall(text):
        parts = urlsplit(unescape(next(filter(None, groups))))
        path = quote(unquote(parts.path)) or "/"
        found[path + (f"?{parts.query}" if parts.query else "")] = None
        if len(found) == MOST:
            break
    return list(found)


def walk(client, address):
    """`(steps, status)`: how many redirects lead to the answer."""
    secure = settings.SITE_URL.startswith("https:")
    for steps in range(6):
        if address.startswith(settings.MEDIA_URL):
            there = default_storage.exists(address.removeprefix(settings.MEDIA_URL))
            return steps, 200 if there else 404
        response = client.get(address, secure=secure)
        if response.status_code not in (301, 302):
            return steps, response.status_code
        address = response["Location"]
    return steps, response.status_code
