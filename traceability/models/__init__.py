"""Rows, one file per subject."""

from traceability.models.arrivals import PartialArrival
from traceability.models.asking import Opening, PartnerRequest
from traceability.models.audit import AuditEvent
from traceability.models.auditing import AuditNote
from traceability.models.claims import ClaimsAccount
from traceability.models.epcis import (
    EpcisCapture,
    EpcisEvent,
    EpcisFact,
    EpcisLotEvent,
    EpcisLotName,
    EpcisName,
    EpcisQuery,
    EpcisSubscription,
)
from traceability.models.exports import BundleJob
from traceability.models.habits import WritingHabit
from traceability.models.imports import Countersignature, ForeignBundle, ImportRequest, TrustedLog
from traceability.models.keys import LogKey, PlatformKey
from traceability.models.log import (
    ChainLink,
    Checkpoint,
    Cosignature,
    LogEntry,
    LogState,
    QueueEntry,
    Statement,
    Witness,
)
from traceability.models.log_tiles import MapTile, Tile
from traceability.models.lots import Lot, LotAccess, LotEdge, StepInProcess, SubjectHead
from traceability.models.notifications import Notice, NoticeCopy, NoticePreference, Watch
from traceability.models.operations import JobFailure, JobState, LedgerCheck, MailEntry
from traceability.models.organisations import (
    Application,
    Facility,
    Invitation,
    KeyEntry,
    KeyName,
    Mandate,
    Membership,
    OpeningRule,
    Organisation,
)
from traceability.models.outbox import OutboxTask
from traceability.models.product_numbers import ProductNumber
from traceability.models.records import Attested, Disclosure, Evidence, Finding, Version
from traceability.models.search import SearchText
from traceability.models.sheets import SheetContent, SheetImport
from traceability.models.tokens import ApiToken
from traceability.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookKey
from traceability.models.work import (
    Approval,
    Draft,
    DraftTemplate,
    FiguresApproval,
    GivenApproval,
    Proposal,
    RequestAnswer,
)

__all__ = [
    "ApiToken",
    "Application",
    "Approval",
    "Attested",
    "AuditEvent",
    "AuditNote",
    "BundleJob",
    "ChainLink",
    "Checkpoint",
    "ClaimsAccount",
    "Cosignature",
    "Countersignature",
    "Disclosure",
    "Draft",
    "DraftTemplate",
    "EpcisCapture",
    "EpcisEvent",
    "EpcisFact",
    "EpcisLotEvent",
    "EpcisLotName",
    "EpcisName",
    "EpcisQuery",
    "EpcisSubscription",
    "Evidence",
    "Facility",
    "FiguresApproval",
    "Finding",
    "ForeignBundle",
    "GivenApproval",
    "ImportRequest",
    "Invitation",
    "JobFailure",
    "JobState",
    "KeyEntry",
    "KeyName",
    "LedgerCheck",
    "LogEntry",
    "LogKey",
    "LogState",
    "Lot",
    "LotAccess",
    "LotEdge",
    "MailEntry",
    "Mandate",
    "MapTile",
    "Membership",
    "Notice",
    "NoticeCopy",
    "NoticePreference",
    "Opening",
    "OpeningRule",
    "Organisation",
    "OutboxTask",
    "PartialArrival",
    "PartnerRequest",
    "PlatformKey",
    "ProductNumber",
    "Proposal",
    "QueueEntry",
    "RequestAnswer",
    "SearchText",
    "SheetContent",
    "SheetImport",
    "Statement",
    "StepInProcess",
    "SubjectHead",
    "Tile",
    "TrustedLog",
    "Version",
    "Watch",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookKey",
    "Witness",
    "WritingHabit",
]
