"""Who does the site's long work; see `publishing.tasks`. The model stands here, below the pages,
because saving a page leaves work to them."""

from django.db import models
from django.utils import timezone

from .clock import LEASE, between


class TaskWorkerQuerySet(models.QuerySet):
    def alive(self):
        return self.filter(between("until", timezone.now(), LEASE))


class TaskWorker(models.Model):
    """A process that works off the queue, and until when it counts as alive."""

    key = models.CharField(primary_key=True, max_length=32)
    until = models.DateTimeField()
    # Whether it waits for more to do, or goes when the queue is empty.
    stays = models.BooleanField(default=True)

    objects = TaskWorkerQuerySet.as_manager()

    def __str__(self):
        return self.key
