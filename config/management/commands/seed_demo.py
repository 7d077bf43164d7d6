from django.core.management.base import BaseCommand

from config import demo


class Command(BaseCommand):
    help = "Load the sample content. Makes what is missing, changes nothing that exists."

    def handle(self, **options):
        counts = demo.load()
        made = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
        self.stdout.write(
            f"Sample content: {made} made." if made else "Sample content: all there already."
        )
