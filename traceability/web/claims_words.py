"""Claims accounts in words: what one counts, and what is claimed of a lot."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from traceability.material.claims import Terms
from traceability.selectors.claims import Claim
from traceability.web import countries, words


def about(terms: Terms) -> str:
    """What an account counts, in words."""
    source = str(words.inside(words.origin(terms.source)))
    if terms.country:
        source = _("%(source)s, %(country)s") % {"source": source, "country": countries.name(terms.country)}
    return _("%(element)s: %(source)s") % {"element": words.counted(terms.element), "source": source}


@dataclass(frozen=True, slots=True)
class LotClaim:
    """What is claimed of a lot."""

    claim: Claim

    @property
    def about(self) -> str:
        return about(self.claim.terms)

    @property
    def href(self) -> str:
        return reverse("statement", args=[self.claim.told.original.digest.removeprefix("sha256:")])
