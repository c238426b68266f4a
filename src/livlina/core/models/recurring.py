"""When each recurring job last began and last succeeded. Global: it holds names of jobs and times, nothing else."""

from django.db import models


class RecurringRun(models.Model):
    """The clock of one recurring job. Claimed by one conditional update, so two workers never run it twice."""

    name = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
