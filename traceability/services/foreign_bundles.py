"""Bundles of other records: brought by an organisation, verified in the background, kept as long as they are needed.

The file lies among the documents of the organisation, by its content. What verifies it is the offline verifier.
"""

import hashlib
import logging
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from traceability.acceptance.imports import KIND
from traceability.acceptance.world import ForeignLot
from traceability.ledger import identifiers
from traceability.ledger.bundle import Bundle, read_bundle
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement, parse_header
from traceability.models import Evidence, ForeignBundle, ImportRequest, Lot, SubjectHead, TrustedLog
from traceability.selectors import foreign_lots
from traceability.selectors.access import Actor
from traceability.services import clock, evidence, foreign_changes, leases, trusted_logs
from traceability.services.accepted import Accepted
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.heard_files import HeardFile
from traceability.services.slots import SLOTS
from traceability.services.stored import urn_of, uuid_of
from traceability.verifier.checks import examined
from traceability.verifier.facts import Facts
from traceability.verifier.imports import Change, changes_since, foreign_lot
from traceability.verifier.report import Asked, Report, Verdict

AT_ONCE_BYTES: Final = 2 * 10**6
"""So small a bundle is verified while one waits."""
MOST_WAITING: Final = 20
KEPT: Final = timedelta(days=90)
"""So long a bundle is kept with which nothing was begun."""
AGAIN: Final = "It could not be verified. Upload it again; if that fails too, ask the operator."
ZIP: Final = "application/zip"
State = ForeignBundle.State
log = logging.getLogger("lodestone.imports")


class NotABundle(Refusal):
    """Content that is no custody bundle."""

    code = "not_a_bundle"


class TooManyForeignBundles(Refusal):
    """More bundles at once than an organisation may have verified."""

    code = "too_many_foreign_bundles"


class BundleInvalid(Refusal):
    """A bundle in which the verifier found something wrong."""

    code = "bundle_invalid"


class NotDispatched(Refusal):
    """A lot whose newest statement is no dispatch into another record."""

    code = "not_dispatched"


class DispatchedElsewhere(Refusal):
    """A lot that was dispatched to somebody else."""

    code = "dispatched_elsewhere"


class MassWithheld(Refusal):
    """A bundle that does not tell how much was dispatched."""

    code = "mass_withheld"


class OtherHistory(Refusal):
    """A bundle of an imported lot that does not hold the dispatch by which it came in."""

    code = "other_history"


class LotIsHere(Refusal):
    """A lot that this record knows already."""

    code = "lot_is_here"


class BundleInUse(Refusal):
    """A bundle that an import rests on."""

    code = "bundle_in_use"


def most_bytes() -> int:
    """The largest bundle that is taken."""
    return int(settings.LODESTONE_MAX_BODY_BYTES)


def upload(*, actor: Actor, name: str, content: bytes) -> ForeignBundle:
    """The row of a bundle, to be verified; of one that was verified before it is the same row."""
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if len(content) > most_bytes():
        raise evidence.DocumentTooLarge(f"Choose a file of at most {most_bytes() // 10**6} MB.", path="/bundle")
    if not content.startswith(b"PK\x03\x04"):
        raise NotABundle("This is no audit bundle. Choose a file *.custody.zip.", path="/bundle")
    own, sha256 = foreign_lots.bundles(actor), hashlib.sha256(content).digest()
    known = own.filter(sha256=sha256).first()
    if known is None and own.filter(state=State.WAITING).count() >= MOST_WAITING:
        raise TooManyForeignBundles(f"{MOST_WAITING} bundles of yours wait already. Come back when they are verified.")
    evidence.write(evidence.path_of(actor.organisation.pk, sha256), content)
    if known is not None:
        return verify_again(actor=actor, bundle=known.pk)
    made = ForeignBundle(
        organisation=actor.organisation,
        sha256=sha256,
        name=evidence.plain_name(name),
        octets=len(content),
        uploaded_by_id=actor.user_id or None,
        uploaded_at=clock.now(),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # sent twice at the same moment
        return own.get(sha256=sha256)
    return made


def verify_again(*, actor: Actor, bundle: UUID) -> ForeignBundle:
    """A bundle verified once more, unless it stands as it is: the operator may trust its log, or other keys, by now."""
    row = foreign_lots.bundle(actor, bundle)
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if row.state in (State.REFUSED, State.FAILED) or (row.state == State.VERIFIED and _has_new_keys(row)):
        ForeignBundle.objects.filter(pk=row.pk).update(state=State.WAITING, tries=0, seen_at=None)
        row.refresh_from_db()
    return row


def _has_new_keys(row: ForeignBundle) -> bool:
    """Whether its log is trusted by other keys than those by which it was verified."""
    return TrustedLog.objects.filter(origin=row.origin, revoked_at=None, trusted_at__gt=row.checked_at).exists()


@transaction.atomic
def discard(*, actor: Actor, bundle: UUID) -> None:
    """Throws a bundle away on which no import rests."""
    row = foreign_lots.bundle(actor, bundle)
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if _is_in_use(row):
        if row.changes:
            raise BundleInUse("It tells what changed in the other record. Who was told of it must find it here.")
        raise BundleInUse("An import rests on this bundle. Take that back first, as far as it is not recorded.")
    _forget(row)


def purge() -> None:
    """Forgets bundles with which nothing was begun for long."""
    old = ForeignBundle.objects.filter(uploaded_at__lte=timezone.now() - KEPT)
    for row in old.exclude(state=State.WAITING):
        if not _is_in_use(row):
            _forget(row)


def keep_document(one: Accepted) -> None:
    """Makes the bundle of a recorded import a document of its organisation."""
    sha256 = identifiers.digest_bytes(str(one.statement.body["bundle"]))
    row = ForeignBundle.objects.filter(organisation=uuid_of(one.statement.issuer), sha256=sha256).first()
    if row is not None:
        evidence.keep(row.organisation, sha256, name=row.name, media_type=ZIP, size_bytes=row.octets)


def _is_in_use(row: ForeignBundle) -> bool:
    """Whether an import of its lot was begun or recorded, or it tells what changed since."""
    if row.lot is None or row.changes is not None:
        return bool(row.changes)
    recorded = Lot.objects.filter(pk=row.lot, maker=row.organisation_id, made_by__kind=KIND)
    return recorded.exists() or ImportRequest.objects.filter(bundle=row).exists()


def _forget(row: ForeignBundle) -> None:
    """Forgets a bundle, and its file unless the organisation has it among its documents."""
    place, sha256, organisation = path_of(row), row.sha256, row.organisation_id
    row.delete()
    if not Evidence.objects.filter(organisation=organisation, sha256=sha256).exists():
        transaction.on_commit(lambda: place.unlink(missing_ok=True))


def path_of(row: ForeignBundle) -> Path:
    """Where its file lies."""
    return evidence.path_of(row.organisation_id, bytes(row.sha256))


# --- the job ----------------------------------------------------------------------------------------------------------


def work() -> int:
    """The number of bundles that were verified now."""
    done = 0
    while (row := _take()) is not None:
        _run(row)
        done += 1
    return done


def release() -> None:
    """Lets work be begun again at once whose worker ended with the only process there was."""
    ForeignBundle.objects.filter(state=State.WAITING).update(seen_at=None)


def run_small(row: ForeignBundle) -> ForeignBundle:
    """The bundle, verified where it is small; else it waits for the background."""
    if row.state == State.WAITING and row.octets <= AT_ONCE_BYTES:
        if (mine := _take(row.pk)) is not None:
            _run(mine)
        row.refresh_from_db()
    return row


def _take(only: UUID | None = None) -> ForeignBundle | None:
    return leases.take(ForeignBundle.objects.filter(state=State.WAITING), "uploaded_at", "pk", only=only)


def _run(row: ForeignBundle) -> None:
    """Verifies one bundle; after a few failures it has failed."""
    if row.tries > leases.MOST_TRIES:
        _end(row, State.FAILED, sentence=AGAIN)
        return
    report: Report | None = None
    try:
        with HeardFile(path_of(row), lambda done: _tell(row, done)) as file:
            report, origin, facts = _verified(file)
        lot, import_ = foreign_lot(facts), _import_of(row, facts.target)
        changes = None if import_ is None else _changes(report, facts, import_)
        if changes is None:
            _require_importable(report, lot, row)
    except Refusal as error:
        found = None if report is None else report.to_value()
        _end(row, State.REFUSED, code=error.code, sentence=error.sentence, report=found)
    except RecordError as error:
        _end(row, State.REFUSED, code=BundleInvalid.code, sentence=error.sentence)
    except Overtaken:
        return
    except Exception:
        log.exception("A bundle of another record was not verified.", extra={"fields": {"bundle": str(row.pk)}})
        ForeignBundle.objects.filter(pk=row.pk, tries=row.tries).update(seen_at=None)
        raise
    else:
        told = {"report": report.to_value(), "origin": origin, "lot": uuid_of(facts.target)}
        if changes is None:
            _end(row, State.VERIFIED, proven=foreign_lots.to_json(lot) if lot else None, **told)
            return
        with transaction.atomic():
            if _end(row, State.VERIFIED, changes=[asdict(one) for one in changes], **told):
                foreign_changes.tell(uuid_of(facts.target), row.organisation_id, changes)


class Overtaken(Exception):
    """Another worker has the bundle now, or it was thrown away."""


def progress_of(row: ForeignBundle) -> int | None:
    """How far the verification is, in per cent of what it reads; None where that is not known."""
    found: int | None = cache.get(_key(row))
    return found


def _tell(row: ForeignBundle, done: int) -> None:
    """Says that its worker is there, and how far it is: every byte is read twice, to be hashed and to be understood."""
    if not ForeignBundle.objects.filter(pk=row.pk, tries=row.tries).update(seen_at=timezone.now()):
        raise Overtaken
    cache.set(_key(row), min(99, done * 50 // row.octets), leases.LEASE.total_seconds())


def _key(row: ForeignBundle) -> str:
    return f"foreign-bundle:{row.pk}:{row.tries}"


def _verified(file: BinaryIO) -> tuple[Report, str, Facts]:
    """What the verifier says of a bundle, its origin, and all that it shows."""
    bundle = read_bundle(file)
    origin = _origin_of(bundle)
    policy, trust = trusted_logs.judging(trusted_logs.require_trusted(origin))
    report, facts = examined(bundle, trust, policy, asked=Asked(clock.now()), checks=SLOTS.checks_of_bundles())
    return report, origin, facts


def _import_of(row: ForeignBundle, lot: str) -> Statement | None:
    """The recorded import of the lot, where this is a later bundle of it, brought by who imported or holds it."""
    brought = Q(maker=row.organisation_id) | Q(holder=row.organisation_id)
    here = Lot.objects.filter(brought, pk=uuid_of(lot), made_by__kind=KIND).select_related("made_by").first()
    if here is None or here.made_by is None:
        return None
    said = parse_header(parse_envelope(bytes(here.made_by.envelope)).payload)
    return None if said.body["bundle"] == f"sha256:{bytes(row.sha256).hex()}" else said


def _changes(report: Report, facts: Facts, said: Statement) -> tuple[Change, ...]:
    """What the bundle tells that was said of the lot after its dispatch to this record."""
    if report.verdict is Verdict.INVALID:
        raise BundleInvalid("The verifier found something wrong in it. Nothing of it can be relied on.")
    found = changes_since(facts, str(said.body["dispatch"]))
    if found is None or facts.world.origin != said.body["log"]:
        raise OtherHistory("It does not hold the dispatch by which the lot came in. Tell the operator: these are "
                           "two logs, or two stories of one.")  # fmt: skip
    return found


def _origin_of(bundle: Bundle) -> str:
    """The origin that the checkpoint of a bundle names; nothing of it is believed yet."""
    names = bundle.names("checkpoints")
    if not names:
        raise BundleInvalid("The bundle holds no checkpoint, so it is of no log.")
    return bundle.read(names[-1]).partition(b"\n")[0].decode("utf-8", "replace")[:200]


def _require_importable(report: Report, lot: ForeignLot | None, row: ForeignBundle) -> None:
    """Refuses what cannot be imported by the organisation that brought it."""
    if report.verdict is Verdict.INVALID:
        raise BundleInvalid("The verifier found something wrong in it. Nothing of it can be relied on.")
    if lot is None:
        raise NotDispatched("Its newest statement on the lot is no dispatch into another record. Ask the sender for a "
                            "bundle that he exported after the dispatch.")  # fmt: skip
    if lot.to != (settings.LODESTONE_LOG_ORIGIN, urn_of(row.organisation_id)):
        raise DispatchedElsewhere("The lot was dispatched to another record, or to another organisation of this one.")
    if lot.mass_kg is None:
        raise MassWithheld("It withholds the mass that was dispatched. Ask the sender for a bundle that tells it.")
    if SubjectHead.objects.filter(pk=uuid_of(lot.lot)).exists() and not _rests_on(row):
        raise LotIsHere("This record knows the lot already. It is taken in once.")


def _rests_on(row: ForeignBundle) -> bool:
    return ImportRequest.objects.filter(bundle=row).exists()


def _end(row: ForeignBundle, state: ForeignBundle.State, **found: object) -> bool:
    empty = {"code": "", "sentence": "", "report": None, "proven": None, "lot": None, "changes": None}
    values: dict[str, object] = {**empty, **found}
    values["sentence"] = str(values["sentence"])[:500]
    mine = ForeignBundle.objects.filter(pk=row.pk, state=State.WAITING, tries=row.tries)
    return bool(mine.update(state=state, checked_at=timezone.now(), seen_at=None, **values))
