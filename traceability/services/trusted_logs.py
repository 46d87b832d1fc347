"""Which logs of other records the operator trusts: by their keys, and by whom of them he accepts.

What was imported while a log was trusted stays as it is; without trust nothing more comes in.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from traceability.acceptance.errors import BundleNotVerified
from traceability.acceptance.imports import KIND as IMPORT
from traceability.ledger import closed, identifiers
from traceability.ledger.errors import RecordError
from traceability.ledger.policy import Policy, parse_policy
from traceability.models import AuditEvent, ForeignBundle, Organisation, TrustedLog
from traceability.selectors import foreign_lots
from traceability.selectors.access import Actor
from traceability.selectors.operating import require_operator
from traceability.services import audit
from traceability.services.errors import Refusal
from traceability.services.rows_world import Said
from traceability.services.stored import uuid_of
from traceability.verifier.trust import Trust, parse_trust

LONGEST_NAME: Final = 120
LONGEST_REASON: Final = 500
KIND: Final = AuditEvent.Kind.TRUSTED_LOG


class BadTrustedLog(Refusal):
    """Files that name no one log of another record."""

    code = "bad_trusted_log"


class LogTrustedAlready(Refusal):
    """A log whose keys are trusted already."""

    code = "log_trusted_already"


class LogNotTrusted(Refusal):
    """A log that the operator does not trust, or no longer."""

    code = "log_not_trusted"


class BundleNotAttached(Refusal):
    """An import whose documents do not name its bundle."""

    code = "bundle_not_attached"


def trust(*, actor: Actor, name: str, policy: str, trust_file: str = "") -> TrustedLog:
    """The log of another record, trusted from now on; the same files again change nothing."""
    require_operator(actor)
    return _trust(actor.organisation, actor.user_id, name=name, policy=policy, trust_file=trust_file)


def trust_by_command(*, name: str, policy: str, trust_file: str = "") -> TrustedLog:
    """The same by who runs the program."""
    operator = Organisation.objects.get(is_operator=True)
    return _trust(operator, 0, name=name, policy=policy, trust_file=trust_file)


@transaction.atomic
def _trust(operator: Organisation, user_id: int, *, name: str, policy: str, trust_file: str) -> TrustedLog:
    words = " ".join(name.split())
    if not 1 <= len(words) <= LONGEST_NAME:
        raise BadTrustedLog(f"Name the other record, in at most {LONGEST_NAME} characters.", path="/name")
    # A form writes its lines with CR LF, and the last one may have no end.
    written = policy.replace("\r\n", "\n").rstrip("\n") + "\n"
    origin, content = _origin(written), trust_file.strip()
    _read_trust(content)
    known = TrustedLog.objects.select_for_update().filter(origin=origin, revoked_at=None).first()
    if known is not None:
        if (known.policy, known.trust) == (written, content):
            return known
        raise LogTrustedAlready(f"{origin} is trusted with other keys. End that trust first.", path="/policy")
    made = TrustedLog.objects.create(
        origin=origin,
        name=words,
        policy=written,
        trust=content,
        trusted_by_id=user_id or None,
        trusted_at=timezone.now(),
    )
    audit.note_for(operator, KIND, f"Trusted: {origin}", user_id=user_id)
    return made


def revoke(*, actor: Actor, log: UUID, reason: str) -> TrustedLog:
    """The log, not trusted any more; a second time changes nothing."""
    row = foreign_lots.trusted_log(actor, log)
    return _revoke(actor.organisation, actor.user_id, row, reason)


def revoke_by_command(*, origin: str, reason: str) -> TrustedLog:
    """The same by who runs the program."""
    row = TrustedLog.objects.filter(origin=origin, revoked_at=None).first()
    if row is None:
        raise LogNotTrusted(f"{origin} is not trusted.")
    return _revoke(Organisation.objects.get(is_operator=True), 0, row, reason)


@transaction.atomic
def _revoke(operator: Organisation, user_id: int, row: TrustedLog, reason: str) -> TrustedLog:
    words = " ".join(reason.split())
    if not 1 <= len(words) <= LONGEST_REASON:
        raise BadTrustedLog(f"Say why, in at most {LONGEST_REASON} characters.", path="/reason")
    row = TrustedLog.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by_id, row.reason = timezone.now(), user_id or None, words
        row.save(update_fields=["revoked_at", "revoked_by", "reason"])
        audit.note_for(operator, KIND, f"No longer trusted: {row.origin}", user_id=user_id)
    return row


def require_trusted(origin: str) -> TrustedLog:
    """The log of this origin as it is trusted now, or the refusal."""
    found = TrustedLog.objects.filter(origin=origin, revoked_at=None).first()
    if found is None:
        raise LogNotTrusted(f"The operator of this site does not trust the log {origin}. Ask him.", path="/body/log")
    return found


def require_importable(said: Said) -> None:
    """Refuses at the door an import out of a log that is not trusted now, or that does not carry its bundle."""
    statement = said.statement
    if statement.kind != IMPORT:
        return
    body = statement.body
    trusted = require_trusted(str(body["log"]))
    rows = ForeignBundle.objects.filter(
        organisation=uuid_of(statement.issuer), sha256=identifiers.digest_bytes(str(body["bundle"]))
    )
    checked_at = rows.values_list("checked_at", flat=True).first()
    if checked_at is not None and checked_at < trusted.trusted_at:
        raise BundleNotVerified("The trusted keys of that log changed since. Let the bundle be verified again.",
                                path="/body/bundle")  # fmt: skip
    documents = closed.open_places(statement.content, said.disclosures)[0].get("evidence")
    if not any(row.get("sha256") == body["bundle"] for row in documents or ()):
        raise BundleNotAttached("Name the bundle among the documents of the statement: it travels with the lot.",
                                path="/evidence")  # fmt: skip


def judging(row: TrustedLog) -> tuple[Policy, Trust]:
    """By what a bundle of this log is judged; bundles of other trusted logs may lie in it."""
    policy = parse_policy(row.policy.encode())
    for other in TrustedLog.objects.filter(revoked_at=None).exclude(pk=row.pk).order_by("origin"):
        more = parse_policy(other.policy.encode())
        named = {f"{other.origin} {name}": key for name, key in more.witnesses.items()}
        policy = replace(policy, logs=(*policy.logs, *more.logs), witnesses={**policy.witnesses, **named})
    return policy, parse_trust(row.trust.encode()) if row.trust else Trust()


def _origin(policy: str) -> str:
    """The one origin of the logs that a policy names."""
    try:
        origins = {key.name for key in parse_policy(policy.encode()).logs}
    except RecordError as error:
        raise BadTrustedLog(error.sentence, path="/policy") from None
    if len(origins) != 1:
        raise BadTrustedLog("The policy of another record names the keys of one log.", path="/policy")
    [origin] = origins
    if origin == settings.LODESTONE_LOG_ORIGIN:
        raise BadTrustedLog("This is the log of this site itself.", path="/policy")
    return origin


def _read_trust(content: str) -> None:
    if not content:
        return
    try:
        parse_trust(content.encode())
    except RecordError as error:
        raise BadTrustedLog(error.sentence, path="/trust") from None
