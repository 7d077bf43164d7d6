"""What the contents of a long review cost, a chapter and the front page beside it:
`python -m bench.contents [CHAPTERS …]` gives CPU in ms and bytes of each."""

import sys
import tempfile
import time

from .pages import prepare

PAGES = ("/review/", "/review/first/", "/")


def grow(first, start, end):
    from review.models import Chapter

    fields = [field.attname for field in Chapter._meta.concrete_fields if field.attname != "id"]
    values = {name: getattr(first, name) for name in fields}
    Chapter.objects.bulk_create(
        Chapter(
            **values
            | {"title": f"Chapter {n}", "slug": f"c{n}", "path": f"c{n}"}
            | {"order": f"{n:04}/", "number": str(n)}
        )
        for n in range(start, end)
    )


def cost(client, path):
    """`(ms of CPU, bytes)`, the best of three."""
    spent = []
    for _ in range(3):
        begun = time.process_time()
        response = client.get(path)
        spent.append(time.process_time() - begun)
    return round(min(spent) * 1000), len(response.content)


def main(numbers):
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.conf import settings
        from django.core.management import call_command
        from django.test import Client

        settings.STORAGES["staticfiles"]["BACKEND"] = (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
        call_command("migrate", verbosity=0, interactive=False)
        from tests.factories import ChapterFactory

        first = ChapterFactory(title="First", summary="What it is about.")
        client, there = Client(), 1
        for number in numbers:
            grow(first, there, number)
            there = number
            print(number, *(f"{path} {cost(client, path)}" for path in PAGES), flush=True)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [250, 500, 1000, 2000])
