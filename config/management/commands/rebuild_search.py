from django.core.management.base import BaseCommand

from publishing import search, tasks


class Command(BaseCommand):
    help = (
        "Write the search index again, for every page the public may see. Only needed after a"
        " change to the index itself."
    )

    def add_arguments(self, parser):
        parser.add_argument("--later", action="store_true", help="leave it to the task worker")

    def handle(self, *, later, **options):
        if later:
            tasks.enqueue("publishing.rebuild_search")
            self.stdout.write("The task worker will do it.")
            return
        for model, number in search.rebuild().items():
            self.stdout.write(f"{number:>7} {model._meta.verbose_name_plural}")
