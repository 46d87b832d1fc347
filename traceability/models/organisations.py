"""Organisations, who works for them or is invited, whom they let look, and which values they open to whom."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """A party of the record. `id` is the uuid of its urn; its signed words stand in its statements."""

    class Standing(models.TextChoices):
        WAITING = "waiting", _("Waiting for the operator's word")
        ACTIVE = "active", _("Active")
        REFUSED = "refused", _("Refused by the operator")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    roles = models.JSONField(default=list)
    is_operator = models.BooleanField(default=False)
    registered = models.BooleanField(default=False)  # its organisation.register was accepted
    operator_recovery = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    standing = models.CharField(
        max_length=9, choices=Standing, default=Standing.ACTIVE, db_default=Standing.ACTIVE.value
    )
    standing_reason = models.CharField(max_length=1000, blank=True, default="", db_default="")
    # Both know each other's names: the newcomer agreed to it when he followed the link.
    invited_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="invited_partners")
    first_days_over_at = models.DateTimeField(null=True)  # its first-day help was put away
    approval_wanted = models.BooleanField(default=False, db_default=False)  # another person signs what one fills in
    programs_sign = models.BooleanField(default=False, db_default=False)  # even so, programs sign by the API

    class Meta:
        constraints = [
            models.UniqueConstraint("is_operator", condition=models.Q(is_operator=True), name="one_operator"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.id}"

    @property
    def trades(self) -> bool:
        """Whether it makes, ships or receives goods; one that never said what it is here for may."""
        return not self.is_operator and (not self.roles or bool({"supplier", "buyer"} & set(self.roles)))


class Application(models.Model):
    """What an organisation said of itself when it signed up, and when the operator gave his word on it."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="application")
    about = models.CharField(max_length=1000)
    website = models.URLField(max_length=200, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    applied_at = models.DateTimeField()
    terms_accepted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.organisation} since {self.applied_at:%Y-%m-%d}"


class Membership(models.Model):
    """A person works for an organisation."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Admin")
        APPROVER = "approver", _("Approver")
        SUBMITTER = "submitter", _("Submitter")
        VIEWER = "viewer", _("Viewer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.SUBMITTER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"


class Invitation(models.Model):
    """A letter with a link that opens once: to work for an organisation; without a role, to bring one's own here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role, blank=True)
    # A random secret of 256 bits needs no salt and no slow hash.
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email", "role"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Whether it was neither followed nor withdrawn; it may have expired."""
        return self.accepted_at is None and self.withdrawn_at is None

    def is_live(self, now: datetime) -> bool:
        """Whether its link opens at this moment."""
        return self.is_open and now < self.expires_at


class Mandate(models.Model):
    """`giver` lets `holder` read the confidential values of the giver's own statements, and of nobody else's."""

    class Purpose(models.TextChoices):
        AUDIT = "audit", _("Audit")
        PURCHASE = "purchase", _("Purchase")

    giver = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates_given")
    holder = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates_held")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.AUDIT)
    valid_from = models.DateField()
    valid_until = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["holder", "giver"])]

    def __str__(self) -> str:
        return f"{self.giver} to {self.holder} until {self.valid_until}"


class OpeningRule(models.Model):
    """The standing rule of an organisation: who may read this group of its confidential fields."""

    class Group(models.TextChoices):
        NAMES = "names", _("Names and numbers")
        MASS = "mass", _("Masses")
        ASSAY = "assay", _("Assays")
        INVENTORY = "inventory", _("Energy, reagents, emissions, transport")
        PRICES = "prices", _("Prices")
        RESULT = "result", _("Results, completeness and shares")
        CAUSES = "causes", _("Causes and sources of results")
        EVIDENCE = "evidence", _("Documents")

    class Audience(models.TextChoices):
        ANYBODY = "anybody", _("Anybody")
        CUSTOMER = "customer", _("The direct customer")
        AUDITOR = "auditor", _("Auditors with a mandate")
        NOBODY = "nobody", _("Nobody")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="opening_rules")
    group = models.CharField(max_length=10, choices=Group)
    audience = models.CharField(max_length=10, choices=Audience)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "group"], name="one_rule_per_group")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.group} to {self.audience}"


class KeyEntry(models.Model):
    """One key of an organisation as its accepted statements leave it: an index of them, see ledger/keys.py."""

    key_id = models.BinaryField(max_length=32, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="keys")
    public_key = models.BinaryField(max_length=32)
    custody = models.CharField(max_length=8)
    since = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="+")
    brought_in_by = models.BinaryField(max_length=32, default=b"")
    by_operator = models.BooleanField(default=False)
    recovery = models.BooleanField(default=False)
    ended = models.ForeignKey("traceability.Statement", null=True, on_delete=models.PROTECT, related_name="+")
    compromised_from = models.BigIntegerField(null=True)
    revoked_by_recovery = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["organisation"])]

    def __str__(self) -> str:
        return bytes(self.key_id).hex()


class KeyName(models.Model):
    """What the people of an organisation call one of its keys; the record knows nothing of it."""

    key_id = models.BinaryField(max_length=32, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A site, as its facility.register (in the newest version) says."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="facilities")
    statement = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=80, blank=True)
    voided = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
