"""GTINs of the materials that the organisation makes: they stand in the codes on its crates."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from traceability.ledger.errors import RecordError
from traceability.selectors import product_numbers as selector
from traceability.selectors.access import Actor
from traceability.services import members
from traceability.services import product_numbers as service
from traceability.services.errors import NotAllowed
from traceability.web import tables
from traceability.web.account.forms import ProductNumberForm
from traceability.web.acting import for_member
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons

NUMBERS: Final = Table(
    "gtins",
    gettext_lazy("GTINs of your products"),
    (
        Column("material", gettext_lazy("Material"), lambda row: row.material),
        Column("gtin", gettext_lazy("GTIN"), lambda row: row.gtin),
        Column("given", gettext_lazy("Given"), lambda row: row.given_at),
        Column("state", gettext_lazy("State"), lambda row: row.ended_at),
        buttons(gettext_lazy("What you can do")),
    ),
    find=("material", "gtin"),
    wide=False,
)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The GTINs that were given, and for an administrator a form for another one."""
    form = ProductNumberForm(selector.materials(actor), request.POST or None)
    if request.method == "POST":
        members.require_admin(actor)
        if form.is_valid() and _given(actor, form):
            messages.success(request, _("Given. New labels of this material carry it."))
            return redirect("product_numbers")
    numbers = (NUMBERS if actor.is_admin else NUMBERS.without("acts")).of(request, selector.own(actor))
    return tables.answer(request, "accounts/products.html", {"actor": actor, "numbers": numbers, "form": form})


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, actor: Actor, gtin: str) -> HttpResponse:
    """Puts a GTIN out of use, after saying what stays."""
    product = selector.one(actor, gtin)
    members.require_admin(actor)
    if request.method == "POST":
        service.end(actor=actor, gtin=gtin)
        messages.success(request, _("Out of use. Labels that were printed still lead to their lots."))
        return redirect("product_numbers")
    return render(request, "accounts/product_end.html", {"product": product})


def _given(actor: Actor, form: ProductNumberForm) -> bool:
    try:
        service.give(actor=actor, material=form.cleaned_data["material"], gtin=form.cleaned_data["gtin"])
    except NotAllowed:
        raise
    except RecordError as error:
        form.add_error(error.path.strip("/") or None, spoken(error.sentence))
        return False
    return True
