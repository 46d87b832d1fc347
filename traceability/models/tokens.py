"""Keys to the API: a program acts for one organisation with a secret of which only the hash is kept."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation


class ApiToken(models.Model):
    """Lets a program act for an organisation until it expires or is revoked."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        SUBMIT = "submit", _("Record and sign")
        MEMBERS = "members", _("Read e-mail addresses of members")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)  # what it is for, as its maker called it
    scope = models.CharField(max_length=60)  # with a space between two, as in RFC 6749, 3.3; every token reads
    # A random secret of 256 bits needs no salt and no slow hash.
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organisation"])]

    def __str__(self) -> str:
        return f"{self.name} of {self.organisation}"

    @property
    def scopes(self) -> list[Scope]:
        """What it is for, in the order of the scopes."""
        given = {self.Scope.READ, *self.scope.split()}
        return [one for one in self.Scope if one in given]

    def is_live(self, now: datetime) -> bool:
        """Whether it opens the door at this moment."""
        return self.revoked_at is None and now < self.expires_at
