"""What people are told, how they want to be told, and what they watch. No row here holds a confidential value."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation


class Notice(models.Model):
    """Something that happened and concerns an organisation; `key` makes telling it twice impossible."""

    class Kind(models.TextChoices):
        GOODS_COMING = "goods.coming", _("Goods are on the way to you")
        GOODS_RECEIVED = "goods.received", _("Your goods were received")
        GOODS_REJECTED = "goods.rejected", _("Your goods were rejected")
        GOODS_DIFFER = "goods.differ", _("Your goods were weighed with a difference that waits for your word")
        DIFFERENCE_SETTLED = "difference.settled", _("A weighed difference was settled")
        DISPATCH_CANCELLED = "dispatch.cancelled", _("A dispatch was cancelled")
        WORD_WANTED = "word.wanted", _("A partner asks you to agree")
        APPROVAL_WANTED = "approval.wanted", _("A colleague asks you to sign what he filled in")
        APPROVAL_SENT_BACK = "approval.sent_back", _("A colleague sent back what you filled in")
        APPROVAL_GIVEN = "approval.given", _("A colleague signed what you filled in")
        LOT_FINDING = "lot.finding", _("There is a finding on your lot")
        LOT_CORRECTED = "lot.corrected", _("What was said of a lot was corrected")
        LOT_VOIDED = "lot.voided", _("What was said of a lot was declared void")
        LOT_RECALLED = "lot.recalled", _("A lot was recalled")
        DECLARATION_PUBLISHED = "declaration.published", _("A declaration was published")
        DECLARATION_SUPERSEDED = "declaration.superseded", _("A declaration was superseded")
        DECLARATION_WITHDRAWN = "declaration.withdrawn", _("A declaration was withdrawn")
        DECLARATION_SUBMITTED = "declaration.submitted", _("A declaration was submitted to you")
        DECLARATION_ANSWERED = "declaration.answered", _("Your declaration was verified, registered or refused")
        DECLARATION_REMARK = "declaration.remark", _("There is a remark on a declaration under verification")
        KEY_ADDED = "key.added", _("A key was added to your organisation")
        KEY_ROTATED = "key.rotated", _("A key of your organisation was replaced")
        KEY_REVOKED = "key.revoked", _("A key of your organisation was revoked")
        KEY_USED = "key.used", _("A key that you hold yourselves signed")
        REQUEST_MADE = "request.made", _("A partner asks you for something")
        REQUEST_ANSWERED = "request.answered", _("A partner answered your request")
        REQUEST_DECLINED = "request.declined", _("A partner declined your request")
        REQUEST_WITHDRAWN = "request.withdrawn", _("A partner withdrew a request")
        NOTE_SHARED = "note.shared", _("An auditor shared a note with you")
        MANDATE_GIVEN = "mandate.given", _("Your organisation was given a mandate")
        MANDATE_ENDED = "mandate.ended", _("A mandate of your organisation was ended")
        WEBHOOK_DISABLED = "webhook.disabled", _("A webhook was switched off")

    class About(models.TextChoices):
        LOT = "lot", _("Lot")
        DECLARATION = "declaration", _("Declaration")
        KEYS = "keys", _("Keys")
        WEBHOOK = "webhook", _("Webhook")
        REQUEST = "request", _("Request")
        DRAFT = "draft", _("Draft")
        NOTE = "note", _("Note")
        FIGURES = "figures", _("Figures")
        SHEET = "sheet", _("Sheet")
        MANDATE = "mandate", _("Mandate")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.CharField(max_length=120, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30, choices=Kind)
    about = models.CharField(max_length=12, choices=About)
    subject = (
        models.UUIDField()
    )  # the lot, the declaration, the organisation whose key it is, the webhook, the request, who gave the mandate
    others = models.IntegerField(default=0)  # further lots of the organisation that it is about
    statement = models.ForeignKey("traceability.Statement", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} to {self.organisation_id}"


class NoticeCopy(models.Model):
    """A notice for one member: whether he has read it, and whether it goes to him by mail."""

    class Mail(models.TextChoices):
        NONE = "none", _("No mail")
        NOW = "now", _("At once")
        DIGEST = "digest", _("With the next digest")
        SENT = "sent", _("Sent")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="copies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=6, choices=Mail, default=Mail.NONE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="one_copy")]
        indexes = [
            models.Index(fields=["user", "organisation", "-created_at"], name="copies_of_member"),
            models.Index(fields=["user", "organisation"], condition=models.Q(read_at=None), name="copies_unread"),
            models.Index(fields=["created_at"], condition=models.Q(mail="digest"), name="copies_for_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} for {self.user_id}"


class NoticePreference(models.Model):
    """How a member wants to be told of one kind, where he has chosen."""

    class How(models.TextChoices):
        PAGE = "page", _("On the page")
        MAIL = "mail", _("By mail at once")
        DIGEST = "digest", _("In a daily mail")
        NONE = "none", _("Not at all")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, choices=Notice.Kind)
    how = models.CharField(max_length=6, choices=How)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "kind"], name="one_preference")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.how}"


class Watch(models.Model):
    """A member wants to be told of what becomes of a lot, of a declaration, or of a product of a declarant."""

    class What(models.TextChoices):
        LOT = "lot", _("Lot")
        DECLARATION = "declaration", _("Declaration")
        PRODUCT = "product", _("Product")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="watches")
    what = models.CharField(max_length=12, choices=What)
    subject = models.UUIDField()  # the lot, the declaration; of a product its declarant
    product = models.CharField(max_length=200, blank=True)
    lot = models.UUIDField(null=True)  # the lot of the declaration
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "what", "subject", "product"], name="one_watch")
        ]
        indexes = [models.Index(fields=["subject"]), models.Index(fields=["lot"])]
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.what} {self.subject}"
