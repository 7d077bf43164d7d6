from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import Client
from lxml import etree

from config import readiness

SHOWN = 5
BESIDE = ("/", "/admin/login/", "/search/?q=a", "/feed.atom")


class Command(BaseCommand):
    help = "Ask for every address of the sitemap, and say which do not answer. Writes nothing."

    def handle(self, **options):
        wrong = [
            each for each in readiness.findings(fresh=True) if each.needed and not each.is_good
        ]
        if wrong:
            raise CommandError("; ".join(f"{each.name}: {each.words}" for each in wrong))
        host = settings.SITE_URL.partition("://")[2]
        client = Client(raise_request_exception=False, SERVER_NAME=host)
        pages, failed = [*BESIDE, *addresses(client)], []
        for path in pages:
            status = client.get(path, secure=settings.HTTPS).status_code
            if status != 200:
                failed.append(f"{path} ({status})")
        if failed:
            raise CommandError(f"{len(failed)} of {len(pages)} fail: {', '.join(failed[:SHOWN])}")
        self.stdout.write(f"{len(pages)} pages answer.")


def addresses(client):
    """Of the sitemap and its parts."""
    waiting = ["/sitemap.xml"]
    while waiting:
        answer = client.get(waiting.pop(), secure=settings.HTTPS)
        if answer.status_code != 200:
            raise CommandError(f"The sitemap cannot be made ({answer.status_code}).")
        sitemap = etree.fromstring(answer.getvalue())
        for place in sitemap.iterfind(".//{*}loc"):
            path = place.text.removeprefix(settings.SITE_URL)
            if sitemap.tag.endswith("sitemapindex"):
                waiting.append(path)
            else:
                yield path
