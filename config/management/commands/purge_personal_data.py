from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from comments.commenters import retention


class Command(BaseCommand):
    help = (
        "Forget what has been kept of people for as long as the settings say. Safe to run as often"
        " as one likes."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be forgotten"
        )

    def handle(self, *, dry_run, **options):
        counts = {**retention.purge(dry_run=dry_run), "logins": forget_logins(dry_run=dry_run)}
        if dry_run:
            self.stdout.write("Nothing is forgotten yet. This would be:")
        for what, number in counts.items():
            self.stdout.write(f"{number:>7} {what}")


def forget_logins(*, dry_run=False):
    """What django-axes keeps of logins; the number of rows."""
    before = timezone.now() - timedelta(days=settings.LOGIN_DAYS)
    with transaction.atomic():
        number = sum(
            model.objects.filter(attempt_time__lt=before).delete()[0]
            for model in (AccessAttempt, AccessFailureLog, AccessLog)
        )
        transaction.set_rollback(dry_run)
    return number
