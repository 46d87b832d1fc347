"""Certificates of facilities as an actor may see them: his own, and those of organisations whose lots came to him."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from traceability.models import Facility, Statement
from traceability.rules.certificates import Certificate, Validity, validity
from traceability.selectors import statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.statements import Told

KIND: Final = "facility.certificate"


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate, what it is on a day, and the statement that tells of it."""

    certificate: Certificate
    validity: Validity
    site: Facility
    told: Told

    @property
    def certifier(self) -> str:
        """Who certified; empty where it is withheld."""
        return str(self.told.body.get("certifier", ""))

    @property
    def number(self) -> str:
        return str(self.told.body.get("number", ""))

    @property
    def scope(self) -> str:
        return str(self.told.body.get("scope", ""))

    @property
    def documents(self) -> Sequence[Any]:
        """The documents whose names the reader may see."""
        return [one for one in self.told.claim.get("evidence", ()) if "sha256" in one]


def certificates(
    actor: Actor, organisations: Collection[UUID], today: date, *, day: date | None = None
) -> dict[UUID, list[Shown]]:
    """The certificates of these organisations by their facilities that still stand, as they are on a day, oldest first.

    The day is today unless another is named; what is known of them is what is known today.
    """
    said = Statement.objects.filter(kind=KIND, issuer__in=set(organisations))
    if organisations == {actor.organisation.pk}:
        rows = list(said.order_by("pk"))
    else:
        rows = list(said.filter(pk__in=statements.visible(actor, today).values("pk")).order_by("pk"))
    if not rows:
        return {}
    told = list(statements.told(actor, rows, today).values())
    sites = Facility.objects.filter(organisation__in=set(organisations), voided=False).in_bulk()
    stated = [_certificate(one) for one in told]
    found = validity(stated, day or today)
    shown: dict[UUID, list[Shown]] = {}
    for one, of in zip(stated, told, strict=True):
        site = sites.get(UUID(one.facility[9:]))
        if site is not None:
            shown.setdefault(site.pk, []).append(Shown(one, found[one.digest], site, of))
    return shown


def of_facility(actor: Actor, facility: UUID, today: date) -> tuple[Facility, list[Shown]]:
    """One of the actor's own facilities with its certificates, or NotFound."""
    own = Facility.objects.filter(organisation=actor.organisation, voided=False).select_related("statement")
    site = own.filter(pk=facility).first()
    if site is None:
        raise NotFound("There is no such facility, or it is not yours to see.")
    return site, certificates(actor, {actor.organisation.pk}, today).get(site.pk, [])


def own(actor: Actor, today: date) -> list[Shown]:
    """The certificates of the actor's own facilities that were not withdrawn."""
    found = certificates(actor, {actor.organisation.pk}, today)
    return [one for rows in found.values() for one in rows if not one.certificate.withdrawn]


def _certificate(told: Told) -> Certificate:
    body = told.body
    return Certificate(
        digest=told.original.digest,
        facility=str(body["facility"]),
        standard=str(body["standard"]),
        valid_from=date.fromisoformat(str(body["valid_from"])),
        valid_until=date.fromisoformat(str(body["valid_until"])),
        renews=str(body.get("renews", "")),
        withdrawn=told.withdrawn,
    )
