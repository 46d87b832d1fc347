"""The exception list of an organisation: what somebody should look at, for its people and its auditors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from traceability.selectors import accounts, exceptions, lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.exceptions import LATE_DAYS, OPEN_DAYS, Asked, Exceptional, Kind
from traceability.selectors.names import Names, names_of
from traceability.web import tables, words
from traceability.web.account.words import Words
from traceability.web.acting import for_member, today
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures

KINDS: Final[dict[Kind, Words]] = {
    Kind.YIELD: gettext_lazy("Yield out of range"),
    Kind.FINGERPRINT: gettext_lazy("Fingerprint broken"),
    Kind.FINDING: gettext_lazy("Other finding"),
    Kind.OPEN_TRANSFER: gettext_lazy("Open transfer"),
    Kind.DIFFERENCE: gettext_lazy("Weighed difference"),
    Kind.BACK_DATED: gettext_lazy("Back-dated"),
    Kind.AFTER_LOG: gettext_lazy("Time after the log"),
    Kind.KEY_IN_DOUBT: gettext_lazy("Key in doubt"),
}
USUAL_DAYS: Final = 365
MOST_DAYS: Final = 3660
EXCEPTIONS: Final = Table(
    "exceptions",
    gettext_lazy("Exceptions"),
    (
        Column("lot", gettext_lazy("Lot"), lambda one: one.label),
        Column("kind", gettext_lazy("Exception"), lambda one: one.kind),
        Column("about", gettext_lazy("What to look at"), lambda one: one.about),
        Column("statement", gettext_lazy("Statement"), lambda one: one.statement),
        Column("occurred", gettext_lazy("Ended, as claimed"), lambda one: one.row.occurred_to),
        Column("accepted", gettext_lazy("Accepted"), lambda one: one.row.statement.accepted_at),
        figures("days", gettext_lazy("Days"), lambda one: one.row.days, seen=False),
        Column("code", gettext_lazy("Code"), lambda one: one.row.code or one.row.kind.value, seen=False),
        Column("digest", gettext_lazy("Digest"), lambda one: one.row.digest, seen=False),
        Column("urn", "urn", lambda one: f"urn:uuid:{one.row.lot}" if one.row.lot else "", seen=False),
    ),
    what=gettext_lazy("exceptions"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One exception in words."""

    row: Exceptional
    label: str
    party: str

    @property
    def kind(self) -> Words:
        return KINDS[self.row.kind]

    @property
    def statement(self) -> Words:
        return words.kind(self.row.statement.kind)

    @property
    def href(self) -> str:
        return reverse("statement", args=[self.row.digest.removeprefix("sha256:")])

    @property
    def about(self) -> str:
        """What is out of the ordinary, and what to look at."""
        days = self.row.days or 0
        match self.row.kind:
            case Kind.OPEN_TRANSFER:
                text = ngettext(
                    "Dispatched %(days)d day ago and not received; the other side is %(name)s.",
                    "Dispatched %(days)d days ago and not received; the other side is %(name)s.",
                    days,
                )
                return text % {"days": days, "name": self.party}
            case Kind.DIFFERENCE:
                text = _("%(name)s weighed more or less than was dispatched, beyond the tolerance.")
                return text % {"name": self.party}
            case Kind.BACK_DATED if not self.row.code:
                text = ngettext(
                    "Accepted %(days)d day after what it tells of had ended.",
                    "Accepted %(days)d days after what it tells of had ended.",
                    days,
                )
                return text % {"days": days}
            case Kind.AFTER_LOG:
                return _("What it tells of ended, as claimed, after the log took the statement.")
            case Kind.KEY_IN_DOUBT:
                return _("Its key counts as compromised from before it on. Attest it again under another key.")
        if self.row.sentence:
            return spoken(self.row.sentence)
        return _("The sentence may repeat masses, which are not told to you.")


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The exceptions of an organisation in a period."""
    owners = accounts.owners(actor, today())
    owner = accounts.owner_of(actor, request.GET.get("of", ""), owners)
    asked, mistake = _asked(request)
    kind = request.GET.get("kind", "")
    found = exceptions.exceptions(actor, owner, asked, today())
    wanted = [one for one in found if kind not in set(Kind) or one.kind == kind]
    numbers = Counter(one.kind for one in found)
    context = {
        "section": "stock" if owner == actor.organisation else "lots",
        "owner": owner,
        "of": str(owner.pk),
        "is_own": owner == actor.organisation,
        "givers": [(str(one.pk), one.name) for one in owners],
        "asked": asked,
        "mistake": mistake,
        "kind": kind,
        "kinds": list(KINDS.items()),
        "tally": [(KINDS[one], numbers[one]) for one in Kind],
        "rows": EXCEPTIONS.paged(request, wanted, partial(_lines, actor), most_sorted=5000),
        "crumbs": [(_("Exceptions"), "")],
    }
    return tables.answer(request, "books/exceptions.html", context)


def _lines(actor: Actor, found: Sequence[Exceptional]) -> list[Line]:
    labels = lot_facts.labels_of(actor, {one.lot for one in found if one.lot}, today())
    names = names_of(actor, {one.party for one in found if one.party}, today())
    return [Line(one, _label(labels, one.lot), _name(names, one.party)) for one in found]


def _label(labels: dict[UUID, str], lot: UUID | None) -> str:
    return labels.get(lot, str(lot)[-4:]) if lot else ""


def _name(names: Names, party: UUID | None) -> str:
    return names.of(party) if party else ""


def _asked(request: HttpRequest) -> tuple[Asked, bool]:
    """What was asked for; and whether something of it makes no sense, so that the usual stands in its place."""
    given: Any = request.GET
    usual = Asked(today() - timedelta(days=USUAL_DAYS), today())
    try:
        asked = Asked(
            date.fromisoformat(given["since"]) if given.get("since") else usual.since,
            date.fromisoformat(given["until"]) if given.get("until") else usual.until,
            _days(given.get("open_days"), OPEN_DAYS),
            _days(given.get("late_days"), LATE_DAYS),
        )
    except ValueError:
        return usual, True
    fits = asked.since.year >= 2000 and asked.since <= asked.until and asked.until.year < 2100
    return (asked, False) if fits else (usual, True)


def _days(text: str | None, usual: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= MOST_DAYS):
        raise ValueError("no number of days")
    return int(text)
