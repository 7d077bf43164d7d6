import time

from django.core.management.base import BaseCommand
from django.db.models import Count

from publishing.checking import links
from publishing.models import ExternalLink


class Command(BaseCommand):
    help = (
        "Ask for the links of all texts to other sites, as far as they are due, one site after the"
        " other; what came of it stands on the desk."
    )

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="all of them, due or not")
        parser.add_argument(
            "--minutes", type=float, default=10, help="go on for so long at most (10)"
        )

    def handle(self, *, again, minutes, **options):
        count = links.collect()
        if again:
            links.make_due()
        end = time.monotonic() + minutes * 60
        left = links.work_off(lambda: time.monotonic() >= end)
        rows = ExternalLink.objects.order_by().values_list("state").annotate(n=Count("pk"))
        found = ", ".join(f"{n} {state}" for state, n in sorted(rows))
        self.stdout.write(f"{count} links: {found}." if count else "No links to other sites.")
        if left:
            self.stdout.write("Not all were asked for in this time; call it again.")
