from django.core.management.base import BaseCommand, CommandError

from config import chores


class Command(BaseCommand):
    help = "Send mail, publish what is due, forget what is due, tell the author what is new. For cron or a systemd timer."

    def handle(self, *args, **options):
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
