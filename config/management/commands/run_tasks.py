from django.core.management.base import BaseCommand, CommandError

from config import chores
from publishing import tasks


class Command(BaseCommand):
    help = (
        "Send mail, publish what is due, forget what is due, tell the author what is new. For cron"
        " or a systemd timer."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--try-again",
            action="store_true",
            help="put long work that was given up back in the queue first",
        )

    def handle(self, *, try_again, **options):
        if try_again:
            self.stdout.write(f"{tasks.try_again()} put back in the queue.")
        done = chores.run()
        if done is None:
            self.stdout.write("Another run is at it; nothing done.")
            return
        for name, what, failed in done:
            if what and not failed:
                self.stdout.write(f"{name}: {what}")
        wrong = [f"{name}: {what}" for name, what, failed in done if failed]
        if wrong:
            raise CommandError("; ".join(wrong))
        if not any(what for _name, what, _failed in done):
            self.stdout.write("Nothing to do.")
