"""The public page that checks a declaration or a custody hash with what this server holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from epd.models import Declaration
from epd.selectors import declarations
from epd.selectors.declarations import Known
from epd.services import history
from epd.services.checked import Checked, History, Word
from epd.services.history import HistoryTooLong
from traceability.models import Lot
from traceability.selectors import statements
from traceability.selectors.access import NotFound
from traceability.selectors.statements import Proof
from traceability.web.spoken import spoken

HASH = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
GROUPS = ("Identity", "Integrity", "Completeness", "Matter", "Method", "Validity")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A check with its place in the list."""

    no: int
    check: Checked


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the page says about a declaration."""

    declaration: Declaration
    history: History

    @property
    def heading(self) -> str:
        return _("Declaration %(reference)s") % {"reference": self.declaration.reference}

    @property
    def eyebrow(self) -> str:
        return _("%(n)s checks") % {"n": len(self.history.checks)}

    @property
    def lead(self) -> str:
        return self.declaration.product

    @property
    def tally(self) -> dict[str, int]:
        return self.history.tally()

    @property
    def outcome(self) -> str:
        return self.history.worst.value

    @property
    def title(self) -> str:
        """Never "valid": this server checks its own record, and trusts itself."""
        tally = self.history.tally()
        if tally["fail"]:
            return _("Not valid")
        warnings = tally["warn"]
        if not warnings:
            return _("What could be checked holds")
        said = ngettext(
            "What could be checked holds, with %(n)d warning",
            "What could be checked holds, with %(n)d warnings",
            warnings,
        )
        return said % {"n": warnings}

    @property
    def sentence(self) -> str:
        failed = [spoken(one.title) for one in self.history.checks if one.word is Word.FAIL]
        if failed:
            return _("%(failed)s: do not use the figures of this document.") % {"failed": ", ".join(failed)}
        missing = self.history.tally()["none"]
        said = [
            _(
                "This server has checked its own record: "
                "an answer that does not rest on it comes from the offline verifier."
            )
        ]
        if missing:
            found = ngettext("%(n)d check could not be established.", "%(n)d checks could not be established.", missing)
            said.insert(0, found % {"n": missing})
        return " ".join(said)

    @property
    def groups(self) -> list[tuple[str, list[Numbered]]]:
        rows = [Numbered(no, one) for no, one in enumerate(self.history.checks, start=1)]
        return [(spoken(group), [row for row in rows if row.check.group == group]) for group in GROUPS]


@dataclass(frozen=True, slots=True)
class Found:
    """What the record knows of a custody hash."""

    known: Known
    proof: Proof
    is_lot: bool

    @property
    def seq(self) -> int:
        return self.known.link.seq


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The form, and the answer to what was asked."""
    asked = request.GET.get("q", "").strip()
    shown = {"asked": asked, "now": timezone.now(), **(_answer(asked) if asked else {})}
    return render(request, "epd/check.html", shown)


def _answer(asked: str) -> dict[str, object]:
    written = HASH.fullmatch(re.sub(r"\s", "", asked.lower()))
    if written:
        found = declarations.by_custody_hash(bytes.fromhex(written[1]))
        return {"missing": "hash"} if found is None else {"found": _found(found)}
    try:
        declaration = declarations.by_reference(asked)
        return {"verdict": Verdict(declaration, history.of_declaration(declaration))}
    except NotFound:
        return {"missing": "reference"}
    except HistoryTooLong as error:
        return {"too_long": spoken(error.sentence)}


def _found(known: Known) -> Found:
    row = known.link.statement
    proof = statements.check_proofs([row]).by_row[row.pk]
    return Found(known, proof, Lot.objects.filter(pk=known.link.subject).exists())
