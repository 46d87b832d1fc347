"""Certificates of facilities as tables and words: on the page of a facility, of a lot and of a supplier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from traceability.rules.certificates import Validity
from traceability.selectors.certificates import Shown
from traceability.web import countries
from traceability.web.tables import Column, Table, buttons

WORDS: Final[dict[Validity, tuple[str, Any]]] = {
    Validity.IN_FORCE: ("info", _("In force")),
    Validity.TO_COME: ("na", _("Not in force yet")),
    Validity.EXPIRED: ("warn", _("Expired")),
    Validity.RENEWED: ("na", _("Renewed")),
    Validity.WITHDRAWN: ("na", _("Withdrawn")),
}
"""Outcome and word of each; nothing of a certificate is checked here, so none is a pass."""


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate in words."""

    shown: Shown

    @property
    def outcome(self) -> str:
        return WORDS[self.shown.validity][0]

    @property
    def word(self) -> str:
        return str(WORDS[self.shown.validity][1])

    @property
    def country(self) -> str:
        return countries.name(self.shown.site.country)

    @property
    def digest(self) -> str:
        """Of its statement, in hexadecimal alone."""
        return self.shown.certificate.digest.removeprefix("sha256:")

    @property
    def renewable(self) -> bool:
        """Whether another one can take its place."""
        return self.shown.validity in (Validity.IN_FORCE, Validity.EXPIRED)


CERTIFICATES: Final = Table(
    "certificates",
    _("Certificates"),
    (
        Column("standard", _("Standard"), lambda line: line.shown.certificate.standard),
        Column("state", _("State"), lambda line: line.word),
        Column("from", _("Valid from"), lambda line: line.shown.certificate.valid_from),
        Column("until", _("Valid until"), lambda line: line.shown.certificate.valid_until),
        Column("certifier", _("Certified by"), lambda line: line.shown.certifier),
        Column("number", _("Number"), lambda line: line.shown.number),
        Column("scope", _("Covers"), lambda line: line.shown.scope),
        Column("country", _("Site in"), lambda line: line.country),
        Column("facility", _("Facility"), lambda line: line.shown.certificate.facility, seen=False),
        Column("statement", _("Statement"), lambda line: line.shown.certificate.digest, seen=False),
    ),
    part="certificates",
    wide=False,
)
RENEWABLE: Final = replace(CERTIFICATES, columns=(*CERTIFICATES.columns, buttons(_("Act"))))
"""The same with what its holder can do."""


def lines(shown: Sequence[Shown]) -> list[Line]:
    return [Line(one) for one in shown]


def counted(shown: Sequence[Shown]) -> str:
    """How many are in force and how many expired, in words; empty where there is none."""
    found = [one.validity for one in shown]
    in_force, expired = found.count(Validity.IN_FORCE), found.count(Validity.EXPIRED)
    said = [
        ngettext("%(n)d in force", "%(n)d in force", in_force) % {"n": in_force} if in_force else "",
        ngettext("%(n)d expired", "%(n)d expired", expired) % {"n": expired} if expired else "",
    ]
    return ", ".join(one for one in said if one)
