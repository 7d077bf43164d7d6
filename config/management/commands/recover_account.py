from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.accounts import random_password
from config.door import browsers, factors


class Command(BaseCommand):
    help = (
        "Let somebody in again who lost password, telephone or codes: a new password, no second"
        " factor, logged out everywhere. They set up a new second factor at the next log-in."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--keep-password", action="store_true", help="take away the second factors alone"
        )

    @transaction.atomic
    def handle(self, *, username, keep_password, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.")
        count = factors.remove_all(user)
        browsers.end(user)
        AccessAttempt.objects.filter(username=username).delete()
        self.stdout.write(f"{count} second factors and lists of codes taken away.")
        if not keep_password:
            password = random_password()
            user.set_password(password)
            user.save()
            self.stdout.write(f"New password of {username}: {password}")
