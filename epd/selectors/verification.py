"""What was submitted to an organisation, and what was said on a declaration since it was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from epd.models import BackgroundData, BackgroundUpload, Declaration, Person, ReferenceDraft, Remark
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.kinds.verification import VERIFY
from traceability.ledger.statement import parse_header
from traceability.models import ChainLink, Organisation
from traceability.selectors.access import Actor, NotFound


@dataclass(frozen=True, slots=True)
class Said:
    """One step in the history of a declaration, as everybody may read it."""

    kind: str
    by: str
    at: datetime
    digest: str
    body: Mapping[str, Any]
    to: str = ""


def submitted_to(actor: Actor) -> QuerySet[Declaration]:
    """The declarations that wait for the actor's organisation, and those that it verified or registered."""
    own = actor.organisation.pk
    rows = Declaration.objects.select_related("declarant", "lot", "statement")
    return rows.filter(Q(submitted_to=own) | Q(verifier=own) | Q(registrar=own))


def one_for(actor: Actor, reference: str) -> Declaration:
    """A declaration that was submitted to the actor's organisation; NotFound where it was not."""
    found = submitted_to(actor).filter(reference=reference.strip().upper()).first()
    if found is None:
        raise NotFound("There is no such declaration.")
    return found


def partner_of(actor: Actor, declaration: Declaration) -> UUID:
    """The other one of declarant and verifier (or programme operator); NotFound for everybody else."""
    own = actor.organisation.pk
    if own == declaration.declarant_id and declaration.submitted_to is not None:
        return declaration.submitted_to
    if own in (declaration.submitted_to, declaration.verifier, declaration.registrar):
        return declaration.declarant_id
    raise NotFound("There is no such declaration.")


def remarks_on(actor: Actor, declaration: Declaration) -> QuerySet[Remark]:
    """What declarant and verifier wrote to each other, as far as the actor is one of the two."""
    rows = Remark.objects.filter(declaration=declaration.pk).select_related("organisation", "user")
    return rows.filter(Q(organisation=actor.organisation) | Q(partner=actor.organisation))


def taken_out(actor: Actor) -> list[tuple[str, object]]:
    """What the actor's organisation takes away with all its data: declarations, its people on them, references in
    preparation, and remarks."""
    own = actor.organisation.pk
    party = Q(declarant=own) | Q(submitted_to=own) | Q(verifier=own) | Q(registrar=own)
    declarations = Declaration.objects.filter(party).order_by("published_at", "pk")
    people = Person.objects.filter(user__memberships__organisation=own, declaration__in=declarations.values("pk"))
    stands = ("reference", "declarant", "lot", "product", "status", "reason", "successor", "published_at", "stage",
              "submitted_to", "asks", "verifier", "verified_until", "registrar", "number",
              "registered_until")  # fmt: skip
    drafts = ReferenceDraft.objects.filter(organisation=actor.organisation).order_by("pk")
    remarks = Remark.objects.filter(Q(organisation=actor.organisation) | Q(partner=actor.organisation))
    fields = ("declaration", "organisation", "partner", "kind", "point", "text", "created_at", "done_at")
    return [
        ("background.json", _background(actor)),
        ("declarations.json", list(declarations.values(*stands))),
        ("people.json", list(people.order_by("pk").values("declaration", "user__email", "urn"))),
        ("references.json", list(drafts.values("typed", "made_at", "changed_at"))),
        ("remarks.json", list(remarks.values(*fields))),
    ]


def _background(actor: Actor) -> list[object]:
    """The background data of the actor's organisation, and the files that it has not taken over yet."""
    files = BackgroundUpload.objects.filter(organisation=actor.organisation).order_by("pk")
    data = BackgroundData.objects.filter(organisation=actor.organisation).order_by("pk")
    return [
        *files.values("name", "sha256", "brought_at"),
        *({"factor": loads(bytes(one.canonical)), "state": one.state, "file_name": one.file_name,
           "taken_at": one.taken_at, "withdrawn_at": one.withdrawn_at} for one in data),
    ]  # fmt: skip


def history_of(declaration: Declaration) -> list[Said]:
    """Everything that was signed on the chain of a declaration, oldest first."""
    links = ChainLink.objects.filter(subject=declaration.pk).select_related("statement").order_by("seq")
    rows = [(one.statement, parse_header(parse_envelope(bytes(one.statement.envelope)).payload)) for one in links]
    named = {str(said.body["to"]).removeprefix("urn:uuid:") for _, said in rows if "to" in said.body}
    wanted = {row.issuer for row, _ in rows} | {UUID(one) for one in named}
    names = dict(Organisation.objects.filter(pk__among=wanted).values_list("pk", "name"))
    return [
        Said(
            row.kind,
            names.get(row.issuer, ""),
            row.accepted_at,
            bytes(row.digest).hex(),
            said.body,
            names.get(UUID(str(said.body["to"]).removeprefix("urn:uuid:")), "") if "to" in said.body else "",
        )
        for row, said in rows
    ]


def verification_of(declaration: Declaration) -> str:
    """The digest of the newest verification of a declaration."""
    links = ChainLink.objects.filter(subject=declaration.pk, statement__kind=VERIFY).select_related("statement")
    newest = links.order_by("seq").last()
    if newest is None:
        raise NotFound("Nobody verified this declaration.")
    return f"sha256:{bytes(newest.statement.digest).hex()}"


def names_of(ids: Sequence[UUID | None]) -> Mapping[UUID, str]:
    """The names of organisations."""
    return dict(Organisation.objects.filter(pk__among={one for one in ids if one}).values_list("pk", "name"))


def candidates(actor: Actor, roles: Sequence[str]) -> list[Organisation]:
    """The organisations that say they have one of these roles, but for one's own; by name."""
    others = Organisation.objects.exclude(pk=actor.organisation.pk).order_by("name")
    return [one for one in others if set(one.roles) & set(roles)]
