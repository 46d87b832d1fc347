"""What the operator wants to know of his own installation: jobs, checks of the whole ledger, letters that left."""

from django.db import models


class JobState(models.Model):
    """The newest run of a scheduled task that was noted; one row for each task (services/jobs.py)."""

    name = models.CharField(primary_key=True, max_length=80)
    last_at = models.DateTimeField()
    took_ms = models.IntegerField()
    succeeded = models.BooleanField()
    result = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class JobFailure(models.Model):
    """A failure of a scheduled task; the same one again is counted, not listed."""

    name = models.CharField(max_length=80)
    error = models.CharField(max_length=500)
    at = models.DateTimeField()  # of the first time
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["name", "-last_at"]), models.Index(fields=["-last_at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.error}"


class LedgerCheck(models.Model):
    """What `manage.py verify_ledger` found: how many entries, and the first of the differences."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    entries = models.BigIntegerField()
    differences = models.IntegerField()
    stopped_early = models.BooleanField(default=False)  # there may be more differences
    named = models.JSONField(default=list)  # the first differences, in words

    class Meta:
        ordering = ["-ended_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.differences} differences on {self.ended_at:%Y-%m-%d}"


class MailEntry(models.Model):
    """That a letter left, or did not, and to whom by a masked address; never its text (services/mail_log.py)."""

    what = models.CharField(max_length=80)
    to = models.CharField(max_length=120)  # masked
    task = models.CharField(max_length=120, null=True, unique=True)  # the key in the outbox of one that is kept there
    sent = models.BooleanField()
    error = models.CharField(max_length=300, blank=True)
    tries = models.IntegerField(default=1)
    at = models.DateTimeField()  # of the first try
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at", "-pk"]
        indexes = [models.Index(fields=["-last_at", "-id"], name="mail_entries_newest")]

    def __str__(self) -> str:
        return f"{self.what} to {self.to}"
