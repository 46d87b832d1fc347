"""First-day help: what a new organisation does first. What is done is told by its rows, not by a tick."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from traceability.intake.numbers import NumberStyle
from traceability.models import Organisation
from traceability.selectors import first_days
from traceability.selectors.access import Actor
from traceability.selectors.first_days import FirstDays
from traceability.web.acting import for_member, number_style

SUPPLIES = "supplier"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `said` tells what is there already, `act` begins a form of the record."""

    title: str
    about: str
    done: bool
    said: str
    action: str = ""
    href: str = ""
    act: str = ""


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The steps; a POST puts the help away, or brings it back."""
    own = actor.organisation
    if request.method == "POST":
        own.first_days_over_at = timezone.now() if "put_away" in request.POST else None
        Organisation.objects.filter(pk=own.pk).update(first_days_over_at=own.first_days_over_at)
        return redirect("overview" if own.first_days_over_at else "first_days")
    steps = list(_steps(actor, first_days.facts(actor), number_style(request)))
    context = {"actor": actor, "steps": steps, "done": sum(one.done for one in steps)}
    return render(request, "accounts/first_days.html", context)


def _steps(actor: Actor, facts: FirstDays, style: NumberStyle) -> Iterator[Step]:
    yield _colleagues(actor, facts)
    if SUPPLIES in actor.organisation.roles:
        yield from _goods(facts)
    yield Step(
        _("Units and numbers"),
        _("Write masses in kg, t, g or lb: they are converted, and both are shown before you sign. "
          "How you write decimals follows the language of your browser, unless you choose."),
        done=True,
        said=_("Yours: %(example)s") % {"example": "1.234,5" if style is NumberStyle.COMMA else "1,234.5"},
        action=_("Choose"),
        href=reverse("numbers"),
    )  # fmt: skip


def _colleagues(actor: Actor, facts: FirstDays) -> Step:
    there = ngettext("%(n)s colleague", "%(n)s colleagues", facts.colleagues) % {"n": facts.colleagues}
    invited = ngettext("%(n)s invited", "%(n)s invited", facts.invited) % {"n": facts.invited}
    return Step(
        _("Invite your colleagues"),
        _("At least one more administrator, so that somebody can let you in again."),
        done=bool(facts.colleagues + facts.invited),
        said=f"{there}, {invited}",
        action=_("Invite a colleague") if actor.is_admin else "",
        href=reverse("invite"),
    )


def _goods(facts: FirstDays) -> Iterator[Step]:
    yield Step(
        _("Register your sites"),
        _("Where you work. A step names its site; name and address stay confidential."),
        done=bool(facts.sites),
        said=ngettext("%(n)s site", "%(n)s sites", facts.sites) % {"n": facts.sites},
        action=_("Register a site"),
        act="facility",
    )
    yield Step(
        _("Record your opening stock"),
        _("What was in your store before the record began, lot by lot. Choose the origin: opening stock."),
        done=bool(facts.opening_lots),
        said=ngettext("%(n)s lot", "%(n)s lots", facts.opening_lots) % {"n": facts.opening_lots},
        action=_("Record a lot"),
        act="source",
    )
    yield Step(
        _("Record what you mine, collect or buy outside"),
        _("Goods of partners who are here come to you by themselves; all others enter as a source lot of yours."),
        done=bool(facts.bought_lots),
        said=ngettext("%(n)s lot", "%(n)s lots", facts.bought_lots) % {"n": facts.bought_lots},
        action=_("Record a lot"),
        act="source",
    )
    yield Step(
        _("Name your materials"),
        _("Call a material as your delivery notes do, and always alike: lists and searches go by that name."),
        done=bool(facts.materials),
        said=ngettext("%(n)s material", "%(n)s materials", facts.materials) % {"n": facts.materials},
        action=_("Look at the stock"),
        href=f"{reverse('stock')}?state=all",
    )
