"""The words of a verification: points of the check list, answers, levels, states."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from epd.models import Declaration
from epd.selectors.verification import Said
from traceability.ledger.kinds.verification import REGISTRATION
from traceability.web.words import Words

POINTS: Final[Mapping[str, tuple[Words, Words]]] = {
    "neutralisation": (
        _("Neutralisation and gypsum"),
        _("Do acids and bases bind each other, and does the gypsum or salt leave the step somewhere?"),
    ),
    "calcination": (_("CO₂ of calcination"), _("Is the CO₂ of carbonates and oxalates counted, beside that of fuels?")),
    "pfc": (_("PFCs of electrolysis"), _("Are CF₄ and C₂F₆ measured? Published figures differ 250-fold.")),
    "swarf": (_("Swarf, on both sides"), _("Does it carry the same burden where it leaves and where it comes in?")),
    "prices": (
        _("Prices against the market"),
        _("Are they those of the period, each with its source?"),
    ),
    "energy": (_("Apportioned energy"), _("Which key divides shared meters, and does the sum of the parts fit?")),
    "residues": (_("Residues and NORM"), _("Where do tailings and radioactive residues go, and is it counted?")),
    "electricity": (_("Electricity contracts"), _("Is the mix that of the grid, or is a contract shown for it?")),
    "exclusions": (_("What is left out"), _("Is every exclusion within the cut-off, and said?")),
    "production": (_("Production against shipped"), _("Does what was made fit with what was dispatched?")),
}
"""Each point with what is asked on it."""


def stage_of(one: Declaration, today: date) -> str:
    """How far a declaration has come, as it stands on a day."""
    if waits_for_programme(one, today):
        return gettext("Verified, waits for the programme")
    given = one.stage in (Declaration.Stage.VERIFIED, Declaration.Stage.REGISTERED)
    ends = [day for day in (one.verified_until, one.registered_until) if day is not None]
    is_over = given and any(day < today for day in ends)
    return gettext("Expired") if is_over else one.get_stage_display()


def waits_for_programme(one: Declaration, today: date) -> bool:
    """Whether a verification holds and a programme was asked to register."""
    asked = one.stage == Declaration.Stage.SUBMITTED and one.asks == REGISTRATION
    return asked and one.verified_until is not None and one.verified_until >= today


def level_of(said: Said) -> Words:
    """The level of assurance of a verification; empty for what is none."""
    return LEVELS.get(str(said.body.get("level", "")), "")


ANSWERS: Final[Mapping[str, Words]] = {
    "conforms": _("Conforms"), "remark": _("Conforms, with a remark"), "not_applicable": _("Does not apply"),
}  # fmt: skip
LEVELS: Final[Mapping[str, Words]] = {"limited": _("Limited"), "reasonable": _("Reasonable")}
BY_FIELD: Final[Mapping[str, Callable[[str], Words]]] = {
    "level": lambda code: LEVELS.get(code, code),
    "answer": lambda code: ANSWERS.get(code, code),
    "asks": lambda code: ASKS.get(code, code),
    "point": lambda code: POINTS[code][0] if code in POINTS else code,
}
"""The words of codes in what was signed, for the page of a statement."""
SCOPES: Final[Mapping[str, Words]] = {
    "declaration": _("This declaration"), "process": _("The process that makes declarations"),
    "tool": _("The tool that makes declarations"),
}  # fmt: skip
ASKS: Final[Mapping[str, Words]] = {"verification": _("Verification"), "registration": _("Registration")}
