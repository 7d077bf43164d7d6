"""The mark under which public pages are kept."""

from django.db import models


class Generation(models.Model):
    """One row. Its token becomes another with whatever is written for readers; see
    `publishing.databases.generation`."""

    token = models.CharField(max_length=16)

    def __str__(self):
        return self.token
