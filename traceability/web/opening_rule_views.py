"""The standing rules of an organisation: who reads each group of its values; changed after a second look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from traceability.ledger import groups
from traceability.selectors import openings
from traceability.selectors.access import Actor, is_wider
from traceability.services import members, opening_rules
from traceability.web import words
from traceability.web.acting import for_member

SHORT: Final = {"customer": gettext_lazy("The buyer of the lot, and auditors")}
"""So that a choice fits on a phone; the second look says it in full."""
HINTS: Final = {
    groups.NAMES: gettext_lazy(
        "Lot numbers, sites, laboratories, references; open to anybody, also your name on your lots"
    ),
    groups.MASS: gettext_lazy("Masses and moistures of lots"),
    groups.ASSAY: gettext_lazy("What a lot holds, by the laboratory"),
    groups.INVENTORY: gettext_lazy("What your steps use and give off: the ground of every footprint"),
    groups.PRICES: gettext_lazy("Needed to divide burdens by value"),
    groups.RESULT: gettext_lazy("Buyers compute their own figures from them"),
    groups.CAUSES: gettext_lazy("What the burden comes from, and in which countries"),
    groups.EVIDENCE: gettext_lazy("Names and digests of documents; the documents themselves stay with you"),
}


READERS: Final = [(one, SHORT.get(one, called)) for one, called in words.READERS.items()]


class RulesForm(forms.Form):
    """Who reads each group; on the second look those alone that change."""

    def __init__(self, rules: Mapping[str, str], *args: Any, second_look: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        for group, audience in rules.items():
            self.fields[group] = forms.ChoiceField(
                label=str(words.GROUPS[group]), help_text=HINTS[group], choices=READERS,
                initial=audience, required=not second_look,
            )  # fmt: skip

    @property
    def changed(self) -> Mapping[str, str]:
        """The groups that get other readers, with who they are."""
        said = self.cleaned_data
        return {group: said[group] for group, now in self.rules.items() if said.get(group) not in ("", None, now)}


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The rules as they are, then what would change, then the change."""
    members.require_admin(actor)
    rules, confirmed = openings.rules(actor), "confirm" in request.POST
    if "change" in request.POST:  # back from the second look, with what was chosen
        form = RulesForm({group: request.POST.get(group, audience) for group, audience in rules.items()})
    else:
        form = RulesForm(rules, request.POST or None, second_look=confirmed)
    trail = [(_("Requests"), reverse("requests")), (_("What you opened"), reverse("openings"))]
    shown = {"section": "requests", "form": form, "crumbs": [*trail, (_("Standing rules"), "")]}
    if not form.is_valid():
        return render(request, "asking/rules.html", shown)
    changed = form.changed
    if confirmed or not changed:
        said = _("Saved. It is in force from now on.") if changed else _("Nothing changes.")
        opening_rules.change(actor=actor, wanted=changed)
        messages.success(request, said)
        return redirect(reverse("openings") + "#rules")
    lines = [
        (group, words.GROUPS[group], words.READERS[form.rules[group]], audience, words.READERS[audience])
        for group, audience in changed.items()
    ]
    wider = any(is_wider(audience, form.rules[group]) for group, audience in changed.items())
    narrower = any(is_wider(form.rules[group], audience) for group, audience in changed.items())
    shown |= {
        "lines": lines, "wider": wider, "narrower": narrower,
        "no_figures": groups.RESULT in changed and changed[groups.RESULT] not in ("anybody", "customer"),
    }  # fmt: skip
    return render(request, "asking/rules_check.html", shown)
