from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from config.accounts import ensure_author


class Command(BaseCommand):
    help = (
        "Make the author's account with a random password, shown once. Does nothing if somebody can"
        " enter the admin already."
    )

    def add_arguments(self, parser):
        parser.add_argument("--username", default="author")

    def handle(self, *, username, **options):
        if (
            get_user_model()
            .objects.filter(username=username)
            .exclude(is_staff=True, is_active=True)
            .exists()
        ):
            raise CommandError(
                f"The account “{username}” exists and may not enter the admin. Choose another with"
                " --username."
            )
        password = ensure_author(username)
        if password:
            self.stdout.write(f"Login     {username}\nPassword  {password}   (shown this once)")
