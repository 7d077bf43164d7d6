from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from config.moving.whole import jats
from publishing.models import SiteSettings
from publishing.richtext import links
from references.citing.entries import author_parts
from references.exporting.files import records
from references.models import Reference
from review.models import Chapter


class Command(BaseCommand):
    help = (
        "Write a published chapter with the references it cites or lists as JATS XML, for journals."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", help="its address below /review/, as “where/iliac-crest”")
        parser.add_argument("file", type=Path)

    def handle(self, *, path, file, **options):
        chapter = Chapter.objects.published().filter(path=path.strip("/")).first()
        if chapter is None:
            raise CommandError(f"There is no published chapter at {path}.")
        site = SiteSettings.load()
        cited = Reference.objects.cited_by(chapter).values("pk")
        works = Reference.objects.filter(Q(chapters=chapter) | Q(pk__in=cited)).distinct()
        head = jats.Head(
            title=chapter.title, language=chapter.language, site=site.name,
            address=settings.SITE_URL + links.canonical_url(chapter),
            author=author_parts(site.author_name), summary=chapter.summary, licence=site.licence,
            day=chapter.first_published,
        )  # fmt: skip
        made = list(records(works.order_by("pk")))
        body = links.to_addresses(chapter.public_body)
        try:
            file.write_bytes(jats.article(head, body, made))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        self.stdout.write(f"{chapter.title}: {len(made)} references in {file}.")
