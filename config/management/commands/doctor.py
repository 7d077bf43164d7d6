from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from config import doctor


class Command(BaseCommand):
    help = "Say in plain words what is wrong with the site on this machine, and what to do."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--mail", metavar="ADDRESS", help="send a mail there, really")
        parser.add_argument(
            "--tls", action="store_true", help="look at the certificate readers see"
        )
        parser.add_argument(
            "--dns",
            action="store_true",
            help="ask this machine's name server for SPF and DMARC of the sender",
        )
        parser.add_argument("--dkim", metavar="SELECTOR", help="and for this key of DKIM")

    def handle(self, *, mail, tls, dns, dkim, **options):
        found = list(doctor.findings())
        if mail:
            try:
                validate_email(mail)
            except ValidationError:
                raise CommandError(f"“{mail}” is no e-mail address.") from None
            found = [each for each in found if each.name != "mail"] + [doctor.mail(mail)]
        if tls:
            found.append(doctor.tls())
        if dns or dkim:
            found += doctor.sender_records(dkim or "")
        for each in found:
            self.stdout.write(f"{'good' if each.is_good else 'LOOK':<5} {each.name}: {each.words}")
        count = sum(not each.is_good for each in found)
        if count:
            raise CommandError(f"{count} to look at.")
        self.stdout.write("All is well.")
