"""Pages of suppliers: how they delivered in a period, and the evidence behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from traceability.rules.supplying import ASKED, Delivery, Measures
from traceability.selectors import suppliers
from traceability.selectors.access import Actor
from traceability.selectors.suppliers import Supplier
from traceability.web import certificates, countries, tables
from traceability.web.acting import for_member, today
from traceability.web.certificates import CERTIFICATES
from traceability.web.pictures import sparkline
from traceability.web.tables import Column, Table, figures

USUAL: Final = timedelta(days=365)
KNOWN_WORDS: Final = {
    "mass": _("mass"), "contents": _("contents"), "result": _("signed result"), "origin": _("origin"),
    "declaration": _("declaration"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A supplier in words."""

    supplier: Supplier

    @property
    def measures(self) -> Measures:
        return self.supplier.measures

    @property
    def beyond(self) -> int:
        """Deliveries that were weighed beyond the tolerance, or rejected."""
        return self.measures.beyond + self.measures.rejected

    @property
    def months(self) -> list[str]:
        """Completeness month by month, for a file."""
        return [f"{month}: {share}" for month, share in self.measures.by_month.items()]

    @property
    def source(self) -> str:
        return countries.name(self.measures.source_country)

    @property
    def spark(self) -> SafeString:
        """Completeness month by month."""
        return mark_safe(sparkline.svg(self.measures.by_month))  # noqa: S308  (its parts are escaped)


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery in words."""

    delivery: Delivery

    @property
    def lot_id(self) -> str:
        return self.delivery.lot.removeprefix("urn:uuid:")

    @property
    def missing(self) -> str:
        """What the buyer does not know of it."""
        return ", ".join(str(KNOWN_WORDS[one]) for one in ASKED if one not in self.delivery.known)

    @property
    def state(self) -> str:
        """How the weighing went."""
        if self.delivery.rejected:
            return gettext("Rejected")
        return gettext("Beyond the tolerance") if self.delivery.beyond else gettext("Within the tolerance")

    @property
    def mined(self) -> str:
        return ", ".join(countries.name(one) for one in sorted(self.delivery.mined or {}))


SUPPLIERS: Final = Table(
    "suppliers",
    _("Suppliers"),
    (
        Column("name", _("Supplier"), lambda line: line.supplier.name),
        figures("deliveries", _("Deliveries"), lambda line: line.measures.deliveries),
        figures("complete", _("Complete"), lambda line: line.measures.completeness),
        Column("months", _("By month"), lambda line: line.months),
        figures("primary", _("Primary"), lambda line: line.measures.primary_share),
        figures("difference", _("Difference"), lambda line: line.measures.difference_pct, unit="%"),
        figures("beyond", _("Beyond"), lambda line: line.beyond),
        figures("in_time", _("In time"), lambda line: line.measures.in_time),
        figures("findings", _("Findings"), lambda line: line.measures.findings),
        figures("expired", _("Expired certificates"), lambda line: line.measures.expired),
        figures("certificates", _("Certificates"), lambda line: line.measures.certificates, seen=False),
        figures("source_share", _("Largest source"), lambda line: line.measures.source_share),
        Column("source", _("Country of the largest source"), lambda line: line.source, seen=False),
        figures("days", _("Days under way"), lambda line: line.measures.days, seen=False),
        Column("id", _("Identifier"), lambda line: f"urn:uuid:{line.supplier.id}", seen=False),
    ),
    usual="name",
    find=("name",),
    what=_("suppliers"),
    wide=False,
)  # fmt: skip
DELIVERIES: Final = Table(
    "deliveries",
    _("Deliveries"),
    (
        Column("lot", _("Lot"), lambda line: line.delivery.label),
        Column("received", _("Received"), lambda line: line.delivery.received_on),
        figures("days", _("Days under way"), lambda line: line.delivery.days),
        figures("sent", _("Dispatched"), lambda line: line.delivery.dispatched_kg, unit="kg"),
        figures("weighed", _("Weighed"), lambda line: line.delivery.weighed_kg, unit="kg"),
        figures("difference", _("Difference"), lambda line: line.delivery.difference_pct, unit="%"),
        Column("state", _("Weighing"), lambda line: line.state),
        figures("complete", _("Complete"), lambda line: line.delivery.completeness),
        Column("missing", _("Missing"), lambda line: line.missing),
        figures("primary", _("Primary"), lambda line: line.delivery.primary_share),
        figures("findings", _("Findings"), lambda line: line.delivery.findings),
        Column("mined", _("Mined in"), lambda line: line.mined),
    ),
    usual="-received",
    what=_("deliveries"),
    wide=False,
)


@for_member
@require_safe
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Those from whom something came in a period, with what is computed of them."""
    since, until = period(request)
    found = [Line(one) for one in suppliers.suppliers(actor, since, until, today())]
    shown = {"suppliers": SUPPLIERS.of(request, found), "since": since, "until": until, "section": "partners"}
    return tables.answer(request, "suppliers/list.html", shown)


@for_member
@require_safe
def one(request: HttpRequest, actor: Actor, supplier: UUID) -> HttpResponseBase:
    """One supplier: the deliveries behind its numbers."""
    since, until = period(request)
    found = suppliers.supplier(actor, supplier, since, until, today())
    deliveries = DELIVERIES.of(request, [DeliveryLine(each) for each in found.deliveries])
    name = found.name or gettext("A supplier whose name is withheld")
    shown = {
        "line": Line(found),
        "name": name,
        "deliveries": deliveries,
        "certificates": CERTIFICATES.of(request, certificates.lines(found.certificates)),
        "since": since,
        "until": until,
        "crumbs": [(gettext("Suppliers"), reverse("suppliers")), (name, "")],
        "section": "partners",
    }
    return tables.answer(request, "suppliers/supplier.html", shown)


def period(request: HttpRequest) -> tuple[date, date]:
    """The days that were asked for; the last year where none, or none that are days, were."""
    until = _day(request.GET.get("until", "")) or today()
    since = _day(request.GET.get("since", "")) or until - USUAL
    return since, until


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
