"""Own background data: brought as a file, read with findings, taken over into a signed set of the organisation.

Its set is that of everybody with its own data in it, so a result still names one set and the offline verifier computes
it again. What is withdrawn stays in the set, for the lots that name it, and is no longer offered.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from hashlib import sha256
from json import loads
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from epd.documents.background import Candidate, Terms, background_of
from epd.formats import factor_table
from epd.formats.defects import NotADocument
from epd.formats.reading import read_documents, sniffed
from epd.lca.factors import Factor, factor_set, parse_factor
from epd.models import BackgroundData, BackgroundUpload, FactorSetRow
from epd.selectors import factor_choices
from epd.services import factors
from traceability.ledger.canonical import encode
from traceability.ledger.errors import RecordError
from traceability.models import Lot, Organisation
from traceability.selectors.access import Actor, NotFound
from traceability.services import clock
from traceability.services.errors import ApprovalWanted, NotAllowed
from traceability.services.submissions import Receipt

KEPT: Final = timedelta(days=30)
MOST: Final = 5_000
"""So many data sets an organisation can have: its set is read whole for each computation."""
State = BackgroundData.State


class NothingToTake(RecordError):
    """A file of which nothing can be taken over."""

    code = "nothing_to_take"


class UpstreamExpired(RecordError):
    """A step names a declaration that was not valid any more on its day."""

    code = "upstream_expired"


class TermsMissing(RecordError):
    """Data without a source or a licence."""

    code = "terms_missing"


class TooMuchData(RecordError):
    """More data sets than an organisation can have."""

    code = "too_much_background_data"


class ForEverybody(RecordError):
    """The operator has no background data of its own: its sets are everybody's."""

    code = "sets_of_everybody"


def of(actor: Actor) -> QuerySet[BackgroundData]:
    """The background data of the actor's organisation."""
    return BackgroundData.objects.filter(organisation=actor.organisation)


def one(actor: Actor, id: UUID) -> BackgroundData:
    """One of them, or NotFound."""
    found = of(actor).filter(pk=id).first()
    if found is None:
        raise NotFound("There is no such background data.")
    return found


def uploads(actor: Actor) -> QuerySet[BackgroundUpload]:
    """The files that wait to be taken over."""
    return BackgroundUpload.objects.filter(organisation=actor.organisation).defer("content")


def upload_of(actor: Actor, id: UUID) -> BackgroundUpload:
    """One of these files, or NotFound."""
    found = BackgroundUpload.objects.filter(organisation=actor.organisation, pk=id).first()
    if found is None:
        raise NotFound("There is no such file. It was taken over or thrown away.")
    return found


def read(content: bytes, terms: Terms) -> tuple[Candidate, ...]:
    """What a file holds, each with its findings; refuses what is neither a declaration nor a table of factors."""
    digest = f"sha256:{sha256(content).hexdigest()}"
    if sniffed(content):
        today = clock.now().date()
        return tuple(background_of(document, terms, today, digest) for document in read_documents(content))
    try:
        return factor_table.read_table(content, terms, digest)
    except factor_table.NotAFactorTable:
        raise
    except RecordError:
        raise NotADocument(
            "Bring a declaration as openEPD, ILCD+EPD or JSON of soda4LCA, or a table of factors as CSV."
        ) from None


def bring(actor: Actor, name: str, content: bytes) -> BackgroundUpload:
    """Keeps a file until it is taken over or thrown away; the same file again is the same upload."""
    _require(actor)
    read(content, Terms())
    now = clock.now()
    BackgroundUpload.objects.filter(organisation=actor.organisation, brought_at__lt=now - KEPT).delete()
    found, _is_new = BackgroundUpload.objects.get_or_create(
        organisation=actor.organisation,
        sha256=sha256(content).hexdigest(),
        defaults={"name": name[:200] or "-", "content": content, "brought_by_id": actor.user_id or None,
                  "brought_at": now},
    )  # fmt: skip
    return found


def discard(actor: Actor, id: UUID) -> None:
    """Throws a file away."""
    _require(actor)
    upload_of(actor, id).delete()


@transaction.atomic
def confirm(actor: Actor, id: UUID, terms: Terms) -> Receipt | None:
    """Takes a file over and signs the new set; None where all of it was there already."""
    upload = upload_of(actor, id)
    if actor.organisation.approval_wanted and upload.brought_by_id == actor.user_id:
        raise ApprovalWanted("Your organisation wants a second person to sign. Ask a colleague to take this over.")
    receipt = take_over(actor, upload.name, read(bytes(upload.content), terms))
    upload.delete()
    return receipt


@transaction.atomic
def take_over(actor: Actor, name: str, candidates: Iterable[Candidate]) -> Receipt | None:
    """Adds data sets and signs the set that holds them; None where all of them were there already."""
    _require(actor)
    if actor.why_not_sign:
        raise NotAllowed(actor.why_not_sign)
    Organisation.objects.select_for_update().get(pk=actor.organisation.pk)  # one set after the other
    bodies = {str(one.body["id"]): one.body for one in candidates if one.body is not None}
    if not bodies:
        raise NothingToTake("Nothing of this file can be taken over. The findings say why.")
    parsed = [_parsed(body) for body in bodies.values()]
    known = set(of(actor).filter(factor_id__in=bodies).values_list("factor_id", flat=True))
    new = [one for one in parsed if one.id not in known]
    if of(actor).count() + len(new) > MOST:
        raise TooMuchData(f"An organisation can have at most {MOST} data sets. Nothing was taken over.")
    of(actor).filter(factor_id__in=known).update(state=State.OFFERED, withdrawn_at=None)
    about = {one.id: bodies[one.id].get("document", {}) for one in new}
    BackgroundData.objects.bulk_create(
        BackgroundData(
            organisation=actor.organisation,
            factor_id=one.id,
            canonical=one.canonical,
            name=one.name[:200],
            document=str(about[one.id].get("uuid", ""))[:200],
            file_name=name[:200],
            taken_by_id=actor.user_id or None,
            taken_at=clock.now(),
        )
        for one in new
    )
    return _sign(actor) if new else None


def _parsed(body: Any) -> Factor:
    if not body["source"] or not body["licence"]:
        raise TermsMissing("State the source and the licence of these data: both stand in the signed set.")
    return parse_factor(loads(encode(dict(body))))


@transaction.atomic
def renew(actor: Actor) -> Receipt | None:
    """Signs the own set again over the newest set of everybody; None where it stands on it already."""
    _require(actor)
    if actor.why_not_sign:
        raise NotAllowed(actor.why_not_sign)
    return _sign(actor) if is_outdated(actor) else None


def is_outdated(actor: Actor) -> bool:
    """Whether everybody has a newer set than the one in which the own data stand."""
    own, base = factor_choices.set_of(actor.organisation.pk), factor_choices.set_of(None)
    return own is not None and base is not None and own.owner_id is not None and own.base_id != base.pk


def withdraw(actor: Actor, id: UUID) -> None:
    """Offers a data set no longer. Lots that name it keep their figures."""
    _require(actor)
    BackgroundData.objects.filter(pk=one(actor, id).pk).update(state=State.WITHDRAWN, withdrawn_at=clock.now())


def _sign(actor: Actor) -> Receipt:
    base = factor_choices.set_of(None)
    if base is None:
        raise factors.NoFactorSet("No factor set was published yet. The operator publishes one first.")
    of_everybody = factors.by_digest("sha256:" + bytes(base.statement.digest).hex())
    own = [parse_factor(loads(bytes(row))) for row in of(actor).values_list("canonical", flat=True)]
    number = FactorSetRow.objects.filter(owner=actor.organisation).count() + 1
    name = f"{base.name[:100]} and own data"
    made = factor_set(name, f"{base.version[:48]}+{number}", [*of_everybody.factors.values(), *own])
    return factors.publish(actor=actor, factors=made, base=base)


def _require(actor: Actor) -> None:
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if actor.organisation.is_operator:
        raise ForEverybody("The sets of the operator are those of everybody. Bring own data for another organisation.")


def require_valid(factor_ids: Collection[str], lot: Lot) -> None:
    """Refuses figures out of an upstream declaration that had expired when the lot was made (rule P13)."""
    rows = BackgroundData.objects.filter(organisation=lot.maker_id, factor_id__in=list(factor_ids))
    for row in rows.order_by("factor_id"):
        last = str(loads(bytes(row.canonical)).get("document", {}).get("valid_until", ""))
        if last and last < lot.made_at.date().isoformat():
            raise UpstreamExpired(
                "The upstream declaration behind a factor had expired when this lot was made. Correct the step and "
                "name a valid one.",
                factor=row.factor_id,
                valid_until=last,
            )
