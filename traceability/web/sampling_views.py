"""The auditor's sampling list: what to draw from, how many, with which seed; the same address gives the same list."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from traceability.selectors import lot_facts, sampling
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.names import Names, names_of
from traceability.selectors.sampling import Asked, Row, Sample
from traceability.web import tables, words
from traceability.web.account.words import Words
from traceability.web.acting import for_member, today
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures

USUAL_SIZE: Final = 20
LOOK: Final[dict[str, Words]] = {
    "lot.source": gettext_lazy("Weighing note, lab report, and what proves the origin and the country"),
    "lot.transform": gettext_lazy("Production record: inputs, outputs and losses as weighed, meter readings"),
    "lot.assay": gettext_lazy("Lab report: method, sample, and who took it"),
    "lot.dispatch": gettext_lazy("Delivery note and transport document: mass, date, receiver"),
    "lot.receive": gettext_lazy("Weighing note on arrival, and what became of a difference"),
    "lot.settle": gettext_lazy("What both parties agreed on, and why"),
    "lot.adjust": gettext_lazy("Stock count, and who approved the adjustment"),
    "lot.dispose": gettext_lazy("Certificate of disposal"),
    "lot.result": gettext_lazy("Metered energy and reagents, allocation, factors"),
    "declaration.publish": gettext_lazy("That it names the lot and the result that it rests on"),
    "facility.certificate": gettext_lazy("The certificate itself, and the register of who certified"),
    "facility.register": gettext_lazy("That the site exists where it is said to be"),
}
"""What an auditor asks for, by the kind of a statement."""
OTHERWISE: Final = gettext_lazy("The document that it rests on, and who decided it")

SAMPLE: Final = Table(
    "sample",
    gettext_lazy("The sample"),
    (
        figures("entry", gettext_lazy("Entry"), lambda line: line.row.index, seen=False),
        Column("kind", gettext_lazy("Statement"), lambda line: line.title),
        Column("digest", gettext_lazy("Digest"), lambda line: f"sha256:{line.digest}", seen=False),
        Column("by", gettext_lazy("By"), lambda line: line.by),
        Column("accepted", gettext_lazy("Accepted"), lambda line: line.row.statement.accepted_at),
        figures("probability", gettext_lazy("Probability"), lambda line: line.probability_pct, unit="%"),
        figures("drawn", gettext_lazy("Drawn"), lambda line: line.row.drawn.drawn, seen=False),
        figures("of", gettext_lazy("Of"), lambda line: line.row.drawn.of, seen=False),
        Column("look", gettext_lazy("What to look at"), lambda line: line.look),
        Column("remarks", gettext_lazy("Remarks"), lambda line: line.remarks, seen=False),
    ),
)


class SampleForm(forms.Form):
    """What to draw."""

    of = forms.ChoiceField(label=gettext_lazy("Draw from"), required=False)
    lot = forms.CharField(
        label=gettext_lazy("Or from one lot and its history"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The address of its page, or the id in it."),
    )
    since = forms.DateField(label=gettext_lazy("Accepted from"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    size = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=sampling.MOST)
    seed = forms.CharField(
        label=gettext_lazy("Seed"),
        max_length=60,
        help_text=gettext_lazy("Any word or number, chosen before you look. The same seed gives the same sample."),
    )

    def __init__(self, *args: Any, givers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = [("", _("Choose an organisation")), *givers]  # type: ignore[attr-defined]

    def clean_lot(self) -> UUID | None:
        """The id of a lot, also out of a whole address."""
        text = str(self.cleaned_data["lot"]).strip().rstrip("/").rpartition("/")[2].removeprefix("urn:uuid:")
        try:
            return UUID(text) if text else None
        except ValueError:
            raise forms.ValidationError(
                _("This is not the id of a lot. Copy it from the address of its page.")
            ) from None

    def clean(self) -> dict[str, Any] | None:
        """One of both, and days in order."""
        given = self.cleaned_data
        if not given.get("of") and not given.get("lot") and "lot" not in self.errors:
            self.add_error("of", _("Choose an organisation, or name a lot."))
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", _("It ends before it begins. Choose a later day."))
        return given

    def asked(self, tree: int) -> Asked:
        """What was asked, of the tree of this size."""
        given = self.cleaned_data
        lot = given["lot"]
        organisation = UUID(given["of"]) if given["of"] and lot is None else None
        return Asked(given["since"], given["until"], tree, organisation, lot)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What to draw, and what was drawn."""
    form, drawn = _drawn(request, actor)
    shown: dict[str, Any] = {"form": form, "section": "lots", "crumbs": _trail()}
    if drawn is not None:
        asked, found = drawn
        query = urlencode(_query(form, asked))
        shown |= {
            "sample": found,
            "asked": asked,
            "seed": form.cleaned_data["seed"],
            "drawn": _table(form.cleaned_data["seed"], asked).of(request, _lines(actor, found.rows)),
            "subject": _subject(actor, asked),
            "lasting_href": f"{reverse('sampling')}?{query}",
        }
    return tables.answer(request, "auditing/sampling.html", shown)


def _table(seed: str, asked: Asked) -> Table:
    """The table of a sample, whose file holds all that is needed to draw it again."""
    again = (
        Column("algorithm", _("Algorithm"), lambda line: "lodestone-sample/1", seen=False),
        Column("seed", _("Seed"), lambda line: seed, seen=False),
        figures("tree", _("Tree"), lambda line: asked.tree, seen=False),
    )
    return replace(SAMPLE, columns=SAMPLE.columns + again)


class Line:
    """One drawn statement in words."""

    def __init__(self, row: Row, names: Names) -> None:
        self.row = row
        self.digest = bytes(row.statement.digest).hex()
        self.title = words.kind(row.statement.kind)
        self.by = names.of(row.statement.issuer)
        self.href = reverse("statement", args=[self.digest])
        self.look = LOOK.get(row.statement.kind, OTHERWISE)
        self.probability_pct = (Decimal(100 * row.drawn.drawn) / row.drawn.of).quantize(Decimal("0.0001"))

    @property
    def remarks(self) -> list[str]:
        """Why it was marked."""
        return [*self.row.findings, *([_("Corrected or withdrawn later")] if self.row.changed else [])]


def _drawn(request: HttpRequest, actor: Actor) -> tuple[SampleForm, tuple[Asked, Sample] | None]:
    """The form, and the sample where one was asked for rightly."""
    givers = [(str(one.pk), one.name) for one in sampling.givers(actor, today())]
    if not request.GET.get("seed") and "size" not in request.GET:
        end = today()
        initial = {
            "of": request.GET.get("of"), "lot": request.GET.get("lot"), "since": end - timedelta(days=365),
            "until": end, "size": USUAL_SIZE, "seed": secrets.token_hex(4),
        }  # fmt: skip
        return SampleForm(givers=givers, initial=initial), None
    form = SampleForm(request.GET, givers=givers)
    if not form.is_valid():
        return form, None
    asked, given = form.asked(_tree(request)), form.cleaned_data
    try:
        return form, (asked, sampling.sample(actor, asked, size=given["size"], seed=given["seed"], today=today()))
    except NotFound as error:
        form.add_error("lot" if asked.lot else "of", spoken(error.sentence))
        return form, None


def _tree(request: HttpRequest) -> int:
    """The size of the tree that the address names, else of the newest published one."""
    newest = sampling.newest_tree()
    named = request.GET.get("tree", "")
    return min(int(named), newest) if named.isascii() and named.isdecimal() and len(named) < 19 else newest


def _lines(actor: Actor, rows: list[Row]) -> list[Line]:
    names = names_of(actor, {row.statement.issuer for row in rows}, today())
    return [Line(row, names) for row in rows]


def _subject(actor: Actor, asked: Asked) -> str:
    if asked.lot is None:
        return next(one.name for one in sampling.givers(actor, today()) if one.pk == asked.organisation)
    return lot_facts.labels_of(actor, [asked.lot], today()).get(asked.lot) or str(asked.lot)


def _query(form: SampleForm, asked: Asked) -> dict[str, str]:
    """What draws this sample again."""
    given = form.cleaned_data
    where = {"lot": str(asked.lot)} if asked.lot else {"of": str(asked.organisation)}
    period = {"since": f"{asked.since}", "until": f"{asked.until}", "tree": str(asked.tree)}
    return {**where, **period, "size": str(given["size"]), "seed": str(given["seed"])}


def _trail() -> list[tuple[str, str]]:
    return [(_("Lots you may see"), reverse("lots")), (_("Sample"), "")]
