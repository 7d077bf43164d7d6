import signal

from django.core.management.base import BaseCommand

from config import chores
from publishing.search import unanswered
from publishing.worker import Stopped, Worker


class Command(BaseCommand):
    help = "Do the site's long work as it comes in, and what `run_tasks` does every minute."

    def add_arguments(self, parser):
        parser.add_argument(
            "--parent", type=int, help="a process that started this one: end when it is gone"
        )

    def handle(self, *, parent, **options):
        worker = Worker(recurring=chores.run, parent=parent)
        signal.signal(signal.SIGTERM, worker.stop)
        signal.signal(signal.SIGINT, worker.stop)
        unanswered.listen()
        try:
            worker.run()
        except Stopped:
            return
