"""What an auditor writes beside what he looks at. Nothing of it is signed or stands in the log."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation


class AuditNote(models.Model):
    """A note on a lot, a statement or a declaration: of an organisation, or shared with the one that it is about."""

    class About(models.TextChoices):
        LOT = "lot", _("Lot")
        STATEMENT = "statement", _("Statement")
        DECLARATION = "declaration", _("Declaration")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="audit_notes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.CharField(max_length=11, choices=About)
    subject = models.CharField(max_length=64)  # the id of a lot or declaration, the digits of a statement's digest
    audited = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="notes_on_it")
    text = models.TextField(max_length=4000)
    shared = models.BooleanField(default=False)  # with the audited
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="audit_notes_own"),
            models.Index(fields=["audited", "-created_at"], condition=Q(shared=True), name="audit_notes_shared"),
            models.Index(fields=["about", "subject"], name="audit_notes_on"),
        ]
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"note on {self.about} {self.subject}"
