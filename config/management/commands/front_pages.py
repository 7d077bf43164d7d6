from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext


class Command(BaseCommand):
    help = (
        "Write the pages that the server in front of the site shows without it: deploy/front. They"
        " are part of the code; this is needed when their words change."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BASE_DIR / "deploy/front")

    def handle(self, *, folder, **options):
        pages = list(front_pages())
        for name, text in pages:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.stdout.write(f"{len(pages)} pages written.")


def front_pages():
    """`(name below deploy/front, text)` of each status in each language."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for status, (title, words) in said().items():
                context = {
                    "script": "/front/js/theme.js",
                    "sheets": [f"/front/css/{name}.css" for name in ("tokens", "base", "page")],
                    "status": status,
                    "title": title,
                    "words": words,
                    "home": "/" if code == settings.LANGUAGE_CODE else f"/{code}/",
                }
                yield f"{code}/{status}.html", render_to_string("front/page.html", context)


def said():
    """What each status is called, and what to do."""
    away = gettext("The site cannot be reached at the moment")
    soon = gettext(
        "It is being looked after, or is just starting again. Please try again in a minute; what"
        " you had typed is still there if you go back."
    )
    return {
        413: (
            gettext("That is too large"),
            gettext(
                "The site takes files only up to a certain size, and this was larger. Go back with"
                " your browser: what you typed is still in the form. Choose a smaller file, or send"
                " it in parts."
            ),
        ),
        429: (
            gettext("Please wait a little"),
            gettext(
                "Too much was sent from your connection in a short time. Wait for ten seconds, go"
                " back with your browser and send it again: what you typed is still in the form."
            ),
        ),
        502: (away, soon),
        503: (away, soon),
        504: (
            gettext("The site takes too long to answer"),
            gettext(
                "Please try again in a minute. If you were sending something, look first whether it"
                " has arrived."
            ),
        ),
    }
