"""The outbox: what has to be done after a commit, stored in the same transaction as its cause."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxTask(models.Model):
    """Something to do at least once. `key` names it for ever: what is put in twice stands here once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        GIVEN_UP = "given_up", _("Given up")

    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()  # of a task that a worker has taken: when another may take it
    done_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="waiting"), name="outbox_due"),
            models.Index(fields=["done_at"], condition=models.Q(state="done"), name="outbox_done"),
            models.Index(fields=["id"], condition=models.Q(state="given_up"), name="outbox_given_up"),
        ]

    def __str__(self) -> str:
        return self.key
