from django.core.management.base import BaseCommand

from publishing import search


class Command(BaseCommand):
    help = "Write the search index again, for every page the public may see. Only needed after a change to the index itself."

    def handle(self, **options):
        for model, number in search.rebuild().items():
            self.stdout.write(f"{number:>7} {model._meta.verbose_name_plural}")
