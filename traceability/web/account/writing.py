"""How a person writes numbers: his choice, and what is understood of what he types."""

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from traceability.intake.numbers import NumberStyle, read_number, shown
from traceability.selectors import habits as selector
from traceability.selectors.access import Actor
from traceability.services import habits
from traceability.web.account.forms import AS_BROWSER, NumbersForm
from traceability.web.acting import for_member, remember_mass_unit, remember_style, style_of_browser

TYPED: Final = ("1,234.5", "1.234,5", "1 234,5", "1 234.5", "1.234", "1,234")


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The choice, and how each way of typing is read with it."""
    habit, browser = selector.habit(actor.user_id), style_of_browser(request)
    chosen = NumberStyle(habit.numbers) if habit.numbers else None
    initial = {"style": chosen or AS_BROWSER, "mass_unit": habit.mass_unit}
    form = NumbersForm(browser, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["style"]
        style = None if wanted == AS_BROWSER else NumberStyle(wanted)
        habits.write_numbers(user_id=actor.user_id, style=style)
        habits.read_masses(user_id=actor.user_id, unit=form.cleaned_data["mass_unit"])
        remember_style(request, style)
        remember_mass_unit(request, form.cleaned_data["mass_unit"])
        messages.success(request, _("Saved. What you begin from now on is read so."))
        return redirect("numbers")
    return render(request, "accounts/numbers.html", {"form": form, "read": list(_read(chosen or browser))})


def _read(style: NumberStyle) -> Iterator[tuple[str, str, bool]]:
    """What is typed, what is understood, and whether another style would understand something else."""
    for typed in TYPED:
        values = {one: read_number(typed, one) for one in NumberStyle}
        yield typed, shown(values[style], style), len(set(values.values())) > 1
