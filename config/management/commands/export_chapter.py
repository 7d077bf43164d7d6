from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.moving.whole import chapter as chapters
from review.models import Chapter


class Command(BaseCommand):
    help = (
        "Write a published chapter with the references it cites or lists: as JATS XML for journals"
        " (FILE.xml), or for Word (FILE.docx)."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", help="its address below /review/, as “where/iliac-crest”")
        parser.add_argument("file", type=Path)

    def handle(self, *, path, file, **options):
        chapter = Chapter.objects.published().filter(path=path.strip("/")).first()
        if chapter is None:
            raise CommandError(f"There is no published chapter at {path}.")
        ending = file.suffix[1:].lower()
        if ending not in chapters.TYPES:
            raise CommandError(f"{file}: its name must end in .xml or .docx.")
        made, references = chapters.write(chapter, ending)
        try:
            file.write_bytes(made)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        self.stdout.write(f"{chapter.title}: {references} references in {file}.")
