"""EPCIS 2.0: events that organisations gave to this repository, kept as they were sent, and how each came in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from traceability.models.organisations import Organisation

LONGEST_NAME = 1000


class EpcisCapture(models.Model):
    """A document that was handed in: a job, whose events are all kept or as many as are right."""

    class Behaviour(models.TextChoices):
        ROLLBACK = "rollback", "all or none"
        PROCEED = "proceed", "as many as are right"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="epcis_captures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    behaviour = models.CharField(max_length=8, choices=Behaviour, default=Behaviour.ROLLBACK)
    running = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when its worker was last heard of
    tries = models.IntegerField(default=0)
    events = models.IntegerField(default=0)  # in the document
    errors = models.JSONField(default=list)  # problem documents
    lots = models.CharField(max_length=5, default="keep")  # what should become of events about lots
    notes = models.JSONField(default=list)  # what became of them, by place
    context = models.JSONField(default=list)  # of the document (JSON-LD)
    content = models.BinaryField(default=b"")  # the document, packed, while it waits

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["created_at"], condition=Q(running=True), name="epcis_captures_running")]

    def __str__(self) -> str:
        return f"capture {self.pk}"


class EpcisEvent(models.Model):
    """One event of an organisation. `body` is the text that was sent; the columns are what queries ask for."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="epcis_events")
    capture = models.ForeignKey(EpcisCapture, on_delete=models.CASCADE, related_name="captured")
    body = models.TextField()
    event_id = models.CharField(max_length=LONGEST_NAME)  # the sender's, else the hash
    key = models.BinaryField(max_length=32)  # of eventID and error declaration: an event is kept once
    event_hash = models.CharField(max_length=120)  # with the version of the rules
    hash_version = models.CharField(max_length=20)
    has_own_id = models.BooleanField()  # whether the sender gave the eventID
    event_type = models.CharField(max_length=LONGEST_NAME)
    event_time = models.DateTimeField()
    record_time = models.DateTimeField()
    action = models.CharField(max_length=7, blank=True)
    biz_step = models.CharField(max_length=LONGEST_NAME, blank=True)
    disposition = models.CharField(max_length=LONGEST_NAME, blank=True)
    read_point = models.CharField(max_length=LONGEST_NAME, blank=True)
    biz_location = models.CharField(max_length=LONGEST_NAME, blank=True)
    transformation_id = models.CharField(max_length=LONGEST_NAME, blank=True)
    declared_wrong = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="one_epcis_event")]
        indexes = [
            models.Index(fields=["organisation", "event_time", "id"], name="epcis_events_by_time"),
            models.Index(fields=["organisation", "record_time", "id"], name="epcis_events_by_record"),
        ]

    def __str__(self) -> str:
        return self.event_id


class EpcisName(models.Model):
    """A thing, class or parent that an event names, in the one way of writing of epcis/keys.py."""

    class Role(models.TextChoices):
        EPC = "epc", "epc"
        PARENT = "parent", "parent"
        INPUT = "input", "input"
        OUTPUT = "output", "output"
        CLASS = "class", "class"
        INPUT_CLASS = "inputClass", "inputClass"
        OUTPUT_CLASS = "outputClass", "outputClass"

    event = models.ForeignKey(EpcisEvent, on_delete=models.CASCADE, related_name="names")
    role = models.CharField(max_length=11, choices=Role)
    name = models.CharField(max_length=LONGEST_NAME)

    class Meta:
        indexes = [models.Index(fields=["name", "role"], name="epcis_names")]

    def __str__(self) -> str:
        return self.name


class EpcisFact(models.Model):
    """A value of an event by which it is asked for: a text or a number (traceability/epcis/facts.py)."""

    event = models.ForeignKey(EpcisEvent, on_delete=models.CASCADE, related_name="facts")
    field = models.CharField(max_length=200)
    text = models.CharField(max_length=LONGEST_NAME, blank=True)
    number = models.FloatField(null=True)  # moments in seconds since 1970

    class Meta:
        indexes = [
            models.Index(fields=["field", "text"], name="epcis_facts_by_text"),
            models.Index(fields=["field", "number"], name="epcis_facts_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.text or self.number}"


class EpcisQuery(models.Model):
    """A query that an organisation gave a name."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="epcis_queries")
    name = models.CharField(max_length=100)
    query = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_epcis_query")]

    def __str__(self) -> str:
        return self.name


class EpcisSubscription(models.Model):
    """An address that gets what a named query finds, as it comes in or by a schedule."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    query = models.ForeignKey(EpcisQuery, on_delete=models.CASCADE, related_name="subscriptions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    dest = models.CharField(max_length=500)
    sealed_token = models.BinaryField(default=b"")  # with which messages are signed
    stream = models.BooleanField()
    schedule = models.JSONField(default=dict)
    report_if_empty = models.BooleanField(default=False)
    initial_record_time = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    seen_until = models.BigIntegerField(default=0)  # the id of the last event that was looked at
    due_at = models.DateTimeField(null=True)  # by its schedule
    last_notified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="epcis_subscriptions_due")]

    def __str__(self) -> str:
        return self.dest


class EpcisLotEvent(models.Model):
    """A signed statement about lots that comes out as an event: what queries ask for, filled behind the door."""

    statement = models.OneToOneField(
        "traceability.Statement", primary_key=True, on_delete=models.CASCADE, related_name="as_event"
    )
    event_type = models.CharField(max_length=30)
    biz_step = models.CharField(max_length=30)
    disposition = models.CharField(max_length=30, blank=True)
    action = models.CharField(max_length=7, blank=True)
    event_time = models.DateTimeField()
    record_time = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["event_time", "statement"], name="epcis_lots_by_time"),
            models.Index(fields=["record_time", "statement"], name="epcis_lots_by_record"),
        ]

    def __str__(self) -> str:
        return f"event of {self.statement_id}"


class EpcisLotName(models.Model):
    """What an organisation calls a lot that one of its events made, in the one way of writing of epcis/keys.py."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    lot = models.UUIDField()  # a draft may not have made it yet

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_epcis_lot_name")]
        indexes = [models.Index(fields=["name"], name="epcis_lot_names")]

    def __str__(self) -> str:
        return self.name
