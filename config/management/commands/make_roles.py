from django.core.management.base import BaseCommand

from config import roles


class Command(BaseCommand):
    help = (
        "Give the roles (author, editor, moderator, translator, guest writer) the permissions they"
        " come with, again."
    )

    def handle(self, **options):
        self.stdout.write(f"Set: {', '.join(roles.make(again=True))}.")
